// volatility_shock: the move of a close in units of what has been normal. An event at the official close.
#include <array>
#include <tocsin/rule.hpp>
#include <tocsin/statistics.hpp>
using namespace tocsin;

struct VolatilityShock {
    enum class Estimator : std::uint8_t { stdev, ewma, mad };
    /// Of the returns that sigma is made of; four years, and what fits on the stack.
    static constexpr std::uint32_t max_lookback = 1000;
    /// Returns and sigma count 1e-12: fine enough for any price, and coarse enough that a thousand squares of
    /// moves to the 1000-fold fit 128 bits.
    static constexpr std::int64_t one = 1'000'000'000'000;
    struct Params {
        std::int64_t lookback;
        Price k, lambda, floor;
        Estimator estimator;
        Direction direction;
    };
    struct State {};
    static constexpr std::string_view name = "volatility_shock",
                                      doc = "The close has moved so many times what is normal.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::lookback>("lookback", "N: how many returns before this session make sigma",
                                 {.dflt = "20", .min = "2", .max = "1000"}),
        param<&Params::estimator>(
            "estimator",
            "stdev: sample deviation; ewma: exponentially weighted; mad: 1.4826 times the "
            "median deviation from the median",
            {.dflt = "stdev", .choices = "stdev|ewma|mad"}),
        param<&Params::lambda>("lambda", "ewma: the weight of what was, for each return",
                               {.dflt = "0.94", .min = "0.000000001", .max = "0.999999999"}),
        param<&Params::k>("k", "how many sigmas; reached is enough",
                          {.dflt = "3", .min = "0.000000001", .max = "1000"}),
        param<&Params::floor>("floor", "the least sigma, in percent",
                              {.dflt = "0.1", .min = "0.000000001", .max = "100"}),
        not_yet<Params>("basis"));
    static constexpr std::array values{
        value("close", TOCSIN_T_DECIMAL, "the official close"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("change", TOCSIN_T_DECIMAL, "close less previous_close, signed"),
        value("points", TOCSIN_T_DECIMAL, "the move in its direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of previous_close"),
        value("sigma", TOCSIN_T_PERCENT, "what is normal, in percent of a close"),
        value("sigmas", TOCSIN_T_DECIMAL, "the move in sigmas, with 4 decimals"),
        value("k", TOCSIN_T_DECIMAL, "the sigmas that ring"),
        value("lookback", TOCSIN_T_INT, "how many returns sigma is made of"),
        value("sigma_floored", TOCSIN_T_BOOL, "sigma is the floor; else absent")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} fell {points} points ({percent}%) to {close}, {sigmas} times the usual {sigma}%",
        "{symbol} rose {points} points ({percent}%) to {close}, {sigmas} times the usual {sigma}%"};

    static bool plan(Planner& planner, Params&) {
        planner.wake_on(TOCSIN_IN_CLOSE);
        return true;
    }

    /// (close - before) / before in 1e-12, cut towards zero. Beyond 1000 times it stays there.
    static Wide change(std::int64_t before, std::int64_t close) {
        const Wide most = Wide{one} * 1000;
        return std::clamp((Wide{close} - before) * one / before, -most, most);
    }

    struct Sigma {
        Wide size;
        std::uint32_t n; // returns known, at most lookback
        bool floored;
    };
    static Sigma sigma(const Params& given, const Input& now) {
        const auto lookback = static_cast<std::uint32_t>(given.lookback);
        std::array<Wide, max_lookback> r; // the newest first
        std::uint32_t n = 0;
        const auto all = now.sessions(now.series().session, 0);
        for (auto at = all.rbegin(); at != all.rend() && n < lookback; ++at)
            if (at->prev_close != TOCSIN_NONE) r[n++] = change(at->prev_close, at->close);
        if (n < lookback) return {0, n, false};
        const Wide size = given.estimator == Estimator::stdev ? sample_deviation(r.data(), n)
                          : given.estimator == Estimator::ewma
                              ? weighted_deviation(r.data(), n, given.lambda.nanos())
                              : median_deviation(r.data(), n);
        const Wide least = Wide{given.floor.nanos()} * 10; // 1e-9 percent is 1e-11
        return {std::max(size, least), n, size < least};
    }
    static Wide magnitude(Wide move) { return move < 0 ? -move : move; }

    static Outcome evaluate(const Params& given, State&, const Input& now) {
        const tocsin_series& series = now.series();
        if (now.cause() != TOCSIN_IN_CLOSE) return Outcome::quiet();
        if (series.prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        const Sigma usual = sigma(given, now);
        if (usual.n < given.lookback)
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, usual.n,
                                   static_cast<std::uint32_t>(given.lookback));
        const Wide move = Wide{series.close} - series.prev_close;
        if (given.direction != Direction::any && (given.direction == Direction::down ? move >= 0 : move <= 0))
            return Outcome::quiet();
        // |r| >= k * sigma, with |r| = |move| / previous close as it is, not cut.
        return magnitude(move) >= least_move(given, usual, series.prev_close) ? Outcome::happened()
                                                                              : Outcome::quiet();
    }
    /// The smallest move in 1e-9 that is k sigmas.
    static std::int64_t least_move(const Params& given, const Sigma& usual, std::int64_t prev_close) {
        const Wide shock = ceil_div(usual.size * given.k.nanos(), 1'000'000'000); // k * sigma in 1e-12
        return clamp_to_64(ceil_div(shock * prev_close, one));
    }

    static void report(const Params& given, const State&, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        const std::int64_t x = series.close, before = series.prev_close;
        report.decimal("close", x), report.decimal("previous_close", before),
            report.decimal("k", given.k.nanos());
        if (x == TOCSIN_NONE || before == TOCSIN_NONE) return;
        const auto move = static_cast<std::int64_t>(magnitude(Wide{x} - before));
        report.summary(x < before ? 0 : 1);
        report.decimal("change", x - before);
        report.decimal("points", move);
        report.percent("percent", move, before);
        const Sigma usual = sigma(given, now);
        if (usual.n < given.lookback) return;
        report.percent("sigma", static_cast<std::int64_t>(usual.size), one);
        report.decimal("sigmas",
                       clamp_to_64(round_div(Wide{move} * one / before * 10'000, usual.size) * 100'000));
        report.integer("lookback", usual.n);
        if (usual.floored) report.flag("sigma_floored", true);
        report.check("points", move, TOCSIN_OP_GE, least_move(given, usual, before));
    }
};
TOCSIN_PLUGIN("volatility_shock", "1.0", VolatilityShock)
