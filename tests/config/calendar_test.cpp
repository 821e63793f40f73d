#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace tocsin;
using namespace tocsin::config;

namespace {

using Texts = std::vector<std::string>;

struct Loaded {
    std::optional<market::CalendarDefinition> calendar;
    Texts errors;
};

Loaded load(std::string_view text) {
    const tests::TempDir dir;
    const std::string file = dir.write("x.yaml", text);
    Diagnostics diagnostics;
    Loaded loaded{load_calendar(file, {}, diagnostics), {}};
    for (const Error& error : diagnostics.errors()) {
        CHECK(error.file == file);
        loaded.errors.push_back(std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
                                error.message);
    }
    return loaded;
}

SessionDate date(std::string_view text) {
    return SessionDate::parse(text).value;
}

const std::string head = "calendar: X\n"
                         "zone: Asia/Tokyo\n"
                         "from: 2024-01-01\n"
                         "to: 2025-12-31\n";
const std::string hours = "hours:\n"
                          "  - {from: 2024-01-01, open: 09:00, break: [11:30, 12:30], close: 15:00, "
                          "weekdays: [mon, tue, wed, thu, fri]}\n";

} // namespace

TEST_CASE("a calendar is read as it is written") {
    const Loaded loaded =
        load("calendar: XTKS\n"
             "zone: Asia/Tokyo\n"
             "from: 1986-09-01\n"
             "to: 2028-12-31\n"
             "hours:\n"
             "  - {from: 1986-09-01, open: \"09:00\", break: [\"11:00\", \"12:30\"], close: \"15:00\",\n"
             "     weekdays: [sat, mon, tue, wed, thu, fri]}\n"
             "  - from: 2024-11-05\n"
             "    open: 09:00\n"
             "    break: [11:30, 12:30]\n"
             "    auction: 15:25\n"
             "    close: 15:30\n"
             "    weekdays: [mon, tue, wed, thu, fri]\n"
             "closed: [2025-01-01, 1997-01-01]\n"
             "special:\n"
             "  - {date: 2024-12-30, auction: none}\n"
             "  - {date: 1988-12-28, break: none, close: \"11:00\"}\n"
             "  - {date: 2024-11-10, open: 10:00, break: [12:00, 13:00]}\n"); // a Sunday
    CHECK(loaded.errors == Texts{});
    REQUIRE(loaded.calendar.has_value());
    const market::CalendarDefinition& calendar = *loaded.calendar;
    CHECK(calendar.name == "XTKS");
    CHECK(calendar.zone == "Asia/Tokyo");
    CHECK(calendar.from == date("1986-09-01"));
    CHECK(calendar.to == date("2028-12-31"));
    const market::Hours first{540, 660, 750, std::nullopt, 900}, second{540, 690, 750, 925, 930};
    REQUIRE(calendar.regimes.size() == 2);
    CHECK(calendar.regimes[0] == market::Regime{date("1986-09-01"), first, {0, 1, 2, 3, 4, 5}});
    CHECK(calendar.regimes[1] == market::Regime{date("2024-11-05"), second, {0, 1, 2, 3, 4}});
    CHECK(calendar.closed == std::vector<SessionDate>{date("1997-01-01"), date("2025-01-01")});
    REQUIRE(calendar.special.size() == 3);
    CHECK(calendar.special[0].first == date("1988-12-28"));
    CHECK(calendar.special[0].second == market::Hours{540, std::nullopt, std::nullopt, std::nullopt, 660});
    CHECK(calendar.special[1].first == date("2024-11-10"));
    CHECK(calendar.special[1].second == market::Hours{600, 720, 780, 925, 930});
    CHECK(calendar.special[2].first == date("2024-12-30"));
    CHECK(calendar.special[2].second == market::Hours{540, 690, 750, std::nullopt, 930});
}

TEST_CASE("a mistake in a calendar is said with its place") {
    struct Row {
        std::string name, text;
        Texts errors;
    };
    const std::string day = R"("2024-13-01" is no day of the calendar)",
                      ascend = "the hours must ascend: open, break, auction, close";
    const std::string remedy = "; what is not given is taken from the day's hours, none removes it";
    const std::string outside = " lies outside the calendar, 2024-01-01 to 2025-12-31";
    const auto row = GENERATE_COPY(values<Row>({
        {"an empty file", "", {"1:1: a calendar must be a map, found nothing"}},
        {"only a name",
         "calendar: X\n",
         {"1:1: a calendar needs \"zone\"", "1:1: a calendar needs \"from\"", "1:1: a calendar needs \"to\"",
          "1:1: a calendar needs \"hours\""}},
        {"an unknown key",
         head + hours + "close: []\n",
         {"7:1: a calendar has no key \"close\", did you mean \"closed\"?"}},
        {"a name with a blank",
         "calendar: X Y\n" + head.substr(12) + hours,
         {"1:11: the name \"X Y\" may have printable ASCII only, and no blanks"}},
        {"a date that is none",
         "calendar: X\nzone: Z\nfrom: 2024-13-01\nto: 2025-12-31\n" + hours,
         {"3:7: " + day}},
        {"an end before the begin",
         "calendar: X\nzone: Z\nfrom: 2024-01-01\nto: 2023-12-31\n" + hours,
         {"4:5: \"to\" must not be before \"from\""}},
        {"a span beyond all time",
         "calendar: X\nzone: Z\nfrom: 1600-01-01\nto: 2500-12-31\n" + hours,
         {"3:7: \"from\" must not be before 1678-01-02", "4:5: \"to\" must not be after 2261-12-30"}},
        {"hours that are a map",
         head + "hours: {open: 09:00}\n",
         {"5:8: \"hours\" must be a list, found a map"}},
        {"hours that lack all",
         head + "hours:\n- {}\n",
         {"6:3: an entry of \"hours\" needs \"from\"", "6:3: an entry of \"hours\" needs \"open\"",
          "6:3: an entry of \"hours\" needs \"close\"", "6:3: an entry of \"hours\" needs \"weekdays\""}},
        {"hours that begin late",
         head + "hours:\n- {from: 2024-01-02, open: 09:00, close: 15:00, weekdays: [mon]}\n",
         {"6:10: the first hours must begin with the calendar, at 2024-01-01"}},
        {"hours out of order",
         head + hours + "  - {from: 2024-01-01, open: 09:00, close: 15:00, weekdays: [mon]}\n",
         {"7:12: the hours must be in the order of their dates"}},
        {"hours after the end",
         head + hours + "  - {from: 2026-01-01, open: 09:00, close: 15:00, weekdays: [mon]}\n",
         {"7:12: 2026-01-01" + outside}},
        {"no time of day",
         head + "hours:\n- {from: 2024-01-01, open: 9:00, close: 24:01, weekdays: [mon]}\n",
         {"6:28: \"9:00\" is not a time of day like \"09:00\"",
          "6:41: \"24:01\" is not a time of day like \"09:00\""}},
        {"a break of one time",
         head + "hours:\n- {from: 2024-01-01, open: 09:00, close: 15:00, break: [11:00], weekdays: [mon]}\n",
         {"6:56: \"break\" must be two times like [\"11:30\", \"12:30\"], or none, found a list"}},
        {"a break after the close, and what inherits it",
         head +
             "hours:\n- {from: 2024-01-01, open: 09:00, close: 15:00, break: [15:00, 16:00], weekdays: "
             "[mon]}\n" +
             "special:\n- {date: 2024-01-08, open: 10:00}\n",
         {"6:3: " + ascend}},
        {"an auction before the break ends",
         head + "hours:\n- {from: 2024-01-01, open: 09:00, break: [11:00, 12:00], auction: 12:00, close: "
                "15:00, weekdays: [mon]}\n",
         {"6:3: " + ascend}},
        {"a weekday that is none",
         head + "hours:\n- {from: 2024-01-01, open: 09:00, close: 15:00, weekdays: [mon, teu]}\n",
         {"6:65: \"weekdays\" must be one of mon, tue, wed, thu, fri, sat, sun, found \"teu\", did you mean "
          "\"tue\"?"}},
        {"no weekday",
         head + "hours:\n- {from: 2024-01-01, open: 09:00, close: 15:00, weekdays: []}\n",
         {"6:59: \"weekdays\" must name a day"}},
        {"closed outside the span", head + hours + "closed: [2023-12-29]\n", {"7:10: 2023-12-29" + outside}},
        {"closed on a Saturday",
         head + hours + "closed: [2024-01-06]\n",
         {"7:10: 2024-01-06 is a Saturday, which has no session anyway; leave it out"}},
        {"closed twice",
         head + hours + "closed: [2024-01-08, 2024-01-08]\n",
         {"7:22: 2024-01-08 is given twice among the closed and special days"}},
        {"closed and special",
         head + hours + "closed: [2024-01-08]\nspecial:\n- {date: 2024-01-08, open: 10:00}\n",
         {"9:10: 2024-01-08 is given twice among the closed and special days"}},
        {"closed, but when",
         head + hours + "closed: [2024-13-01, [x]]\n",
         {"7:10: " + day, "7:22: a list is not a date like 2025-04-03"}},
        {"special without a date",
         head + hours + "special:\n- {open: 10:00}\n",
         {"8:3: an entry of \"special\" needs \"date\""}},
        {"special with weekdays",
         head + hours + "special:\n- {date: 2024-01-08, open: 10:00, weekdays: [mon]}\n",
         {"8:35: an entry of \"special\" has no key \"weekdays\""}},
        {"special in the middle of the break",
         head + hours + "special:\n- {date: 2024-01-08, close: 11:00}\n",
         {"8:3: " + ascend + remedy}},
    }));
    CAPTURE(row.name);
    const Loaded loaded = load(row.text);
    CHECK(loaded.errors == row.errors);
    CHECK_FALSE(loaded.calendar.has_value());
}
