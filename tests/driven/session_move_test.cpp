// The edges of session_move. The previous close is 40,000 throughout, so 3 percent are 1,200 points.
#include "tests/driven/plugin_driver.hpp"

namespace {

const char* down =
    "{direction: down, levels: [{at: 3}, {at: 5, severity: warning}, {at: 7, severity: critical}]}";

std::string told(const PluginDriver& run) {
    std::string all;
    for (const auto& seen : run.seen)
        all += (all.empty() ? "" : " ") + seen.what + ":" + seen["price"] + "@" + seen["level"];
    return all;
}

} // namespace

TEST_CASE("a move rings at its level and at each higher one, and falls back by its clear") {
    struct Row {
        const char *name, *params, *prices, *told;
    };
    const auto row = GENERATE(values<Row>({
        {"exactly at the level", down, "38800", "entered:38800@3"},
        {"a tick short of it", down, "38800.000000001", ""},
        {"the first price may be beyond", down, "37900", "entered:37900@5"},
        {"higher levels are the same alert", down, "38800 38000 37200",
         "entered:38800@3 escalated:38000@5 escalated:37200@7"},
        {"a fifth of the level back is not back", down, "38800 39040", "entered:38800@3"},
        {"a tick more is", down, "38800 39040.01", "entered:38800@3 cleared:39040.01@3"},
        {"from a higher level only as far as the clear says", down, "37200 37700", "entered:37200@7"},
        {"then to the highest level that still holds", down, "37200 37761",
         "entered:37200@7 deescalated:37761@5"},
        {"which may be one that the move has left already", down, "37200 38300",
         "entered:37200@7 deescalated:38300@5"},
        {"straight out of all of them", down, "37200 39500", "entered:37200@7 cleared:39500@7"},
        {"clear in the measure", "{direction: down, levels: [{at: 3}], clear: 1}", "38800 39200 39201",
         "entered:38800@3 cleared:39201@3"},
        {"up", "{direction: up, levels: [{at: 3}]}", "41199 41200 40960 40959.99",
         "entered:41200@3 cleared:40959.99@3"},
        {"points", "{direction: up, measure: points, levels: [{at: 1000}, {at: 2000}]}",
         "40999 41000 42000 41599 40799",
         "entered:41000@1000 escalated:42000@2000 deescalated:41599@1000 cleared:40799@1000"},
    }));
    const bool always = GENERATE(false, true);
    CAPTURE(row.name, always);
    PluginDriver run{"session_move", row.params, always};
    run.previous_close("40000");
    int minute = 10;
    for (std::string_view left = row.prices; !left.empty();) {
        const std::string price{left.substr(0, left.find(' '))};
        left.remove_prefix(std::min(left.size(), price.size() + 1));
        run.tick({0, "09:" + std::to_string(minute++)}, price.c_str());
    }
    CHECK(told(run) == row.told);
}

TEST_CASE("an alert carries both operands, the levels passed over and the worst of the session") {
    PluginDriver run{"session_move", down, GENERATE(false, true)};
    run.previous_close("40000");
    run.tick({0, "09:00"}, "36900");
    run.tick({0, "09:01"}, "36000.5");
    run.tick({0, "09:02"}, "38400");
    REQUIRE(run.seen.size() == 2);
    const auto& first = run.seen[0];
    CHECK(first["price"] == "36900");
    CHECK(first["previous_close"] == "40000");
    CHECK(first["change"] == "-3100");
    CHECK(first["points"] == "3100");
    CHECK(first["percent"] == "7.75");
    CHECK(first["level"] == "7");
    CHECK(first["skipped"] == "3 5");
    CHECK(first["worst_percent"] == "7.75");
    CHECK(run.seen[1].what == "deescalated");
    CHECK(run.seen[1]["skipped"] == "-");
    CHECK(run.seen[1]["worst_percent"] == "9.9988"); // 3,999.5 of 40,000
}

TEST_CASE("the severity of each level is declared") {
    PluginDriver run{"session_move", down};
    REQUIRE(run.plan().n_levels == 3);
    CHECK(run.plan().severity[0] == 0);
    CHECK(run.plan().severity[1] == 2);
    CHECK(run.plan().severity[2] == 3);
}

TEST_CASE("an episode ends with its session, with the final value") {
    PluginDriver run{"session_move", down};
    run.previous_close("40000");
    run.tick({0, "11:29"}, "38500");
    run.to({0, "12:00"});
    CHECK(told(run) == "entered:38500@3"); // lunch changes nothing
    run.tick({0, "15:24"}, "38600");
    run.to({1, "08:00"});
    REQUIRE(told(run) == "entered:38500@3 session_end:38600@3");
    CHECK(run.seen[1].at == PluginDriver::time({0, "15:30"}));
    run.tick({1, "09:00"}, "38500"); // against 38,600, the provisional close
    CHECK(run.seen.size() == 2);
}

TEST_CASE("the official close is the session's last price") {
    struct Row {
        const char *name, *at, *close, *told;
    };
    const auto row = GENERATE(values<Row>({
        {"at the close it may fire", "15:30", "38700", "entered:38700@3 session_end:38700@3"},
        {"after the end no episode begins", "15:31", "38700", ""},
    }));
    CAPTURE(row.name);
    PluginDriver run{"session_move", down};
    run.previous_close("40000");
    run.tick({0, "15:25"}, "38900");
    run.close({0, row.at}, row.close);
    run.to({1, "08:00"});
    CHECK(told(run) == row.told);
}

TEST_CASE("on basis close an episode begins and ends at the close") {
    const char* at = GENERATE("15:30", "15:35");
    PluginDriver run{"session_move", "{direction: down, basis: close, levels: [{at: 3}, {at: 5}]}"};
    run.previous_close("40000");
    run.tick({0, "10:00"}, "37000");
    CHECK(run.seen.empty());
    run.close({0, at}, "38700");
    run.to({1, "10:00"});
    REQUIRE(told(run) == "entered:38700@3 session_end:38700@3");
    CHECK(run.seen[0]["worst_percent"] == "3.25"); // a rule on closes sees the close only
    run.close({1, "15:30"}, "38600");
    CHECK(run.seen.size() == 2);
}

TEST_CASE("a bar's extreme is seen in the rule's direction") {
    PluginDriver run{"session_move", down};
    run.previous_close("40000");
    run.bar(0, "39000", "39900", "37900", "39500");
    run.to({1, "08:00"});
    CHECK(told(run) == "entered:37900@5 cleared:39500@5");
}

TEST_CASE("without a previous close nothing can be said, and a new one is taken up at once") {
    PluginDriver run{"session_move", down};
    run.tick({0, "09:00"}, "38000");
    CHECK(run.last.outcome == TOCSIN_WARMUP);
    CHECK(run.last.reason == TOCSIN_WHY_NO_PREV_CLOSE);
    run.reference("40000");
    CHECK(told(run) == "entered:38000@5");
    run.reference("38500");
    CHECK(told(run) == "entered:38000@5 cleared:38000@5");
}

TEST_CASE("yesterday's last price is no price of today") {
    PluginDriver run{"session_move", down};
    run.previous_close("40000");
    run.tick({0, "15:20"}, "39000");
    run.close({0, "15:30"}, "40900");
    run.to({1, "09:30"});
    CHECK(run.seen.empty());
    CHECK(run.probe()["price"] == "-");
}

TEST_CASE("in a halt a move is held") {
    PluginDriver run{"session_move", down, GENERATE(false, true)};
    run.previous_close("40000");
    run.tick({0, "11:00"}, "39000");
    run.status({0, "11:10"}, true);
    run.tick({0, "11:20"}, "38000");
    run.to({0, "12:40"}); // the break wakes it, and changes nothing
    CHECK(run.seen.empty());
    run.status({0, "12:50"}, false);
    run.tick({0, "12:51"}, "37990");
    CHECK(told(run) == "entered:37990@5");
}

TEST_CASE("session_move says what is wrong with its parameters") {
    struct Row {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"{direction: down}", "levels: needs at least one level, like {at: 3}"},
        {"{direction: down, levels: [{at: 5}, {at: 5}]}",
         "levels[1].at: levels must ascend: this one is not above the one before"},
        {"{direction: down, levels: [{at: 0}]}", "levels[0].at: must be above 0"},
        {"{levels: [{at: 5}]}", "direction: required"},
        {"{direction: down, measure: both, levels: [{at: 5}]}", "measure: must be one of points|percent"},
        {"{direction: down, levels: [{at: 5}], open_settle: 5m}", "open_settle: not in this version"},
    }));
    PluginDriver run{"session_move", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
