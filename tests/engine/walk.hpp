// Walks: random configurations and random events for the laws of the engine, the same for the same seed.
// Prices lie on a coarse grid, and so do levels, so that touches, ties and gaps are the rule and not the
// exception; there are halts, missing and late closes, bars after ticks and alone, late ticks, silences and
// tariffs.
#pragma once
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <tocsin/time.hpp>
#include <vector>

namespace tocsin::tests {

class Dice {
public:
    explicit Dice(std::uint32_t seed) : random_{seed} {}
    /// From 0 to n - 1. Not std::uniform_int_distribution, whose results differ between libraries.
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint32_t>(n)); }
    int between(int low, int high) { return low + below(high - low + 1); }
    bool one_in(int n) { return below(n) == 0; }
    template <class T> const T& of(const std::vector<T>& all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }

private:
    std::mt19937 random_;
};

/// What stands under `rules:`: rules of all types, with every parameter turned.
inline std::string random_rules(Dice& dice) {
    std::string text;
    std::vector<std::string> heard; // rules that a sequence may listen to
    const auto maybe = [&](int n, const std::string& yes) { return dice.one_in(n) ? yes : std::string{}; };
    const auto grid = [&] { return std::to_string(1000 + dice.between(-12, 12)) + maybe(4, ".5"); };
    const auto rule = [&](const std::string& type, const std::string& params, bool condition, bool symbols) {
        const auto name =
            type.substr(0, 3) + std::to_string(text.size() % 9) + '-' + std::to_string(heard.size());
        heard.push_back(name);
        text += "  - name: " + name + "\n    type: " + type + "\n    params: {" + params + "}\n";
        if (symbols)
            text += dice.of<std::string>({"    symbols: [N225]\n", "    symbols: [N225, SPX]\n",
                                          "    symbols: [TPX]\n", "    symbols: [SPX, TPX]\n"});
        if (condition && dice.one_in(3))
            text +=
                "    for: " + dice.of<std::string>({"90s", "5m", "20 trading_minutes", "1 session", "2h"}) +
                '\n';
        if (dice.one_in(4))
            text += "    cooldown: " +
                    dice.of<std::string>(
                        symbols ? std::vector<std::string>{"10m", "45 trading_minutes", "1 session", "1d"}
                                : std::vector<std::string>{"10m", "1d"}) +
                    '\n';
        if (condition && dice.one_in(4))
            text += "    keep: " +
                    dice.of<std::string>(
                        symbols ? std::vector<std::string>{"90s", "6m", "25 trading_minutes", "1 session"}
                                : std::vector<std::string>{"6m", "3h"}) +
                    '\n';
        if (condition && dice.one_in(6))
            text += "    remind: " + dice.of<std::string>({"11m", "1h", "1d"}) + '\n';
        if (condition && dice.one_in(6))
            text += "    expires: " + dice.of<std::string>({"7m", "1h", "30 trading_minutes", "2 sessions"}) +
                    '\n';
        else if (dice.one_in(15))
            text += "    expires: 2025-04-10T03:00:00Z\n";
    };
    const auto down_or_up = [&] { return dice.of<std::string>({"down", "up"}); };
    const auto basis = [&] { return dice.of<std::string>({"live", "live", "close"}); };
    for (int i = 0; i < 12; ++i) {
        const bool beyond = dice.one_in(2);
        rule("level_cross",
             "level: " + grid() + ", basis: " + basis() +
                 ", clear: " + dice.of<std::string>({"0", "0", "1", "2", "3.5", "0.2%"}) + ", direction: " +
                 (beyond ? down_or_up() + ", mode: is_beyond" + maybe(2, ", fire_if_already_beyond: true")
                         : dice.of<std::string>({"down", "up", "any"})),
             beyond, true);
    }
    for (int i = 0; i < 10; ++i) {
        const bool points = dice.one_in(2);
        std::string levels, at;
        int level = dice.between(1, 3);
        for (int n = dice.between(1, 4); n > 0; --n, level += dice.between(1, 4)) {
            at = points ? std::to_string(level) : "0." + std::to_string(level);
            if (!points && level > 9) at = std::to_string(level / 10) + "." + std::to_string(level % 10);
            levels += (levels.empty() ? "" : ", ") + std::string{"{at: "} + at +
                      maybe(3, ", severity: critical") + "}";
        }
        const std::string of = basis();
        rule("session_move",
             "direction: " + down_or_up() + ", basis: " + of +
                 ", measure: " + (points ? "points" : "percent") + ", levels: [" + levels + "]" +
                 maybe(2, points ? ", clear: 1" : ", clear: 50%"),
             of == "live", true);
    }
    for (int i = 0; i < 10; ++i) {
        const std::string measure = dice.of<std::string>({"points", "percent", "both"}), way = down_or_up(),
                          of = basis();
        const std::string seed = way == "down" ? "{session: 2025-01-06, previous_close: 1000, close: 994}"
                                               : "{session: 2025-01-06, previous_close: 1000, close: 1006}";
        rule("record_session_move",
             "direction: " + way + ", measure: " + measure + ", basis: " + of +
                 ", top_k: " + std::to_string(dice.between(1, 5)) +
                 maybe(2, of == "live" ? measure == "both"     ? ", clear: 20%"
                                         : measure == "points" ? ", clear: 1.5"
                                                               : ", clear: 0.1"
                                       : "") +
                 dice.of<std::string>({"", ", scope: last:4", ", scope: \"since:2025-04-05\""}) +
                 dice.of<std::string>({", history: {min_sessions: 1}", ", history: {min_sessions: 3}",
                                       ", seeds: {points: [" + seed + "], percent: [" + seed + "]}"}),
             of == "live", true);
    }
    for (int i = 0; i < 5; ++i)
        rule("staleness",
             "max_gap: " + dice.of<std::string>({"3m", "9m", "20 trading_minutes", "1h"}) +
                 maybe(2, ", unchanged_for: " + dice.of<std::string>({"4m", "15m"})),
             true, true);
    const auto match = [&] {
        return "{target: " + dice.of<std::string>({"JP", "\"*\"", "CN"}) + maybe(2, ", stage: announced") +
               maybe(3, ", rate: {at_least: 10}") + maybe(4, ", tier: official") + "}";
    };
    for (int i = 0; i < 3; ++i)
        rule("tariff_event", "match: " + match() + maybe(2, ", min_tier: media"), false, false);
    for (int i = 0; i < 3; ++i)
        rule("tariff_deadline",
             dice.of<std::string>({"before: [7d, 1d, 1h]", "before: [3h]", "before: [30h, 29h]"}) +
                 maybe(2, ", match: " + match()) + maybe(3, ", which: expires"),
             false, false);
    for (int i = 0; i < 4; ++i)
        rule("multi_session_move",
             "direction: " + down_or_up() + ", sessions: " + std::to_string(dice.between(2, 4)) +
                 dice.of<std::string>({", at: 2", ", at: 0.5%", ", record: true, min_sessions: 2",
                                       ", record: true, min_sessions: 1, record_by_points: true, at: 1"}) +
                 maybe(2, ", skip: none"),
             false, true);
    for (int i = 0; i < 6; ++i)
        rule("extreme",
             "side: " + dice.of<std::string>({"low", "high"}) + ", basis: " + basis() + ", window: \"" +
                 dice.of<std::string>({"last:2", "last:3", "calendar:1w", "all_time"}) +
                 "\", min_sessions: 2" + maybe(3, ", min_age: 2") + maybe(2, ", repeat: each_new_extreme") +
                 maybe(3, ", partial: true"),
             false, true);
    for (int i = 0; i < 8; ++i) {
        const std::string step = dice.of<std::string>({"5", "2.5", "3", "10"});
        rule("round_number",
             "step: " + step + ", direction: " + dice.of<std::string>({"down", "up", "any"}) +
                 ", basis: " + basis() +
                 dice.of<std::string>({"", ", clear: 0", ", clear: 1", ", clear: 100%", ", clear: 45%"}) +
                 dice.of<std::string>({"", "", ", min_sessions_between: 1", ", min_sessions_between: 3"}),
             false, true);
    }
    for (int i = 0; i < 8; ++i) {
        const bool points = dice.one_in(2);
        rule("velocity",
             "direction: " + down_or_up() +
                 ", window: " + dice.of<std::string>({"2m", "7 trading_minutes", "30m", "3h"}) +
                 ", measure: " + (points ? "points" : "percent") + ", threshold: " +
                 (points ? dice.of<std::string>({"1", "2.5", "5"})
                         : dice.of<std::string>({"0.1", "0.25", "0.6"})) +
                 dice.of<std::string>(
                     {"", ", clear: 0", ", clear: 50%", points ? ", clear: 1" : ", clear: 0.1"}) +
                 dice.of<std::string>({"", ", for_clear: 90s", ", for_clear: 10 trading_minutes"}) +
                 dice.of<std::string>({"", ", min_ticks: 1", ", min_ticks: 3"}) +
                 maybe(3, ", max_tick_age: 2m") + maybe(3, ", span_breaks: true"),
             true, true);
    }
    for (int i = 0; i < 8; ++i) {
        const std::string measure =
            dice.of<std::string>({"points", "percent_of_pc", "\"x_median:1\"", "\"x_median:4\""});
        const bool points = measure == "points", median = measure[0] == '"';
        rule("intraday_range",
             "measure: " + measure +
                 dice.of<std::string>({points   ? ", threshold: 9.5"
                                       : median ? ", threshold: 1"
                                                : ", threshold: 0.7",
                                       points ? ", levels: [{at: 3}, {at: 7, severity: critical}, {at: 12}]"
                                       : median
                                           ? ", levels: [{at: 0.5}, {at: 1.25}, {at: 2}]"
                                           : ", levels: [{at: 0.3}, {at: 0.5}, {at: 1.3, severity: info}]"}) +
                 (median ? maybe(2, ", exclude_short_sessions: true") + maybe(2, ", min_sessions: 1") : ""),
             true, true);
    }
    for (int i = 0; i < 4; ++i)
        rule("volatility_shock",
             "lookback: " + dice.of<std::string>({"2", "3", "5"}) +
                 ", estimator: " + dice.of<std::string>({"stdev", "ewma, lambda: 0.7", "mad"}) +
                 dice.of<std::string>({", k: 1", ", k: 0.4", ", k: 2"}) + maybe(2, ", floor: 0.3") +
                 dice.of<std::string>({"", ", direction: down", ", direction: up"}),
             false, true);
    const auto few_levels = [&](bool points) {
        std::string levels;
        int at = dice.between(1, 3);
        for (int n = dice.between(1, 3); n > 0; --n, at += dice.between(1, 2))
            levels += (levels.empty() ? "{at: " : ", {at: ") + (points ? "" : std::string{"0."}) +
                      std::to_string(at) + maybe(3, ", severity: critical") + "}";
        return levels;
    };
    for (int i = 0; i < 6; ++i) {
        const bool points = dice.one_in(2);
        rule("opening_gap",
             "direction: " + dice.of<std::string>({"down", "up", "any"}) +
                 ", measure: " + (points ? "points" : "percent") + ", levels: [" + few_levels(points) + "]" +
                 dice.of<std::string>({"", ", settle: 0s", ", settle: 20m, late_open: 40m",
                                       ", settle: 7 trading_minutes, late_open: 9 trading_minutes"}) +
                 maybe(2, ", compare_to: prev_range"),
             false, true);
    }
    for (int i = 0; i < 10; ++i) {
        const bool falls = dice.one_in(2), intraday = dice.one_in(2);
        const std::string end = falls ? "peak" : "trough";
        rule(falls ? "drawdown" : "rebound",
             end + ": " +
                 dice.of<std::string>({intraday ? "session" : "all_time", "\"last:1\"", "\"last:2\"",
                                       "\"last:4\"", "\"since:2025-04-04\""}) +
                 ", " + end + "_basis: " + (intraday ? "intraday" : "close") + ", levels: [" +
                 few_levels(false) + "]" +
                 dice.of<std::string>({"", ", clear: 0", ", clear: 0.05", ", clear: 70%", ", clear: 100%"}) +
                 (falls ? "" : dice.of<std::string>({", min_fall: 0.1", ", min_fall: 0.5"})),
             true, true);
    }
    for (int i = 0; i < 5; ++i)
        rule("ma_cross",
             dice.of<std::string>(
                 {"slow: sma:3", "fast: ema:1, slow: sma:4", "fast: sma:2, slow: ema:3", "slow: ema:2"}) +
                 dice.of<std::string>({"", ", direction: down", ", direction: up"}) + maybe(2, ", band: 0.1"),
             false, true);
    for (int i = 0; i < 5; ++i)
        rule("relative_move",
             "b: " + dice.of<std::string>({"N225", "TPX", "SPX"}) +
                 ", threshold: " + dice.of<std::string>({"0.1", "0.4", "0.75"}) + ", basis: " + basis() +
                 dice.of<std::string>({"", ", beta: 0.5", ", beta: 2", ", sessions: 2"}) +
                 dice.of<std::string>({"", ", direction: down", ", direction: up"}),
             false, true);
    for (int i = 0; i < 6; ++i)
        rule("streak",
             "direction: " + down_or_up() + ", length: " + std::to_string(dice.between(2, 3)) +
                 dice.of<std::string>({"", ", min_move: 1", ", min_move: 0.2%"}) +
                 dice.of<std::string>({"", ", cumulative: 3", ", cumulative: 0.5%"}) +
                 dice.of<std::string>({"", ", flat: continues", ", flat: ignored"}) +
                 maybe(3, ", escalate: false"),
             true, true);
    for (int i = 0; i < 2; ++i) rule("trading_status", "", true, true);
    for (int i = 0; i < 4; ++i)
        rule("missing_close",
             dice.of<std::string>({"", "grace: 0s", "grace: 1m, lead: 2h", "grace: 15h, lead: 0s"}), true,
             true);
    const auto listened = heard;
    for (int i = 0; i < 8; ++i) {
        std::string steps;
        for (int n = dice.between(2, 3); n > 0; --n)
            steps += (steps.empty() ? "{" : ", {") +
                     (dice.one_in(4) ? "match: " + match() : "rule: " + dice.of(listened)) + "}";
        rule("sequence",
             "steps: [" + steps + "], within: " +
                 dice.of<std::string>({"30m", "2 sessions", "100 trading_minutes", "3d", "1 session"}) +
                 maybe(2, ", within_from: previous") + maybe(3, ", contiguity: strict") +
                 dice.of<std::string>({"", ", after_match: skip_to_next", ", after_match: no_skip"}) +
                 maybe(4, ", min_gap: 5m"),
             false, true);
    }
    for (int i = 0; i < 6; ++i) {
        const auto step = [&] {
            return "{" + (dice.one_in(2) ? "match: " + match() : "rule: " + dice.of(listened)) + "}";
        };
        const bool by = dice.one_in(2);
        rule(
            "absence",
            "expect: " + step() + (by && dice.one_in(2) ? "" : ", after: " + step()) +
                (by ? ", by: " + dice.of<std::string>({"open", "close", "open+90m", "close-1h", "close+20m"})
                    : ", within: " + dice.of<std::string>({"20m", "1 session", "50 trading_minutes", "1d"})) +
                maybe(2, ", max_gap: 3m"),
            true, true);
    }
    for (int i = 0; i < 5; ++i)
        rule("event_window",
             "anchor: " + match() +
                 dice.of<std::string>({", marks: [5m, 30m, 1 session]", ", marks: [2 sessions, 90m]",
                                       ", marks: [1 session]"}) +
                 dice.of<std::string>({"", ", base: prev_close", ", base: next_open"}) +
                 dice.of<std::string>({"", ", threshold: 0.2", ", threshold: 0.6"}),
             true, true);
    for (int i = 0; i < 4; ++i)
        rule("breadth_of_markets",
             "where: " + dice.of(listened) +
                 ", of: [N225, TPX, SPX], at_least: " + dice.of<std::string>({"1", "2", "3"}) +
                 dice.of<std::string>({"", ", within: 20m", ", within: 24h"}) + maybe(3, ", clear: 0.5") +
                 maybe(4, ", weights: [1, 1, 2]"),
             false, false);
    for (int i = 0; i < 8; ++i) {
        std::string names;
        const int n = dice.between(1, 4);
        for (int member = 0; member < n; ++member) names += (member > 0 ? ", " : "") + dice.of(listened);
        const std::string list = dice.of<std::string>({"all", "any", "none", "k_of"});
        rule("composite",
             "when: {" + list + ": [" + names + "]" +
                 (list == "k_of" ? ", k: " + std::to_string(dice.between(1, n)) : "") + "}" +
                 dice.of<std::string>(
                     {"", ", within: 20m", ", within: 1 session", ", within: 90 trading_minutes"}),
             true, true);
    }
    return text;
}

/// Lines of NDJSON for some `sessions` of two exchanges, in the order in which a live feed would bring them.
inline std::vector<std::string> random_events(Dice& dice, int sessions) {
    struct Line {
        std::int64_t comes; // seconds since the epoch
        std::string text;
    };
    std::vector<Line> lines;
    const auto time = [](std::int64_t seconds) {
        return Time::from_nanos(seconds * nanos_per_second).to_string();
    };
    const auto price = [](int halves) { return std::to_string(halves / 2) + (halves % 2 != 0 ? ".5" : ""); };
    const auto add = [&](std::int64_t comes, std::int64_t at, const std::string& type,
                         const std::string& fields) {
        lines.push_back({comes, "{\"type\":\"" + type + "\",\"ts\":\"" + time(at) + "\"," + fields + "}"});
    };
    struct Market {
        const char* symbol;
        int open, close; // minutes UTC
        int halves;
    };
    std::vector<Market> markets{{"N225", 0, 390, 2000}, {"TPX", 0, 390, 2000}, {"SPX", 810, 1200, 2000}};
    const std::int64_t first = SessionDate::from_civil(2025, 4, 1).days();
    for (int day = 0, seen = 0; seen < sessions; ++day) {
        const auto date = SessionDate::from_days(static_cast<std::int32_t>(first + day));
        if ((first + day + 3) % 7 >= 5) continue; // 1970-01-01 was a Thursday
        ++seen;
        const std::int64_t midnight = (first + day) * 86'400;
        for (auto& market : markets) {
            const std::string symbol = std::string{"\"symbol\":\""} + market.symbol + '"';
            const std::int64_t open = midnight + market.open * 60, close = midnight + market.close * 60;
            const int how = dice.below(12);
            const bool closed = date == SessionDate::from_civil(2025, 4, 29)
                                    ? market.open == 0
                                    : market.open != 0 && day == 17; // Good Friday
            if (how == 0 || closed) continue;                        // nothing at all: a hole, or a holiday
            market.halves += dice.between(-7, 7);
            const int opened = market.halves;
            int high = opened, low = opened;
            std::int64_t t = open + (dice.one_in(3) ? 0 : dice.below(600));
            const int pace = dice.of<int>({20, 90, 240});
            if (how > 2)
                while (t <= close) {
                    market.halves += dice.one_in(3) ? 0 : dice.between(-3, 3);
                    if (dice.one_in(40)) market.halves += dice.between(-14, 14);
                    high = std::max(high, market.halves), low = std::min(low, market.halves);
                    const std::int64_t late = dice.one_in(25) ? dice.below(400) : 0;
                    add(t + late, t, "quote",
                        symbol + ",\"price\":" + price(market.halves) +
                            (t < open + 60 && dice.one_in(3) ? ",\"kind\":\"open\"" : ""));
                    if (dice.one_in(60)) t += dice.below(5000); // silence
                    if (!dice.one_in(5)) t += 1 + dice.below(2 * pace);
                    if (dice.one_in(90)) t = std::max(t, close); // one exactly at the close
                }
            else
                market.halves += dice.between(-8, 8), high += dice.below(9), low -= dice.below(9);
            high = std::max(high, market.halves), low = std::min(low, market.halves);
            if (dice.one_in(4)) {
                const std::int64_t from = open + dice.below(24'000);
                const std::string who = dice.one_in(3) ? std::string{"\"venue\":\"XTKS\""} : symbol;
                add(from, from, "status",
                    who + ",\"state\":\"" + dice.of<std::string>({"halted", "halted", "closed"}) + '"');
                if (!dice.one_in(4)) {
                    const std::int64_t to = from + dice.below(12'000);
                    add(to, to, "status", who + ",\"state\":\"resumed\"");
                }
            }
            const int last = std::clamp(market.halves + dice.between(-2, 2), low, high);
            const std::int64_t comes =
                close + dice.of<int>({0, 0, 1, 60, 599, 600, 601, 4000, 70'000, 180'000});
            if (how % 4 == 1 || how <= 2) {
                lines.push_back({comes, "{\"type\":\"bar\"," + symbol + ",\"session\":\"" + date.to_string() +
                                            "\",\"close\":" + price(last) +
                                            (dice.one_in(5) ? "" : ",\"open\":" + price(opened)) +
                                            (dice.one_in(5) ? "" : ",\"high\":" + price(high)) +
                                            (dice.one_in(5) ? "" : ",\"low\":" + price(low)) + "}"});
            } else if (how % 4 != 3 || dice.one_in(3)) {
                const std::int64_t at = std::min(comes, close + 7000);
                add(std::max(comes, at), at, "quote",
                    symbol + ",\"kind\":\"close\",\"price\":" + price(last));
                if (dice.one_in(5))
                    add(comes + 100, at + 50, "quote",
                        symbol + ",\"kind\":\"close\",\"price\":" + price(last + dice.below(2)));
            }
            market.halves = last;
        }
        for (int n = dice.below(4); n > 0; --n) {
            const std::int64_t at = midnight + dice.below(86'400);
            add(at + (dice.one_in(4) ? dice.below(40'000) : 0), at, "tariff",
                "\"measure\":\"m" + std::to_string(dice.below(3)) + "\",\"stage\":\"" +
                    dice.of<std::string>({"announced", "announced", "effective"}) +
                    "\",\"imposer\":\"US\",\"target\":\"" + dice.of<std::string>({"JP", "*", "CN"}) +
                    "\",\"rate\":" + std::to_string(dice.of<int>({5, 10, 24})) + ",\"tier\":\"" +
                    dice.of<std::string>({"official", "official", "media", "rumour"}) + '"' +
                    (dice.one_in(2) ? ",\"effective\":\"" + time(at + dice.below(900'000)) + '"' : "") +
                    (dice.one_in(4) ? ",\"expires\":\"" + time(at + dice.below(2'000'000)) + '"' : ""));
        }
        if (dice.one_in(2)) {
            const std::int64_t at = midnight + dice.below(86'400);
            add(at, at, "heartbeat", "\"x\":1");
        }
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.comes < b.comes; });
    std::vector<std::string> all;
    for (auto& line : lines) all.push_back(std::move(line.text));
    return all;
}

} // namespace tocsin::tests
