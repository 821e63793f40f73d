#include "engine/serve.hpp"

#include "cli/command.hpp"
#include "cli/diagnose.hpp"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::cli {

void add_serve(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("serve", "Run the daemon: play the files, then decide on what comes live");
    auto config = std::make_shared<std::string>();
    command->add_option("--config", *config, "the configuration file")->required()->type_name("FILE");
    command->callback([config, &status] {
        Diagnostics diagnostics;
        const auto setup = engine::load_setup(*config, diagnostics);
        if (!diagnose(diagnostics)) {
            status = wrong_configuration;
            return;
        }
        const auto outcome = engine::serve(*setup, {name_and_version()});
        if (outcome) return;
        complain(outcome.error());
        status = could_not_run;
    });
}

} // namespace tocsin::cli
