// streak: so many sessions in a row closed lower (or higher). A condition on official closes.
#include <tocsin/rule.hpp>
using namespace tocsin;
struct Streak {
    enum class Flat : std::uint8_t { breaks, continues, ignored };
    struct Params {
        Direction direction;
        std::int64_t length;
        Amount min_move;
        std::optional<Amount> cumulative;
        Flat flat;
        bool escalate;
    };
    /// A run of sessions that ends with the newest close.
    struct Run {
        std::int64_t length;
        std::int64_t from, to; // the close before it, and its last
        std::int32_t first_session;
        bool unknown; // it may be longer: a close is missing before it
    };
    struct State {
        std::int32_t newest; // session judged
        Run told;            // of the episode
        bool over;
    };
    static constexpr std::string_view name = "streak",
                                      doc = "So many sessions in a row closed lower, or higher.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
        param<&Params::length>("length", "how many sessions in a row", {.min = "2", .max = "10000"}),
        param<&Params::min_move>("min_move", "points or %: a smaller move is flat",
                                 {.dflt = "0", .min = "0"}),
        param<&Params::cumulative>("cumulative", "points or %: the whole run must have moved so far",
                                   {.min = "0"}),
        param<&Params::flat>("flat", "a session that is flat breaks the run, is one of it, or is passed over",
                             {.dflt = "breaks", .choices = "breaks|continues|ignored"}),
        param<&Params::escalate>("escalate", "each further session is told", {.dflt = "true"}));
    static constexpr std::array values{
        value("length", TOCSIN_T_INT, "sessions in a row; on `resolved`, of the run that has ended"),
        value("first_session", TOCSIN_T_SESSION, "the first that moved"),
        value("points", TOCSIN_T_DECIMAL, "the whole run, in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of the close before it")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{symbol} fell {length} sessions in a row, {points} points ({percent}%) since {first_session}",
        "{symbol} rose {length} sessions in a row, {points} points ({percent}%) since {first_session}",
        "{symbol}: the run of {length} sessions since {first_session} has ended ({percent}%)"};

    static bool plan(Planner& planner, Params&) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_REFERENCE);
        return true;
    }

    static std::int64_t moved(const Params& given, std::int64_t from, std::int64_t to) {
        return given.direction == Direction::down ? from - to : to - from;
    }
    static Run trailing(const Params& given, const Closes& closes) {
        Run run{0, TOCSIN_NONE, TOCSIN_NONE, TOCSIN_NO_SESSION, false};
        for (std::size_t back = 0; back < closes.size(); ++back) {
            const tocsin_session& session = closes[back];
            if (session.prev_close == TOCSIN_NONE) { // a hole, or the beginning of all that is known
                run.unknown = back + 1 < closes.size();
                break;
            }
            const std::int64_t points = moved(given, session.prev_close, session.close);
            const std::int64_t size = points < 0 ? -points : points;
            const bool flat = points == 0 || !given.min_move.reached_by(size, session.prev_close);
            if (flat ? given.flat == Flat::breaks : points < 0) break;
            if (run.to == TOCSIN_NONE) run.to = session.close;
            run.from = session.prev_close;
            if (flat && given.flat == Flat::ignored) continue;
            ++run.length;
            if (!flat) run.first_session = session.session;
        }
        return run;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        // A close that comes late is judged with those after it, when they are known to be moved by it.
        if (now.cause() == TOCSIN_IN_CLOSE && now.series().session < state.newest)
            return Outcome::held(TOCSIN_WHY_NO_CLOSE);
        const Closes closes = now.closes();
        if (closes.empty() || closes[0].provisional != 0) return Outcome::held(TOCSIN_WHY_NO_CLOSE);
        state.newest = closes[0].session;
        const Run run = trailing(given, closes);
        const bool long_enough = run.length >= given.length && run.first_session != TOCSIN_NO_SESSION;
        if (!long_enough && run.unknown) return Outcome::held(TOCSIN_WHY_NO_CLOSE);
        const bool far_enough =
            !given.cumulative ||
            (long_enough && given.cumulative->reached_by(moved(given, run.from, run.to), run.from));
        state.over = !long_enough || !far_enough;
        if (state.over) return Outcome::off();
        state.told = run;
        return Outcome::on(given.escalate ? static_cast<std::int32_t>(run.length - given.length) + 1 : 1);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const bool probe = now.cause() == TOCSIN_IN_PROBE && now.level() == 0;
        const Run run = probe ? trailing(given, now.closes()) : state.told;
        report.summary(!probe && state.over ? 2 : given.direction == Direction::down ? 0 : 1);
        report.integer("length", run.length);
        report.session("first_session", run.first_session);
        if (run.length > 0 && run.from != TOCSIN_NONE) {
            report.decimal("points", moved(given, run.from, run.to));
            report.percent("percent", moved(given, run.from, run.to), run.from);
        }
        report.check("length", run.length * one, TOCSIN_OP_GE, given.length * one);
    }
};
TOCSIN_PLUGIN("streak", "1.0", Streak)
