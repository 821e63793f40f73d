// trading_status: the exchange has halted or closed a session that should run. A condition: it resolves when
// trading resumes, or with the session. A status that comes outside a session waits for the next open.
#include <tocsin/rule.hpp>
using namespace tocsin;

struct TradingStatus {
    struct Params {};
    struct State {
        std::int64_t since = TOCSIN_NONE; // of the interruption
        bool closed = false;              // it is for the day
        bool over = true;                 // and what is told of it now is its end
    };
    static constexpr std::string_view name = "trading_status",
                                      doc = "Trading was halted, or closed for the day, within a session.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array<Param<Params>, 0> params{};
    static constexpr std::array values{
        value("status", TOCSIN_T_STRING, "`halted`, `closed_unscheduled`, `resumed` or `session_ended`"),
        value("session", TOCSIN_T_SESSION, "the session that it interrupts"),
        value("since", TOCSIN_T_TIME, "when trading stopped, not before the open"),
        value("trading_seconds", TOCSIN_T_DECIMAL, "trading time lost since then"),
        value("last_price", TOCSIN_T_DECIMAL, "of the last tick before"),
        value("last_at", TOCSIN_T_TIME, "its time")};
    static constexpr std::array<std::string_view, 4> summaries{
        "{symbol}: trading is halted (the last: {last_price} at {last_at})",
        "{symbol}: closed for the day, unscheduled (the last: {last_price} at {last_at})",
        "{symbol}: trading has resumed after {trading_seconds} s of trading time",
        "{symbol}: the session has ended without trading again"};

    static bool plan(Planner& planner, Params&) {
        planner.condition();
        planner.needs_calendar();
        planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_STATUS);
        return true;
    }

    /// At the very close the calendar says `closed` too, which is no interruption.
    static bool interrupted(const Input& now) {
        const tocsin_series& series = now.series();
        return series.running != 0 && (series.phase == TOCSIN_PHASE_HALTED ||
                                       (series.phase == TOCSIN_PHASE_CLOSED && now.now() < series.closes_at));
    }

    static Outcome evaluate(const Params&, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        if (interrupted(now)) {
            if (state.over) state.since = now.now(), state.over = false;
            state.closed = series.phase == TOCSIN_PHASE_CLOSED;
            return Outcome::on();
        }
        // Closed for the day, it lasts to the session's end, which follows what is stamped at the close.
        const bool at_close = series.running != 0 && now.now() >= series.closes_at;
        if (at_close && state.closed && now.cause() != TOCSIN_IN_STATUS) return Outcome::on();
        state.over = true;
        return Outcome::off(series.running != 0 ? TOCSIN_WHY_NONE : TOCSIN_WHY_SESSION_END);
    }

    static void report(const Params&, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        report.decimal("last_price", series.price);
        report.time("last_at", series.at);
        report.session("session", series.session);
        const bool on = interrupted(now);
        if (!on && now.level() == 0) return; // asked, while nothing is wrong
        const std::uint32_t which = on ? (state.closed ? 1 : 0) : series.running != 0 ? 2 : 3;
        constexpr std::array<std::string_view, 4> status{"halted", "closed_unscheduled", "resumed",
                                                         "session_ended"};
        report.text("status", status[which]);
        report.time("since", state.since);
        report.seconds("trading_seconds", now.trading_between(state.since, now.now()));
        report.summary(which);
    }
};
TOCSIN_PLUGIN("trading_status", "1.0", TradingStatus)
