// Host: runs the rules of a plan. It wakes the instances that an event concerns, asks their plugins in the
// order of decisions, and turns verdicts into alerts. Event by event: mark who is woken (wake_…), then run().
//
// A rule sleeps within the bounds of its last answer; an event that reaches no bound wakes nobody. While a
// symbol is halted the host answers "held" for its price rules itself. An alert wakes the rules that listen
// to its rule, within the same run. Of an answer only what the rule's kind has counts: of a condition ON and
// OFF, of an event HAPPENED; all else neither fires nor resolves. A condition with subjects says of each how
// it stands whenever it is asked. Deciding thread; reads no clock. Its State is a plain value: copying it is
// a snapshot.
#pragma once
#include "alert/alert.hpp"
#include "market/event.hpp"
#include "rules/plan.hpp"
#include "rules/report.hpp"
#include "rules/subjects.hpp"
#include "rules/wake.hpp"
#include "series/series.hpp"

#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

/// What one run is about.
struct Moment {
    Time at;           // of the alerts; `now` for the plugins
    bool late = false; // event time had passed it when it came
    const tocsin_tariff* tariff = nullptr;
    market::SymbolId symbol = market::no_symbol; // whose bar or close it is
    const market::Bar* bar = nullptr;            // with the series as it was before the bar:
    const tocsin_series* before = nullptr;
    const tocsin_series* close = nullptr; // the series as of the official close
    const tocsin_series* ended = nullptr; // a session before the present one, whose close came late
};

/// For GET /v1/rules: an instance as it stands.
struct InstanceStatus {
    std::string rule, type, symbol, state, reason; // state: armed, pending, firing, held, warmup
    std::int32_t level = 0;
    std::uint32_t have = 0, need = 0; // of a warm-up
    std::vector<Distance> distance;
};

class Host {
public:
    struct State;
    /// `series` is by symbol, and lives as long as the host; so do plan and symbols.
    Host(const Plan& plan, const market::SymbolTable& symbols, const std::vector<series::Series>& series);

    /// For the test of the bounds: wake every rule of a symbol on every price.
    void wake_on_every_price(bool on) { every_price_ = on; }

    /// The earliest time at which a rule or an episode wants to be asked; Time::max() if none.
    Time due() const;
    /// Whether a price reaches a bound of the symbol. The hot path: two comparisons.
    bool sleeps_through(market::SymbolId symbol, std::int64_t price) const {
        const Bounds& bounds = state_.bounds[symbol];
        return bounds.low < price && price < bounds.high && !every_price_;
    }

    void wake_due(Time t);
    void wake_price(market::SymbolId symbol, std::int64_t price);
    /// Those whose bounds a price of the bar reaches. A rule that takes ticks only sleeps on: a bar is none.
    void wake_bar(market::SymbolId symbol, const market::Bar& bar);
    /// The instances of a symbol that take any of `inputs`, with that cause.
    void wake(market::SymbolId symbol, std::uint32_t inputs, std::uint32_t cause);
    /// Those that judge closes alone, whose episode ends with a session that is over already.
    void wake_ended_earlier(market::SymbolId symbol);
    void wake_tariff();

    /// Asks all that were woken, in order; appends their alerts.
    void run(const Moment& moment, std::vector<alert::Alert>& alerts);

    /// What plugins may read of others: a symbol's series, a rule of the plan as it stands for a symbol (or
    /// for the instance's own, or for none).
    const series::Series& series(market::SymbolId symbol) const { return series_[symbol]; }
    std::optional<tocsin_member> member(std::uint32_t rule, std::string_view symbol, std::uint32_t asking,
                                        Time now) const;

    std::uint64_t evaluations() const { return state_.evaluations; }
    /// Events that a cooldown or a rule's end kept silent.
    std::uint64_t suppressed() const { return state_.suppressed; }
    std::uint64_t subjects_evicted() const { return state_.subjects.evicted(); }
    /// Every instance, in the order of decisions.
    std::vector<InstanceStatus> status(Time now) const;

    const State& state() const { return state_; }
    void restore(const State& state) { state_ = state; }

private:
    struct Bounds { // a copy of the heaps' tops, where the hot path looks
        std::int64_t low = TOCSIN_NEVER, high = TOCSIN_NONE;
    };
    struct Slot { // what changes of an instance; not yet asked, every price wakes it
        std::int64_t low = TOCSIN_NEVER, high = TOCSIN_NONE, until = TOCSIN_NEVER;
        std::uint32_t outcome = TOCSIN_QUIET, reason = 0, have = 0, need = 0;
        std::uint32_t cause = 0; // woken by, in this run
        bool restless = false;   // listed among its symbol's restless
        Lifecycle life;
    };
    struct Run;
    struct Question;
    struct Evaluation;

public:
    struct State {
        std::vector<Slot> slots;           // by instance
        std::vector<std::uint64_t> blocks; // the plugins' state
        std::vector<HighestFirst> lows;    // by symbol
        std::vector<LowestFirst> highs;    // by symbol
        std::vector<std::vector<std::uint32_t>>
            restless;               // by symbol: every price wakes them, and some that sleep again
        std::vector<Bounds> bounds; // by symbol
        LowestFirst timers;
        std::vector<std::uint32_t> low_at, high_at, timer_at; // by instance: where it is in its heaps
        Subjects subjects;
        std::uint64_t evaluations = 0, suppressed = 0;
    };

private:
    const RulePlan& rule_of(std::uint32_t id) const { return *plan_.rules[plan_.instances[id].rule]; }
    const series::Series* series_of(std::uint32_t id) const;
    const market::Calendar* calendar_of(std::uint32_t id) const;
    std::uint64_t* block(std::uint32_t id);
    const std::uint64_t* block(std::uint32_t id) const;
    bool concerns(const alert::Alert& alert, market::SymbolId symbol) const;

    void mark(std::uint32_t id, std::uint32_t cause);
    void wake_watchers(market::SymbolId symbol, std::uint32_t inputs);
    void wake_reached(market::SymbolId symbol, std::int64_t lowest, std::int64_t highest,
                      std::uint32_t input);
    void refresh(market::SymbolId symbol);

    void answer(std::uint32_t id, std::uint32_t cause, Run& run);
    void ask_path(std::uint32_t id, Run& run);
    void ask_about_alerts(std::uint32_t id, Run& run);
    void tell_listeners(std::uint32_t id, Run& run);
    void ask(std::uint32_t id, const Question& question, Run& run);
    bool is_held(std::uint32_t id, std::uint32_t cause) const;
    std::uint32_t would_answer(std::uint32_t id, Time now) const;
    void sleep(std::uint32_t id, const tocsin_outcome& outcome, Time now, std::uint32_t cause);
    void schedule(std::uint32_t id);
    void settle(const Evaluation& evaluation, const tocsin_outcome& outcome, const std::uint64_t* state,
                Run& run);
    alert::Alert make_alert(const Evaluation& evaluation, const Lifecycle& life, std::string_view subject,
                            const Transition& transition, const std::uint64_t* state) const;
    InstanceStatus status_of(std::uint32_t id, Time now) const;

    const Plan& plan_;
    const market::SymbolTable& symbols_;
    const std::vector<series::Series>& series_;
    State state_;
    bool every_price_ = false;
    std::vector<std::uint32_t> woken_;      // a heap: the first in the order of decisions on top
    std::vector<std::uint32_t> restless_;   // being woken
    std::vector<market::SymbolId> touched_; // in this run: whose bounds may have moved
    std::vector<std::uint32_t> senders_;    // of this run's alerts: the rules
};

} // namespace tocsin::rules
