#include "cli/completion.hpp"

#include "cli/command.hpp"
#include "engine/setup.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <set>
#include <tocsin/rule.hpp>

namespace tocsin::cli {
namespace {

constexpr std::string_view bash_script = R"(# bash completion for tocsin
_tocsin() {
    local words=() i word value
    # Bash splits at = and :, which tocsin does not.
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 1)) && [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
    done
    value=${words[-1]##*[=:]} # what is replaced
    COMPREPLY=()
    while IFS=$'\t' read -r word _; do
        case $word in
            :files) mapfile -t COMPREPLY < <(compgen -f -- "$value"); compopt -o filenames 2>/dev/null ;;
            :directories) mapfile -t COMPREPLY < <(compgen -d -- "$value"); compopt -o filenames 2>/dev/null ;;
            *) COMPREPLY+=("${word#"${words[-1]%"$value"}"}") ;;
        esac
    done < <("${1/#\~/$HOME}" __complete "${words[@]}" 2>/dev/null)
}
complete -F _tocsin tocsin
)";

constexpr std::string_view zsh_script = R"(#compdef tocsin
_tocsin() {
    local line
    local -a found
    for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" __complete "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}"; do
        case $line in
            '') ;;
            :files) compset -P '*='; _files ;;
            :directories) compset -P '*='; _files -/ ;;
            *) found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}") ;;
        esac
    done
    (( $#found )) && _describe tocsin found
}
if [[ $funcstack[1] == _tocsin ]]; then
    _tocsin "$@"
else
    compdef _tocsin tocsin
fi
)";

constexpr std::string_view fish_script = R"(# fish completion for tocsin
function __tocsin_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l option (string match -r -- '^--[^=]+=' $current)
    set -l value (string replace -r -- '^--[^=]+=' '' $current)
    for line in ($program __complete $words "$current" 2>/dev/null)
        switch $line
            case :files
                printf "$option%s\n" (__fish_complete_path "$value")
            case :directories
                printf "$option%s\n" (__fish_complete_directories "$value")
            case '*'
                echo $line
        end
    end
end
complete -c tocsin -f -a '(__tocsin_complete)'
)";

/// The words that an option takes: CLI::IsMember describes itself as `{text,ndjson}`.
std::vector<std::string> words_of(const std::string& type) {
    const auto begin = type.find('{'), end = type.find('}');
    if (begin == std::string::npos || end == std::string::npos) return {};
    return CLI::detail::split(type.substr(begin + 1, end - begin - 1), ',');
}

class Completer {
public:
    Completer(const CLI::App& app, const RuleTypes& rule_types) : command_{&app}, rule_types_{rule_types} {}

    /// A word before the cursor.
    void pass(const std::string& word) {
        if (value_of_ != nullptr)
            value_of_ = nullptr;
        else if (word == "--")
            only_positionals_ = true;
        else if (is_option(word))
            pass_option(word);
        else if (const CLI::App* next = positionals_ == 0 ? subcommand(word) : nullptr)
            command_ = next;
        else
            ++positionals_;
    }

    Completion at(const std::string& word) {
        current_ = word;
        const auto equals = word.find('=');
        if (value_of_ != nullptr) {
            values(*value_of_, "");
        } else if (is_option(word) && equals != std::string::npos) {
            if (const CLI::Option* option = find(word.substr(0, equals)))
                values(*option, word.substr(0, equals + 1));
        } else if (is_option(word)) {
            options();
        } else {
            commands();
            positional();
            // Where nothing else can stand, the options: else one sees them only behind a dash.
            if (offered_.words.empty() && !offered_.files && word.empty() && !only_positionals_ &&
                all_commands().empty())
                options();
        }
        return std::move(offered_);
    }

private:
    bool is_option(const std::string& word) const { return !only_positionals_ && word.starts_with('-'); }
    const CLI::Option* find(const std::string& name) const { return command_->get_option_no_throw(name); }

    const CLI::App* subcommand(const std::string& name) const {
        const auto found =
            command_->get_subcommands([&](const CLI::App* app) { return app->get_name() == name; });
        return found.empty() ? nullptr : found.front();
    }

    void pass_option(const std::string& word) {
        const auto equals = word.find('=');
        const CLI::Option* option = find(word.substr(0, equals));
        if (option == nullptr) return;
        given_.insert(option);
        if (equals == std::string::npos && option->get_items_expected_min() > 0) value_of_ = option;
    }

    void offer(const std::string& word, const std::string& doc) {
        if (word.starts_with(current_)) offered_.words.emplace_back(word, doc);
    }

    void values(const CLI::Option& option, const std::string& before) {
        const std::string type = option.get_type_name();
        for (const std::string& word : words_of(type)) offer(before + word, "");
        if (type == "TYPE")
            for (const auto& [name, doc] : rule_types_()) offer(before + name, doc);
        offered_.files = type == "FILE";
        offered_.directories = type == "DIR";
    }

    void options() {
        for (const CLI::Option* option : command_->get_options())
            if (!given_.contains(option) || option->get_items_expected_max() > 1)
                for (const std::string& name : option->get_lnames())
                    offer("--" + name, option->get_description());
    }

    std::vector<const CLI::App*> all_commands() const {
        return command_->get_subcommands([](const CLI::App*) { return true; });
    }

    void commands() {
        if (positionals_ > 0 || only_positionals_) return;
        for (const CLI::App* command : all_commands()) offer(command->get_name(), command->get_description());
    }

    void positional() {
        std::size_t seen = 0;
        for (const CLI::Option* option : command_->get_options())
            if (option->get_positional() && seen++ == positionals_) values(*option, "");
    }

    const CLI::App* command_;
    const RuleTypes& rule_types_;
    const CLI::Option* value_of_ = nullptr; // the option whose value comes next
    std::set<const CLI::Option*> given_;
    std::size_t positionals_ = 0;
    bool only_positionals_ = false;
    std::string current_;
    Completion offered_;
};

/// Those of the installed plugins. One that cannot be loaded is not for a shell's prompt to report.
std::vector<std::pair<std::string, std::string>> installed_rule_types() {
    Diagnostics unreported;
    rules::Plugins plugins;
    plugins.load_directory(engine::installed_plugins(), rules::host_table(), unreported);
    std::vector<std::pair<std::string, std::string>> types;
    for (const auto& [name, type] : plugins.types()) types.emplace_back(name, view(type.rule->doc));
    return types;
}

} // namespace

Completion complete(const CLI::App& app, const std::vector<std::string>& words, const RuleTypes& rule_types) {
    Completer completer{app, rule_types};
    if (words.empty()) return completer.at("");
    for (std::size_t i = 0; i + 1 < words.size(); ++i) completer.pass(words[i]);
    return completer.at(words.back());
}

int print_completion(const CLI::App& app, const std::vector<std::string>& words) {
    const Completion offered = complete(app, words, installed_rule_types);
    for (const auto& [word, doc] : offered.words) fmt::print("{}\t{}\n", word, doc);
    if (offered.files) fmt::print(":files\n");
    if (offered.directories) fmt::print(":directories\n");
    return done;
}

void add_completion(CLI::App& app, int& status) {
    auto* command = app.add_subcommand("completion",
                                       "Print the script with which a shell completes tocsin's command line");
    auto shell = std::make_shared<std::string>();
    command->add_option("shell", *shell, "for which shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->callback([shell, &status] {
        const std::string_view script = *shell == "bash"  ? bash_script
                                        : *shell == "zsh" ? zsh_script
                                                          : fish_script;
        std::fwrite(script.data(), 1, script.size(), stdout);
        status = done;
    });
}

} // namespace tocsin::cli
