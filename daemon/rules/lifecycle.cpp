#include "rules/lifecycle.hpp"

#include <algorithm>

namespace tocsin::rules {

using alert::Reason;
using alert::State;

Time add(const market::Calendar* calendar, Time t, Duration duration) {
    return calendar != nullptr ? calendar->add(t, duration) : t.plus(duration.count);
}

Time Lifecycle::due() const {
    switch (phase_) {
    case Phase::armed:
        return Time::max();
    case Phase::pending:
        return paused_ ? Time::max() : std::max(until_, quiet_until_);
    case Phase::firing:
        return until_;
    }
    return Time::max();
}

std::optional<Transition> Lifecycle::judge(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                           const market::Calendar* calendar) {
    const bool over = keys.expires_at && now >= *keys.expires_at;
    switch (outcome.outcome) {
    case TOCSIN_ON:
        return over ? expire(now, keys, calendar) : on(outcome.level, now, keys, calendar);
    case TOCSIN_OFF:
        return off(outcome, now, keys, calendar);
    default: // held, warming up, or a word that a newer plugin knows: neither fires nor resolves
        if (phase_ == Phase::firing && until_ <= now) return expire(now, keys, calendar);
        hold(now, keys, calendar);
        return {};
    }
}

std::optional<Transition> Lifecycle::on(std::int32_t level, Time now, const LifecycleKeys& keys,
                                        const market::Calendar* calendar) {
    if (phase_ == Phase::firing) {
        if (until_ <= now) return expire(now, keys, calendar);
        if (level == level_) return {};
        const Reason reason = level > level_ ? Reason::escalated : Reason::deescalated;
        level_ = level;
        ++transition_;
        return Transition{State::firing, reason, level};
    }
    if (spent_) return {};
    if (phase_ == Phase::armed)
        phase_ = Phase::pending, until_ = keys.for_ ? add(calendar, now, *keys.for_) : now;
    else if (paused_ && keys.for_)
        until_ = add(calendar, now, {remaining_, keys.for_->unit});
    paused_ = false;
    if (now < due()) return {};
    begin(now);
    phase_ = Phase::firing, level_ = level;
    until_ = keys.expires_after ? add(calendar, now, *keys.expires_after) : Time::max();
    if (keys.expires_at) until_ = std::min(until_, *keys.expires_at);
    return Transition{State::firing, Reason::entered, level};
}

std::optional<Transition> Lifecycle::off(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                         const market::Calendar* calendar) {
    spent_ = false;
    if (phase_ != Phase::firing) {
        phase_ = Phase::armed;
        return {};
    }
    const std::int32_t level = level_;
    end(now, keys, calendar);
    const bool by_session = outcome.reason == TOCSIN_WHY_SESSION_END;
    return Transition{State::resolved, by_session ? Reason::session_end : Reason::cleared, level};
}

std::optional<Transition> Lifecycle::expire(Time now, const LifecycleKeys& keys,
                                            const market::Calendar* calendar) {
    spent_ = true;
    if (phase_ != Phase::firing) {
        phase_ = Phase::armed;
        return {};
    }
    const std::int32_t level = level_;
    end(now, keys, calendar);
    return Transition{State::resolved, Reason::expired, level};
}

void Lifecycle::hold(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    if (phase_ != Phase::pending || paused_) return;
    const DurationUnit unit = keys.for_ ? keys.for_->unit : DurationUnit::clock;
    if (unit == DurationUnit::sessions && now < due()) return;
    paused_ = true;
    remaining_ = unit == DurationUnit::clock     ? std::max<std::int64_t>(until_.nanos() - now.nanos(), 0)
                 : unit == DurationUnit::trading ? calendar->trading_between(now, until_)
                                                 : 0;
}

bool Lifecycle::ring(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    if (now < quiet_until_ || (keys.expires_at && now >= *keys.expires_at)) return false;
    begin(now);
    if (keys.cooldown) quiet_until_ = add(calendar, now, *keys.cooldown);
    return true;
}

/// An episode that came late lies before the newest one: those that begin with the newest are numbered on.
void Lifecycle::begin(Time now) {
    if (now == newest_began_)
        ordinal_ = ++newest_ordinal_;
    else
        ordinal_ = now == began_ ? ordinal_ + 1 : 0;
    began_ = now;
    if (now > newest_began_) newest_began_ = now, newest_ordinal_ = 0;
    transition_ = 0;
}

void Lifecycle::end(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    phase_ = Phase::armed;
    ++transition_;
    if (keys.cooldown) quiet_until_ = add(calendar, now, *keys.cooldown);
}

} // namespace tocsin::rules
