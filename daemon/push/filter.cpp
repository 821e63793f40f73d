#include "push/filter.hpp"

#include <algorithm>

namespace tocsin::push {
namespace {

using Globs = std::optional<std::vector<std::string>>;

bool any_matches(const Globs& globs, std::string_view text) {
    return !globs || std::any_of(globs->begin(), globs->end(),
                                 [&](const std::string& glob) { return glob_matches(glob, text); });
}

bool holds_all(const std::map<std::string, std::string>& wanted,
               const std::map<std::string, std::string>& labels) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
        const auto found = labels.find(label.first);
        return found != labels.end() && found->second == label.second;
    });
}

bool can_match(const Filter& filter, const RuleInfo& rule) {
    const auto severe_enough = [&](alert::Severity severity) {
        return !filter.severity || severity >= *filter.severity;
    };
    const auto wanted = [&](const std::string& symbol) { return any_matches(filter.symbols, symbol); };
    return any_matches(filter.rules, rule.name) && holds_all(filter.labels, rule.labels) &&
           std::any_of(rule.severities.begin(), rule.severities.end(), severe_enough) &&
           (!filter.symbols || std::any_of(rule.symbols.begin(), rule.symbols.end(), wanted));
}

} // namespace

bool glob_matches(std::string_view glob, std::string_view text) {
    // Greedy with one step back: only the last star can need to take more, so the time is glob times text at
    // worst.
    std::size_t g = 0, t = 0, after_star = std::string_view::npos, taken = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            after_star = ++g;
            taken = t;
        } else if (g < glob.size() && glob[g] == text[t]) {
            ++g;
            ++t;
        } else if (after_star != std::string_view::npos) {
            g = after_star;
            t = ++taken;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == '*') ++g;
    return g == glob.size();
}

bool Filter::matches(const alert::Alert& alert) const {
    return (!severity || alert.severity >= *severity) && any_matches(rules, alert.rule) &&
           (!symbols || (!alert.symbol.empty() && any_matches(symbols, alert.symbol))) &&
           holds_all(labels, alert.labels);
}

std::string why_no_match(const Filter& filter, const Catalogue& catalogue) {
    if (filter == Filter{}) return {};
    const auto known = [](const Globs& globs, const auto& all, auto name_of) {
        return std::any_of(all.begin(), all.end(),
                           [&](const auto& one) { return any_matches(globs, name_of(one)); });
    };
    if (filter.symbols && !known(filter.symbols, catalogue.symbols, [](const std::string& s) { return s; }))
        return filter.symbols->empty() ? "an empty list of symbols matches nothing; leave it out to match all"
                                       : "no configured symbol matches the filter's symbols";
    if (filter.rules && !known(filter.rules, catalogue.rules, [](const RuleInfo& r) { return r.name; }))
        return filter.rules->empty() ? "an empty list of rules matches nothing; leave it out to match all"
                                     : "no loaded rule matches the filter's rules";
    if (std::any_of(catalogue.rules.begin(), catalogue.rules.end(),
                    [&](const RuleInfo& rule) { return can_match(filter, rule); }))
        return {};
    return "no loaded rule can give an alert that matches the whole filter";
}

} // namespace tocsin::push
