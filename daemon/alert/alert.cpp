#include "alert/alert.hpp"

#include <array>

namespace tocsin::alert {
namespace {

using namespace std::string_view_literals;

// In the order of the enums.
constexpr std::array severities{"info"sv, "warning"sv, "critical"sv};
constexpr std::array states{"firing"sv, "resolved"sv, "event"sv, "amended"sv, "retracted"sv};
constexpr std::array reasons{"entered"sv,      "escalated"sv,   "deescalated"sv,  "reminder"sv,
                             "cleared"sv,      "session_end"sv, "expired"sv,      "rescheduled"sv,
                             "rule_removed"sv, "corrected"sv,   "peak_expired"sv, "late_arrival"sv};
constexpr std::array qualities{"ok"sv,    "provisional"sv, "late"sv, "halted"sv,
                               "stale"sv, "conflict"sv,    "gap"sv};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& words, std::string_view word) {
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == word) return static_cast<Enum>(i);
    return {};
}

} // namespace

std::string_view name(Severity severity) {
    return severities[static_cast<std::size_t>(severity)];
}
std::string_view name(State state) {
    return states[static_cast<std::size_t>(state)];
}
std::string_view name(Reason reason) {
    return reasons[static_cast<std::size_t>(reason)];
}
std::string_view name(Quality quality) {
    return qualities[static_cast<std::size_t>(quality)];
}
std::optional<Severity> severity_named(std::string_view word) {
    return named<Severity>(severities, word);
}
std::optional<State> state_named(std::string_view word) {
    return named<State>(states, word);
}

} // namespace tocsin::alert
