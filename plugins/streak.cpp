// streak: so many sessions in a row closed lower (or higher). A condition on official closes; everything is
// read from the closes known, so a close that comes late joins what it lies between.
#include <algorithm>
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
    struct State {};
    static constexpr std::string_view name = "streak",
                                      doc = "So many sessions in a row closed lower, or higher.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
        param<&Params::length>("length", "sessions in a row", {.min = "2", .max = "1000"}),
        param<&Params::min_move>("min_move",
                                 "points or %: a session that moved by less neither counts nor breaks",
                                 {.dflt = "0", .min = "0"}),
        param<&Params::cumulative>("cumulative", "points or %: the least move of all of them together",
                                   {.min = "0"}),
        param<&Params::flat>("flat", "an unchanged close breaks it, counts, or does neither",
                             {.dflt = "breaks", .choices = "breaks|continues|ignored"}),
        param<&Params::escalate>("escalate", "each further session is told too", {.dflt = "true"}));
    static constexpr std::array values{
        value("length", TOCSIN_T_INT, "sessions that counted; on resolved, of the streak that ended"),
        value("first_session", TOCSIN_T_SESSION, "the first of them"),
        value("points", TOCSIN_T_DECIMAL, "the move of all of them together, in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of the close before the first"),
        value("close", TOCSIN_T_DECIMAL, "the newest close; on resolved, the one that broke it"),
        value("at_least", TOCSIN_T_BOOL, "a close before them is missing, so there may have been more"),
    };
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} closed lower {length} sessions in a row, since {first_session}: {points} points "
        "({percent}%)",
        "{symbol} closed higher {length} sessions in a row, since {first_session}: {points} points "
        "({percent}%)"};

    static bool plan(Planner& planner, Params&) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_REFERENCE);
        return true;
    }

    struct Run {
        std::int64_t length = 0, from = TOCSIN_NONE, close = TOCSIN_NONE;
        std::int32_t first = TOCSIN_NO_SESSION;
        bool broken = false; // what came before is known, and was not of it
    };
    enum class Kind : std::uint8_t { counts, ignored, breaks };
    static Kind kind(const Params& given, const tocsin_session& session) {
        const std::int64_t from = session.prev_close, to = session.close;
        if (to == from)
            return given.flat == Flat::breaks      ? Kind::breaks
                   : given.flat == Flat::continues ? Kind::counts
                                                   : Kind::ignored;
        if (!given.min_move.reached_by(to < from ? from - to : to - from, from)) return Kind::ignored;
        return (to < from) == (given.direction == Direction::down) ? Kind::counts : Kind::breaks;
    }
    /// The newest session that is judged: the last tick stands in for a reference, but closes no session.
    static std::size_t newest(const Closes& closes) {
        std::size_t back = 0;
        while (back < closes.size() && closes[back].provisional != 0) ++back;
        return back;
    }
    /// The streak that ends with the session so far back.
    static Run run(const Params& given, const Closes& closes, std::size_t back) {
        Run run;
        if (back < closes.size()) run.close = closes[back].close;
        for (; back < closes.size() && closes[back].prev_close != TOCSIN_NONE; ++back) {
            const Kind what = kind(given, closes[back]);
            if ((run.broken = what == Kind::breaks)) break;
            if (what == Kind::ignored) continue;
            ++run.length, run.first = closes[back].session, run.from = closes[back].prev_close;
        }
        return run;
    }
    static std::int64_t moved(const Params& given, const Run& run) {
        return given.direction == Direction::down ? run.from - run.close : run.close - run.from;
    }

    static Outcome evaluate(const Params& given, State&, const Input& now) {
        const Closes closes = now.closes();
        const Run it = run(given, closes, newest(closes));
        if (it.length >= given.length) {
            const bool far = !given.cumulative || given.cumulative->reached_by(moved(given, it), it.from);
            const auto level = given.escalate ? static_cast<std::int32_t>(it.length - given.length + 1) : 1;
            // It lasts until it is broken: what has been told is not taken back for a small move's sake.
            return far || now.level() > 0 ? Outcome::on(std::max(level, now.level())) : Outcome::off();
        }
        if (it.broken) return Outcome::off();
        if (now.level() > 0) return Outcome::held(TOCSIN_WHY_NO_CLOSE);
        return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, static_cast<std::uint32_t>(it.length),
                               static_cast<std::uint32_t>(given.length));
    }

    static void report(const Params& given, const State&, const Input& now, Report& report) {
        const Closes closes = now.closes();
        const std::size_t judged = newest(closes);
        Run it = run(given, closes, judged);
        report.summary(given.direction == Direction::down ? 0 : 1);
        report.decimal("close", it.close);
        if (now.level() > 0 && it.length == 0 && it.broken) it = run(given, closes, judged + 1);
        report.integer("length", it.length);
        report.check("length", it.length * nanos_per_second, TOCSIN_OP_GE, given.length * nanos_per_second);
        if (it.length == 0) return;
        report.session("first_session", it.first);
        report.decimal("points", moved(given, it));
        report.percent("percent", moved(given, it), it.from);
        if (!it.broken) report.flag("at_least", true);
    }
};
TOCSIN_PLUGIN("streak", "1.0", Streak)
