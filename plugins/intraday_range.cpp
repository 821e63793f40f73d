// intraday_range: the session's high less its low reaches a size: points, percent of the previous close, or a
// multiple of the median range of earlier sessions. A condition with levels that ends with the session.
#include <array>
#include <tocsin/rule.hpp>
#include <tocsin/statistics.hpp>
using namespace tocsin;

struct IntradayRange {
    enum class Measure : std::uint8_t { percent_of_pc, points, x_median };
    /// Of the sessions whose median is taken; four years, and what fits on the stack.
    static constexpr std::uint32_t max_sessions = 1000;
    struct Params {
        std::string_view text;
        std::optional<Price> threshold;
        Levels levels;
        std::optional<std::int64_t> min_sessions;
        Measure measure;
        std::uint32_t sessions; // of x_median
        bool exclude_short;
    };
    struct State {
        std::int64_t high = TOCSIN_NONE, low = TOCSIN_NONE; // of the session, as far as prices made them
        std::int32_t session = TOCSIN_NO_SESSION;
        std::int32_t level; // that held at the last evaluation
    };
    static constexpr std::string_view name = "intraday_range",
                                      doc = "The session's high less its low reaches a size.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::text>(
            "measure",
            "what is compared: percent_of_pc (of the previous close), points, or x_median:N, "
            "multiples of the median range of the last N sessions",
            {.dflt = "percent_of_pc"}),
        param<&Params::threshold>("threshold", "the size that fires; or give levels", {.min = "0.000000001"}),
        object<&Params::levels, level_fields>("levels", "ascending; the highest one reached holds"),
        param<&Params::min_sessions>(
            "min_sessions", "x_median: sessions with a range that must be known (default N/2)", {.min = "1"}),
        param<&Params::exclude_short>(
            "exclude_short_sessions",
            "x_median: leave out sessions shorter than 3/4 of the longest one of them", {.dflt = "false"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price"),
        value("high", TOCSIN_T_DECIMAL, "the session's high so far"),
        value("low", TOCSIN_T_DECIMAL, "the session's low so far"),
        value("points", TOCSIN_T_DECIMAL, "high less low"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("percent", TOCSIN_T_PERCENT, "high less low, of previous_close"),
        value("median", TOCSIN_T_DECIMAL, "x_median: of the earlier ranges, cut to 1e-9"),
        value("ratio", TOCSIN_T_DECIMAL, "x_median: high less low, in medians, with 4 decimals"),
        value("median_sessions", TOCSIN_T_INT, "x_median: of how many sessions it is"),
        value("level", TOCSIN_T_DECIMAL, "that holds, or has just been left"),
        list_value("skipped", TOCSIN_T_DECIMAL, "levels passed over on the way to this one")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} has ranged {points} points ({percent}%) today, from {low} to {high}",
        "{symbol} has ranged {points} points today, {ratio} times the median of {median_sessions} sessions"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.follow(Basis::live, Direction::any);
        planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        bool good = read_measure(planner, given);
        if (given.measure == Measure::x_median) {
            const std::int64_t usual = std::max(given.sessions / 2, 1u);
            if (given.min_sessions.value_or(usual) > given.sessions)
                good = planner.error("min_sessions", "is more than the N of x_median:N");
            given.min_sessions = given.min_sessions.value_or(usual);
        } else if (given.min_sessions || given.exclude_short) {
            good = planner.error(given.min_sessions ? "min_sessions" : "exclude_short_sessions",
                                 "goes with measure: x_median:N");
        }
        if (given.threshold.has_value() != given.levels.empty())
            return planner.error("threshold", "needs one of threshold and levels");
        if (given.threshold) given.levels.items[given.levels.n++] = {*given.threshold, {}};
        return planner.levels(given.levels) && good;
    }
    static bool read_measure(Planner& planner, Params& given) {
        given.sessions = static_cast<std::uint32_t>(number_in(given.text, "x_median:", "", max_sessions));
        given.measure = given.text == "points" ? Measure::points
                        : given.sessions > 0   ? Measure::x_median
                                               : Measure::percent_of_pc;
        return given.measure != Measure::percent_of_pc || given.text == "percent_of_pc" ||
               planner.error("measure",
                             "must be percent_of_pc, points or x_median:N with N from 1 to 1000, like "
                             "x_median:20");
    }

    /// Twice the median of the earlier ranges, which is whole for an even number of them too.
    struct Median {
        Wide twice;
        std::uint32_t n;
    };
    static Median median(const Params& given, const Input& now) {
        const auto earlier = now.sessions(now.series().session, given.sessions);
        const auto has_range = [](const tocsin_session& one) { // of a bar that has but a close, that is none
            return one.high != TOCSIN_NONE && one.low != TOCSIN_NONE &&
                   (one.open != TOCSIN_NONE || one.high != one.low);
        };
        std::int64_t longest = 0;
        for (const tocsin_session& one : earlier)
            if (given.exclude_short && has_range(one)) longest = std::max(longest, one.trading);
        std::array<std::int64_t, max_sessions> ranges{};
        std::uint32_t n = 0;
        for (const tocsin_session& one : earlier) {
            const bool is_short = one.trading > 0 && one.trading < longest - longest / 4;
            if (has_range(one) && !is_short) ranges[n++] = one.high - one.low;
        }
        return n == 0 ? Median{0, 0} : Median{twice_median(ranges.data(), n), n};
    }

    /// The least range that reaches a level.
    static std::int64_t size(const Params& given, const Input& now, const Median& median,
                             std::int32_t level) {
        const std::int64_t at = given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos();
        switch (given.measure) {
        case Measure::points:
            break;
        case Measure::percent_of_pc:
            return clamp_to_64(ceil_div(Wide{at} * now.series().prev_close, hundred_percent));
        case Measure::x_median:
            return clamp_to_64(ceil_div(Wide{at} * median.twice, 2'000'000'000));
        }
        return at;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        state.level = 0;
        if (series.running == 0) return Outcome::off(TOCSIN_WHY_SESSION_END).wake_on_every_price();
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        const std::int64_t x = now.session_price();
        if (state.session != series.session)
            state.session = series.session, state.high = state.low = TOCSIN_NONE;
        if (x == TOCSIN_NONE) return Outcome::held(TOCSIN_WHY_NO_PRICE).wake_on_every_price();
        // A bar after ticks brings an official close, and a wider high and low that are not for live rules.
        if (series.close == TOCSIN_NONE) state.high = series.high, state.low = series.low;
        state.high = state.high == TOCSIN_NONE ? x : std::max(state.high, x);
        state.low = state.low == TOCSIN_NONE ? x : std::min(state.low, x);
        if (given.measure == Measure::percent_of_pc && series.prev_close == TOCSIN_NONE)
            return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1).wake_on_every_price();
        const Median usual = given.measure == Measure::x_median ? median(given, now) : Median{};
        if (given.measure == Measure::x_median && usual.n < *given.min_sessions)
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, usual.n,
                                   static_cast<std::uint32_t>(*given.min_sessions))
                .wake_on_every_price();

        const std::int64_t range = state.high - state.low;
        const auto levels = static_cast<std::int32_t>(given.levels.size());
        // A range of nothing is none, were the sessions before it as flat.
        while (state.level < levels && range > 0 && range >= size(given, now, usual, state.level + 1))
            ++state.level;
        state.level = std::max(state.level, now.level()); // a range does not shrink
        const Outcome outcome = state.level > 0 ? Outcome::on(state.level) : Outcome::off();
        return Outcome{outcome}.wake_at_or_above(state.high + 1).wake_at_or_below(state.low - 1);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        const bool in_medians = given.measure == Measure::x_median;
        report.summary(in_medians ? 1 : 0);
        report.decimal("price", now.session_price());
        report.decimal("previous_close", series.prev_close);
        const std::int32_t level = state.level > 0 ? state.level : now.level();
        if (level > 0)
            report.decimal("level", given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos());
        if (state.session != series.session || state.high == TOCSIN_NONE) return;
        const std::int64_t range = state.high - state.low;
        report.decimal("high", state.high), report.decimal("low", state.low), report.decimal("points", range);
        if (series.prev_close != TOCSIN_NONE) report.percent("percent", range, series.prev_close);
        const Median usual = in_medians ? median(given, now) : Median{};
        if (in_medians && usual.n > 0) {
            report.decimal("median", static_cast<std::int64_t>(usual.twice / 2));
            if (usual.twice > 0)
                report.decimal("ratio", clamp_to_64(round_div(Wide{range} * 20'000, usual.twice) * 100'000));
            report.integer("median_sessions", usual.n);
        }
        report.skipped(given.levels, now.level(), state.level);
        if ((given.measure == Measure::percent_of_pc && series.prev_close == TOCSIN_NONE) ||
            (in_medians && usual.n == 0))
            return;
        const auto next = std::min(state.level + 1, static_cast<std::int32_t>(given.levels.size()));
        report.check("points", range, TOCSIN_OP_GE, size(given, now, usual, next));
    }
};
TOCSIN_PLUGIN("intraday_range", "1.0", IntradayRange)
