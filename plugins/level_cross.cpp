// level_cross: the price crosses an absolute level (an event), or is at or beyond it (a condition).
#include <tocsin/rule.hpp>
using namespace tocsin;
struct LevelCross {
    enum class Mode : std::uint8_t { cross, is_beyond };
    struct Params {
        Price level;
        Amount clear;
        Direction direction;
        Mode mode;
        Basis basis;
        bool already;
    };
    struct State {
        LastTwo last;
        bool fell, rose; // the latches
    };
    static constexpr std::string_view name = "level_cross", doc = "The price crosses an absolute level.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::level>("level", "a value exactly on it has crossed", {.min = "0.000000001"}),
        param<&Params::direction>("direction", "which way", {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::mode>("mode", "an event or a state", {.dflt = "cross", .choices = "cross|is_beyond"}),
        param<&Params::clear>("clear", "points or %: the way back that arms it", {.dflt = "0", .min = "0"}),
        param<&Params::basis>("basis", "prices, or closes", {.dflt = "live", .choices = "live|close"}),
        param<&Params::already>("fire_if_already_beyond", "is_beyond: at first", {.dflt = "false"}));
    static constexpr std::array values{value("price", TOCSIN_T_DECIMAL, "the value that crossed"),
                                       value("previous_price", TOCSIN_T_DECIMAL, "the value before it"),
                                       value("level", TOCSIN_T_DECIMAL, "the level"),
                                       value("gap", TOCSIN_T_BOOL, "a session's end lies between")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{symbol} rose through {level} to {price}", "{symbol} fell through {level} to {price}",
        "{symbol} is at {price}, the level is {level}"};

    static bool plan(Planner& planner, Params& given) {
        planner.follow(given.basis, given.direction);
        if (given.mode == Mode::cross)
            return !given.already || planner.error("fire_if_already_beyond", "is for is_beyond");
        planner.condition();
        return given.direction != Direction::any || planner.error("direction", "is_beyond needs down or up");
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const std::int64_t level = given.level.nanos();
        if (!state.last.take(now, given.basis, level))
            return Outcome::held(TOCSIN_WHY_NO_PRICE).wake_on_every_price();
        // A touch rings at once, so the value before one that rings was never on the level.
        const std::int64_t x = state.last.value, before = state.last.before;
        const bool first = before == TOCSIN_NONE;
        const bool falls =
            x <= level && (first ? given.already : before > level) && given.direction != Direction::up;
        const bool rises =
            x >= level && (first ? given.already : before < level) && given.direction != Direction::down;
        const bool rings = (falls && !state.fell) || (rises && !state.rose);
        const std::int64_t above = given.clear.above(level), below = given.clear.below(level);
        state.fell = (state.fell || falls) && x <= above; // armed again once strictly beyond level + clear
        state.rose = (state.rose || rises) && x >= below;
        const bool beyond = (state.fell && x <= level) || (state.rose && x >= level);
        const bool holds = beyond || (now.level() > 0 && (state.fell || state.rose));
        Outcome outcome = given.mode == Mode::cross ? (rings ? Outcome::happened() : Outcome::quiet())
                                                    : (holds ? Outcome::on() : Outcome::off());
        // Nothing is new before the price comes to the level or leaves it, or is back beyond clear.
        outcome.wake_at_or_below(x > level ? level : state.rose ? below - 1 : TOCSIN_NONE);
        outcome.wake_at_or_above(x < level ? level : state.fell ? above + 1 : TOCSIN_NEVER);
        return x == level ? outcome.wake_on_every_price() : outcome;
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const std::int64_t level = given.level.nanos(), before = state.last.before;
        const auto x = given.basis == Basis::live ? now.series().price : state.last.value;
        report.decimal("price", x), report.decimal("previous_price", before), report.decimal("level", level);
        const bool news = now.cause() != TOCSIN_IN_TIME && now.session_price() != TOCSIN_NONE; // a price
        const bool gap = before != TOCSIN_NONE && state.last.session_before != state.last.session;
        if (news && gap) report.flag("gap", true);
        report.summary(given.mode == Mode::is_beyond ? 2 : before < level ? 0 : 1);
        if (x != TOCSIN_NONE) report.check("price", x, x > level ? TOCSIN_OP_LE : TOCSIN_OP_GE, level);
    }
};
TOCSIN_PLUGIN("level_cross", "1.0", LevelCross)
