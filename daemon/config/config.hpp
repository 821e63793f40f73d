// Config: all of a configuration as plain structs, loaded and checked as far as can be told without the
// plugins (rules/ checks `params` against what a rule type declares). Paths are resolved against the file
// that names them.
#pragma once
#include "alert/alert.hpp"
#include "config/date_format.hpp"
#include "config/document.hpp"
#include "market/calendar.hpp"
#include "market/symbol.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tocsin/time.hpp>
#include <vector>

namespace tocsin::config {

/// How a CSV file's columns map to the fields of a bar or a quote. Column names as in the header row.
struct CsvMapping {
    std::string symbol;        // one symbol for the whole file, or
    std::string symbol_column; // the column that names it
    std::string session;       // a date column: rows are bars
    std::string ts;            // a time column: rows are quotes, or bars if `close` is mapped
    std::string open, high, low, close, volume;
    std::string price, kind, seq; // of a quote
    char separator = ',';         // or one of `;`, `|`, tab
    /// Of `session` or `ts`; absent: YYYY-MM-DD and RFC 3339. A time is the exchange's, by the symbol's
    /// calendar.
    std::optional<DateFormat> date_format;
    Place place, date_format_place;
};

struct Feed {
    std::string name;
    std::string file;    // absolute path, `-` for standard input; empty for a TCP feed
    std::string glob;    // where `file` is a pattern: it, as files_matching() takes it
    std::string tcp;     // `host:port` to listen on; empty for a file feed
    bool follow = false; // `serve` reads on as the file grows
    std::optional<CsvMapping> csv;
    Duration lateness{0, DurationUnit::clock};
    std::optional<Duration> max_ahead;               // what comes live only; default 5 s
    std::optional<std::vector<std::string>> symbols; // what it carries, as declared or by its mapping
    std::optional<std::vector<std::string>> types;   // quote, bar, tariff, status, correction, heartbeat
    Place place;
    bool live() const { return !tcp.empty(); }
};

/// Named `.gz` or `.zst`: such a file is read decompressed.
bool is_compressed(std::string_view file);

struct Rule {
    std::string name, type;
    std::vector<std::string> symbols; // empty: none named
    bool has_symbols = false;
    Node params; // null if absent, at the rule's place; checked by rules/declaration
    alert::Severity severity = alert::Severity::warning;
    std::map<std::string, std::string> labels;
    std::string summary; // empty: the type's default
    std::optional<Duration> for_, keep, cooldown, remind;
    std::optional<Duration> expires_after; // an episode ends that long after it began
    std::optional<Time> expires_at;        // the rule ends at that time
    std::optional<Time> mute_until;        // alerts before it are marked and not pushed
    bool enabled = true;
    Place place, type_place, symbols_place, summary_place;
    Place for_place, keep_place, cooldown_place, remind_place, expires_place;
};

struct Config {
    std::string file;
    std::string listen = "127.0.0.1:8787"; // host:port, loopback
    std::vector<std::shared_ptr<const market::Calendar>> calendars;
    market::SymbolTable symbols;
    std::vector<Feed> feeds;
    std::vector<Rule> rules; // by name
    std::vector<std::string> plugin_dirs;
    std::size_t keep_alerts = 100'000; // store.keep.alerts
    std::int64_t clock_lag = 2 * nanos_per_second;
    std::int64_t close_grace = 600 * nanos_per_second;
    std::int64_t heartbeat = 15 * nanos_per_second;
    int io_threads = 1;
    Place listen_place;
};

/// `90s`, `5m`, `2h`, `7d`, `3 sessions`, `45 trading_minutes`, and the like (`500ms`, `1 session`, `2
/// trading_hours`). `problem` says what is wrong.
struct ParsedDuration {
    Duration value;
    std::string problem;
};
ParsedDuration parse_duration(std::string_view text);

} // namespace tocsin::config
