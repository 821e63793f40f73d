// velocity: within a window of trading time the price has fallen (risen) so far from its peak (trough). A
// condition on ticks; bars, in which no time elapses, are not for it.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct Velocity {
    enum class Measure : std::uint8_t { points, percent };
    struct Params {
        Duration window;
        Price threshold;
        Amount clear;
        std::optional<Duration> for_clear, max_tick_age;
        std::int64_t min_ticks;
        std::int32_t reading;
        Direction direction;
        Measure measure;
        bool span_breaks;
    };
    struct State {
        std::int64_t below_since = TOCSIN_NONE; // firing, and short of threshold - clear since then
        std::int64_t ticked_at = TOCSIN_NONE;   // the last tick at or beyond the threshold
        std::int64_t ticks;                     // how many of those came without one that is not
        bool on;                                // the last answer that rests on a price
    };
    static constexpr std::string_view name = "velocity",
                                      doc = "A fast move: so much within a window of trading time.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::window>("window", "its length, in trading time"),
        param<&Params::direction>("direction",
                                  "down: from the highest price of the window; up: from the lowest",
                                  {.choices = "down|up"}),
        param<&Params::measure>("measure", "what the threshold counts",
                                {.dflt = "percent", .choices = "points|percent"}),
        param<&Params::threshold>("threshold", "the move that fires; reached is enough",
                                  {.min = "0.000000001"}),
        param<&Params::clear>("clear",
                              "how far short of the threshold resolves: in the measure, or in % of it",
                              {.dflt = "20%", .min = "0"}),
        param<&Params::for_clear>("for_clear", "how long it must have been short of that; absent: at once"),
        param<&Params::min_ticks>("min_ticks",
                                  "ticks on end at or beyond the threshold, so that one bad tick is none",
                                  {.dflt = "2", .min = "1", .max = "1000"}),
        param<&Params::max_tick_age>("max_tick_age",
                                     "ticks further apart, in trading time, do not count together"),
        param<&Params::span_breaks>("span_breaks", "the window goes on over lunch, auction and night",
                                    {.dflt = "false"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price"),
        value("from_price", TOCSIN_T_DECIMAL, "the highest (lowest) price of the window"),
        value("from_at", TOCSIN_T_TIME, "its time; of equals the latest"),
        value("points", TOCSIN_T_DECIMAL, "the move in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of from_price"),
        value("threshold", TOCSIN_T_DECIMAL, "the move that fires")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} fell {points} points ({percent}%) to {price}, from {from_price} at {from_at}",
        "{symbol} rose {points} points ({percent}%) to {price}, from {from_price} at {from_at}"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_PRICE | TOCSIN_IN_SESSION);
        bool good =
            !given.for_clear || given.for_clear->count > 0 || planner.error("for_clear", "must be above 0");
        if (given.max_tick_age && !as_trading(*given.max_tick_age))
            good = planner.error("max_tick_age", "must be a length of time above 0, like 30s");
        if (given.measure == Measure::percent && falls(given) && given.threshold.nanos() > hundred_percent)
            good = planner.error("threshold", "must not be more than 100 percent");
        const bool timed = as_trading(given.window);
        const Direction side = falls(given) ? Direction::up : Direction::down;
        given.reading = planner.window(given.window, side, given.span_breaks, "window");
        return good && timed && given.reading >= 0;
    }
    static bool falls(const Params& given) { return given.direction == Direction::down; }

    /// The price at which the move from `from` has come to `size`.
    static std::int64_t price_at(const Params& given, std::int64_t from, std::int64_t size) {
        return moved_to(from, size, given.measure == Measure::percent, falls(given));
    }
    static bool reached(const Params& given, std::int64_t price, std::int64_t bound) {
        return falls(given) ? price <= bound : price >= bound;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        if (series.running == 0) {
            state = {};
            return Outcome::off(TOCSIN_WHY_SESSION_END).wake_on_every_price();
        }
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        const tocsin_window window = now.window(given.reading);
        // Nothing to judge: before a session's first tick, in a lunch or an auction, after a halt. It stays
        // as it is.
        if (window.value == TOCSIN_NONE || series.ticks == 0)
            return (state.on ? Outcome::on() : Outcome::off()).wake_on_every_price();

        const std::int64_t x = series.price, bound = price_at(given, window.value, given.threshold.nanos());
        const bool beyond = reached(given, x, bound);
        if (now.cause() == TOCSIN_IN_PRICE) count(given, state, now, beyond);
        bool on = beyond && state.ticks >= given.min_ticks;
        std::int64_t due = TOCSIN_NEVER;
        if (now.level() > 0 && !on) {
            const bool back =
                !reached(given, x, price_at(given, window.value, given.clear.below(given.threshold.nanos())));
            if (!back)
                state.below_since = TOCSIN_NONE;
            else if (state.below_since == TOCSIN_NONE)
                state.below_since = now.now();
            if (back && given.for_clear) due = now.add(state.below_since, *given.for_clear);
            on = !back || (given.for_clear && due > now.now());
        }
        if (!on || beyond) state.below_since = TOCSIN_NONE;
        state.on = on;
        // The window's extreme leaves it one step after its length has passed.
        if (on) {
            const std::int64_t leaves = clamp_to_64(Wide{now.add(window.at, given.window)} + 1);
            return Outcome::on().wake_on_every_price().wake_at(leaves > now.now() ? std::min(leaves, due)
                                                                                  : due);
        }
        if (state.ticks > 0) return Outcome::off().wake_on_every_price();
        // Until the threshold is reached, or a new extreme moves it. One that leaves the window moves it
        // away.
        return falls(given) ? Outcome::off().wake_at_or_below(bound).wake_at_or_above(window.value + 1)
                            : Outcome::off().wake_at_or_above(bound).wake_at_or_below(window.value - 1);
    }
    static void count(const Params& given, State& state, const Input& now, bool beyond) {
        const std::int64_t at = now.series().at;
        const bool apart = given.max_tick_age && state.ticks > 0 &&
                           now.trading_between(state.ticked_at, at) > given.max_tick_age->count;
        state.ticks = !beyond ? 0 : apart ? 1 : std::min(state.ticks + 1, given.min_ticks);
        if (beyond) state.ticked_at = at;
    }

    static void report(const Params& given, const State&, const Input& now, Report& report) {
        const tocsin_window window = now.window(given.reading);
        const std::int64_t x = now.session_price(), from = window.value;
        report.summary(falls(given) ? 0 : 1);
        report.decimal("price", x);
        report.decimal("threshold", given.threshold.nanos());
        if (x == TOCSIN_NONE || from == TOCSIN_NONE) return;
        report.decimal("from_price", from);
        report.time("from_at", window.at);
        const std::int64_t move = falls(given) ? from - x : x - from;
        report.decimal("points", move);
        report.percent("percent", move, from);
        report.check("price", x, falls(given) ? TOCSIN_OP_LE : TOCSIN_OP_GE,
                     price_at(given, from, given.threshold.nanos()));
    }
};
TOCSIN_PLUGIN("velocity", "1.0", Velocity)
