// streak through the whole pipeline; the times of alerts are UTC, nine hours behind Tokyo.
#include "tests/plugins/rings.hpp"

using namespace tocsin::tests;

namespace {
struct Row {
    const char *name, *params;
    std::vector<std::string> events, expected;
};
std::vector<std::string> closes(const std::vector<std::string>& of) {
    std::vector<std::string> events;
    const char* days[] = {"01", "02", "03", "04", "07", "08", "09"};
    for (std::size_t i = 0; i < of.size(); ++i)
        events.push_back(std::string{days[i]} + " bar - - - " + of[i]);
    return events;
}
const char *two = "direction: down, length: 2", *three = "direction: down, length: 3";
} // namespace

TEST_CASE("streak counts sessions in a row") {
    const auto row = GENERATE(values<Row>({
        {"the first event ever moves from nowhere", two, closes({"1000", "999"}), {}},
        {"fires when the count is reached, escalates, and is cleared by what breaks it",
         two,
         closes({"1000", "990", "980", "900", "901"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 at_least=true",
          "04 06:30:00 firing escalated length=3 first_session=2025-04-02 points=100 percent=10 close=900 "
          "at_least=true",
          "07 06:30:00 resolved cleared length=3 first_session=2025-04-02 points=100 percent=10 close=901 "
          "at_least=true"}},
        {"behind a rise it is exactly so many",
         two,
         closes({"1000", "1001", "990", "980"}),
         {"04 06:30:00 firing length=2 first_session=2025-04-03 points=21 percent=2.0979 close=980"}},
        {"escalate: false tells the first alone",
         "direction: down, length: 2, escalate: false",
         closes({"1000", "990", "980", "900", "901"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 at_least=true",
          "07 06:30:00 resolved cleared length=3 first_session=2025-04-02 points=100 percent=10 close=901 "
          "at_least=true"}},
        {"up",
         "direction: up, length: 2",
         closes({"1000", "1001", "1002"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=2 percent=0.2 close=1002 "
          "at_least=true"}},
        {"one short", three, closes({"1000", "990", "980", "981", "970", "960"}), {}},
        {"a unit is a move",
         two,
         closes({"1000", "999.999999999", "999.999999998"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=0.000000002 percent=0 "
          "close=999.999999998 at_least=true"}},
        {"an unchanged close breaks it", two, closes({"1000", "990", "990", "980"}), {}},
        {"or counts",
         "direction: down, length: 2, flat: continues",
         closes({"1000", "990", "990"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=10 percent=1 close=990 "
          "at_least=true"}},
        {"or does neither",
         "direction: down, length: 2, flat: ignored",
         closes({"1000", "990", "990", "980"}),
         {"04 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 "
          "at_least=true"}},
        {"a small move neither counts nor breaks",
         "direction: down, length: 2, min_move: 1%",
         closes({"1000", "990", "995", "986", "976.140000001", "976.14", "966"}),
         {"09 06:30:00 firing length=2 first_session=2025-04-02 points=34 percent=3.4 close=966 "
          "at_least=true"}},
        {"exactly min_move counts",
         "direction: down, length: 2, min_move: 10",
         closes({"1000", "990", "980"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 "
          "at_least=true"}},
        {"a unit less does not",
         "direction: down, length: 2, min_move: 10",
         closes({"1000", "990", "980.000000001"}),
         {}},
        {"cumulative, exactly",
         "direction: down, length: 2, cumulative: 3%",
         closes({"1000", "990", "970"}),
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=30 percent=3 close=970 "
          "at_least=true"}},
        {"a unit short of it waits for the next",
         "direction: down, length: 2, cumulative: 30",
         closes({"1000", "990", "970.000000001", "970"}),
         {"04 06:30:00 firing length=3 first_session=2025-04-02 points=30 percent=3 close=970 "
          "at_least=true"}},
        {"live prices are no closes",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "03 09:01 tick 900"},
         {}},
        {"a missing close: not known, neither fired nor broken",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "04 bar - - - 980"},
         {}},
        {"which its coming late mends",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "04 bar - - - 980", "03 bar - - - 985"},
         {"03 06:30:00 firing length=3 first_session=2025-04-02 points=20 percent=2 close=980 at_least=true "
          "late"}},
        {"firing, it goes on across the hole and is broken behind it",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "03 bar - - - 980", "07 bar - - - 985",
          "08 bar - - - 990"},
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 at_least=true",
          "08 06:30:00 resolved cleared length=0 close=990"}},
        {"behind a hole, at least so many",
         two,
         {"01 bar - - - 1000", "03 bar - - - 980", "04 bar - - - 970", "07 bar - - - 960"},
         {"07 06:30:00 firing length=2 first_session=2025-04-04 points=20 percent=2.0408 close=960 "
          "at_least=true"}},
        {"a duplicate close does nothing",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "02 bar - - - 990", "03 bar - - - 980"},
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 "
          "at_least=true"}},
        {"a halt does not hinder a close",
         two,
         {"01 bar - - - 1000", "02 bar - - - 990", "03 10:00 halted", "03 15:30 close 980"},
         {"03 06:30:00 firing length=2 first_session=2025-04-02 points=20 percent=2 close=980 at_least=true "
          "halted"}},
        {"a holiday is no session",
         two,
         {"25 bar - - - 1000", "28 bar - - - 990", "30 bar - - - 980"},
         {"30 06:30:00 firing length=2 first_session=2025-04-28 points=20 percent=2 close=980 "
          "at_least=true"}},
    }));
    CAPTURE(row.name);
    CHECK(rings("streak", row.params, row.events,
                {"length", "first_session", "points", "percent", "close", "at_least"}) == row.expected);
}

TEST_CASE("streak over an early close in New York") {
    CHECK(rings("streak", two, {"05-22 16:00 close 1000", "05-23 13:00 close 990", "05-27 16:00 close 980"},
                {"length"}, "SPX", "-04:00") == std::vector<std::string>{"27 20:00:00 firing length=2"});
}
