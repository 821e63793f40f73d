// The calendars that tocsin ships: facts by hand; and, hidden ([.shared]), against the reference files of a
// directory that TOCSIN_SHARED names: data/calendars/XTKS.csv and XNYS.csv, data/n225-daily.csv. `config_test
// "[shared]"` runs these.
#include "config/load.hpp"
#include "market/calendar.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace tocsin;
using market::Calendar;
using market::Session;

namespace {

Calendar load(const std::string& file) {
    Diagnostics diagnostics;
    auto definition =
        config::load_calendar(std::string{TOCSIN_SOURCE_DIR} + "/config/calendars/" + file, {}, diagnostics);
    for (const Error& error : diagnostics.errors()) UNSCOPED_INFO(error.text());
    REQUIRE(diagnostics.ok());
    REQUIRE(definition.has_value());
    auto calendar = Calendar::make(*std::move(definition));
    INFO((calendar ? "" : calendar.error().text()));
    REQUIRE(calendar.has_value());
    return *std::move(calendar);
}

const Calendar& tokyo() {
    static const Calendar calendar = load("xtks.yaml");
    return calendar;
}

const Calendar& new_york() {
    static const Calendar calendar = load("xnys.yaml");
    return calendar;
}

SessionDate date(std::string_view text) {
    const auto parsed = SessionDate::parse(text);
    INFO(text);
    REQUIRE(parsed.problem == "");
    return parsed.value;
}

/// The hours of a date in exchange time: `09:00-11:30 12:30-15:25 15:30 JST`; `none` if it has no session.
std::string hours(const Calendar& calendar, SessionDate day) {
    const auto index = calendar.find(day);
    if (!index) return "none";
    const Session& session = calendar.sessions()[*index];
    const auto clock = [&](Time t) { return calendar.local_time(t).substr(0, 5); };
    std::string text = clock(session.open) + '-';
    if (session.break_start != Time::max())
        text += clock(session.break_start) + ' ' + clock(session.break_end) + '-';
    if (session.auction != Time::max()) text += clock(session.auction) + ' ';
    return text + calendar.local_time(session.close);
}

std::ptrdiff_t sessions_of_year(const Calendar& calendar, int year) {
    return std::count_if(calendar.sessions().begin(), calendar.sessions().end(), [&](const Session& session) {
        return civil_from_days(session.date.days()).year == year;
    });
}

} // namespace

TEST_CASE("Tokyo's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"1986-09-01", "09:00-11:00 12:30-15:00 JST", "the first day"},
        {"1986-09-06", "09:00-11:00 JST", "a first Saturday"},
        {"1986-09-13", "none", "a second Saturday"},
        {"1986-09-20", "none", "a third Saturday"},
        {"1986-09-27", "09:00-11:00 JST", "a fourth Saturday"},
        {"1987-10-20", "09:00-11:00 12:30-15:00 JST", "the day of the largest fall"},
        {"1988-12-28", "09:00-11:00 JST", "the last session of a year was a half day"},
        {"1988-12-29", "none", "the year ended on the 28th until 1988"},
        {"1989-01-07", "none", "the Emperor died that Saturday"},
        {"1989-01-28", "09:00-11:00 JST", "the last Saturday"},
        {"1989-02-04", "none", "a first Saturday, but no more"},
        {"1989-02-24", "none", "the funeral of Emperor Showa"},
        {"1989-12-29", "09:00-11:00 JST", "since 1989 the year ends later"},
        {"1990-11-12", "none", "the enthronement"},
        {"1993-06-09", "none", "the wedding of the Crown Prince"},
        {"1998-05-06", "09:00-11:00 12:30-15:00 JST",
         "3 May was a Sunday, but the 6th made up for it only from 2007"},
        {"2005-11-01", "13:30-15:00 JST", "the system failed in the morning"},
        {"2006-01-18", "09:00-11:00 12:30-14:40 JST", "closed for fear of its limits"},
        {"2006-01-19", "09:00-11:00 13:00-15:00 JST", "and with a shorter afternoon"},
        {"2006-04-21", "09:00-11:00 13:00-15:00 JST", "for three months"},
        {"2006-04-24", "09:00-11:00 12:30-15:00 JST", "until then"},
        {"2008-12-30", "09:00-11:00 JST", "the last half day of a year's end"},
        {"2009-01-05", "09:00-11:00 JST", "the last half day"},
        {"2009-12-30", "09:00-11:00 12:30-15:00 JST", "no more"},
        {"2009-09-22", "none", "a day between two holidays"},
        {"2011-11-18", "09:00-11:00 12:30-15:00 JST", "the last short morning"},
        {"2011-11-21", "09:00-11:30 12:30-15:00 JST", "the first long one"},
        {"2019-04-26", "09:00-11:30 12:30-15:00 JST", "before ten days without a session"},
        {"2019-05-01", "none", "the accession"},
        {"2019-05-07", "09:00-11:30 12:30-15:00 JST", "after them"},
        {"2020-07-24", "none", "Sports Day, moved for the games"},
        {"2020-10-01", "none", "the system failed all day"},
        {"2020-10-12", "09:00-11:30 12:30-15:00 JST", "Sports Day had been in July"},
        {"2021-08-09", "none", "Mountain Day on a Sunday, moved for the games"},
        {"2024-08-05", "09:00-11:30 12:30-15:00 JST", "the largest fall in points"},
        {"2024-11-01", "09:00-11:30 12:30-15:00 JST", "the last close at 15:00"},
        {"2024-11-04", "none", "Culture Day, a Sunday, made up"},
        {"2024-11-05", "09:00-11:30 12:30-15:25 15:30 JST", "the first at 15:30"},
        {"2025-04-07", "09:00-11:30 12:30-15:25 15:30 JST", "a Monday after tariffs"},
        {"2027-03-22", "none", "the vernal equinox, a Sunday, made up"},
        {"2028-03-20", "none", "the vernal equinox"},
        {"2028-09-22", "none", "the autumnal equinox"},
        {"2028-12-29", "09:00-11:30 12:30-15:25 15:30 JST", "the last"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(tokyo(), date(row.date)) == row.hours);
}

TEST_CASE("New York's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"1985-01-01", "none", "the first day, New Year"},
        {"1985-01-02", "10:00-16:00 EST", "it opened at ten then"},
        {"1985-09-26", "10:00-16:00 EDT", "for the last time"},
        {"1985-09-27", "none", "hurricane Gloria"},
        {"1985-09-30", "09:30-16:00 EDT", "at half past nine since"},
        {"1987-10-19", "09:30-16:00 EDT", "the crash"},
        {"1987-10-23", "09:30-14:00 EDT", "shortened after it"},
        {"1987-11-11", "09:30-15:30 EST", "for the last time"},
        {"1987-11-12", "09:30-16:00 EST", "and no more"},
        {"1994-04-27", "none", "mourning for President Nixon"},
        {"1996-01-08", "11:00-14:00 EST", "a blizzard"},
        {"1997-10-27", "09:30-15:30 EST", "ended by the circuit breaker"},
        {"2001-09-10", "09:30-16:00 EDT", "before the attacks"},
        {"2001-09-11", "none", "the attacks"},
        {"2001-09-14", "none", "and days after them"},
        {"2001-09-17", "09:33-16:00 EDT", "a silence"},
        {"2005-06-01", "09:30-15:56 EDT", "the systems failed"},
        {"2010-12-31", "09:30-16:00 EST", "New Year's Day on a Saturday is not made up"},
        {"2012-10-29", "none", "hurricane Sandy"},
        {"2012-10-30", "none", "hurricane Sandy"},
        {"2013-07-03", "09:30-13:00 EDT", "an early close"},
        {"2021-06-18", "09:30-16:00 EDT", "Juneteenth was not yet kept"},
        {"2022-06-20", "none", "Juneteenth, a Sunday, made up"},
        {"2024-11-29", "09:30-13:00 EST", "the day after Thanksgiving"},
        {"2025-01-09", "none", "mourning for President Carter"},
        {"2025-04-18", "none", "Good Friday"},
        {"2027-03-26", "none", "Good Friday"},
        {"2027-06-18", "none", "Juneteenth, a Saturday"},
        {"2027-12-24", "none", "Christmas, a Saturday"},
        {"2028-04-14", "none", "Good Friday"},
        {"2028-07-03", "09:30-13:00 EDT", "an early close"},
        {"2028-12-29", "09:30-16:00 EST", "the last"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(new_york(), date(row.date)) == row.hours);
}

TEST_CASE("a year has as many sessions as the exchange counts") {
    CHECK(sessions_of_year(tokyo(), 2019) == 241);
    CHECK(sessions_of_year(tokyo(), 2020) == 242); // 243 but for the failure
    CHECK(sessions_of_year(tokyo(), 2024) == 245);
    CHECK(sessions_of_year(new_york(), 2001) == 248);
    CHECK(sessions_of_year(new_york(), 2012) == 250);
    CHECK(sessions_of_year(new_york(), 2024) == 252);
}

TEST_CASE("the definitions say what is open and what is not, and nothing twice") {
    CHECK(tokyo().from() == date("1986-09-01"));
    CHECK(new_york().from() == date("1985-01-01"));
    for (const Calendar* calendar : {&tokyo(), &new_york()}) {
        CAPTURE(calendar->name());
        CHECK(calendar->to() == date("2028-12-31"));
        const auto unlike_their_regime =
            std::count_if(calendar->sessions().begin(), calendar->sessions().end(),
                          [](const Session& session) { return session.special; });
        CHECK(static_cast<std::size_t>(unlike_their_regime) == calendar->definition().special.size());
    }
}

namespace {

using Cells = std::array<std::string, 5>;

/// The first five cells of each row of DIRECTORY/data/NAME, without the header. Fails where there is no such
/// file.
std::vector<Cells> shared_rows(const std::string& name) {
    const char* const directory = std::getenv("TOCSIN_SHARED");
    INFO("TOCSIN_SHARED must name the directory of the reference data");
    REQUIRE(directory != nullptr);
    const std::string path = std::string{directory} + "/data/" + name;
    std::ifstream file{path};
    INFO(path);
    REQUIRE(file.good());
    std::vector<Cells> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        Cells cells;
        std::size_t at = 0;
        for (std::string& cell : cells) {
            const std::size_t comma = std::min(line.find(',', at), line.size());
            cell = line.substr(at, comma - at);
            at = std::min(comma + 1, line.size());
        }
        rows.push_back(std::move(cells));
    }
    REQUIRE(rows.size() > 1000);
    return rows;
}

/// The dates of [from, to] that only one side has, as text.
std::vector<std::string> differing_dates(const Calendar& calendar, const std::vector<Cells>& rows,
                                         SessionDate from, SessionDate to) {
    std::map<SessionDate, int> sides;
    for (const Session& session : calendar.sessions()) sides[session.date] |= 1;
    for (const Cells& cells : rows) sides[date(cells[0])] |= 2;
    std::vector<std::string> differing;
    for (const auto& [day, side] : sides)
        if (day >= from && day <= to && side != 3)
            differing.push_back((side == 1 ? "only here: " : "only there: ") + day.to_string());
    return differing;
}

std::string or_empty(Time t) {
    return t == Time::max() ? "" : t.to_string();
}

} // namespace

TEST_CASE("Tokyo's calendar agrees with the reference", "[.shared]") {
    const auto rows = shared_rows("calendars/XTKS.csv");
    CHECK(differing_dates(tokyo(), rows, date("1997-01-01"), date("2026-12-31")) ==
          std::vector<std::string>{});
    // The reference has today's lunch for all years and no half days; these times are not history.
    const SessionDate long_morning = date("2011-11-21");
    std::size_t compared = 0;
    for (const Cells& cells : rows) {
        const SessionDate day = date(cells[0]);
        const auto index = tokyo().find(day);
        REQUIRE(index.has_value());
        const Session& session = tokyo().sessions()[*index];
        if (session.special) continue;
        CAPTURE(cells[0]);
        REQUIRE(session.open.to_string() == cells[1]);
        REQUIRE(session.close.to_string() == cells[4]);
        if (day < long_morning) continue;
        REQUIRE(or_empty(session.break_start) == cells[2]);
        REQUIRE(or_empty(session.break_end) == cells[3]);
        ++compared;
    }
    CHECK(compared > 3'600);
}

TEST_CASE("New York's calendar agrees with the reference", "[.shared]") {
    const auto rows = shared_rows("calendars/XNYS.csv");
    CHECK(differing_dates(new_york(), rows, date("1985-01-01"), date("2026-12-31")) ==
          std::vector<std::string>{});
    // What happened on the day itself, and the open at ten of 1985, the reference leaves out.
    const SessionDate half_past_nine = date("1985-09-30");
    const std::set<std::string> interrupted{"1989-11-10", "1990-12-27", "1991-01-17", "1991-02-25",
                                            "1994-02-11", "1995-12-18", "1996-01-08", "1997-10-27",
                                            "2001-09-17", "2001-10-08", "2002-09-11", "2003-03-20",
                                            "2004-06-07", "2005-06-01", "2006-12-27"};
    for (const Cells& cells : rows) {
        if (interrupted.count(cells[0]) != 0) continue;
        const auto index = new_york().find(date(cells[0]));
        REQUIRE(index.has_value());
        const Session& session = new_york().sessions()[*index];
        CAPTURE(cells[0]);
        if (session.date >= half_past_nine) REQUIRE(session.open.to_string() == cells[1]);
        REQUIRE(or_empty(session.break_start) == cells[2]);
        REQUIRE(session.close.to_string() == cells[4]);
    }
}

TEST_CASE("Tokyo has a session on each day that has a close of the Nikkei 225, and on no other",
          "[.shared]") {
    const auto rows = shared_rows("n225-daily.csv");
    CHECK(differing_dates(tokyo(), rows, date("1986-09-01"), date(rows.back()[0])) ==
          std::vector<std::string>{});
}
