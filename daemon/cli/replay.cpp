#include "engine/replay.hpp"

#include "alert/json.hpp"
#include "cli/command.hpp"
#include "cli/date.hpp"
#include "cli/diagnose.hpp"
#include "cli/text.hpp"
#include "engine/stop.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <memory>

namespace tocsin::cli {
namespace {

struct Options {
    std::string config, speed, from, to, format = "text", stats, dead_letter;
    bool serve = false, strict = false, summary = false;
};

/// How often a rule rang, and when last: the table at the end of `--summary`.
class Table {
public:
    explicit Table(const config::Config& config) {
        for (const auto& rule : config.rules) rows_[rule.name];
    }
    void count(const alert::Alert& alert, const std::string& when) {
        if (alert.reason != alert::Reason::entered) return;
        auto& row = rows_[alert.rule];
        ++row.rang;
        row.last = when;
    }
    void print() const {
        std::size_t width = 4;
        for (const auto& [rule, row] : rows_) width = std::max(width, rule.size());
        fmt::print("\n{:<{}}  {:>5}  {}\n", "rule", width, "rang", "last");
        for (const auto& [rule, row] : rows_)
            fmt::print("{:<{}}  {:>5}  {}\n", rule, width, row.rang, row.last.empty() ? "-" : row.last);
    }

private:
    struct Row {
        std::uint64_t rang = 0;
        std::string last;
    };
    std::map<std::string, Row> rows_;
};

/// Time at the exchange of the alert's symbol, or of the first calendar.
std::string exchange_time(const alert::Alert& alert, const config::Config& config) {
    const auto symbol = config.symbols.find(alert.symbol);
    const market::Calendar* calendar = config.calendars.empty() ? nullptr : config.calendars.front().get();
    if (symbol != market::no_symbol) calendar = config.symbols[symbol].calendar.get();
    if (calendar == nullptr) return alert.at.to_string();
    return calendar->local_date(alert.at).to_string() + ' ' + calendar->local_time(alert.at);
}

bool write_stats(const std::string& path, const engine::ReplayStats& stats) {
    std::ofstream out{path};
    out << fmt::format(
        "{{\"events\":{},\"rejected\":{},\"alerts\":{},\"seconds\":{:.6f},\"events_per_second\":{:.0f},"
        "\"rule_evaluations\":{},\"peak_rss_bytes\":{}}}\n",
        stats.events, stats.rejected, stats.alerts, stats.seconds, stats.events_per_second(),
        stats.rule_evaluations, stats.peak_rss_bytes);
    return static_cast<bool>(out.flush());
}

void print_counts(const engine::ReplayStats& stats) {
    std::string reasons;
    for (const auto& [reason, count] : stats.rejected_by)
        reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", reason, count);
    if (!reasons.empty()) reasons += ')';
    std::string line = fmt::format("{} {} events, {} rejected{}, {} alerts in {:.3f} s",
                                   stats.stopped ? "stopped by a signal: replayed" : "replayed", stats.events,
                                   stats.rejected, reasons, stats.alerts, stats.seconds);
    const auto also = [&](std::uint64_t count, std::string_view what) {
        if (count != 0) line += fmt::format(", {} {}", count, what);
    };
    also(stats.out_of_session, "out of session");
    also(stats.before_calendar, "before the calendar");
    also(stats.late, "late");
    also(stats.differing_closes, "closes that differ from the first");
    also(stats.corrections, "corrections (counted, not applied in this version)");
    std::fprintf(stderr, "%s\n", line.c_str());
}

std::optional<SessionDate> date(const std::string& text) {
    if (text.empty()) return {};
    return SessionDate::parse(text).value; // checked by the option
}

int replay(const Options& given) {
    Diagnostics diagnostics;
    const auto setup = engine::load_setup(given.config, diagnostics);
    if (!diagnose(diagnostics)) return wrong_configuration;
    engine::ReplayOptions options;
    if (!given.speed.empty()) options.speed = engine::parse_speed(given.speed).value;
    options.from = date(given.from), options.to = date(given.to);
    options.serve = given.serve, options.strict = given.strict, options.dead_letter = given.dead_letter;
    options.server_name = name_and_version();
    const bool ndjson = given.format == "ndjson", paced = !given.speed.empty();
    const bool coloured = colours_wanted(stdout);
    Table table{setup->config};
    engine::stop::install();
    const auto outcome = engine::replay(*setup, options, [&](const alert::Alert& alert) {
        const auto when = exchange_time(alert, setup->config);
        table.count(alert, when);
        const auto line = ndjson ? alert::to_json(alert) : to_text(text_line(alert, when), coloured);
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fputc('\n', stdout);
        if (paced) std::fflush(stdout);
    });
    std::fflush(stdout);
    if (!outcome) {
        complain(outcome.error());
        return could_not_run;
    }
    if (given.summary) table.print();
    std::fflush(stdout);
    print_counts(*outcome);
    if (!given.stats.empty() && !write_stats(given.stats, *outcome)) {
        complain(Error{given.stats + ": cannot be written"});
        return could_not_run;
    }
    return done;
}

} // namespace

void add_replay(CLI::App& app, int& status) {
    auto* command =
        app.add_subcommand("replay", "Play the configured files through the rules and print each alert");
    auto given = std::make_shared<Options>();
    command->add_option("--config", given->config, "the configuration file")->required()->type_name("FILE");
    command->add_option("--speed", given->speed, "60x, 1x or 1session/s; as fast as it can where absent")
        ->check([](const std::string& text) {
            const auto parsed = engine::parse_speed(text);
            return parsed.problem.empty() ? "" : '"' + text + "\" " + parsed.problem;
        });
    command->add_option("--from", given->from, "print only alerts of this session (YYYY-MM-DD) or later")
        ->check(&date_problem);
    command->add_option("--to", given->to, "print only alerts of this session or earlier")
        ->check(&date_problem);
    command->add_flag("--serve", given->serve, "push to subscribers while it plays");
    command->add_option("--format", given->format, "text or ndjson")
        ->check(CLI::IsMember({"text", "ndjson"}));
    command->add_option("--stats", given->stats, "write counts and speed to this file, as JSON")
        ->type_name("FILE");
    command->add_flag("--strict", given->strict, "stop at the first bad line (exit status 3)");
    command->add_option("--dead-letter", given->dead_letter, "keep bad lines in this directory")
        ->type_name("DIR");
    command->add_flag("--summary", given->summary,
                      "end with a table: each rule, how often it rang, when last");
    command->callback([given, &status] { status = replay(*given); });
}

} // namespace tocsin::cli
