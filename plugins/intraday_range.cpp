// intraday_range: the session's high less its low reaches a size: points, percent of the previous close, or a
// multiple of the median range of earlier sessions. A condition with levels that ends with the session.
#include "usual_range.hpp"
using namespace tocsin;

struct IntradayRange {
    enum class Measure : std::uint8_t { percent_of_pc, points, x_median };
    struct Params {
        std::string_view text;
        std::optional<Price> threshold;
        Levels levels;
        std::optional<std::int64_t> min_sessions;
        Measure measure;
        std::uint32_t sessions, least; // of x_median; that must be known
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
            "percent_of_pc (of the previous close), points, or x_median:N (median ranges of N sessions)",
            {.dflt = "percent_of_pc"}),
        param<&Params::threshold>("threshold", "the size that fires; or give levels", {.min = "0.000000001"}),
        object<&Params::levels, level_fields>("levels", "ascending; the highest one reached holds"),
        param<&Params::min_sessions>(
            "min_sessions", "x_median: sessions with a range that must be known (default N/2)", {.min = "1"}),
        param<&Params::exclude_short>("exclude_short_sessions",
                                      "x_median: without sessions shorter than 3/4 of the longest",
                                      {.dflt = "false"}));
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
            const std::int64_t least = given.min_sessions.value_or(std::max(given.sessions / 2, 1u));
            if (least > given.sessions)
                good = planner.error("min_sessions", "is more than the N of x_median:N");
            given.least = static_cast<std::uint32_t>(least);
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
        constexpr std::int64_t most = UsualRange::max_sessions;
        given.sessions = static_cast<std::uint32_t>(number_in(given.text, "x_median:", "", most));
        given.measure = given.sessions > 0 ? Measure::x_median : Measure::percent_of_pc;
        if (given.text == "points") given.measure = Measure::points;
        return given.measure != Measure::percent_of_pc || given.text == "percent_of_pc" ||
               planner.error("measure", "must be percent_of_pc, points or x_median:N with N from 1 to 1000, "
                                        "like x_median:20");
    }

    static UsualRange usual_range(const Params& given, const Input& now) {
        return given.measure == Measure::x_median ? UsualRange::of(now, given.sessions, given.exclude_short)
                                                  : UsualRange{};
    }
    static std::int64_t at(const Params& given, std::int32_t level) {
        return given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos();
    }
    /// The least range that reaches a level; TOCSIN_NONE: what it is measured in is not known.
    static std::int64_t size(const Params& given, const Input& now, const UsualRange& usual,
                             std::int32_t level) {
        const std::int64_t pc = now.series().prev_close;
        if (given.measure == Measure::points) return at(given, level);
        if (given.measure == Measure::x_median)
            return usual.n == 0 ? TOCSIN_NONE
                                : clamp_to_64(ceil_div(at(given, level) * usual.twice, 2'000'000'000));
        return pc == TOCSIN_NONE ? pc : clamp_to_64(ceil_div(Wide{at(given, level)} * pc, hundred_percent));
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
        const UsualRange usual = usual_range(given, now);
        if (given.measure == Measure::x_median && usual.n < given.least)
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, usual.n, given.least).wake_on_every_price();
        const std::int64_t range = state.high - state.low;
        const auto levels = static_cast<std::int32_t>(given.levels.size());
        // A range of nothing is none, were the sessions before it as flat.
        while (state.level < levels && range > 0 && range >= size(given, now, usual, state.level + 1))
            ++state.level;
        state.level = std::max(state.level, now.level()); // a range does not shrink
        Outcome outcome = state.level > 0 ? Outcome::on(state.level) : Outcome::off();
        return outcome.wake_at_or_above(state.high + 1).wake_at_or_below(state.low - 1);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        report.summary(given.measure == Measure::x_median ? 1 : 0);
        report.decimal("price", now.session_price()), report.decimal("previous_close", series.prev_close);
        const std::int32_t level = state.level > 0 ? state.level : now.level();
        if (level > 0) report.decimal("level", at(given, level));
        if (state.session != series.session || state.high == TOCSIN_NONE) return;
        const std::int64_t range = state.high - state.low;
        report.decimal("high", state.high), report.decimal("low", state.low), report.decimal("points", range);
        if (series.prev_close != TOCSIN_NONE) report.percent("percent", range, series.prev_close);
        const UsualRange usual = usual_range(given, now);
        if (usual.n > 0) {
            report.decimal("median", static_cast<std::int64_t>(usual.twice / 2));
            if (usual.twice > 0)
                report.decimal("ratio", clamp_to_64(round_div(Wide{range} * 20'000, usual.twice) * 100'000));
            report.integer("median_sessions", usual.n);
        }
        report.skipped(given.levels, now.level(), state.level);
        const auto next = std::min(state.level + 1, static_cast<std::int32_t>(given.levels.size()));
        report.check("points", range, TOCSIN_OP_GE, size(given, now, usual, next));
    }
};
TOCSIN_PLUGIN("intraday_range", "1.0", IntradayRange)
