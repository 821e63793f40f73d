// The edges of level_cross, one row each: prices in, what rings out.
#include "tests/driven/plugin_driver.hpp"

namespace {

/// Prices a minute apart from 09:00, `|` the next session, `#` of halted minutes the end of a halt; and what
/// is seen: the price of each ring.
struct Row {
    const char *name, *params, *prices, *rings;
};

std::string rings_of(const PluginDriver& run) {
    std::string rings;
    for (const auto& seen : run.seen)
        rings += (rings.empty() ? "" : " ") + std::string{seen.what == "event" ? "" : seen.what + ":"} +
                 seen["price"];
    return rings;
}

void feed(PluginDriver& run, std::string_view prices) {
    int session = 0, minute = 0;
    while (!prices.empty()) {
        const std::string word{prices.substr(0, prices.find(' '))};
        prices.remove_prefix(std::min(prices.size(), word.size() + 1));
        const std::string clock = "09:" + std::string(minute < 10 ? "0" : "") + std::to_string(minute);
        if (word == "|")
            ++session, minute = 0;
        else if (word == "halt" || word == "resume")
            run.status({session, clock}, word == "halt"), ++minute;
        else
            run.tick({session, clock}, word.c_str()), ++minute;
    }
}

} // namespace

TEST_CASE("a price rings when it crosses the level") {
    const auto row = GENERATE(values<Row>({
        {"down to the level", "{level: 100, direction: down}", "101 100", "100"},
        {"down through it", "{level: 100, direction: down}", "101 99.9", "99.9"},
        {"not a tick above it", "{level: 100, direction: down}", "101 100.000000001", ""},
        {"up to the level", "{level: 100, direction: up}", "99 100", "100"},
        {"down does not ring up", "{level: 100, direction: up}", "101 99", ""},
        {"the first price never rings", "{level: 100}", "99", ""},
        {"nor the second, if the first was on the level", "{level: 100}", "100 99", ""},
        {"but the side is known then", "{level: 100}", "100 99 101", "101"},
        {"a touch and a return is one ring", "{level: 100}", "101 100 101", "100"},
        {"a touch, and on through: one ring, for the touch", "{level: 100}", "101 100 99", "100"},
        {"a second touch rings once the first has cleared", "{level: 100}", "101 100 101 100", "100 100"},
        {"not before it has cleared", "{level: 100, clear: 5, direction: down}", "101 100 104 99 102 99",
         "100"},
        {"exactly at level + clear does not arm", "{level: 100, clear: 5, direction: down}", "101 99 105 99",
         "99"},
        {"beyond it does", "{level: 100, clear: 5, direction: down}", "101 99 105.01 99", "99 99"},
        {"clear in percent, exactly", "{level: 100, clear: 5%, direction: up}",
         "99 100 95 100 94.999999999 100", "100 100"},
        {"each direction has its own latch", "{level: 100, clear: 5}", "101 99 101 99 101 94 101",
         "99 101 101"},
        {"armed until it rings: clear is not needed before", "{level: 100, clear: 5, direction: down}",
         "99 101 99", "99"},
        {"across a night", "{level: 100}", "101 | 99", "99"},
    }));
    const bool always = GENERATE(false, true);
    CAPTURE(row.name, always);
    PluginDriver run{"level_cross", row.params, always};
    feed(run, row.prices);
    CHECK(rings_of(run) == row.rings);
}

TEST_CASE("a ring carries the value before, and whether a session's end lay between") {
    PluginDriver run{"level_cross", "{level: 35000}"};
    feed(run, "35100 35050 34990 | 35010");
    REQUIRE(run.seen.size() == 2);
    CHECK(run.seen[0]["price"] == "34990");
    CHECK(run.seen[0]["previous_price"] == "35050"); // which the rule slept through
    CHECK(run.seen[0]["level"] == "35000");
    CHECK(run.seen[0]["gap"] == "-");
    CHECK(run.seen[1]["gap"] == "true");
    CHECK(run.seen[1].summary.find("rose") != std::string::npos);
}

TEST_CASE("a crossing that a halt hid rings with the first price after it") {
    PluginDriver run{"level_cross", "{level: 100}", GENERATE(false, true)};
    feed(run, "101 halt 99 98 resume 97");
    CHECK(rings_of(run) == "97");
}

TEST_CASE("on basis close only official closes count") {
    PluginDriver run{"level_cross", "{level: 100, basis: close}"};
    run.tick({0, "10:00"}, "99");
    run.close({0, "15:30"}, "101");
    run.tick({1, "10:00"}, "99");
    run.close({1, "15:30"}, "100.5");
    run.bar(2, "100", "100", "90", "99.5");
    REQUIRE(rings_of(run) == "99.5");
    CHECK(run.seen[0]["previous_price"] == "100.5");
    CHECK(run.seen[0]["gap"] == "true");
}

TEST_CASE("a bar reaches a live rule price by price") {
    struct BarRow {
        const char *name, *params, *open, *high, *low, *close, *rings;
    };
    const auto row = GENERATE(values<BarRow>({
        {"falling: high, then low", "{level: 100}", "99", "101", "98", "98.5", "101 98"},
        {"rising: low, then high", "{level: 100}", "101", "102", "98", "101.5", "98 102"},
        {"down sees no high", "{level: 100, direction: down}", "101", "105", "98", "99", "98"},
        {"nothing but a close", "{level: 100}", "", "", "", "99", "99"},
    }));
    CAPTURE(row.name);
    PluginDriver run{"level_cross", row.params};
    run.bar(0, "", "", "", std::string{row.open} == "99" ? "99" : "101");
    run.bar(1, row.open, row.high, row.low, row.close);
    CHECK(rings_of(run) == row.rings);
}

TEST_CASE("is_beyond is a state") {
    const auto row = GENERATE(values<Row>({
        {"from the level on", "{level: 100, mode: is_beyond, direction: down}", "101 100 99", "entered:100"},
        {"until it is past the level", "{level: 100, mode: is_beyond, direction: down}", "101 99 100 100.5",
         "entered:99 cleared:100.5"},
        {"and past clear", "{level: 100, mode: is_beyond, direction: up, clear: 2}", "99 101 98 99 97.9",
         "entered:101 cleared:97.9"},
        {"not at first sight", "{level: 100, mode: is_beyond, direction: down}", "99 98", ""},
        {"only once it has been short of it", "{level: 100, mode: is_beyond, direction: down}", "99 101 98",
         "entered:98"},
        {"unless asked for", "{level: 100, mode: is_beyond, direction: down, fire_if_already_beyond: true}",
         "99", "entered:99"},
    }));
    const bool always = GENERATE(false, true);
    CAPTURE(row.name, always);
    PluginDriver run{"level_cross", row.params, always};
    feed(run, row.prices);
    CHECK(rings_of(run) == row.rings);
}

TEST_CASE("level_cross says what is wrong with its parameters") {
    struct Wrong {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Wrong>({
        {"{direction: up}", "level: required"},
        {"{level: 100, mode: is_beyond}", "direction: is_beyond needs down or up"},
        {"{level: 100, fire_if_already_beyond: true}", "fire_if_already_beyond: is for is_beyond"},
        {"{level: 100, confirm: 2}", "confirm: not in this version"},
    }));
    PluginDriver run{"level_cross", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
