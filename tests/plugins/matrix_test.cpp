// The matrix: what every rule type does in every situation that it may come into, as one table. A column is a
// situation, the same for all types; a row is a type; a cell says what the rule told and at which step of the
// situation: F it fires, U the level rises, D falls, R it resolves, E an event; z is the end of the last
// session. `-` is silence, `.` a situation that does not concern the type. In each the state is also copied
// before every step, so pending, firing and recovering too, and the copy must tell the same.
#include "tests/plugins/pipeline_rows.hpp"

#include <algorithm>
#include <filesystem>

using namespace tocsin;
using namespace tocsin::tests;

namespace {

/// What a rule judges, and so what its steps bring: ticks; the session's official close; its first tick;
/// nothing, as time passes without a tick; or a message, which is a line of its own.
enum class Judges { tick, close, open, moment, message };

/// One unit (1e-9) short of ringing, ringing, one unit beyond, and far beyond. Of a message `ring` is the
/// line.
struct Prices {
    const char *miss = "", *ring = "", *beyond = "", *far = "";
};
struct Type {
    const char* name; // of the type, and after a comma what is special about the rule
    Judges judges;
    Prices prices;
    std::vector<const char*> history; // the closes of the three sessions before
    const char* params;               // of the rule `it`
    const char* heard = "";           // the rules that it listens to
    const char* before = nullptr;     // a line that comes after the history
};

struct Market {
    const char *symbol, *close;
    std::vector<const char*> days;    // three of the history, today, the session after
    std::vector<const char*> offsets; // of the exchange's clock from UTC on each; one: on all
};
struct Step {
    const char *clock, *verb; // calm (the last close again), miss, ring, beyond, far; or as line_of has it
    int day = 0;              // 1: in the session after
};
enum class History { whole, none, no_close };
struct Situation {
    const char *name, *concerns; // t c o m s: of Judges, those that have it
    std::vector<Step> steps;
    const Market& market;
    History history = History::whole;
    const char* key = ""; // of the rule; such a situation is for conditions that last
};

// Laid out by hand, as tables.
// clang-format off
const Market
    tokyo_2025{"N225", "15:30", {"2025-04-01", "2025-04-02", "2025-04-03", "2025-04-04", "2025-04-07"}, {"+09:00"}},
    golden_week{"N225", "15:30", {"2025-04-24", "2025-04-25", "2025-04-28", "2025-04-30", "2025-05-01"}, {"+09:00"}},
    new_year{"N225", "15:30", {"2024-12-26", "2024-12-27", "2024-12-30", "2025-01-06", "2025-01-07"}, {"+09:00"}},
    thanksgiving{"SPX", "13:00", {"2024-11-25", "2024-11-26", "2024-11-27", "2024-11-29", "2024-12-02"}, {"-05:00"}},
    summer_time{"SPX", "16:00", {"2025-03-05", "2025-03-06", "2025-03-07", "2025-03-10", "2025-03-11"},
        {"-05:00", "-05:00", "-05:00", "-04:00", "-04:00"}};

const std::vector<Situation> situations{
    {"first", "tcos",  {{"09:10", "ring"}}, tokyo_2025, History::none},
    {"open",  "tos",   {{"09:00", "ring"}}, tokyo_2025},
    {"short", "tcom",  {{"09:00", "calm"}, {"09:10", "miss"}}, tokyo_2025},
    {"exact", "tcoms", {{"09:00", "calm"}, {"09:10", "ring"}}, tokyo_2025},
    {"past",  "tcom",  {{"09:00", "calm"}, {"09:10", "beyond"}}, tokyo_2025},
    {"gap",   "tco",   {{"09:00", "calm"}, {"09:10", "far"}, {"09:11", "far"}}, tokyo_2025},
    {"back",  "tms",   {{"09:00", "calm"}, {"09:10", "ring"}, {"09:11", "calm"}}, tokyo_2025},
    {"lunch", "tms",   {{"11:25", "calm"}, {"11:35", "ring"}, {"12:30", "ring"}}, tokyo_2025},
    {"auct",  "tms",   {{"15:20", "calm"}, {"15:26", "calm"}, {"15:29:59", "ring"}}, tokyo_2025},
    {"halt",  "tcoms", {{"09:00", "calm"}, {"09:05", "halted"}, {"09:10", "ring"}, {"09:20", "resumed"}, {"09:20", "ring"}}, tokyo_2025},
    {"early", "tcoms", {{"12:45", "calm"}, {"12:55", "ring"}, {"13:01", "ring"}}, thanksgiving},
    {"holi",  "tcoms", {{"09:00", "calm"}, {"09:10", "ring"}}, golden_week},
    {"shut",  "tcos",  {{"09:00", "closed"}, {"09:10", "ring"}, {"09:10", "ring", 1}}, tokyo_2025},
    {"nocl",  "tco",   {{"09:00", "calm"}, {"09:10", "ring"}}, tokyo_2025, History::no_close},
    {"twice", "tcoms", {{"09:00", "calm"}, {"09:10", "ring"}, {"09:10", "ring"}}, tokyo_2025},
    {"late",  "tcs",   {{"09:00", "calm"}, {"09:00", "calm", 1}, {"09:10", "ring"}}, tokyo_2025},
    {"same",  "tos",   {{"09:00", "calm"}, {"09:10", "miss"}, {"09:10", "ring"}}, tokyo_2025},
    {"dst",   "tcoms", {{"09:30", "calm"}, {"09:40", "ring"}}, summer_time},
    {"year",  "tcoms", {{"09:00", "calm"}, {"09:10", "ring"}}, new_year},
    {"for",   "tm",    {{"09:00", "calm"}, {"09:10", "ring"}, {"09:15", "beat"}}, tokyo_2025, History::whole, "for: 5m"},
    {"keep",  "tm",    {{"09:00", "calm"}, {"09:10", "ring"}, {"09:11", "calm"}, {"09:16", "calm"}}, tokyo_2025, History::whole, "keep: 5m"},
};

const Prices at_970{"970.000000001", "970", "969.999999999", "900"}, below_990{"990", "989.999999999", "989.999999998", "900"},
    below_999{"999", "998.999999999", "998.999999998", "900"}, below_1000{"1000", "999.999999999", "999.999999998", "850"};
const Prices below_1010{"1010", "1009.999999999", "1009.999999998", "900"};
const Prices up_1030{"1029.999999999", "1030", "1030.000000001", "1100"};
const std::vector<const char*> risen{"1000", "1000", "1010"}, fallen{"1200", "1200", "1000"}, flat{"1000", "1000", "1000"}, dipped{"1000", "990", "1000"}, fell{"1000", "1000", "999"};
const char* const levels = "direction: down, levels: [{at: 3}, {at: 5}]";
const char* const tariff = R"("type":"tariff","measure":"m","stage":"announced","imposer":"US","target":"JP","rate":24,"tier":"official")";
const char* const dated = R"("type":"tariff","measure":"m","stage":"announced","imposer":"US","target":"JP","effective":"2025-04-09T00:00:00Z")";
const char* const under = "  - {name: under, type: level_cross, symbols: [$S], params: {direction: down, level: 970, mode: is_beyond}}\n";
const char* const fall = "  - {name: fall, type: level_cross, symbols: [$S], params: {direction: down, level: 970}}\n";

const std::vector<Type> types{
    {"level_cross", Judges::tick, at_970, flat, "direction: down, level: 970"},
    {"level_cross, is_beyond", Judges::tick, at_970, flat, "direction: down, level: 970, mode: is_beyond"},
    {"session_move", Judges::tick, at_970, flat, levels},
    {"session_move, close", Judges::close, at_970, flat, "basis: close, direction: down, levels: [{at: 3}, {at: 5}]"},
    {"record_session_move", Judges::close, below_990, dipped, "direction: down, history: {min_sessions: 1}"},
    {"record_session_move, live", Judges::tick, below_990, dipped, "basis: live, direction: down, history: {min_sessions: 1}"},
    {"opening_gap", Judges::open, at_970, flat, "settle: 0s, direction: down, levels: [{at: 3}, {at: 5}]"},
    {"drawdown", Judges::close, at_970, flat, "peak: all_time, levels: [{at: 3}, {at: 5}]"},
    {"drawdown, intraday", Judges::tick, at_970, flat, "peak: all_time, peak_basis: intraday, levels: [{at: 3}, {at: 5}]"},
    {"rebound", Judges::close, up_1030, fallen, "trough: \"last:3\", min_fall: 10, levels: [{at: 3}, {at: 5}]"},
    {"rebound, intraday", Judges::tick, up_1030, fallen, "trough: \"last:3\", trough_basis: intraday, min_fall: 10, levels: [{at: 3}]"},
    {"extreme", Judges::tick, below_990, dipped, "side: low, basis: live, window: \"last:3\""},
    {"streak", Judges::close, below_999, fell, "direction: down, length: 2"},
    {"multi_session_move", Judges::close, at_970, flat, "direction: down, sessions: 2, at: 3%"},
    {"ma_cross", Judges::close, below_1010, risen, "fast: price, slow: sma:2, direction: down"},
    {"round_number", Judges::tick, below_1000, flat, "direction: down, step: 100"},
    {"velocity", Judges::tick, at_970, flat, "direction: down, window: 30m, threshold: 3, min_ticks: 1"},
    {"intraday_range", Judges::tick, at_970, flat, "threshold: 3"},
    {"volatility_shock", Judges::close, at_970, flat, "lookback: 2, floor: 1, k: 3"},
    {"tariff_event", Judges::message, {"", tariff, "", ""}, flat, "match: {target: JP}"},
    {"sequence", Judges::tick, at_970, flat, "within: 2 sessions, steps: [{match: {target: JP}}, {rule: fall}]", fall, tariff},
    {"absence", Judges::moment, {"09:09:59.999999999", "09:10", "09:10:00.000000001", ""}, flat, "after: {match: {target: JP}}, expect: {rule: fall}, by: open+10m, max_gap: 1h", fall, tariff},
    {"event_window", Judges::tick, at_970, flat, "marks: [2 sessions], threshold: 3", "", tariff},
    {"composite", Judges::tick, at_970, flat, "when: {any: [under]}", under},
    {"breadth_of_markets", Judges::tick, at_970, flat, "where: under, of: [$S], at_least: 1", under},
    {"staleness", Judges::moment, {"09:09:59.999999999", "09:10", "09:10:00.000000001", ""}, {}, "max_gap: 10m"},
    {"missing_close", Judges::moment, {"15:39:59.999999999", "15:40", "15:40:00.000000001", ""}, {}, "grace: 10m"},
    {"tariff_deadline", Judges::message, {"", dated, "", ""}, flat, "before: [7d, 1h]"},
    {"trading_status", Judges::message, {"", R"("type":"status","symbol":"$S","state":"halted")", "", ""}, flat, ""},
};

constexpr std::string_view matrix = R"(
                           first open  short exact past  gap   back  lunch auct  halt  early holi  shut  nocl  twice late  same  dst   year  for   keep
level_cross                -     E1    -     E2    E2    E2    E2    E2    E3    E4    E2    E2    E3    E2    E2    -     E3    E2    E2    .     .
level_cross, is_beyond     -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    F3    F2    F2    -     F3    F2    F2    F3    F2R4
session_move               -     F1Rz  -     F2Rz  F2Rz  F2Rz  F2R3  F2Rz  F3Rz  F4Rz  F2R3  F2Rz  -     F2Rz  F2Rz  -     F3Rz  F2Rz  F2Rz  F3Rz  F2R4
session_move, close        -     .     -     F2Rz  F2Rz  F2Rz  .     .     .     F3Rz  F2Rz  F2Rz  F2R3  F2Rz  F2Rz  F3R3  .     F2Rz  F2Rz  .     .
record_session_move        -     .     -     E2    E2    E2    .     .     .     E3    E2    E2    E2    E2    E2    E3    .     E2    E2    .     .
record_session_move, live  -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    -     F2    F2    -     F3    F2    F2    F3    F2R4
opening_gap                -     E1    -     E1    E1    E1    .     .     .     E3    E1    E1    E3    E1    E1    .     -     E1    E1    .     .
drawdown                   -     .     -     F2    F2    F2    .     .     .     F3    F2    F2    F2    F2    F2    F3    .     F2    F2    .     .
drawdown, intraday         -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    F3    F2    F2    -     F3    F2    F2    F3    F2R4
rebound                    -     .     -     F2    F2    F2    .     .     .     F3    F2    F2    F2    F2    F2    F3    .     F2    F2    .     .
rebound, intraday          -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    -     F2    F2    -     F3    F2    F2    F3    F2R4
extreme                    -     E1    -     E2    E2    E2    E2    E2    E3    E4    E2    E2    -     E2    E2    -     E3    E2    E2    .     .
streak                     -     .     -     F2    F2    F2    .     .     .     F3    F2    F2    F2R3  F2    F2    F3    .     F2    F2    .     .
multi_session_move         -     .     -     E2    E2    E2    .     .     .     E3    E2    E2    E2    E2    E2    E3    .     E2    E2    .     .
ma_cross                   -     .     -     E2    E2    E2    .     .     .     E3    E2    E2    E2    -     E2    E3    .     E2    E2    .     .
round_number               -     E1    -     E2    E2    E2    E2    E2    E3    E4    E2    E2    E3    E2    E2    -     E3    E2    E2    .     .
velocity                   -     -     -     F2Rz  F2Rz  F2Rz  F2R3  -     -     -     F2R3  F2Rz  -     F2Rz  F2Rz  -     F3Rz  F2Rz  F2Rz  F3Rz  F2R4
intraday_range             -     -     -     F2Rz  F2Rz  F2Rz  F2Rz  F2Rz  F3Rz  F4Rz  F2R3  F2Rz  -     F2Rz  F2Rz  -     F3Rz  F2Rz  F2Rz  F3Rz  F2Rz
volatility_shock           -     .     -     E2    E2    E2    .     .     .     E3    E2    E2    E2    E2    E2    E3    .     E2    E2    .     .
tariff_event               E1    E1    .     E2    .     .     E2    E2    E3    E3    E2    E2    E2    .     E2    E3    E2    E2    E2    .     .
sequence                   -     E1    -     E2    E2    E2    E2    E2    E3    E4    E2    E2    E3    E2    E2    -     E3    E2    E2    .     .
absence                    .     .     Fz    F2    F2    .     F2    F1    F1    Fz    F1    F2    .     .     F2    .     .     F2    F2    F3    F2
event_window               -     F1    -     F2    F2    F2    F2    F2    F3    F4    F2    F2    F3    F2    F2    -     F3    F2    F2    F3    F2
composite                  -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    F3    F2    F2    -     F3    F2    F2    F3    F2R4
breadth_of_markets         -     F1    -     F2    F2    F2    F2R3  F2    F3    F4    F2    F2    F3    F2    F2    -     F3    F2    F2    F3    F2R4
staleness                  .     .     Fz    F2    F2    .     F2R3Fz F1R1Fz F1R1  Fz    F1R1F2 F2    .     .     F2    .     .     F2    F2    F3    F2R4Fz
missing_close              .     .     -     F2    F2    .     F2    -     -     F3    -     F2    .     .     F2    .     .     -     F2    -     F2
tariff_deadline            F1    F1    .     F2    .     .     F2    F2    F3    F3    -     -     F2    .     F2    F3    F2    -     -     .     .
trading_status             F1    F1    .     F2Rz  .     .     F2Rz  F2Rz  F3Rz  F2R4F5Rz F2R3  F2Rz  F1R3F3 .     F2Rz  F3Rz  F2Rz  F2Rz  F2Rz  .     .
)";

// clang-format on

std::string with(std::string text, const std::string& mark, const std::string& value) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
        text.replace(at, mark.size(), value);
    return text;
}

const char* price(const Type& type, std::string_view verb) {
    if (verb == "calm") return type.history.empty() ? "1000" : type.history.back();
    return verb == "miss"     ? type.prices.miss
           : verb == "ring"   ? type.prices.ring
           : verb == "beyond" ? type.prices.beyond
                              : type.prices.far;
}

/// A situation as lines of NDJSON for a type.
struct Script {
    std::vector<std::string> history, steps;
};
class Writer {
public:
    Writer(const Type& type, const Market& market) : type_{type}, market_{market} {}

    std::string line(std::size_t day, const std::string& clock_and_kind, const std::string& rest = "") const {
        return line_of(std::string{market_.days[day]} + ' ' + clock_and_kind + ' ' + market_.symbol + ' ' +
                           rest,
                       offset(day));
    }
    std::string message(std::size_t day, std::string clock, const std::string& fields) const {
        if (clock.size() == 5) clock += ":00";
        return with("{\"ts\":\"" + std::string{market_.days[day]} + 'T' + clock + offset(day) + "\"," +
                        fields + '}',
                    "$S", market_.symbol);
    }
    std::vector<std::string> history(History which) const {
        std::vector<std::string> all;
        if (which == History::none || type_.history.empty()) return all;
        for (std::size_t day = 0; day < 3; ++day)
            all.push_back(day == 2 && which == History::no_close
                              ? line(day, "12:50 tick", type_.history[day])
                              : line(day, "bar", std::string{"- - - "} + type_.history[day]));
        if (type_.before != nullptr) all.push_back(message(2, "16:30", type_.before));
        return all;
    }
    /// The line of a step; empty if it brings nothing.
    std::string step(const Step& step) const {
        const std::string verb = step.verb, clock = step.clock;
        const auto day = static_cast<std::size_t>(3 + step.day);
        const auto priced = [&](const std::string& when_and_kind) {
            return line(day, when_and_kind, price(type_, verb));
        };
        if (verb == "halted" || verb == "resumed" || verb == "closed" || verb == "beat")
            return line(day, clock + ' ' + verb);
        if (verb == "calm") return type_.judges == Judges::open ? "" : priced(clock + " tick");
        switch (type_.judges) {
        case Judges::tick:
        case Judges::open:
            return priced(clock + " tick");
        case Judges::close:
            return priced(std::string{market_.close} + " close");
        case Judges::moment:
            return line(day, (clock == "09:10" ? std::string{price(type_, verb)} : clock) + " beat");
        case Judges::message:
            return message(day, clock, type_.prices.ring);
        }
        return {};
    }

private:
    const char* offset(std::size_t day) const {
        return market_.offsets[market_.offsets.size() == 1 ? 0 : day];
    }
    const Type& type_;
    const Market& market_;
};

std::string configured(const Type& type, const Situation& situation, const std::string& key) {
    const std::string name = type.name;
    const bool symbols = !name.starts_with("tariff") && !name.starts_with("breadth");
    return with(type.heard + ("  - {name: it, type: " + name.substr(0, name.find(','))) +
                    (symbols ? ", symbols: [$S]" : "") + (key.empty() ? "" : ", " + key) + ", params: {" +
                    type.params + "}}\n",
                "$S", situation.market.symbol);
}

/// Its episodes last, so `for` and `keep` have a meaning.
bool lasts(const Desk& desk) {
    for (const auto& rule : desk.plan->rules)
        if (rule->rule.name == "it") return rule->plan.condition != 0 && rule->plan.momentary == 0;
    return false;
}

/// What the rule `it` told from there on.
std::string told(const std::vector<alert::Alert>& alerts, std::size_t from, char step) {
    std::string text;
    for (; from < alerts.size(); ++from) {
        const alert::Alert& alert = alerts[from];
        if (alert.rule != "it") continue;
        const bool firing = alert.state == alert::State::firing;
        text += firing && alert.reason == alert::Reason::escalated     ? 'U'
                : firing && alert.reason == alert::Reason::deescalated ? 'D'
                : firing                                               ? 'F'
                : alert.state == alert::State::resolved                ? 'R'
                                                                       : 'E';
        text += step;
    }
    return text;
}

std::string cell(const Type& type, const Situation& situation) {
    constexpr std::string_view kinds = "tcoms";
    if (std::string_view{situation.concerns}.find(kinds[static_cast<std::size_t>(type.judges)]) ==
        std::string_view::npos)
        return ".";
    const std::string calendars =
        TOCSIN_SOURCE_DIR "/config/calendars/xtks.yaml, " TOCSIN_SOURCE_DIR "/config/calendars/xnys.yaml";
    if (*situation.key != '\0' && !lasts(Desk{configured(type, situation, ""), "", calendars})) return ".";
    const Desk desk{configured(type, situation, situation.key), "", calendars};
    Decoding decode{desk};
    const Writer writer{type, situation.market};
    Run run{desk};
    for (auto& line : writer.history(situation.history)) run.take(decode(std::move(line)));

    struct Copy {
        engine::Pipeline::Snapshot state;
        std::size_t told;
    };
    std::vector<market::Event> events;
    std::vector<Copy> copies;
    std::string text;
    for (const Step& step : situation.steps) {
        std::string line = writer.step(step);
        if (line.empty()) continue;
        events.push_back(decode(std::move(line)));
        copies.push_back({run.pipeline.save(), run.told.size()});
        run.take(events.back());
        text += told(run.told, copies.back().told, static_cast<char>('0' + events.size()));
    }
    const std::size_t before = run.told.size();
    run.finish();
    text += told(run.told, before, 'z');

    const auto whole = run.lines();
    for (std::size_t i = 0; i < copies.size(); ++i) {
        Run copy{desk};
        copy.pipeline.restore(copies[i].state);
        for (std::size_t next = i; next < events.size(); ++next) copy.take(events[next]);
        copy.finish();
        INFO("copied before step " << i + 1);
        CHECK(copy.lines() ==
              std::vector(whole.begin() + static_cast<std::ptrdiff_t>(copies[i].told), whole.end()));
    }
    return text.empty() ? "-" : text;
}

/// A line of the table: the name, then the cells in columns of six.
std::string row(std::string text, const std::vector<std::string>& cells) {
    text.resize(27, ' ');
    for (const std::string& cell : cells)
        text += cell + std::string(cell.size() < 6 ? 6 - cell.size() : 1, ' ');
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

} // namespace

TEST_CASE("the matrix") {
    std::istringstream expected{std::string{matrix}};
    const auto expect = [&](const std::string& is) {
        std::string line;
        std::getline(expected, line);
        CHECK(is == line);
    };
    std::vector<std::string> cells;
    for (const Situation& situation : situations) cells.emplace_back(situation.name);
    expect("");
    expect(row("", cells));
    for (const Type& type : types) {
        CAPTURE(type.name);
        cells.clear();
        for (const Situation& situation : situations) {
            CAPTURE(situation.name);
            cells.push_back(cell(type, situation));
        }
        expect(row(type.name, cells));
    }
    CHECK(expected.peek() == std::istringstream::traits_type::eof());
}

TEST_CASE("the matrix has every rule type") {
    std::vector<std::string> listed{"relative_move"},
        shipped; // whose situations are of two symbols: see its own test
    for (const Type& type : types) {
        const std::string name = type.name;
        listed.push_back(name.substr(0, name.find(',')));
    }
    std::sort(listed.begin(), listed.end());
    listed.erase(std::unique(listed.begin(), listed.end()), listed.end());
    for (const auto& file : std::filesystem::directory_iterator{TOCSIN_SOURCE_DIR "/plugins"})
        if (file.path().extension() == ".cpp") shipped.push_back(file.path().stem());
    std::sort(shipped.begin(), shipped.end());
    CHECK(listed == shipped);
}
