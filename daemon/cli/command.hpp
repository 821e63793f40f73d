// The commands of the program, one file each: each adds itself to the command line. Results go to standard
// output, logs to standard error. Exit status: 0 done · 1 the configuration is wrong · 2 wrong usage · 3 it
// could not run.
#pragma once

namespace CLI {
class App;
}

namespace tocsin::cli {

inline constexpr int done = 0, wrong_configuration = 1, wrong_usage = 2, could_not_run = 3;

int run(int argc, char** argv);

/// Each sets `status` when its command has run.
void add_serve(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_rules(CLI::App& app, int& status);
void add_tail(CLI::App& app, int& status);
void add_completion(CLI::App& app, int& status);

/// `tocsin 0.1.0`.
const char* name_and_version();

} // namespace tocsin::cli
