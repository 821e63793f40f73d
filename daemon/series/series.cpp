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

std::int64_t nanos(const std::optional<Price>& price) {
    return price ? price->nanos() : TOCSIN_NONE;
}

void refer(tocsin_series& series, const tocsin_session* previous) {
    series.prev_close = previous != nullptr ? previous->close : TOCSIN_NONE;
    series.prev_session = previous != nullptr ? previous->session : TOCSIN_NO_SESSION;
    series.prev_close_provisional = previous != nullptr ? previous->provisional : 0;
}

} // namespace

Series::Series(const market::Calendar& calendar, std::int64_t close_grace,
               const std::vector<WindowWanted>& windows)
    : calendar_{&calendar}, close_grace_{close_grace}, ladder_{calendar}, windows_{windows.begin(),
                                                                                   windows.end()} {
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
    end_provisionally();
    session_ = session;
    before_calendar_ = before_calendar;
    now_.open_quoted = 0;
    closed_ = closed_on_ == session.date;
    now_.running = 1, now_.settled = TOCSIN_RUNNING, now_.ticks = 0;
    now_.session = session.date.days();
    now_.opens_at = session.open.nanos(), now_.closes_at = session.close.nanos();
    now_.open = now_.high = now_.low = now_.close = TOCSIN_NONE;
    refer(now_, ladder_.previous(session.date));
    refresh_quality();
}

void Series::begin_before_calendar(SessionDate date) {
    begin(calendar_->before_calendar(date), true);
    enter_phase(phase_at(session_.open), session_.open);
    due_ = end_of(session_);
}

Boundary Series::pass() {
    const Time here = due_;
    if (now_.running && here == end_of(session_)) {
        now_.running = 0;
        enter_phase(phase_at(here), here);
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
    enter_phase(phase_at(here), here);
    due_ = next_boundary(here);
    return what;
}

/// Windows hold what was traded in one go; those that span breaks go on across lunch and night.
void Series::enter_phase(std::uint32_t phase, Time at) {
    if (phase == now_.phase) return;
    now_.phase = phase;
    traded_ = traded_by(at);
    trading_since_ = phase == TOCSIN_PHASE_AM || phase == TOCSIN_PHASE_PM ? at : Time::max();
    for (auto& window : windows_)
        if (!window.wanted().spans_breaks || held()) window.clear();
}

std::int64_t Series::traded_by(Time t) const {
    return trading_since_ < t ? traded_ + (t.nanos() - trading_since_.nanos()) : traded_;
}

tocsin_window Series::window(const WindowWanted& wanted, Time t) const {
    const auto at = std::find_if(windows_.begin(), windows_.end(),
                                 [&](const Window& window) { return window.wanted() == wanted; });
    return at->as_of(traded_by(std::max(t, newest_)));
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
    if (now_.ticks == 0 || now_.close != TOCSIN_NONE || now_.settled == TOCSIN_PROVISIONAL_CLOSE) return;
    now_.settled = TOCSIN_PROVISIONAL_CLOSE;
    ladder_.put(session_.date, now_.price, true, {now_.open, now_.high, now_.low});
}

void Series::take_price(Time at, std::int64_t price) {
    now_.previous = now_.price, now_.previous_session = price_session_;
    price_session_ = now_.session;
    if (now_.price != price) now_.changed_at = at.nanos();
    now_.price = price, now_.at = at.nanos();
    newest_ = at;
    if (trading_since_ <= at)
        for (auto& window : windows_) window.add(traded_by(at), at.nanos(), price);
}

Accepted Series::tick(Time at, Price price, market::QuoteKind kind) {
    if (at < newest_) return Accepted::late;
    if (now_.session == TOCSIN_NO_SESSION || at.nanos() < now_.opens_at || at.nanos() > now_.closes_at) {
        // Of a session before the present one: too late for it, though no newer price has come.
        const bool in_session = at.nanos() < now_.opens_at && calendar_->containing(at);
        return in_session ? Accepted::late : Accepted::out_of_session;
    }
    const std::int64_t x = price.nanos();
    take_price(at, x);
    ++now_.ticks;
    const bool opening = kind == market::QuoteKind::open && now_.open_quoted == 0;
    if (now_.open == TOCSIN_NONE || opening) now_.open = x;
    if (opening) now_.open_quoted = 1;
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
    const tocsin_session* known = ladder_.find(session);
    if (!known || known->provisional != 0) return CloseKind::first;
    return known->close == close.nanos() ? CloseKind::duplicate : CloseKind::differs;
}

void Series::take_close(SessionDate session, Time at, Price close) {
    if (session.days() != now_.session) return;
    take_price(std::max(at, newest_), close.nanos());
    now_.close = close.nanos();
    if (now_.running) return;
    now_.settled = TOCSIN_OFFICIAL_CLOSE;
    due_ = next_boundary(end_of(session_)); // it is not overdue any more
}

tocsin_series Series::as_of_close(SessionDate session, Time at, Price close) const {
    if (session.days() == now_.session) return now_;
    tocsin_series then = now_;
    then.running = 0, then.settled = TOCSIN_OFFICIAL_CLOSE, then.ticks = then.open_quoted = 0;
    then.session = session.days();
    then.price = then.close = close.nanos(), then.at = then.changed_at = at.nanos();
    then.open = then.high = then.low = TOCSIN_NONE;
    refer(then, ladder_.previous(session));
    if (const auto index = calendar_->find(session)) {
        const market::Session& hours = calendar_->sessions()[*index];
        then.opens_at = hours.open.nanos(), then.closes_at = hours.close.nanos();
    }
    return then;
}

bool Series::settle(SessionDate session, Price close, const market::Bar* bar) {
    Range range;
    if (session.days() == now_.session)
        range = {now_.open, now_.high, now_.low};
    else if (bar != nullptr)
        range = {nanos(bar->open), nanos(bar->high), nanos(bar->low)};
    ladder_.put(session, close.nanos(), false, range);
    if (session.days() >= now_.session) return false;
    refer(now_, ladder_.previous(SessionDate::from_days(now_.session)));
    refresh_quality();
    return true;
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
        closed_on_ = calendar_->local_date(at);
        closed_ = closed_on_ == session_.date && now_.session != TOCSIN_NO_SESSION;
        break;
    case market::TradingState::resumed:
        halted_ = closed_ = false;
        closed_on_.reset();
        break;
    }
    enter_phase(phase_at(at), at);
    refresh_quality();
}

void Series::refresh_quality() {
    now_.quality = held()                             ? TOCSIN_Q_HALTED
                   : now_.prev_close_provisional != 0 ? TOCSIN_Q_PROVISIONAL
                                                      : TOCSIN_Q_OK;
}

} // namespace tocsin::series
