#include "cli/command.hpp"

#include "base/log.hpp"
#include "cli/completion.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string_view>

namespace tocsin::cli {

const char* name_and_version() {
    return "tocsin " TOCSIN_VERSION;
}

int run(int argc, char** argv) {
    CLI::App app{"tocsin watches market feeds by rules, and rings: once, when it must, and never for nothing",
                 "tocsin"};
    app.set_version_flag("--version", name_and_version());
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    int status = done;
    bool verbose = false;
    app.add_flag("--verbose", verbose, "log more");
    app.parse_complete_callback([&] { log::open(verbose ? log::Level::debug : log::Level::info); });
    add_serve(app, status);
    add_replay(app, status);
    add_check(app, status);
    add_rules(app, status);
    add_tail(app, status);
    add_completion(app, status);
    // Not parsed: its words are a command line that is not finished.
    if (argc > 1 && std::string_view{argv[1]} == "__complete")
        return print_completion(app, {argv + 2, argv + argc});
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) { // --help, --version
        return app.exit(success);
    } catch (const CLI::ParseError& wrong) {
        app.exit(wrong);
        return wrong_usage;
    }
    log::flush();
    return std::fflush(stdout) == 0 ? status : could_not_run;
}

} // namespace tocsin::cli
