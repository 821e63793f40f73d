#include "rules/lifecycle.hpp"

#include <algorithm>

namespace tocsin::rules {

using alert::Reason;
using alert::State;

Time add(const market::Calendar* calendar, Time t, Duration duration) {
    return calendar != nullptr ? calendar->add(t, duration) : t.plus(duration.count);
}

namespace {

/// What is left at `now` of a duration that ends at `end`, in its own unit. Sessions are not divided.
std::int64_t left_of(const Duration& duration, Time now, Time end, const market::Calendar* calendar) {
    switch (duration.unit) {
    case DurationUnit::clock:
        return std::max<std::int64_t>(end.nanos() - now.nanos(), 0);
    case DurationUnit::trading:
        return calendar->trading_between(now, end);
    case DurationUnit::sessions:
        return 0;
    }
    return 0;
}

Reason reason_of_off(std::uint32_t why) {
    switch (why) {
    case TOCSIN_WHY_SESSION_END:
        return Reason::session_end;
    case TOCSIN_WHY_EXPIRED:
        return Reason::expired;
    case TOCSIN_WHY_RESCHEDULED:
        return Reason::rescheduled;
    case TOCSIN_WHY_PEAK_EXPIRED:
        return Reason::peak_expired;
    case TOCSIN_WHY_LATE_ARRIVAL:
        return Reason::late_arrival;
    default:
        return Reason::cleared;
    }
}

} // namespace

Time Lifecycle::due() const {
    switch (phase_) {
    case Phase::armed:
        return Time::max();
    case Phase::pending:
        return paused_ ? Time::max() : std::max(until_, quiet_until_);
    case Phase::firing:
        return std::min(until_, next_);
    case Phase::recovering:
        return paused_ ? until_ : std::min(until_, next_);
    }
    return Time::max();
}

std::optional<Transition> Lifecycle::judge(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                           const market::Calendar* calendar) {
    const bool over = keys.expires_at && now >= *keys.expires_at;
    const bool lasts = phase_ == Phase::firing || phase_ == Phase::recovering;
    switch (outcome.outcome) {
    case TOCSIN_ON:
        return over ? expire(now, keys, calendar) : on(outcome.level, now, keys, calendar);
    case TOCSIN_OFF:
        return off(outcome, now, keys, calendar);
    default: // held, warming up, or a word that a newer plugin knows: neither fires nor resolves
        if (lasts && until_ <= now) return expire(now, keys, calendar);
        hold(now, keys, calendar);
        return {};
    }
}

/// A transition to or within firing.
Transition Lifecycle::told(Reason reason, Time now, const LifecycleKeys& keys,
                           const market::Calendar* calendar) {
    if (reason != Reason::entered) ++transition_;
    next_ = keys.remind ? add(calendar, now, *keys.remind) : Time::max();
    return {State::firing, reason, level_};
}

std::optional<Transition> Lifecycle::on(std::int32_t level, Time now, const LifecycleKeys& keys,
                                        const market::Calendar* calendar) {
    if (phase_ == Phase::firing || phase_ == Phase::recovering) {
        if (until_ <= now) return expire(now, keys, calendar);
        if (phase_ == Phase::recovering) next_ = keys.remind ? add(calendar, now, *keys.remind) : Time::max();
        phase_ = Phase::firing, paused_ = false;
        if (level != level_) {
            const Reason reason = level > level_ ? Reason::escalated : Reason::deescalated;
            level_ = level;
            return told(reason, now, keys, calendar);
        }
        if (next_ <= now) return told(Reason::reminder, now, keys, calendar);
        return {};
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
    return told(Reason::entered, now, keys, calendar);
}

/// What ends by its own nature (a session, a deadline) ends at once; what has merely cleared is kept.
std::optional<Transition> Lifecycle::off(const tocsin_outcome& outcome, Time now, const LifecycleKeys& keys,
                                         const market::Calendar* calendar) {
    spent_ = false;
    if (phase_ != Phase::firing && phase_ != Phase::recovering) {
        phase_ = Phase::armed, paused_ = false;
        return {};
    }
    const Reason reason = reason_of_off(outcome.reason);
    if (reason == Reason::cleared && keys.keep) {
        if (until_ <= now) {
            auto expired = expire(now, keys, calendar);
            spent_ = false; // the condition is off already
            return expired;
        }
        if (phase_ == Phase::firing)
            phase_ = Phase::recovering, next_ = add(calendar, now, *keys.keep);
        else if (paused_)
            next_ = add(calendar, now, {remaining_, keys.keep->unit});
        paused_ = false;
        if (now < next_) return {};
    }
    const std::int32_t level = level_;
    end(now, keys, calendar);
    return Transition{State::resolved, reason, level};
}

std::optional<Transition> Lifecycle::expire(Time now, const LifecycleKeys& keys,
                                            const market::Calendar* calendar) {
    spent_ = true;
    if (phase_ != Phase::firing && phase_ != Phase::recovering) {
        phase_ = Phase::armed;
        return {};
    }
    const std::int32_t level = level_;
    end(now, keys, calendar);
    return Transition{State::resolved, Reason::expired, level};
}

/// Durations stand still. A reminder that falls due meanwhile is left out.
void Lifecycle::hold(Time now, const LifecycleKeys& keys, const market::Calendar* calendar) {
    if (phase_ == Phase::firing && next_ <= now) next_ = add(calendar, now, *keys.remind);
    if ((phase_ != Phase::pending && phase_ != Phase::recovering) || paused_) return;
    const auto& lasting = phase_ == Phase::pending ? keys.for_ : keys.keep;
    const Time end = phase_ == Phase::pending ? until_ : next_;
    if (lasting && lasting->unit == DurationUnit::sessions && now < end) return;
    paused_ = true;
    remaining_ = lasting ? left_of(*lasting, now, end, calendar) : 0;
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
    phase_ = Phase::armed, paused_ = false;
    ++transition_;
    if (keys.cooldown) quiet_until_ = add(calendar, now, *keys.cooldown);
}

} // namespace tocsin::rules
