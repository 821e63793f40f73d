// missing_close: a session has ended and its official close has not come in time. A condition: it warns again
// before the next open, since then the previous close will be unknown, and resolves when the close comes.
#include <tocsin/rule.hpp>
using namespace tocsin;

struct MissingClose {
    struct Params {
        Duration grace, lead;
    };
    struct Session {
        std::int32_t date = TOCSIN_NO_SESSION;
        std::int64_t closes_at = TOCSIN_NONE;
    };
    struct State {
        Session last, told;                                      // that ended last; that was last told of
        std::int64_t came_at = TOCSIN_NONE, close = TOCSIN_NONE; // of `told`
        bool waits = false;                                      // for the close of `last`
    };
    static constexpr std::string_view name = "missing_close",
                                      doc = "A session's official close has not come in time.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array params{
        param<&Params::grace>("grace", "after the scheduled close: until then it may come",
                              {.dflt = "15m", .min = "0s"}),
        param<&Params::lead>("lead", "before the next open: it warns again", {.dflt = "30m", .min = "0s"})};
    static constexpr std::array values{
        value("session", TOCSIN_T_SESSION, "the session"),
        value("scheduled_close", TOCSIN_T_TIME, "when it closed"),
        value("missing_seconds", TOCSIN_T_DECIMAL, "since then"),
        value("next_open", TOCSIN_T_TIME, "the next open after it"),
        value("last_price", TOCSIN_T_DECIMAL, "the symbol's last price"),
        value("last_at", TOCSIN_T_TIME, "its time"),
        value("close", TOCSIN_T_DECIMAL, "the official close, once it has come")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{symbol}: no official close of {session}, {missing_seconds} s after the session's end (the last "
        "price: {last_price})",
        "{symbol}: the close of {session} has come, {missing_seconds} s after the session's end: {close}",
        "{symbol}: the close of {session} has never come"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.needs_calendar();
        planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_CLOSE);
        bool good = true;
        if (given.grace.unit != DurationUnit::clock)
            good = planner.error("grace", "is clock time: give it as in 15m");
        if (given.lead.unit != DurationUnit::clock)
            good = planner.error("lead", "is clock time: give it as in 30m");
        return good;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        if (now.cause() == TOCSIN_IN_CLOSE && series.session == state.last.date && state.waits) {
            state.waits = false, state.told = state.last;
            state.came_at = now.now(), state.close = series.close;
        }
        bool given_up = false; // what has not come by the next session's end is waited for no more
        if (now.cause() == TOCSIN_IN_SESSION && series.running == 0 && series.session > state.last.date) {
            given_up = state.waits;
            state.last = {series.session, series.closes_at};
            state.waits = series.settled != TOCSIN_OFFICIAL_CLOSE;
        }
        if (!state.waits) return Outcome::off(given_up ? TOCSIN_WHY_EXPIRED : TOCSIN_WHY_NONE);
        const std::int64_t first = now.add(state.last.closes_at, given.grace);
        const std::int64_t open = now.next_open(state.last.closes_at);
        const std::int64_t second =
            open == TOCSIN_NEVER ? open : std::max(open - given.lead.count, first + 1);
        if (given_up) return Outcome::off(TOCSIN_WHY_EXPIRED).wake_at(first);
        if (now.now() < first) return Outcome::off().wake_at(first);
        state.told = state.last, state.close = TOCSIN_NONE;
        return now.now() < second ? Outcome::on(1).wake_at(second) : Outcome::on(2);
    }

    static void report(const Params&, const State& state, const Input& now, Report& report) {
        const bool came = state.close != TOCSIN_NONE,
                   waits = state.waits && state.told.date == state.last.date;
        report.summary(came ? 1 : waits ? 0 : 2);
        report.session("session", state.told.date);
        if (state.told.date == TOCSIN_NO_SESSION) return;
        report.time("scheduled_close", state.told.closes_at);
        report.seconds("missing_seconds", (came ? state.came_at : now.now()) - state.told.closes_at);
        const std::int64_t open = now.next_open(state.told.closes_at);
        if (open != TOCSIN_NEVER) report.time("next_open", open);
        report.decimal("last_price", now.series().price);
        report.time("last_at", now.series().at);
        report.decimal("close", state.close);
    }
};
TOCSIN_PLUGIN("missing_close", "1.0", MissingClose)
