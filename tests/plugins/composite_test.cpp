// composite through the whole pipeline, over rules that stand with it.
#include "tests/plugins/rings.hpp"

using namespace tocsin;
using namespace tocsin::tests;

namespace {

const char* const members =
    R"(  - {name: below, type: level_cross, symbols: [N225], params: {level: 1000, direction: down, mode: is_beyond, fire_if_already_beyond: true}}
  - {name: fast, type: velocity, symbols: [N225], params: {window: 10m, direction: down, threshold: 1, min_ticks: 1}}
  - {name: gap, type: opening_gap, symbols: [N225], params: {direction: down, settle: 0s, levels: [{at: 1}]}}
  - {name: tariff, type: tariff_event, params: {match: {target: JP}}}
  - {name: tpx, type: level_cross, symbols: [TPX], params: {level: 1000, direction: down, mode: is_beyond, fire_if_already_beyond: true}}
  - {name: fallen, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 50}]}}
)";

struct Row {
    const char* name;
    const char* params;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

std::vector<std::string> told(const std::string& params, const std::vector<const char*>& events) {
    const Desk desk{std::string{members} + "  - {name: it, type: composite, symbols: [N225], params: {" +
                    params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const std::string text : events) run.take(decode(text.front() == '{' ? text : line_of(text)));
    run.finish();
    std::vector<std::string> all;
    for (const auto& alert : run.told)
        if (alert.rule == "it") all.push_back(told_as(alert));
    return all;
}

const char* tariff =
    R"({"type":"tariff","ts":"2025-04-02T00:30:00Z","measure":"m","stage":"announced","imposer":"US","target":"JP"})";

} // namespace

TEST_CASE("composite holds as its members do") {
    const auto row = GENERATE(values<Row>({
        {"any: one is enough, and it resolves with the last",
         "when: {any: [below, fast]}",
         {"01 bar N225 - - - 1001", "02 09:00 tick N225 1001", "02 09:10 tick N225 999",
          "02 09:11 tick N225 985", "02 09:30 tick N225 1001"},
         {R"(2025-04-02T00:10:00Z firing entered {"holding":["below"],"held":1,"members":2,"needed":1})",
          R"(2025-04-02T00:30:00Z resolved cleared {"held":0,"members":2,"needed":1})"}},
        {"all: the last one brings it, the first one ends it",
         "when: {all: [below, fast]}",
         {"01 bar N225 - - - 1001", "02 09:00 tick N225 1001", "02 09:10 tick N225 999",
          "02 09:11 tick N225 985", "02 09:30 tick N225 986"},
         {R"(2025-04-02T00:11:00Z firing entered {"holding":["below","fast"],"held":2,"members":2,"needed":2})",
          R"(2025-04-02T00:20:00.000000001Z resolved cleared {"holding":["below"],"held":1,"members":2,"needed":2})"}},
        {"none holds from the first look on, and ends with the first that does",
         "when: {none: [below, fast]}",
         {"01 bar N225 - - - 1001", "02 09:00 tick N225 1001", "02 09:10 tick N225 999"},
         {R"(2025-04-01T06:30:00Z firing entered {"held":0,"members":2})",
          R"(2025-04-02T00:10:00Z resolved cleared {"holding":["below"],"held":1,"members":2})"}},
        {"so many of them; an event holds for `within`, to its end and not at it",
         "when: {k_of: [below, fast, tariff], k: 2}, within: 1h",
         {"02 09:00 tick N225 1001", tariff, "02 10:00 tick N225 999", "02 10:29:59 beat", "02 10:30 beat"},
         {R"(2025-04-02T01:00:00Z firing entered {"holding":["below","tariff"],"held":2,"members":3,"needed":2})",
          R"(2025-04-02T01:30:00Z resolved cleared {"holding":["below"],"held":1,"members":3,"needed":2})"}},
        {"without `within` an event does not last",
         "when: {any: [tariff]}",
         {"02 09:00 tick N225 1001", tariff, "02 10:00 tick N225 999"},
         {}},
        {"what cannot be told keeps `any` as it is, till it can",
         "when: {any: [below, fallen]}",
         {"02 09:00 tick N225 999", "02 09:10 tick N225 1001", "02 15:30 close N225 1001",
          "03 09:00 tick N225 1001"},
         {R"(2025-04-02T00:00:00Z firing entered {"holding":["below"],"unknown":["fallen"],"held":1,"members":2,"needed":1})",
          R"(2025-04-02T06:30:00Z resolved cleared {"held":0,"members":2,"needed":1})"}},
        {"what is false is false for `all`, whatever the others",
         "when: {all: [below, fallen]}",
         {"02 09:00 tick N225 1001", "02 09:10 tick N225 999"},
         {}},
    }));
    CAPTURE(row.name);
    CHECK(told(row.params, row.events) == row.expected);
}

TEST_CASE("what a composite cannot be is told") {
    const auto told = [](const char* when) {
        return mistakes("composite", std::string{"{when: "} + when + "}");
    };
    using Lines = std::vector<std::string>;
    CHECK(told("{}") == Lines{"needs one of all, any, none and k_of, with names of rules"});
    CHECK(told("{any: [it], all: [it]}") ==
          Lines{"needs one of all, any, none and k_of, with names of rules"});
    CHECK(told("{any: [it], k: 1}") == Lines{"goes with k_of, and k_of with it"});
    CHECK(told("{k_of: [it], k: 2}").front() == "is more than k_of has");
    CHECK_THAT(told("{any: [nobody]}").front(), Catch::Contains("nobody"));
    CHECK_THAT(told("{any: [it]}").front(), Catch::Contains("it"));
}
