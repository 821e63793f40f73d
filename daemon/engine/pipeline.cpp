#include "engine/pipeline.hpp"

#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin::engine {

using rules::Moment;

namespace {

/// Whom a halt and its end concern: rules on prices, and those that ask for it.
constexpr std::uint32_t concerned_by_status = TOCSIN_IN_PRICE | TOCSIN_IN_BAR | TOCSIN_IN_STATUS;

} // namespace

Pipeline::Pipeline(const config::Config& config, const rules::Plan& plan)
    : host_{plan, config.symbols, state_.series} {
    for (market::SymbolId symbol = 0; symbol < config.symbols.size(); ++symbol)
        state_.series.emplace_back(*config.symbols[symbol].calendar, config.close_grace,
                                   plan.windows[symbol]);
    for (const auto& feed : config.feeds) feed_names_.push_back(feed.name);
}

void Pipeline::take(const market::Event& event, std::vector<alert::Alert>& alerts) {
    const bool late = event.at < state_.now;
    if (!late) advance(event.at, alerts);
    ++state_.counters.events;
    if (const auto* quote = std::get_if<market::Quote>(&event.what))
        on(*quote, event, late, alerts);
    else if (const auto* bar = std::get_if<market::Bar>(&event.what))
        on(*bar, event, late, alerts);
    else if (const auto* tariff = std::get_if<std::shared_ptr<const market::Tariff>>(&event.what))
        on(**tariff, event, late, alerts);
    else if (const auto* status = std::get_if<std::shared_ptr<const market::Status>>(&event.what))
        on(**status, event, alerts);
    else if (std::holds_alternative<std::shared_ptr<const market::Correction>>(event.what))
        ++state_.counters.corrections;
    if (late) run_due(state_.now, alerts); // what a late event has set may be due already
}

void Pipeline::advance(Time t, std::vector<alert::Alert>& alerts) {
    if (!state_.started) {
        for (auto& series : state_.series) series.start(t);
        refresh_boundary();
        state_.started = true;
    }
    run_due(t, alerts);
    state_.now = std::max(state_.now, t);
}

void Pipeline::refresh_boundary() {
    state_.boundary = Time::max();
    for (const auto& series : state_.series) state_.boundary = std::min(state_.boundary, series.due());
}

/// Instant by instant: first the ends of sessions, which speak of the close just before, then everything
/// else.
void Pipeline::run_due(Time t, std::vector<alert::Alert>& alerts) {
    for (Time due = std::min(state_.boundary, host_.due()); due <= t;
         due = std::min(state_.boundary, host_.due())) {
        state_.now = std::max(state_.now, due);
        if (state_.boundary == due) {
            std::vector<market::SymbolId> others, released; // released: it was closed for a day that is over
            bool ended = false;
            for (market::SymbolId symbol = 0; symbol < state_.series.size(); ++symbol) {
                auto& series = state_.series[symbol];
                if (series.due() != due) continue;
                const bool held = series.held();
                if (series.pass() == series::Boundary::ended) {
                    host_.wake(symbol, TOCSIN_IN_SESSION, TOCSIN_IN_SESSION);
                    ended = true;
                } else {
                    others.push_back(symbol);
                    if (held && !series.held()) released.push_back(symbol);
                }
            }
            refresh_boundary();
            if (ended) host_.run({.at = due.plus(-1)}, alerts);
            for (const auto symbol : others) {
                host_.wake(symbol, TOCSIN_IN_REFERENCE, TOCSIN_IN_REFERENCE);
                host_.wake(symbol, TOCSIN_IN_SESSION, TOCSIN_IN_SESSION);
            }
            for (const auto symbol : released) host_.wake(symbol, concerned_by_status, TOCSIN_IN_STATUS);
        }
        host_.wake_due(due);
        host_.run({.at = due}, alerts);
    }
}

void Pipeline::on(const market::Quote& quote, const market::Event& event, bool late,
                  std::vector<alert::Alert>& alerts) {
    auto& series = state_.series[quote.symbol];
    if (quote.kind == market::QuoteKind::close) {
        const auto session = series.session_closed_at(event.at);
        if (!session)
            ++state_.counters.out_of_session;
        else
            close(quote.symbol, *session, event.at, quote.price, nullptr, late, alerts);
        return;
    }
    switch (series.tick(event.at, quote.price, quote.kind)) {
    case series::Accepted::late:
        ++state_.counters.late;
        return;
    case series::Accepted::out_of_session:
        ++state_.counters.out_of_session;
        return;
    case series::Accepted::applied:
        break;
    }
    state_.last_close = std::max(state_.last_close, Time::from_nanos(series.now().closes_at));
    if (host_.sleeps_through(quote.symbol, quote.price.nanos())) return;
    host_.wake_price(quote.symbol, quote.price.nanos());
    // A tick that is the newest of its symbol is not late, though other feeds may have moved time past it.
    host_.run({.at = event.at}, alerts);
}

void Pipeline::on(const market::Bar& bar, const market::Event& event, bool late,
                  std::vector<alert::Alert>& alerts) {
    auto& series = state_.series[bar.symbol];
    if (bar.before_calendar) {
        ++state_.counters.before_calendar;
        if (series.now().session == TOCSIN_NO_SESSION || series.now().session < bar.session.days()) {
            series.begin_before_calendar(bar.session);
            refresh_boundary();
            host_.wake(bar.symbol, TOCSIN_IN_REFERENCE, TOCSIN_IN_REFERENCE);
            host_.wake(bar.symbol, TOCSIN_IN_SESSION, TOCSIN_IN_SESSION);
            host_.run({.at = Time::from_nanos(series.now().opens_at)}, alerts);
        }
    }
    close(bar.symbol, bar.session, event.at, bar.close, &bar, late, alerts);
}

/// An official close, alone or as part of a bar.
void Pipeline::close(market::SymbolId symbol, SessionDate session, Time at, Price price,
                     const market::Bar* bar, bool late, std::vector<alert::Alert>& alerts) {
    auto& series = state_.series[symbol];
    const bool present = series.now().session == session.days();
    const tocsin_series before = series.now();
    switch (series.classify_close(session, price)) {
    case series::CloseKind::duplicate:
        ++state_.counters.duplicate_closes;
        if (bar != nullptr && present) series.take_bar(*bar), series.settle(session, price);
        return;
    case series::CloseKind::differs:
        ++state_.counters.differing_closes;
        return;
    case series::CloseKind::first:
        break;
    }
    if (present) {
        if (bar != nullptr) series.take_bar(*bar);
        series.take_close(session, at, price);
        state_.last_close = std::max(state_.last_close, Time::from_nanos(series.now().closes_at));
    }
    const tocsin_series closed = series.as_of_close(session, at, price);
    Moment moment{.at = at, .late = late, .symbol = symbol, .bar = bar, .before = &before, .close = &closed};
    if (present && bar != nullptr && before.ticks == 0)
        host_.wake_bar(symbol, *bar);
    else if (present && !host_.sleeps_through(symbol, price.nanos()))
        host_.wake_price(symbol, price.nanos());
    host_.wake(symbol, TOCSIN_IN_CLOSE, TOCSIN_IN_CLOSE);
    host_.run(moment, alerts);

    series.settle(session, price, bar);
    Moment after{.at = at, .late = late};
    if (!present) { // a reference of later sessions: their previous close, or the moves that theirs are
                    // ranked among
        host_.wake(symbol, TOCSIN_IN_REFERENCE, TOCSIN_IN_REFERENCE);
        host_.wake_ended_earlier(symbol), after.ended = &closed;
    } else if (before.running == 0) {
        host_.wake(symbol, TOCSIN_IN_SESSION, TOCSIN_IN_SESSION);
    }
    host_.run(after, alerts);
    refresh_boundary();
}

void Pipeline::on(const market::Tariff& tariff, const market::Event& event, bool late,
                  std::vector<alert::Alert>& alerts) {
    const auto known = state_.tariffs.add(tariff, event.feed);
    std::vector<tocsin_str> sources;
    for (const auto feed : known.sources) sources.push_back(str(feed_names_[feed]));
    tocsin_tariff seen{};
    seen.size = sizeof seen;
    seen.stage = static_cast<std::uint32_t>(tariff.stage),
    seen.tier = static_cast<std::uint32_t>(tariff.tier);
    seen.prior_tier = known.prior_tier;
    seen.measure = str(tariff.measure), seen.imposer = str(tariff.imposer), seen.target = str(tariff.target);
    seen.scope = str(tariff.scope), seen.title = str(tariff.title), seen.url = str(tariff.url);
    seen.stage_name = str(name(tariff.stage)), seen.tier_name = str(name(tariff.tier));
    seen.rate = tariff.rate ? tariff.rate->nanos() : TOCSIN_NONE;
    seen.effective = tariff.effective ? tariff.effective->nanos() : TOCSIN_NONE;
    seen.expires = tariff.expires ? tariff.expires->nanos() : TOCSIN_NONE;
    seen.at = event.at.nanos(), seen.late = late ? 1 : 0;
    seen.sources = sources.data(), seen.n_sources = static_cast<std::uint32_t>(sources.size());
    host_.wake_tariff();
    host_.run({.at = event.at, .late = late, .tariff = &seen}, alerts);
}

void Pipeline::on(const market::Status& status, const market::Event& event,
                  std::vector<alert::Alert>& alerts) {
    std::vector<market::SymbolId> concerned;
    for (market::SymbolId symbol = 0; symbol < state_.series.size(); ++symbol)
        if (symbol == status.symbol ||
            (status.symbol == market::no_symbol && state_.series[symbol].calendar().name() == status.venue))
            concerned.push_back(symbol);
    // Held, a rule is shown no price: before that it takes in the last one that it slept through.
    for (const auto symbol : concerned)
        if (!state_.series[symbol].held()) host_.wake(symbol, concerned_by_status, TOCSIN_IN_TIME);
    host_.run({.at = event.at}, alerts);
    for (const auto symbol : concerned) {
        state_.series[symbol].set_status(std::max(event.at, state_.now), status.state);
        host_.wake(symbol, concerned_by_status, TOCSIN_IN_STATUS);
    }
    host_.run({.at = event.at}, alerts);
}

void Pipeline::finish(std::optional<SessionDate> to, std::vector<alert::Alert>& alerts) {
    Time end = state_.last_close;
    if (to) {
        end = Time::min();
        for (const auto& series : state_.series)
            if (const auto index = series.calendar().find(*to))
                end = std::max(end, series.calendar().sessions()[*index].close);
    }
    // One step past the close, for the session's end follows everything that is stamped at it.
    if (end != Time::min() && state_.started) advance(end.plus(1), alerts);
}

Pipeline::Snapshot Pipeline::save() const {
    return {state_, host_.state()};
}

void Pipeline::restore(const Snapshot& snapshot) {
    state_ = snapshot.pipeline;
    host_.restore(snapshot.host);
}

} // namespace tocsin::engine
