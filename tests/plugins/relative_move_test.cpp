// relative_move through the whole pipeline, of two symbols.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

std::vector<std::string> told(const std::string& params, const std::vector<const char*>& events) {
    const Desk desk{"  - {name: it, type: relative_move, symbols: [N225], params: {" + params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const char* text : events) run.take(decode(line_of(text)));
    run.finish();
    std::vector<std::string> all;
    for (const auto& alert : run.told) all.push_back(told_as(alert));
    return all;
}

struct Row {
    const char *name, *params;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

} // namespace

TEST_CASE("relative_move rings where one symbol leaves the other behind") {
    const auto row = GENERATE(values<Row>({
        {"three points behind, exactly; either symbol may bring the last close",
         "b: TPX, threshold: 3",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 960",
          "02 bar TPX - - - 1980"},
         {R"(2025-04-02T06:30:00Z event entered {"price":960,"from_price":1000,"b_price":1980,"b_from_price":2000,"percent":-4,"b_percent":-1,"apart":3,"b":"TPX"})"}},
        {"the same the other way round",
         "b: TPX, threshold: 3",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar TPX - - - 1980",
          "02 bar N225 - - - 960"},
         {R"(2025-04-02T06:30:00Z event entered {"price":960,"from_price":1000,"b_price":1980,"b_from_price":2000,"percent":-4,"b_percent":-1,"apart":3,"b":"TPX"})"}},
        {"a unit less",
         "b: TPX, threshold: 3",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 960.000000001",
          "02 bar TPX - - - 1980"},
         {}},
        {"ahead is no fall behind",
         "b: TPX, threshold: 3, direction: down",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 1040",
          "02 bar TPX - - - 2000"},
         {}},
        {"but it is up",
         "b: TPX, threshold: 3, direction: up",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 1040",
          "02 bar TPX - - - 2000"},
         {R"(2025-04-02T06:30:00Z event entered {"price":1040,"from_price":1000,"b_price":2000,"b_from_price":2000,"percent":4,"b_percent":0,"apart":4,"b":"TPX"})"}},
        {"beta: it should have fallen by two percent more",
         "b: TPX, threshold: 3, beta: 2",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 1010",
          "02 bar TPX - - - 1980"},
         {R"(2025-04-02T06:30:00Z event entered {"price":1010,"from_price":1000,"b_price":1980,"b_from_price":2000,"percent":1,"b_percent":-1,"apart":3,"b":"TPX"})"}},
        {"a session that only one of them had is none",
         "b: TPX, threshold: 3",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 990", "03 bar N225 - - - 965",
          "03 bar TPX - - - 2000"},
         {R"(2025-04-03T06:30:00Z event entered {"price":965,"from_price":1000,"b_price":2000,"b_from_price":2000,"percent":-3.5,"b_percent":0,"apart":3.5,"b":"TPX"})"}},
        {"over two sessions",
         "b: TPX, threshold: 3, sessions: 2",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 bar N225 - - - 980", "02 bar TPX - - - 2000",
          "03 bar N225 - - - 965", "03 bar TPX - - - 2000"},
         {R"(2025-04-03T06:30:00Z event entered {"price":965,"from_price":1000,"b_price":2000,"b_from_price":2000,"percent":-3.5,"b_percent":0,"apart":3.5,"b":"TPX"})"}},
        {"live, at a price of either, once a session; held while one of them is halted",
         "b: TPX, threshold: 3, basis: live",
         {"01 bar N225 - - - 1000", "01 bar TPX - - - 2000", "02 09:00 tick N225 970", "02 09:01 halted TPX",
          "02 09:02 tick TPX 2000", "02 09:03 tick N225 971", "02 09:10 resumed TPX",
          "02 09:11 tick TPX 2010", "02 09:12 tick N225 960"},
         {R"(2025-04-02T00:11:00Z event entered {"price":971,"from_price":1000,"b_price":2010,"b_from_price":2000,"percent":-2.9,"b_percent":0.5,"apart":3.4,"b":"TPX"})"}},
    }));
    CAPTURE(row.name);
    CHECK(told(row.params, row.events) == row.expected);
}

TEST_CASE("a symbol that is not there is told") {
    const auto all = mistakes("relative_move", "{b: TPY, threshold: 3}");
    REQUIRE(all.size() == 1);
    CHECK_THAT(all.front(), Catch::Contains("TPY"));
}
