// extreme: the lowest (or highest) of so many sessions, of so many weeks, or of all. An event.
#include <tocsin/rule.hpp>
using namespace tocsin;

struct Extreme {
    enum class Side : std::uint8_t { low, high };
    enum class Repeat : std::uint8_t { once_per_session, each_new_extreme };
    struct Params {
        Side side;
        std::string_view window;
        Basis basis;
        std::int64_t min_age, min_sessions;
        Repeat repeat;
        bool partial;
        std::int64_t sessions, weeks; // of the window; neither: all of them
    };
    struct Found { // in the window before the judged session
        std::int64_t value;
        std::int32_t session, age; // sessions ago
        std::uint32_t known, needed;
    };
    struct State {
        std::int32_t session; // that rang
        std::int64_t rang_at; // with that price
        std::int32_t newest;  // session judged, on closes
        bool any;
    };
    static constexpr std::string_view name = "extreme",
                                      doc =
                                          "A low or a high of so many sessions, of so many weeks, or of all.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::side>("side", "which end", {.choices = "low|high"}),
        param<&Params::window>("window",
                               "all_time, last:N (sessions before this one) or calendar:Nw (weeks)"),
        param<&Params::basis>("basis", "prices against earlier lows (highs), or closes against closes",
                              {.dflt = "close", .choices = "live|close"}),
        param<&Params::min_age>("min_age", "the extreme before must be so many sessions old",
                                {.dflt = "1", .min = "1", .max = "100000"}),
        param<&Params::min_sessions>("min_sessions", "all_time: earlier sessions that must be known",
                                     {.dflt = "250", .min = "1", .max = "100000"}),
        param<&Params::repeat>("repeat", "within a session, on basis live",
                               {.dflt = "once_per_session", .choices = "once_per_session|each_new_extreme"}),
        param<&Params::partial>("partial", "ring too while the window reaches before the data",
                                {.dflt = "false"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the new extreme"),
        value("previous_extreme", TOCSIN_T_DECIMAL, "the one before it in the window"),
        value("previous_extreme_session", TOCSIN_T_SESSION, "its session, the later of equals"),
        value("window_sessions", TOCSIN_T_INT, "earlier sessions in the window"),
        value("since", TOCSIN_T_SESSION,
              "the last session that was at least as extreme; absent if none is known")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} at {price}: the lowest of {window_sessions} sessions (before it {previous_extreme} on "
        "{previous_extreme_session})",
        "{symbol} at {price}: the highest of {window_sessions} sessions (before it {previous_extreme} on "
        "{previous_extreme_session})"};

    static bool plan(Planner& planner, Params& given) {
        planner.follow(given.basis, given.side == Side::low ? Direction::down : Direction::up);
        if (given.basis == Basis::live) planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        given.sessions = number_in(given.window, "last:", "", 100'000);
        given.weeks = number_in(given.window, "calendar:", "w", 5'200);
        return given.window == "all_time" || given.sessions > 0 || given.weeks > 0 ||
               planner.error("window", "must be all_time, last:250 or calendar:52w");
    }

    static bool beyond(const Params& given, std::int64_t a, std::int64_t b) {
        return given.side == Side::low ? a < b : a > b;
    }
    static std::int64_t of(const Params& given, const tocsin_session& session) {
        const std::int64_t reached = given.side == Side::low ? session.low : session.high;
        return given.basis == Basis::close || reached == TOCSIN_NONE ? session.close : reached;
    }

    /// The extreme of the window before `session`.
    static Found look(const Params& given, const Input& now, std::int32_t session) {
        const auto known = now.sessions(session, static_cast<std::uint32_t>(given.sessions));
        const std::int32_t begin =
            given.weeks == 0 ? INT32_MIN : session - static_cast<std::int32_t>(given.weeks) * 7;
        Found found{TOCSIN_NONE, TOCSIN_NO_SESSION, 0, 0, 0};
        for (std::size_t back = 1; back <= known.size(); ++back) {
            const tocsin_session& one = known[known.size() - back];
            if (one.session < begin) break;
            ++found.known;
            if (found.value == TOCSIN_NONE || beyond(given, of(given, one), found.value))
                found.value = of(given, one), found.session = one.session,
                found.age = static_cast<std::int32_t>(back);
        }
        const bool reaches_before = given.weeks > 0 && (known.empty() || known.front().session > begin);
        found.needed = given.sessions > 0 ? static_cast<std::uint32_t>(given.sessions)
                       : given.weeks > 0  ? found.known + (reaches_before ? 1 : 0)
                                          : static_cast<std::uint32_t>(given.min_sessions);
        return found;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool live = given.basis == Basis::live;
        if (!state.any) state = {TOCSIN_NO_SESSION, TOCSIN_NONE, TOCSIN_NO_SESSION, true};
        if (live ? series.running == 0 : now.cause() != TOCSIN_IN_CLOSE || series.session <= state.newest)
            return Outcome::quiet();
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED);
        state.newest = series.session;
        if (state.session == series.session && given.repeat == Repeat::once_per_session)
            return Outcome::quiet();
        const Found found = look(given, now, series.session);
        if (found.known == 0 || (found.known < found.needed && !given.partial))
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, found.known, std::max(found.needed, 1u));
        if (found.age < given.min_age) return Outcome::quiet();
        const std::int64_t bar = state.session == series.session ? state.rang_at : found.value;
        const std::int64_t x = live ? now.session_price() : series.close;
        const bool rings = x != TOCSIN_NONE && beyond(given, x, bar);
        if (rings) state.session = series.session, state.rang_at = x;
        Outcome outcome = rings ? Outcome::happened() : Outcome::quiet();
        if (!live || (rings && given.repeat == Repeat::once_per_session)) return outcome;
        const std::int64_t next = rings ? x : bar; // strictly beyond it
        return given.side == Side::low ? outcome.wake_at_or_below(next - 1)
                                       : outcome.wake_at_or_above(next + 1);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        report.summary(given.side == Side::low ? 0 : 1);
        if (series.session == TOCSIN_NO_SESSION) return;
        const Found found = look(given, now, series.session);
        const std::int64_t x = given.basis == Basis::live ? now.session_price() : series.close;
        report.decimal("price", x), report.decimal("previous_extreme", found.value);
        report.session("previous_extreme_session", found.session);
        report.integer("window_sessions", found.known);
        if (x == TOCSIN_NONE) return;
        const auto all = now.sessions(series.session, 0);
        for (std::size_t i = all.size(); i-- > 0;)
            if (!beyond(given, x, of(given, all[i]))) {
                report.session("since", all[i].session);
                break;
            }
        const bool rung = state.session == series.session && now.cause() == TOCSIN_IN_PROBE;
        if (!rung)
            report.check("price", x, given.side == Side::low ? TOCSIN_OP_LT : TOCSIN_OP_GT, found.value);
    }
};
TOCSIN_PLUGIN("extreme", "1.0", Extreme)
