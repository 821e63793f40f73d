// Silence in trading time.
#include "tests/driven/plugin_driver.hpp"

namespace {

std::string told(const PluginDriver& run) {
    std::string all;
    for (const auto& seen : run.seen) {
        const auto local =
            tocsin::Time::from_nanos(seen.at).plus(9 * 3600 * tocsin::nanos_per_second).to_string();
        all += (all.empty() ? "" : " ") + seen.what + "@" + local.substr(11, 5);
    }
    return all;
}

} // namespace

TEST_CASE("silence is counted from the last tick, while the market trades") {
    struct Row {
        const char *name, *ticks, *told; // the last word: how far time goes
    };
    const auto row = GENERATE(values<Row>({
        {"exactly the gap", "0:10:00 0:10:05", "entered@10:05"},
        {"a tick in time", "0:10:00 0:10:04 0:10:08", ""},
        {"a tick ends it", "0:10:00 0:10:07 0:10:09", "entered@10:05 cleared@10:07"},
        {"lunch does not count", "0:11:28 0:12:32", ""},
        {"what is left of it after lunch", "0:11:28 0:12:34", "entered@12:33"},
        {"in the auction the index stands still", "0:15:22 0:15:30", ""},
        {"nor at night", "0:15:22 1:08:59", ""},
        {"in the morning it starts at the open", "0:15:22 1:09:04", ""},
        {"five minutes from the open", "0:15:22 1:09:05", "entered@09:05"},
        {"a first tick there never was", "0:09:05", "entered@09:05"},
        {"it stays until a tick comes, over night too", "0:15:10 1:09:30 1:09:31",
         "entered@15:15 cleared@09:30"},
    }));
    const bool always = GENERATE(false, true);
    CAPTURE(row.name, always);
    PluginDriver run{"staleness", "{max_gap: 5m}", always};
    int price = 100;
    for (std::string_view left = row.ticks;;) {
        const std::string word{left.substr(0, left.find(' '))};
        left.remove_prefix(std::min(left.size(), word.size() + 1));
        const At at{word[0] - '0', word.substr(2)};
        if (left.empty()) {
            run.to(at);
            break;
        }
        if (price == 100) run.begin(at);
        run.tick(at, std::to_string(price++).c_str());
    }
    CHECK(told(run) == row.told);
}

TEST_CASE("it carries the last tick, the silence and what was allowed") {
    PluginDriver run{"staleness", "{max_gap: 5 trading_minutes}"};
    run.begin({0, "11:28"});
    run.tick({0, "11:28"}, "100.5");
    run.tick({0, "12:40"}, "101");
    REQUIRE(told(run) == "entered@12:33 cleared@12:40");
    CHECK(run.seen[0].values == std::map<std::string, std::string>{{"last_price", "100.5"},
                                                                   {"last_at", "2025-04-07T02:28:00Z"},
                                                                   {"silent_trading_seconds", "300"},
                                                                   {"threshold_seconds", "300"}});
    CHECK(run.seen[1]["silent_trading_seconds"] == "720"); // two minutes before lunch, ten after
    CHECK(run.seen[1]["last_price"] == "101");
}

TEST_CASE("a halt is no silence, and its end starts the wait anew") {
    PluginDriver run{"staleness", "{max_gap: 5m}"};
    run.begin({0, "10:00"});
    run.tick({0, "10:00"}, "100");
    run.status({0, "10:03"}, true);
    run.to({0, "10:20"});
    CHECK(run.seen.empty());
    run.status({0, "10:30"}, false);
    run.to({0, "10:34"});
    CHECK(run.seen.empty());
    run.to({0, "10:36"});
    CHECK(told(run) == "entered@10:35");
}

TEST_CASE("a price that stands still while ticks come is stale too") {
    const bool always = GENERATE(false, true);
    PluginDriver run{"staleness", "{max_gap: 5m, unchanged_for: 10m}", always};
    run.begin({0, "10:10"});
    for (int minute = 10; minute <= 22; minute += 2) run.tick({0, "10:" + std::to_string(minute)}, "100");
    REQUIRE(told(run) == "entered@10:20");
    CHECK(run.seen[0]["unchanged_trading_seconds"] == "600");
    CHECK(run.seen[0]["threshold_seconds"] == "600");
    run.tick({0, "10:24"}, "100.1");
    CHECK(told(run) == "entered@10:20 cleared@10:24");
}

TEST_CASE("without ticks it is silence, however long the price has stood") {
    PluginDriver run{"staleness", "{max_gap: 20m, unchanged_for: 10m}", GENERATE(false, true)};
    run.begin({0, "10:00"});
    run.tick({0, "10:00"}, "100");
    run.to({0, "10:15"});
    CHECK(run.seen.empty());
    run.tick({0, "10:16"}, "100"); // and now it is a frozen feed
    CHECK(told(run) == "entered@10:16");
}

TEST_CASE("staleness says what is wrong with its parameters") {
    struct Row {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"{}", "max_gap: required"},
        {"{max_gap: 2 sessions}", "max_gap: must be a length of time above 0, like 5m"},
        {"{max_gap: 5m, unchanged_for: 0s}", "unchanged_for: must be a length of time above 0, like 5m"},
    }));
    PluginDriver run{"staleness", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
