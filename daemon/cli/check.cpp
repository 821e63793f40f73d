#include "base/clock.hpp"
#include "cli/command.hpp"
#include "cli/date.hpp"
#include "cli/diagnose.hpp"
#include "cli/upcoming.hpp"
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

struct Options {
    std::string config, today;
};

/// The date at the exchange, unless one was asked for. The clock decides nothing but which lines are printed.
SessionDate today(const Options& given, const market::Calendar& calendar) {
    if (given.today.empty()) return calendar.local_date(wall_now());
    return SessionDate::parse(given.today).value; // checked by the option
}

} // namespace

void add_check(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("check", "Load all that serve would, and print every mistake with its place");
    auto given = std::make_shared<Options>();
    command->add_option("--config", given->config, "the configuration file")->required()->type_name("FILE");
    command
        ->add_option("--today", given->today,
                     "print what the calendars have from this date (YYYY-MM-DD) on; the exchange's own date "
                     "where absent")
        ->check(&date_problem);
    command->callback([given, &status] {
        Diagnostics diagnostics;
        const auto setup = engine::load_setup(given->config, diagnostics);
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
                   given->config, setup->config.rules.size(), enabled, setup->config.symbols.size(),
                   setup->config.feeds.size(), setup->config.calendars.size());
        for (const auto& calendar : setup->config.calendars)
            fmt::print("{}", upcoming(*calendar, today(*given, *calendar)));
    });
}

} // namespace tocsin::cli
