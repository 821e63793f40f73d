// Times and dates against tables, and against a calendar that is counted day by day.
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <tocsin/time.hpp>

using namespace tocsin;

namespace {

constexpr const char* form = "is not an RFC 3339 time with an offset, like 2025-04-03T09:00:00+09:00";

} // namespace

TEST_CASE("a time is read with its offset and printed in UTC") {
    struct Row {
        const char *name, *text, *printed, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"UTC", "2024-08-05T06:00:00Z", "2024-08-05T06:00:00Z", ""},
        {"Tokyo", "2024-08-05T15:00:00+09:00", "2024-08-05T06:00:00Z", ""},
        {"New York, over midnight", "2025-04-02T20:30:00-04:00", "2025-04-03T00:30:00Z", ""},
        {"an offset of minutes", "2025-01-01T00:00:00+05:45", "2024-12-31T18:15:00Z", ""},
        {"an offset of nothing", "2025-01-01T00:00:00-00:00", "2025-01-01T00:00:00Z", ""},
        {"small letters", "2025-01-01t01:02:03z", "2025-01-01T01:02:03Z", ""},
        {"a blank between", "2025-01-01 01:02:03Z", "2025-01-01T01:02:03Z", ""},
        {"9 fraction digits", "2025-01-01T00:00:00.123456789Z", "2025-01-01T00:00:00.123456789Z", ""},
        {"the shortest fraction", "2025-01-01T00:00:00.250000Z", "2025-01-01T00:00:00.25Z", ""},
        {"a fraction of zero", "2025-01-01T00:00:00.000Z", "2025-01-01T00:00:00Z", ""},
        {"a fraction and an offset", "2025-01-01T09:00:00.5+09:00", "2025-01-01T00:00:00.5Z", ""},
        {"a fraction before 1970", "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:59:59.999999999Z", ""},
        {"a leap day", "2024-02-29T12:00:00Z", "2024-02-29T12:00:00Z", ""},
        {"a leap day of a century", "2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z", ""},
        {"the first year", "1678-01-01T00:00:00+23:59", "1677-12-31T00:01:00Z", ""},
        {"the last year", "2261-12-31T23:59:59.999999999-23:59", "2262-01-01T23:58:59.999999999Z", ""},
        {"no leap day", "2025-02-29T12:00:00Z", "", "is no time of the calendar"},
        {"no leap day of a century", "1900-02-29T12:00:00Z", "", "is no time of the calendar"},
        {"a 31st of April", "2025-04-31T12:00:00Z", "", "is no time of the calendar"},
        {"month 0", "2025-00-01T12:00:00Z", "", "is no time of the calendar"},
        {"month 13", "2025-13-01T12:00:00Z", "", "is no time of the calendar"},
        {"day 0", "2025-01-00T12:00:00Z", "", "is no time of the calendar"},
        {"hour 24", "2025-01-01T24:00:00Z", "", "is no time of the calendar"},
        {"minute 60", "2025-01-01T12:60:00Z", "", "is no time of the calendar"},
        {"a leap second", "2016-12-31T23:59:60Z", "", "is no time of the calendar"},
        {"a year too early", "1677-12-31T00:00:00Z", "", "is out of range (1678 to 2261)"},
        {"a year too late", "2262-01-01T00:00:00Z", "", "is out of range (1678 to 2261)"},
        {"10 fraction digits", "2025-01-01T00:00:00.0000000001Z", "", "has more than 9 fraction digits"},
        {"no offset", "2025-01-01T00:00:00", "", "has no offset (Z or +09:00)"},
        {"no offset behind a fraction", "2025-01-01T00:00:00.5", "", "has no offset (Z or +09:00)"},
        {"a date alone", "2025-01-01", "", form},
        {"nothing", "", "", form},
        {"no seconds", "2025-01-01T00:00Z", "", form},
        {"no digits behind the point", "2025-01-01T00:00:00.Z", "", form},
        {"an offset without a colon", "2025-01-01T00:00:00+0900", "", form},
        {"half an offset", "2025-01-01T00:00:00+09", "", form},
        {"an offset cut off", "2025-01-01T00:00:00+09:0", "", form},
        {"an offset of a day", "2025-01-01T00:00:00+24:00", "", form},
        {"minutes of an offset", "2025-01-01T00:00:00+09:60", "", form},
        {"more behind it", "2025-01-01T00:00:00Zx", "", form},
        {"more behind an offset", "2025-01-01T00:00:00+09:000", "", form},
        {"slashes", "2025/01/01T00:00:00Z", "", form},
        {"a sign in a number", "2025-01-01T+1:00:00Z", "", form},
        {"a zone by name", "2025-01-01T00:00:00JST", "", form},
    }));
    CAPTURE(row.name, row.text);
    const auto parsed = Time::parse(row.text);
    CHECK(parsed.problem == row.problem);
    if (parsed) CHECK(parsed.value.to_string() == row.printed);
}

TEST_CASE("a time that is cut off anywhere is no time, and nothing behind its end is read") {
    const std::string whole = "2025-04-03T09:00:00.123+09:00";
    for (std::size_t length = 0; length < whole.size(); ++length) {
        const std::string cut = whole.substr(0, length); // of its own, so that a sanitizer sees its end
        CAPTURE(cut);
        CHECK_FALSE(Time::parse(cut).problem.empty());
    }
}

TEST_CASE("a time counts nanoseconds since 1970") {
    CHECK(Time::parse("1970-01-01T00:00:00Z").value.nanos() == 0);
    CHECK(Time::parse("1970-01-01T00:00:00.000000001Z").value.nanos() == 1);
    CHECK(Time::parse("1969-12-31T23:59:59Z").value.nanos() == -nanos_per_second);
    CHECK(Time::parse("2001-09-09T01:46:40Z").value.nanos() == 1'000'000'000 * nanos_per_second);
}

TEST_CASE("what a time prints, it reads back") {
    std::mt19937_64 random{1};
    const std::int64_t first = Time::parse("1678-01-01T00:00:00Z").value.nanos();
    const std::int64_t last = Time::parse("2261-12-31T23:59:59Z").value.nanos();
    std::uniform_int_distribution<std::int64_t> any{first, last};
    for (int i = 0; i < 20'000; ++i) {
        std::int64_t nanos = any(random);
        if (i % 2 == 0) nanos -= nanos % nanos_per_second;
        const std::string text = Time::from_nanos(nanos).to_string();
        CAPTURE(nanos, text);
        REQUIRE(Time::parse(text).problem == "");
        REQUIRE(Time::parse(text).value.nanos() == nanos);
    }
}

TEST_CASE("the ends of time print") {
    CHECK(Time::min().to_string() == "1677-09-21T00:12:43.145224192Z");
    CHECK(Time::max().to_string() == "2262-04-11T23:47:16.854775807Z");
}

TEST_CASE("a time plus nanoseconds stays within its range") {
    CHECK(Time::from_nanos(5).plus(3).nanos() == 8);
    CHECK(Time::from_nanos(5).plus(-7).nanos() == -2);
    CHECK(Time::max().plus(1) == Time::max());
    CHECK(Time::min().plus(-1) == Time::min());
    CHECK(Time::max().plus(-1).nanos() == std::numeric_limits<std::int64_t>::max() - 1);
}

TEST_CASE("a session is read from its date") {
    struct Row {
        const char *text, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-04-07", ""},
        {"2024-02-29", ""},
        {"0001-01-01", ""},
        {"9999-12-31", ""},
        {"2023-02-29", "is no day of the calendar"},
        {"2025-06-31", "is no day of the calendar"},
        {"2025-00-10", "is no day of the calendar"},
        {"2025-04-00", "is no day of the calendar"},
        {"2025-4-7", "is not a date like 2025-04-03"},
        {"2025/04/07", "is not a date like 2025-04-03"},
        {"20250407", "is not a date like 2025-04-03"},
        {"2025-04-07T", "is not a date like 2025-04-03"},
        {"", "is not a date like 2025-04-03"},
    }));
    CAPTURE(row.text);
    const auto parsed = SessionDate::parse(row.text);
    CHECK(parsed.problem == row.problem);
    if (parsed) CHECK(parsed.value.to_string() == row.text);
}

TEST_CASE("dates and their numbers agree with a calendar counted day by day") {
    constexpr std::int32_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    std::int32_t days = -134'774; // 1601-01-01, a Monday
    std::int32_t weekday = 0;
    for (std::int32_t year = 1601; year <= 2400; ++year) {
        const bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        for (std::int32_t month = 1; month <= 12; ++month) {
            const std::int32_t length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);
            REQUIRE(days_in_month(year, month) == length);
            for (std::int32_t day = 1; day <= length; ++day, ++days, weekday = (weekday + 1) % 7) {
                const SessionDate date = SessionDate::from_civil(year, month, day);
                const CivilDate back = civil_from_days(days);
                // One check a day, for there are 292,000 of them.
                if (date.days() != days || date.weekday() != weekday || back.year != year ||
                    back.month != month || back.day != day)
                    FAIL(year << '-' << month << '-' << day);
            }
        }
    }
    CHECK(days == SessionDate::from_civil(2401, 1, 1).days());
}
