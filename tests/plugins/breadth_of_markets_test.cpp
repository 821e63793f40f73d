// breadth_of_markets through the whole pipeline: two markets in Tokyo, one in New York.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

std::vector<std::string> told(const std::string& params, const std::vector<const char*>& events) {
    const Desk desk{
        R"(  - {name: fall, type: session_move, symbols: [N225, TPX, SPX], params: {direction: down, levels: [{at: 3}]}}
  - {name: it, type: breadth_of_markets, params: {where: fall, of: [N225, TPX, SPX], )" +
        params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const char* text : {"01 bar N225 - - - 1000", "01 bar TPX - - - 1000", "01 20:00Z close SPX 1000"})
        run.take(decode(line_of(text)));
    for (const char* text : events) run.take(decode(line_of(text)));
    std::vector<std::string> all;
    for (const auto& alert : run.told)
        if (alert.rule == "it") {
            const std::string json = alert::to_json(alert);
            const auto from = json.find("\"values\":") + 9;
            all.push_back(alert.at.to_string().substr(8) + ' ' + std::string{name(alert.state)} + ' ' +
                          json.substr(from, json.find(",\"labels\"") - from));
        }
    return all;
}

struct Row {
    const char *name, *params;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

} // namespace

TEST_CASE("breadth_of_markets counts the symbols that satisfy a rule") {
    const auto row = GENERATE(values<Row>({
        {"two of them, while both fire; New York is closed",
         "at_least: 2",
         {"02 09:00 tick N225 970", "02 09:10 tick TPX 960", "02 10:00 tick TPX 999"},
         {R"(02T00:10:00Z firing {"count":2,"at_least":2,"markets":2,"satisfied":[{"symbol":"N225","session":"2025-04-02","at":"2025-04-02T00:00:00Z"},{"symbol":"TPX","session":"2025-04-02","at":"2025-04-02T00:10:00Z"}],"closed":["SPX"]})",
          R"(02T01:00:00Z resolved {"count":1,"at_least":2,"markets":2,"satisfied":[{"symbol":"N225","session":"2025-04-02","at":"2025-04-02T00:00:00Z"}],"closed":["SPX"]})"}},
        {"one is not enough",
         "at_least: 2",
         {"02 09:00 tick N225 970", "02 09:10 tick TPX 970.000000001"},
         {}},
        {"within a day, across markets that open at different hours, to its end and not at it",
         "at_least: 2, within: 24h",
         {"02 09:00 tick N225 970", "02 14:00Z tick SPX 960", "03 08:59:59 beat", "03 09:00 beat"},
         {R"(02T14:00:00Z firing {"count":2,"at_least":2,"markets":3,"satisfied":[{"symbol":"N225","session":"2025-04-02","at":"2025-04-02T00:00:00Z"},{"symbol":"SPX","session":"2025-04-02","at":"2025-04-02T14:00:00Z"}]})",
          R"(03T00:00:00Z resolved {"count":1,"at_least":2,"markets":3,"satisfied":[{"symbol":"SPX","session":"2025-04-02","at":"2025-04-02T14:00:00Z"}]})"}},
        {"clear: it lasts while one is left",
         "at_least: 2, clear: 1",
         {"02 09:00 tick N225 970", "02 09:10 tick TPX 960", "02 10:00 tick TPX 999",
          "02 11:00 tick N225 999"},
         {R"(02T00:10:00Z firing {"count":2,"at_least":2,"markets":2,"satisfied":[{"symbol":"N225","session":"2025-04-02","at":"2025-04-02T00:00:00Z"},{"symbol":"TPX","session":"2025-04-02","at":"2025-04-02T00:10:00Z"}],"closed":["SPX"]})",
          R"(02T02:00:00Z resolved {"count":0,"at_least":2,"markets":2,"closed":["SPX"]})"}},
        {"weights",
         "at_least: 0.5, weights: [0.5, 0.2, 0.3]",
         {"02 09:00 tick TPX 960", "02 09:10 tick N225 960"},
         {R"(02T00:10:00Z firing {"count":0.7,"at_least":0.5,"markets":2,"satisfied":[{"symbol":"N225","session":"2025-04-02","at":"2025-04-02T00:10:00Z"},{"symbol":"TPX","session":"2025-04-02","at":"2025-04-02T00:00:00Z"}],"closed":["SPX"]})"}},
    }));
    CAPTURE(row.name);
    CHECK(told(row.params, row.events) == row.expected);
}

TEST_CASE("what breadth_of_markets cannot be is told") {
    const auto told = [](const std::string& params) {
        std::string all;
        for (const auto& text : mistakes("breadth_of_markets", "{where: it, " + params + "}"))
            all += text + '\n';
        return all;
    };
    CHECK_THAT(told("of: [], at_least: 1"), Catch::Contains("needs symbols, like [N225, SPX]"));
    CHECK_THAT(told("of: [N225], at_least: 2"), Catch::Contains("is more than all of them"));
    CHECK_THAT(told("of: [N225], at_least: 1, weights: [1, 2]"),
               Catch::Contains("needs one for each symbol of `of`"));
    CHECK_THAT(told("of: [N225], at_least: 1, clear: 1"), Catch::Contains("must be less than at_least"));
    CHECK_THAT(told("of: [N226], at_least: 1"), Catch::Contains("N226"));
    CHECK_THAT(told("of: [N225], at_least: 1, within: 1 session"),
               Catch::Contains("must be clock time above 0"));
}
