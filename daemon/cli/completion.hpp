// What a shell offers behind the cursor: commands, options, their words, files, rule types. The candidates
// come from the command line's own description each time they are wanted, so they cannot go stale; the
// scripts that `tocsin completion SHELL` prints only ask and show.
#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace tocsin::cli {

struct Completion {
    std::vector<std::pair<std::string, std::string>> words; // each with its doc, which may be empty
    bool files = false, directories = false;                // names of such as well
};

/// Rule types with their docs; asked for only where one is wanted.
using RuleTypes = std::function<std::vector<std::pair<std::string, std::string>>()>;

/// `words` stand behind the program's name; the last is the one at the cursor, perhaps empty. An option's
/// kind of value is its type name: FILE, DIR, TYPE (a rule type), or the words of CLI::IsMember.
Completion complete(const CLI::App& app, const std::vector<std::string>& words, const RuleTypes& rule_types);

/// `tocsin __complete WORDS…`, what the scripts run. Prints a candidate a line, a tab before its doc; a last
/// line
/// `:files` or `:directories` asks for those.
int print_completion(const CLI::App& app, const std::vector<std::string>& words);

} // namespace tocsin::cli
