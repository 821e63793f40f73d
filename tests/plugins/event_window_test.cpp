// event_window through the whole pipeline.
#include "alert/summary.hpp"
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

/// `CLOCK MEASURE` with the clock in UTC as `02T00:10`: a tariff event on Japan. Else as line_of.
std::string event(const std::string& text) {
    if (text.size() < 3 || text[2] != 'T') return line_of(text);
    return R"({"type":"tariff","ts":"2025-04-)" + text.substr(0, 8) + R"(:00Z","measure":")" +
           text.substr(9) + R"(","stage":"announced","imposer":"US","target":"JP"})";
}

struct Row {
    const char *name, *params;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

std::vector<std::string> told(const Row& row) {
    const Desk desk{std::string{"  - {name: it, type: event_window, symbols: [N225], params: {"} +
                    row.params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto* text : row.events) run.take(decode(event(text)));
    std::vector<std::string> all;
    for (const auto& alert : run.told) {
        std::string line = alert.at.to_string().substr(8) + ' ' + alert.subject + ' ' +
                           std::string{name(alert.state)} + ' ' + std::string{name(alert.reason)};
        for (const auto& value : alert.values)
            if (value.name != "measure" && value.name != "event_at" && value.name != "points" &&
                value.name != "from")
                line += ' ' + value.name + '=' + alert::print(value.value);
        all.push_back(line);
    }
    return all;
}

} // namespace

TEST_CASE("event_window tells how far the price has moved since an event") {
    const auto row = GENERATE(values<Row>({
        {"a card at each mark, exactly, with the last price before it",
         "marks: [5m, 30m]",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:12 tick N225 990", "02 09:14:59.999999999 beat",
          "02 09:15 tick N225 985", "02 09:40 tick N225 970"},
         {"02T00:15:00Z m firing entered base=1000 price=990 percent=-1 mark=1",
          "02T00:40:00Z m firing escalated base=1000 price=985 percent=-1.5 mark=2",
          "02T00:40:00Z m resolved expired base=1000 price=985 percent=-1.5 mark=2"}},
        {"and one where the move reaches the threshold, exactly, once",
         "marks: [30m], threshold: 3",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:12 tick N225 970.000000001",
          "02 09:13 tick N225 970", "02 09:14 tick N225 960", "02 09:40 beat"},
         {"02T00:13:00Z m firing entered base=1000 price=970 percent=-3 reached=true",
          "02T00:40:00Z m firing escalated base=1000 price=960 percent=-4 mark=1 "
          "reached=true",
          "02T00:40:00Z m resolved expired base=1000 price=960 percent=-4 mark=1 "
          "reached=true"}},
        {"either way",
         "marks: [30m], threshold: 3",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:13 tick N225 1030"},
         {"02T00:13:00Z m firing entered base=1000 price=1030 percent=3 reached=true"}},
        {"outside hours: from the last close, the marks from the next open on",
         "marks: [5m]",
         {"02 15:00 tick N225 1000", "02 15:35 close N225 1010", "02T12:00 m", "03 09:00 tick N225 990",
          "03 09:05 tick N225 999"},
         {"03T00:05:00Z m firing entered base=1010 price=990 percent=-1.9802 mark=1",
          "03T00:05:00Z m resolved expired base=1010 price=990 percent=-1.9802 mark=1"}},
        {"outside hours, before the close is known: from that close when it comes",
         "marks: [5m]",
         {"02 15:00 tick N225 1000", "02T06:35 m", "02 15:35 close N225 1010", "03 09:00 tick N225 990",
          "03 09:05 beat"},
         {"03T00:05:00Z m firing entered base=1010 price=990 percent=-1.9802 mark=1",
          "03T00:05:00Z m resolved expired base=1010 price=990 percent=-1.9802 mark=1"}},
        {"from the previous close",
         "marks: [5m], base: prev_close",
         {"01 bar N225 - - - 1020", "02 09:00 tick N225 1000", "02T00:10 m", "02 09:12 tick N225 969",
          "02 09:15 beat"},
         {"02T00:15:00Z m firing entered base=1020 price=969 percent=-5 mark=1",
          "02T00:15:00Z m resolved expired base=1020 price=969 percent=-5 mark=1"}},
        {"from the next open, which is not that of the session that runs; the marks count from there",
         "marks: [5m, 1 session], base: next_open",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 15:00 tick N225 950", "02 15:35 close N225 940",
          "03 09:00 tick N225 900", "03 09:04 tick N225 909", "03 15:29 tick N225 891",
          "03 15:35 close N225 890"},
         {"03T00:05:00Z m firing entered base=900 price=909 percent=1 mark=1",
          "03T06:35:00Z m firing escalated base=900 price=890 percent=-1.1111 mark=2",
          "03T06:35:00Z m resolved expired base=900 price=890 percent=-1.1111 mark=2"}},
        {"a session's close is the official one",
         "marks: [1 session]",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 15:29 tick N225 980", "02 15:31 beat",
          "02 15:35 close N225 975"},
         {"02T06:35:00Z m firing entered base=1000 price=975 percent=-2.5 mark=1",
          "02T06:35:00Z m resolved expired base=1000 price=975 percent=-2.5 mark=1"}},
        {"over bars",
         "marks: [1 session, 2 sessions], threshold: 4",
         {"02 bar N225 - - - 1000", "02T12:00 m", "03 bar N225 980 985 950 970", "04 bar N225 - - - 960"},
         {"03T06:30:00Z m firing entered base=1000 price=970 percent=-3 mark=1",
          "04T06:30:00Z m firing escalated base=1000 price=960 percent=-4 mark=2 "
          "reached=true",
          "04T06:30:00Z m resolved expired base=1000 price=960 percent=-4 mark=2 "
          "reached=true"}},
        {"no price since the event: the mark waits for one, and says so",
         "marks: [5m]",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:20 beat", "02 09:30 tick N225 990"},
         {"02T00:30:00Z m firing entered base=1000 price=990 percent=-1 mark=1 "
          "delayed=true",
          "02T00:30:00Z m resolved expired base=1000 price=990 percent=-1 mark=1 "
          "delayed=true"}},
        {"halted through a mark: the first price after the halt, and it says so",
         "marks: [5m]",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:11 tick N225 995", "02 09:12 halted N225",
          "02 09:20 beat", "02 09:30 resumed N225", "02 09:31 tick N225 990"},
         {"02T00:31:00Z m firing entered base=1000 price=990 percent=-1 mark=1 "
          "delayed=true",
          "02T00:31:00Z m resolved expired base=1000 price=990 percent=-1 mark=1 "
          "delayed=true"}},
        {"windows are independent, and each names the others",
         "marks: [5m]",
         {"02 09:00 tick N225 1000", "02T00:10 m", "02 09:11 tick N225 990", "02T00:12 n",
          "02 09:13 tick N225 980", "02 09:17 beat"},
         {"02T00:15:00Z m firing entered base=1000 price=980 percent=-2 mark=1 "
          "open_windows=n",
          "02T00:15:00Z m resolved expired base=1000 price=980 percent=-2 mark=1 "
          "open_windows=n",
          "02T00:17:00Z n firing entered base=990 price=980 percent=-1.0101 mark=1",
          "02T00:17:00Z n resolved expired base=990 price=980 percent=-1.0101 mark=1"}},
        {"without a value before the event there is no window",
         "marks: [5m]",
         {"02T00:10 m", "02 09:11 tick N225 990", "02 09:20 tick N225 980"},
         {}},
    }));
    CAPTURE(row.name);
    CHECK(told(row) == row.expected);
}

TEST_CASE("event_window tells windows of one measure apart") {
    const Desk desk{"  - {name: it, type: event_window, symbols: [N225], params: {marks: [5m]}}\n"};
    Decoding decode{desk};
    Run run{desk};
    run.take(decode(line_of("02 09:00 tick N225 1000")));
    for (const char* rate : {"10", "24"})
        run.take(decode(
            R"({"type":"tariff","ts":"2025-04-02T00:10:00Z","measure":"m","stage":"announced","imposer":"US","target":"JP","rate":)" +
            std::string{rate} + "}"));
    for (const char* text : {"02 09:11 tick N225 990", "02 09:15 beat"}) run.take(decode(line_of(text)));
    std::vector<std::string> subjects;
    for (const auto& alert : run.told) subjects.push_back(alert.subject);
    CHECK(subjects == std::vector<std::string>{"m", "m", "m #2", "m #2"});
}

TEST_CASE("event_window refuses what cannot be meant") {
    CHECK(mistakes("event_window", "{}") ==
          std::vector<std::string>{"needs at least one, like [5m, 30m, 1 session]"});
    CHECK(mistakes("event_window", "{marks: [0s], anchor: {target: japan}}") ==
          std::vector<std::string>{"must be a country as ISO 3166-1 alpha-2, like JP; EU; or *",
                                   "must be above 0"});
}
