#include "rules/lifecycle.hpp"

#include <algorithm>

namespace tocsin::rules {

using alert::Reason;
using alert::State;

Time add(const market::Calendar* calendar, Time t, Duration duration) {
    return calendar != nullptr ? calendar->add(t, duration) : t.plus(duration.count);
}

std::optional<Transition> Lifecycle::judge(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                           const market::Calendar* calendar) {
    switch (outcome.outcome) {
    case TOCSIN_ON:
        if (keys.expires_at && now >= *keys.expires_at) return expire(now, keys, calendar);
        return on(outcome.level, now, keys, calendar);
    case TOCSIN_OFF:
        return off(outcome, now, keys, calendar);
    default: // held, warming up, or a word that a newer plugin knows: neither fires nor resolves
        if (phase_ == Phase::firing && due_ <= now) return expire(now, keys, calendar);
        hold(now, keys, calendar);
        return {};
    }
}

std::optional<Transition> Lifecycle::on(std::int32_t level, Time now, const LifecycleKeys& keys,
                                        const market::Calendar* calendar) {
    switch (phase_) {
    case Phase::armed:
        if (spent_) return {};
        if (now < quiet_until_) {
            due_ = quiet_until_;
            return {};
        }
        if (keys.for_) {
            phase_ = Phase::pending, paused_ = false;
            due_ = add(calendar, now, *keys.for_);
            return {};
        }
        break;
    case Phase::pending:
        if (paused_) paused_ = false, due_ = add(calendar, now, remaining_);
        if (now < due_) return {};
        break;
    case Phase::firing: {
        if (due_ <= now) return expire(now, keys, calendar);
        if (level == level_) return {};
        const Reason reason = level > level_ ? Reason::escalated : Reason::deescalated;
        level_ = level;
        ++transition_;
        return Transition{State::firing, reason, level};
    }
    }
    begin(now);
    phase_ = Phase::firing, level_ = level;
    due_ = keys.expires_after ? add(calendar, now, *keys.expires_after) : Time::max();
    if (keys.expires_at) due_ = std::min(due_, *keys.expires_at);
    return Transition{State::firing, Reason::entered, level};
}

std::optional<Transition> Lifecycle::off(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                         const market::Calendar* calendar) {
    spent_ = false;
    if (phase_ != Phase::firing) {
        phase_ = Phase::armed, due_ = Time::max();
        return {};
    }
    const Reason reason = outcome.reason == TOCSIN_WHY_SESSION_END ? Reason::session_end : Reason::cleared;
    const std::int32_t level = level_;
    end(now, keys, calendar);
    return Transition{State::resolved, reason, level};
}

std::optional<Transition> Lifecycle::expire(Time now, const LifecycleKeys& keys,
                                            const market::Calendar* calendar) {
    spent_ = true;
    if (phase_ != Phase::firing) {
        phase_ = Phase::armed, due_ = Time::max();
        return {};
    }
    const std::int32_t level = level_;
    end(now, keys, calendar);
    return Transition{State::resolved, Reason::expired, level};
}

/// While nothing can be told, `for` stands still. A number of sessions cannot be split: it runs on.
void Lifecycle::hold(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    if (phase_ == Phase::armed)
        due_ = Time::max(); // a cooldown that is over is asked about at the next verdict
    if (phase_ != Phase::pending || paused_) return;
    const DurationUnit unit = keys.for_->unit;
    if (unit == DurationUnit::sessions && now < due_) return;
    paused_ = true;
    remaining_ = {0, unit};
    if (unit == DurationUnit::trading) remaining_.count = calendar->trading_between(now, due_);
    if (unit == DurationUnit::clock) remaining_.count = std::max<std::int64_t>(due_.nanos() - now.nanos(), 0);
    due_ = Time::max();
}

bool Lifecycle::ring(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    if (now < quiet_until_ || (keys.expires_at && now >= *keys.expires_at)) return false;
    begin(now);
    if (keys.cooldown) quiet_until_ = add(calendar, now, *keys.cooldown);
    return true;
}

void Lifecycle::begin(Time now) {
    ordinal_ = began_ == now ? ordinal_ + 1 : 0;
    began_ = now;
    transition_ = 0;
}

void Lifecycle::end(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    phase_ = Phase::armed, level_ = 0, due_ = Time::max();
    ++transition_;
    if (keys.cooldown) quiet_until_ = add(calendar, now, *keys.cooldown);
}

} // namespace tocsin::rules
