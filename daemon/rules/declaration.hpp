// Declaration: what a rule type declares, turned into checks, values and help. `read_params` turns the
// `params` of a rule file into the values that plan is handed; every mistake goes to the diagnostics with its
// place.
#pragma once
#include "base/error.hpp"
#include "config/document.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

/// The i-th of an array that a plugin declares: its stride counts. What an older plugin's items lack is zero.
template <class Declared> Declared declared_at(const Declared* first, std::uint32_t stride, std::uint32_t i) {
    Declared one{};
    std::memcpy(&one, reinterpret_cast<const char*>(first) + std::size_t{i} * stride,
                std::min<std::size_t>(stride, sizeof one));
    return one;
}

/// The values of one rule's parameters, in the declared order. Owns what they point to; never moves it.
class Params {
public:
    const tocsin_value* values() const { return top_.data(); }
    std::uint32_t size() const { return static_cast<std::uint32_t>(top_.size()); }

private:
    friend class ParamReader;
    friend std::unique_ptr<Params> read_params(const tocsin_rule&, const config::Node&, const config::Place&,
                                               Diagnostics&);
    std::vector<tocsin_value> top_;
    std::deque<std::vector<tocsin_value>> lists_;
    std::deque<std::string> texts_;
};

/// `params` may be null (nothing given); `rule` is where a missing parameter is reported.
std::unique_ptr<Params> read_params(const tocsin_rule& type, const config::Node& params,
                                    const config::Place& rule, Diagnostics& diagnostics);

/// The place of `levels[1].at` in the given params; that of the nearest thing above it where it is absent.
config::Place place_of(const config::Node& params, std::string_view path, const config::Place& rule);

/// A type in words: `decimal`, `duration`, `one of up, down, any`, `list of object`.
std::string type_in_words(const tocsin_param& param);
std::string type_in_words(const tocsin_reported& value);
/// The words of an enum, in their order.
std::vector<std::string_view> choices_of(const tocsin_param& param);
/// `decimal, default 0, at least 0`: the type in words, and what else there is to say besides the doc.
std::string facts(const tocsin_param& param);
/// The largest N of the scope last:N.
inline constexpr std::int64_t most_scope = 100'000;
/// What `tocsin rules` prints of a type: parameters, defaults, values, summaries.
std::string describe(const tocsin_rule& type);

} // namespace tocsin::rules
