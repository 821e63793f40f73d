#include "base/log.hpp"
#include "cli/command.hpp"
#include "cli/diagnose.hpp"
#include "cli/text.hpp"
#include "push/client.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <fmt/format.h>
#include <memory>

namespace tocsin::cli {
namespace {

struct Options {
    std::string url, severity, format = "text";
    std::optional<std::uint64_t> since;
    std::vector<std::string> symbols, rules;
    bool active = false;
};

push::Following following(const Options& given) {
    push::Following wanted;
    if (!given.symbols.empty()) wanted.filter.symbols = given.symbols;
    if (!given.rules.empty()) wanted.filter.rules = given.rules;
    if (!given.severity.empty()) wanted.filter.severity = alert::severity_named(given.severity);
    wanted.since = given.since;
    wanted.active = given.active;
    return wanted;
}

/// What the server sends goes to a terminal: no control character of it may.
std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    return text;
}

std::string text_of(const push::Received& alert, bool coloured) {
    return to_text({printable(alert.at), printable(alert.severity), printable(alert.state),
                    printable(alert.reason), printable(alert.quality), printable(alert.rule),
                    printable(alert.summary)},
                   coloured);
}

/// What is no alert, for people.
std::string notice_of(const push::Received& frame) {
    if (frame.kind == push::Received::Kind::gap)
        return fmt::format("the server no longer holds seq {} to {}: those alerts are missing here",
                           frame.from, frame.to);
    return fmt::format("the server began anew (epoch {}, head {}): following it from its first alert",
                       printable(frame.epoch), frame.head);
}

push::Client* running = nullptr; // for the handler

void stop_on_signals(push::Client& client) {
    running = &client;
    struct sigaction action {};
    action.sa_handler = [](int) { running->stop(); };
    action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART; // a second signal ends the program at once
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

int tail(const Options& given) {
    const auto server = push::parse_stream_url(given.url);
    if (!server) {
        complain(Error{'"' + given.url + "\" " + server.error().message});
        return wrong_usage;
    }
    const bool ndjson = given.format == "ndjson", coloured = colours_wanted(stdout);
    // It lives as long as the program, so that a late signal still finds it.
    static std::optional<push::Client> client;
    bool written = true;
    const auto print = [&](const push::Received& frame) {
        if (frame.kind != push::Received::Kind::alert) return log::warn(notice_of(frame));
        std::string line = ndjson ? std::string{frame.text} : text_of(frame, coloured);
        line += '\n';
        written = std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fflush(stdout) == 0;
        if (!written) client->stop();
    };
    client.emplace(push::ClientOptions{*server, following(given), name_and_version()}, print,
                   [](const std::string& trouble) { log::warn(trouble); });
    stop_on_signals(*client);
    const auto outcome = client->run();
    if (!outcome) complain(outcome.error());
    if (!written) complain(Error{"standard output cannot be written"});
    return outcome && written ? done : could_not_run;
}

} // namespace

void add_tail(CLI::App& app, int& status) {
    auto* command = app.add_subcommand(
        "tail", "Follow a running tocsin: print its alerts as they come; reconnect and resume by itself");
    auto given = std::make_shared<Options>();
    command->add_option("url", given->url, "HOST[:PORT], http:// or ws://; port 8787 where absent")
        ->required();
    command->add_option("--since", given->since,
                        "first all alerts after this seq (0: all that are held); only new ones where absent");
    command->add_flag("--active", given->active, "first what is firing now");
    command->add_option("--symbol", given->symbols, "only this symbol; * is any text; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--rule", given->rules, "only this rule; * is any text; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--severity", given->severity, "only this severity or a graver one")
        ->check(CLI::IsMember({"info", "warning", "critical"}));
    command->add_option("--format", given->format, "text or ndjson")
        ->check(CLI::IsMember({"text", "ndjson"}));
    command->callback([given, &status] { status = tail(*given); });
}

} // namespace tocsin::cli
