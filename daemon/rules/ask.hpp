// tocsin_ask: the host's side of one instance while a plugin runs: what plan fills, what evaluate may read.
// Internal to rules/.
#pragma once
#include "base/error.hpp"
#include "rules/plan.hpp"
#include "series/series.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

class Host;

using RulesByName = std::map<std::string_view, const config::Rule*>;

} // namespace tocsin::rules

struct tocsin_ask {
    // plan
    tocsin::rules::RulePlan* planning = nullptr;
    const tocsin::rules::RulesByName* rules = nullptr;
    const tocsin::market::SymbolTable* symbols = nullptr;
    tocsin::Diagnostics* diagnostics = nullptr;
    // evaluate, report
    const tocsin::rules::RulePlan* rule = nullptr;
    const tocsin::series::Series* series = nullptr; // nothing without a symbol
    const tocsin::rules::Host* host = nullptr;
    std::uint32_t id = 0; // of the instance
    tocsin::Time now;
    std::span<const std::uint64_t> state; // of the instance
    /// An outcome with the state as it was then, which its values are of.
    struct Emitted {
        tocsin_outcome outcome;
        std::string subject;
        std::vector<std::uint64_t> state;
    };
    std::vector<Emitted> emitted;
    // Empty, it costs nothing: most calls need none.
    mutable std::vector<std::unique_ptr<tocsin_value[]>> scratch;
};
