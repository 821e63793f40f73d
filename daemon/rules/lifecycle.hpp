// Lifecycle: what the host makes of a rule's verdicts: ARMED → PENDING → FIRING → ARMED, for one rule, symbol
// and subject. Numbers transitions, keeps levels, `for`, `cooldown` and `expires`. It decides in event time
// only; a plain value, so that copying it is a snapshot. It takes no memory of its own: there may be 100,000.
//
// - `for`: the condition must hold, without a break, that long before the episode begins; while the rule
//   cannot tell (held), the time stands still, but a number of sessions, which cannot be split, runs on.
//   Escalation within an episode is not delayed.
// - `cooldown`: no new episode until that long after the last one ended (an event ends as it begins). A
//   condition that holds then, and has held for `for`, begins then: `for` runs meanwhile.
// - `expires`: with a duration, an episode still firing that long after it began ends as `expired`, and none
//   begins before the condition has been off; with a time, the rule ends then.
#pragma once
#include "alert/alert.hpp"
#include "series/series.hpp"

#include <cstdint>
#include <optional>
#include <tocsin/plugin.h>

namespace tocsin::rules {

/// The host's keys of one rule.
struct LifecycleKeys {
    std::optional<Duration> for_, keep, cooldown, remind, expires_after;
    std::optional<Time> expires_at;
};

struct Transition {
    alert::State state;
    alert::Reason reason;
    std::int32_t level;
};

/// Adds a duration by the symbol's calendar; without one only clock time is possible (checked at load).
Time add(const market::Calendar* calendar, Time t, Duration duration);

class Lifecycle {
public:
    enum class Phase : std::uint8_t { armed, pending, firing, recovering };

    /// A condition's verdict at `now`. At most one transition.
    std::optional<Transition> judge(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                    const market::Calendar* calendar);
    /// An event. False where a cooldown or the rule's end keeps it silent.
    bool ring(Time now, const LifecycleKeys& keys, const market::Calendar* calendar);

    /// When it wants to be judged again, whatever the rule says; Time::max() if never. After every judgement
    /// it lies ahead.
    Time due() const;
    Phase phase() const { return phase_; }
    /// The active level; 0: none. Recovering there is none: only what would fire anew ends the recovery.
    std::int32_t level() const { return phase_ == Phase::firing ? level_ : 0; }

    /// The episode of the last transition: its first transition's time, its ordinal among those that began
    /// then, and the number of the last transition.
    Time began() const { return began_; }
    std::uint32_t ordinal() const { return ordinal_; }
    std::uint32_t transition() const { return transition_; }

private:
    void begin(Time now);
    void end(Time now, const LifecycleKeys& keys, const market::Calendar* calendar);
    Transition told(alert::Reason reason, Time now, const LifecycleKeys& keys,
                    const market::Calendar* calendar);
    std::optional<Transition> on(std::int32_t level, Time now, const LifecycleKeys& keys,
                                 const market::Calendar* calendar);
    std::optional<Transition> off(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                  const market::Calendar* calendar);
    std::optional<Transition> expire(Time now, const LifecycleKeys& keys, const market::Calendar* calendar);
    void hold(Time now, const LifecycleKeys& keys, const market::Calendar* calendar);

    Phase phase_ = Phase::armed;
    bool spent_ = false; // expired; armed again once the condition has been off
    bool paused_ =
        false; // the rule cannot tell: `remaining_` of `for` (pending) or `keep` (recovering) is left
    std::int32_t level_ = 0;
    std::uint32_t transition_ = 0, ordinal_ = 0;
    std::uint32_t newest_ordinal_ = 0;
    Time began_ = Time::min();
    Time newest_began_ = Time::min(); // differs from began_ after an episode that came late
    Time until_ = Time::max();        // pending: when `for` is over; firing, recovering: when it expires
    Time next_ = Time::max();         // recovering: when `keep` is over; firing: when a reminder is due
    Time quiet_until_ = Time::min();  // cooldown
    std::int64_t remaining_ = 0;      // in the unit of `for` or `keep`
};

} // namespace tocsin::rules
