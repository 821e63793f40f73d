// What drawdown and rebound share: how far the price has come from the extreme of a window, its peak or its
// trough. A condition with levels, on closes or on all prices; an episode lasts as long as the window lets
// it, over nights too.
#pragma once
#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin {

template <bool Falls> struct Excursion {
    enum class Ends : std::uint8_t { close, intraday };
    struct Params {
        std::string_view window;
        Ends basis;
        Levels levels;
        Amount clear;
        Price min_fall; // of rebound
        std::int64_t sessions, since;
        bool session;
    };
    struct Point { // value TOCSIN_NONE: there is none
        std::int64_t value = TOCSIN_NONE;
        std::int32_t session = TOCSIN_NO_SESSION;
    };
    struct State {
        Point from, peak;              // at the last evaluation: the extreme, and the peak before it
        Point furthest, furthest_from; // of the episode, or of the last one
        std::int64_t high = TOCSIN_NONE, low = TOCSIN_NONE,
                     high_before_low = TOCSIN_NONE;      // as far as prices made them
        std::int64_t price = TOCSIN_NONE;                // judged last
        std::int32_t session = TOCSIN_NO_SESSION, level; // of the last answer
    };

    static bool plan(Planner& planner, Params& given) {
        const std::string_view key = Falls ? "peak" : "trough", since = given.window.substr(0, 6);
        const bool closes = given.basis == Ends::close;
        planner.condition();
        planner.follow(closes ? Basis::close : Basis::live, Falls ? Direction::down : Direction::up);
        if (!closes) planner.wake_on(TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        const auto date =
            since == "since:" ? SessionDate::parse(given.window.substr(6)) : SessionDate::Parsed{{}, "none"};
        given.session = given.window == "session";
        given.sessions = number_in(given.window, "last:", "", 100'000);
        given.since = date ? date.value.days() : INT32_MIN;
        bool good = given.session || given.sessions > 0 || date || given.window == "all_time" ||
                    planner.error(key, "must be session, last:250, since:2025-01-06 or all_time");
        if (given.session && closes)
            good = planner.error(key, "a session has but one close: with session, the basis is intraday");
        for (std::uint32_t i = 0; Falls && i < given.levels.size(); ++i)
            if (given.levels[i].at.nanos() > hundred_percent)
                good = planner.error(Path{"levels", i, "at"}, "must not be above 100");
        return planner.levels(given.levels) && good;
    }

    /// `a` is strictly further out than `b`: it is the extreme of the two.
    static bool beyond(std::int64_t a, std::int64_t b) { return Falls ? a > b : a < b; }
    static std::int64_t price_at(std::int64_t from, std::int64_t percent) {
        return moved_to(from, percent, true, Falls);
    }
    static bool reached(std::int64_t price, std::int64_t bound) { return !beyond(price, bound); }
    static std::int64_t size(const Params& given, std::int32_t level) {
        return given.levels[static_cast<std::uint32_t>(level - 1)].at.nanos();
    }
    static std::int64_t kept(const Params& given, std::int32_t level) {
        return given.clear.below(size(given, level));
    }

    /// What the running session has reached. Slept through, it has made no new extreme, but perhaps a new
    /// other end.
    static void follow_session(State& state, const Input& now, std::int64_t x) {
        const tocsin_series& series = now.series();
        if (state.session != series.session) state.high = state.low = TOCSIN_NONE;
        // A bar after ticks brings a wider high and low, which are not for live rules.
        const bool known = series.close == TOCSIN_NONE;
        const std::int64_t high = known ? series.high : std::max(state.high, x);
        const std::int64_t low = known ? series.low : state.low == TOCSIN_NONE ? x : std::min(state.low, x);
        if (state.low == TOCSIN_NONE || low < state.low) state.high_before_low = high;
        state.high = high, state.low = low;
    }
    /// The extreme of the window, of equals the later, and the peak before it.
    static void look(const Params& given, State& state, const Input& now, std::int64_t x) {
        const std::int32_t session = now.series().session;
        Point peak;
        state.from = state.peak = {};
        const auto take = [&](std::int64_t high, std::int64_t low, std::int32_t of) {
            const std::int64_t end = Falls ? high : low;
            if (state.from.value == TOCSIN_NONE || !beyond(state.from.value, end))
                state.from = {end, of}, state.peak = peak;
            if (high >= peak.value) peak = {high, of};
        };
        const bool closes = given.basis == Ends::close, none = given.session || given.sessions == 1;
        if (!none)
            for (const tocsin_session& one : now.sessions(
                     session, given.sessions == 0 ? 0 : static_cast<std::uint32_t>(given.sessions - 1)))
                if (one.session >= given.since)
                    take(closes || one.high == TOCSIN_NONE ? one.close : one.high,
                         closes || one.low == TOCSIN_NONE ? one.close : one.low, one.session);
        if (!closes && !Falls && state.high_before_low >= peak.value) peak = {state.high_before_low, session};
        take(closes ? x : state.high, closes ? x : state.low, session);
    }
    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool live = given.basis == Ends::intraday;
        if (live && series.running == 0 && given.session) {
            state.level = 0;
            return Outcome::off(TOCSIN_WHY_SESSION_END).wake_on_every_price();
        }
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        const std::int64_t x = live ? now.session_price() : series.close;
        // A late bar of an earlier session is no price of now either.
        if (live && (series.running == 0 || x == TOCSIN_NONE || series.session < state.session))
            return Outcome::held(TOCSIN_WHY_NO_PRICE).wake_on_every_price();
        if (!live &&
            (now.cause() != TOCSIN_IN_CLOSE || series.session <= state.session)) // between two closes
            return state.level > 0 ? Outcome::on(state.level) : Outcome::off();
        if (series.session < given.since) return Outcome::off();

        const std::int64_t old = state.from.value;
        if (live) follow_session(state, now, x);
        state.session = series.session, state.price = x;
        look(given, state, now, x);
        const std::int64_t from = state.from.value;
        const bool fell = Falls || (state.peak.value != TOCSIN_NONE &&
                                    from <= fell_to(state.peak.value, given.min_fall.nanos()));
        const auto levels = static_cast<std::int32_t>(given.levels.size());
        std::int32_t entered = 0;
        while (fell && entered < levels && reached(x, price_at(from, size(given, entered + 1)))) ++entered;
        std::int32_t holds = x == from ? 0 : std::max(entered, now.level());
        while (holds > entered && !reached(x, price_at(from, kept(given, holds)))) --holds;

        const bool further =
            state.furthest.value != TOCSIN_NONE &&
            (Falls ? Wide{x} * state.furthest_from.value < Wide{state.furthest.value} * from
                   : Wide{x} * state.furthest_from.value > Wide{state.furthest.value} * from);
        if (holds > 0 && (state.level == 0 || further))
            state.furthest = {x, series.session}, state.furthest_from = state.from;
        state.level = holds;
        const bool left =
            old != TOCSIN_NONE && beyond(old, from) && reached(x, price_at(old, kept(given, 1)));
        if (holds == 0)
            return sleep(given, Outcome::off(left ? TOCSIN_WHY_PEAK_EXPIRED : TOCSIN_WHY_NONE), state,
                         fell ? entered : levels);
        return sleep(given, Outcome::on(holds), state, fell ? entered : levels);
    }

    /// Until a further level is entered, one is left, there is a new extreme, or (firing) the furthest price
    /// is new.
    static Outcome sleep(const Params& given, Outcome outcome, const State& state, std::int32_t entered) {
        const std::int64_t from = state.from.value;
        std::int64_t further = Falls ? TOCSIN_NONE : TOCSIN_NEVER, back = from;
        if (entered < static_cast<std::int32_t>(given.levels.size()))
            further = price_at(from, size(given, entered + 1));
        if (state.level > 0) {
            const std::int64_t least =
                price_at(from, state.level == entered ? size(given, entered) : kept(given, state.level));
            const Wide mark = Wide{state.furthest.value} * from; // further is x * furthest_from beyond this
            const std::int64_t next = clamp_to_64(Falls ? floor_div(mark - 1, state.furthest_from.value)
                                                        : floor_div(mark, state.furthest_from.value) + 1);
            further = Falls ? std::max(further, next) : std::min(further, next);
            back = Falls ? std::min(least + 1, from) : std::max(least - 1, from);
        }
        // What was high before the session's low is asked once that low is the trough.
        if (!Falls && state.low != TOCSIN_NONE) back = std::max(back, state.low - 1);
        return Falls ? outcome.wake_at_or_below(further).wake_at_or_above(back)
                     : outcome.wake_at_or_above(further).wake_at_or_below(back);
    }

    static std::int64_t distance(std::int64_t from, std::int64_t x) { return Falls ? from - x : x - from; }
    /// Sessions known after `from` up to `to`.
    static std::int64_t sessions_between(const Input& now, std::int32_t from, std::int32_t to) {
        const auto all = now.sessions(INT32_MAX, 0);
        return std::count_if(
                   all.begin(), all.end(),
                   [&](const tocsin_session& one) { return one.session > from && one.session < to; }) +
               (from < to ? 1 : 0);
    }
    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const std::int64_t from = state.from.value,
                           x = given.basis == Ends::close ? state.price : now.session_price();
        const bool over = state.level == 0 && now.level() > 0;
        report.summary(over ? 1 : 0);
        report.decimal("price", x);
        if (x == TOCSIN_NONE || from == TOCSIN_NONE) return;
        report.decimal(Falls ? "peak" : "trough", from);
        report.session(Falls ? "peak_session" : "trough_session", state.from.session);
        report.percent("percent", distance(from, x), from);
        const std::int32_t level = state.level > 0 ? state.level : now.level();
        if (level > 0) report.decimal("level", size(given, level));
        if (level > 0 && state.furthest.value != TOCSIN_NONE) {
            report.percent(Falls ? "deepest_percent" : "highest_percent",
                           distance(state.furthest_from.value, state.furthest.value),
                           state.furthest_from.value);
            report.integer(Falls ? "sessions_to_trough" : "sessions_to_peak",
                           sessions_between(now, state.furthest_from.session, state.furthest.session));
            if (over)
                report.integer(Falls ? "sessions_to_recover" : "sessions_to_end",
                               sessions_between(now, state.furthest.session, now.series().session));
        }
        if (!Falls && state.peak.value != TOCSIN_NONE)
            report.percent("fall_percent", state.peak.value - from, state.peak.value);
        report.skipped(given.levels, now.level(), state.level);
        const auto next = std::min(state.level + 1, static_cast<std::int32_t>(given.levels.size()));
        report.check("price", x, Falls ? TOCSIN_OP_LE : TOCSIN_OP_GE, price_at(from, size(given, next)));
    }
};

} // namespace tocsin
