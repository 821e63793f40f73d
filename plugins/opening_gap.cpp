// opening_gap: a session opens so far from the close before it, or outside the range before it. An event;
// each session is judged once, by its open.
#include <tocsin/rule.hpp>
using namespace tocsin;

struct OpeningGap {
    enum class Measure : std::uint8_t { points, percent };
    enum class CompareTo : std::uint8_t { prev_close, prev_range };
    struct Params {
        Direction direction;
        Measure measure;
        Levels levels;
        Duration settle, late_open;
        CompareTo compare_to;
    };
    struct State {
        std::int32_t session = TOCSIN_NO_SESSION;
        std::int32_t level;              // reached at the open
        std::int64_t open = TOCSIN_NONE; // once it is settled
        bool late, judged;
    };
    static constexpr std::string_view
        name = "opening_gap",
        doc = "The session opens a distance from the previous close, or outside the previous range.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::measure>("measure", "what the levels count",
                                {.dflt = "percent", .choices = "points|percent"}),
        object<&Params::levels, level_fields>("levels", "ascending; the highest one reached is told"),
        param<&Params::settle>("settle", "after the open: until then an open may be replaced",
                               {.dflt = "5m", .min = "0s"}),
        param<&Params::late_open>("late_open", "after the open: a first price from then on is marked so",
                                  {.dflt = "15m", .min = "0s"}),
        param<&Params::compare_to>("compare_to", "the previous close, or the previous low and high",
                                   {.dflt = "prev_close", .choices = "prev_close|prev_range"}));
    static constexpr std::array values{
        value("open", TOCSIN_T_DECIMAL, "the open that was judged"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("points", TOCSIN_T_DECIMAL, "the gap in the rule's direction; for any, in its own"),
        value("percent", TOCSIN_T_PERCENT, "the same, of what it is compared to"),
        value("level", TOCSIN_T_DECIMAL, "the highest one reached"),
        value("reference", TOCSIN_T_DECIMAL,
              "prev_range: the previous low or high, from which the gap counts"),
        value("full", TOCSIN_T_BOOL, "whether it opened outside the previous low and high"),
        value("late_open", TOCSIN_T_BOOL, "the first price came late")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} opened {points} points ({percent}%) lower at {open}, the close before was {previous_close}",
        "{symbol} opened {points} points ({percent}%) higher at {open}, the close before was "
        "{previous_close}"};

    static bool plan(Planner& planner, Params& given) {
        planner.follow(Basis::live, given.direction);
        planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        if (given.settle.unit == DurationUnit::sessions)
            return planner.error("settle", "is within a session: give it as in 5m or 5 trading_minutes");
        if (given.late_open.unit == DurationUnit::sessions)
            return planner.error("late_open", "is within a session: give it as in 15m or 15 trading_minutes");
        if (given.late_open.unit == given.settle.unit && given.late_open.count < given.settle.count)
            return planner.error("late_open", "must not be before settle");
        return planner.levels(given.levels);
    }

    /// The session before, if its range is known and it is the one of the previous close.
    static const tocsin_session* before(const Input& now) {
        const tocsin_series& series = now.series();
        const auto known = now.sessions(series.session, 1);
        if (known.empty() || known[0].session != series.prev_session || known[0].low == TOCSIN_NONE)
            return nullptr;
        // Of a session of which only the close came, that is no range.
        if (known[0].open == TOCSIN_NONE && known[0].low == known[0].high) return nullptr;
        return &known[0];
    }
    static bool falls(const Params& given, std::int64_t open, std::int64_t prev_close) {
        return given.direction == Direction::down || (given.direction == Direction::any && open < prev_close);
    }
    /// From where the gap counts. TOCSIN_NONE: not known.
    static std::int64_t reference(const Params& given, bool down, const Input& now) {
        if (given.compare_to == CompareTo::prev_close) return now.series().prev_close;
        const tocsin_session* session = before(now);
        return session == nullptr ? TOCSIN_NONE : down ? session->low : session->high;
    }
    static bool reached(const Params& given, std::int64_t open, bool down, std::int64_t from,
                        std::int64_t size) {
        if (given.measure == Measure::points) return (down ? Wide{from} - open : Wide{open} - from) >= size;
        return down ? open <= fell_to(from, size) : open >= rose_to(from, size);
    }

    /// Takes the open where it is settled: a bar's, a quoted one, or the last tick when `settle` is over.
    static void settle(const Params& given, State& state, const Input& now, std::int64_t due) {
        const tocsin_series& series = now.series();
        if (now.cause() == TOCSIN_IN_BAR || series.open_quoted != 0)
            state.open = series.open;
        else if (series.ticks > 0 && now.now() >= due)
            state.open = now.session_price();
        if (state.open == TOCSIN_NONE || now.cause() == TOCSIN_IN_BAR) return;
        // The first tick decides when it comes late, so that one is the last too.
        state.late = series.ticks == 1 && series.at >= now.add(series.opens_at, given.late_open);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        if (state.session != series.session) state = {}, state.session = series.session;
        if (state.session == TOCSIN_NO_SESSION || state.judged) return Outcome::quiet();
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        if (state.open == TOCSIN_NONE) {
            const std::int64_t due = now.add(series.opens_at, given.settle);
            settle(given, state, now, due);
            if (state.open == TOCSIN_NONE) {
                Outcome waits = Outcome::quiet().wake_on_every_price();
                return now.now() < due ? waits.wake_at(due) : waits;
            }
        }
        const bool down = falls(given, state.open, series.prev_close);
        const std::int64_t from =
            series.prev_close == TOCSIN_NONE ? TOCSIN_NONE : reference(given, down, now);
        if (from == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        state.judged = true;
        for (const Level& level : given.levels)
            if (reached(given, state.open, down, from, level.at.nanos())) ++state.level;
        if (state.level == 0) return Outcome::quiet();
        Outcome outcome = Outcome::happened();
        outcome.level = state.level;
        return outcome;
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const std::int64_t prev_close = now.series().prev_close;
        const bool known = state.session == now.series().session && state.open != TOCSIN_NONE;
        report.decimal("previous_close", prev_close);
        if (!known || prev_close == TOCSIN_NONE) return;
        const bool down = falls(given, state.open, prev_close);
        const std::int64_t from = reference(given, down, now);
        report.summary(down ? 0 : 1);
        report.decimal("open", state.open);
        if (from == TOCSIN_NONE) return;
        report.decimal("points", down ? from - state.open : state.open - from);
        report.percent("percent", down ? from - state.open : state.open - from, from);
        if (state.level > 0)
            report.decimal("level", given.levels[static_cast<std::uint32_t>(state.level - 1)].at.nanos());
        if (given.compare_to == CompareTo::prev_range) report.decimal("reference", from);
        if (const tocsin_session* range = before(now))
            report.flag("full", state.open < range->low || state.open > range->high);
        if (state.late) report.flag("late_open", true);
        const std::int64_t size = given.levels[0].at.nanos();
        report.check("open", state.open, down ? TOCSIN_OP_LE : TOCSIN_OP_GE,
                     moved_to(from, size, given.measure == Measure::percent, down));
    }
};
TOCSIN_PLUGIN("opening_gap", "1.0", OpeningGap)
