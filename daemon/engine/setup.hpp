// Setup: a configuration with all that it names, loaded and checked: calendars, rule files, plugins, plan.
// What `serve`, `replay` and `check` begin with. Every mistake goes to the diagnostics; the result is usable
// only if there is none.
#pragma once
#include "config/config.hpp"
#include "rules/plan.hpp"
#include "rules/plugin.hpp"

#include <memory>
#include <string>

namespace tocsin::engine {

struct Setup {
    config::Config config;
    rules::Plugins plugins;
    std::unique_ptr<rules::Plan> plan;
};

/// Where the plugins that come with the program are: beside it (`plugins/`, in a build) or in its prefix
/// (`../lib/tocsin/plugins`).
std::string installed_plugins();

std::unique_ptr<Setup> load_setup(const std::string& config_file, Diagnostics& diagnostics);

} // namespace tocsin::engine
