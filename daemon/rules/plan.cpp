#include "rules/plan.hpp"

#include "alert/summary.hpp"
#include "config/nearest.hpp"
#include "rules/ask.hpp"

#include <algorithm>
#include <map>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

void check_symbols(const RulePlan& rule, Diagnostics& diagnostics) {
    const auto& given = rule.rule;
    // Where `symbols` stands and names none that is known, config/ has said so.
    if (rule.type->symbols == TOCSIN_SYMBOLS_REQUIRED && !given.has_symbols)
        diagnostics.add(given.place.error("rule \"" + given.name + "\" needs `symbols`: " + given.type +
                                          " watches prices"));
    if (rule.type->symbols == TOCSIN_SYMBOLS_NONE && given.has_symbols)
        diagnostics.add(
            given.symbols_place.error("`symbols` has no meaning for " + given.type + ": remove it"));
    if (given.has_symbols) return;
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
    host_key(given.keep, given.keep_place, "keep");
    host_key(given.cooldown, given.cooldown_place, "cooldown");
    host_key(given.remind, given.remind_place, "remind");
    host_key(given.expires_after, given.expires_place, "expires");
}

void check_keys(const RulePlan& rule, Diagnostics& diagnostics) {
    const auto& given = rule.rule;
    const auto lasts = [&](const std::optional<Duration>& duration, const config::Place& place,
                           const char* key) {
        if (rule.plan.condition == 0 && duration)
            diagnostics.add(place.error(std::string{"`"} + key + "` has no meaning here: " + given.type +
                                        " rings for an event, which does not last"));
    };
    lasts(given.for_, given.for_place, "for");
    if (rule.plan.momentary != 0 && given.for_)
        diagnostics.add(given.for_place.error("`for` can never be fulfilled here: an episode of this " +
                                              given.type + " ends at the instant at which it begins"));
    lasts(given.keep, given.keep_place, "keep");
    lasts(given.remind, given.remind_place, "remind");
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
    for (std::uint32_t i = 0; i < rule.type->n_values; ++i)
        known.push_back(view(declared_at(rule.type->values, rule.type->value_stride, i).name));
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
        if (!quotes && bars && given.for_ && rule.takes(TOCSIN_IN_BAR) &&
            given.for_->unit != DurationUnit::sessions)
            diagnostics.warn(given.for_place.error(
                "only bars reach rule \"" + given.name + "\" for " + symbol +
                ", and no time passes inside a bar: a later session fulfils `for` at the earliest"));
        if (quotes || bars) continue;
        const std::string what = "no feed carries what rule \"" + given.name + "\" needs of " + symbol;
        if (reached({"bar"}, &symbol))
            diagnostics.warn(
                given.place.error(what + ": " + given.type + " takes no bars, and only bars reach it"));
        else
            diagnostics.add(
                given.symbols_place.error(what + ": add a feed, or its name to a feed's `symbols`"));
    }
    if (rule.takes(TOCSIN_IN_TARIFF) && !reached({"tariff"}, nullptr))
        diagnostics.add(
            given.place.error("no feed carries the tariff events that rule \"" + given.name + "\" needs"));
}

std::unique_ptr<RulePlan> plan_rule(const config::Rule& given, const Plugins& plugins,
                                    const RulesByName& rules, const market::SymbolTable& symbols,
                                    Diagnostics& diagnostics) {
    if (given.type.empty()) return {}; // config/ has said so
    const RuleType* type = plugins.find(given.type);
    if (type == nullptr) {
        diagnostics.add(given.type_place.error("no plugin brings the rule type \"" + given.type + '"' +
                                               config::did_you_mean(given.type, plugins.names())));
        return {};
    }
    auto planned = std::make_unique<RulePlan>(given, type->rule);
    planned->keys = {given.for_,   given.keep,          given.cooldown,
                     given.remind, given.expires_after, given.expires_at};
    const auto errors = diagnostics.errors().size();
    planned->params = read_params(*type->rule, given.params, given.place, diagnostics);
    if (diagnostics.errors().size() == errors) {
        planned->config = std::make_unique<std::byte[]>(std::max<std::size_t>(type->rule->config_size, 1));
        planned->plan.size = sizeof(tocsin_plan);
        tocsin_ask ask;
        ask.planning = planned.get(), ask.rules = &rules, ask.symbols = &symbols;
        ask.diagnostics = &diagnostics;
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

/// Who listens to whom, by place in a list of rules.
using Listening = std::vector<std::vector<std::size_t>>;

Listening listening(const std::vector<std::unique_ptr<RulePlan>>& rules) {
    std::map<std::string_view, std::size_t> index;
    for (std::size_t r = 0; r < rules.size(); ++r) index[rules[r]->rule.name] = r;
    Listening heard(rules.size());
    for (std::size_t r = 0; r < rules.size(); ++r)
        for (const auto& name : rules[r]->listens)
            if (const auto at = index.find(name); at != index.end()) heard[r].push_back(at->second);
    return heard;
}

/// Of the rules that are not settled, each hears one that is not: following them leads into a circle.
void report_circles(const std::vector<std::unique_ptr<RulePlan>>& rules, const Listening& heard,
                    const std::vector<bool>& settled, Diagnostics& diagnostics) {
    std::vector<std::size_t> seen_from(rules.size(), rules.size());
    for (std::size_t start = 0; start < rules.size(); ++start) {
        std::size_t at = start;
        while (!settled[at] && seen_from[at] == rules.size()) {
            seen_from[at] = start;
            at =
                *std::find_if(heard[at].begin(), heard[at].end(), [&](std::size_t r) { return !settled[r]; });
        }
        if (settled[at] || seen_from[at] != start) continue; // led to where another walk has been
        std::string way = rules[at]->rule.name;
        std::size_t next = at;
        do {
            next = *std::find_if(heard[next].begin(), heard[next].end(),
                                 [&](std::size_t r) { return !settled[r]; });
            way += " hears " + rules[next]->rule.name;
        } while (next != at);
        diagnostics.add(rules[at]->rule.place.error("rule \"" + rules[at]->rule.name +
                                                    "\" listens, through others, to itself (" + way +
                                                    "): break the circle"));
    }
}

/// Sets the depths: whoever hears nobody first, then whoever hears only those, and so on.
void set_depths(std::vector<std::unique_ptr<RulePlan>>& rules, Diagnostics& diagnostics) {
    const Listening heard = listening(rules);
    Listening hearers(rules.size());
    std::vector<std::size_t> waits_for(rules.size()), ready;
    std::vector<bool> settled(rules.size());
    for (std::size_t r = 0; r < rules.size(); ++r) {
        waits_for[r] = heard[r].size();
        for (const auto other : heard[r]) hearers[other].push_back(r);
        if (heard[r].empty()) ready.push_back(r);
    }
    while (!ready.empty()) {
        const std::size_t r = ready.back();
        ready.pop_back();
        settled[r] = true;
        for (const auto hearer : hearers[r]) {
            rules[hearer]->depth = std::max(rules[hearer]->depth, rules[r]->depth + 1);
            if (--waits_for[hearer] == 0) ready.push_back(hearer);
        }
    }
    report_circles(rules, heard, settled, diagnostics);
}

void lay_out(Plan& plan, const config::Config& config) {
    constexpr std::uint64_t alignment = 16;
    plan.takers.resize(config.symbols.size());
    plan.watchers.resize(config.symbols.size());
    plan.windows.resize(config.symbols.size());
    plan.listeners.resize(plan.rules.size());
    std::map<std::string_view, std::uint32_t> index;
    for (std::uint32_t r = 0; r < plan.rules.size(); ++r) index[plan.rules[r]->rule.name] = r;
    for (std::uint32_t r = 0; r < plan.rules.size(); ++r) {
        RulePlan& rule = *plan.rules[r];
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
            for (const auto& other : rule.others)
                if (other.inputs != 0) plan.watchers[other.symbol].push_back({id, other.inputs});
            for (const auto& window : rule.windows)
                if (auto& known = plan.windows[symbol];
                    std::find(known.begin(), known.end(), window) == known.end())
                    known.push_back(window);
        }
        for (const auto& name : rule.listens) {
            rule.listens_to.push_back(index.at(name));
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

std::unique_ptr<Plan> make_plan(const config::Config& config, const Plugins& plugins,
                                Diagnostics& diagnostics) {
    auto plan = std::make_unique<Plan>();
    RulesByName rules;
    for (const auto& rule : config.rules) rules.emplace(rule.name, &rule);
    const bool all_declare = std::all_of(config.feeds.begin(), config.feeds.end(),
                                         [](const auto& feed) { return feed.symbols && feed.types; });
    for (const auto& rule : config.rules) {
        auto planned = plan_rule(rule, plugins, rules, config.symbols, diagnostics);
        if (planned == nullptr) continue;
        if (all_declare) check_reach(*planned, config, diagnostics);
        if (rule.enabled) plan->rules.push_back(std::move(planned));
    }
    set_depths(plan->rules, diagnostics);
    std::sort(plan->rules.begin(), plan->rules.end(), [](const auto& a, const auto& b) {
        return a->depth != b->depth ? a->depth < b->depth : a->rule.name < b->rule.name;
    });
    if (diagnostics.ok()) lay_out(*plan, config);
    return plan;
}

} // namespace tocsin::rules
