// Bounds never change a result: every rule on prices, woken by its bounds and woken by every price, over
// random walks with gaps, ties and touches, tells the same.
#include "tests/driven/plugin_driver.hpp"
#include <random>

TEST_CASE("woken by its bounds or by every price, a rule tells the same") {
    struct Row {
        const char *type, *params;
    };
    const auto row = GENERATE(values<Row>({
        {"level_cross", "{level: 1000}"},
        {"level_cross", "{level: 1000, clear: 3}"},
        {"level_cross", "{level: 1000, clear: 0.5%, direction: down}"},
        {"level_cross", "{level: 1000, clear: 2, direction: up}"},
        {"level_cross", "{level: 1000, mode: is_beyond, direction: up, clear: 4}"},
        {"level_cross", "{level: 1000, mode: is_beyond, direction: down, fire_if_already_beyond: true}"},
        {"level_cross", "{level: 1000, basis: close}"},
        {"session_move", "{direction: down, levels: [{at: 0.3}, {at: 0.7}, {at: 1.2}]}"},
        {"session_move", "{direction: up, measure: points, clear: 2, levels: [{at: 3}, {at: 6}, {at: 9}]}"},
        {"session_move", "{direction: up, basis: close, levels: [{at: 0.3}]}"},
        {"record_session_move", "{direction: down, basis: live, history: {min_sessions: 1}}"},
        {"record_session_move",
         "{direction: up, basis: live, measure: percent, top_k: 4, clear: 0.2, scope: last:9}"},
        {"record_session_move",
         "{direction: down, basis: live, measure: both, top_k: 3, clear: 10%, scope: last:5}"},
        {"record_session_move", "{direction: down, measure: both, top_k: 2, scope: last:9}"},
        {"staleness", "{max_gap: 5m}"},
        {"staleness", "{max_gap: 9m, unchanged_for: 4m}"},
    }));
    const unsigned seed = GENERATE(range(1u, 9u));
    CAPTURE(row.type, row.params, seed);
    PluginDriver sleeping{row.type, row.params}, awake{row.type, row.params, true};
    std::mt19937 random{seed};
    const auto pick = [&](unsigned n) { return static_cast<std::int64_t>(random() % n); };
    for (PluginDriver* run : {&sleeping, &awake}) run->previous_close("1000");
    std::int64_t price = 1000;
    for (int session = 0; session < 12; ++session) {
        price += pick(9) - 4; // a gap
        std::int64_t t = PluginDriver::time({session, "09:00"});
        const std::int64_t end = PluginDriver::time({session, "15:30"}),
                           minute = 60 * tocsin::nanos_per_second;
        const bool halts = pick(4) == 0, bar_only = pick(5) == 0;
        if (!bar_only)
            for (int i = 0; t < end; ++i, t += (1 + pick(6)) * minute / 2) {
                price += pick(3) == 0 ? 0 : pick(5) - 2;
                sleeping.tick(t, price * tocsin::nanos_per_second),
                    awake.tick(t, price * tocsin::nanos_per_second);
                if (halts && i == 20)
                    for (PluginDriver* run : {&sleeping, &awake}) run->status({session, "12:00"}, true);
                if (halts && i == 20) t = std::max(t, PluginDriver::time({session, "12:00"}));
                if (halts && i == 30)
                    for (PluginDriver* run : {&sleeping, &awake}) run->status({session, "14:50"}, false);
                if (halts && i == 30) t = std::max(t, PluginDriver::time({session, "14:50"}));
            }
        const std::string close = std::to_string(price + pick(3) - 1), low = std::to_string(price - 3),
                          high = std::to_string(price + 3), open = std::to_string(price);
        const auto how = bar_only ? 0 : pick(4);
        for (PluginDriver* run : {&sleeping, &awake}) {
            if (how == 0) run->bar(session, open.c_str(), high.c_str(), low.c_str(), close.c_str());
            if (how == 1) run->close({session, "15:30"}, close.c_str());
            if (how == 2) run->close({session, "15:36"}, close.c_str()); // how == 3: it never comes
        }
    }
    CHECK(sleeping.seen.size() == awake.seen.size());
    for (std::size_t i = 0; i < std::min(sleeping.seen.size(), awake.seen.size()); ++i) {
        CAPTURE(i, sleeping.seen[i].what, awake.seen[i].what);
        CHECK(sleeping.seen[i].at == awake.seen[i].at);
        CHECK(sleeping.seen[i].what == awake.seen[i].what);
        CHECK(sleeping.seen[i].values == awake.seen[i].values);
    }
}
