#include "cli/command.hpp"
#include "cli/diagnose.hpp"
#include "engine/setup.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace tocsin::cli {
namespace {

/// What is accepted and not yet acted upon.
void warn_of_corrections(const config::Config& config, Diagnostics& diagnostics) {
    for (const auto& feed : config.feeds) {
        const bool declared = feed.types && std::find(feed.types->begin(), feed.types->end(), "correction") !=
                                                feed.types->end();
        if (declared)
            diagnostics.warn(
                feed.place.error("feed \"" + feed.name +
                                 "\" carries corrections: this version counts them and does not apply them"));
    }
}

} // namespace

void add_check(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("check", "Load all that serve would, and print every mistake with its place");
    auto config = std::make_shared<std::string>();
    command->add_option("--config", *config, "the configuration file")->required()->type_name("FILE");
    command->callback([config, &status] {
        Diagnostics diagnostics;
        const auto setup = engine::load_setup(*config, diagnostics);
        engine::check_feeds(setup->config, diagnostics);
        warn_of_corrections(setup->config, diagnostics);
        if (!diagnose(diagnostics)) {
            status = wrong_configuration;
            return;
        }
        const auto enabled = setup->plan->rules.size();
        fmt::print("{}: {} rules ({} enabled), {} symbols, {} feeds, {} calendars: no mistakes. Corrections, "
                   "if any come, "
                   "are counted and not applied in this version.\n",
                   *config, setup->config.rules.size(), enabled, setup->config.symbols.size(),
                   setup->config.feeds.size(), setup->config.calendars.size());
    });
}

} // namespace tocsin::cli
