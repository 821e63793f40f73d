// Section 2 of the contract, event by event through the whole pipeline. Times are Tokyo's, in April 2025: `02
// 09:10` is 2025-04-02T00:10:00Z. The 2nd is a Wednesday, the 4th a Friday, the 7th a Monday.
#include "alert/summary.hpp"
#include "tests/engine/engine_support.hpp"

#include <fmt/format.h>
#include <sstream>

using namespace tocsin;
using namespace tocsin::tests;

namespace {

std::vector<std::string> words(const std::string& text) {
    std::istringstream in{text};
    std::vector<std::string> all;
    for (std::string word; in >> word;) all.push_back(word);
    return all;
}

/// `02 09:10:00`
Time tokyo_time(const std::string& day, const std::string& clock) {
    return Time::parse("2025-04-" + day + 'T' + (clock.size() == 5 ? clock + ":00" : clock) + "+09:00").value;
}

std::optional<Price> price(const std::string& word) {
    if (word == "-") return {};
    const auto parsed = Price::parse(word);
    REQUIRE(parsed);
    return parsed.value;
}

/// `DAY CLOCK KIND …`: tick, open or close SYMBOL PRICE · halted, resumed or closed SYMBOL · tariff MEASURE
/// TARGET · correction SYMBOL PRICE · beat; or `DAY bar SYMBOL OPEN HIGH LOW CLOSE`, whose time is its
/// session's close.
market::Event event(const Desk& desk, const std::string& text) {
    const auto at = words(text);
    const auto symbol = [&](std::size_t i) {
        const auto id = desk.config.symbols.find(at.at(i));
        REQUIRE(id != market::no_symbol);
        return id;
    };
    market::Event made;
    if (at.at(1) == "bar") {
        market::Bar bar;
        bar.symbol = symbol(2);
        bar.session = SessionDate::parse((at[0].size() == 2 ? "2025-04-" : "2025-") + at[0]).value;
        bar.open = price(at.at(3)), bar.high = price(at.at(4)), bar.low = price(at.at(5)),
        bar.close = *price(at.at(6));
        const feed::Check check{desk.config.feeds.front(), desk.config.symbols};
        const auto fault = check.bar(bar, made.at);
        REQUIRE(!fault);
        made.what = bar;
        return made;
    }
    made.at = tokyo_time(at[0], at[1]);
    const auto& kind = at.at(2);
    if (kind == "tick" || kind == "open" || kind == "close") {
        const auto which = kind == "tick"   ? market::QuoteKind::tick
                           : kind == "open" ? market::QuoteKind::open
                                            : market::QuoteKind::close;
        made.what = market::Quote{symbol(3), which, *price(at.at(4))};
    } else if (const auto state = market::trading_state_named(kind)) {
        auto status = std::make_shared<market::Status>();
        status->state = *state;
        if (at.at(3) == "XTKS")
            status->venue = "XTKS";
        else
            status->symbol = symbol(3);
        made.what = std::shared_ptr<const market::Status>{status};
    } else if (kind == "tariff") {
        auto tariff = std::make_shared<market::Tariff>();
        tariff->measure = at.at(3), tariff->target = at.at(4), tariff->imposer = "US";
        made.what = std::shared_ptr<const market::Tariff>{tariff};
    } else if (kind == "correction") {
        auto correction = std::make_shared<market::Correction>();
        correction->symbol = symbol(3), correction->close = *price(at.at(4));
        made.what = std::shared_ptr<const market::Correction>{correction};
    } else {
        REQUIRE(kind == "beat");
    }
    return made;
}

/// `02 15:30 RULE SYMBOL [SESSION] STATE REASON PRICE`, then what is not as usual: `from=bar`, the quality.
std::string described(const alert::Alert& alert, const Desk& desk) {
    const auto local = alert.at.plus(9 * 3600 * nanos_per_second).to_string(); // 2025-04-02T15:30:00Z
    std::string text = local.substr(8, 2) + ' ' + local.substr(11, 5);
    if (local.substr(16, 3) != ":00") text += local.substr(16, local.size() - 17);
    text += ' ' + alert.rule;
    if (!alert.symbol.empty()) text += ' ' + alert.symbol;
    if (alert.session) text += " [" + alert.session->to_string().substr(8) + ']';
    (void)desk;
    text += fmt::format(" {} {}", name(alert.state), name(alert.reason));
    std::string from;
    for (const auto& value : alert.values) {
        if (value.name == "price" || value.name == "close" || value.name == "last_price")
            text += ' ' + alert::print(value.value);
        if (value.name == "from") from = " from=" + alert::print(value.value);
    }
    text += from;
    if (alert.quality != alert::Quality::ok) text += ' ' + std::string{name(alert.quality)};
    return text;
}

std::vector<std::string> told(const Run& run, const Desk& desk) {
    std::vector<std::string> all;
    for (const auto& alert : run.told) all.push_back(described(alert, desk));
    return all;
}

// Rules that the tables below use, each on its own page of YAML.
constexpr const char* cross =
    "  - {name: cross, type: level_cross, symbols: [N225], params: {level: 100, direction: any}}\n";
constexpr const char* below_5m =
    "  - {name: below, type: level_cross, symbols: [N225], for: 5m, params: {level: 100, "
    "direction: down, mode: is_beyond}}\n";
constexpr const char* down =
    "  - {name: down, type: session_move, symbols: [N225], params: {direction: down, "
    "levels: [{at: 3}]}}\n";
constexpr const char* down_close =
    "  - {name: closed, type: session_move, symbols: [N225], params: {direction: down, "
    "basis: close, levels: [{at: 3}]}}\n";
constexpr const char* record =
    "  - {name: record, type: record_session_move, symbols: [N225], params: {direction: down, "
    "history: {min_sessions: 1}}}\n";
constexpr const char* watch =
    "  - {name: watch, type: record_session_move, symbols: [N225], params: {direction: down, "
    "basis: live, history: {min_sessions: 1}}}\n";
constexpr const char* stale =
    "  - {name: stale, type: staleness, symbols: [N225, TPX], params: {max_gap: 5m}}\n";
constexpr const char* tariff = "  - {name: tariff, type: tariff_event, params: {match: {target: JP}}}\n";

struct Row {
    const char* name;
    std::vector<const char*> rules;
    std::vector<const char*> events;
    std::vector<std::string> expected;
};

void check(const Row& row, bool finish) {
    std::string rules;
    for (const auto* rule : row.rules) rules += rule;
    const Desk desk{rules};
    Run run{desk};
    for (const auto* text : row.events) run.take(event(desk, text));
    if (finish) run.finish();
    CAPTURE(row.name);
    CHECK(told(run, desk) == row.expected);
}

} // namespace

TEST_CASE("a bar reaches rules on live prices price by price, and rules on closes by its close") {
    const auto row = GENERATE(values<Row>({
        {"the open, the low, the close, all at the close",
         {down},
         {"02 bar N225 100 100 100 100", "03 bar N225 99 101 96 99"},
         {"03 15:30 down N225 [03] firing entered 96 from=bar",
          "03 15:30 down N225 [03] resolved cleared 99 from=bar"}},
        {"a rule on closes sees the close only",
         {down_close},
         {"02 bar N225 100 100 100 100", "03 bar N225 99 101 90 99", "04 bar N225 99 99 96 96"},
         {"04 15:30 closed N225 [04] firing entered 96",
          "04 15:30 closed N225 [04] resolved session_end 96"}},
        {"any: the low comes first where the session rose",
         {cross},
         {"02 bar N225 101 101 101 101", "03 bar N225 101 103 99 102"},
         {"03 15:30 cross N225 [03] event entered 99 from=bar",
          "03 15:30 cross N225 [03] event entered 103 from=bar"}},
        {"any: the high comes first where it fell",
         {cross},
         {"02 bar N225 99 99 99 99", "03 bar N225 99 103 97 98"},
         {"03 15:30 cross N225 [03] event entered 103 from=bar",
          "03 15:30 cross N225 [03] event entered 97 from=bar"}},
        {"what is absent is left out: no low, no ring",
         {down},
         {"02 bar N225 100 100 100 100", "03 bar N225 - - - 99", "04 bar N225 - - 95 99"},
         {"04 15:30 down N225 [04] firing entered 95 from=bar",
          "04 15:30 down N225 [04] resolved cleared 99 from=bar"}},
        {"a tick before: only the close is new, and it says whence it comes",
         {cross, down},
         {"02 bar N225 101 101 101 101", "03 09:10 tick N225 101", "03 bar N225 101 101 80 99"},
         {"03 15:30 cross N225 [03] event entered 99 from=close"}},
        {"a session's end follows everything of its bar",
         {down, watch, record, down_close},
         {"02 bar N225 100 100 100 100", "03 bar N225 100 100 99 99", "04 bar N225 99 99 90 92"},
         {"04 15:30 closed N225 [04] firing entered 92", "04 15:30 down N225 [04] firing entered 90 from=bar",
          "04 15:30 record N225 [04] event entered 92", "04 15:30 watch N225 [04] firing entered 90 from=bar",
          "04 15:30 closed N225 [04] resolved session_end 92",
          "04 15:30 down N225 [04] resolved session_end 92",
          "04 15:30 watch N225 [04] resolved session_end 92"}},
        {"the watch is settled by the close that does not stand",
         {watch},
         {"02 bar N225 100 100 100 100", "03 bar N225 100 100 98 98", "04 bar N225 98 98 90 97"},
         {"04 15:30 watch N225 [04] firing entered 90 from=bar",
          "04 15:30 watch N225 [04] resolved cleared 97 from=bar"}},
        {"no time passes inside a bar",
         {below_5m},
         {"02 bar N225 101 101 101 101", "03 bar N225 101 101 90 101", "04 bar N225 101 101 90 90",
          "07 09:01 tick N225 90"},
         {"04 15:35 below N225 [04] firing entered 90"}},
        {"staleness takes no bars",
         {stale},
         {"02 bar N225 100 100 100 100", "02 bar TPX 100 100 100 100"},
         {"02 09:05 stale N225 [02] firing entered", "02 09:05 stale TPX [02] firing entered"}},
    }));
    check(row, true);
}

TEST_CASE("at one instant timers come first, then the event; rules by depth, name and symbol") {
    const auto row = GENERATE(values<Row>({
        {"a timer due at T runs before the event of T",
         {below_5m},
         {"02 09:01 tick N225 101", "02 09:10 tick N225 99", "02 09:15 tick N225 101"},
         {"02 09:15 below N225 [02] firing entered 99", "02 09:15 below N225 [02] resolved cleared 101"}},
        {"by name, then by symbol; a rule that listens comes after those it listens to",
         {"  - {name: a-after, type: sequence, symbols: [N225], params: {within: 1h, steps: [{rule: b}, "
          "{rule: c}]}}\n",
          "  - {name: c, type: level_cross, symbols: [N225], params: {level: 100}}\n",
          "  - {name: b, type: level_cross, symbols: [N225], params: {level: 99.5}}\n"},
         {"02 09:01 tick N225 101", "02 09:02 tick N225 99"},
         {"02 09:02 b N225 [02] event entered 99", "02 09:02 c N225 [02] event entered 99",
          "02 09:02 a-after N225 [02] event entered"}},
        {"one timer, two symbols",
         {stale},
         {"02 09:00 beat", "02 09:30 beat"},
         {"02 09:05 stale N225 [02] firing entered", "02 09:05 stale TPX [02] firing entered"}},
        {"earlier timers first, whatever their names",
         {"  - {name: a, type: staleness, symbols: [N225], params: {max_gap: 7m}}\n",
          "  - {name: b, type: staleness, symbols: [N225], params: {max_gap: 6m}}\n"},
         {"02 09:00 beat", "02 10:00 beat"},
         {"02 09:06 b N225 [02] firing entered", "02 09:07 a N225 [02] firing entered"}},
        {"what a late event has set may be due at once",
         {below_5m},
         {"02 09:01 tick N225 101", "02 10:00 tick TPX 50", "02 09:30 tick N225 99"},
         {"02 09:35 below N225 [02] firing entered 99"}},
    }));
    check(row, false);
}

TEST_CASE("the official close is the first of a close quote and a bar, and what comes late is judged all the "
          "same") {
    const auto row = GENERATE(values<Row>({
        {"the close quote replaces the last tick, and says so",
         {cross},
         {"02 09:01 tick N225 101", "02 15:29 tick N225 101", "02 15:30 close N225 100"},
         {"02 15:30 cross N225 [02] event entered 100 from=close"}},
        {"a close stamped after the close and before the next open is that session's",
         {down_close},
         {"02 bar N225 100 100 100 100", "03 15:29 tick N225 100", "03 17:00 close N225 90"},
         {"03 17:00 closed N225 [03] firing entered 90",
          "03 17:00 closed N225 [03] resolved session_end 90"}},
        {"a bar after the close quote is a duplicate",
         {down, down_close},
         {"02 bar N225 100 100 100 100", "03 15:30 close N225 96", "03 bar N225 96 96 80 96"},
         {"03 15:30 closed N225 [03] firing entered 96",
          "03 15:30 down N225 [03] firing entered 96 from=close",
          "03 15:30 closed N225 [03] resolved session_end 96",
          "03 15:30 down N225 [03] resolved session_end 96"}},
        {"one that differs is not applied",
         {down_close},
         {"02 bar N225 100 100 100 100", "03 15:30 close N225 99", "03 bar N225 90 90 90 90"},
         {}},
        {"a close that event time has passed has its own time, and is late",
         {down_close},
         {"02 bar N225 100 100 100 100", "03 16:00 beat", "03 15:31 close N225 96"},
         {"03 15:31 closed N225 [03] firing entered 96 late",
          "03 15:31 closed N225 [03] resolved session_end 96 late"}},
        {"a bar that comes the next morning is judged against its own session's reference",
         {down_close, record},
         {"02 bar N225 100 100 100 100", "03 bar N225 99 99 99 99", "07 09:30 tick N225 95",
          "04 bar N225 96 96 96 96"},
         {"04 15:30 closed N225 [04] firing entered 96 late",
          "04 15:30 record N225 [04] event entered 96 late",
          "04 15:30 closed N225 [04] resolved session_end 96 late"}},
        {"and then it is the reference of the running session",
         {down},
         {"02 bar N225 100 100 100 100", "04 09:30 tick N225 95", "03 bar N225 99 99 99 99"},
         {"03 15:30 down N225 [04] firing entered 95 late",
          "04 15:30 down N225 [04] resolved session_end 95"}},
        {"ten minutes without a close make the last tick a provisional one",
         {down},
         {"02 09:01 tick N225 100", "02 15:39 beat", "03 09:01 tick N225 97"},
         {"03 09:01 down N225 [03] firing entered 97 provisional",
          "03 15:30 down N225 [03] resolved session_end 97 provisional"}},
        {"a close within the grace is official",
         {down},
         {"02 09:01 tick N225 100", "02 15:39 close N225 99", "03 09:01 tick N225 97",
          "03 09:02 tick N225 96"},
         {"03 09:02 down N225 [03] firing entered 96", "03 15:30 down N225 [03] resolved session_end 96"}},
        {"an official close that comes after the provisional one takes its place",
         {down},
         {"02 09:01 tick N225 100", "03 09:01 tick N225 97", "02 16:00 close N225 90",
          "03 09:02 tick N225 87"},
         {"03 09:01 down N225 [03] firing entered 97 provisional",
          "02 16:00 down N225 [03] resolved cleared 97 late", "03 09:02 down N225 [03] firing entered 87",
          "03 15:30 down N225 [03] resolved session_end 87"}},
        {"a record is never made of a provisional close",
         {record},
         {"02 bar N225 100 100 100 100", "03 bar N225 99 99 99 99", "04 09:01 tick N225 80",
          "07 09:01 tick N225 80"},
         {}},
        {"no move across a hole",
         {down, down_close, record},
         {"02 bar N225 100 100 100 100", "03 bar N225 99 99 99 99", "07 bar N225 50 50 50 50",
          "08 bar N225 48 48 48 48"},
         {"08 15:30 closed N225 [08] firing entered 48", "08 15:30 down N225 [08] firing entered 48 from=bar",
          "08 15:30 record N225 [08] event entered 48", "08 15:30 closed N225 [08] resolved session_end 48",
          "08 15:30 down N225 [08] resolved session_end 48"}},
        {"bars before the calendar are sessions of their dates",
         {down_close},
         {"03-27 bar N225 100 100 100 100", "03-28 bar N225 96 96 96 96", "01 bar N225 93 93 93 93"},
         {"28 15:30 closed N225 [28] firing entered 96", "28 15:30 closed N225 [28] resolved session_end 96",
          "01 15:30 closed N225 [01] firing entered 93",
          "01 15:30 closed N225 [01] resolved session_end 93"}},
        {"a tariff event that comes late has its own time",
         {tariff},
         {"02 12:00 beat", "02 09:00 tariff m JP", "02 13:00 tariff m JP"},
         {"02 09:00 tariff event entered late"}},
    }));
    check(row, true);
}

TEST_CASE("ticks: late ones are not applied, a halt holds, the close itself still belongs to the session") {
    const auto row = GENERATE(values<Row>({
        {"earlier than the newest of its symbol: not applied",
         {cross},
         {"02 09:01 tick N225 101", "02 09:10 tick N225 101", "02 09:09 tick N225 99",
          "02 09:10 tick N225 101"},
         {}},
        {"earlier than event time, but not late by its own symbol: applied",
         {cross},
         {"02 09:01 tick N225 101", "02 09:10 tick TPX 50", "02 09:09 tick N225 99"},
         {"02 09:09 cross N225 [02] event entered 99"}},
        {"its session is over by event time: applied, but it opens no episode that needs a running session",
         {cross, down},
         {"02 bar N225 101 101 101 101", "03 09:01 tick N225 101", "03 15:31 beat", "03 15:29 tick N225 90"},
         {"03 15:29 cross N225 [03] event entered 90"}},
        {"stamped exactly at the close: of the session",
         {down},
         {"02 bar N225 100 100 100 100", "03 15:30 tick N225 97"},
         {"03 15:30 down N225 [03] firing entered 97", "03 15:30 down N225 [03] resolved session_end 97"}},
        {"a moment after it: of none",
         {cross},
         {"02 09:01 tick N225 101", "02 15:30:00.000000001 tick N225 99", "02 08:59 tick N225 99"},
         {}},
        {"in a halt nothing rings and nothing resolves; its end asks anew",
         {down},
         {"02 bar N225 100 100 100 100", "03 09:01 tick N225 99", "03 10:00 halted N225",
          "03 10:05 tick N225 95", "03 10:06 beat", "03 10:10 resumed N225", "03 10:20 halted XTKS",
          "03 10:25 tick N225 100", "03 10:30 resumed XTKS"},
         {
             "03 10:10 down N225 [03] firing entered 95",
             "03 10:30 down N225 [03] resolved cleared 100",
         }},
        {"`for` stands still in a halt",
         {below_5m},
         {"02 09:01 tick N225 101", "02 09:10 tick N225 99", "02 09:12 halted N225", "02 09:30 resumed N225",
          "02 09:40 beat"},
         {"02 09:33 below N225 [02] firing entered 99"}},
        {"a halted symbol is not stale",
         {stale},
         {"02 09:01 tick N225 101", "02 09:01 tick TPX 50", "02 09:02 halted XTKS", "02 11:00 beat",
          "02 11:00 resumed N225", "02 11:06 beat"},
         {"02 11:05 stale N225 [02] firing entered 101"}},
    }));
    check(row, true);
}

TEST_CASE(
    "a replay ends with the close of the last session seen, or of the one that is named, and no later") {
    const Desk desk{down + std::string{stale}};
    Run run{desk};
    for (const auto* text : {"02 bar N225 100 100 100 100", "03 09:01 tick TPX 50", "03 09:01 tick N225 90"})
        run.take(event(desk, text));
    const auto before = run.told.size();
    SECTION("the last seen") {
        run.finish();
        CHECK(run.pipeline.now() == tokyo_time("03", "15:30:00.000000001"));
    }
    SECTION("the one that is named") {
        run.finish(SessionDate::from_civil(2025, 4, 4));
        // By then New York's session of that day is over too.
        CHECK(run.pipeline.now() == Time::parse("2025-04-04T20:00:00.000000001Z").value);
    }
    SECTION("a session that lies behind changes nothing") {
        run.finish(SessionDate::from_civil(2025, 4, 2));
        CHECK(run.told.size() == before);
        CHECK(run.pipeline.now() == tokyo_time("03", "09:01"));
        return;
    }
    REQUIRE(run.told.size() > before + 2);
    CHECK(described(run.told[before], desk) == "03 09:06 stale N225 [03] firing entered 90");
    for (const auto& alert : run.told) CHECK(alert.at <= run.pipeline.now());
}

TEST_CASE("what is not applied is counted") {
    const Desk desk{cross};
    Run run{desk};
    for (const auto* text :
         {"03-31 bar N225 100 100 100 100", "02 09:01 tick N225 101", "02 09:02 tick N225 101",
          "02 09:01 tick N225 99", "02 08:59 tick TPX 99", "02 15:30 close N225 101",
          "02 bar N225 101 101 101 101", "02 15:31 close N225 102", "02 16:00 tick N225 99",
          "02 16:01 correction N225 99", "02 16:02 beat"})
        run.take(event(desk, text));
    const auto& counted = run.pipeline.counters();
    CHECK(counted.events == 11);
    CHECK(counted.late == 1);
    CHECK(counted.out_of_session == 2);
    CHECK(counted.before_calendar == 1);
    CHECK(counted.duplicate_closes == 1);
    CHECK(counted.differing_closes == 1);
    CHECK(counted.corrections == 1);
    CHECK(run.told.empty());
}
