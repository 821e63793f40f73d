#include "config/config.hpp"
#include "config/nearest.hpp"
#include "config/pattern.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace tocsin::config {

namespace {

struct Unit {
    std::string_view name;
    std::int64_t size; // nanoseconds, or sessions
    DurationUnit unit;
};

constexpr Unit units[] = {
    {"ns", 1, DurationUnit::clock},
    {"us", 1'000, DurationUnit::clock},
    {"ms", 1'000'000, DurationUnit::clock},
    {"s", nanos_per_second, DurationUnit::clock},
    {"m", 60 * nanos_per_second, DurationUnit::clock},
    {"h", 3'600 * nanos_per_second, DurationUnit::clock},
    {"d", nanos_per_day, DurationUnit::clock},
    {"session", 1, DurationUnit::sessions},
    {"sessions", 1, DurationUnit::sessions},
    {"trading_second", nanos_per_second, DurationUnit::trading},
    {"trading_seconds", nanos_per_second, DurationUnit::trading},
    {"trading_minute", 60 * nanos_per_second, DurationUnit::trading},
    {"trading_minutes", 60 * nanos_per_second, DurationUnit::trading},
    {"trading_hour", 3'600 * nanos_per_second, DurationUnit::trading},
    {"trading_hours", 3'600 * nanos_per_second, DurationUnit::trading},
};

/// Some four thousand years of sessions: more is a slip, and what adds sessions to an index need not fear for
/// its range.
constexpr std::int64_t most_sessions = 1'000'000;

/// The pattern of durations in those units that `takes` does. Units in which the same counts fit share one
/// pattern.
template <class Takes>
std::string pattern_of(std::string_view least, std::string_view most, const Takes& takes) {
    const Duration from = parse_duration(least).value, to = parse_duration(most).value;
    std::map<std::pair<std::int64_t, std::int64_t>, std::string> names; // by the least and the most count
    for (const Unit& unit : units) {
        if (!takes(unit)) continue;
        std::int64_t first = 0, last = std::numeric_limits<std::int64_t>::max() / unit.size;
        if (unit.unit == DurationUnit::sessions) last = most_sessions;
        if (!least.empty() && from.unit == unit.unit) first = (from.count + unit.size - 1) / unit.size;
        if (!most.empty() && to.unit == unit.unit) last = std::min(last, to.count / unit.size);
        if (first > last) continue;
        std::string& shared = names[{first, last}];
        shared.append(shared.empty() ? "" : "|").append(unit.name);
    }
    std::string pattern = "(?:";
    for (const auto& [counts, units_of] : names)
        pattern.append(pattern.size() > 3 ? "|" : "")
            .append(number_pattern(static_cast<std::uint64_t>(counts.first),
                                   static_cast<std::uint64_t>(counts.second)))
            .append(" ?(?:" + units_of + ')');
    return pattern + ')';
}

} // namespace

std::string duration_pattern(std::string_view least, std::string_view most) {
    return pattern_of(least, most, [](const Unit&) { return true; });
}

std::string clock_time_pattern(std::string_view least, std::string_view most) {
    return pattern_of(least, most, [](const Unit& unit) { return unit.unit == DurationUnit::clock; });
}

std::string lasting_pattern() {
    // No count of 0, whatever its unit; a bound of 1ns would bind clock time alone.
    return "(?!0+[^0-9])" + duration_pattern();
}

ParsedDuration parse_duration(std::string_view text) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    if (digits == 0 && text.starts_with('-') && text.size() > 1) return {{}, "is negative"};
    if (digits == 0) return {{}, "is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes"};
    std::string_view word = text.substr(digits);
    if (word.starts_with('.')) return {{}, "is no whole number of its unit; write 90m for 1.5h"};
    if (word.starts_with(' ')) word.remove_prefix(1);
    if (word.empty()) return {{}, "has no unit; write 90s, 5m, 3 sessions or 45 trading_minutes"};

    const Unit* unit =
        std::find_if(std::begin(units), std::end(units), [&](const Unit& u) { return u.name == word; });
    if (unit == std::end(units)) {
        std::vector<std::string_view> names;
        for (const Unit& known : units) names.push_back(known.name);
        const std::string near = did_you_mean(word, names);
        return {{},
                "has an unknown unit" +
                    (near.empty() ? "; units are ms, s, m, h, d, trading_minutes, trading_hours and sessions"
                                  : near)};
    }
    std::int64_t count = 0;
    const bool fits = std::from_chars(text.data(), text.data() + digits, count).ec == std::errc{} &&
                      !__builtin_mul_overflow(count, unit->size, &count) &&
                      (unit->unit != DurationUnit::sessions || count <= most_sessions);
    if (!fits) return {{}, "is too long"};
    return {{count, unit->unit}, {}};
}

} // namespace tocsin::config
