// round_number: the price passes round numbers, the multiples of a step. An event that names all that it
// passed.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct RoundNumber {
    /// Of the milestones that one price passes, so many are listed, the first passed first; `crossed` counts
    /// all.
    static constexpr std::int64_t max_listed = 64;

    struct Params {
        Price step;
        Amount clear; // points, or % of the step
        Direction direction;
        Basis basis;
        std::optional<std::int64_t> min_sessions;
    };
    /// The milestone that rang last in a direction, until it is armed again. One is enough: `clear` is at
    /// most a step, so a price that has passed another milestone is that far away from this one.
    struct Latch {
        std::int64_t milestone = TOCSIN_NONE;
        std::int32_t session;
    };
    struct State {
        std::int64_t value = TOCSIN_NONE, before = TOCSIN_NONE;
        Latch fell, rose;
        std::int64_t first,
            last; // passed by what rang last, as multiples of the step; first > last: downwards
        bool down;
    };
    static constexpr std::string_view name = "round_number",
                                      doc = "The price passes round numbers: the multiples of a step.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::step>("step", "its multiples are the milestones", {.min = "0.000000001"}),
        param<&Params::direction>("direction", "which way", {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::clear>("clear",
                              "how far away from it a milestone is armed again: points, or % of the step; at "
                              "most the step",
                              {.dflt = "20%", .min = "0"}),
        param<&Params::min_sessions>("min_sessions_between",
                                     "or so many sessions after the one in which that direction rang last",
                                     {.min = "1", .max = "10000"}),
        param<&Params::basis>("basis", "prices, or closes", {.dflt = "live", .choices = "live|close"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the value that passed them"),
        value("previous_price", TOCSIN_T_DECIMAL, "the value before it"),
        value("milestone", TOCSIN_T_DECIMAL, "the last one passed, the nearest to the price"),
        list_value("milestones", TOCSIN_T_DECIMAL, "all of them as they were passed, the first 64 of them"),
        value("crossed", TOCSIN_T_INT, "how many they are")};
    static constexpr std::array<std::string_view, 2> summaries{"{symbol} rose to {price}, past {milestone}",
                                                               "{symbol} fell to {price}, below {milestone}"};

    static bool plan(Planner& planner, Params& given) {
        planner.follow(given.basis, given.direction);
        if (given.clear.percent)
            given.clear = {clamp_to_64(Wide{given.step.nanos()} * given.clear.nanos / hundred_percent)};
        return given.clear.nanos <= given.step.nanos() ||
               planner.error("clear", "must not be more than the step");
    }

    /// The band of a value: its upper end belongs to the next one.
    static std::int64_t band(const Params& given, std::int64_t price) {
        return static_cast<std::int64_t>(floor_div(price, given.step.nanos()));
    }
    static std::int64_t milestone(const Params& given, std::int64_t multiple) {
        return clamp_to_64(Wide{given.step.nanos()} * multiple);
    }
    static bool armed(const Params& given, const Latch& latch, std::int64_t mark, const Input& now) {
        if (latch.milestone != mark) return true;
        if (!given.min_sessions) return false;
        const auto n = static_cast<std::uint32_t>(*given.min_sessions);
        const auto known = now.sessions(now.series().session, n);
        return known.size() == n && known.front().session >= latch.session;
    }
    /// Whether any milestone rings, from `first` on (which is passed over if it is not armed) to `last`.
    static bool ring(const Params& given, State& state, const Input& now, std::int64_t first,
                     std::int64_t last, bool down) {
        Latch& latch = down ? state.fell : state.rose;
        if (!armed(given, latch, milestone(given, first), now)) {
            if (first == last) return false;
            first += down ? -1 : 1;
        }
        state.first = first, state.last = last, state.down = down;
        latch = {milestone(given, last), now.series().session};
        return true;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const bool live = given.basis == Basis::live;
        const tocsin_series& series = now.series();
        const std::int64_t x = live                             ? series.price
                               : now.cause() == TOCSIN_IN_CLOSE ? series.close
                                                                : state.value;
        if (x == TOCSIN_NONE) return Outcome::held(TOCSIN_WHY_NO_PRICE).wake_on_every_price();
        const std::int64_t here = band(given, x);
        bool rings = false;
        if (state.value != TOCSIN_NONE && here != band(given, state.value)) {
            // Slept through, the price before was in the band of the value known. In another, it came in a
            // halt, unseen.
            const bool slept = live && series.previous != TOCSIN_NONE &&
                               band(given, series.previous) == band(given, state.value);
            state.before = slept ? series.previous : state.value;
            const std::int64_t from = band(given, state.value);
            if (here < from && given.direction != Direction::up)
                rings = ring(given, state, now, from, here + 1, true);
            if (here > from && given.direction != Direction::down)
                rings = ring(given, state, now, from + 1, here, false);
        }
        state.value = x;
        Outcome outcome = rings ? Outcome::happened() : Outcome::quiet();
        std::int64_t low = clamp_to_64(Wide{milestone(given, here)} - 1), high = milestone(given, here + 1);
        for (Latch* latch : {&state.fell, &state.rose}) {
            if (latch->milestone == TOCSIN_NONE) continue;
            const std::int64_t below = clamp_to_64(Wide{latch->milestone} - given.clear.nanos),
                               above = clamp_to_64(Wide{latch->milestone} + given.clear.nanos);
            if (x <= below || x >= above)
                latch->milestone = TOCSIN_NONE;
            else
                low = std::max(low, below), high = std::min(high, above);
        }
        return outcome.wake_at_or_below(low).wake_at_or_above(high);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const auto x = given.basis == Basis::live ? now.series().price : state.value;
        report.decimal("price", x);
        report.summary(state.down ? 1 : 0);
        if (x == TOCSIN_NONE) return;
        const std::int64_t here = band(given, x);
        if (given.direction != Direction::up) report.check("price", x, TOCSIN_OP_LT, milestone(given, here));
        if (given.direction != Direction::down)
            report.check("price", x, TOCSIN_OP_GE, milestone(given, here + 1));
        if (state.before == TOCSIN_NONE) return; // nothing has been passed yet
        report.decimal("previous_price", state.before);
        report.decimal("milestone", milestone(given, state.last));
        const std::int64_t step = state.down ? -1 : 1, n = (state.last - state.first) * step + 1;
        report.integer("crossed", n);
        if (tocsin_value* items =
                report.list("milestones", static_cast<std::uint32_t>(std::min(n, max_listed))))
            for (std::int64_t i = 0; i < std::min(n, max_listed); ++i)
                items[i].type = TOCSIN_T_DECIMAL, items[i].u.i = milestone(given, state.first + i * step);
    }
};
TOCSIN_PLUGIN("round_number", "1.0", RoundNumber)
