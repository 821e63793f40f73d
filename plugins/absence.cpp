// absence: A, and then no B for so long, or none by a point of the session. A condition: it fires when event
// time passes the deadline without B, and resolves when B comes after all. What waits is met by one B.
#include "session_point.hpp"
#include "step.hpp"
using namespace tocsin;

struct Absence {
    /// Waits that run at one time. One B meets them all, so a newer one more changes little.
    static constexpr std::uint32_t max_waits = 16;
    struct Params {
        std::optional<Step> after;
        Step expect;
        std::optional<Duration> within;
        std::optional<std::string_view> by;
        Duration max_gap;
        SessionPoint point;    // `by`
        std::int32_t expected; // handle of the rule that B is an alert of; below 0: B is a tariff event
    };
    struct Wait {
        Mark after;
        std::int64_t deadline;
    };
    struct State {
        Wait waits[max_waits]; // in the order of their deadlines
        std::uint32_t n = 0;
        Wait told{};       // what is told now is of this one
        Mark came;         // the last B
        bool late = false; // `told` has ended with it
    };
    static constexpr std::string_view name = "absence",
                                      doc = "Something was to be followed by something else, and was not.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_OPTIONAL, state_version = 1;
    static constexpr std::array params{
        object<&Params::after, step_fields>("after", "what begins a wait; none given: each session's open"),
        object<&Params::expect, step_fields>("expect", "what is to follow"),
        param<&Params::within>("within", "clock time, trading time or sessions in which it is to"),
        param<&Params::by>("by",
                           "or the next such point of a session: `open`, `close`, `open+30m`, `close-1h`"),
        param<&Params::max_gap>("max_gap",
                                "trading time without a tick, after which nobody can tell whether the "
                                "expected rule would have rung",
                                {.dflt = "10m"})};
    static constexpr std::array values{
        value("expected", TOCSIN_T_STRING, "what was to follow: its name, the rule, or the measure"),
        value("after", TOCSIN_T_STRING, "what began the wait: an alert's id or a measure"),
        value("after_at", TOCSIN_T_TIME, "its time"),
        value("deadline", TOCSIN_T_TIME, "when it ended"),
        value("overdue_seconds", TOCSIN_T_DECIMAL, "since then; once it has come: until it came"),
        value("came", TOCSIN_T_STRING, "what came late: an alert's id or a measure"),
        value("came_at", TOCSIN_T_TIME, "its time")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{rule}: {expected} has not come by {deadline}", "{rule}: {expected} came {overdue_seconds} s late",
        "{rule}: {expected} has not come and is waited for no more"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        bool good = true;
        if (given.after)
            good = plan_step(planner, *given.after, "after") >= 0;
        else if (!given.by)
            good = planner.error("after",
                                 "is missing: what begins the wait? Only with `by` each session's open does");
        given.expected = plan_step(planner, given.expect, "expect");
        good = given.expected >= 0 && good;
        if (!given.expect.rule) given.expected = -1;
        if (given.within.has_value() == given.by.has_value())
            return planner.error("expect", "needs one of `within` and `by` beside it");
        if (given.within && given.within->count <= 0) good = planner.error("within", "must be above 0");
        if (!as_trading(given.max_gap))
            good = planner.error("max_gap", "must be a length of time above 0, like 5m");
        if (given.by && !given.point.read(*given.by))
            good =
                planner.error("by", "is `open` or `close`, and may go on with an offset: close-30m, open+1h");
        if (given.by || given.within->unit != DurationUnit::clock) planner.needs_calendar();
        if (!given.after) planner.wake_on(TOCSIN_IN_SESSION);
        return good;
    }

    /// The first instant at which it is too late. What a bar's close rings counts at the close.
    static std::int64_t due(const Params& given, const Wait& wait) {
        const bool at_a_close = given.within ? given.within->unit == DurationUnit::sessions
                                             : given.point.close && given.point.offset == 0;
        return wait.deadline + (at_a_close && given.expect.rule && wait.deadline != TOCSIN_NEVER ? 1 : 0);
    }

    static void begin(const Params& given, State& state, const Mark& after, const Input& now) {
        const Wait wait{after,
                        given.within ? now.add(after.at, *given.within) : given.point.next(after.at, now)};
        const bool met =
            state.came.at != TOCSIN_NONE && state.came.at >= after.at && state.came.at < due(given, wait);
        if (met || state.n == max_waits) return;
        std::uint32_t at = state.n++;
        for (; at > 0 && state.waits[at - 1].deadline > wait.deadline; --at)
            state.waits[at] = state.waits[at - 1];
        state.waits[at] = wait;
    }
    /// B has come: what began before it waits no more.
    static void meet(State& state, const Mark& came) {
        state.came = came;
        std::uint32_t left = 0;
        for (std::uint32_t i = 0; i < state.n; ++i)
            if (state.waits[i].after.at > came.at) state.waits[left++] = state.waits[i];
        state.n = left;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const bool active = now.level() > 0,
                   opened = !given.after && now.cause() == TOCSIN_IN_SESSION && now.series().running != 0;
        const bool message = now.alert() != nullptr || now.tariff() != nullptr;
        std::uint32_t why = TOCSIN_WHY_NONE;
        if (message && is_step(given.expect, now)) {
            meet(state, mark_of(now));
            if (active) state.late = true, why = TOCSIN_WHY_LATE_ARRIVAL;
        }
        if (opened) {
            state.n = 0; // yesterday's is waited for no more
            if (active) state.late = false, why = TOCSIN_WHY_EXPIRED;
            begin(given, state, {now.series().opens_at, {}}, now);
        }
        if (given.after && message && is_step(*given.after, now)) begin(given, state, mark_of(now), now);
        if (state.n == 0) return Outcome::off(why);
        const std::int64_t first = due(given, state.waits[0]);
        if (now.now() < first) return Outcome::off(why).wake_at(first);
        if (active && why == TOCSIN_WHY_NONE) return Outcome::on();
        if (const std::uint32_t unknown = unheard(given.expected, given.max_gap, now);
            unknown != TOCSIN_WHY_NONE) {
            constexpr std::int64_t minute = 60'000'000'000; // nobody says when one can tell again: it looks
            return Outcome::held(unknown).wake_at(now.has_series() && now.series().running == 0
                                                      ? now.next_open(now.now())
                                                      : now.now() + minute);
        }
        state.told = state.waits[0], state.late = false;
        return Outcome::on();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const Wait& wait = state.told;
        const Step& b = given.expect;
        report.text("expected", b.as ? *b.as : b.rule ? *b.rule : b.match->measure.value_or("tariff event"));
        report.summary(state.late ? 1 : state.n > 0 && state.waits[0].after.at == wait.after.at ? 0 : 2);
        if (wait.after.at == TOCSIN_NONE) return;
        report.text("after", wait.after.what.view());
        report.time("after_at", wait.after.at), report.time("deadline", wait.deadline);
        report.seconds("overdue_seconds", (state.late ? state.came.at : now.now()) - wait.deadline);
        if (!state.late) return;
        report.text("came", state.came.what.view());
        report.time("came_at", state.came.at);
    }
};
TOCSIN_PLUGIN("absence", "1.0", Absence)
