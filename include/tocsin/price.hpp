// SPDX-License-Identifier: Apache-2.0
// Price: an exact decimal. Unit: 1e-9 of the currency or index point, signed 64 bit (the convention of
// Databento's DBN). Percentages are held the same way, in 1e-9 percent. Read and printed as digits, never
// through a double: what prints alike is equal. Errors: `problem` says what is wrong with the text; where it
// stood is the caller's to add. Nothing here throws, allocates (but for to_string) or reads a locale.
#pragma once
#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace tocsin {

__extension__ using Wide = __int128;

/// Division that rounds down, also for negatives. Requires: divisor > 0.
constexpr Wide floor_div(Wide dividend, Wide divisor) {
    return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

/// Division that rounds up, also for negatives. Requires: divisor > 0.
constexpr Wide ceil_div(Wide dividend, Wide divisor) {
    return -floor_div(-dividend, divisor);
}

class Price {
public:
    struct Parsed; // value, problem (empty if there is none)
    constexpr Price() = default;
    static constexpr Price from_nanos(std::int64_t nanos) { return Price{nanos}; }
    /// Digits, perhaps with a minus before and a point among them; no exponent, at most 9 fraction digits
    /// that say something.
    static constexpr Parsed parse(std::string_view text);
    constexpr std::int64_t nanos() const { return nanos_; }
    constexpr auto operator<=>(const Price&) const = default;
    /// The shortest exact decimal: `34102`, `35617.56`, `-0.5`.
    inline std::string to_string() const;

private:
    explicit constexpr Price(std::int64_t nanos) : nanos_{nanos} {}
    std::int64_t nanos_ = 0;
};

struct Price::Parsed {
    Price value{};
    std::string_view problem{};
    constexpr explicit operator bool() const { return problem.empty(); }
};

constexpr Price::Parsed Price::parse(std::string_view text) {
    constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
    constexpr std::uint64_t one = 1'000'000'000;
    constexpr std::uint64_t scales[] = {one,    100'000'000, 10'000'000, 1'000'000, 100'000,
                                        10'000, 1'000,       100,        10,        1};
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto is_digit = [&] { return at != end && *at >= '0' && *at <= '9'; };
    const auto digit = [&] { return static_cast<std::uint64_t>(*at - '0'); };
    const bool negative = at != end && *at == '-';
    if (negative) ++at;
    const char* const begin = at;
    std::uint64_t whole = 0;
    for (; is_digit(); ++at)
        whole = std::min(whole * 10 + digit(), 10 * one); // no further: that is out of range
    if (at == begin) return {{}, "is not a decimal number"};
    std::uint64_t fraction = 0;
    bool too_many = false;
    if (at != end && *at == '.') {
        const char* const first = ++at;
        for (; is_digit() && at - first < 9; ++at) fraction = fraction * 10 + digit();
        if (at == first) return {{}, "is not a decimal number"};
        fraction *= scales[at - first];
        for (; is_digit(); ++at) too_many = too_many || *at != '0';
    }
    if (at != end) return {{}, "is not a decimal number"};
    if (too_many) return {{}, "has more than 9 fraction digits"};
    const std::uint64_t nanos = whole * one + fraction;
    // The smallest value has no positive twin: one step more, and negated before it is signed.
    if (whole > limit / one || nanos > limit + (negative ? 1 : 0)) return {{}, "is out of range"};
    return {Price{static_cast<std::int64_t>(negative ? 0 - nanos : nanos)}, {}};
}

inline std::string Price::to_string() const {
    // Through unsigned, for the smallest value has no positive twin.
    const std::uint64_t size =
        nanos_ < 0 ? 0 - static_cast<std::uint64_t>(nanos_) : static_cast<std::uint64_t>(nanos_);
    std::string text = nanos_ < 0 ? "-" : "";
    text += std::to_string(size / 1'000'000'000);
    if (std::uint64_t rest = size % 1'000'000'000; rest != 0) {
        std::string digits(9, '0');
        for (std::size_t i = 9; i-- > 0; rest /= 10) digits[i] = static_cast<char>('0' + rest % 10);
        digits.erase(digits.find_last_not_of('0') + 1);
        text += '.' + digits;
    }
    return text;
}

/// 100 percent, in 1e-9 percent: the K of contract section 1.
inline constexpr std::int64_t hundred_percent = 100'000'000'000;

constexpr std::int64_t clamp_to_64(Wide value) {
    constexpr Wide most = std::numeric_limits<std::int64_t>::max(),
                   least = std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(value > most ? most : value < least ? least : value);
}

/// The highest price that lies at least `percent` (1e-9 percent) below `base`: "fell at least p" is x <=
/// fell_to(P, p).
constexpr std::int64_t fell_to(std::int64_t base, std::int64_t percent) {
    return clamp_to_64(floor_div(Wide{base} * (hundred_percent - percent), hundred_percent));
}

/// The lowest price that lies at least `percent` (1e-9 percent) above `base`: "rose at least p" is x >=
/// rose_to(P, p).
constexpr std::int64_t rose_to(std::int64_t base, std::int64_t percent) {
    return clamp_to_64(ceil_div(Wide{base} * (hundred_percent + percent), hundred_percent));
}

/// a / b, half away from zero. Requires: b > 0, and that 2 * |a| + b fits.
constexpr Wide round_div(Wide a, Wide b) {
    return (2 * a + (a < 0 ? -b : b)) / (2 * b);
}

/// numerator/denominator as a percentage, rounded half away from zero to 4 decimals, in 1e-9 percent. For
/// printing only. Requires: denominator > 0.
constexpr std::int64_t rounded_percent(std::int64_t numerator, std::int64_t denominator) {
    return clamp_to_64(round_div(Wide{numerator} * 1'000'000, denominator) * 100'000);
}

} // namespace tocsin
