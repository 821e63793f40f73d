#include "cli/command.hpp"

#include "base/log.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>

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
