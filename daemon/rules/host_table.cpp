// The functions that plugins are handed.
#include "config/nearest.hpp"
#include "rules/ask.hpp"
#include "rules/plan.hpp"

#include <algorithm>
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

std::int32_t need_rule(tocsin_ask* ask, tocsin_str rule, tocsin_str path) {
    RulePlan& planning = *ask->planning;
    const auto refuse = [&](const std::string& why) {
        const config::Place place = place_of(planning.rule.params, view(path), planning.rule.place);
        ask->diagnostics->add(place.error(why));
        return -1;
    };
    const std::string_view name = view(rule);
    const std::string quoted = '"' + std::string{name} + '"';
    if (name == planning.rule.name) return refuse("a rule cannot listen to itself");
    const auto at = ask->rules->find(name);
    if (at == ask->rules->end()) {
        std::vector<std::string_view> names;
        for (const auto& [known, its] : *ask->rules) names.push_back(known);
        return refuse("no rule is named " + quoted + config::did_you_mean(name, names));
    }
    if (planning.rule.enabled && !at->second->enabled)
        return refuse("rule " + quoted + " is not enabled, so it has no alerts to listen to");
    planning.listens.emplace_back(name);
    planning.plan.inputs |= TOCSIN_IN_ALERT;
    return static_cast<std::int32_t>(planning.listens.size()) - 1;
}

void plan_error(tocsin_ask* ask, tocsin_str path, tocsin_str text) {
    const auto& rule = ask->planning->rule;
    ask->diagnostics->add(place_of(rule.params, view(path), rule.place).error(std::string{view(text)}));
}

// ---- what it may call at any time

void rank(const tocsin_ask* ask, std::int32_t handle, std::int32_t session, std::int64_t prev_close,
          std::int64_t price, tocsin_rank* out) {
    const auto& wanted = ask->rule->moves.at(static_cast<std::size_t>(handle));
    *out = ask->series->ladder().rank(wanted, SessionDate::from_days(session), prev_close, price);
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
    ask->emitted.push_back(*outcome);
}

tocsin_value* scratch(const tocsin_ask* ask, std::uint32_t n) {
    return ask->scratch.emplace_back(std::make_unique<tocsin_value[]>(n)).get();
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
                                   &scratch};
    return table;
}

} // namespace tocsin::rules
