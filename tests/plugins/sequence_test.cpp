// sequence through the whole pipeline: what its own driver cannot show.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin;
using namespace tocsin::tests;

TEST_CASE("two stories that end with one event are two alerts, each with its own steps") {
    const Desk desk{
        R"(  - {name: fall, type: level_cross, symbols: [N225], params: {level: 1000, direction: down}}
  - {name: it, type: sequence, symbols: [N225], params: {within: 3d, after_match: no_skip, steps: [{match: {target: JP}}, {rule: fall}]}}
)"};
    Decoding decode{desk};
    Run run{desk};
    for (const char* measure : {"a", "b"})
        run.take(decode(
            R"({"type":"tariff","ts":"2025-04-02T00:10:00Z","stage":"announced","imposer":"US","target":"JP","measure":")" +
            std::string{measure} + "\"}"));
    for (const char* tick : {"02 10:00 tick N225 1001", "02 10:01 tick N225 999"})
        run.take(decode(line_of(tick)));
    std::vector<std::string> first_steps;
    for (const auto& alert : run.told)
        if (alert.rule == "it") {
            const std::string json = alert::to_json(alert);
            const auto at = json.find("\"match\":\"");
            first_steps.push_back(json.substr(at + 9, 1));
        }
    CHECK(first_steps == std::vector<std::string>{"a", "b"});
}
