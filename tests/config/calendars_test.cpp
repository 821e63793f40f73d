// The calendars that tocsin ships: facts by hand; and, hidden ([.shared]), against the reference files of a
// directory that TOCSIN_SHARED names: data/calendars/XTKS.csv, XNYS.csv and XKRX.csv, data/n225-daily.csv.
// `config_test "[.shared]"` runs these.
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

const Calendar& seoul() {
    static const Calendar calendar = load("xkrx.yaml");
    return calendar;
}

const Calendar& hong_kong() {
    static const Calendar calendar = load("xhkg.yaml");
    return calendar;
}

const Calendar& london() {
    static const Calendar calendar = load("xlon.yaml");
    return calendar;
}

const Calendar& xetra() {
    static const Calendar calendar = load("xetr.yaml");
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

TEST_CASE("Seoul's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"1985-01-03", "none", "New Year lasted three days"},
        {"1985-01-04", "11:00-12:00 13:30-15:30 KST", "the first session of a year opens an hour later"},
        {"1985-01-05", "10:00-12:00 KST", "a Saturday"},
        {"1985-02-20", "none", "Seollal, one day then"},
        {"1985-02-21", "10:00-12:00 13:30-15:30 KST", "the day after it"},
        {"1986-01-04", "11:00-12:00 KST", "the first session of a year, a Saturday"},
        {"1986-04-01", "09:40-12:00 13:20-15:20 KST", "new hours"},
        {"1987-05-04", "09:40-11:40 13:20-15:20 KST", "half an hour more of lunch"},
        {"1988-07-25", "09:40-11:40 13:20-15:20 KDT", "summer time, in the year of the games"},
        {"1990-01-03", "10:40-11:40 13:20-15:20 KST", "the first session of a year"},
        {"1994-11-23", "10:10-12:10 13:50-15:50 KST", "the entrance test, half an hour later"},
        {"1995-01-04", "09:30-11:30 13:00-15:00 KST", "new hours"},
        {"1997-11-08", "09:30-11:30 KST", "a Saturday of the crisis"},
        {"1998-12-05", "09:30-11:30 KST", "the last Saturday"},
        {"1998-12-07", "09:00-12:00 13:00-15:00 KST", "longer days in its place"},
        {"1998-12-12", "none", "a Saturday"},
        {"2000-05-19", "09:00-12:00 13:00-15:00 KST", "the last lunch"},
        {"2000-05-22", "09:00-14:50 15:00 KST", "no more"},
        {"2001-09-12", "12:00-14:50 15:00 KST", "after the attacks on New York"},
        {"2002-07-01", "none", "after the World Cup"},
        {"2006-07-17", "none", "Constitution Day"},
        {"2008-07-17", "09:00-14:50 15:00 KST", "no holiday any more"},
        {"2013-10-09", "none", "Hangul Day, again a holiday"},
        {"2014-09-10", "none", "Chuseok on a Sunday, made up for the first time"},
        {"2016-07-29", "09:00-14:50 15:00 KST", "the last close at 15:00"},
        {"2016-08-01", "09:00-15:20 15:30 KST", "the first at 15:30"},
        {"2017-11-16", "10:00-16:20 16:30 KST", "the test was put off, the hours stayed"},
        {"2017-11-23", "10:00-16:20 16:30 KST", "the entrance test"},
        {"2020-12-03", "10:00-16:20 16:30 KST", "the entrance test, late in that year"},
        {"2020-12-31", "none", "the year's last day"},
        {"2025-01-02", "10:00-15:20 15:30 KST", "the first session of a year"},
        {"2025-01-27", "none", "a temporary holiday"},
        {"2025-06-03", "none", "election of a President"},
        {"2026-07-17", "none", "Constitution Day, a holiday again"},
        {"2026-11-19", "10:00-16:20 16:30 KST", "the entrance test"},
        // The new moon of these years comes shortly before midnight in China, and after it in Korea.
        {"2027-02-05", "09:00-15:20 15:30 KST", "China's New Year's Eve is not yet Seollal"},
        {"2027-02-08", "none", "Seollal of 2027: Saturday to Monday"},
        {"2027-02-09", "none", "and Tuesday for the Sunday"},
        {"2028-01-25", "09:00-15:20 15:30 KST", "China's New Year's Eve is not yet Seollal"},
        {"2028-01-28", "none", "the third day of Seollal"},
        {"2028-04-12", "none", "election of the National Assembly"},
        {"2028-10-05", "none", "Chuseok on National Foundation Day, made up"},
        {"2028-12-29", "none", "the year's last day, as the 31st is a Sunday"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(seoul(), date(row.date)) == row.hours);
}

TEST_CASE("Hong Kong's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"2000-01-03", "10:00-12:30 14:30-16:00 HKT", "the first day, with two hours of lunch"},
        {"2000-02-04", "none", "New Year's Eve, for a Sunday among its days"},
        {"2001-01-23", "10:00-12:30 HKT", "New Year's Eve, a half day"},
        {"2001-07-25", "none", "typhoon Yutu"},
        {"2001-10-02", "none", "the day after Mid-Autumn"},
        {"2003-01-31", "none", "New Year's Eve, for a Sunday among its days"},
        {"2005-12-27", "none", "Christmas on a Sunday"},
        {"2007-10-30", "10:00-12:30 14:30-16:00 HKT", "a record of the index"},
        {"2008-02-06", "10:00-12:30 HKT", "New Year's Eve, a half day"},
        {"2008-05-23", "10:00-12:30 14:30-16:00 HKT", "before the closing auction"},
        {"2008-05-26", "10:00-12:30 14:30-16:00 16:10 HKT", "the first"},
        {"2008-06-25", "14:30-16:00 16:10 HKT", "typhoon Fengshen took the morning"},
        {"2008-08-22", "none", "typhoon Nuri"},
        {"2008-12-24", "10:00-12:30 12:40 HKT", "a half day with an auction"},
        {"2009-03-09", "10:00-12:30 14:30-16:00 16:10 HKT", "HSBC fell in the auction"},
        {"2009-03-23", "10:00-12:30 14:30-16:00 HKT", "so it was given up"},
        {"2010-04-06", "none", "Ching Ming was Easter Monday"},
        {"2010-12-31", "10:00-12:30 HKT", "a half day"},
        {"2011-03-04", "10:00-12:30 14:30-16:00 HKT", "the last lunch of two hours"},
        {"2011-03-07", "09:30-12:00 13:30-16:00 HKT", "an hour and a half"},
        {"2012-03-02", "09:30-12:00 13:30-16:00 HKT", "for a year"},
        {"2012-03-05", "09:30-12:00 13:00-16:00 HKT", "an hour"},
        {"2012-05-10", "09:30-12:00 13:00-16:00 HKT", "Buddha's Birthday was on 28 April"},
        {"2012-10-02", "none", "the day after Mid-Autumn was National Day"},
        {"2012-12-24", "09:30-12:00 HKT", "a half day"},
        {"2013-09-23", "13:00-16:00 HKT", "typhoon Usagi took the morning"},
        {"2015-04-07", "none", "Ching Ming on a Sunday, made up after Easter Monday"},
        {"2015-09-03", "none", "70 years after the war"},
        {"2016-07-22", "09:30-12:00 13:00-16:00 HKT", "before the second closing auction"},
        {"2016-07-25", "09:30-12:00 13:00-16:00 16:10 HKT", "the first"},
        {"2017-08-23", "none", "typhoon Hato"},
        {"2019-07-31", "09:30-12:00 13:00-13:55 HKT", "ended by typhoon Wipha"},
        {"2020-08-19", "13:30-16:00 16:10 HKT", "typhoon Higos took the morning"},
        {"2021-02-11", "09:30-12:00 12:10 HKT", "New Year's Eve, a half day"},
        {"2021-04-06", "none", "Ching Ming was Easter Sunday"},
        {"2021-06-28", "13:30-16:00 16:10 HKT", "a black rainstorm"},
        {"2022-09-12", "none", "the day after Mid-Autumn was a Sunday"},
        {"2022-11-02", "09:30-12:00 13:00-13:55 HKT", "ended by typhoon Nalgae"},
        {"2023-09-01", "none", "typhoon Saola"},
        {"2023-09-08", "none", "a black rainstorm"},
        {"2023-10-09", "14:00-16:00 16:10 HKT", "typhoon Koinu took the morning"},
        {"2024-09-06", "none", "typhoon Yagi, the last to close it"},
        {"2024-11-14", "09:30-12:00 13:00-16:00 16:10 HKT", "Toraji did not"},
        {"2025-04-07", "09:30-12:00 13:00-16:00 16:10 HKT", "a Monday after tariffs"},
        {"2026-02-16", "09:30-12:00 12:10 HKT", "New Year's Eve, a half day"},
        {"2027-02-09", "none", "the fourth day, as the second is a Sunday"},
        {"2028-05-29", "none", "Tuen Ng, a Sunday, made up"},
        {"2028-12-29", "09:30-12:00 13:00-16:00 16:10 HKT", "the last"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(hong_kong(), date(row.date)) == row.hours);
}

TEST_CASE("London's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"1999-09-20", "08:00-16:30 BST", "the first day at eight"},
        {"1999-12-24", "08:00-12:30 GMT", "Christmas Eve"},
        {"1999-12-28", "none", "Boxing Day, a Sunday, made up"},
        {"1999-12-30", "08:00-12:30 GMT", "the last session of the century, a record of the index"},
        {"1999-12-31", "none", "a holiday for the year 2000"},
        {"2000-01-03", "none", "New Year's Day, a Saturday, made up"},
        {"2000-04-05", "15:45-20:00 BST", "the system had failed"},
        {"2000-05-26", "08:00-16:30 BST", "before closing auctions"},
        {"2000-05-30", "08:00-16:30 16:35 BST", "the first"},
        {"2000-12-29", "08:00-12:30 12:35 GMT", "before a weekend and New Year's Day"},
        {"2002-05-27", "08:00-16:30 16:35 BST", "the spring holiday had moved"},
        {"2002-06-03", "none", "golden jubilee"},
        {"2002-06-04", "none", "the spring holiday"},
        {"2011-04-29", "none", "a wedding"},
        {"2011-12-23", "08:00-12:30 12:35 GMT", "Christmas Eve was a Saturday"},
        {"2012-05-28", "08:00-16:30 16:35 BST", "the spring holiday had moved"},
        {"2012-06-04", "none", "to here"},
        {"2012-06-05", "none", "diamond jubilee"},
        {"2016-06-24", "08:00-16:30 16:35 BST", "after the vote to leave"},
        {"2019-08-16", "09:40-16:30 16:35 BST", "opened late"},
        {"2020-05-04", "08:00-16:30 16:35 BST", "the May holiday had moved"},
        {"2020-05-08", "none", "to the day of victory"},
        {"2022-05-30", "08:00-16:30 16:35 BST", "the spring holiday had moved"},
        {"2022-06-02", "none", "to here"},
        {"2022-06-03", "none", "platinum jubilee"},
        {"2022-09-19", "none", "the Queen's funeral"},
        {"2022-12-27", "none", "Christmas, a Sunday, made up"},
        {"2023-05-08", "none", "coronation"},
        {"2023-12-22", "08:00-12:30 12:35 GMT", "Christmas Eve was a Sunday"},
        {"2024-12-24", "08:00-12:30 12:35 GMT", "Christmas Eve"},
        {"2025-12-31", "08:00-12:30 12:35 GMT", "New Year's Eve"},
        {"2027-12-28", "none", "Boxing Day, a Sunday, made up"},
        {"2028-01-03", "none", "New Year's Day, a Saturday, made up"},
        {"2028-12-29", "08:00-12:30 12:35 GMT", "the last"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(london(), date(row.date)) == row.hours);
}

TEST_CASE("Xetra's sessions are those that it held") {
    struct Row {
        const char *date, *hours, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"2000-01-03", "09:00-17:30 17:35 CET", "the first"},
        {"2000-06-01", "09:00-17:30 17:35 CEST", "Ascension, no more a holiday"},
        {"2000-06-02", "09:00-20:00 20:05 CEST", "long evenings"},
        {"2000-06-12", "09:00-20:00 20:05 CEST", "Whit Monday, no more a holiday"},
        {"2000-10-03", "none", "ten years of unity"},
        {"2000-12-29", "09:00-14:00 14:05 CET", "the last session of the year"},
        {"2001-10-03", "09:00-20:00 20:05 CEST", "the Day of Unity, a session"},
        {"2001-12-31", "none", "New Year's Eve"},
        {"2003-10-31", "09:00-20:00 20:05 CET", "the last long evening"},
        {"2003-11-03", "09:00-17:30 17:35 CET", "shortened"},
        {"2003-12-30", "09:00-14:00 14:05 CET", "the last session of the year"},
        {"2007-05-28", "none", "Whit Monday, with Memorial Day and a bank holiday"},
        {"2008-05-12", "09:00-17:30 17:35 CEST", "Whit Monday, a session"},
        {"2013-10-03", "09:00-17:30 17:35 CEST", "the Day of Unity, a session"},
        {"2014-06-09", "09:00-17:30 17:35 CEST", "Whit Monday, a session"},
        {"2014-10-03", "none", "the Day of Unity, a holiday"},
        {"2015-05-25", "none", "Whit Monday, a holiday"},
        {"2017-10-31", "none", "500 years of Reformation"},
        {"2020-06-01", "none", "Whit Monday"},
        {"2021-10-04", "09:00-17:30 17:35 CEST", "the Day of Unity had been a Sunday"},
        {"2022-06-06", "09:00-17:30 17:35 CEST", "Whit Monday, a session again"},
        {"2022-10-03", "09:00-17:30 17:35 CEST", "the Day of Unity, a session again"},
        {"2022-12-30", "09:00-14:00 14:05 CET", "the last session of the year"},
        {"2024-12-24", "none", "Christmas Eve"},
        {"2024-12-30", "09:00-14:00 14:05 CET", "the last session of the year"},
        {"2028-05-01", "none", "Labour Day"},
        {"2028-12-29", "09:00-14:00 14:05 CET", "the last"},
    }));
    CAPTURE(row.date, row.why);
    CHECK(hours(xetra(), date(row.date)) == row.hours);
}

TEST_CASE("what comes each year is in each year") {
    const auto last_session_before = [](const Calendar& calendar, SessionDate day) {
        const auto& sessions = calendar.sessions();
        const auto at =
            std::find_if(sessions.begin(), sessions.end(), [&](const Session& s) { return s.date >= day; });
        return hours(calendar, std::prev(at)->date);
    };
    for (int year = 2000; year <= 2028; ++year) {
        CAPTURE(year);
        const auto on = [&](int month, int day) { return SessionDate::from_civil(year, month, day); };
        const auto first_of_year =
            std::find_if(seoul().sessions().begin(), seoul().sessions().end(),
                         [&](const Session& session) { return session.date >= on(1, 1); });
        CHECK(hours(seoul(), first_of_year->date).substr(0, 6) == "10:00-");
        CHECK(last_session_before(london(), on(12, 25)) == "08:00-12:30 12:35 GMT");
        CHECK(hours(xetra(), on(12, 24)) == "none");
        CHECK(hours(xetra(), on(12, 31)) == "none");
        for (const SessionDate eve : {on(12, 24), on(12, 31)}) {
            const std::string text = hours(hong_kong(), eve);
            CAPTURE(text);
            const bool is_weekend = eve.weekday() >= 5;
            CHECK((text == "none") == is_weekend);
            CHECK(text.find(" 14:30") == std::string::npos); // no afternoon
            CHECK(text.find(" 13:") == std::string::npos);
        }
        for (const Calendar* calendar : {&seoul(), &hong_kong(), &london(), &xetra()}) {
            CAPTURE(calendar->name());
            CHECK(hours(*calendar, on(1, 1)) == "none");
            CHECK(hours(*calendar, on(12, 25)) == "none");
        }
        if (year == 2028) continue; // the last session of all is in the tables above
        const auto next = SessionDate::from_civil(year + 1, 1, 1);
        CHECK(last_session_before(london(), next) == "08:00-12:30 12:35 GMT");
        CHECK(last_session_before(xetra(), next) == "09:00-14:00 14:05 CET");
    }
}

TEST_CASE("Easter closes Hong Kong, London and Xetra from Friday to Monday") {
    const auto easter =
        GENERATE(as<std::string>{}, "2000-04-23", "2001-04-15", "2002-03-31", "2003-04-20", "2004-04-11",
                 "2005-03-27", "2006-04-16", "2007-04-08", "2008-03-23", "2009-04-12", "2010-04-04",
                 "2011-04-24", "2012-04-08", "2013-03-31", "2014-04-20", "2015-04-05", "2016-03-27",
                 "2017-04-16", "2018-04-01", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17",
                 "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16");
    CAPTURE(easter);
    const auto day = [&](int later) { return SessionDate::from_days(date(easter).days() + later); };
    for (const Calendar* calendar : {&hong_kong(), &london(), &xetra()}) {
        CAPTURE(calendar->name());
        CHECK(hours(*calendar, day(-2)) == "none");
        CHECK(hours(*calendar, day(1)) == "none");
        if (calendar == &hong_kong()) continue; // where the days beside may be Ching Ming
        CHECK(hours(*calendar, day(-3)) != "none");
        CHECK(hours(*calendar, day(2)) != "none");
    }
}

TEST_CASE("the Lunar New Year closes Hong Kong and Seoul") {
    // As China counts; Korea counts a day later in the last two.
    const auto lunar =
        GENERATE(as<std::string>{}, "2000-02-05", "2001-01-24", "2002-02-12", "2003-02-01", "2004-01-22",
                 "2005-02-09", "2006-01-29", "2007-02-18", "2008-02-07", "2009-01-26", "2010-02-14",
                 "2011-02-03", "2012-01-23", "2013-02-10", "2014-01-31", "2015-02-19", "2016-02-08",
                 "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01",
                 "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26");
    CAPTURE(lunar);
    const auto day = [&](int later) { return SessionDate::from_days(date(lunar).days() + later); };
    const int korea = lunar >= "2027" ? 1 : 0;
    for (int later = 0; later < 3; ++later) {
        CHECK(hours(hong_kong(), day(later)) == "none");
        CHECK(hours(seoul(), day(later - 1 + korea)) == "none");
    }
    const std::string eve = hours(hong_kong(), day(-1));
    CAPTURE(eve);
    CHECK((eve == "none" || eve.substr(6) == "12:30 HKT" || eve.substr(6) == "12:00 HKT" ||
           eve.substr(6) == "12:00 12:10 HKT"));
}

TEST_CASE("a year has as many sessions as the exchange counts") {
    CHECK(sessions_of_year(tokyo(), 2019) == 241);
    CHECK(sessions_of_year(tokyo(), 2020) == 242); // 243 but for the failure
    CHECK(sessions_of_year(tokyo(), 2024) == 245);
    CHECK(sessions_of_year(new_york(), 2001) == 248);
    CHECK(sessions_of_year(new_york(), 2012) == 250);
    CHECK(sessions_of_year(new_york(), 2024) == 252);
    CHECK(sessions_of_year(seoul(), 2017) == 243);
    CHECK(sessions_of_year(seoul(), 2020) == 248);
    CHECK(sessions_of_year(seoul(), 2024) == 244);
    CHECK(sessions_of_year(hong_kong(), 2019) == 246);
    CHECK(sessions_of_year(hong_kong(), 2021) == 247);
    CHECK(sessions_of_year(hong_kong(), 2023) == 243); // 246 but for the weather
    CHECK(sessions_of_year(hong_kong(), 2024) == 246);
    CHECK(sessions_of_year(london(), 2019) == 253);
    CHECK(sessions_of_year(london(), 2022) == 250); // 260 weekdays less eight holidays, a jubilee, a funeral
    CHECK(sessions_of_year(london(), 2023) == 251);
    CHECK(sessions_of_year(xetra(), 2019) == 251);
    CHECK(sessions_of_year(xetra(), 2022) == 257);
    CHECK(sessions_of_year(xetra(), 2024) == 254);
}

TEST_CASE("the definitions say what is open and what is not, and nothing twice") {
    CHECK(tokyo().from() == date("1986-09-01"));
    CHECK(new_york().from() == date("1985-01-01"));
    CHECK(seoul().from() == date("1985-01-01"));
    CHECK(hong_kong().from() == date("2000-01-01"));
    CHECK(london().from() == date("1999-09-20"));
    CHECK(xetra().from() == date("2000-01-01"));
    for (const Calendar* calendar : {&tokyo(), &new_york(), &seoul(), &hong_kong(), &london(), &xetra()}) {
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
        if (interrupted.contains(cells[0])) continue;
        const auto index = new_york().find(date(cells[0]));
        REQUIRE(index.has_value());
        const Session& session = new_york().sessions()[*index];
        CAPTURE(cells[0]);
        if (session.date >= half_past_nine) REQUIRE(session.open.to_string() == cells[1]);
        REQUIRE(or_empty(session.break_start) == cells[2]);
        REQUIRE(session.close.to_string() == cells[4]);
    }
}

TEST_CASE("Seoul's calendar agrees with the reference", "[.shared]") {
    const auto rows = shared_rows("calendars/XKRX.csv");
    CHECK(differing_dates(seoul(), rows, date("1985-01-01"), date("2026-12-31")) ==
          std::vector<std::string>{});
    // The reference gives Saturdays the hours of the other days, has the late open of 1990 a day late, and an
    // hour for the half hour of 1998; it leaves out what happened on a day itself.
    const std::set<std::string> not_history{"1990-01-03", "1990-01-04", "1998-11-18", "2001-09-12"};
    std::size_t compared = 0;
    for (const Cells& cells : rows) {
        const SessionDate day = date(cells[0]);
        if (day.weekday() == 5 || not_history.contains(cells[0])) continue;
        const auto index = seoul().find(day);
        REQUIRE(index.has_value());
        const Session& session = seoul().sessions()[*index];
        CAPTURE(cells[0]);
        REQUIRE(session.open.to_string() == cells[1]);
        REQUIRE(or_empty(session.break_start) == cells[2]);
        REQUIRE(or_empty(session.break_end) == cells[3]);
        REQUIRE(session.close.to_string() == cells[4]);
        ++compared;
    }
    CHECK(compared == 11'006 - 693 - 4);
}

TEST_CASE("Tokyo has a session on each day that has a close of the Nikkei 225, and on no other",
          "[.shared]") {
    const auto rows = shared_rows("n225-daily.csv");
    CHECK(differing_dates(tokyo(), rows, date("1986-09-01"), date(rows.back()[0])) ==
          std::vector<std::string>{});
}
