// session_move: the price is down (or up) so many percent or points against the previous close. A condition
// with levels; an episode ends with its session at the latest.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct SessionMove {
    enum class Measure : std::uint8_t { points, percent };
    struct Params {
        Direction direction;
        Measure measure;
        Levels levels;
        Amount clear;
        Basis basis;
    };
    struct State {
        std::int32_t session = TOCSIN_NO_SESSION;
        std::int32_t level;               // that held at the last evaluation
        std::int64_t worst = TOCSIN_NONE; // price of the session
    };
    static constexpr std::string_view
        name = "session_move",
        doc = "The move against the previous session's official close reaches a level.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
        param<&Params::measure>("measure", "what the levels count",
                                {.dflt = "percent", .choices = "points|percent"}),
        object<&Params::levels, level_fields>("levels", "ascending; the highest one reached holds"),
        param<&Params::clear>("clear", "how far back a level is left: in the measure, or in % of the level",
                              {.dflt = "20%", .min = "0"}),
        param<&Params::basis>("basis", "every price, or the official close",
                              {.dflt = "live", .choices = "live|close"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price, or the close"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("change", TOCSIN_T_DECIMAL, "price less previous_close, signed"),
        value("points", TOCSIN_T_DECIMAL, "the move in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of previous_close"),
        value("level", TOCSIN_T_DECIMAL, "that holds, or has just been left"),
        value("worst_percent", TOCSIN_T_PERCENT, "the largest move of this session so far"),
        list_value("skipped", TOCSIN_T_DECIMAL, "levels passed over on the way to this one"),
    };
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} is down {points} points ({percent}%) at {price}, from {previous_close}",
        "{symbol} is up {points} points ({percent}%) at {price}, from {previous_close}"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.follow(given.basis, given.direction);
        planner.wake_on(TOCSIN_IN_SESSION);
        if (given.basis == Basis::live)
            planner.wake_on(TOCSIN_IN_REFERENCE);
        else
            planner.momentary();
        return planner.levels(given.levels);
    }

    static bool falls(const Params& given) { return given.direction == Direction::down; }
    /// The price at which the move has come to `size`.
    static std::int64_t price_at(const Params& given, std::int64_t prev_close, std::int64_t size) {
        return moved_to(prev_close, size, given.measure == Measure::percent, falls(given));
    }
    static bool reached(const Params& given, std::int64_t price, std::int64_t bound) {
        return falls(given) ? price <= bound : price >= bound;
    }
    /// The smallest move at which an active level still holds: the level less its clear.
    static std::int64_t kept(const Params& given, std::int32_t level) {
        return given.clear.below(given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos());
    }
    static std::int64_t size(const Params& given, std::int32_t level) {
        return given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos();
    }
    /// The move's price: the official close where it is judged by it, else the last price of this session.
    static std::int64_t price(const Params& given, const Input& now) {
        return given.basis == Basis::close ? now.series().close : now.session_price();
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        state.level = 0;
        // On closes an episode lives from the close to the end of its session, an instant or, if the close is
        // late, less.
        const bool judged =
            given.basis == Basis::live
                ? series.running != 0
                : now.cause() == TOCSIN_IN_CLOSE || (series.running != 0 && series.close != TOCSIN_NONE);
        if (!judged) return Outcome::off(TOCSIN_WHY_SESSION_END);
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        if (series.prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);

        const std::int64_t x = price(given, now);
        if (state.session != series.session) state.session = series.session, state.worst = TOCSIN_NONE;
        std::int32_t entered = 0, holds = 0;
        // By another reference a price may be the worst that was not worth a look before.
        if (now.cause() == TOCSIN_IN_REFERENCE) state.worst = falls(given) ? series.low : series.high;
        if (x != TOCSIN_NONE) {
            if (state.worst == TOCSIN_NONE || reached(given, x, state.worst)) state.worst = x;
            const auto levels = static_cast<std::int32_t>(given.levels.size());
            while (entered < levels &&
                   reached(given, x, price_at(given, series.prev_close, size(given, entered + 1))))
                ++entered;
            // Falling back, the highest level whose clear has not been passed.
            holds = std::max(entered, now.level());
            while (holds > entered &&
                   !reached(given, x, price_at(given, series.prev_close, kept(given, holds))))
                --holds;
        }
        state.level = holds;
        Outcome outcome = holds > 0 ? Outcome::on(holds) : Outcome::off();
        return sleep(given, outcome, state, series.prev_close, entered);
    }

    /// Until a further level is entered, one is left, or (firing) the worst price is new.
    static Outcome sleep(const Params& given, Outcome outcome, const State& state, std::int64_t prev_close,
                         std::int32_t entered) {
        const bool down = falls(given);
        std::int64_t further = down ? TOCSIN_NONE : TOCSIN_NEVER, back = down ? TOCSIN_NEVER : TOCSIN_NONE;
        if (static_cast<std::uint32_t>(entered) < given.levels.size())
            further = price_at(given, prev_close, size(given, entered + 1));
        if (state.level > 0) {
            const std::int64_t least =
                state.level == entered ? size(given, entered) : kept(given, state.level);
            back = price_at(given, prev_close, least) + (down ? 1 : -1);
            further = down ? std::max(further, state.worst - 1) : std::min(further, state.worst + 1);
        }
        return outcome.wake_at_or_below(down ? further : back).wake_at_or_above(down ? back : further);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        const std::int64_t x = price(given, now), reference = series.prev_close;
        const auto move = [&](std::int64_t at) { return falls(given) ? reference - at : at - reference; };
        report.summary(falls(given) ? 0 : 1);
        report.decimal("price", x), report.decimal("previous_close", reference);
        if (x == TOCSIN_NONE || reference == TOCSIN_NONE) return;
        report.decimal("change", x - reference);
        report.decimal("points", move(x));
        report.percent("percent", move(x), reference);
        const std::int32_t level = state.level > 0 ? state.level : now.level();
        if (level > 0) report.decimal("level", size(given, level));
        if (state.session == series.session && state.worst != TOCSIN_NONE)
            report.percent("worst_percent", move(state.worst), reference);
        report.skipped(given.levels, now.level(), state.level);
        const std::uint32_t next = std::min(static_cast<std::uint32_t>(state.level), given.levels.size() - 1);
        report.check("price", x, falls(given) ? TOCSIN_OP_LE : TOCSIN_OP_GE,
                     price_at(given, reference, given.levels[next].at.nanos()));
    }
};
TOCSIN_PLUGIN("session_move", "1.0", SessionMove)
