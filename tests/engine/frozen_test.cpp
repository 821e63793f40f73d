// Plugins that were built against an interface that is frozen, with the header of that time: tests/frozen.
// What they tell of the same events is the same for ever.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

std::string quote(const char* clock, const char* symbol, const char* price, const char* kind = "tick") {
    return std::string{R"({"type":"quote","ts":"2025-04-)"} + clock + R"(:00Z","symbol":")" + symbol +
           R"(","kind":")" + kind + R"(","price":)" + price + "}";
}
std::string tariff(const char* clock, const char* measure) {
    return std::string{R"({"type":"tariff","ts":"2025-04-)"} + clock +
           R"(:00Z","stage":"announced","imposer":"US",)" + R"("target":"JP","measure":")" + measure + "\"}";
}

} // namespace

TEST_CASE("a plugin built against interface 1.0 rings as it always has") {
    const Desk desk{
        R"(  - {name: low, type: level_cross, symbols: [N225], params: {level: 1000, direction: down, mode: is_beyond}}
  - {name: kept, type: keepsake, symbols: [N225], params: {fall: 5, window: 10m, way: up, more: {first: 3, days: [2025-04-01]}, other: SPX, rule: low}}
)"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto& line :
         {quote("01T06:35", "N225", "1000", "close"), quote("01T20:05", "SPX", "5000", "close"),
          quote("02T06:35", "N225", "1010", "close"), quote("03T00:00", "N225", "1004"),
          quote("03T00:05", "N225", "999"), quote("03T00:06", "N225", "994"), tariff("03T00:07", "a"),
          tariff("03T00:08", "b"), quote("03T00:09", "N225", "1002")})
        run.take(decode(line));
    std::vector<std::string> told;
    for (const auto& alert : run.told)
        if (alert.rule == "kept") {
            const std::string json = alert::to_json(alert);
            const auto from = json.find("\"at\""), to = json.find(",\"labels\"");
            told.push_back((alert.subject.empty() ? "" : alert.subject + ' ') +
                           std::string{name(alert.state)} + ' ' + std::string{name(alert.reason)} + ' ' +
                           std::string{name(alert.severity)} + ' ' + json.substr(from, to - from));
        }
    std::vector<std::string> expected{
        R"(firing entered warning "at":"2025-04-03T00:05:00Z","summary":"N225 is 0.498 % below 1004","values":{"price":999,"highest":1004,"percent":0.498,"waited":300,BACK,"due":"2025-04-03T00:15:00Z","rank":1,"others":5000,"member":2,"first":3,MARKS)",
        R"(firing escalated critical "at":"2025-04-03T00:06:00Z","summary":"N225 is 0.996 % below 1004","values":{"price":994,"highest":1004,"percent":0.996,"waited":360,BACK,"due":"2025-04-03T00:16:00Z","rank":1,"others":5000,"member":2,"first":3,MARKS)",
        R"(a firing entered warning "at":"2025-04-03T00:07:00Z","summary":"a","values":{"price":994,"highest":1004,"percent":0.996,"waited":420,BACK,"due":"2025-04-03T00:17:00Z","rank":1,"others":5000,"member":2,"first":3,"measure":"a",MARKS)",
        R"(a resolved expired warning "at":"2025-04-03T00:08:00Z","summary":"a","values":{"price":994,"highest":1004,"percent":0.996,"waited":480,BACK,"due":"2025-04-03T00:18:00Z","rank":1,"others":5000,"member":2,"first":3,"measure":"a",MARKS)",
        R"(b firing entered warning "at":"2025-04-03T00:08:00Z","summary":"b","values":{"price":994,"highest":1004,"percent":0.996,"waited":480,BACK,"due":"2025-04-03T00:18:00Z","rank":1,"others":5000,"member":2,"first":3,"measure":"b",MARKS)",
        R"(resolved cleared critical "at":"2025-04-03T00:09:00Z","summary":"b","values":{"price":1002,"highest":1004,"percent":0.1992,"waited":540,BACK,"due":"2025-04-03T00:19:00Z","rank":1,"others":5000,"member":0,"first":3,"measure":"b",MARKS)"};
    // The two last closes, the sessions two back and next, and what its state remembers: the same throughout.
    const auto fill = [](std::string& text, std::string_view mark, std::string_view with) {
        text.replace(text.find(mark), mark.size(), with);
    };
    for (auto& line : expected) {
        fill(line, "BACK", R"("before":1000,"back":"2025-04-01","opens":"2025-04-04T00:00:00Z")");
        fill(line, "MARKS", R"("marks":[{"at":"2025-04-03T00:00:00Z","yes":true}]})");
    }
    CHECK(told == expected);
    for (const auto& one : run.pipeline.host().status(run.told.back().at))
        if (one.rule == "kept") CHECK((one.state == "armed" && one.distance.size() == 1));
    CHECK(mistakes("keepsake", "{fall: 5.5}") ==
          std::vector<std::string>{"must be a whole number of points"});
}
