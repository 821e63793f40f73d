#include "series/series.hpp"

#include <algorithm>
#include <cassert>

namespace tocsin::series {
namespace {

std::uint32_t number(market::Phase phase) {
    return static_cast<std::uint32_t>(phase);
}

/// The session's end follows everything stamped exactly at its close.
Time end_of(const market::Session& session) {
    return session.close.plus(1);
}

} // namespace

Series::Series(const market::Calendar& calendar, std::int64_t close_grace)
    : calendar_{&calendar}, close_grace_{close_grace} {
    now_.size = sizeof now_;
    now_.session = now_.prev_session = now_.previous_session = TOCSIN_NO_SESSION;
    now_.price = now_.at = now_.previous = now_.changed_at = TOCSIN_NONE;
    now_.open = now_.high = now_.low = now_.close = now_.prev_close = TOCSIN_NONE;
    now_.opens_at = now_.closes_at = TOCSIN_NONE;
}

void Series::start(Time t) {
    next_session_ = calendar_->closing_at_or_after(t);
    due_ = next_session_ < calendar_->sessions().size() ? calendar_->sessions()[next_session_].open
                                                        : Time::max();
}

void Series::begin(const market::Session& session, bool before_calendar) {
    if (now_.session != TOCSIN_NO_SESSION && now_.settled != TOCSIN_OFFICIAL_CLOSE) end_provisionally();
    session_ = session;
    before_calendar_ = before_calendar;
    closed_ = false;
    now_.running = 1, now_.settled = TOCSIN_RUNNING, now_.ticks = 0;
    now_.session = session.date.days();
    now_.opens_at = session.open.nanos(), now_.closes_at = session.close.nanos();
    now_.open = now_.high = now_.low = now_.close = TOCSIN_NONE;
    now_.prev_close = TOCSIN_NONE, now_.prev_session = TOCSIN_NO_SESSION, now_.prev_close_provisional = 0;
    // The previous close is that of the session before, or nothing: no move is formed across a hole. Before
    // the calendar's span, and at its first session, the last close known is taken for it.
    const Close* previous = ladder_.last();
    const bool first = before_calendar || next_session_ == 0;
    if (previous && !first && previous->session != calendar_->sessions()[next_session_ - 1].date)
        previous = ladder_.find(calendar_->sessions()[next_session_ - 1].date);
    if (previous && previous->session < session.date) {
        now_.prev_close = previous->close, now_.prev_session = previous->session.days();
        now_.prev_close_provisional = previous->provisional ? 1 : 0;
    }
}

void Series::begin_before_calendar(SessionDate date) {
    begin(calendar_->before_calendar(date), true);
    now_.phase = number(market::Phase::am);
    due_ = end_of(session_);
}

Boundary Series::pass() {
    const Time here = due_;
    if (now_.running && here == end_of(session_)) {
        now_.running = 0;
        now_.phase = halted_ ? number(market::Phase::halted) : number(market::Phase::post);
        now_.settled = now_.close != TOCSIN_NONE ? TOCSIN_OFFICIAL_CLOSE : TOCSIN_ENDED;
        due_ = next_boundary(here);
        return Boundary::ended;
    }
    if (!now_.running && now_.settled == TOCSIN_ENDED && here == session_.close.plus(close_grace_)) {
        end_provisionally();
        due_ = next_boundary(here);
        return Boundary::close_overdue;
    }
    Boundary what = Boundary::phase_changed;
    if (!now_.running) {
        begin(calendar_->sessions()[next_session_], false);
        ++next_session_;
        what = Boundary::opened;
    }
    now_.phase = phase_at(here);
    due_ = next_boundary(here);
    return what;
}

Time Series::next_boundary(Time after) const {
    if (now_.running) {
        Time next = end_of(session_);
        for (const Time t : {session_.break_start, session_.break_end, session_.auction})
            if (t > after) next = std::min(next, t);
        return next;
    }
    Time next = next_session_ < calendar_->sessions().size() ? calendar_->sessions()[next_session_].open
                                                             : Time::max();
    const Time overdue = session_.close.plus(close_grace_);
    if (now_.settled == TOCSIN_ENDED && overdue > after) next = std::min(next, overdue);
    return next;
}

/// Without an official close in time the last tick stands in for it: the next session's reference, marked so.
void Series::end_provisionally() {
    if (now_.settled == TOCSIN_PROVISIONAL_CLOSE || now_.close != TOCSIN_NONE) return;
    now_.settled = TOCSIN_PROVISIONAL_CLOSE;
    if (now_.ticks == 0) return;
    ladder_.put({session_.date, now_.price, now_.prev_close, true, before_calendar_}, *calendar_);
}

void Series::take_price(Time at, std::int64_t price) {
    now_.previous = now_.price, now_.previous_session = price_session_;
    price_session_ = now_.session;
    if (now_.price != price) now_.changed_at = at.nanos();
    now_.price = price, now_.at = at.nanos();
    newest_ = at;
}

Accepted Series::tick(Time at, Price price, market::QuoteKind kind) {
    if (now_.session == TOCSIN_NO_SESSION || at.nanos() < now_.opens_at || at.nanos() > now_.closes_at)
        return at < newest_ ? Accepted::late : Accepted::out_of_session;
    if (at < newest_) return Accepted::late;
    const std::int64_t x = price.nanos();
    take_price(at, x);
    ++now_.ticks;
    if (now_.open == TOCSIN_NONE || (kind == market::QuoteKind::open && now_.ticks == 1)) now_.open = x;
    if (now_.high == TOCSIN_NONE || x > now_.high) now_.high = x;
    if (now_.low == TOCSIN_NONE || x < now_.low) now_.low = x;
    return Accepted::applied;
}

std::optional<SessionDate> Series::session_closed_at(Time at) const {
    const auto index = calendar_->opened_by(at);
    if (!index) return {};
    return calendar_->sessions()[*index].date;
}

CloseKind Series::classify_close(SessionDate session, Price close) const {
    if (session.days() == now_.session && now_.close != TOCSIN_NONE)
        return now_.close == close.nanos() ? CloseKind::duplicate : CloseKind::differs;
    const Close* known = ladder_.find(session);
    if (!known || known->provisional) return CloseKind::first;
    return known->close == close.nanos() ? CloseKind::duplicate : CloseKind::differs;
}

void Series::take_close(SessionDate session, Time at, Price close) {
    if (session.days() != now_.session) return;
    take_price(std::max(at, newest_), close.nanos());
    now_.close = close.nanos();
    if (!now_.running) now_.settled = TOCSIN_OFFICIAL_CLOSE;
}

tocsin_series Series::as_of_close(SessionDate session, Time at, Price close) const {
    if (session.days() == now_.session) return now_;
    tocsin_series then = now_;
    then.running = 0, then.settled = TOCSIN_OFFICIAL_CLOSE, then.ticks = 0;
    then.session = session.days();
    then.price = then.close = close.nanos(), then.at = then.changed_at = at.nanos();
    then.open = then.high = then.low = TOCSIN_NONE;
    then.prev_close = TOCSIN_NONE, then.prev_session = TOCSIN_NO_SESSION, then.prev_close_provisional = 0;
    if (const auto index = calendar_->find(session)) {
        const auto& sessions = calendar_->sessions();
        then.opens_at = sessions[*index].open.nanos(), then.closes_at = sessions[*index].close.nanos();
        const Close* previous = *index > 0 ? ladder_.find(sessions[*index - 1].date) : nullptr;
        if (previous) {
            then.prev_close = previous->close, then.prev_session = previous->session.days();
            then.prev_close_provisional = previous->provisional ? 1 : 0;
        }
    }
    return then;
}

bool Series::settle(SessionDate session, Price close) {
    const bool present = session.days() == now_.session;
    const std::int64_t prev_close =
        present ? now_.prev_close : as_of_close(session, Time{}, close).prev_close;
    ladder_.put({session, close.nanos(), prev_close, false, present && before_calendar_}, *calendar_);
    if (present) return false;
    const auto here = calendar_->find(SessionDate::from_days(now_.session));
    if (!here || *here == 0 || calendar_->sessions()[*here - 1].date != session) return false;
    const bool changed = now_.prev_close != close.nanos() || now_.prev_close_provisional != 0;
    now_.prev_close = close.nanos(), now_.prev_session = session.days(), now_.prev_close_provisional = 0;
    return changed;
}

void Series::take_bar(const market::Bar& bar) {
    const auto widen = [&](const std::optional<Price>& price) {
        if (!price) return;
        const std::int64_t x = price->nanos();
        if (now_.high == TOCSIN_NONE || x > now_.high) now_.high = x;
        if (now_.low == TOCSIN_NONE || x < now_.low) now_.low = x;
    };
    if (now_.open == TOCSIN_NONE && bar.open) now_.open = bar.open->nanos();
    widen(bar.open), widen(bar.high), widen(bar.low), widen(bar.close);
}

/// A status outweighs the calendar.
std::uint32_t Series::phase_at(Time t) const {
    if (halted_) return number(market::Phase::halted);
    if (closed_) return number(market::Phase::closed);
    return number(before_calendar_ && now_.running ? market::Phase::am : calendar_->phase(t));
}

void Series::set_status(Time at, market::TradingState state) {
    switch (state) {
    case market::TradingState::halted:
        halted_ = true;
        break;
    case market::TradingState::closed:
        closed_ = true;
        break;
    case market::TradingState::resumed:
        halted_ = closed_ = false;
        break;
    }
    now_.phase = phase_at(at);
}

} // namespace tocsin::series
