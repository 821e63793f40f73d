// Plan: the rules of a configuration, checked against their types and made ready to run: parameters read,
// readings asked for, depths and the order of evaluation fixed. Built once, then never changed; shared by
// whoever runs it.
//
// The order of the instances is the order of decisions at one instant: by depth (a rule that listens to
// others comes after them), then by rule name, then by symbol.
#pragma once
#include "config/config.hpp"
#include "rules/declaration.hpp"
#include "rules/lifecycle.hpp"
#include "rules/plugin.hpp"
#include "series/ladder.hpp"
#include "series/window.hpp"

#include <array>
#include <memory>
#include <string>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

struct RulePlan {
    explicit RulePlan(const config::Rule& given, const tocsin_rule* its) : rule{given}, type{its} {}

    const config::Rule& rule;
    const tocsin_rule* type;
    std::unique_ptr<Params> params;
    std::unique_ptr<std::byte[]> config; // aligned for anything
    tocsin_plan plan{};
    struct Other {
        market::SymbolId symbol;
        std::uint32_t inputs;
    };
    // What it asked for, by handle.
    std::vector<series::MovesWanted> moves;
    std::vector<series::WindowWanted> windows;
    std::vector<Other> others;             // symbols that are not its own
    std::vector<std::string> listens;      // names of the rules whose alerts it takes
    std::vector<std::uint32_t> listens_to; // the same, as indices into Plan::rules
    std::uint32_t depth = 0; // 0 listens to nobody; else one more than the deepest that it listens to
    LifecycleKeys keys;

    bool takes(std::uint32_t input) const { return (plan.inputs & input) != 0; }
    /// Of a level from 1; 0: the rule's own.
    alert::Severity severity(std::int32_t level) const;
};

struct Instance {
    std::uint32_t rule = 0; // index into Plan::rules
    market::SymbolId symbol = market::no_symbol;
    std::uint64_t state_at = 0; // offset of its block
};

struct Plan {
    static constexpr std::size_t inputs = 9;      // TOCSIN_IN_PRICE … TOCSIN_IN_TIME, by bit
    std::vector<std::unique_ptr<RulePlan>> rules; // in the order of decisions
    std::vector<Instance> instances;              // likewise
    /// Instances by symbol and input, so that an input wakes those that take it at no cost for those that do
    /// not.
    std::vector<std::array<std::vector<std::uint32_t>, inputs>> takers;
    struct Watcher {
        std::uint32_t id, inputs;
    };
    std::vector<std::vector<Watcher>> watchers; // by symbol: instances of other symbols that take its inputs
    std::vector<std::vector<series::WindowWanted>> windows; // by symbol, each once
    std::vector<std::uint32_t> tariff_listeners;            // instances that take tariff events
    std::vector<std::vector<std::uint32_t>> listeners;      // by rule: the rules that listen to it
    std::vector<std::uint32_t> first_instance;              // by rule, and one past the last
    std::uint64_t state_bytes = 0;
};

/// The table of functions that plugins are handed.
const tocsin_host& host_table();

/// Checks every rule, and plans it; what is not enabled is checked but not in the plan. Requires: config and
/// plugins outlive the plan. Usable if
/// diagnostics.ok().
std::unique_ptr<Plan> make_plan(const config::Config& config, const Plugins& plugins,
                                Diagnostics& diagnostics);

} // namespace tocsin::rules
