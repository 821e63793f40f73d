// The functions that plugins are handed.
#include "config/nearest.hpp"
#include "rules/ask.hpp"
#include "rules/host.hpp"
#include "rules/plan.hpp"

#include <algorithm>
#include <cstring>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

// ---- what a plugin may call while it plans

std::int32_t need_moves(tocsin_ask* ask, std::uint32_t direction, std::uint32_t measure, tocsin_value scope,
                        std::uint32_t k, const tocsin_value* seeds) {
    series::MovesWanted wanted{direction,           measure,         scope.u.scope.kind,
                               scope.u.scope.value, std::max(k, 1u), {}};
    for (std::uint32_t i = 0; seeds != nullptr && i < seeds->u.list.n; ++i) {
        const tocsin_value& seed = detail::item(*seeds, i);
        wanted.seeds.push_back({static_cast<std::int32_t>(detail::item(seed, 0).u.i), 1,
                                detail::item(seed, 1).u.i, detail::item(seed, 2).u.i});
    }
    ask->planning->moves.push_back(std::move(wanted));
    return static_cast<std::int32_t>(ask->planning->moves.size()) - 1;
}

/// Reports at a parameter of the rule being planned.
std::int32_t refuse(tocsin_ask* ask, tocsin_str path, const std::string& why) {
    const auto& rule = ask->planning->rule;
    ask->diagnostics->add(place_of(rule.params, view(path), rule.place).error(why));
    return -1;
}

std::int32_t need_rule(tocsin_ask* ask, tocsin_str rule, tocsin_str path) {
    RulePlan& planning = *ask->planning;
    const std::string_view name = view(rule);
    const std::string quoted = '"' + std::string{name} + '"';
    if (name == planning.rule.name) return refuse(ask, path, "a rule cannot listen to itself");
    const auto at = ask->rules->find(name);
    if (at == ask->rules->end()) {
        std::vector<std::string_view> names;
        for (const auto& [known, its] : *ask->rules) names.push_back(known);
        return refuse(ask, path, "no rule is named " + quoted + config::did_you_mean(name, names));
    }
    if (planning.rule.enabled && !at->second->enabled)
        return refuse(ask, path, "rule " + quoted + " is not enabled, so it has no alerts to listen to");
    planning.listens.emplace_back(name);
    planning.plan.inputs |= TOCSIN_IN_ALERT;
    return static_cast<std::int32_t>(planning.listens.size()) - 1;
}

std::int32_t need_window(tocsin_ask* ask, tocsin_value length, std::uint32_t side, std::uint32_t span_breaks,
                         tocsin_str path) {
    const auto unit = static_cast<DurationUnit>(length.u.dur.unit);
    if (unit == DurationUnit::sessions || length.u.dur.count <= 0)
        return refuse(ask, path, "must be some trading time, like 5 trading_minutes");
    ask->planning->windows.push_back({length.u.dur.count, side, span_breaks != 0});
    return static_cast<std::int32_t>(ask->planning->windows.size()) - 1;
}

std::int32_t need_symbol(tocsin_ask* ask, tocsin_str symbol, std::uint32_t inputs, tocsin_str path) {
    const std::string name{view(symbol)};
    const auto id = ask->symbols->find(name);
    if (id == market::no_symbol) {
        std::vector<std::string_view> names;
        for (const auto& known : *ask->symbols) names.push_back(known.name);
        return refuse(ask, path, "no symbol is named \"" + name + '"' + config::did_you_mean(name, names));
    }
    ask->planning->others.push_back({id, inputs});
    return static_cast<std::int32_t>(ask->planning->others.size()) - 1;
}

void plan_error(tocsin_ask* ask, tocsin_str path, tocsin_str text) {
    const auto& rule = ask->planning->rule;
    ask->diagnostics->add(place_of(rule.params, view(path), rule.place).error(std::string{view(text)}));
}

// ---- what it may call at any time

/// Fills in what a plugin has made room for; an older one has less.
template <class Struct> void give(Struct* out, Struct value) {
    value.size = static_cast<std::uint32_t>(std::min<std::size_t>(out->size, sizeof value));
    std::memcpy(out, &value, value.size);
}

void rank(const tocsin_ask* ask, std::int32_t handle, std::int32_t session, std::int64_t prev_close,
          std::int64_t price, tocsin_rank* out) {
    const auto& wanted = ask->rule->moves.at(static_cast<std::size_t>(handle));
    give(out, ask->series->ladder().rank(wanted, SessionDate::from_days(session), prev_close, price));
}

std::int64_t add_duration(const tocsin_ask* ask, std::int64_t t, tocsin_value duration) {
    const auto* calendar = ask->series != nullptr ? &ask->series->calendar() : nullptr;
    return add(calendar, Time::from_nanos(t),
               {duration.u.dur.count, static_cast<DurationUnit>(duration.u.dur.unit)})
        .nanos();
}

std::int64_t trading_between(const tocsin_ask* ask, std::int64_t from, std::int64_t to) {
    return ask->series != nullptr
               ? ask->series->calendar().trading_between(Time::from_nanos(from), Time::from_nanos(to))
               : 0;
}

void emit(tocsin_ask* ask, const tocsin_outcome* outcome) {
    tocsin_outcome whole = Outcome{};
    std::memcpy(&whole, outcome, std::min<std::size_t>(outcome->size, sizeof whole));
    ask->emitted.push_back({whole, std::string{view(whole.subject)}, {ask->state.begin(), ask->state.end()}});
}

tocsin_value* scratch(const tocsin_ask* ask, std::uint32_t n) {
    return ask->scratch.emplace_back(std::make_unique<tocsin_value[]>(n)).get();
}

// ---- readings of others, and of time

const series::Series* series_at(const tocsin_ask* ask, std::int32_t handle) {
    return handle < 0 ? ask->series
                      : &ask->host->series(ask->rule->others.at(static_cast<std::size_t>(handle)).symbol);
}

void window(const tocsin_ask* ask, std::int32_t handle, tocsin_window* out) {
    give(out, ask->series->window(ask->rule->windows.at(static_cast<std::size_t>(handle)), ask->now));
}

const tocsin_series* other(const tocsin_ask* ask, std::int32_t handle) {
    return &series_at(ask, handle)->now();
}

std::uint32_t sessions(const tocsin_ask* ask, std::int32_t handle, std::int32_t session, std::uint32_t n,
                       const tocsin_session** first) {
    const auto found = series_at(ask, handle)->ladder().before(SessionDate::from_days(session), n);
    *first = found.data();
    return static_cast<std::uint32_t>(found.size());
}

std::int64_t next_open(const tocsin_ask* ask, std::int64_t t) {
    if (ask->series == nullptr) return TOCSIN_NEVER;
    return ask->series->calendar().next_open(Time::from_nanos(t)).nanos();
}

std::int32_t session_back(const tocsin_ask* ask, std::int32_t session, std::uint32_t n) {
    const auto found = ask->series->ladder().back(SessionDate::from_days(session), n);
    return found ? found->days() : TOCSIN_NO_SESSION;
}

std::int32_t member(const tocsin_ask* ask, std::int32_t handle, tocsin_str symbol, tocsin_member* out) {
    const auto rule = ask->rule->listens_to.at(static_cast<std::size_t>(handle));
    const auto found = ask->host->member(rule, view(symbol), ask->id, ask->now);
    if (found) give(out, *found);
    return found ? 0 : -1;
}

} // namespace

const tocsin_host& host_table() {
    static const tocsin_host table{sizeof(tocsin_host),
                                   TOCSIN_ABI_MAJOR,
                                   TOCSIN_ABI_MINOR,
                                   0,
                                   &need_moves,
                                   &need_rule,
                                   &plan_error,
                                   &rank,
                                   &add_duration,
                                   &trading_between,
                                   &emit,
                                   &scratch,
                                   &need_window,
                                   &need_symbol,
                                   &window,
                                   &other,
                                   &sessions,
                                   &next_open,
                                   &member,
                                   &session_back};
    return table;
}

} // namespace tocsin::rules
