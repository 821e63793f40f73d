// Calendar: when an exchange trades. Built from a plain, effective-dated definition (config/ reads it from
// YAML); all sessions of its span are laid out once, in UTC, so that every question is a search in an array.
// Zones come from the system's tz database; nothing else of the machine matters. Immutable, any thread.
//
// A session is one trading day, named by its local date. It contains its open and its close: a tick stamped
// exactly at the close belongs to it. Trading time counts the morning and the afternoon (`am`, `pm`), not
// lunch, not the closing auction.
#pragma once
#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tocsin/time.hpp>
#include <utility>
#include <vector>

namespace tocsin::market {

/// The numbers are those of the plugin interface. A market without lunch is `am` from open to close.
enum class Phase : std::uint32_t { closed = 0, pre, am, lunch, pm, auction, post, halted };

/// Minutes after local midnight. A session of Tokyo: 540, 690, 750, 925, 930.
struct Hours {
    std::int32_t open = 0;
    std::optional<std::int32_t> break_start, break_end; // both or none
    std::optional<std::int32_t> auction; // begin of the closing auction, in which an index stands still
    std::int32_t close = 0;
    bool operator==(const Hours&) const = default;
};

/// What holds from a date on, until the next regime.
struct Regime {
    SessionDate from;
    Hours hours;
    std::vector<std::int32_t> weekdays; // 0 is Monday
};

struct CalendarDefinition {
    std::string name;                // `XTKS`
    std::string zone;                // `Asia/Tokyo`
    SessionDate from, to;            // the span in which "no session" is a fact, inclusive
    std::vector<Regime> regimes;     // ascending; the first begins at `from`
    std::vector<SessionDate> closed; // days without a session that their weekday would have
    std::vector<std::pair<SessionDate, Hours>>
        special; // sessions with hours of their own (also on odd weekdays)
    bool operator==(const CalendarDefinition&) const = default;
};
inline bool operator==(const Regime& a, const Regime& b) {
    return a.from == b.from && a.hours == b.hours && a.weekdays == b.weekdays;
}

struct Session {
    SessionDate date;
    Time open, close;
    Time break_start = Time::max(), break_end = Time::max(); // max: none
    Time auction = Time::max();
    bool special = false; // its hours differ from those of its regime
};

class Calendar {
public:
    /// Errors: an unknown zone; hours that do not ascend; days or regimes outside the span, out of order or
    /// twice; a `closed` day that is no weekday of its regime, for it says nothing.
    static Result<Calendar> make(CalendarDefinition definition);

    const std::string& name() const { return definition_.name; }
    const CalendarDefinition& definition() const { return definition_; }
    SessionDate from() const { return definition_.from; }
    SessionDate to() const { return definition_.to; }

    /// All sessions, ascending.
    const std::vector<Session>& sessions() const { return sessions_; }
    /// Index of the session of that date; nothing if the date has none (or lies outside the span).
    std::optional<std::size_t> find(SessionDate date) const;
    /// Index of the session that contains t (open <= t <= close).
    std::optional<std::size_t> containing(Time t) const;
    /// Index of the first session whose close lies at or after t; sessions().size() if there is none.
    std::size_t closing_at_or_after(Time t) const;
    /// Index of the last session that opened at or before t; nothing before the first.
    std::optional<std::size_t> opened_by(Time t) const;

    /// The first open strictly after t; Time::max() past the span.
    Time next_open(Time t) const;

    /// A session of that date at the calendar's first known hours, for dates before `from`.
    Session before_calendar(SessionDate date) const;

    Phase phase(Time t) const;

    /// t plus a duration. Clock: plain addition. Trading: the first instant at which that much trading time
    /// has passed; counted from outside a session it begins at the next open. Sessions: the n-th scheduled
    /// close strictly after t. Nothing of either, or less, is t itself. Time::max() past the span; before it,
    /// counting begins with the first session.
    Time add(Time t, Duration duration) const;
    /// Trading time in [from, to), in nanoseconds; 0 if to <= from.
    std::int64_t trading_between(Time from, Time to) const;

    /// The zone's local time, for people: `15:00 JST`, `09:00:35 JST` within a minute.
    std::string local_time(Time t) const;
    /// The local date of t.
    SessionDate local_date(Time t) const;
    /// The instant at which the zone's clocks show that second of that date. Nothing where they are set
    /// forward past it, or show it twice. Requires: a year from 1678 to 2261, 0 <= second < 86400.
    std::optional<Time> at_local(SessionDate date, std::int32_t second) const;

private:
    Calendar() = default;
    Time nth_close_after(Time t, std::int64_t n) const;   // requires n > 0
    Time after_trading(Time t, std::int64_t nanos) const; // requires nanos > 0
    std::int64_t trading_until(Time t) const;             // trading time from the first session to t

    CalendarDefinition definition_;
    std::vector<Session> sessions_;
    std::vector<std::int64_t>
        trading_before_;         // trading time of all sessions before the i-th; one more than sessions
    const void* zone_ = nullptr; // date::time_zone, owned by the tz database
};

} // namespace tocsin::market
