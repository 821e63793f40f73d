#include "cli/command.hpp"
#include "cli/diagnose.hpp"
#include "config/nearest.hpp"
#include "config/schema.hpp"
#include "engine/setup.hpp"
#include "rules/declaration.hpp"
#include "rules/schema.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>

namespace tocsin::cli {

static void print_schema(std::string_view of, const rules::Plugins& plugins) {
    const std::string schema =
        of == "rules" ? rules::rule_file_schema(plugins) : config::configuration_schema();
    std::fwrite(schema.data(), 1, schema.size(), stdout);
}

void add_rules(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("rules", "The rule types found, with their parameters, values and meaning");
    struct Options {
        std::string type, schema;
        std::vector<std::string> directories;
    };
    auto given = std::make_shared<Options>();
    auto* only = command->add_option("type", given->type, "only this rule type")->type_name("TYPE");
    command->add_option("--plugins", given->directories, "further directories of plugins")->type_name("DIR");
    command
        ->add_flag(
            "--json-schema{rules}", given->schema,
            "print a JSON Schema for editors: of rule files, or of the configuration (--json-schema=config)")
        ->check(CLI::IsMember({"rules", "config"}))
        ->excludes(only);
    command->callback([given, &status] {
        Diagnostics diagnostics;
        rules::Plugins plugins;
        plugins.load_directory(engine::installed_plugins(), rules::host_table(), diagnostics);
        for (const auto& directory : given->directories)
            plugins.load_directory(directory, rules::host_table(), diagnostics);
        if (!diagnose(diagnostics)) status = wrong_configuration;
        if (!given->schema.empty()) {
            // A schema that lacks what could not be loaded would call right rules wrong.
            if (diagnostics.ok()) print_schema(given->schema, plugins);
            return;
        }
        if (!given->type.empty() && plugins.find(given->type) == nullptr) {
            complain(Error{"no plugin brings the rule type \"" + given->type + '"' +
                           config::did_you_mean(given->type, plugins.names())});
            status = wrong_usage;
        }
        bool first = true;
        for (const auto& [name, type] : plugins.types()) {
            if (!given->type.empty() && given->type != name) continue;
            fmt::print("{}{}  plugin: {} {} ({})\n", first ? "" : "\n", rules::describe(*type.rule),
                       type.plugin, type.version, type.file);
            first = false;
        }
    });
}

} // namespace tocsin::cli
