// The law behind sleeping rules: woken by its bounds or woken by every event, a rule tells the same. All
// types at once, so that a sequence hears what the others tell; random walks, and a real history.
#include "tests/engine/engine_support.hpp"
#include "tests/engine/walk.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace tocsin;
using namespace tocsin::tests;

namespace {

/// The rule that a line of NDJSON is of, as its YAML.
std::string rule_in(const std::string& line, const std::string& rules) {
    const auto from = line.find("\"rule\":\"");
    if (from == std::string::npos) return {};
    const auto name = line.substr(from + 8, line.find('"', from + 8) - from - 8);
    const auto begin = rules.find("- name: " + name + '\n');
    return rules.substr(begin, rules.find("\n  - ", begin) - begin);
}

/// How a run differs from another, as one line of each and the rule; empty where it does not.
std::string difference(const std::string& rules, const std::vector<std::string>& asleep,
                       const std::vector<std::string>& awake) {
    for (std::size_t i = 0; i < std::max(asleep.size(), awake.size()); ++i) {
        const auto line = [&](const auto& lines) {
            return i < lines.size() ? lines[i] : std::string{"(nothing)"};
        };
        if (line(asleep) != line(awake)) {
            const auto& first = i < asleep.size() ? asleep[i] : awake[i];
            return "asleep: " + line(asleep) + "\nawake:  " + line(awake) + '\n' + rule_in(first, rules);
        }
    }
    return {};
}

/// How many seeds: some are enough for every push; TOCSIN_WALKS=500 looks longer.
std::uint32_t walks() {
    const char* given = std::getenv("TOCSIN_WALKS");
    return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : 25;
}

/// Everybody asked after every event, whatever it was: for the price as it stands, or only because time has
/// passed.
void ask_everybody(Run& run, const Desk& desk, std::uint32_t cause) {
    auto& host = run.pipeline.host();
    std::vector<alert::Alert> alerts;
    for (market::SymbolId symbol = 0; symbol < desk.config.symbols.size(); ++symbol)
        host.wake(symbol, TOCSIN_IN_PRICE, cause);
    host.run({.at = run.pipeline.now()}, alerts);
    for (auto& alert : alerts) run.told.push_back(std::move(alert));
}

} // namespace

TEST_CASE("over random walks a rule tells the same, woken by its bounds or by every price") {
    const auto seed = GENERATE(range(1u, walks()));
    Dice dice{seed};
    const auto rules = random_rules(dice);
    const Desk desk{rules};
    Decoding decode{desk};
    Run asleep{desk}, awake{desk}, restless{desk};
    awake.pipeline.host().wake_on_every_price(true);
    restless.pipeline.host().wake_on_every_price(true);
    std::vector<std::string> latest;
    for (const auto& line : random_events(dice, 16)) {
        const auto event = decode(line);
        for (Run* run : {&asleep, &awake, &restless}) run->take(event);
        ask_everybody(restless, desk, TOCSIN_IN_TIME);
        latest.push_back(line);
        if (latest.size() > 40) latest.erase(latest.begin());
        CAPTURE(seed, latest);
        REQUIRE(difference(rules, asleep.lines(), awake.lines()) == "");
        REQUIRE(difference(rules, asleep.lines(), restless.lines()) == "");
        for (Run* run : {&asleep, &awake, &restless}) run->told.clear();
    }
}

namespace {

/// Rules of every type that takes prices, with levels all over the range of the demo's history.
std::string rules_on_history() {
    std::string text;
    const auto rule = [&](const std::string& type, const std::string& params, const std::string& more = "") {
        text += "  - name: r" + std::to_string(text.size()) + "\n    type: " + type +
                "\n    symbols: [N225]\n" + more + "    params: {" + params + "}\n";
    };
    for (int level = 31'000; level <= 42'500; level += 500)
        for (const char* basis : {"live", "close"}) {
            const auto at = "level: " + std::to_string(level) + ", basis: " + basis;
            rule("level_cross", at + ", direction: any");
            rule("level_cross", at + ", direction: down, clear: 1%");
            rule("level_cross", at + ", direction: up, clear: 250", "    cooldown: 5 sessions\n");
            rule("level_cross", at + ", direction: down, mode: is_beyond, clear: 300",
                 "    for: 2 sessions\n");
        }
    for (const char* way : {"down", "up"}) {
        const auto direction = std::string{"direction: "} + way;
        for (const char* basis : {", basis: live", ", basis: close"}) {
            rule("session_move",
                 direction + basis + ", levels: [{at: 0.5}, {at: 1}, {at: 2}, {at: 3}, {at: 5}, {at: 10}]");
            rule("session_move",
                 direction + basis + ", measure: points, clear: 100, levels: [{at: 300}, {at: 800}]");
            for (const char* measure : {"points", "percent", "both"})
                for (const char* scope : {"last:20", "all_time"})
                    rule("record_session_move", direction + basis + ", measure: " + measure +
                                                    ", scope: " + scope +
                                                    ", top_k: 3, clear: 10%, history: {min_sessions: 10}");
        }
    }
    rule("staleness", "max_gap: 90m");
    return text;
}

} // namespace

TEST_CASE("over real history a rule tells the same, woken by its bounds or by every price") {
    const auto rules = rules_on_history();
    const Desk desk{rules, "", TOCSIN_SOURCE_DIR "/config/calendars/xtks.yaml, xnys.yaml"};
    Decoding decode{desk};
    // The demo's bars; and the same four prices of each session as ticks, an open, and an official close.
    const bool as_ticks = GENERATE(false, true);
    std::ifstream in{TOCSIN_SOURCE_DIR "/config/demo/n225.csv"};
    Run asleep{desk}, awake{desk};
    awake.pipeline.host().wake_on_every_price(true);
    std::string row;
    std::getline(in, row);
    int sessions = 0;
    for (; std::getline(in, row); ++sessions) {
        std::istringstream cells{row};
        std::string date, open, high, low, close;
        for (auto* cell : {&date, &open, &high, &low, &close}) std::getline(cells, *cell, ',');
        const auto quote = [&](const char* at, const char* kind, const std::string& price) {
            return "{\"type\":\"quote\",\"symbol\":\"N225\",\"ts\":\"" + date + "T" + at +
                   "+09:00\",\"kind\":\"" + kind + "\",\"price\":" + price + "}";
        };
        std::vector<std::string> lines;
        if (as_ticks)
            lines = {quote("09:00:05", "open", open), quote("10:00:00", "tick", high),
                     quote("14:00:00", "tick", low), quote("14:59:59", "tick", close),
                     quote("15:31:00", "close", close)};
        else
            lines = {"{\"type\":\"bar\",\"symbol\":\"N225\",\"session\":\"" + date + "\",\"open\":" + open +
                     ",\"high\":" + high + ",\"low\":" + low + ",\"close\":" + close + "}"};
        for (const auto& line : lines)
            for (Run* run : {&asleep, &awake}) run->take(decode(line));
    }
    REQUIRE(sessions > 190);
    CHECK(asleep.told.size() > 500);
    CHECK(difference(rules, asleep.lines(), awake.lines()) == "");
    CHECK(asleep.pipeline.host().evaluations() < awake.pipeline.host().evaluations());
}
