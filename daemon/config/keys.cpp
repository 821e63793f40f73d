#include "config/keys.hpp"

#include <algorithm>
#include <cassert>

namespace tocsin::config {

const Key& Map::at(std::string_view name) const {
    const auto found =
        std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
    assert(found != keys.end());
    return *found;
}

const Map& configuration_map() {
    static const Map map{
        "a configuration",
        {{.name = "listen",
          .doc = "Where subscribers connect, WebSocket and HTTP. Loopback only; port 0 takes any free one",
          .form = Form::address,
          .dflt = "127.0.0.1:8787"},
         {.name = "calendars", .doc = "Calendar files: when markets trade", .form = Form::texts},
         {.name = "symbols",
          .doc = "What may be spoken of, by name",
          .form = Form::named_maps,
          .map = &symbol_map()},
         {.name = "feeds", .doc = "Where events come from", .form = Form::maps, .map = &feed_map()},
         {.name = "rules",
          .doc = "Patterns of rule files, like rules/*.yaml; one that matches nothing is an error",
          .form = Form::texts},
         {.name = "plugins",
          .doc = "Further directories with rule types, besides the installed one",
          .form = Form::texts},
         {.name = "clock_lag",
          .doc = "serve: how far event time stays behind the wall clock; above the delay of the slowest feed",
          .form = Form::clock_time,
          .dflt = "2s",
          .least = "0s",
          .most = "1h"},
         {.name = "close_grace",
          .doc = "How long after a session's close its official close is waited for",
          .form = Form::clock_time,
          .dflt = "10m",
          .least = "0s",
          .most = "24h"},
         {.name = "io_threads",
          .doc = "Threads that serve subscribers. What is decided does not depend on them",
          .form = Form::integer,
          .dflt = "1",
          .least = "1",
          .most = "64"},
         {.name = "heartbeat",
          .doc = "How often subscribers are told that all is well",
          .form = Form::clock_time,
          .dflt = "15s",
          .least = "1s",
          .most = "1h"},
         {.name = "store", .doc = "What is kept of the alerts", .form = Form::map, .map = &store_map()}},
        {"tls", "auth", "origins", "insecure"}};
    return map;
}

const Map& symbol_map() {
    static const Map map{"a symbol",
                         {{.name = "name", .doc = "Its name for people"},
                          {.name = "calendar", .doc = "The calendar by which it trades", .required = true}}};
    return map;
}

const Map& feed_map() {
    static const Map map{
        "a feed",
        {{.name = "name",
          .doc = "Unique; rejected lines are kept under it",
          .form = Form::feed_name,
          .required = true},
         {.name = "file", .doc = "A CSV file, or one JSON object a line; - is standard input"},
         {.name = "tcp",
          .doc = "Listens here; each connection sends one JSON object a line. Loopback only",
          .form = Form::address,
          .without = {"csv", "lateness", "follow"}},
         {.name = "csv",
          .doc = "Which columns of a CSV file hold what",
          .form = Form::map,
          .map = &csv_map(),
          .without = {"types"}},
         {.name = "lateness",
          .doc = "A file: how far a line may lie behind the newest before it; not at all where absent",
          .form = Form::clock_time,
          .least = "0s",
          .most = "7d"},
         {.name = "max_ahead",
          .doc = "Live: a time further ahead of the wall clock is a bad line; 5s where absent",
          .form = Form::clock_time,
          .least = "0s",
          .most = "1d"},
         {.name = "follow",
          .doc = "serve reads the file on as it grows, like tail -F",
          .form = Form::boolean,
          .dflt = "false"},
         {.name = "symbols",
          .doc = "The symbols that it carries, so that check finds rules nothing reaches",
          .form = Form::texts},
         {.name = "types",
          .doc = "The types of events that it carries",
          .form = Form::words,
          .words = {"quote", "bar", "tariff", "status", "correction", "heartbeat"}}},
        {},
        {{"file", "tcp"}}};
    return map;
}

const Map& csv_map() {
    static const Map map{
        "\"csv\"",
        {{.name = "symbol", .doc = "The symbol of the whole file"},
         {.name = "symbol_column", .doc = "The column that names the symbol, where a file holds several"},
         {.name = "session",
          .doc = "The column with the session's date: each row is a bar",
          .with = {"close"}},
         {.name = "ts", .doc = "The column with the time: each row is a quote, or a bar if close is mapped"},
         {.name = "open", .doc = "Of a bar", .with = {"close"}},
         {.name = "high", .doc = "Of a bar", .with = {"close"}},
         {.name = "low", .doc = "Of a bar", .with = {"close"}},
         {.name = "close", .doc = "Of a bar: its official close"},
         {.name = "volume", .doc = "Of a bar", .with = {"close"}},
         {.name = "price", .doc = "Of a quote"},
         {.name = "kind", .doc = "Of a quote: tick, open or close", .with = {"price"}},
         {.name = "seq", .doc = "Of a quote: its number at the source", .with = {"price"}},
         {.name = "separator",
          .doc = "What stands between the columns",
          .form = Form::word,
          .dflt = ",",
          .words = {",", ";", "|", "\t"}},
         {.name = "date_format",
          .doc = "How session or ts is written, where that is not 2025-04-03 or RFC 3339: %m/%d/%Y"}},
        {},
        {{"symbol", "symbol_column"}, {"session", "ts"}, {"close", "price"}}};
    return map;
}

const Map& store_map() {
    static const Map map{"\"store\"",
                         {{.name = "keep",
                           .doc = "How much is held for subscribers that come back",
                           .form = Form::map,
                           .map = &keep_map()}},
                         {"path", "min_free"}};
    return map;
}

const Map& keep_map() {
    static const Map map{
        "\"keep\"",
        {{.name = "alerts",
          .doc = "How many alerts; an older one is reported as a gap", // some 600 bytes each, in memory
          .form = Form::integer,
          .dflt = "100000",
          .least = "1",
          .most = "10000000"}},
        {"age"}};
    return map;
}

const Map& rule_file_map() {
    static const Map map{
        "a rule file",
        {{.name = "rules", .doc = "The rules", .form = Form::maps, .required = true, .map = &rule_map()}}};
    return map;
}

const Map& rule_map() {
    static const Map map{
        "a rule",
        {{.name = "name",
          .doc = "Unique over all files; part of every alert's id",
          .form = Form::name,
          .required = true},
         {.name = "type", .doc = "The rule type", .form = Form::rule_type, .required = true},
         {.name = "symbols", .doc = "Those it watches; each has its own episodes", .form = Form::some_texts},
         {.name = "params", .doc = "The parameters of the rule type", .form = Form::params},
         {.name = "severity",
          .doc = "How grave it is; a level may have its own",
          .form = Form::word,
          .dflt = "warning",
          .words = {"info", "warning", "critical"}},
         {.name = "labels", .doc = "Yours, to route by", .form = Form::labels},
         {.name = "summary",
          .doc = "The sentence. {name} is a value of the type, or rule, symbol, title, subject, session, "
                 "severity, "
                 "state, reason, at; {{ is a brace; an absent value prints -"},
         {.name = "for",
          .doc = "Conditions: it must hold that long without a break before it rings",
          .form = Form::lasting},
         {.name = "keep",
          .doc =
              "Conditions: an episode that has cleared is resolved only if nothing fires anew for that long",
          .form = Form::lasting},
         {.name = "cooldown",
          .doc = "No new episode until that long after the last one ended",
          .form = Form::lasting},
         {.name = "remind",
          .doc = "Conditions: while it fires, the alert is told again that long after the last word on it",
          .form = Form::lasting},
         {.name = "expires",
          .doc = "A duration: an episode that still fires is resolved. A time: the rule ends then",
          .form = Form::expiry},
         {.name = "enabled",
          .doc = "false switches it off; it is still checked",
          .form = Form::boolean,
          .dflt = "true"},
         {.name = "mute_until",
          .doc = "A time: what the rule decides before it is logged, marked muted, and not pushed",
          .form = Form::time}}};
    return map;
}

} // namespace tocsin::config
