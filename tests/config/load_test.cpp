#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace tocsin;
using namespace tocsin::config;

namespace {

constexpr std::string_view calendar_text = "calendar: XTKS\n"
                                           "zone: Asia/Tokyo\n"
                                           "from: 2024-01-01\n"
                                           "to: 2025-12-31\n"
                                           "hours:\n"
                                           "  - {from: 2024-01-01, open: \"09:00\", close: \"15:00\", "
                                           "weekdays: [mon, tue, wed, thu, fri]}\n";

/// A folder with a calendar, a CSV file and an NDJSON file, in which configurations are tried. What they
/// report has the paths as they are in the folder.
class Desk {
public:
    Desk() {
        dir.write("xtks.yaml", calendar_text);
        dir.write("bars.csv", "Date,Close\n");
        dir.write("ticks.ndjson", "");
        dir.write("plugins/readme", "");
    }
    std::vector<std::string> check(std::string_view configuration) {
        Diagnostics diagnostics;
        config = load_config(dir.write("c.yaml", configuration), diagnostics);
        std::vector<std::string> texts;
        for (const Error& error : diagnostics.errors()) texts.push_back(without_folder(error.text()));
        return texts;
    }
    tests::TempDir dir;
    Config config;

private:
    std::string without_folder(std::string text) const {
        const std::string folder = dir.path().string() + "/";
        for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;)
            text.erase(at, folder.size());
        return text;
    }
};

using Texts = std::vector<std::string>;

struct Mistake {
    const char *name, *text;
    Texts errors;
};

const std::string symbols_text = "calendars: [xtks.yaml]\n"
                                 "symbols: {N225: {calendar: XTKS}, TOPIX: {calendar: XTKS}}\n";

} // namespace

TEST_CASE("a configuration is loaded with all that it names") {
    Desk desk;
    desk.dir.write("rules/b.yaml", "rules:\n"
                                   "  - name: drop\n"
                                   "    type: record_session_move\n"
                                   "    symbols: [N225]\n"
                                   "    params: {direction: down}\n"
                                   "    severity: critical\n"
                                   "    labels: {desk: japan, floor: 3}\n"
                                   "    summary: \"{symbol} fell\"\n"
                                   "    for: 5m\n"
                                   "    cooldown: 2 sessions\n"
                                   "    expires: 45 trading_minutes\n"
                                   "    enabled: false\n");
    desk.dir.write("rules/a.yaml",
                   "rules:\n"
                   "  - {name: tariffs, type: tariff_event, expires: \"2026-01-01T00:00:00+09:00\"}\n"
                   "  - {name: Zulu, type: sequence}\n");
    REQUIRE(desk.check("listen: 127.0.0.2:0\n"
                       "calendars: [xtks.yaml]\n"
                       "symbols:\n"
                       "  TOPIX: {calendar: XTKS}\n"
                       "  N225: {name: Nikkei 225, calendar: XTKS}\n"
                       "feeds:\n"
                       "  - name: daily\n"
                       "    file: ./bars.csv\n"
                       "    csv: {symbol: N225, session: Date, close: Close}\n"
                       "    lateness: 2h\n"
                       "  - {name: pipe, file: \"-\", types: [quote, heartbeat], symbols: [N225]}\n"
                       "  - {name: desk, tcp: \"[::1]:9100\", max_ahead: 500ms}\n"
                       "rules: [rules/*.yaml, rules/a.yaml]\n"
                       "plugins: [plugins]\n"
                       "clock_lag: 5s\n"
                       "close_grace: 1h\n"
                       "heartbeat: 20s\n"
                       "io_threads: 3\n"
                       "store: {keep: {alerts: 42}}\n") == Texts{});
    const Config& config = desk.config;
    CHECK(config.file == desk.dir.at("c.yaml"));
    CHECK(config.listen == "127.0.0.2:0");
    CHECK(config.listen_place.line == 1);
    CHECK(config.listen_place.column == 9);
    REQUIRE(config.calendars.size() == 1);
    CHECK(config.calendars[0]->name() == "XTKS");
    REQUIRE(config.symbols.size() == 2);
    CHECK(config.symbols[0].name == "N225");
    CHECK(config.symbols[0].title == "Nikkei 225");
    CHECK(config.symbols[0].calendar == config.calendars[0]);
    CHECK(config.symbols[1].title.empty());

    REQUIRE(config.feeds.size() == 3);
    const Feed& daily = config.feeds[0];
    CHECK(daily.name == "daily");
    CHECK(daily.file == desk.dir.at("bars.csv"));
    CHECK(daily.csv->session == "Date");
    CHECK(daily.csv->close == "Close");
    CHECK(daily.lateness == Duration{7'200 * nanos_per_second, DurationUnit::clock});
    CHECK(daily.symbols == Texts{"N225"});
    CHECK(daily.types == Texts{"bar"});
    CHECK_FALSE(daily.live());
    CHECK(config.feeds[1].file == "-");
    CHECK(config.feeds[1].types == Texts{"quote", "heartbeat"});
    CHECK(config.feeds[1].symbols == Texts{"N225"});
    CHECK(config.feeds[2].live());
    CHECK(config.feeds[2].tcp == "[::1]:9100");
    CHECK(config.feeds[2].max_ahead == Duration{500'000'000, DurationUnit::clock});
    CHECK_FALSE(config.feeds[2].types.has_value());

    REQUIRE(config.rules.size() == 3); // by name, as bytes
    CHECK(config.rules[0].name == "Zulu");
    CHECK_FALSE(config.rules[0].has_symbols);
    CHECK(config.rules[0].enabled);
    CHECK(config.rules[0].severity == alert::Severity::warning);
    const Rule& drop = config.rules[1];
    CHECK(drop.name == "drop");
    CHECK(drop.type == "record_session_move");
    CHECK(drop.symbols == Texts{"N225"});
    CHECK(drop.params.find("direction")->text == "down");
    CHECK(drop.severity == alert::Severity::critical);
    CHECK(drop.labels == std::map<std::string, std::string>{{"desk", "japan"}, {"floor", "3"}});
    CHECK(drop.summary == "{symbol} fell");
    CHECK(drop.for_ == Duration{300 * nanos_per_second, DurationUnit::clock});
    CHECK(drop.cooldown == Duration{2, DurationUnit::sessions});
    CHECK(drop.expires_after == Duration{2'700 * nanos_per_second, DurationUnit::trading});
    CHECK_FALSE(drop.enabled);
    CHECK(drop.place.text() == desk.dir.at("rules/b.yaml:2:5"));
    CHECK(drop.type_place.text() == desk.dir.at("rules/b.yaml:3:11"));
    CHECK(drop.summary_place.text() == desk.dir.at("rules/b.yaml:8:14"));
    CHECK(config.rules[0].summary_place.text() == config.rules[0].place.text());
    const Rule& tariffs = config.rules[2];
    CHECK(tariffs.expires_at == Time::parse("2025-12-31T15:00:00Z").value);
    CHECK_FALSE(tariffs.expires_after.has_value());
    CHECK(tariffs.params.is_null());
    CHECK(tariffs.params.place.text() == tariffs.place.text());

    CHECK(config.plugin_dirs == Texts{desk.dir.at("plugins")});
    CHECK(config.clock_lag == 5 * nanos_per_second);
    CHECK(config.close_grace == 3'600 * nanos_per_second);
    CHECK(config.heartbeat == 20 * nanos_per_second);
    CHECK(config.io_threads == 3);
    CHECK(config.keep_alerts == 42);
}

TEST_CASE("what a configuration leaves out has its default") {
    Desk desk;
    CHECK(desk.check("{}") == Texts{});
    CHECK(desk.config.listen == "127.0.0.1:8787");
    CHECK(desk.config.clock_lag == 2 * nanos_per_second);
    CHECK(desk.config.close_grace == 600 * nanos_per_second);
    CHECK(desk.config.heartbeat == 15 * nanos_per_second);
    CHECK(desk.config.io_threads == 1);
    CHECK(desk.config.keep_alerts == 100'000);
}

TEST_CASE("a mistake at the top of a configuration is said with its place") {
    Desk desk;
    const auto row = GENERATE(values<Mistake>({
        {"an empty file", "", {"c.yaml:1:1: a configuration must be a map, found nothing"}},
        {"a list", "- a\n", {"c.yaml:1:1: a configuration must be a map, found a list"}},
        {"an unknown key",
         "lisen: x\n",
         {R"(c.yaml:1:1: a configuration has no key "lisen", did you mean "listen"?)"}},
        {"a key like no other", "colour: x\n", {R"(c.yaml:1:1: a configuration has no key "colour")"}},
        {"keys of later versions",
         "tls: {}\nauth: {}\norigins: []\ninsecure: true\n",
         {R"(c.yaml:1:1: "tls" is not in this version)", R"(c.yaml:2:1: "auth" is not in this version)",
          R"(c.yaml:3:1: "origins" is not in this version)",
          R"(c.yaml:4:1: "insecure" is not in this version)"}},
        {"a duplicate key",
         "io_threads: 1\nio_threads: 2\n",
         {R"(c.yaml:2:1: duplicate key "io_threads", first at c.yaml:1:1)"}},
        {"listening everywhere",
         "listen: 0.0.0.0:8787\n",
         {R"(c.yaml:1:9: "0.0.0.0:8787" is not a loopback address; listening elsewhere waits for access control)"}},
        {"an address without a port",
         "listen: localhost\n",
         {R"(c.yaml:1:9: "localhost" has no port; write host:port, like 127.0.0.1:8787)"}},
        {"an address that YAML takes for a list",
         "listen: [::1]\n",
         {R"(c.yaml:1:9: "listen" must be text, found a list)"}},
        {"no address", "listen:\n", {R"(c.yaml:1:1: "listen" must be text, found nothing)"}},
        {"too many threads",
         "io_threads: 65\n",
         {R"(c.yaml:1:13: "io_threads" must be a whole number between 1 and 64, found "65")"}},
        {"no threads",
         "io_threads: 0\n",
         {R"(c.yaml:1:13: "io_threads" must be a whole number between 1 and 64, found "0")"}},
        {"half a thread",
         "io_threads: 1.5\n",
         {R"(c.yaml:1:13: "io_threads" must be a whole number between 1 and 64, found "1.5")"}},
        {"a heartbeat too quick",
         "heartbeat: 999ms\n",
         {R"(c.yaml:1:12: "heartbeat" must be clock time between 1s and 1h, found "999ms")"}},
        {"a heartbeat in sessions",
         "heartbeat: 1 session\n",
         {R"(c.yaml:1:12: "heartbeat" must be clock time between 1s and 1h, found "1 session")"}},
        {"a heartbeat without a unit",
         "heartbeat: 15\n",
         {R"(c.yaml:1:12: "15" has no unit; write 90s, 5m, 3 sessions or 45 trading_minutes)"}},
        {"a lag too long",
         "clock_lag: 61m\n",
         {R"(c.yaml:1:12: "clock_lag" must be clock time between 0s and 1h, found "61m")"}},
        {"a negative lag", "clock_lag: -1s\n", {R"(c.yaml:1:12: "-1s" is negative)"}},
        {"a grace too long",
         "close_grace: 2d\n",
         {R"(c.yaml:1:14: "close_grace" must be clock time between 0s and 24h, found "2d")"}},
        {"a list as a duration",
         "close_grace: [10m]\n",
         {R"(c.yaml:1:14: "close_grace" must be a duration like 90s, found a list)"}},
        {"a store that lasts",
         "store:\n  path: var\n  min_free: 1G\n  keep: {alerts: 10, age: 400d}\n",
         {R"(c.yaml:2:3: "path" is not in this version)", R"(c.yaml:3:3: "min_free" is not in this version)",
          R"(c.yaml:4:22: "age" is not in this version)"}},
        {"an unknown key of the store",
         "store: {kep: {}}\n",
         {R"(c.yaml:1:9: "store" has no key "kep", did you mean "keep"?)"}},
        {"nothing to keep",
         "store: {keep: {alerts: 0}}\n",
         {R"(c.yaml:1:24: "alerts" must be a whole number between 1 and 10000000, found "0")"}},
        {"plugins that are not there",
         "plugins: [plugins, plugin, xtks.yaml]\n",
         {R"(c.yaml:1:20: there is no directory "plugin")",
          R"(c.yaml:1:28: there is no directory "xtks.yaml")"}},
        {"a list that is text",
         "plugins: plugins\n",
         {R"(c.yaml:1:10: "plugins" must be a list, found "plugins")"}},
        {"a list of lists",
         "plugins: [[plugins]]\n",
         {R"(c.yaml:1:11: "plugins" must list text, found a list)"}},
        {"the same twice",
         "plugins: [plugins, plugins]\n",
         {R"(c.yaml:1:20: "plugins" lists "plugins" twice)"}},
        {"bad YAML", "listen: [\n", {"c.yaml:2:1: is not YAML: end of sequence flow not found"}},
    }));
    CAPTURE(row.name);
    CHECK(desk.check(row.text) == row.errors);
}

TEST_CASE("a mistake in calendars and symbols is said with its place") {
    Desk desk;
    desk.dir.write("again.yaml", calendar_text);
    std::string nowhere{calendar_text};
    nowhere.replace(nowhere.find("Asia/Tokyo"), 10, "Asia/Tokio");
    desk.dir.write("nowhere.yaml", nowhere);
    const auto row = GENERATE(values<Mistake>({
        {"a calendar that is not there, and nothing of what leans on it",
         "calendars: [xnys.yaml]\nsymbols: {SPX: {calendar: XNYS}}\n",
         {R"(c.yaml:1:13: cannot read "xnys.yaml": No such file or directory)"}},
        {"two calendars of one name",
         "calendars: [xtks.yaml, again.yaml]\n",
         {R"(again.yaml:1:11: there is a calendar "XTKS" already, at xtks.yaml:1:11)"}},
        {"a zone that is none",
         "calendars: [nowhere.yaml]\nsymbols: {N225: {calendar: XTKS}}\n",
         {"nowhere.yaml:2:7: calendar XTKS: no zone Asia/Tokio in the system's tz database (like "
          "Asia/Tokyo)"}},
        {"a symbol without a calendar",
         "symbols: {N225: {name: Nikkei}}\n",
         {R"(c.yaml:1:17: a symbol needs "calendar")"}},
        {"a symbol with an unknown calendar",
         "calendars: [xtks.yaml]\nsymbols:\n  N225: {calendar: XTSK}\n",
         {R"(c.yaml:3:20: there is no calendar "XTSK", did you mean "XTKS"?)"}},
        {"a symbol with an unknown key",
         "calendars: [xtks.yaml]\nsymbols:\n  N225: {calendar: XTKS, nam: x}\n",
         {R"(c.yaml:3:26: a symbol has no key "nam", did you mean "name"?)"}},
        {"a symbol that is a word",
         "symbols:\n  N225: XTKS\n",
         {R"(c.yaml:2:9: a symbol must be a map, found "XTKS")"}},
        {"symbols in a list", "symbols: [N225]\n", {R"(c.yaml:1:10: "symbols" must be a map, found a list)"}},
        {"a symbol twice",
         "calendars: [xtks.yaml]\nsymbols:\n  A: {calendar: XTKS}\n  A: {calendar: XTKS}\n",
         {R"(c.yaml:4:3: duplicate key "A", first at c.yaml:3:3)"}},
        {"a symbol with a blank",
         "calendars: [xtks.yaml]\nsymbols:\n  NIKKEI 225: {calendar: XTKS}\n",
         {R"(c.yaml:3:3: the name "NIKKEI 225" may have printable ASCII only, and no blanks)"}},
        {"a symbol in another script",
         "calendars: [xtks.yaml]\nsymbols:\n  日経: {calendar: XTKS}\n",
         {R"(c.yaml:3:3: the name "日経" may have printable ASCII only, and no blanks)"}},
        {"a symbol without a name",
         "calendars: [xtks.yaml]\nsymbols:\n  '': {calendar: XTKS}\n",
         {"c.yaml:3:3: a name must not be empty"}},
    }));
    CAPTURE(row.name);
    CHECK(desk.check(row.text) == row.errors);
}

TEST_CASE("a mistake in a feed is said with its place") {
    Desk desk;
    const auto row = GENERATE(values<Mistake>({
        {"no name", "{file: ticks.ndjson}", {R"(c.yaml:4:3: a feed needs "name")"}},
        {"an empty name",
         "{name: '', file: ticks.ndjson}",
         {R"(c.yaml:4:10: "name" must be text, found "")"}},
        {"a name with a line break",
         "{name: \"a\\nb\", file: ticks.ndjson}",
         {R"(c.yaml:4:10: the name "a\nb" has a control character)"}},
        {"a name with a blank at its end",
         "{name: 'a ', file: ticks.ndjson}",
         {R"(c.yaml:4:10: the name "a " begins or ends with a blank)"}},
        {"a name that would leave its folder",
         "{name: ../x, file: ticks.ndjson}",
         {R"(c.yaml:4:10: the name "../x" must not begin with a dot or hold a slash)"}},
        {"the name of the built-in feed",
         "{name: clock, file: ticks.ndjson}",
         {R"(c.yaml:4:10: the name "clock" is taken by the built-in feed that moves time)"}},
        {"the same name twice",
         "{name: a, file: ticks.ndjson}\n- {name: a, file: ticks.ndjson}",
         {R"(c.yaml:5:10: there is a feed "a" already, at c.yaml:4:10)"}},
        {"a feed that is a word",
         "ticks.ndjson",
         {R"(c.yaml:4:3: a feed must be a map, found "ticks.ndjson")"}},
        {"an unknown key",
         "{name: a, file: ticks.ndjson, latenes: 5s}",
         {R"(c.yaml:4:33: a feed has no key "latenes", did you mean "lateness"?)"}},
        {"a file that is followed", "{name: a, file: ticks.ndjson, follow: true, max_ahead: 1s}", {}},
        {"a pattern, and archives",
         "{name: a, file: 'days/*.ndjson.gz'}\n- {name: b, file: x.ndjson.zst}",
         {}},
        {"what cannot be followed",
         "{name: a, file: '-', follow: true}\n- {name: b, file: x.ndjson.gz, follow: true}\n"
         "- {name: c, file: 'x-*.ndjson', follow: true}\n- {name: d, tcp: '127.0.0.1:0', follow: true}\n"
         "- {name: e, file: x.ndjson, follow: soon}",
         {R"(c.yaml:4:32: "follow" is for one plain file, and not for standard input, which is read as it comes)",
          R"(c.yaml:5:40: "follow" is for one plain file, and not for a compressed file)",
          R"(c.yaml:6:41: "follow" is for one plain file, and not for a pattern)",
          R"(c.yaml:7:41: "follow" is for files; a TCP feed brings NDJSON as it comes)",
          R"(c.yaml:8:37: "follow" must be true or false, found "soon")"}},
        {"no source", "{name: a}", {R"(c.yaml:4:3: a feed needs one of "file" and "tcp")"}},
        {"two sources",
         "{name: a, file: ticks.ndjson, tcp: 127.0.0.1:0}",
         {R"(c.yaml:4:38: a feed needs one of "file" and "tcp", not both)"}},
        {"a file that is a folder",
         "{name: a, file: plugins}",
         {R"(c.yaml:4:19: cannot read "plugins": it is a directory)"}},
        {"standard input twice",
         "{name: a, file: '-'}\n- {name: b, file: '-'}",
         {R"(c.yaml:5:19: only one feed may read standard input, and c.yaml:4:19 does)"}},
        {"CSV files without their mapping",
         "{name: a, file: bars.csv}\n- {name: b, file: 'bars-*.csv.zst'}",
         {R"(c.yaml:4:19: a CSV file needs "csv", which maps its columns)",
          R"(c.yaml:5:19: a CSV file needs "csv", which maps its columns)"}},
        {"a port of all the world",
         "{name: a, tcp: '0.0.0.0:9100'}",
         {R"(c.yaml:4:18: "0.0.0.0:9100" is not a loopback address; listening elsewhere waits for access control)"}},
        {"two feeds on one port",
         "{name: a, tcp: '127.0.0.1:9100'}\n- {name: b, tcp: '127.0.0.1:9100'}",
         {R"(c.yaml:5:18: there is a listener on "127.0.0.1:9100" already, at c.yaml:4:18)"}},
        {"two feeds on any free port", "{name: a, tcp: '127.0.0.1:0'}\n- {name: b, tcp: '127.0.0.1:0'}", {}},
        {"what only files have",
         "{name: a, tcp: '127.0.0.1:9100', lateness: 5s, csv: {symbol: N225, ts: t, price: p}}",
         {R"(c.yaml:4:46: "lateness" is for files; a TCP feed brings NDJSON as it comes)",
          R"(c.yaml:4:55: "csv" is for files; a TCP feed brings NDJSON as it comes)"}},
        {"what only live feeds have",
         "{name: a, file: ticks.ndjson, max_ahead: 5s}",
         {R"(c.yaml:4:44: "max_ahead" is for TCP feeds and files that are followed; a finished file is not measured against the clock)"}},
        {"a lateness in sessions",
         "{name: a, file: ticks.ndjson, lateness: 1 session}",
         {R"(c.yaml:4:43: "lateness" must be clock time between 0s and 7d, found "1 session")"}},
        {"an unknown symbol",
         "{name: a, file: ticks.ndjson, symbols: [N225, TOPX]}",
         {R"(c.yaml:4:49: there is no symbol "TOPX", did you mean "TOPIX"?)"}},
        {"an unknown type",
         "{name: a, file: ticks.ndjson, types: [quotes]}",
         {R"(c.yaml:4:41: "types" must be one of quote, bar, tariff, status, correction, heartbeat, found "quotes", did you mean "quote"?)"}},
    }));
    CAPTURE(row.name);
    CHECK(desk.check(symbols_text + "feeds:\n- " + row.text + "\n") == row.errors);
}

TEST_CASE("a mistake in a mapping is said with its place") {
    Desk desk;
    const auto row = GENERATE(values<Mistake>({
        {"bars by session",
         "{symbol: N225, session: Date, open: O, high: H, low: L, close: C, volume: V}",
         {}},
        {"bars by time", "{symbol: N225, ts: T, close: C}", {}},
        {"quotes", "{symbol_column: S, ts: T, price: P, kind: K, seq: Q}", {}},
        {"nothing",
         "{}",
         {R"(c.yaml:6:8: "csv" needs "symbol", or "symbol_column" where the file holds several)",
          R"(c.yaml:6:8: "csv" needs "session", a column of dates, or "ts", a column of times)"}},
        {"text", "Close", {R"(c.yaml:6:8: "csv" must be a map, found "Close")"}},
        {"an unknown key",
         "{symbol: N225, session: Date, close: C, opne: O}",
         {R"(c.yaml:6:48: "csv" has no key "opne", did you mean "open"?)"}},
        {"an unknown symbol",
         "{symbol: N226, session: Date, close: C}",
         {R"(c.yaml:6:17: there is no symbol "N226", did you mean "N225"?)"}},
        {"two ways to the symbol",
         "{symbol: N225, symbol_column: S, session: Date, close: C}",
         {R"(c.yaml:6:38: "csv" needs one of "symbol" and "symbol_column", not both)"}},
        {"two ways to the time",
         "{symbol: N225, session: Date, ts: T, close: C}",
         {R"(c.yaml:6:42: "csv" needs one of "session" and "ts", not both)"}},
        {"a session without a close",
         "{symbol: N225, session: Date, open: O}",
         {R"(c.yaml:6:8: "csv" needs "close")"}},
        {"a time without a price",
         "{symbol: N225, ts: T}",
         {R"(c.yaml:6:8: "csv" with "ts" needs "price", for quotes, or "close", for bars)"}},
        {"a bar with a price",
         "{symbol: N225, ts: T, close: C, price: P, seq: Q}",
         {R"(c.yaml:6:47: "price" belongs to a quote, but these rows are bars)",
          R"(c.yaml:6:55: "seq" belongs to a quote, but these rows are bars)"}},
        {"a quote with a high",
         "{symbol: N225, ts: T, price: P, high: H}",
         {R"(c.yaml:6:46: "high" belongs to a bar, which needs "close")"}},
        {"other ways to write",
         "{symbol: N225, session: Date, close: C, separator: ';', date_format: '%d.%m.%Y'}",
         {}},
        {"a tab", "{symbol: N225, session: Date, close: C, separator: \"\\t\"}", {}},
        {"a separator that is none",
         "{symbol: N225, session: Date, close: C, separator: x}",
         {R"(c.yaml:6:59: "separator" must be one of "," ";" "|" and "\t", a tab, found "x")"}},
        {"a date format that is none",
         "{symbol: N225, session: Date, close: C, date_format: MM/DD/YYYY}",
         {R"(c.yaml:6:61: "MM/DD/YYYY" has a "M" that belongs to no field; the fields are %Y %m %d %b %H %M %S)"}},
        {"quotes without an hour",
         "{symbol: N225, ts: T, price: P, date_format: '%m/%d/%Y'}",
         {R"(c.yaml:6:53: "%m/%d/%Y" has no time, which a quote needs: %H:%M or %H:%M:%S)"}},
        {"an empty column",
         "{symbol: N225, session: Date, close: ''}",
         {R"(c.yaml:6:45: "close" must be text, found "")"}},
        {"what the mapping tells already",
         "{symbol: N225, session: Date, close: C}\n  types: [bar]\n  symbols: [N225]",
         {R"(c.yaml:7:10: "types" is told by the mapping of a CSV file; leave it out)",
          R"(c.yaml:8:12: "symbols" is told by the mapping of this CSV file; leave it out)"}},
        {"the symbols of a column", "{symbol_column: S, session: Date, close: C}\n  symbols: [N225]", {}},
    }));
    CAPTURE(row.name);
    CHECK(desk.check(symbols_text + "feeds:\n- name: a\n  file: bars.csv\n  csv: " + row.text + "\n") ==
          row.errors);
}

TEST_CASE("a mistake in a rule is said with its place") {
    Desk desk;
    const auto row = GENERATE(values<Mistake>({
        {"all is well",
         "{name: a, type: t, symbols: [N225], for: 1ns, cooldown: 1 session, expires: 1d, params: }",
         {}},
        {"no name", "{type: t}", {R"(r.yaml:2:3: a rule needs "name")"}},
        {"no type", "{name: a}", {R"(r.yaml:2:3: a rule needs "type")"}},
        {"a rule that is a word", "drop", {R"(r.yaml:2:3: a rule must be a map, found "drop")"}},
        {"the same name twice",
         "{name: a, type: t}\n- {name: a, type: t}",
         {R"(r.yaml:3:10: there is a rule "a" already, at r.yaml:2:10)"}},
        {"a long name",
         "{name: "
         "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjj"
         "jk, type: t}",
         {R"(r.yaml:2:10: the name "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhh…" is longer than 100 bytes)"}},
        {"an unknown key",
         "{name: a, type: t, simbols: [N225]}",
         {R"(r.yaml:2:22: a rule has no key "simbols", did you mean "symbols"?)"}},
        {"a time that is none",
         "{name: a, type: t, keep: 5m, remind: 1h, mute_until: x}",
         {R"(r.yaml:2:56: "x" is not an RFC 3339 time with an offset, like 2025-04-03T09:00:00+09:00)"}},
        {"an unknown symbol",
         "{name: a, type: t, symbols: [N226]}",
         {R"(r.yaml:2:32: there is no symbol "N226", did you mean "N225"?)"}},
        {"a symbol twice",
         "{name: a, type: t, symbols: [N225, N225]}",
         {R"(r.yaml:2:38: "symbols" lists "N225" twice)"}},
        {"no symbols",
         "{name: a, type: t, symbols: []}",
         {R"(r.yaml:2:31: "symbols" names none; leave it out, or the rule if it is not wanted)"}},
        {"symbols that are text",
         "{name: a, type: t, symbols: N225}",
         {R"(r.yaml:2:31: "symbols" must be a list, found "N225")"}},
        {"an unknown severity",
         "{name: a, type: t, severity: critcal}",
         {R"(r.yaml:2:32: "severity" must be one of info, warning, critical, found "critcal", did you mean "critical"?)"}},
        {"a severity that is a list",
         "{name: a, type: t, severity: [info]}",
         {R"(r.yaml:2:32: "severity" must be one of info, warning, critical, found a list)"}},
        {"labels that are a list",
         "{name: a, type: t, labels: [x]}",
         {R"(r.yaml:2:30: "labels" must be a map, found a list)"}},
        {"a label that is a list",
         "{name: a, type: t, labels: {desk: [x]}}",
         {R"(r.yaml:2:37: the label "desk" must be text, found a list)"}},
        {"a label without a value",
         "{name: a, type: t, labels: {desk: }}",
         {R"(r.yaml:2:31: the label "desk" must be text, found nothing)"}},
        {"an empty summary",
         "{name: a, type: t, summary: ''}",
         {R"(r.yaml:2:31: "summary" must be text, found "")"}},
        {"params that are a list",
         "{name: a, type: t, params: [x]}",
         {R"(r.yaml:2:30: "params" must be a map, found a list)"}},
        {"no time at all",
         "{name: a, type: t, for: 0s, cooldown: 0 sessions}",
         {R"(r.yaml:2:27: "for" must be longer than 0)", R"(r.yaml:2:41: "cooldown" must be longer than 0)"}},
        {"a wrong unit",
         "{name: a, type: t, for: 3 sesions}",
         {R"(r.yaml:2:27: "3 sesions" has an unknown unit, did you mean "sessions"?)"}},
        {"a date to expire",
         "{name: a, type: t, expires: 2026-01-01}",
         {R"(r.yaml:2:31: "2026-01-01" is not an RFC 3339 time with an offset, like 2025-04-03T09:00:00+09:00)"}},
        {"a time without an offset",
         "{name: a, type: t, expires: '2026-01-01T00:00:00'}",
         {R"(r.yaml:2:31: "2026-01-01T00:00:00" has no offset (Z or +09:00))"}},
        {"expires never",
         "{name: a, type: t, expires: never}",
         {R"(r.yaml:2:31: "never" is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes)"}},
        {"enabled in another tongue",
         "{name: a, type: t, enabled: yes}",
         {R"(r.yaml:2:31: "enabled" must be true or false, found "yes")"}},
        {"enabled in quotes",
         "{name: a, type: t, enabled: 'true'}",
         {R"(r.yaml:2:31: "enabled" must be true or false, found "true")"}},
    }));
    CAPTURE(row.name);
    desk.dir.write("r.yaml", std::string{"rules:\n- "} + row.text + "\n");
    CHECK(desk.check(symbols_text + "rules: [r.yaml]\n") == row.errors);
}

TEST_CASE("a mistake about rule files is said with its place") {
    Desk desk;
    desk.dir.write("rules/a.yaml", "rules:\n- {name: x, type: t}\n");
    desk.dir.write("rules/b.yaml", "rules:\n- {name: x, type: t}\n");
    desk.dir.write("empty.yaml", "");
    desk.dir.write("other.yaml", "rule: []\n");
    desk.dir.write("list.yaml", "rules: {a: b}\n");
    const auto row = GENERATE(values<Mistake>({
        {"nothing matches",
         "rules: [rules/*.yml, \"rulez/[ab].yaml\"]\n",
         {R"(c.yaml:1:9: no file matches "rules/*.yml")",
          R"(c.yaml:1:22: no file matches "rulez/[ab].yaml")"}},
        {"a file that is not there",
         "rules: [rules/c.yaml]\n",
         {R"(c.yaml:1:9: no file matches "rules/c.yaml")"}},
        {"one name in two files, the first by its bytes",
         "rules: [rules/b.yaml, rules/a.yaml]\n",
         {R"(rules/b.yaml:2:10: there is a rule "x" already, at rules/a.yaml:2:10)"}},
        {"a file that two patterns match is read once", "rules: [rules/a*, ./rules/a.yaml]\n", {}},
        {"a folder", "rules: [rules]\n", {R"(c.yaml:1:9: cannot read "rules": it is a directory)"}},
        {"an empty rule file",
         "rules: [empty.yaml]\n",
         {"empty.yaml:1:1: a rule file must be a map, found nothing"}},
        {"another key",
         "rules: [other.yaml]\n",
         {R"(other.yaml:1:1: a rule file has no key "rule", did you mean "rules"?)",
          R"(other.yaml:1:1: a rule file needs "rules")"}},
        {"rules in a map", "rules: [list.yaml]\n", {R"(list.yaml:1:8: "rules" must be a list, found a map)"}},
    }));
    CAPTURE(row.name);
    CHECK(desk.check(row.text) == row.errors);
}

TEST_CASE("every mistake is reported, in the order of the files") {
    Desk desk;
    desk.dir.write("rules/b.yaml", "rules:\n- {name: one, type: t, severity: high}\n");
    desk.dir.write("rules/a.yaml",
                   "rules:\n- {name: one, tpye: t, symbols: [N255]}\n- {nam: two, type: t}\n");
    CHECK(desk.check("heartbeat: 0s\n"
                     "rules: [rules/*.yaml]\n"
                     "calendars: [xtks.yaml, gone.yaml]\n"
                     "feeds:\n"
                     "- {name: a, file: gone.ndjson}\n"
                     "io_thread: 2\n"
                     "symbols: {N225: {calendar: XTKS}}\n") ==
          Texts{
              R"(c.yaml:1:12: "heartbeat" must be clock time between 1s and 1h, found "0s")",
              R"(c.yaml:3:24: cannot read "gone.yaml": No such file or directory)",
              R"(c.yaml:6:1: a configuration has no key "io_thread", did you mean "io_threads"?)",
              R"(rules/a.yaml:2:3: a rule needs "type")",
              R"(rules/a.yaml:2:15: a rule has no key "tpye", did you mean "type"?)",
              R"(rules/a.yaml:2:34: there is no symbol "N255", did you mean "N225"?)",
              R"(rules/a.yaml:3:3: a rule needs "name")",
              R"(rules/a.yaml:3:4: a rule has no key "nam", did you mean "name"?)",
              R"(rules/b.yaml:2:10: there is a rule "one" already, at rules/a.yaml:2:10)",
              R"(rules/b.yaml:2:34: "severity" must be one of info, warning, critical, found "high")",
          });
}

TEST_CASE("a configuration that is not there is one error") {
    const tests::TempDir dir;
    Diagnostics diagnostics;
    load_config(dir.at("c.yaml"), diagnostics);
    REQUIRE(diagnostics.errors().size() == 1);
    CHECK(diagnostics.errors()[0].text() == dir.at("c.yaml") + ": cannot be read: No such file or directory");
}

TEST_CASE("patterns are taken beside the configuration, whatever its folder is called") {
    const tests::TempDir dir;
    dir.write("odd [a]*\\/rules/r.yaml", "rules: []\n");
    dir.write("odd a/rules/wrong.yaml", "rules: [x]\n");
    const std::string file = dir.write("odd [a]*\\/c.yaml", "rules: [rules/*.yaml]\n");
    Diagnostics diagnostics;
    load_config(file, diagnostics);
    for (const Error& error : diagnostics.errors()) FAIL_CHECK(error.text());
}
