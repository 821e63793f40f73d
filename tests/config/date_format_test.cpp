#include "config/date_format.hpp"

#include <catch2/catch.hpp>

using namespace tocsin;
using config::DateFormat;

namespace {

/// `2025-04-03 32405`, the date and the second of the day; or what is wrong.
std::string read(const char* format, const char* text) {
    const auto parsed = DateFormat::parse(format);
    REQUIRE(parsed.problem.empty());
    const auto moment = parsed.value.read(text);
    if (!moment.problem.empty()) return std::string{moment.problem};
    return moment.date.to_string() + " " + std::to_string(moment.second);
}

} // namespace

TEST_CASE("a date format reads what it describes, and nothing else") {
    struct Row {
        const char *format, *text, *read;
    };
    const auto row = GENERATE(values<Row>({
        {"%Y-%m-%d", "2025-04-03", "2025-04-03 0"},
        {"%m/%d/%Y", "04/03/2025", "2025-04-03 0"},
        {"%m/%d/%Y", "4/3/2025", "2025-04-03 0"},
        {"%m/%d/%Y", "12/31/1999", "1999-12-31 0"},
        {"%d.%m.%Y", "29.02.2024", "2024-02-29 0"},
        {"%d-%b-%Y", "01-Jan-2025", "2025-01-01 0"},
        {"%d%b%Y", "1DEC2025", "2025-12-01 0"},
        {"%b %d, %Y", "sep 9, 2025", "2025-09-09 0"},
        {"%Y%m%d", "20250403", "2025-04-03 0"},
        {"%Y%m%d%H%M%S", "20250403090005", "2025-04-03 32405"},
        {"%Y-%m-%dT%H:%M", "2025-04-03T23:59", "2025-04-03 86340"},
        {"%d/%m/%Y %H:%M:%S", "3/4/2025 9:00:05", "2025-04-03 32405"},
        {"%Y年%m月%d日", "2025年4月3日", "2025-04-03 0"},
        {"%m/%d/%Y", "04-03-2025", "does not fit"},
        {"%m/%d/%Y", "004/03/2025", "does not fit"},
        {"%m/%d/%Y", "04/03/25", "does not fit"},
        {"%m/%d/%Y", "04/03/2025 ", "does not fit"},
        {"%m/%d/%Y", "04/03/20255", "does not fit"},
        {"%m/%d/%Y", " 4/03/2025", "does not fit"},
        {"%m/%d/%Y", "+4/03/2025", "does not fit"},
        {"%m/%d/%Y", "04/", "does not fit"},
        {"%m/%d/%Y", "", "does not fit"},
        {"%m/%d/%Y", "0/03/2025", "does not fit"},
        {"%m/%d/%Y", "13/03/2025", "does not fit"},
        {"%Y%m%d", "2025403", "does not fit"},
        {"%d %b %Y", "3 April 2025", "does not fit"},
        {"%d %b %Y", "3 Mai 2025", "does not fit"},
        {"%Y-%m-%d %H:%M", "2025-04-03 9:5", "does not fit"},
        {"%d.%m.%Y", "29.02.2025", "is no day of the calendar by"},
        {"%d.%m.%Y", "00.02.2025", "is no day of the calendar by"},
        {"%Y-%m-%d %H:%M", "2025-04-03 24:00", "is no time of the day by"},
        {"%Y-%m-%d %H:%M:%S", "2025-04-03 09:00:60", "is no time of the day by"},
    }));
    CAPTURE(row.format, row.text);
    CHECK(read(row.format, row.text) == row.read);
}

TEST_CASE("a format that says no whole date, or what a locale would decide, is refused") {
    struct Row {
        const char *format, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"", "is no whole date: it needs %Y, %d and one of %m and %b, like %m/%d/%Y"},
        {"%m/%d", "is no whole date: it needs %Y, %d and one of %m and %b, like %m/%d/%Y"},
        {"%Y-%M-%d", "is no whole date: it needs %Y, %d and one of %m and %b, like %m/%d/%Y"},
        {"%m/%d/%y", "has \"%y\", which is none of %Y %m %d %b %H %M %S"},
        {"%d %B %Y", "has \"%B\", which is none of %Y %m %d %b %H %M %S"},
        {"%Y-%m-%d%", "has \"%\", which is none of %Y %m %d %b %H %M %S"},
        {"%Y-%m-%d%\xC3\xA9", "has \"%\", which is none of %Y %m %d %b %H %M %S"},
        {"MM/DD/YYYY", "has a \"M\" that belongs to no field; the fields are %Y %m %d %b %H %M %S"},
        {"%Y-%m-%dT%H:%M:%SZ", "has a \"Z\" that belongs to no field; the fields are %Y %m %d %b %H %M %S"},
        {"%d/%d/%Y", "has %d twice"},
        {"%m %b %d %Y", "has the month twice, as %m and as %b"},
        {"%Y-%m-%d %H", "is no whole time: it needs %H and %M, and may have %S"},
        {"%Y-%m-%d %S", "is no whole time: it needs %H and %M, and may have %S"},
    }));
    CAPTURE(row.format);
    CHECK(DateFormat::parse(row.format).problem == row.problem);
}
