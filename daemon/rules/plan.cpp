#include "rules/plan.hpp"

#include "alert/summary.hpp"
#include "config/nearest.hpp"
#include "rules/ask.hpp"

#include <algorithm>
#include <map>
#include <set>
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
    const std::string name{view(rule)};
    const auto& place = place_of(ask->planning->rule.params, view(path), ask->planning->rule.place);
    if (name == ask->planning->rule.name)
        return ask->diagnostics->add(place.error("a rule cannot listen to itself")), -1;
    if (std::find(ask->rule_names->begin(), ask->rule_names->end(), name) == ask->rule_names->end())
        return ask->diagnostics->add(place.error("no rule is named \"" + name + '"' +
                                                 config::did_you_mean(name, *ask->rule_names))),
               -1;
    auto& listens = ask->planning->listens;
    listens.push_back(name);
    ask->planning->plan.inputs |= TOCSIN_IN_ALERT;
    return static_cast<std::int32_t>(listens.size()) - 1;
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

// ---- the host's own checks of a rule

void check_symbols(const RulePlan& rule, Diagnostics& diagnostics) {
    const auto& given = rule.rule;
    if (rule.type->symbols == TOCSIN_SYMBOLS_REQUIRED && given.symbols.empty())
        diagnostics.add(given.place.error("rule \"" + given.name + "\" needs `symbols`: " + given.type +
                                          " watches prices"));
    if (rule.type->symbols == TOCSIN_SYMBOLS_NONE && given.has_symbols)
        diagnostics.add(
            given.symbols_place.error("`symbols` has no meaning for " + given.type + ": remove it"));
    if (!given.symbols.empty()) return;
    if (rule.plan.needs_symbol_time != 0)
        diagnostics.add(
            given.place.error("rule \"" + given.name +
                              "\" counts sessions or trading time, so it needs `symbols` for a calendar"));
    const auto host_key = [&](const std::optional<Duration>& duration, const config::Place& place,
                              const char* key) {
        if (duration && duration->unit != DurationUnit::clock)
            diagnostics.add(place.error(std::string{"`"} + key +
                                        "` counts sessions or trading time, so the rule needs "
                                        "`symbols` for a calendar; or write clock time (2h)"));
    };
    host_key(given.for_, given.for_place, "for");
    host_key(given.cooldown, given.cooldown_place, "cooldown");
    host_key(given.expires_after, given.expires_place, "expires");
}

void check_keys(const RulePlan& rule, Diagnostics& diagnostics) {
    const auto& given = rule.rule;
    if (rule.plan.condition == 0 && given.for_)
        diagnostics.add(given.for_place.error("`for` has no meaning here: " + given.type +
                                              " rings for an event, which does not last"));
    if (rule.plan.condition == 0 && given.expires_after)
        diagnostics.add(given.expires_place.error(
            "`expires` with a duration ends an episode, and " + given.type +
            " rings for an event, which has none; give a time, at which the rule ends"));
}

void check_summary(const RulePlan& rule, Diagnostics& diagnostics) {
    const auto& given = rule.rule;
    const auto parsed = alert::parse_summary(given.summary);
    if (!parsed.problem.empty()) diagnostics.add(given.summary_place.error("summary: " + parsed.problem));
    std::vector<std::string_view> known = alert::common_placeholders();
    for (std::uint32_t i = 0; i < rule.type->n_values; ++i) known.push_back(view(rule.type->values[i].name));
    for (const auto& placeholder : parsed.placeholders)
        if (std::find(known.begin(), known.end(), placeholder.name) == known.end())
            diagnostics.add(given.summary_place.error("summary: " + given.type + " reports no \"" +
                                                      placeholder.name + '"' +
                                                      config::did_you_mean(placeholder.name, known)));
}

/// Which event types a feed carries for a symbol; all of them where it does not say.
bool carries(const config::Feed& feed, std::string_view type, const std::string* symbol) {
    const auto has = [](const auto& list, std::string_view word) {
        return !list || std::find(list->begin(), list->end(), word) != list->end();
    };
    return has(feed.types, type) && (symbol == nullptr || has(feed.symbols, *symbol));
}

/// A rule that no feed can reach though every feed says what it carries.
void check_reach(const RulePlan& rule, const config::Config& config, Diagnostics& diagnostics) {
    const auto reached = [&](std::initializer_list<std::string_view> types, const std::string* symbol) {
        for (const auto& feed : config.feeds)
            for (const auto type : types)
                if (carries(feed, type, symbol)) return true;
        return false;
    };
    const auto& given = rule.rule;
    const bool prices = rule.takes(TOCSIN_IN_PRICE | TOCSIN_IN_BAR | TOCSIN_IN_CLOSE);
    const bool by_quote = rule.takes(TOCSIN_IN_PRICE | TOCSIN_IN_CLOSE),
               by_bar = rule.takes(TOCSIN_IN_BAR | TOCSIN_IN_CLOSE);
    for (const auto& symbol : given.symbols) {
        if (!prices) continue;
        const bool quotes = by_quote && reached({"quote"}, &symbol),
                   bars = by_bar && reached({"bar"}, &symbol);
        if (quotes || bars) continue;
        const std::string what = "no feed carries what rule \"" + given.name + "\" needs of " + symbol;
        if (reached({"bar"}, &symbol))
            diagnostics.warn(
                given.place.error(what + ": " + given.type + " takes no bars, and only bars reach it"));
        else
            diagnostics.add(
                given.symbols_place.error(what + ": add a feed, or its name to a feed's `symbols`"));
    }
    if (rule.takes(TOCSIN_IN_TARIFF) && !rule.takes(TOCSIN_IN_ALERT) && !reached({"tariff"}, nullptr))
        diagnostics.add(
            given.place.error("no feed carries the tariff events that rule \"" + given.name + "\" needs"));
}

std::unique_ptr<RulePlan> plan_rule(const config::Rule& given, const Plugins& plugins,
                                    const std::vector<std::string_view>& names, Diagnostics& diagnostics) {
    const RuleType* type = plugins.find(given.type);
    if (type == nullptr) {
        diagnostics.add(given.type_place.error("no plugin brings the rule type \"" + given.type + '"' +
                                               config::did_you_mean(given.type, plugins.names())));
        return {};
    }
    auto planned = std::make_unique<RulePlan>();
    planned->rule = given;
    planned->type = type->rule;
    planned->plugin_version = type->version;
    planned->keys = {given.for_, given.cooldown, given.expires_after, given.expires_at};
    const auto errors = diagnostics.errors().size();
    planned->params = read_params(*type->rule, planned->rule.params, given.place, diagnostics);
    if (diagnostics.errors().size() == errors) {
        planned->config = std::make_unique<std::byte[]>(std::max<std::size_t>(type->rule->config_size, 1));
        planned->plan.size = sizeof(tocsin_plan);
        tocsin_ask ask;
        ask.planning = planned.get(), ask.rule_names = &names, ask.diagnostics = &diagnostics;
        const auto answer = type->rule->plan(&ask, planned->params->values(), planned->params->size(),
                                             planned->config.get(), &planned->plan);
        if (answer != 0 && diagnostics.errors().size() == errors)
            diagnostics.add(given.place.error("rule type " + given.type +
                                              " refuses these parameters and does not say why"));
    }
    if (diagnostics.errors().size() == errors) check_keys(*planned, diagnostics);
    check_symbols(*planned, diagnostics);
    check_summary(*planned, diagnostics);
    return planned;
}

/// Sets the depths; a cycle is an error at one of its rules.
void set_depths(std::vector<std::unique_ptr<RulePlan>>& rules, Diagnostics& diagnostics) {
    std::map<std::string_view, RulePlan*> by_name;
    for (const auto& rule : rules) by_name[rule->rule.name] = rule.get();
    // As many rounds as there are rules settle every depth that can be settled.
    bool changed = true;
    for (std::size_t round = 0; changed && round <= rules.size(); ++round) {
        changed = false;
        for (const auto& rule : rules) {
            std::uint32_t depth = 0;
            for (const auto& name : rule->listens)
                if (const auto at = by_name.find(name); at != by_name.end())
                    depth = std::max(depth, at->second->depth + 1);
            if (depth != rule->depth) rule->depth = depth, changed = true;
        }
    }
    if (!changed) return;
    const auto deepest = std::max_element(rules.begin(), rules.end(),
                                          [](const auto& a, const auto& b) { return a->depth < b->depth; });
    diagnostics.add((*deepest)->rule.place.error("rule \"" + (*deepest)->rule.name +
                                                 "\" listens, through others, to itself: break the circle"));
}

void lay_out(Plan& plan, const config::Config& config) {
    constexpr std::uint64_t alignment = 16;
    plan.takers.resize(config.symbols.size());
    plan.listeners.resize(plan.rules.size());
    std::map<std::string_view, std::uint32_t> index;
    for (std::uint32_t r = 0; r < plan.rules.size(); ++r) index[plan.rules[r]->rule.name] = r;
    for (std::uint32_t r = 0; r < plan.rules.size(); ++r) {
        const RulePlan& rule = *plan.rules[r];
        std::vector<market::SymbolId> symbols;
        for (const auto& symbol : rule.rule.symbols) symbols.push_back(config.symbols.find(symbol));
        if (symbols.empty()) symbols.push_back(market::no_symbol);
        std::sort(symbols.begin(), symbols.end());
        plan.first_instance.push_back(static_cast<std::uint32_t>(plan.instances.size()));
        for (const auto symbol : symbols) {
            const auto id = static_cast<std::uint32_t>(plan.instances.size());
            plan.instances.push_back({r, symbol, plan.state_bytes});
            plan.state_bytes += (rule.plan.state_size + alignment - 1) / alignment * alignment;
            for (std::size_t bit = 0; bit < Plan::inputs; ++bit)
                if (symbol != market::no_symbol && rule.takes(1u << bit))
                    plan.takers[symbol][bit].push_back(id);
            if (rule.takes(TOCSIN_IN_TARIFF)) plan.tariff_listeners.push_back(id);
        }
        for (const auto& name : rule.listens) {
            auto& listeners = plan.listeners[index.at(name)];
            if (listeners.empty() || listeners.back() != r) listeners.push_back(r);
        }
    }
    plan.first_instance.push_back(static_cast<std::uint32_t>(plan.instances.size()));
}

} // namespace

alert::Severity RulePlan::severity(std::int32_t level) const {
    if (level < 1 || static_cast<std::uint32_t>(level) > plan.n_levels || plan.severity[level - 1] == 0)
        return rule.severity;
    return static_cast<alert::Severity>(plan.severity[level - 1] - 1);
}

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

std::unique_ptr<Plan> make_plan(const config::Config& config, const Plugins& plugins,
                                Diagnostics& diagnostics) {
    auto plan = std::make_unique<Plan>();
    std::vector<std::string_view> names;
    for (const auto& rule : config.rules) names.push_back(rule.name);
    const bool all_declare = std::all_of(config.feeds.begin(), config.feeds.end(),
                                         [](const auto& feed) { return feed.symbols && feed.types; });
    std::set<std::string> disabled;
    for (const auto& rule : config.rules) {
        auto planned = plan_rule(rule, plugins, names, diagnostics);
        if (planned == nullptr) continue;
        if (all_declare) check_reach(*planned, config, diagnostics);
        if (rule.enabled)
            plan->rules.push_back(std::move(planned));
        else
            disabled.insert(rule.name);
    }
    for (const auto& rule : plan->rules)
        for (const auto& name : rule->listens)
            if (disabled.contains(name))
                diagnostics.add(rule->rule.place.error("rule \"" + rule->rule.name + "\" listens to \"" +
                                                       name + "\", which is not enabled"));
    set_depths(plan->rules, diagnostics);
    std::sort(plan->rules.begin(), plan->rules.end(), [](const auto& a, const auto& b) {
        return a->depth != b->depth ? a->depth < b->depth : a->rule.name < b->rule.name;
    });
    if (diagnostics.ok()) lay_out(*plan, config);
    return plan;
}

} // namespace tocsin::rules
