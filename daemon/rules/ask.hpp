// tocsin_ask: the host's side of one instance while a plugin runs: what plan fills, what evaluate may read.
// Internal to rules/.
#pragma once
#include "base/error.hpp"
#include "rules/plan.hpp"
#include "series/series.hpp"

#include <memory>
#include <tocsin/plugin.h>
#include <vector>

struct tocsin_ask {
    // plan
    tocsin::rules::RulePlan* planning = nullptr;
    const std::vector<std::string_view>* rule_names = nullptr;
    tocsin::Diagnostics* diagnostics = nullptr;
    // evaluate, report
    const tocsin::rules::RulePlan* rule = nullptr;
    const tocsin::series::Series* series = nullptr; // nothing without a symbol
    std::vector<tocsin_outcome> emitted;
    mutable std::vector<std::unique_ptr<tocsin_value[]>>
        scratch; // empty, it costs nothing: most calls need none
};
