// absence through the whole pipeline. `slump` rings when N225 falls to 970.
#include "alert/summary.hpp"
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

/// `CLOCK MEASURE STAGE` with the clock in UTC as `02T00:10`: a tariff event on Japan. Else as line_of.
std::string event(const std::string& text) {
    if (text.size() < 3 || text[2] != 'T') return line_of(text);
    std::istringstream in{text};
    std::string clock, measure, stage, came;
    in >> clock >> measure >> stage;
    return R"({"type":"tariff","ts":"2025-04-)" + clock + R"(:00Z","measure":")" + measure +
           R"(","stage":")" + stage + R"(","imposer":"US","target":"JP"})";
}

struct Row {
    const char *name, *params;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

std::vector<std::string> told(const Row& row) {
    const Desk desk{
        std::string{
            R"(  - {name: slump, type: level_cross, symbols: [N225], params: {level: 970, direction: down}}
  - {name: deep, type: level_cross, symbols: [N225], params: {level: 900, direction: down, mode: is_beyond}}
  - {name: it, type: absence, symbols: [N225], params: {)"} +
        row.params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto* text : row.events) run.take(decode(event(text)));
    std::vector<std::string> all;
    for (const auto& alert : run.told) {
        if (alert.rule != "it") continue;
        std::string line = alert.at.to_string().substr(8) + ' ' + std::string{name(alert.state)} + ' ' +
                           std::string{name(alert.reason)};
        for (const auto& value : alert.values)
            if (value.name != "expected" && value.name != "after")
                line += ' ' + value.name + '=' + alert::print(value.value);
        all.push_back(line);
    }
    return all;
}

const char* const announced =
    "after: {match: {stage: announced}}, expect: {match: {stage: effective}}, within: 2h";
const char* const answered = "after: {match: {stage: announced}}, expect: {rule: slump}, within: 30m";

} // namespace

TEST_CASE("absence rings when B does not follow A") {
    const auto row = GENERATE(values<Row>({
        {"fires at the deadline, exactly",
         announced,
         {"02T00:10 m announced", "02 02:09:59.999999999Z beat", "02 02:10Z beat", "02 05:00Z beat"},
         {"02T02:10:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0"}},
        {"B in time: nothing",
         announced,
         {"02T00:10 m announced", "02T02:09 m effective", "02 05:00Z beat"},
         {}},
        {"B exactly at the deadline is too late: it fires, and ends",
         announced,
         {"02T00:10 m announced", "02T02:10 m effective", "02 05:00Z beat"},
         {"02T02:10:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0",
          "02T02:10:00Z resolved late_arrival after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0 came=m came_at=2025-04-02T02:10:00Z"}},
        {"B late: it ends, and says how late",
         announced,
         {"02T00:10 m announced", "02T02:40 m effective"},
         {"02T02:10:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0",
          "02T02:40:00Z resolved late_arrival after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=1800 came=m came_at=2025-04-02T02:40:00Z"}},
        {"B before A does not count",
         announced,
         {"02T00:05 m effective", "02T00:10 m announced", "02 02:10Z beat"},
         {"02T02:10:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0"}},
        {"two waits, one B: both are met",
         announced,
         {"02T00:10 m announced", "02T00:40 n announced", "02T02:00 m effective", "02 05:00Z beat"},
         {}},
        {"two waits: it fires for the first, once, and ends with B",
         announced,
         {"02T00:10 m announced", "02T00:40 n announced", "02 02:30Z beat", "02T03:00 m effective",
          "02 05:00Z beat"},
         {"02T02:10:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=0",
          "02T03:00:00Z resolved late_arrival after_at=2025-04-02T00:10:00Z deadline=2025-04-02T02:10:00Z "
          "overdue_seconds=3000 came=m came_at=2025-04-02T03:00:00Z"}},
        {"A after B waits anew",
         announced,
         {"02T00:10 m announced", "02T01:00 m effective", "02T01:30 n announced", "02 03:30Z beat"},
         {"02T03:30:00Z firing entered after_at=2025-04-02T01:30:00Z deadline=2025-04-02T03:30:00Z "
          "overdue_seconds=0"}},
        {"the market answered in time",
         answered,
         {"02 09:00 tick N225 1000", "02T00:10 m announced", "02 09:20 tick N225 960",
          "02 10:00 tick N225 960"},
         {}},
        {"the market did not answer",
         answered,
         {"02 09:00 tick N225 1000", "02T00:10 m announced", "02 09:38 tick N225 1000",
          "02 09:41 tick N225 960"},
         {"02T00:40:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T00:40:00Z "
          "overdue_seconds=0",
          "02T00:41:00Z resolved late_arrival after_at=2025-04-02T00:10:00Z deadline=2025-04-02T00:40:00Z "
          "overdue_seconds=60 came=ID came_at=2025-04-02T00:41:00Z"}},
        {"no ticks, so nobody can tell; B has come when they are back: nothing",
         answered,
         {"02 09:00 tick N225 1000", "02T00:10 m announced", "02 09:45 beat", "02 09:50 tick N225 960",
          "02 10:00 tick N225 960"},
         {}},
        {"no ticks, so nobody can tell; back without B, it fires",
         answered,
         {"02 09:00 tick N225 1000", "02T00:10 m announced", "02 09:45 beat", "02 09:50 tick N225 1000",
          "02 09:52 tick N225 1000"},
         {"02T00:51:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T00:40:00Z "
          "overdue_seconds=660"}},
        {"the expected rule is held by a halt: nobody can tell until it is over",
         "after: {match: {stage: announced}}, expect: {rule: deep}, within: 30m",
         {"02 09:00 tick N225 1000", "02T00:10 m announced", "02 09:20 halted N225", "02 09:59 beat",
          "02 10:00 resumed N225", "02 10:00:30 tick N225 1000", "02 10:02 tick N225 1000"},
         {"02T01:01:00Z firing entered after_at=2025-04-02T00:10:00Z deadline=2025-04-02T00:40:00Z "
          "overdue_seconds=1260"}},
        {"by a point of the session, since each open",
         "expect: {match: {stage: effective}}, by: open+1h",
         {"02 08:00 beat", "02 10:00 beat", "03T00:30 m effective", "03 12:00 beat", "04 09:00 beat",
          "04 11:00 beat"},
         {"02T01:00:00Z firing entered after_at=2025-04-02T00:00:00Z deadline=2025-04-02T01:00:00Z "
          "overdue_seconds=0",
          "03T00:00:00Z resolved expired after_at=2025-04-02T00:00:00Z deadline=2025-04-02T01:00:00Z "
          "overdue_seconds=82800",
          "04T01:00:00Z firing entered after_at=2025-04-04T00:00:00Z deadline=2025-04-04T01:00:00Z "
          "overdue_seconds=0"}},
        {"by a point of the session, after A: the next such point",
         "after: {match: {stage: announced}}, expect: {match: {stage: effective}}, by: close-30m",
         {"02T06:10 m announced", "03 06:00Z beat"},
         {"03T06:00:00Z firing entered after_at=2025-04-02T06:10:00Z deadline=2025-04-03T06:00:00Z "
          "overdue_seconds=0"}},
    }));
    CAPTURE(row.name);
    auto all = told(row);
    for (auto& line : all) // an alert's id is long, and alert/id_test.cpp's
        if (const auto at = line.find("came="); at != std::string::npos && line.find("came=m") != at)
            line.replace(at, line.find(' ', at) - at, "came=ID");
    CHECK(all == row.expected);
}

TEST_CASE("absence: the close of a bar is in time for so many sessions") {
    const auto alerts = [](const char* close) {
        return told({"",
                     "after: {match: {stage: announced}}, expect: {rule: slump}, within: 1 session",
                     {"02 bar N225 - - - 1000", "02T23:00 m announced", close, "04 09:00 beat"},
                     {}});
    };
    CHECK(alerts("03 bar N225 - - - 960").empty());
    CHECK(alerts("03 bar N225 - - - 980").size() == 1);
}

TEST_CASE("absence refuses what cannot be meant") {
    CHECK(mistakes("absence", "{expect: {match: {stage: effective}}, within: 2h}") ==
          std::vector<std::string>{
              "is missing: what begins the wait? Only with `by` each session's open does"});
    for (const char* by : {"noon", "open+", "close-30", "open+0m", "close*3h", "open+2d"})
        CHECK(mistakes("absence", "{expect: {match: {stage: effective}}, by: \"" + std::string{by} + "\"}") ==
              std::vector<std::string>{
                  "is `open` or `close`, and may go on with an offset: close-30m, open+1h"});
    CHECK(mistakes("absence", "{after: {match: {}}, expect: {match: {}}, within: 2h, by: open}") ==
          std::vector<std::string>{"needs one of `within` and `by` beside it"});
    CHECK(mistakes("absence", "{after: {match: {}, rule: x}, expect: {match: {}}, within: 0s}") ==
          std::vector<std::string>{"needs one of rule and match", "must be above 0"});
}
