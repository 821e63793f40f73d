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

/// Does not open feeds: a file that is not there is no mistake of the configuration, but a run fails for it.
std::unique_ptr<Setup> load_setup(const std::string& config_file, Diagnostics& diagnostics);
/// Opens each file feed for a moment: is it there, and does a CSV header fit the mapping? Only where the
/// configuration that names them has no mistake of its own; pipes are left alone, and a file that is followed
/// may be missing.
void check_feeds(const config::Config& config, Diagnostics& diagnostics);

} // namespace tocsin::engine
