// record_session_move: the session's move against the previous close is among the largest on record. On
// official closes an event; on the running price a condition, which the close settles.
#include "record_move.hpp"
using namespace tocsin;

struct RecordSessionMove {
    using Params = RecordParams;
    using Measure = RecordMeasure;
    struct State { // what the running episode is about
        std::int32_t session = TOCSIN_NO_SESSION;
        std::int64_t prev_close = TOCSIN_NONE;
    };
    static constexpr std::string_view
        name = "record_session_move",
        doc = "The session's move is larger than all before, or among the largest.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = record_params;
    static constexpr std::array values{
        value("close", TOCSIN_T_DECIMAL, "the official close (basis: close)"),
        value("price", TOCSIN_T_DECIMAL, "the price (basis: live)"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("change", TOCSIN_T_DECIMAL, "price less previous_close, signed"),
        value("points", TOCSIN_T_DECIMAL, "the move in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of previous_close"),
        value("rank", TOCSIN_T_INT, "in the measure; the smaller one for both"),
        value("rank_points", TOCSIN_T_INT, "1 + the number of earlier moves larger in points"),
        value("rank_percent", TOCSIN_T_INT, "1 + the number of earlier moves larger in percent"),
        value("rank_exact", TOCSIN_T_BOOL, "false: moves are missing, the rank is at least this"),
        value("record_points", TOCSIN_T_DECIMAL, "the largest earlier move in points"),
        value("record_points_session", TOCSIN_T_SESSION, "its session"),
        value("record_percent", TOCSIN_T_PERCENT, "the largest earlier move in percent"),
        value("record_percent_session", TOCSIN_T_SESSION, "its session"),
        value("broke", TOCSIN_T_STRING, "points, percent or both: where it is among the largest"),
        value("history_sessions", TOCSIN_T_INT, "earlier moves of the scope in the data"),
        value("stood", TOCSIN_T_BOOL,
              "live, when the close has resolved it: whether the close is among the largest")};
    static constexpr std::array<std::string_view, 28> summaries = record_sentences;

    static bool plan(Planner& planner, Params& given) {
        bool good = plan_ranks(planner, given);
        if (given.measure == Measure::both && given.clear.nanos != 0 && !given.clear.percent)
            good = planner.error("clear", "with measure: both, write it in % of the move to beat, like 5%");
        planner.follow(given.basis, given.direction);
        if (given.basis == Basis::live) {
            planner.condition();
            planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        }
        return good;
    }
    static Outcome too_little(const Params& given, const RankedMove& move) {
        return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, move.rank[0].history, given.min_sessions);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (given.basis == Basis::live) return live(given, state, now);
        const tocsin_series& series = now.series();
        if (now.cause() != TOCSIN_IN_CLOSE) return Outcome::quiet();
        if (series.prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        const RankedMove move = rank_move(given, now, series.session, series.prev_close, series.close);
        if (!move.known()) return too_little(given, move);
        return move.qualifies() ? Outcome::happened() : Outcome::quiet();
    }

    static Outcome live(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool active = now.level() > 0, settling = now.cause() == TOCSIN_IN_CLOSE;
        // A new session has come before the close; another session's close, coming late, changes nothing.
        if (orphaned(state, now))
            return (settling ? Outcome::on() : Outcome::off(TOCSIN_WHY_SESSION_END)).wake_on_every_price();
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        // Over: the official close settles it, when it comes or, where it has come already, with the
        // session's end.
        if (series.running == 0 && !settling)
            return active && series.settled != TOCSIN_OFFICIAL_CLOSE ? Outcome::on()
                                                                     : Outcome::off(TOCSIN_WHY_SESSION_END);
        const std::int64_t prev_close = series.prev_close, x = price(now);
        if (prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        const RankedMove move =
            rank_move(given, now, series.session, prev_close, x == TOCSIN_NONE ? prev_close : x);
        if (!move.known()) return too_little(given, move);

        state.session = series.session, state.prev_close = prev_close;
        std::int64_t kept[2]; // the smallest move that does not resolve
        for (std::uint32_t m = 0; m < 2; ++m)
            kept[m] = m == TOCSIN_MEASURE_PERCENT && !given.clear.percent
                          ? move.beat[m] - (rose_to(prev_close, given.clear.nanos) - prev_close)
                          : given.clear.below(move.beat[m]);
        const std::int64_t beat = smaller(move, move.beat), least = smaller(move, kept);
        const bool back_a_little = active && series.close == TOCSIN_NONE && move.size >= least;
        const bool may = active || series.running != 0; // after the end no episode begins
        const bool holds = x != TOCSIN_NONE && may && (move.qualifies() || back_a_little);
        Outcome outcome = holds ? Outcome::on() : Outcome::off();
        const bool down = given.direction == Direction::down;
        const auto at = [&](std::int64_t size) {
            return clamp_to_64(Wide{prev_close} + (down ? -Wide{size} : Wide{size}));
        };
        if (!holds)
            return down ? outcome.wake_at_or_below(at(beat + 1)) : outcome.wake_at_or_above(at(beat + 1));
        const std::int64_t back = at(active ? least - 1 : beat);
        return down ? outcome.wake_at_or_above(back) : outcome.wake_at_or_below(back);
    }
    /// The episode's session is not the series' any more.
    static bool orphaned(const State& state, const Input& now) {
        return now.level() > 0 && state.session != now.series().session;
    }
    /// The official close once it is known; before, the session's last price.
    static std::int64_t price(const Input& now) {
        return now.series().close != TOCSIN_NONE ? now.series().close : now.session_price();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        const bool live = given.basis == Basis::live, before = live && orphaned(state, now);
        const std::int64_t x = !before ? price(now)
                               : series.prev_session == state.session
                                   ? series.prev_close // the provisional close
                                   : TOCSIN_NONE;
        const std::int64_t prev_close = before ? state.prev_close : series.prev_close;
        report.decimal(live ? "price" : "close", x);
        report.decimal("previous_close", prev_close);
        if (x == TOCSIN_NONE || prev_close == TOCSIN_NONE) return;
        const RankedMove move = rank_move(given, now, before ? state.session : series.session, prev_close, x);
        report.decimal("change", x - prev_close);
        report.decimal("points", move.size);
        report.percent("percent", move.size, prev_close);
        const bool any = move.qualifies();
        const std::uint32_t ranks = report_ranks(given, move, report);
        const bool ended = series.running == 0 && series.settled == TOCSIN_OFFICIAL_CLOSE;
        const bool settles = live && now.level() > 0 && !before && (now.cause() == TOCSIN_IN_CLOSE || ended);
        if (settles) report.flag("stood", any);
        report.check("points", move.size, TOCSIN_OP_GT, smaller(move, move.beat));

        const std::uint32_t up = given.direction == Direction::up ? 1 : 0;
        report.summary((settles || before) && any ? 26 + up
                       : any || !live             ? (live ? 12 : 0) + 6 * up + ranks
                                                  : 24 + up);
    }
};
TOCSIN_PLUGIN("record_session_move", "1.0", RecordSessionMove)
