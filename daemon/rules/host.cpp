#include "rules/host.hpp"

#include "alert/id.hpp"
#include "alert/summary.hpp"
#include "rules/ask.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

constexpr std::uint32_t live_inputs = TOCSIN_IN_PRICE | TOCSIN_IN_BAR;
constexpr std::uint32_t price_causes = TOCSIN_IN_PRICE | TOCSIN_IN_BAR | TOCSIN_IN_TIME;

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

/// The length of an instance's state.
std::size_t words_of(const RulePlan& rule) {
    return (rule.plan.state_size + sizeof(std::uint64_t) - 1) / sizeof(std::uint64_t);
}

} // namespace

struct Host::Run {
    const Moment& moment;
    std::vector<alert::Alert>& alerts;
    std::size_t first; // of this run
};

struct Host::Question {
    std::uint32_t cause;
    const tocsin_series* series; // nothing without a symbol
    const char* from = nullptr;  // the value of that name: a price that is no tick
    const tocsin_alert_in* alert = nullptr;
};

/// One call of evaluate, and all that report and the alert need of it.
struct Host::Evaluation {
    std::uint32_t id;
    const char* from;
    const Moment& moment;
    tocsin_eval eval;
    tocsin_ask ask;
};

Host::Host(const Plan& plan, const market::SymbolTable& symbols, const std::vector<series::Series>& series)
    : plan_{plan}, symbols_{symbols}, series_{series} {
    const auto n = plan.instances.size();
    state_.slots.resize(n);
    state_.blocks.resize(plan.state_bytes / sizeof(std::uint64_t));
    state_.lows.resize(symbols.size()), state_.highs.resize(symbols.size());
    state_.restless.resize(symbols.size()), state_.bounds.resize(symbols.size());
    for (auto* places : {&state_.low_at, &state_.high_at, &state_.timer_at}) places->assign(n, not_in_heap);
    for (std::uint32_t id = 0; id < n; ++id) {
        rule_of(id).type->start(rule_of(id).config.get(), block(id));
        schedule(id);
    }
    for (market::SymbolId symbol = 0; symbol < symbols.size(); ++symbol) refresh(symbol);
}

const series::Series* Host::series_of(std::uint32_t id) const {
    const auto symbol = plan_.instances[id].symbol;
    return symbol == market::no_symbol ? nullptr : &series_[symbol];
}

const market::Calendar* Host::calendar_of(std::uint32_t id) const {
    const auto* series = series_of(id);
    return series == nullptr ? nullptr : &series->calendar();
}

std::uint64_t* Host::block(std::uint32_t id) {
    return state_.blocks.data() + plan_.instances[id].state_at / sizeof(std::uint64_t);
}

const std::uint64_t* Host::block(std::uint32_t id) const {
    return state_.blocks.data() + plan_.instances[id].state_at / sizeof(std::uint64_t);
}

// ---- who is woken

Time Host::due() const {
    return state_.timers.empty() ? Time::max() : Time::from_nanos(state_.timers.top().key);
}

void Host::mark(std::uint32_t id, std::uint32_t cause) {
    auto& slot = state_.slots[id];
    // A price may wake thousands that have slept for long: what their answers need is fetched for all at
    // once.
    __builtin_prefetch(rule_of(id).config.get());
    __builtin_prefetch(block(id));
    if (slot.cause == 0) {
        woken_.push_back(id);
        std::push_heap(woken_.begin(), woken_.end(), std::greater{});
    }
    slot.cause |= cause;
}

void Host::wake_due(Time t) {
    while (due() <= t && !state_.timers.empty()) {
        const auto id = state_.timers.top().id;
        state_.timers.remove(id, state_.timer_at);
        mark(id, TOCSIN_IN_TIME);
    }
}

void Host::wake_price(market::SymbolId symbol, std::int64_t price) {
    wake_reached(symbol, price, price, TOCSIN_IN_PRICE);
}

void Host::wake_bar(market::SymbolId symbol, const market::Bar& bar) {
    const auto [lowest, highest] = std::minmax(
        {bar.close, bar.open.value_or(bar.close), bar.low.value_or(bar.close), bar.high.value_or(bar.close)});
    wake_reached(symbol, lowest.nanos(), highest.nanos(), TOCSIN_IN_BAR);
}

/// Wakes those who take the input and have a bound at or beyond these prices.
void Host::wake_reached(market::SymbolId symbol, std::int64_t lowest, std::int64_t highest,
                        std::uint32_t input) {
    auto& lows = state_.lows[symbol];
    auto& highs = state_.highs[symbol];
    std::vector<std::uint32_t> others;
    const auto take = [&](std::uint32_t id) {
        if (rule_of(id).takes(input))
            mark(id, input);
        else
            others.push_back(id);
    };
    restless_.swap(state_.restless[symbol]);
    for (const auto id : restless_) {
        state_.slots[id].restless = false;
        if (state_.slots[id].low == TOCSIN_NEVER) take(id);
    }
    restless_.clear();
    while (!lows.empty() && lows.top().key >= lowest) {
        const auto id = lows.top().id;
        lows.remove(id, state_.low_at);
        take(id);
    }
    while (!highs.empty() && highs.top().key <= highest) {
        const auto id = highs.top().id;
        highs.remove(id, state_.high_at);
        take(id);
    }
    for (const auto id : others) schedule(id);
    refresh(symbol);
    wake_watchers(symbol, TOCSIN_IN_PRICE);
    if (every_price_) wake(symbol, input, input);
}

void Host::wake(market::SymbolId symbol, std::uint32_t inputs, std::uint32_t cause) {
    for (std::size_t bit = 0; bit < Plan::inputs; ++bit)
        if ((inputs >> bit & 1) != 0)
            for (const auto id : plan_.takers[symbol][bit]) mark(id, cause);
    wake_watchers(symbol, inputs);
}

/// Of other symbols. A bar's prices are prices to them.
void Host::wake_watchers(market::SymbolId symbol, std::uint32_t inputs) {
    for (const auto& watcher : plan_.watchers[symbol])
        if ((watcher.inputs & inputs) != 0) mark(watcher.id, TOCSIN_IN_OTHER);
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

// ---- asking them

void Host::run(const Moment& moment, std::vector<alert::Alert>& alerts) {
    Run run{moment, alerts, alerts.size()};
    senders_.clear();
    touched_.clear();
    while (!woken_.empty()) {
        std::pop_heap(woken_.begin(), woken_.end(), std::greater{});
        const auto id = woken_.back();
        woken_.pop_back();
        const auto symbol = plan_.instances[id].symbol;
        if (symbol != market::no_symbol && (touched_.empty() || touched_.back() != symbol))
            touched_.push_back(symbol);
        answer(id, std::exchange(state_.slots[id].cause, 0), run);
        tell_listeners(id, run);
    }
    for (const auto symbol : touched_) refresh(symbol);
}

/// One price or session cause an event; a bar comes price by price; alerts of other rules come last.
void Host::answer(std::uint32_t id, std::uint32_t cause, Run& run) {
    const Moment& moment = run.moment;
    const auto* series = series_of(id) != nullptr ? &series_of(id)->now() : nullptr;
    const RulePlan& rule = rule_of(id);
    if ((cause & TOCSIN_IN_BAR) != 0) {
        ask_path(id, run);
    } else if ((cause & TOCSIN_IN_CLOSE) != 0) {
        const char* from = rule.takes(live_inputs) ? moment.bar != nullptr ? "bar" : "close" : nullptr;
        ask(id, {TOCSIN_IN_CLOSE, moment.close, from}, run);
    } else {
        for (const std::uint32_t which :
             {TOCSIN_IN_SESSION, TOCSIN_IN_STATUS, TOCSIN_IN_REFERENCE, TOCSIN_IN_PRICE, TOCSIN_IN_TIME}) {
            if ((cause & which) == 0) continue;
            const bool by_close = which == TOCSIN_IN_PRICE && moment.close != nullptr;
            const bool ended = which == TOCSIN_IN_SESSION && moment.ended != nullptr;
            ask(id, {which, ended ? moment.ended : series, by_close ? "close" : nullptr}, run);
            break;
        }
    }
    if ((cause & TOCSIN_IN_OTHER) != 0) ask(id, {TOCSIN_IN_OTHER, series}, run);
    if ((cause & TOCSIN_IN_TARIFF) != 0) ask(id, {TOCSIN_IN_TARIFF, series}, run);
    if ((cause & TOCSIN_IN_ALERT) != 0) ask_about_alerts(id, run);
}

void Host::ask_path(std::uint32_t id, Run& run) {
    const Moment& moment = run.moment;
    const RulePlan& rule = rule_of(id);
    const auto& slot = state_.slots[id];
    const auto path = bar_path(*moment.bar, rule.plan.bar_side);
    tocsin_series step = *moment.before;
    if (step.open == TOCSIN_NONE && moment.bar->open) step.open = moment.bar->open->nanos();
    // Woken once, it sees the rest: the series remembers nothing of what lies inside a bar.
    bool awake = every_price_;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::int64_t x = path[i];
        step.previous = step.price;
        step.previous_session = i == 0 ? moment.close->previous_session : step.session;
        if (step.price != x) step.changed_at = moment.at.nanos();
        step.price = x, step.at = moment.at.nanos();
        step.high = step.high == TOCSIN_NONE ? x : std::max(step.high, x);
        step.low = step.low == TOCSIN_NONE ? x : std::min(step.low, x);
        const bool last = i + 1 == path.size();
        if (last) step.close = x, step.settled = moment.close->settled;
        const bool by_close = last && rule.takes(TOCSIN_IN_CLOSE);
        awake = awake || by_close || x <= slot.low || x >= slot.high;
        if (awake) ask(id, {by_close ? TOCSIN_IN_CLOSE : TOCSIN_IN_BAR, &step, "bar"}, run);
    }
    schedule(id); // what woke it took it out of the heaps, and perhaps nobody asked
}

/// A rule without symbols hears all, and all hear an alert without one.
bool Host::concerns(const alert::Alert& alert, market::SymbolId symbol) const {
    return symbol == market::no_symbol || alert.symbol.empty() || symbols_[symbol].name == alert.symbol;
}

/// Marks those who listen to the alerts that this instance has just added.
void Host::tell_listeners(std::uint32_t id, Run& run) {
    const auto sender = plan_.instances[id].rule;
    for (std::size_t i = run.first + senders_.size(); i < run.alerts.size(); ++i) {
        senders_.push_back(sender);
        for (const auto listener : plan_.listeners[sender])
            for (auto to = plan_.first_instance[listener]; to < plan_.first_instance[listener + 1]; ++to)
                if (concerns(run.alerts[i], plan_.instances[to].symbol)) mark(to, TOCSIN_IN_ALERT);
    }
}

void Host::ask_about_alerts(std::uint32_t id, Run& run) {
    const auto [rule, symbol, state_at] = plan_.instances[id];
    const auto* series = series_of(id) != nullptr ? &series_of(id)->now() : nullptr;
    for (std::size_t i = 0; i < senders_.size(); ++i) {
        const auto& heard = plan_.listeners[senders_[i]];
        if (std::find(heard.begin(), heard.end(), rule) == heard.end()) continue;
        const alert::Alert from = run.alerts[run.first + i]; // a copy: asking may append, and move them
        if (!concerns(from, symbol)) continue;
        tocsin_alert_in in{};
        in.size = sizeof in;
        in.transition = from.transition;
        in.state = from.state == alert::State::firing ? 0 : from.state == alert::State::resolved ? 1 : 2;
        in.entered = from.reason == alert::Reason::entered ? 1 : 0;
        in.late = run.moment.late ? 1 : 0;
        in.rule = str(from.rule), in.symbol = str(from.symbol);
        in.subject = str(from.subject), in.id = str(from.id);
        in.at = from.at.nanos();
        ask(id, {TOCSIN_IN_ALERT, series, nullptr, &in}, run);
    }
}

void Host::ask(std::uint32_t id, const Question& question, Run& run) {
    const RulePlan& rule = rule_of(id);
    const auto* series = series_of(id);
    Evaluation evaluation{id, question.from, run.moment, {}, {}};
    tocsin_eval& eval = evaluation.eval;
    eval.size = sizeof eval;
    eval.cause = question.cause;
    eval.now = run.moment.at.nanos();
    eval.level = state_.slots[id].life.level();
    if (series != nullptr) eval.symbol = str(symbols_[plan_.instances[id].symbol].name);
    eval.series = question.series;
    eval.tariff = question.cause == TOCSIN_IN_TARIFF ? run.moment.tariff : nullptr;
    eval.alert = question.alert;
    evaluation.ask.rule = &rule, evaluation.ask.series = series;
    evaluation.ask.host = this, evaluation.ask.id = id, evaluation.ask.now = run.moment.at;
    evaluation.ask.state = {block(id), words_of(rule)};

    ++state_.evaluations;
    Outcome outcome;
    if (is_held(id, question.cause))
        outcome = Outcome::held(TOCSIN_WHY_HALTED); // without bounds: the resumption wakes it
    else
        rule.type->evaluate(&evaluation.ask, rule.config.get(), block(id), &eval, &outcome);
    // Halted, a recovery stands still, whatever has woken it.
    const Lifecycle& life = state_.slots[id].life;
    if (life.phase() == Lifecycle::Phase::recovering && is_held(id, TOCSIN_IN_TIME) &&
        outcome.outcome == TOCSIN_OFF && outcome.reason == TOCSIN_WHY_NONE)
        outcome.outcome = TOCSIN_HELD, outcome.reason = TOCSIN_WHY_HALTED;
    sleep(id, outcome, run.moment.at, question.cause);
    for (auto& earlier : evaluation.ask.emitted) {
        earlier.outcome.subject = str(earlier.subject);
        settle(evaluation, earlier.outcome, earlier.state.data(), run);
    }
    settle(evaluation, outcome, block(id), run);
    schedule(id);
    // Expired or recovering: it answered for a level that is active no more, so it is asked once more how
    // things stand without.
    const bool lasts_on = outcome.outcome != TOCSIN_OFF || life.phase() == Lifecycle::Phase::recovering;
    if (eval.level != 0 && life.level() == 0 && lasts_on) ask(id, {TOCSIN_IN_TIME, question.series}, run);
}

bool Host::is_held(std::uint32_t id, std::uint32_t cause) const {
    const RulePlan& rule = rule_of(id);
    if (series_of(id) == nullptr || !series_of(id)->held() || !rule.takes(live_inputs)) return false;
    return (cause & price_causes) != 0 || (cause == TOCSIN_IN_STATUS && !rule.takes(TOCSIN_IN_STATUS));
}

// ---- putting them to sleep

/// Keeps the bounds of an answer. A deadline that is not ahead is put one step ahead, so that time can move
/// on; asked at its deadline, a rule that names it again gets none, or it would be asked for ever.
void Host::sleep(std::uint32_t id, const tocsin_outcome& outcome, Time now, std::uint32_t cause) {
    auto& slot = state_.slots[id];
    slot.low = outcome.wake_always != 0 ? TOCSIN_NEVER : outcome.low;
    slot.high = outcome.high;
    const bool ahead = outcome.until > now.nanos(), none = outcome.until == TOCSIN_NONE;
    slot.until = ahead ? outcome.until : none || cause == TOCSIN_IN_TIME ? TOCSIN_NEVER : now.plus(1).nanos();
    slot.outcome = outcome.outcome, slot.reason = outcome.reason;
    slot.have = outcome.have, slot.need = outcome.need;
}

/// Puts an instance's bounds and deadline where they will be looked for.
void Host::schedule(std::uint32_t id) {
    auto& slot = state_.slots[id];
    const auto symbol = plan_.instances[id].symbol;
    if (symbol != market::no_symbol && rule_of(id).takes(live_inputs)) {
        const bool restless = slot.low == TOCSIN_NEVER; // no bound, so none to look for
        if (restless && !slot.restless) state_.restless[symbol].push_back(id), slot.restless = true;
        if (restless || slot.low == TOCSIN_NONE)
            state_.lows[symbol].remove(id, state_.low_at);
        else
            state_.lows[symbol].set(id, slot.low, state_.low_at);
        if (restless || slot.high == TOCSIN_NEVER)
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

void Host::refresh(market::SymbolId symbol) {
    const auto& low = state_.lows[symbol];
    const auto& high = state_.highs[symbol];
    const bool watched = std::any_of(plan_.watchers[symbol].begin(), plan_.watchers[symbol].end(),
                                     [](const auto& one) { return (one.inputs & TOCSIN_IN_PRICE) != 0; });
    const bool restless = watched || !state_.restless[symbol].empty();
    state_.bounds[symbol] = {restless      ? TOCSIN_NEVER
                             : low.empty() ? TOCSIN_NONE
                                           : low.top().key,
                             high.empty() ? TOCSIN_NEVER : high.top().key};
}

// ---- what they have to say

void Host::settle(const Evaluation& evaluation, const tocsin_outcome& outcome, const std::uint64_t* state,
                  Run& run) {
    const auto id = evaluation.id;
    const RulePlan& rule = rule_of(id);
    const Time now = run.moment.at;
    const std::string_view subject = view(outcome.subject);
    if (rule.plan.condition != 0) {
        Lifecycle& life = subject.empty() ? state_.slots[id].life : state_.subjects.of(id, subject);
        if (const auto transition = life.judge(outcome, now, rule.keys, calendar_of(id)))
            run.alerts.push_back(make_alert(evaluation, life, subject, *transition, state));
        // Its bounds are those of an active level. Where `for`, a cooldown or `expires` keeps it from being
        // active, it may go off sooner than they say.
        if (outcome.outcome == TOCSIN_ON && life.phase() != Lifecycle::Phase::firing)
            state_.slots[id].low = TOCSIN_NEVER;
        if (!subject.empty()) state_.slots[id].until = std::min(state_.slots[id].until, life.due().nanos());
        return;
    }
    if (outcome.outcome != TOCSIN_HAPPENED) return;
    Lifecycle& life = subject.empty() ? state_.slots[id].life : state_.subjects.of(id, subject);
    if (life.ring(now, rule.keys, calendar_of(id)))
        run.alerts.push_back(make_alert(evaluation, life, subject,
                                        {alert::State::event, alert::Reason::entered, outcome.level}, state));
    else
        ++state_.suppressed;
}

alert::Alert Host::make_alert(const Evaluation& evaluation, const Lifecycle& life, std::string_view subject,
                              const Transition& transition, const std::uint64_t* state) const {
    const RulePlan& rule = rule_of(evaluation.id);
    const auto symbol = plan_.instances[evaluation.id].symbol;
    const auto* series = evaluation.eval.series;
    alert::Alert made;
    made.transition = life.transition();
    made.state = transition.state, made.reason = transition.reason;
    made.rule = rule.rule.name, made.kind = rule.rule.type;
    made.subject = subject;
    made.severity = rule.severity(transition.level);
    made.at = evaluation.moment.at;
    made.labels = rule.rule.labels;
    made.muted = rule.rule.mute_until && made.at < *rule.rule.mute_until;
    std::string_view title;
    if (symbol != market::no_symbol) {
        made.symbol = symbols_[symbol].name;
        title = symbols_[symbol].title.empty() ? symbols_[symbol].name : symbols_[symbol].title;
        if (series->session != TOCSIN_NO_SESSION) made.session = SessionDate::from_days(series->session);
    }
    made.id = alert::episode_id(made.rule, made.symbol, made.subject, life.began(), life.ordinal());

    Reported reported = report(rule, evaluation.ask, evaluation.eval, state);
    made.values = std::move(reported.values);
    if (evaluation.from != nullptr) made.values.push_back({"from", alert::Value::of_text(evaluation.from)});
    const bool by_previous_close = std::any_of(made.values.begin(), made.values.end(), [](const auto& value) {
        return value.name == "previous_close";
    });
    if (by_previous_close && series != nullptr && series->prev_close_provisional != 0)
        made.quality = alert::Quality::provisional;
    if (evaluation.moment.late) made.quality = alert::Quality::late;
    if (symbol != market::no_symbol && series_[symbol].held()) made.quality = alert::Quality::halted;
    made.summary = alert::fill_summary(reported.summary, made, title);
    return made;
}

std::optional<tocsin_member> Host::member(std::uint32_t rule, std::string_view symbol, std::uint32_t asking,
                                          Time now) const {
    const auto own = plan_.instances[asking].symbol;
    for (auto id = plan_.first_instance[rule]; id < plan_.first_instance[rule + 1]; ++id) {
        const auto its = plan_.instances[id].symbol;
        const bool wanted =
            its == market::no_symbol || (symbol.empty() ? its == own : symbols_[its].name == symbol);
        if (!wanted) continue;
        const auto& slot = state_.slots[id];
        return tocsin_member{sizeof(tocsin_member), static_cast<std::uint32_t>(slot.life.phase()),
                             would_answer(id, now), slot.life.level()};
    }
    return {};
}

/// What an instance would answer if only time had passed, on a copy of its state: what it answered last may
/// be old, since it sleeps. An event has happened or has not.
std::uint32_t Host::would_answer(std::uint32_t id, Time now) const {
    const RulePlan& rule = rule_of(id);
    if (rule.plan.condition == 0) return TOCSIN_QUIET;
    if (is_held(id, TOCSIN_IN_TIME)) return TOCSIN_HELD;
    const auto* series = series_of(id);
    tocsin_eval eval{};
    eval.size = sizeof eval, eval.cause = TOCSIN_IN_TIME, eval.now = now.nanos();
    eval.level = state_.slots[id].life.level();
    if (series != nullptr) {
        eval.symbol = str(symbols_[plan_.instances[id].symbol].name);
        eval.series = &series->now();
    }
    tocsin_ask ask;
    ask.rule = &rule, ask.series = series;
    ask.host = this, ask.id = id, ask.now = now;
    const std::uint64_t* const state = block(id);
    std::vector<std::uint64_t> copy(state, state + words_of(rule));
    Outcome outcome;
    rule.type->evaluate(&ask, rule.config.get(), copy.data(), &eval, &outcome);
    return outcome.outcome;
}

std::vector<InstanceStatus> Host::status(Time now) const {
    std::vector<InstanceStatus> all;
    all.reserve(plan_.instances.size());
    for (std::uint32_t id = 0; id < plan_.instances.size(); ++id) all.push_back(status_of(id, now));
    return all;
}

InstanceStatus Host::status_of(std::uint32_t id, Time now) const {
    const RulePlan& rule = rule_of(id);
    const auto& slot = state_.slots[id];
    const auto* series = series_of(id);
    InstanceStatus one;
    one.rule = rule.rule.name, one.type = rule.rule.type;
    switch (slot.life.phase()) {
    case Lifecycle::Phase::armed:
        one.state = slot.outcome == TOCSIN_HELD ? "held" : slot.outcome == TOCSIN_WARMUP ? "warmup" : "armed";
        break;
    case Lifecycle::Phase::pending:
        one.state = "pending";
        break;
    case Lifecycle::Phase::firing:
        one.state = "firing";
        break;
    case Lifecycle::Phase::recovering:
        one.state = "recovering";
        break;
    }
    one.level = slot.life.level();
    if (slot.outcome == TOCSIN_HELD || slot.outcome == TOCSIN_WARMUP)
        one.reason = reason_in_words(slot.reason);
    if (slot.outcome == TOCSIN_WARMUP) one.have = slot.have, one.need = slot.need;

    tocsin_eval eval{};
    eval.size = sizeof eval, eval.cause = TOCSIN_IN_PROBE, eval.now = now.nanos(), eval.level = one.level;
    if (series != nullptr) {
        one.symbol = symbols_[plan_.instances[id].symbol].name;
        eval.symbol = str(one.symbol), eval.series = &series->now();
    }
    tocsin_ask ask;
    ask.rule = &rule, ask.series = series;
    ask.host = this, ask.id = id, ask.now = now;
    one.distance = report(rule, ask, eval, block(id)).distance;
    return one;
}

} // namespace tocsin::rules
