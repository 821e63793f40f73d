// The edges of record_session_move. Falls of 1987, 1990 and 2008 as seeds; the rest are made up.
#include "tests/driven/plugin_driver.hpp"

namespace {

const std::string seeds =
    "seeds: {points: [{session: 1987-10-20, previous_close: 25746.56, close: 21910.08, source: x},"
    " {session: 1990-04-02, previous_close: 29980.45, close: 28002.07}],"
    " percent: [{session: 1987-10-20, previous_close: 25746.56, close: 21910.08},"
    " {session: 2008-10-16, previous_close: 9547.47, close: 8458.45}]}";

std::string with_seeds(const std::string& params) {
    return "{direction: down, " + params + ", " + seeds + "}";
}

std::string told(const PluginDriver& run) {
    std::string all;
    for (const auto& seen : run.seen)
        all += (all.empty() ? "" : " ") + seen.what + ":" + seen["points"] + "#" + seen["rank"] +
               (seen["stood"] == "-" ? "" : ":" + seen["stood"]);
    return all;
}

} // namespace

TEST_CASE("a record is strictly larger than every earlier move") {
    struct Row {
        const char *name, *measure, *prev_close, *close, *told, *broke;
    };
    const auto row = GENERATE(values<Row>({
        {"equal in points is no record", "points", "40000", "36163.52", "", ""},
        {"a tick more is", "points", "40000", "36163.51", "event:3836.49#1", "points"},
        // 3,836.48 of 25,746.56: the same fall, of half the size
        {"equal in percent is no record", "percent", "12873.28", "10955.04", "", ""},
        {"the smallest price below it is", "percent", "12873.28", "10955.039999999", "event:1918.240000001#1",
         "percent"},
        {"5 August 2024: in points only", "both", "35909.70", "31458.42", "event:4451.28#1", "points"},
        {"in percent only", "both", "10000", "8500", "event:1500#1", "percent"},
        {"in both", "both", "40000", "33000", "event:7000#1", "both"},
        {"an unchanged close", "both", "40000", "40000", "", ""},
        {"a rise", "both", "30000", "40000", "", ""},
    }));
    CAPTURE(row.name);
    PluginDriver run{"record_session_move", with_seeds(std::string{"measure: "} + row.measure)};
    run.previous_close(row.prev_close);
    run.close({0, "15:30"}, row.close);
    CHECK(told(run) == row.told);
    if (!run.seen.empty()) CHECK(run.seen[0]["broke"] == row.broke);
}

TEST_CASE("a record carries both ranks, the record before it and what is known") {
    PluginDriver run{"record_session_move", with_seeds("measure: both")};
    run.history(1, "36000", "35909.70");
    run.previous_close("35909.70");
    run.close({0, "15:30"}, "31458.42");
    REQUIRE(run.seen.size() == 1);
    const std::map<std::string, std::string> values{{"close", "31458.42"},
                                                    {"previous_close", "35909.7"},
                                                    {"change", "-4451.28"},
                                                    {"points", "4451.28"},
                                                    {"percent", "12.3958"},
                                                    {"rank", "1"},
                                                    {"rank_points", "1"},
                                                    {"rank_percent", "2"},
                                                    {"rank_exact", "true"},
                                                    {"record_points", "3836.48"},
                                                    {"record_points_session", "1987-10-20"},
                                                    {"record_percent", "14.9009"},
                                                    {"record_percent_session", "1987-10-20"},
                                                    {"broke", "points"},
                                                    {"history_sessions", "1"}};
    CHECK(run.seen[0].values == values);
    CHECK(run.seen[0].summary.find("rank {rank_points} by points") != std::string::npos);
}

TEST_CASE("where moves are missing the summary says at least") {
    PluginDriver run{"record_session_move", with_seeds("measure: points")};
    run.exact = false;
    run.previous_close("40000");
    run.close({0, "15:30"}, "36000");
    REQUIRE(run.seen.size() == 1);
    CHECK(run.seen[0]["rank_exact"] == "false");
    CHECK(run.seen[0].summary.find("rank at least") != std::string::npos);
}

TEST_CASE("top_k rings for the k largest, ties included, and the new one counts from the next session on") {
    struct Row {
        const char *name, *close, *told;
    };
    const auto row = GENERATE(values<Row>({
        {"larger than the third", "39899", "event:101#3"},
        {"equal to the third", "39900", ""},
        {"equal to the second has the second's rank", "39800", "event:200#2"},
        {"a record", "39000", "event:1000#1"},
    }));
    CAPTURE(row.name);
    PluginDriver run{"record_session_move", "{direction: down, top_k: 3, history: {min_sessions: 3}}"};
    run.history(1, "40000", "39700");
    run.history(2, "40000", "39800");
    run.history(3, "40000", "39900");
    run.previous_close("40000");
    run.close({0, "15:30"}, row.close);
    CHECK(told(run) == row.told);
}

TEST_CASE("the record to beat is that of the sessions before") {
    PluginDriver run{"record_session_move", with_seeds("measure: points")};
    run.previous_close("60000");
    run.close({0, "15:30"}, "56000");
    run.close({1, "15:30"}, "52000");
    run.close({2, "15:30"}, "47999");
    CHECK(told(run) == "event:4000#1 event:4001#1");
    CHECK(run.seen[1]["record_points"] == "4000");
    CHECK(run.seen[1]["record_points_session"] == "2025-04-07");
}

TEST_CASE("too little is known to speak of a record") {
    struct Row {
        const char* params;
        int have, need;
    };
    const auto row = GENERATE(values<Row>({
        {"{direction: down}", 2, 250},
        {"{direction: down, scope: last:20}", 2, 20},
        {"{direction: down, scope: last:20, history: {min_sessions: 3}}", 2, 3},
    }));
    CAPTURE(row.params);
    PluginDriver run{"record_session_move", row.params};
    run.history(1, "40000", "39999");
    run.history(2, "40000", "39999");
    run.previous_close("40000");
    run.close({0, "15:30"}, "20000");
    CHECK(run.seen.empty());
    CHECK(run.last.outcome == TOCSIN_WARMUP);
    CHECK(run.last.reason == TOCSIN_WHY_MIN_SESSIONS);
    CHECK(run.last.have == static_cast<std::uint32_t>(row.have));
    CHECK(run.last.need == static_cast<std::uint32_t>(row.need));
}

TEST_CASE("across a hole there is no move") {
    PluginDriver run{"record_session_move", with_seeds("measure: points")};
    run.close({0, "15:30"}, "20000");
    CHECK(run.seen.empty());
    CHECK(run.last.reason == TOCSIN_WHY_NO_PREV_CLOSE);
}

TEST_CASE("a provisional close makes no record") {
    PluginDriver run{"record_session_move", with_seeds("measure: points")};
    run.previous_close("40000");
    run.tick({0, "15:20"}, "30000");
    run.to({1, "10:00"});
    CHECK(run.seen.empty());
}

TEST_CASE("live, a fall rings while it would be a record, and the close settles it") {
    struct Row {
        const char *name, *params, *prices, *close_at, *close, *told;
    };
    const auto row = GENERATE(values<Row>({
        {"it does not stand", "measure: points", "36000 35999 38000", "15:30", "38500",
         "entered:4000#1 cleared:2000#2"},
        {"at the close", "measure: points", "36000", "15:30", "38500", "entered:4000#1 cleared:1500#3:false"},
        {"it stands", "measure: points", "36000", "15:30", "36100", "entered:4000#1 session_end:3900#1:true"},
        {"the close comes late", "measure: points", "36000", "15:36", "36100",
         "entered:4000#1 session_end:3900#1:true"},
        {"late, and it does not stand", "measure: points", "36000", "15:36", "37000",
         "entered:4000#1 cleared:3000#2:false"},
        {"the close never comes", "measure: points", "36000 36010", "", "",
         "entered:4000#1 session_end:3990#1"},
        {"exactly the record does not ring", "measure: points", "36163.52", "15:30", "38500", ""},
        {"nor does it resolve", "measure: points", "36000 36163.52 36163.53", "15:30", "38500",
         "entered:4000#1 cleared:3836.47#2"},
        {"as far back as clear", "measure: points, clear: 100", "36000 36263.52 36263.53", "15:30", "38500",
         "entered:4000#1 cleared:3736.47#2"},
        {"for the close clear does not count", "measure: points, clear: 100", "36000", "15:30", "36200",
         "entered:4000#1 cleared:3800#2:false"},
        {"after the end none begins", "measure: points", "39000", "15:36", "30000", ""},
        {"both: the one or the other", "measure: both", "36000 38000", "15:30", "38500",
         "entered:4000#1 cleared:2000#2"},
    }));
    const bool always = GENERATE(false, true);
    CAPTURE(row.name, always);
    PluginDriver run{"record_session_move", with_seeds(std::string{"basis: live, "} + row.params), always};
    run.previous_close("40000");
    int minute = 10;
    for (std::string_view left = row.prices; !left.empty();) {
        const std::string price{left.substr(0, left.find(' '))};
        left.remove_prefix(std::min(left.size(), price.size() + 1));
        run.tick({0, "10:" + std::to_string(minute++)}, price.c_str());
    }
    if (*row.close_at != '\0') run.close({0, row.close_at}, row.close);
    run.to({1, "09:30"});
    CHECK(told(run) == row.told);
}

TEST_CASE("3 April 2025: seventh at the low of the bar, and it does not stick") {
    PluginDriver run{"record_session_move",
                     "{direction: down, basis: live, top_k: 3, history: {min_sessions: 3}}"};
    run.history(1, "40000", "38000");
    run.history(2, "40000", "38600");
    run.history(3, "40000", "38700");
    run.previous_close("35725.87");
    run.bar(0, "34991.98", "35039.45", "34102.00", "34735.93");
    run.to({1, "08:00"});
    CHECK(told(run) == "entered:1623.87#2 cleared:989.94#4:false");
    CHECK(run.seen[0]["price"] == "34102");
    CHECK(run.seen[0]["close"] == "-");
    CHECK(run.seen[0].summary.find("were it to stand") != std::string::npos);
}

TEST_CASE("record_session_move says what is wrong with its parameters") {
    struct Row {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"{measure: points}", "direction: required"},
        {"{direction: down, scope: last:20, history: {min_sessions: 21}}",
         "history.min_sessions: is more sessions than the scope has"},
        {"{direction: up, seeds: {points: [{session: 1987-10-20, previous_close: 25746.56, close: "
         "21910.08}]}}",
         "seeds.points[0].close: is no move in the rule's direction"},
        {"{direction: down, basis: live, measure: both, clear: 20}",
         "clear: with measure: both, write it in % of the move to beat, like 5%"},
        {"{direction: down, stage: x}", "stage: not in this version"},
    }));
    PluginDriver run{"record_session_move", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
