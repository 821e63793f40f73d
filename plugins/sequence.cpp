// sequence: A, then B, then … within a time. A step is an alert of another rule or a tariff event; what
// counts is the order in which they were decided, and their own times.
#include "step.hpp"

#include <algorithm>
using namespace tocsin;

struct Sequence {
    /// More steps than this are a story that nobody will see happen.
    static constexpr std::uint32_t max_steps = 8;
    /// Begun and not finished at one time. 2025, a busy year, had some 130 tariff events; within days, a
    /// handful.
    static constexpr std::uint32_t max_partials = 32;

    enum class From : std::uint8_t { first, previous };
    enum class Contiguity : std::uint8_t { relaxed, strict };
    enum class After : std::uint8_t { skip_past, skip_to_next, no_skip };
    struct Params {
        FixedList<Step, max_steps> steps;
        Duration within;
        From within_from;
        Contiguity contiguity;
        After after_match;
        std::optional<Duration> min_gap;
    };
    struct Partial {
        std::uint32_t n; // steps that have happened
        Mark marks[max_steps];
    };
    struct State {
        Partial match;                  // the one that is reported
        Partial partials[max_partials]; // in the order in which they began
        std::uint32_t n, evicted;
    };
    static constexpr std::string_view name = "sequence",
                                      doc = "Alerts and tariff events follow one another in time.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_OPTIONAL, state_version = 1;
    static constexpr std::array params{
        object<&Params::steps, step_fields>("steps", "two to eight, in their order"),
        param<&Params::within>("within", "clock time, trading time or sessions for all of it"),
        param<&Params::within_from>("within_from", "the step from which `within` counts",
                                    {.dflt = "first", .choices = "first|previous"}),
        param<&Params::contiguity>("contiguity", "strict: no other event of the steps may lie between",
                                   {.dflt = "relaxed", .choices = "relaxed|strict"}),
        param<&Params::after_match>(
            "after_match", "what has begun before a match ends: all dropped, each used once, or each kept",
            {.dflt = "skip_past", .choices = "skip_past|skip_to_next|no_skip"}),
        param<&Params::min_gap>("min_gap", "the least time between two steps")};
    static constexpr std::array step_values{
        value("rule", TOCSIN_T_STRING, "the rule, of a step that is an alert"),
        value("match", TOCSIN_T_STRING, "the measure, of a step that is a tariff event"),
        value("at", TOCSIN_T_TIME, "its time"), value("id", TOCSIN_T_STRING, "the alert's id"),
        value("as", TOCSIN_T_STRING, "the step's name")};
    static constexpr std::array values{
        list_value("steps", "the steps, in their order", step_values),
        value("elapsed", TOCSIN_T_DECIMAL, "seconds from the first step to the last"),
        value("evicted", TOCSIN_T_INT, "begun and dropped for want of room so far")};
    static constexpr std::array<std::string_view, 1> summaries{
        "{rule}: complete {elapsed} s after its first step"};

    static bool plan(Planner& planner, Params& given) {
        bool good = true;
        if (given.steps.size() < 2) good = planner.error("steps", "needs at least two steps");
        for (std::uint32_t i = 0; i < given.steps.size(); ++i)
            good = plan_step(planner, given.steps[i], Path{"steps", i}) >= 0 && good;
        if (given.within.count <= 0) good = planner.error("within", "must be above 0");
        const bool by_calendar = given.within.unit != DurationUnit::clock ||
                                 (given.min_gap && given.min_gap->unit != DurationUnit::clock);
        if (by_calendar) planner.needs_calendar();
        return good;
    }
    static std::int64_t deadline(const Params& given, const Partial& partial, const Input& now) {
        const bool first = given.within_from == From::first;
        return now.add(partial.marks[first ? 0 : partial.n - 1].at, given.within);
    }
    /// Whether a step at this time may follow. One decided later but stamped earlier does not; one at the
    /// very end of `within` is too late, but for an alert at the close that ends so many sessions (a bar's
    /// alerts are stamped so).
    static bool in_time(const Params& given, const Partial& partial, std::int64_t at, const Input& now) {
        const std::int64_t last = partial.marks[partial.n - 1].at, end = deadline(given, partial, now);
        const bool at_the_close =
            given.within.unit == DurationUnit::sessions && now.alert() != nullptr && at == end;
        return at >= last && (at < end || at_the_close) &&
               (!given.min_gap || at >= now.add(last, *given.min_gap));
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        bool steps[max_steps]{}, any = false;
        for (std::uint32_t i = 0; i < given.steps.size(); ++i) any |= steps[i] = is_step(given.steps[i], now);
        if (!any) return Outcome::quiet();

        const Mark happened = mark_of(now);
        const bool relaxed = given.contiguity == Contiguity::relaxed;
        bool found = false;
        State next{};
        next.evicted = state.evicted;
        for (std::uint32_t i = 0; i < state.n; ++i) {
            const Partial& partial = state.partials[i];
            const bool goes_on = steps[partial.n] && in_time(given, partial, happened.at, now);
            if (relaxed && (!goes_on || given.after_match == After::no_skip)) keep(given, next, partial, now);
            if (!goes_on) continue;
            Partial longer = partial;
            longer.marks[longer.n++] = happened;
            if (longer.n < given.steps.size()) {
                keep(given, next, longer, now);
            } else if (given.after_match == After::skip_past) { // the first to begin; all others are dropped
                state.match = longer, state.n = 0;
                return Outcome::happened();
            } else {
                if (found) now.emit(Outcome::happened());
                state.match = longer, found = true;
            }
        }
        if (steps[0]) keep(given, next, Partial{1, {happened}}, now);
        next.match = state.match;
        state = next;
        return found ? Outcome::happened() : Outcome::quiet();
    }
    static void keep(const Params& given, State& state, const Partial& partial, const Input& now) {
        if (state.n == max_partials) { // out of time, or else the oldest
            std::uint32_t out = 0;
            while (out < state.n && deadline(given, state.partials[out], now) >= now.now()) ++out;
            if (out == state.n) out = 0, ++state.evicted;
            std::copy(state.partials + out + 1, state.partials + state.n--, state.partials + out);
        }
        state.partials[state.n++] = partial;
    }

    static void report(const Params& given, const State& state, const Input&, Report& report) {
        if (state.match.n == 0) return; // nothing has been completed yet
        if (tocsin_value* steps = report.list("steps", state.match.n))
            for (std::uint32_t i = 0; i < state.match.n; ++i) {
                const Mark& done = state.match.marks[i];
                const Step& step = given.steps[i];
                const auto text = [](tocsin_value& v, std::string_view t) {
                    v.type = TOCSIN_T_STRING, v.u.s = str(t);
                };
                tocsin_value* fields = report.object(steps[i], step_values.size());
                text(fields[step.rule ? 3 : 1], done.what.view());
                if (step.rule) text(fields[0], *step.rule);
                fields[2].type = TOCSIN_T_TIME, fields[2].u.i = done.at;
                if (step.as) text(fields[4], *step.as);
            }
        report.seconds("elapsed", state.match.marks[state.match.n - 1].at - state.match.marks[0].at);
        if (state.evicted > 0) report.integer("evicted", state.evicted);
    }
};
TOCSIN_PLUGIN("sequence", "1.0", Sequence)
