// Filter: which alerts a subscriber wants. Parts that are absent match everything, all parts that are there
// must match; an empty list matches nothing. Globs know `*` (any run of characters, also none) and nothing
// else; case counts.
#pragma once
#include "alert/alert.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::push {

struct Filter {
    std::optional<std::vector<std::string>> symbols; // globs; an alert without symbol never matches them
    std::optional<std::vector<std::string>> rules;   // globs
    std::optional<alert::Severity> severity;         // at least
    std::map<std::string, std::string> labels;       // all of them, equal

    bool matches(const alert::Alert& alert) const;
    bool operator==(const Filter&) const = default;
};

bool glob_matches(std::string_view glob, std::string_view text);

/// What is loaded, as far as a filter can ask for it.
struct RuleInfo {
    std::string name, type;
    std::vector<alert::Severity> severities; // those that its alerts can have
    std::map<std::string, std::string> labels;
    std::vector<std::string>
        symbols; // those that its alerts can carry; empty for rules without symbol (tariffs)
};

struct Catalogue {
    std::vector<RuleInfo> rules;
    std::vector<std::string> symbols;
};

/// Why the filter can never match an alert of what is loaded, as a sentence for people; empty if it can. A
/// filter that asks for nothing in particular always can.
std::string why_no_match(const Filter& filter, const Catalogue& catalogue);

} // namespace tocsin::push
