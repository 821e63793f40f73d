// staleness: while the market trades, no tick has been accepted for so long, or the price has not changed
// though ticks came. A condition, in trading time: nights, lunches, auctions and closed days do not count,
// and a status (a halt, its end) starts the wait anew.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct Staleness {
    struct Params {
        Duration max_gap;
        std::optional<Duration> unchanged_for;
    };
    struct State {
        std::int64_t status_at = TOCSIN_NONE;     // the last halt or resumption
        std::int64_t since = TOCSIN_NONE;         // of the episode: when its wait began
        std::int32_t session = TOCSIN_NO_SESSION; // of the episode: the session in which it fired,
        std::uint32_t ticks;                      // and how many ticks that had had
        bool frozen;                              // of the episode: it is about a price that does not change
    };
    static constexpr std::string_view name = "staleness",
                                      doc = "No tick was accepted for a time, while trading.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array params{
        param<&Params::max_gap>("max_gap", "trading time without a tick"),
        param<&Params::unchanged_for>("unchanged_for",
                                      "trading time in which ticks come and the price stays"),
        not_yet<Params>("confirm"), not_yet<Params>("min_quality")};
    static constexpr std::array values{
        value("last_price", TOCSIN_T_DECIMAL, "of the last tick"),
        value("last_at", TOCSIN_T_TIME, "its time"),
        value("silent_trading_seconds", TOCSIN_T_DECIMAL, "trading time without a tick"),
        value("threshold_seconds", TOCSIN_T_DECIMAL, "the trading time that was allowed"),
        value("unchanged_trading_seconds", TOCSIN_T_DECIMAL,
              "trading time at one price, where it is about that")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{symbol}: no tick for {silent_trading_seconds} s of trading time (the last: {last_price} at "
        "{last_at})",
        "{symbol}: at {last_price} for {unchanged_trading_seconds} s of trading time, though ticks come",
        "{symbol}: ticks are back, {last_price} at {last_at}"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_PRICE | TOCSIN_IN_SESSION | TOCSIN_IN_STATUS);
        bool good = counted(planner, given.max_gap, "max_gap");
        if (given.unchanged_for) good = counted(planner, *given.unchanged_for, "unchanged_for") && good;
        return good;
    }
    static bool counted(Planner& planner, Duration& duration, std::string_view path) {
        return as_trading(duration) || planner.error(path, "must be a length of time above 0, like 5m");
    }

    /// The waits that run: from the last tick and from the last change, but not from before the open or a
    /// status.
    struct Waits {
        std::int64_t tick, change;
    };
    static Waits waits(const State& state, const tocsin_series& series) {
        const std::int64_t least = std::max(series.opens_at, state.status_at);
        return {std::max(series.at, least), std::max(series.changed_at, least)};
    }

    /// Whether the episode is over: a tick has come since it fired (a bar or a close is none), and brought
    /// another price.
    static bool ended(const State& state, const tocsin_series& series) {
        const bool ticked = series.ticks > (series.session == state.session ? state.ticks : 0);
        return ticked && (!state.frozen || series.changed_at > state.since);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool active = now.level() > 0;
        if (now.cause() == TOCSIN_IN_STATUS) state.status_at = now.now();
        if (!active) state.since = TOCSIN_NONE, state.frozen = false;
        const bool over = active && ended(state, series);

        const Waits from = waits(state, series);
        const bool trading =
            series.running != 0 && (series.phase == TOCSIN_PHASE_AM || series.phase == TOCSIN_PHASE_PM);
        const auto lasted = [&](std::int64_t since, Duration duration) {
            return trading && now.trading_between(since, now.now()) >= duration.count;
        };
        const bool silent = lasted(from.tick, given.max_gap);
        const bool frozen =
            given.unchanged_for && series.at > from.change && lasted(from.change, *given.unchanged_for);
        if ((silent || frozen) && (!active || over)) {
            state.since = silent ? from.tick : from.change;
            state.session = series.session, state.ticks = series.ticks;
            state.frozen = !silent;
        }
        if (silent || frozen || (active && !over)) return Outcome::on().wake_on_every_price();
        if (!trading) // a lunch or a halt interrupts a wait (`for` too) without ending it
            return series.running != 0 && !active ? Outcome::held(TOCSIN_WHY_CLOSED) : Outcome::off();

        Outcome outcome = Outcome::off();
        outcome.wake_at(now.add(from.tick, given.max_gap));
        if (!given.unchanged_for) return outcome;
        const std::int64_t due = now.add(from.change, *given.unchanged_for);
        // Long enough already, but no tick came meanwhile: the next one tells.
        return due > now.now() ? outcome.wake_at(std::min(outcome.until, due))
                               : outcome.wake_on_every_price();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        report.decimal("last_price", series.price);
        report.time("last_at", series.at);
        if (series.session == TOCSIN_NO_SESSION) return;
        const bool asleep = now.cause() == TOCSIN_IN_PROBE && now.level() == 0;
        const bool told = state.since != TOCSIN_NONE && !asleep; // it fires, or has just been resolved
        const bool frozen = told && state.frozen, silent = told && !state.frozen;
        const bool back = now.level() > 0 && ended(state, series);
        const Waits from = waits(state, series);
        // What resolves tells how long it was.
        report.seconds("silent_trading_seconds", now.trading_between(silent ? state.since : from.tick,
                                                                     silent && back ? series.at : now.now()));
        report.seconds("threshold_seconds", frozen ? given.unchanged_for->count : given.max_gap.count);
        if (frozen)
            report.seconds("unchanged_trading_seconds",
                           now.trading_between(state.since, back ? series.changed_at : now.now()));
        report.summary(back ? 2 : frozen ? 1 : 0);
        report.check("silent_trading_seconds", now.trading_between(from.tick, now.now()), TOCSIN_OP_GE,
                     given.max_gap.count);
    }
};
TOCSIN_PLUGIN("staleness", "1.0", Staleness)
