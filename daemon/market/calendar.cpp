#include "market/calendar.hpp"

#include <algorithm>
#include <date/tz.h>

namespace tocsin::market {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

constexpr std::int32_t minutes_per_day = 24 * 60;

const date::time_zone* find_zone(const std::string& name) {
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

date::sys_time<Nanoseconds> system_time(Time t) {
    return date::sys_time<Nanoseconds>{Nanoseconds{t.nanos()}};
}

/// A local time that a change of the clocks skips is the instant of the change; one that comes twice is the
/// first.
Time in_utc(const date::time_zone& zone, SessionDate date, std::int32_t minute) {
    const date::local_time<std::chrono::minutes> local{date::days{date.days()} +
                                                       std::chrono::minutes{minute}};
    const Nanoseconds since_epoch = zone.to_sys(local, date::choose::earliest).time_since_epoch();
    return Time::from_nanos(since_epoch.count());
}

Session lay_out(const date::time_zone& zone, SessionDate date, const Hours& hours) {
    const auto instant = [&](std::int32_t minute) { return in_utc(zone, date, minute); };
    Session session;
    session.date = date;
    session.open = instant(hours.open);
    session.close = instant(hours.close);
    if (hours.break_start) session.break_start = instant(*hours.break_start);
    if (hours.break_end) session.break_end = instant(*hours.break_end);
    if (hours.auction) session.auction = instant(*hours.auction);
    return session;
}

/// Where the two stretches of trading of a session end and begin; without a break the second is empty.
struct TradingHours {
    explicit TradingHours(const Session& session)
        : open{session.open.nanos()}, end{std::min(session.auction, session.close).nanos()},
          morning_end{std::min(session.break_start.nanos(), end)}, afternoon{std::min(
                                                                       session.break_end.nanos(), end)} {}
    std::int64_t morning() const { return morning_end - open; }
    std::int64_t all() const { return morning() + end - afternoon; }
    /// Trading time before t.
    std::int64_t before(std::int64_t t) const {
        return std::clamp(t, open, morning_end) - open + std::clamp(t, afternoon, end) - afternoon;
    }
    /// When that much of it has passed. Requires: 0 < elapsed <= all().
    std::int64_t after(std::int64_t elapsed) const {
        return elapsed <= morning() ? open + elapsed : afternoon + (elapsed - morning());
    }
    std::int64_t open, end, morning_end, afternoon;
};

std::string clock(std::int32_t minute) {
    std::string text;
    detail::append_padded(text, minute / 60, 2);
    detail::append_padded(text += ':', minute % 60, 2);
    return text;
}

/// Empty if the hours of a day ascend and lie within it.
std::string problem(const Hours& hours) {
    if (hours.break_start.has_value() != hours.break_end.has_value())
        return "a break needs a begin and an end";
    std::vector<std::int32_t> ascending{hours.open};
    if (hours.break_start) ascending.insert(ascending.end(), {*hours.break_start, *hours.break_end});
    if (hours.auction) ascending.push_back(*hours.auction);
    ascending.push_back(hours.close);
    for (std::size_t i = 1; i < ascending.size(); ++i)
        if (ascending[i] <= ascending[i - 1])
            return "hours must ascend from open over break and auction to close, but " + clock(ascending[i]) +
                   " follows " + clock(ascending[i - 1]);
    if (hours.open < 0 || hours.close > minutes_per_day) return "hours must lie within one day";
    return {};
}

/// The regime of a date. Requires: the date is not before the first.
const Regime& regime_of(const CalendarDefinition& definition, SessionDate date) {
    const auto after = std::upper_bound(definition.regimes.begin(), definition.regimes.end(), date,
                                        [](SessionDate d, const Regime& regime) { return d < regime.from; });
    return *std::prev(after);
}

bool trades_on_weekday_of(const Regime& regime, SessionDate date) {
    return std::find(regime.weekdays.begin(), regime.weekdays.end(), date.weekday()) != regime.weekdays.end();
}

std::string problem_of_span(const CalendarDefinition& definition) {
    if (definition.from > definition.to)
        return "it begins at " + definition.from.to_string() + " and ends before, at " +
               definition.to.to_string();
    // What 64 bits of nanoseconds reach, in whole years (tocsin/time.hpp).
    if (definition.from < SessionDate::from_civil(1678, 1, 2) ||
        definition.to > SessionDate::from_civil(2261, 12, 30))
        return "its span must lie between 1678 and 2261";
    return {};
}

std::string problem_of_regimes(const CalendarDefinition& definition) {
    if (definition.regimes.empty()) return "it has no hours";
    if (definition.regimes.front().from != definition.from)
        return "its first hours must begin where it begins, at " + definition.from.to_string() + ", not at " +
               definition.regimes.front().from.to_string();
    const Regime* previous = nullptr;
    for (const Regime& regime : definition.regimes) {
        const std::string which = "the hours from " + regime.from.to_string() + ": ";
        if (previous && regime.from <= previous->from)
            return which + "they must begin after those before them";
        if (regime.from > definition.to)
            return which + "they begin after the end, " + definition.to.to_string();
        if (const std::string what = problem(regime.hours); !what.empty()) return which + what;
        if (regime.weekdays.empty()) return which + "they name no weekday";
        for (const std::int32_t weekday : regime.weekdays)
            if (weekday < 0 || weekday > 6) return which + "a weekday is 0 (Monday) to 6 (Sunday)";
        previous = &regime;
    }
    return {};
}

/// Requires: span and regimes are right; `closed` and `special` are sorted by date.
std::string problem_of_days(const CalendarDefinition& definition) {
    const auto outside = [&](SessionDate date) { return date < definition.from || date > definition.to; };
    const auto same_date = [](const auto& a, const auto& b) { return a.first == b.first; };
    for (const SessionDate date : definition.closed) {
        const std::string which = "closed " + date.to_string() + ": ";
        if (outside(date)) return which + "it lies outside the calendar's span";
        if (!trades_on_weekday_of(regime_of(definition, date), date))
            return which + "its weekday has no session anyway";
    }
    for (const auto& [date, hours] : definition.special) {
        const std::string which = "special " + date.to_string() + ": ";
        if (outside(date)) return which + "it lies outside the calendar's span";
        if (const std::string what = problem(hours); !what.empty()) return which + what;
        if (std::binary_search(definition.closed.begin(), definition.closed.end(), date))
            return which + "it is also among the closed days";
    }
    if (const auto twice = std::adjacent_find(definition.closed.begin(), definition.closed.end());
        twice != definition.closed.end())
        return "closed " + twice->to_string() + ": it stands there twice";
    if (const auto twice =
            std::adjacent_find(definition.special.begin(), definition.special.end(), same_date);
        twice != definition.special.end())
        return "special " + twice->first.to_string() + ": it stands there twice";
    return {};
}

} // namespace

Result<Calendar> Calendar::make(CalendarDefinition definition) {
    const auto by_date = [](const auto& a, const auto& b) { return a.first < b.first; };
    std::sort(definition.closed.begin(), definition.closed.end());
    std::sort(definition.special.begin(), definition.special.end(), by_date);
    std::string problem = problem_of_span(definition);
    if (problem.empty()) problem = problem_of_regimes(definition);
    if (problem.empty()) problem = problem_of_days(definition);
    const date::time_zone* const zone = find_zone(definition.zone);
    if (!zone) problem = "no zone " + definition.zone + " in the system's tz database (like Asia/Tokyo)";
    if (!problem.empty()) return Error{"calendar " + definition.name + ": " + problem};

    Calendar calendar;
    auto closed = definition.closed.begin();
    auto special = definition.special.begin();
    for (std::int32_t day = definition.from.days(); day <= definition.to.days(); ++day) {
        const SessionDate date = SessionDate::from_days(day);
        const bool is_special = special != definition.special.end() && special->first == date;
        if (closed != definition.closed.end() && *closed == date) {
            ++closed;
            continue;
        }
        const Regime& regime = regime_of(definition, date);
        const bool on_weekday = trades_on_weekday_of(regime, date);
        if (!on_weekday && !is_special) continue;
        const Hours& hours = is_special ? (special++)->second : regime.hours;
        calendar.sessions_.push_back(lay_out(*zone, date, hours));
        calendar.sessions_.back().special = !on_weekday || hours != regime.hours;
    }
    calendar.trading_before_.reserve(calendar.sessions_.size() + 1);
    calendar.trading_before_.push_back(0);
    for (const Session& session : calendar.sessions_)
        calendar.trading_before_.push_back(calendar.trading_before_.back() + TradingHours{session}.all());
    calendar.zone_ = zone;
    calendar.definition_ = std::move(definition);
    return calendar;
}

std::optional<std::size_t> Calendar::find(SessionDate date) const {
    const auto at = std::lower_bound(sessions_.begin(), sessions_.end(), date,
                                     [](const Session& session, SessionDate d) { return session.date < d; });
    if (at == sessions_.end() || at->date != date) return {};
    return static_cast<std::size_t>(at - sessions_.begin());
}

std::size_t Calendar::closing_at_or_after(Time t) const {
    const auto at = std::lower_bound(sessions_.begin(), sessions_.end(), t,
                                     [](const Session& session, Time when) { return session.close < when; });
    return static_cast<std::size_t>(at - sessions_.begin());
}

std::optional<std::size_t> Calendar::containing(Time t) const {
    const std::size_t at = closing_at_or_after(t);
    if (at == sessions_.size() || t < sessions_[at].open) return {};
    return at;
}

std::optional<std::size_t> Calendar::opened_by(Time t) const {
    const auto after =
        std::upper_bound(sessions_.begin(), sessions_.end(), t,
                         [](Time when, const Session& session) { return when < session.open; });
    if (after == sessions_.begin()) return {};
    return static_cast<std::size_t>(after - sessions_.begin()) - 1;
}

Time Calendar::next_open(Time t) const {
    const auto next = opened_by(t);
    const std::size_t index = next ? *next + 1 : 0;
    return index < sessions_.size() ? sessions_[index].open : Time::max();
}

Session Calendar::before_calendar(SessionDate date) const {
    return lay_out(*static_cast<const date::time_zone*>(zone_), date, definition_.regimes.front().hours);
}

Phase Calendar::phase(Time t) const {
    const std::size_t at = closing_at_or_after(t);
    if (at < sessions_.size() && sessions_[at].open <= t) {
        const Session& session = sessions_[at];
        if (t >= session.auction) return Phase::auction;
        if (t >= session.break_end) return Phase::pm;
        return t >= session.break_start ? Phase::lunch : Phase::am;
    }
    const SessionDate today = local_date(t);
    if (at < sessions_.size() && sessions_[at].date == today) return Phase::pre;
    if (at > 0 && sessions_[at - 1].date == today) return Phase::post;
    return Phase::closed;
}

Time Calendar::add(Time t, Duration duration) const {
    if (duration.count <= 0) return duration.unit == DurationUnit::clock ? t.plus(duration.count) : t;
    switch (duration.unit) {
    case DurationUnit::clock:
        return t.plus(duration.count);
    case DurationUnit::trading:
        return after_trading(t, duration.count);
    case DurationUnit::sessions:
        return nth_close_after(t, duration.count);
    }
    return t;
}

Time Calendar::nth_close_after(Time t, std::int64_t n) const {
    const auto first =
        std::upper_bound(sessions_.begin(), sessions_.end(), t,
                         [](Time when, const Session& session) { return when < session.close; });
    if (n > sessions_.end() - first) return Time::max();
    return first[n - 1].close;
}

std::int64_t Calendar::trading_until(Time t) const {
    const std::size_t at = closing_at_or_after(t);
    if (at == sessions_.size()) return trading_before_.back();
    return trading_before_[at] + TradingHours{sessions_[at]}.before(t.nanos());
}

Time Calendar::after_trading(Time t, std::int64_t nanos) const {
    const std::int64_t begun = trading_until(t);
    if (nanos > trading_before_.back() - begun) return Time::max();
    const std::int64_t due = begun + nanos;
    // The first session at whose end that much has passed: it ends in that session, not at the next one's
    // open.
    const auto after = std::lower_bound(trading_before_.begin(), trading_before_.end(), due);
    const auto at = static_cast<std::size_t>(after - trading_before_.begin()) - 1;
    return Time::from_nanos(TradingHours{sessions_[at]}.after(due - trading_before_[at]));
}

std::int64_t Calendar::trading_between(Time from, Time to) const {
    return to <= from ? 0 : trading_until(to) - trading_until(from);
}

SessionDate Calendar::local_date(Time t) const {
    const auto local = static_cast<const date::time_zone*>(zone_)->to_local(system_time(t));
    return SessionDate::from_days(
        static_cast<std::int32_t>(date::floor<date::days>(local).time_since_epoch().count()));
}

std::optional<Time> Calendar::at_local(SessionDate date, std::int32_t second) const {
    const date::local_seconds local{date::days{date.days()} + std::chrono::seconds{second}};
    const auto info = static_cast<const date::time_zone*>(zone_)->get_info(local);
    if (info.result != date::local_info::unique) return {};
    return Time::from_nanos((local.time_since_epoch() - info.first.offset).count() * nanos_per_second);
}

std::string Calendar::local_time(Time t) const {
    const auto info = static_cast<const date::time_zone*>(zone_)->get_info(system_time(t));
    const std::int64_t seconds =
        date::floor<std::chrono::seconds>(system_time(t)).time_since_epoch().count() + info.offset.count();
    const std::int64_t of_day = (seconds % 86'400 + 86'400) % 86'400;
    std::string text = clock(static_cast<std::int32_t>(of_day / 60));
    if (of_day % 60 != 0) detail::append_padded(text += ':', of_day % 60, 2);
    return text + ' ' + info.abbrev;
}

} // namespace tocsin::market
