#include "rules/host.hpp"

#include "alert/id.hpp"
#include "alert/summary.hpp"
#include "base/limits.hpp"
#include "rules/ask.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

constexpr std::uint32_t max_checks = 8;

alert::Value to_value(const tocsin_value& v, const tocsin_reported& declared) {
    using alert::Value;
    switch (v.type) {
    case TOCSIN_T_BOOL:
        return Value::of_bool(v.u.i != 0);
    case TOCSIN_T_INT:
        return Value::of_int(v.u.i);
    case TOCSIN_T_DECIMAL:
    case TOCSIN_T_AMOUNT:
        return Value::of_decimal(v.u.i);
    case TOCSIN_T_DURATION:
        return Value::of_decimal(v.u.dur.count);
    case TOCSIN_T_TIME:
        return Value::of_time(Time::from_nanos(v.u.i));
    case TOCSIN_T_SESSION:
        return Value::of_session(SessionDate::from_days(static_cast<std::int32_t>(v.u.i)));
    case TOCSIN_T_STRING:
        return Value::of_text(std::string{view(v.u.s)});
    case TOCSIN_T_PERCENT:
        return Value::of_decimal(rounded_percent(v.u.ratio.num, v.u.ratio.den));
    case TOCSIN_T_OBJECT: {
        Value object;
        object.kind = Value::Kind::object;
        for (std::uint32_t i = 0; i < v.u.list.n && i < declared.n_fields; ++i) {
            const tocsin_value& item = detail::item(v, i);
            if (item.type == 0) continue;
            object.keys.emplace_back(view(declared.fields[i].name));
            object.items.push_back(to_value(item, declared.fields[i]));
        }
        return object;
    }
    case TOCSIN_T_LIST: {
        Value list;
        list.kind = Value::Kind::list;
        for (std::uint32_t i = 0; i < v.u.list.n; ++i)
            list.items.push_back(to_value(detail::item(v, i), declared));
        return list;
    }
    default:
        return {};
    }
}

std::string_view reason_in_words(std::uint32_t why) {
    switch (why) {
    case TOCSIN_WHY_NONE:
        return "";
    case TOCSIN_WHY_SESSION_END:
        return "session_end";
    case TOCSIN_WHY_NO_PRICE:
        return "no_price";
    case TOCSIN_WHY_NO_PREV_CLOSE:
        return "no_prev_close";
    case TOCSIN_WHY_MIN_SESSIONS:
        return "min_sessions";
    case TOCSIN_WHY_HALTED:
        return "halted";
    case TOCSIN_WHY_CLOSED:
        return "closed";
    case TOCSIN_WHY_NO_CLOSE:
        return "no_close";
    case TOCSIN_WHY_FIRST_PRICE:
        return "first_price";
    default:
        return "unknown";
    }
}

/// The prices of a bar as a live rule sees them: the open, the extreme in its direction (both for `any`), the
/// close.
std::vector<std::int64_t> bar_path(const market::Bar& bar, std::uint32_t side) {
    std::vector<std::int64_t> path;
    const auto step = [&](const std::optional<Price>& price) {
        if (price) path.push_back(price->nanos());
    };
    step(bar.open);
    const bool rose = !bar.open || bar.close >= *bar.open;
    if (side == TOCSIN_DOWN)
        step(bar.low);
    else if (side == TOCSIN_UP)
        step(bar.high);
    else if (rose)
        step(bar.low), step(bar.high);
    else
        step(bar.high), step(bar.low);
    path.push_back(bar.close.nanos());
    return path;
}

constexpr std::uint32_t live_inputs = TOCSIN_IN_PRICE | TOCSIN_IN_BAR;
constexpr std::uint32_t price_causes = TOCSIN_IN_PRICE | TOCSIN_IN_BAR | TOCSIN_IN_TIME;

} // namespace

/// One call of evaluate, and all that report and the alert need of it.
struct Host::Evaluation {
    std::uint32_t id;
    const Moment& moment;
    tocsin_eval eval;
    tocsin_ask ask;
    const char* from;
};

Host::Host(const Plan& plan, const market::SymbolTable& symbols, const std::vector<series::Series>& series)
    : plan_{plan}, symbols_{symbols}, series_{series} {
    const auto n = plan.instances.size();
    state_.slots.resize(n);
    state_.blocks.resize(plan.state_bytes / sizeof(std::uint64_t));
    state_.lows.resize(symbols.size()), state_.highs.resize(symbols.size()),
        state_.bounds.resize(symbols.size());
    state_.low_at.assign(n, not_in_heap), state_.high_at.assign(n, not_in_heap),
        state_.timer_at.assign(n, not_in_heap);
    for (std::uint32_t id = 0; id < n; ++id) {
        rule_of(id).type->start(rule_of(id).config.get(), block(id));
        const auto symbol = plan.instances[id].symbol;
        if (symbol != market::no_symbol && rule_of(id).takes(TOCSIN_IN_PRICE))
            state_.lows[symbol].set(id, TOCSIN_NEVER,
                                    state_.low_at); // not yet asked: the first price wakes it
    }
    for (market::SymbolId symbol = 0; symbol < symbols.size(); ++symbol) refresh(symbol);
}

const market::Calendar* Host::calendar_of(std::uint32_t id) const {
    const auto symbol = plan_.instances[id].symbol;
    return symbol == market::no_symbol ? nullptr : &series_[symbol].calendar();
}

void Host::refresh(market::SymbolId symbol) {
    const auto& low = state_.lows[symbol];
    const auto& high = state_.highs[symbol];
    state_.bounds[symbol] = {low.empty() ? TOCSIN_NONE : low.top().key,
                             high.empty() ? TOCSIN_NEVER : high.top().key};
}

Time Host::due() const {
    return state_.timers.empty() ? Time::max() : Time::from_nanos(state_.timers.top().key);
}

void Host::mark(std::uint32_t id, std::uint32_t cause) {
    auto& slot = state_.slots[id];
    if (slot.cause == 0) {
        woken_.push_back(id);
        std::push_heap(woken_.begin(), woken_.end(), std::greater{});
    }
    slot.cause |= cause;
}

void Host::wake_due(Time t) {
    while (!state_.timers.empty() && state_.timers.top().key <= t.nanos()) {
        const auto id = state_.timers.top().id;
        state_.timers.remove(id, state_.timer_at);
        mark(id, TOCSIN_IN_TIME);
    }
}

void Host::wake_price(market::SymbolId symbol, std::int64_t price) {
    auto& lows = state_.lows[symbol];
    auto& highs = state_.highs[symbol];
    while (!lows.empty() && lows.top().key >= price) {
        const auto id = lows.top().id;
        lows.remove(id, state_.low_at);
        mark(id, TOCSIN_IN_PRICE);
    }
    while (!highs.empty() && highs.top().key <= price) {
        const auto id = highs.top().id;
        highs.remove(id, state_.high_at);
        mark(id, TOCSIN_IN_PRICE);
    }
    if (every_price_) wake(symbol, TOCSIN_IN_PRICE, TOCSIN_IN_PRICE);
}

void Host::wake(market::SymbolId symbol, std::uint32_t inputs, std::uint32_t cause) {
    for (std::size_t bit = 0; bit < Plan::inputs; ++bit)
        if ((inputs >> bit & 1) != 0)
            for (const auto id : plan_.takers[symbol][bit]) mark(id, cause);
}

/// Those whose bounds a price of the bar reaches. A rule that takes bars takes ticks too, so its bounds are
/// in the heaps.
void Host::wake_bar(market::SymbolId symbol, const market::Bar& bar) {
    for (const auto& price : {bar.open, bar.low, bar.high, std::optional{bar.close}})
        if (price && !sleeps_through(symbol, price->nanos())) wake_price(symbol, price->nanos());
    // A rule that takes ticks only sleeps on: a bar is none.
    std::erase_if(woken_, [&](std::uint32_t id) {
        auto& slot = state_.slots[id];
        if (rule_of(id).takes(TOCSIN_IN_BAR)) {
            slot.cause |= TOCSIN_IN_BAR;
            return false;
        }
        slot.cause &= ~std::uint32_t{TOCSIN_IN_PRICE};
        schedule(id);
        return slot.cause == 0;
    });
    std::make_heap(woken_.begin(), woken_.end(), std::greater{});
}

void Host::wake_ended_earlier(market::SymbolId symbol) {
    constexpr std::size_t close_bit = std::countr_zero(std::uint32_t{TOCSIN_IN_CLOSE});
    for (const auto id : plan_.takers[symbol][close_bit])
        if (rule_of(id).takes(TOCSIN_IN_SESSION) && !rule_of(id).takes(live_inputs))
            mark(id, TOCSIN_IN_SESSION);
}

void Host::wake_tariff() {
    for (const auto id : plan_.tariff_listeners) mark(id, TOCSIN_IN_TARIFF);
}

void Host::run(const Moment& moment, std::vector<alert::Alert>& alerts) {
    const std::size_t first = alerts.size();
    senders_.clear();
    touched_.clear();
    while (!woken_.empty()) {
        std::pop_heap(woken_.begin(), woken_.end(), std::greater{});
        const auto id = woken_.back();
        woken_.pop_back();
        auto& slot = state_.slots[id];
        const auto cause = std::exchange(slot.cause, 0);
        const auto symbol = plan_.instances[id].symbol;
        const auto* series = symbol != market::no_symbol ? &series_[symbol].now() : nullptr;
        if (symbol != market::no_symbol && (touched_.empty() || touched_.back() != symbol))
            touched_.push_back(symbol);

        // One price or session cause an event; a bar comes price by price; alerts of other rules come last.
        const RulePlan& rule = rule_of(id);
        if ((cause & TOCSIN_IN_BAR) != 0)
            ask_path(id, moment, alerts);
        else if ((cause & TOCSIN_IN_CLOSE) != 0) {
            const char* from = rule.takes(live_inputs) ? moment.bar != nullptr ? "bar" : "close" : nullptr;
            ask(id, TOCSIN_IN_CLOSE, moment, moment.close, nullptr, from, alerts);
        } else {
            for (const std::uint32_t which : {TOCSIN_IN_SESSION, TOCSIN_IN_STATUS, TOCSIN_IN_REFERENCE,
                                              TOCSIN_IN_PRICE, TOCSIN_IN_TIME}) {
                if ((cause & which) == 0) continue;
                const bool by_close = which == TOCSIN_IN_PRICE && moment.close != nullptr;
                const auto* seen =
                    moment.ended != nullptr && which == TOCSIN_IN_SESSION ? moment.ended : series;
                ask(id, which, moment, seen, nullptr, by_close ? "close" : nullptr, alerts);
                break;
            }
        }
        if ((cause & TOCSIN_IN_TARIFF) != 0)
            ask(id, TOCSIN_IN_TARIFF, moment, series, nullptr, nullptr, alerts);
        if ((cause & TOCSIN_IN_ALERT) != 0) ask_about_alerts(id, moment, first, alerts);

        while (senders_.size() < alerts.size() - first) {
            const auto sender = plan_.instances[id].rule;
            senders_.emplace_back(sender, moment.late);
            const auto& sent = alerts[first + senders_.size() - 1];
            for (const auto listener : plan_.listeners[sender])
                for (auto to = plan_.first_instance[listener]; to < plan_.first_instance[listener + 1];
                     ++to) {
                    const auto of = plan_.instances[to].symbol;
                    if (of == market::no_symbol || sent.symbol.empty() || symbols_[of].name == sent.symbol)
                        mark(to, TOCSIN_IN_ALERT);
                }
        }
    }
    for (const auto symbol : touched_) refresh(symbol);
}

void Host::ask_path(std::uint32_t id, const Moment& moment, std::vector<alert::Alert>& alerts) {
    const RulePlan& rule = rule_of(id);
    const auto path = bar_path(*moment.bar, rule.plan.bar_side);
    tocsin_series step = *moment.before;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::int64_t x = path[i];
        step.previous = step.price;
        step.previous_session = i == 0 ? moment.close->previous_session : step.session;
        if (step.price != x) step.changed_at = moment.at.nanos();
        step.price = x, step.at = moment.at.nanos();
        if (step.open == TOCSIN_NONE && moment.bar->open) step.open = moment.bar->open->nanos();
        step.high = step.high == TOCSIN_NONE ? x : std::max(step.high, x);
        step.low = step.low == TOCSIN_NONE ? x : std::min(step.low, x);
        const bool last = i + 1 == path.size();
        if (last) step.close = x, step.settled = moment.close->settled;
        const auto& slot = state_.slots[id];
        const bool by_close = last && rule.takes(TOCSIN_IN_CLOSE);
        if (by_close || every_price_ || x <= slot.low || x >= slot.high)
            ask(id, by_close ? TOCSIN_IN_CLOSE : TOCSIN_IN_BAR, moment, &step, nullptr, "bar", alerts);
    }
    schedule(id);
}

void Host::ask_about_alerts(std::uint32_t id, const Moment& moment, std::size_t first,
                            std::vector<alert::Alert>& alerts) {
    const auto symbol = plan_.instances[id].symbol;
    const auto* series = symbol != market::no_symbol ? &series_[symbol].now() : nullptr;
    const auto sent = senders_.size();
    for (std::size_t i = 0; i < sent; ++i) {
        const auto& heard = plan_.listeners[senders_[i].first];
        if (std::find(heard.begin(), heard.end(), plan_.instances[id].rule) == heard.end()) continue;
        const alert::Alert from = alerts[first + i]; // a copy: asking may append, and move them
        if (symbol != market::no_symbol && !from.symbol.empty() && symbols_[symbol].name != from.symbol)
            continue;
        tocsin_alert_in in{};
        in.size = sizeof in;
        in.transition = from.transition;
        in.state = from.state == alert::State::firing ? 0 : from.state == alert::State::resolved ? 1 : 2;
        in.entered = from.reason == alert::Reason::entered ? 1 : 0;
        in.late = senders_[i].second ? 1 : 0;
        in.rule = str(from.rule), in.symbol = str(from.symbol), in.subject = str(from.subject),
        in.id = str(from.id);
        in.at = from.at.nanos();
        ask(id, TOCSIN_IN_ALERT, moment, series, &in, nullptr, alerts);
    }
}

void Host::ask(std::uint32_t id, std::uint32_t cause, const Moment& moment, const tocsin_series* series,
               const tocsin_alert_in* alert, const char* from, std::vector<alert::Alert>& alerts) {
    const RulePlan& rule = rule_of(id);
    const auto symbol = plan_.instances[id].symbol;
    auto& slot = state_.slots[id];
    ++state_.evaluations;
    const bool held =
        symbol != market::no_symbol && series_[symbol].held() && rule.takes(live_inputs) &&
        ((cause & price_causes) != 0 || (cause == TOCSIN_IN_STATUS && !rule.takes(TOCSIN_IN_STATUS)));
    Evaluation evaluation{id, moment, {}, {}, from};
    tocsin_eval& eval = evaluation.eval;
    eval.size = sizeof eval;
    eval.cause = cause;
    eval.now = moment.at.nanos();
    eval.level = slot.life.level();
    if (symbol != market::no_symbol) eval.symbol = str(symbols_[symbol].name);
    eval.series = series;
    eval.tariff = cause == TOCSIN_IN_TARIFF ? moment.tariff : nullptr;
    eval.alert = alert;
    evaluation.ask.rule = &rule;
    evaluation.ask.series = symbol != market::no_symbol ? &series_[symbol] : nullptr;

    Outcome outcome;
    if (held) {
        outcome = Outcome::held(TOCSIN_WHY_HALTED);
        outcome.low = TOCSIN_NONE, outcome.high = TOCSIN_NEVER; // the resumption wakes it
    } else {
        rule.type->evaluate(&evaluation.ask, rule.config.get(), block(id), &eval, &outcome);
    }
    sleep(id, outcome, moment.at);
    settle(evaluation, outcome, alerts);
    const auto emitted = std::move(evaluation.ask.emitted);
    for (const auto& further : emitted) settle(evaluation, further, alerts);
    schedule(id);
}

/// Keeps the bounds of an answer. A deadline that is not ahead would wake the rule for ever: it is put one
/// step ahead.
void Host::sleep(std::uint32_t id, const tocsin_outcome& outcome, Time now) {
    auto& slot = state_.slots[id];
    slot.low = outcome.wake_always != 0 ? TOCSIN_NEVER : outcome.low;
    slot.high = outcome.high;
    slot.until = outcome.until == TOCSIN_NONE ? TOCSIN_NEVER : std::max(outcome.until, now.plus(1).nanos());
    slot.outcome = outcome.outcome, slot.reason = outcome.reason, slot.have = outcome.have,
    slot.need = outcome.need;
}

/// Puts an instance's bounds and deadline where they will be looked for.
void Host::schedule(std::uint32_t id) {
    const auto& slot = state_.slots[id];
    const auto symbol = plan_.instances[id].symbol;
    if (symbol != market::no_symbol && rule_of(id).takes(TOCSIN_IN_PRICE)) {
        if (slot.low == TOCSIN_NONE)
            state_.lows[symbol].remove(id, state_.low_at);
        else
            state_.lows[symbol].set(id, slot.low, state_.low_at);
        if (slot.high == TOCSIN_NEVER)
            state_.highs[symbol].remove(id, state_.high_at);
        else
            state_.highs[symbol].set(id, slot.high, state_.high_at);
    }
    const auto due = std::min(slot.until, slot.life.due().nanos());
    if (due == TOCSIN_NEVER)
        state_.timers.remove(id, state_.timer_at);
    else
        state_.timers.set(id, due, state_.timer_at);
}

Lifecycle& Host::life_of(std::uint32_t id, const std::string& subject) {
    if (subject.empty()) return state_.slots[id].life;
    auto& all = state_.subjects[id];
    if (all.size() >= limits::subjects && !all.contains(subject)) {
        const auto oldest = std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
            return a.second.used < b.second.used;
        });
        all.erase(oldest);
        ++state_.subjects_evicted;
    }
    auto& found = all[subject];
    found.used = ++state_.uses;
    return found.life;
}

void Host::settle(Evaluation& evaluation, const tocsin_outcome& outcome, std::vector<alert::Alert>& alerts) {
    const RulePlan& rule = rule_of(evaluation.id);
    if (outcome.outcome == TOCSIN_QUIET) return;
    const std::string subject{view(outcome.subject)};
    Lifecycle& life = life_of(evaluation.id, subject);
    const Time now = evaluation.moment.at;
    if (outcome.outcome == TOCSIN_HAPPENED) {
        if (!life.ring(now, rule.keys, calendar_of(evaluation.id))) {
            ++state_.suppressed;
            return;
        }
        alerts.push_back(
            make_alert(evaluation, life, subject, {alert::State::event, alert::Reason::entered, 0}));
        return;
    }
    if (const auto transition = life.judge(outcome, now, rule.keys, calendar_of(evaluation.id)))
        alerts.push_back(make_alert(evaluation, life, subject, *transition));
}

alert::Alert Host::make_alert(const Evaluation& evaluation, const Lifecycle& life, const std::string& subject,
                              const Transition& transition) const {
    const RulePlan& rule = rule_of(evaluation.id);
    const auto symbol = plan_.instances[evaluation.id].symbol;
    alert::Alert made;
    made.transition = life.transition();
    made.state = transition.state, made.reason = transition.reason;
    made.rule = rule.rule.name, made.kind = rule.rule.type;
    made.subject = subject;
    made.severity = rule.severity(transition.level);
    made.at = evaluation.moment.at;
    made.labels = rule.rule.labels;
    std::string_view title;
    if (symbol != market::no_symbol) {
        made.symbol = symbols_[symbol].name;
        title = symbols_[symbol].title.empty() ? symbols_[symbol].name : symbols_[symbol].title;
        const auto session = evaluation.eval.series->session;
        if (session != TOCSIN_NO_SESSION) made.session = SessionDate::from_days(session);
    }
    made.id = alert::episode_id(made.rule, made.symbol, made.subject, life.began(), life.ordinal());

    std::vector<tocsin_value> values(rule.type->n_values);
    std::array<tocsin_check, max_checks> checks{};
    tocsin_report report{};
    report.size = sizeof report;
    report.n_values = rule.type->n_values, report.values = values.data();
    report.checks = checks.data(), report.max_checks = max_checks;
    const auto* bytes =
        state_.blocks.data() + plan_.instances[evaluation.id].state_at / sizeof(std::uint64_t);
    rule.type->report(&evaluation.ask, rule.config.get(), bytes, &evaluation.eval, &report);
    bool rests_on_previous_close = false;
    for (std::uint32_t i = 0; i < rule.type->n_values; ++i) {
        if (values[i].type == 0) continue;
        const auto& declared = rule.type->values[i];
        rests_on_previous_close = rests_on_previous_close || view(declared.name) == "previous_close";
        made.values.push_back({std::string{view(declared.name)}, to_value(values[i], declared)});
    }
    if (evaluation.from != nullptr) made.values.push_back({"from", alert::Value::of_text(evaluation.from)});

    if (rests_on_previous_close && evaluation.eval.series != nullptr &&
        evaluation.eval.series->prev_close_provisional != 0)
        made.quality = alert::Quality::provisional;
    if (evaluation.moment.late) made.quality = alert::Quality::late;
    if (symbol != market::no_symbol && series_[symbol].held()) made.quality = alert::Quality::halted;

    std::string_view sentence = rule.rule.summary;
    if (sentence.empty() && rule.type->n_summaries != 0)
        sentence = view(rule.type->summaries[std::min(report.summary, rule.type->n_summaries - 1)]);
    made.summary = alert::fill_summary(sentence, made, title);
    return made;
}

std::vector<InstanceStatus> Host::status(Time now) const {
    static constexpr std::array<std::string_view, 4> ops{"<", "<=", ">", ">="};
    std::vector<InstanceStatus> all;
    for (std::uint32_t id = 0; id < plan_.instances.size(); ++id) {
        const RulePlan& rule = rule_of(id);
        const auto& slot = state_.slots[id];
        const auto symbol = plan_.instances[id].symbol;
        InstanceStatus one;
        one.rule = rule.rule.name, one.type = rule.rule.type;
        if (symbol != market::no_symbol) one.symbol = symbols_[symbol].name;
        switch (slot.life.phase()) {
        case Lifecycle::Phase::armed:
            one.state = "armed";
            break;
        case Lifecycle::Phase::pending:
            one.state = "pending";
            break;
        case Lifecycle::Phase::firing:
            one.state = "firing";
            break;
        }
        if (slot.life.phase() == Lifecycle::Phase::armed && slot.outcome == TOCSIN_HELD) one.state = "held";
        if (slot.life.phase() == Lifecycle::Phase::armed && slot.outcome == TOCSIN_WARMUP)
            one.state = "warmup";
        one.level = slot.life.level();
        if (slot.outcome == TOCSIN_HELD || slot.outcome == TOCSIN_WARMUP)
            one.reason = reason_in_words(slot.reason);
        if (slot.outcome == TOCSIN_WARMUP) one.have = slot.have, one.need = slot.need;

        tocsin_eval eval{};
        eval.size = sizeof eval, eval.cause = TOCSIN_IN_PROBE, eval.now = now.nanos(),
        eval.level = slot.life.level();
        if (symbol != market::no_symbol)
            eval.symbol = str(symbols_[symbol].name), eval.series = &series_[symbol].now();
        tocsin_ask ask;
        ask.rule = &rule, ask.series = symbol != market::no_symbol ? &series_[symbol] : nullptr;
        std::vector<tocsin_value> values(rule.type->n_values);
        std::array<tocsin_check, max_checks> checks{};
        tocsin_report report{};
        report.size = sizeof report, report.n_values = rule.type->n_values, report.values = values.data();
        report.checks = checks.data(), report.max_checks = max_checks;
        rule.type->report(&ask, rule.config.get(),
                          state_.blocks.data() + plan_.instances[id].state_at / sizeof(std::uint64_t), &eval,
                          &report);
        for (std::uint32_t i = 0; i < report.n_checks; ++i) {
            const auto& check = checks[i];
            const tocsin_reported plain{};
            one.distance.push_back({std::string{view(check.what)}, std::string{ops[check.op % ops.size()]},
                                    to_value(check.left, plain), to_value(check.right, plain),
                                    to_value(check.margin, plain)});
        }
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace tocsin::rules
