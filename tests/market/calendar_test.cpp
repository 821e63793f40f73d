// Calendars made in code. What is expected stands in exchange time, and is counted by hand or minute by
// minute.
#include "market/calendar.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace tocsin;
using namespace tocsin::market;

namespace {

constexpr std::int64_t minute = 60 * nanos_per_second;

Time at(std::string_view text) {
    const auto parsed = Time::parse(text);
    INFO(text);
    REQUIRE(parsed.problem == "");
    return parsed.value;
}

SessionDate date(std::string_view text) {
    return SessionDate::parse(text).value;
}

/// Tokyo around the change of hours of 2024-11-05 (a Tuesday; the Monday before was a holiday), with a
/// Saturday morning and a day that ended early, which no one has seen.
CalendarDefinition tokyo() {
    CalendarDefinition tokyo;
    tokyo.name = "XTKS";
    tokyo.zone = "Asia/Tokyo";
    tokyo.from = date("2024-10-28");
    tokyo.to = date("2024-11-30");
    tokyo.regimes = {{date("2024-10-28"), {540, 690, 750, {}, 900}, {0, 1, 2, 3, 4}},
                     {date("2024-11-05"), {540, 690, 750, 925, 930}, {0, 1, 2, 3, 4}}};
    tokyo.closed = {date("2024-11-04")};
    tokyo.special = {{date("2024-11-09"), {540, {}, {}, {}, 660}},
                     {date("2024-11-13"), {540, 690, 750, {}, 880}}};
    return tokyo;
}

CalendarDefinition new_york(std::string_view from, std::string_view to) {
    CalendarDefinition york;
    york.name = "XNYS";
    york.zone = "America/New_York";
    york.from = date(from);
    york.to = date(to);
    york.regimes = {{york.from, {570, {}, {}, {}, 960}, {0, 1, 2, 3, 4}}};
    return york;
}

Calendar made(CalendarDefinition definition) {
    auto calendar = Calendar::make(std::move(definition));
    INFO((calendar ? "" : calendar.error().text()));
    REQUIRE(calendar.has_value());
    return *calendar;
}

std::string session_at(const Calendar& calendar, std::optional<std::size_t> index) {
    return index ? calendar.sessions()[*index].date.to_string() : "none";
}

} // namespace

TEST_CASE("a session is laid out in UTC at the hours of its date") {
    struct Row {
        const char *date, *open, *break_start, *break_end, *auction, *close;
        bool special;
    };
    const auto row = GENERATE(values<Row>({
        {"2024-11-01", "2024-11-01T09:00:00+09:00", "2024-11-01T11:30:00+09:00", "2024-11-01T12:30:00+09:00",
         "", "2024-11-01T15:00:00+09:00", false},
        {"2024-11-05", "2024-11-05T09:00:00+09:00", "2024-11-05T11:30:00+09:00", "2024-11-05T12:30:00+09:00",
         "2024-11-05T15:25:00+09:00", "2024-11-05T15:30:00+09:00", false},
        {"2024-11-09", "2024-11-09T09:00:00+09:00", "", "", "", "2024-11-09T11:00:00+09:00", true},
        {"2024-11-13", "2024-11-13T09:00:00+09:00", "2024-11-13T11:30:00+09:00", "2024-11-13T12:30:00+09:00",
         "", "2024-11-13T14:40:00+09:00", true},
    }));
    CAPTURE(row.date);
    const Calendar calendar = made(tokyo());
    const auto or_none = [](std::string_view text) { return text.empty() ? Time::max() : at(text); };
    const auto index = calendar.find(date(row.date));
    REQUIRE(index.has_value());
    const Session& session = calendar.sessions()[*index];
    CHECK(session.date == date(row.date));
    CHECK(session.open == at(row.open));
    CHECK(session.break_start == or_none(row.break_start));
    CHECK(session.break_end == or_none(row.break_end));
    CHECK(session.auction == or_none(row.auction));
    CHECK(session.close == at(row.close));
    CHECK(session.special == row.special);
}

TEST_CASE("a closed day, a weekend and a day outside the span have no session") {
    const Calendar calendar = made(tokyo());
    CHECK_FALSE(calendar.find(date("2024-11-04")).has_value());
    CHECK_FALSE(calendar.find(date("2024-11-10")).has_value());
    CHECK_FALSE(calendar.find(date("2024-10-25")).has_value());
    CHECK_FALSE(calendar.find(date("2024-12-02")).has_value());
    CHECK(calendar.sessions().size() == 25); // 25 weekdays less the 4th, and one Saturday
    CHECK(calendar.sessions().front().date == date("2024-10-28"));
    CHECK(calendar.sessions().back().date == date("2024-11-29"));
}

TEST_CASE(
    "New York opens at half past nine of its own clock, in summer and winter, as far as calendars reach") {
    struct Row {
        const char *date, *open, *close;
    };
    const auto row = GENERATE(values<Row>({
        {"1985-04-26", "1985-04-26T14:30:00Z",
         "1985-04-26T21:00:00Z"}, // summer began on the last Sunday of April
        {"1985-04-29", "1985-04-29T13:30:00Z", "1985-04-29T20:00:00Z"},
        {"2006-10-27", "2006-10-27T13:30:00Z", "2006-10-27T20:00:00Z"}, // and ended on the last of October
        {"2006-10-30", "2006-10-30T14:30:00Z", "2006-10-30T21:00:00Z"},
        {"2007-03-09", "2007-03-09T14:30:00Z",
         "2007-03-09T21:00:00Z"}, // since 2007 from the second Sunday of March
        {"2007-03-12", "2007-03-12T13:30:00Z", "2007-03-12T20:00:00Z"},
        {"2024-11-01", "2024-11-01T13:30:00Z", "2024-11-01T20:00:00Z"}, // to the first of November
        {"2024-11-04", "2024-11-04T14:30:00Z", "2024-11-04T21:00:00Z"},
        {"2028-07-03", "2028-07-03T13:30:00Z", "2028-07-03T20:00:00Z"},
        {"2028-12-01", "2028-12-01T14:30:00Z", "2028-12-01T21:00:00Z"},
    }));
    CAPTURE(row.date);
    static const Calendar calendar = made(new_york("1985-01-01", "2028-12-31"));
    const auto index = calendar.find(date(row.date));
    REQUIRE(index.has_value());
    CHECK(calendar.sessions()[*index].open == at(row.open));
    CHECK(calendar.sessions()[*index].close == at(row.close));
}

TEST_CASE("the phase of an instant") {
    struct Row {
        const char* at;
        Phase phase;
    };
    const auto row = GENERATE(values<Row>({
        {"2024-11-01T00:00:00+09:00", Phase::pre},
        {"2024-11-01T08:59:59.999999999+09:00", Phase::pre},
        {"2024-11-01T09:00:00+09:00", Phase::am},
        {"2024-11-01T11:29:59.999999999+09:00", Phase::am},
        {"2024-11-01T11:30:00+09:00", Phase::lunch},
        {"2024-11-01T12:29:59.999999999+09:00", Phase::lunch},
        {"2024-11-01T12:30:00+09:00", Phase::pm},
        {"2024-11-01T15:00:00+09:00", Phase::pm}, // the close belongs to the session
        {"2024-11-01T15:00:00.000000001+09:00", Phase::post},
        {"2024-11-01T23:59:59+09:00", Phase::post},
        {"2024-11-02T00:00:00+09:00", Phase::closed}, // a Saturday
        {"2024-11-04T10:00:00+09:00", Phase::closed}, // a holiday
        {"2024-11-05T08:00:00+09:00", Phase::pre},
        {"2024-11-05T15:24:59.999999999+09:00", Phase::pm},
        {"2024-11-05T15:25:00+09:00", Phase::auction},
        {"2024-11-05T15:30:00+09:00", Phase::auction},
        {"2024-11-05T15:30:00.000000001+09:00", Phase::post},
        {"2024-11-09T10:59:00+09:00", Phase::am}, // a half day
        {"2024-11-09T11:00:00+09:00", Phase::am},
        {"2024-11-09T11:00:01+09:00", Phase::post},
        {"2024-10-25T10:00:00+09:00", Phase::closed}, // before the span
        {"2024-12-02T10:00:00+09:00", Phase::closed}, // behind it
    }));
    CAPTURE(row.at);
    CHECK(made(tokyo()).phase(at(row.at)) == row.phase);
}

TEST_CASE("before the open and after the close are of the exchange's date, not of UTC's") {
    const Calendar calendar = made(new_york("2025-04-01", "2025-04-30"));
    CHECK(calendar.phase(at("2025-04-04T00:30:00Z")) == Phase::post); // the evening of Thursday
    CHECK(calendar.phase(at("2025-04-05T03:59:59Z")) == Phase::post); // of Friday
    CHECK(calendar.phase(at("2025-04-05T04:00:00Z")) == Phase::closed);
    CHECK(calendar.phase(at("2025-04-07T04:00:00Z")) == Phase::pre);
    CHECK(calendar.phase(at("2025-04-07T13:30:00Z")) == Phase::am);
}

TEST_CASE("the session of an instant") {
    struct Row {
        const char *at, *containing, *closing, *opened;
    };
    const auto row = GENERATE(values<Row>({
        {"2024-10-27T10:00:00+09:00", "none", "2024-10-28", "none"},
        {"2024-10-28T08:59:59+09:00", "none", "2024-10-28", "none"},
        {"2024-10-28T09:00:00+09:00", "2024-10-28", "2024-10-28", "2024-10-28"},
        {"2024-10-28T12:00:00+09:00", "2024-10-28", "2024-10-28", "2024-10-28"},
        {"2024-10-28T15:00:00+09:00", "2024-10-28", "2024-10-28", "2024-10-28"},
        {"2024-10-28T15:00:00.000000001+09:00", "none", "2024-10-29", "2024-10-28"},
        {"2024-11-04T12:00:00+09:00", "none", "2024-11-05", "2024-11-01"},
        {"2024-11-29T15:30:00+09:00", "2024-11-29", "2024-11-29", "2024-11-29"},
        {"2024-11-30T12:00:00+09:00", "none", "none", "2024-11-29"},
    }));
    CAPTURE(row.at);
    const Calendar calendar = made(tokyo());
    const auto closing = calendar.closing_at_or_after(at(row.at));
    CHECK(session_at(calendar, calendar.containing(at(row.at))) == row.containing);
    CHECK(session_at(calendar, calendar.opened_by(at(row.at))) == row.opened);
    CHECK((closing == calendar.sessions().size() ? "none" : session_at(calendar, closing)) == row.closing);
}

TEST_CASE("n sessions end at the n-th close strictly after") {
    struct Row {
        const char* at;
        int n;
        const char* end; // empty: past the span
    };
    const auto row = GENERATE(values<Row>({
        {"2024-10-29T05:00:00+09:00", 1, "2024-10-29T15:00:00+09:00"}, // today's close is the first
        {"2024-10-29T15:00:00+09:00", 1,
         "2024-10-30T15:00:00+09:00"}, // from the close itself: the next session's
        {"2024-10-29T14:59:59+09:00", 1, "2024-10-29T15:00:00+09:00"},
        {"2024-11-01T15:00:00+09:00", 1, "2024-11-05T15:30:00+09:00"}, // over a holiday, to the new hours
        {"2024-10-31T12:00:00+09:00", 3, "2024-11-05T15:30:00+09:00"},
        {"2024-10-29T12:34:56+09:00", 0, "2024-10-29T12:34:56+09:00"},
        {"2024-09-01T00:00:00+09:00", 1, "2024-10-28T15:00:00+09:00"}, // before the span
        {"2024-11-29T15:30:00+09:00", 1, ""},
        {"2024-10-28T00:00:00+09:00", 25, "2024-11-29T15:30:00+09:00"},
        {"2024-10-28T00:00:00+09:00", 26, ""},
        {"2024-10-28T00:00:00+09:00", 2'000'000'000, ""},
    }));
    CAPTURE(row.at, row.n);
    const Time end = *row.end ? at(row.end) : Time::max();
    CHECK(made(tokyo()).add(at(row.at), {row.n, DurationUnit::sessions}) == end);
}

TEST_CASE("trading time passes in the morning and the afternoon only") {
    struct Row {
        const char* at;
        int minutes;
        const char* end; // empty: past the span
    };
    const auto row = GENERATE(values<Row>({
        {"2024-11-01T09:00:00+09:00", 45, "2024-11-01T09:45:00+09:00"},
        {"2024-11-01T11:00:00+09:00", 30, "2024-11-01T11:30:00+09:00"}, // ends before lunch, not after it
        {"2024-11-01T11:00:00+09:00", 31, "2024-11-01T12:31:00+09:00"},
        {"2024-11-01T12:00:00+09:00", 15, "2024-11-01T12:45:00+09:00"}, // from lunch
        {"2024-11-01T05:00:00+09:00", 10, "2024-11-01T09:10:00+09:00"}, // from before the open
        {"2024-11-01T20:00:00+09:00", 10,
         "2024-11-05T09:10:00+09:00"}, // from after the close, over the holiday
        {"2024-11-03T20:00:00+09:00", 10, "2024-11-05T09:10:00+09:00"}, // from a Sunday
        {"2024-11-01T14:30:00+09:00", 30, "2024-11-01T15:00:00+09:00"},
        {"2024-11-01T14:30:00+09:00", 40, "2024-11-05T09:10:00+09:00"},
        {"2024-11-05T15:20:00+09:00", 5, "2024-11-05T15:25:00+09:00"}, // the closing auction does not count
        {"2024-11-05T15:20:00+09:00", 6, "2024-11-06T09:01:00+09:00"},
        {"2024-11-05T15:27:00+09:00", 1, "2024-11-06T09:01:00+09:00"},
        {"2024-11-08T15:25:00+09:00", 121, "2024-11-11T09:01:00+09:00"}, // over a half day of 120
        {"2024-11-01T12:00:00+09:00", 0, "2024-11-01T12:00:00+09:00"},
        {"2024-09-01T00:00:00+09:00", 1, "2024-10-28T09:01:00+09:00"},
        {"2024-11-29T15:20:00+09:00", 5, "2024-11-29T15:25:00+09:00"},
        {"2024-11-29T15:20:00+09:00", 6, ""},
    }));
    CAPTURE(row.at, row.minutes);
    const Time end = *row.end ? at(row.end) : Time::max();
    CHECK(made(tokyo()).add(at(row.at), {row.minutes * minute, DurationUnit::trading}) == end);
}

TEST_CASE("clock time passes always, and stays in range") {
    const Calendar calendar = made(tokyo());
    CHECK(calendar.add(at("2024-11-01T23:00:00Z"), {120 * minute, DurationUnit::clock}) ==
          at("2024-11-02T01:00:00Z"));
    CHECK(calendar.add(at("2024-11-01T23:00:00Z"), {-60 * minute, DurationUnit::clock}) ==
          at("2024-11-01T22:00:00Z"));
    CHECK(calendar.add(Time::max(), {1, DurationUnit::clock}) == Time::max());
    CHECK(calendar.add(Time::min(), {1, DurationUnit::sessions}) == calendar.sessions().front().close);
    CHECK(calendar.add(at("2024-11-01T00:00:00Z"), {Time::max().nanos(), DurationUnit::trading}) ==
          Time::max());
}

TEST_CASE("trading time between two instants is what one counts minute by minute") {
    const Calendar calendar = made(tokyo());
    const Time begin = at("2024-11-01T00:00:00+09:00");
    std::vector<std::int64_t> counted{0}; // minutes of am and pm before the i-th minute
    for (std::int64_t i = 0; i < 14 * 1440; ++i) {
        const Phase phase = calendar.phase(begin.plus(i * minute));
        // At the close itself the phase is still the session's last, but the minute that begins there is not
        // traded.
        const bool at_close =
            calendar.containing(begin.plus(i * minute)) && !calendar.containing(begin.plus(i * minute + 1));
        counted.push_back(counted.back() + ((phase == Phase::am || phase == Phase::pm) && !at_close ? 1 : 0));
    }
    CHECK(counted.back() ==
          300 + 7 * 325 + 120 + 280); // a Friday of old, 7 of new hours, the half day, the early end
    std::mt19937_64 random{1};
    for (int i = 0; i < 5'000; ++i) {
        const std::size_t from = random() % counted.size(), to = random() % counted.size();
        const Time a = begin.plus(static_cast<std::int64_t>(from) * minute),
                   b = begin.plus(static_cast<std::int64_t>(to) * minute);
        CAPTURE(a.to_string(), b.to_string());
        const std::int64_t traded = calendar.trading_between(a, b);
        REQUIRE(traded == (from < to ? counted[to] - counted[from] : 0) * minute);
        // Adding what has passed leads back to b, or to the earlier end of the stretch without trading that b
        // lies in.
        if (traded > 0) {
            const Time end = calendar.add(a, {traded, DurationUnit::trading});
            REQUIRE(end <= b);
            REQUIRE(calendar.trading_between(end, b) == 0);
            REQUIRE(calendar.trading_between(a, end) == traded);
        }
    }
}

TEST_CASE("a session before the calendar has the first known hours, of its zone on its date") {
    const Session session = made(new_york("1985-01-01", "1985-12-31")).before_calendar(date("1974-01-07"));
    CHECK(session.date == date("1974-01-07"));
    CHECK(session.open == at("1974-01-07T09:30:00-04:00")); // the summer time of that winter
    CHECK(session.close == at("1974-01-07T16:00:00-04:00"));
    const Session tokyo_session = made(tokyo()).before_calendar(date("1987-10-20"));
    CHECK(tokyo_session.break_end == at("1987-10-20T12:30:00+09:00"));
    CHECK(tokyo_session.close == at("1987-10-20T15:00:00+09:00"));
}

TEST_CASE("local time and date are the exchange's") {
    const Calendar york = made(new_york("2025-01-01", "2025-12-31"));
    CHECK(made(tokyo()).local_time(at("2024-08-05T06:00:00Z")) == "15:00 JST");
    CHECK(york.local_time(at("2025-04-02T20:00:30.5Z")) == "16:00:30 EDT");
    CHECK(york.local_time(at("2025-12-01T14:30:00Z")) == "09:30 EST");
    CHECK(york.local_date(at("2025-04-03T03:59:59Z")) == date("2025-04-02"));
    CHECK(york.local_date(at("2025-04-03T04:00:00Z")) == date("2025-04-03"));
    CHECK(york.local_date(at("1969-07-21T02:56:00Z")) == date("1969-07-20"));
}

TEST_CASE("a local time that the clocks skip is the instant of their change") {
    CalendarDefinition early = new_york("2025-03-03", "2025-03-31");
    early.regimes.front().hours = {150, {}, {}, {}, 960}; // from 02:30
    early.special = {{date("2025-03-09"), {150, {}, {}, {}, 960}}};
    const Calendar calendar = made(std::move(early));
    CHECK(calendar.sessions()[*calendar.find(date("2025-03-09"))].open == at("2025-03-09T07:00:00Z"));
}

TEST_CASE("a moment on the exchange's clocks is one instant, or none that can be told") {
    const Calendar york = made(new_york("2025-01-01", "2025-12-31"));
    const auto instant = [&](const char* day, std::int32_t hours, std::int32_t minutes) {
        return york.at_local(date(day), hours * 3600 + minutes * 60);
    };
    CHECK(instant("2025-04-03", 9, 30) == at("2025-04-03T09:30:00-04:00"));
    CHECK(instant("2025-12-01", 9, 30) == at("2025-12-01T09:30:00-05:00"));
    CHECK(york.at_local(date("2025-04-03"), 86'399) == at("2025-04-04T03:59:59Z"));
    CHECK(york.at_local(date("1678-01-01"), 0) == at("1678-01-01T04:56:02Z")); // its local mean time
    CHECK(instant("2025-03-09", 1, 59) == at("2025-03-09T06:59:00Z"));
    CHECK(!instant("2025-03-09", 2, 30)); // skipped
    CHECK(instant("2025-03-09", 3, 0) == at("2025-03-09T07:00:00Z"));
    CHECK(!instant("2025-11-02", 1, 30)); // twice
    CHECK(instant("2025-11-02", 2, 0) == at("2025-11-02T07:00:00Z"));
}

TEST_CASE("a calendar that contradicts itself says where") {
    struct Row {
        const char* name;
        void (*spoil)(CalendarDefinition&);
        const char* problem;
    };
    const auto row = GENERATE(values<Row>({
        {"zone", [](CalendarDefinition& c) { c.zone = "Asia/Edo"; },
         "no zone Asia/Edo in the system's tz database (like Asia/Tokyo)"},
        {"span", [](CalendarDefinition& c) { c.to = date("2024-10-01"); },
         "it begins at 2024-10-28 and ends before, at 2024-10-01"},
        {"span out of range", [](CalendarDefinition& c) { c.to = date("2300-01-01"); },
         "its span must lie between 1678 and 2261"},
        {"no hours", [](CalendarDefinition& c) { c.regimes.clear(); }, "it has no hours"},
        {"late hours", [](CalendarDefinition& c) { c.regimes[0].from = date("2024-10-29"); },
         "its first hours must begin where it begins, at 2024-10-28, not at 2024-10-29"},
        {"order", [](CalendarDefinition& c) { c.regimes[1].from = date("2024-10-28"); },
         "the hours from 2024-10-28: they must begin after those before them"},
        {"hours behind the end", [](CalendarDefinition& c) { c.regimes[1].from = date("2024-12-01"); },
         "the hours from 2024-12-01: they begin after the end, 2024-11-30"},
        {"break after close", [](CalendarDefinition& c) { c.regimes[1].hours.break_end = 940; },
         "the hours from 2024-11-05: hours must ascend from open over break and auction to close, but 15:25 "
         "follows "
         "15:40"},
        {"half a break", [](CalendarDefinition& c) { c.regimes[0].hours.break_end.reset(); },
         "the hours from 2024-10-28: a break needs a begin and an end"},
        {"over midnight", [](CalendarDefinition& c) { c.regimes[0].hours.close = 1500; },
         "the hours from 2024-10-28: hours must lie within one day"},
        {"no weekday", [](CalendarDefinition& c) { c.regimes[0].weekdays.clear(); },
         "the hours from 2024-10-28: they name no weekday"},
        {"an eighth weekday", [](CalendarDefinition& c) { c.regimes[0].weekdays = {7}; },
         "the hours from 2024-10-28: a weekday is 0 (Monday) to 6 (Sunday)"},
        {"closed outside", [](CalendarDefinition& c) { c.closed.push_back(date("2025-01-01")); },
         "closed 2025-01-01: it lies outside the calendar's span"},
        {"closed on a Sunday", [](CalendarDefinition& c) { c.closed.push_back(date("2024-11-03")); },
         "closed 2024-11-03: its weekday has no session anyway"},
        {"closed twice", [](CalendarDefinition& c) { c.closed.push_back(date("2024-11-04")); },
         "closed 2024-11-04: it stands there twice"},
        {"special outside", [](CalendarDefinition& c) { c.special[0].first = date("2024-10-27"); },
         "special 2024-10-27: it lies outside the calendar's span"},
        {"special and closed", [](CalendarDefinition& c) { c.special[0].first = date("2024-11-04"); },
         "special 2024-11-04: it is also among the closed days"},
        {"special twice", [](CalendarDefinition& c) { c.special.push_back(c.special[1]); },
         "special 2024-11-13: it stands there twice"},
        {"special hours", [](CalendarDefinition& c) { c.special[0].second.close = 540; },
         "special 2024-11-09: hours must ascend from open over break and auction to close, but 09:00 follows "
         "09:00"},
    }));
    CAPTURE(row.name);
    CalendarDefinition definition = tokyo();
    row.spoil(definition);
    const auto calendar = Calendar::make(std::move(definition));
    REQUIRE_FALSE(calendar.has_value());
    CHECK(calendar.error().text() == "calendar XTKS: " + std::string{row.problem});
}
