// Alert: one transition, as subscribers see it (contract section 5). Plain values; made by rules/, numbered
// by store/, written by alert/json only.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tocsin/price.hpp>
#include <tocsin/time.hpp>
#include <vector>

namespace tocsin::alert {

enum class Severity : std::uint8_t { info, warning, critical };
enum class State : std::uint8_t { firing, resolved, event, amended, retracted };
enum class Reason : std::uint8_t {
    entered,
    escalated,
    deescalated,
    reminder,
    cleared,
    session_end,
    expired,
    rescheduled,
    rule_removed,
    corrected,
    peak_expired,
    late_arrival
};
/// Where several hold, the last of these counts. The numbers are those of the plugin interface.
enum class Quality : std::uint8_t { ok, provisional, late, halted, stale, conflict, gap };

std::string_view name(Severity severity);
std::string_view name(State state);
std::string_view name(Reason reason);
std::string_view name(Quality quality);
std::optional<Severity> severity_named(std::string_view word);
std::optional<State> state_named(std::string_view word);

/// A reported value. Numbers are exact decimals (1e-9); a percent was already rounded for printing.
struct Value {
    enum class Kind : std::uint8_t { absent, boolean, integer, decimal, text, time, session, list, object };
    Kind kind = Kind::absent;
    std::int64_t number = 0; // boolean 0/1, integer, decimal (1e-9), time (ns), session (days)
    std::string text;
    std::vector<std::string> keys; // of an object, one for each item
    std::vector<Value> items;      // of a list or an object

    static Value of_bool(bool b) { return {Kind::boolean, b ? 1 : 0, {}, {}, {}}; }
    static Value of_int(std::int64_t i) { return {Kind::integer, i, {}, {}, {}}; }
    static Value of_decimal(std::int64_t nanos) { return {Kind::decimal, nanos, {}, {}, {}}; }
    static Value of_text(std::string t) { return {Kind::text, 0, std::move(t), {}, {}}; }
    static Value of_time(Time t) { return {Kind::time, t.nanos(), {}, {}, {}}; }
    static Value of_session(SessionDate d) { return {Kind::session, d.days(), {}, {}, {}}; }
};

struct NamedValue {
    std::string name;
    Value value; // never absent: absent values are left out
};

struct Alert {
    std::uint64_t seq = 0; // 0: not yet numbered
    std::string id;        // 32 hex digits, one for each episode
    std::uint32_t transition = 0;
    State state = State::event;
    Reason reason = Reason::entered;
    std::string rule, kind;
    std::string symbol, subject; // empty: absent
    std::optional<SessionDate> session;
    Severity severity = Severity::warning;
    Time at;
    std::string summary;
    std::vector<NamedValue> values;
    std::map<std::string, std::string> labels;
    Quality quality = Quality::ok;
    bool muted = false; // by the rule's `mute_until`: decided and logged, not pushed
};

} // namespace tocsin::alert
