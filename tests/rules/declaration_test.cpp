// A rule type with a parameter of every kind, given as YAML: what the plugin gets to see, and every mistake
// with its place. `rule` is where a rule begins, 2:5; its params begin on line 10.
#include "rules/declaration.hpp"
#include "rules_support.hpp"

#include <tocsin/rule.hpp>

using namespace tocsin;
using namespace tocsin::rules;
using namespace tocsin::test;

namespace {

struct Everything {
    struct Inner {
        std::int64_t deep;
        std::optional<Price> shallow;
    };
    struct Params {
        bool flag;
        std::int64_t count;
        Price price;
        Amount amount;
        Duration wait;
        std::optional<Time> at;
        std::optional<SessionDate> day;
        std::optional<std::string_view> text;
        Direction side;
        Scope scope;
        Levels levels;
        FixedList<std::string_view, 3> names;
        Inner inner;
        std::optional<Inner> perhaps;
    };
    struct State {};
    static constexpr std::string_view name = "everything", doc = "Takes all there is.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_NONE, state_version = 1;
    static constexpr std::array inner_fields{
        param<&Inner::deep>("deep", "how deep", {.dflt = "3", .min = "1"}),
        param<&Inner::shallow>("shallow", "how shallow")};
    static constexpr std::array params{
        param<&Params::flag>("flag", "yes or no", {.dflt = "true"}),
        param<&Params::count>("count", "how many", {.min = "1", .max = "10"}),
        param<&Params::price>("price", "a price", {.dflt = "100"}),
        param<&Params::amount>("amount", "an amount", {.dflt = "20%", .min = "0"}),
        param<&Params::wait>("wait", "how long", {.dflt = "5m", .min = "1m", .max = "2h"}),
        param<&Params::at>("at", "when"),
        param<&Params::day>("day", "which session"),
        param<&Params::text>("text", "any text"),
        param<&Params::side>("side", "which way", {.dflt = "down", .choices = "down|up|any"}),
        param<&Params::scope>("scope", "which sessions", {.dflt = "all_time"}),
        object<&Params::levels, level_fields>("levels", "ascending"),
        param<&Params::names>("names", "some names"),
        object<&Params::inner, inner_fields>("inner", "an object"),
        object<&Params::perhaps, inner_fields>("perhaps", "an object or nothing"),
        not_yet<Params>("stage")};
    static constexpr std::array values{value("price", TOCSIN_T_DECIMAL, "the price"),
                                       list_value("passed", TOCSIN_T_DECIMAL, "levels passed")};
    static constexpr std::array<std::string_view, 1> summaries{"{price}"};
    static bool plan(Planner&, Params&) { return true; }
    static Outcome evaluate(const Params&, State&, const Input&) { return Outcome::quiet(); }
    static void report(const Params&, const State&, const Input&, Report&) {}
};

const tocsin_rule& type = detail::Adapter<Everything>::rule;

/// The map as it stands in a file, from line 10 on.
config::Node parsed(std::string_view yaml) {
    Diagnostics diagnostics;
    auto node = config::parse_document(std::string(9, '\n') + std::string{yaml}, "r.yaml", diagnostics);
    REQUIRE(messages(diagnostics) == Lines{});
    return node;
}

const config::Place rule_place{"r.yaml", 2, 5};

/// A value as it reached the plugin.
std::string shown(const tocsin_value& v) {
    const auto list = [&](std::string_view open, std::string_view close) {
        std::string text{open};
        for (std::uint32_t i = 0; i < v.u.list.n; ++i)
            text += (i == 0 ? "" : " ") + shown(detail::item(v, i));
        return text += close;
    };
    switch (v.type) {
    case 0:
        return "-";
    case TOCSIN_T_BOOL:
        return v.u.i != 0 ? "true" : "false";
    case TOCSIN_T_DECIMAL:
        return Price::from_nanos(v.u.i).to_string();
    case TOCSIN_T_AMOUNT:
        return Price::from_nanos(v.u.i).to_string() + (v.flags == TOCSIN_V_PERCENT ? "%" : "");
    case TOCSIN_T_DURATION:
        return std::to_string(v.u.dur.count) + "/" + std::to_string(v.u.dur.unit);
    case TOCSIN_T_TIME:
        return Time::from_nanos(v.u.i).to_string();
    case TOCSIN_T_SESSION:
        return SessionDate::from_days(static_cast<std::int32_t>(v.u.i)).to_string();
    case TOCSIN_T_STRING:
        return '\'' + std::string{view(v.u.s)} + '\'';
    case TOCSIN_T_SCOPE:
        return std::to_string(v.u.scope.kind) + ":" + std::to_string(v.u.scope.value);
    case TOCSIN_T_OBJECT:
        return list("{", "}");
    case TOCSIN_T_LIST:
        return list("[", "]");
    default: // whole numbers and choices
        return std::to_string(v.u.i);
    }
}

/// All of them, but for the last, which is not in this version.
std::string shown(const Params& params) {
    std::string text;
    for (std::uint32_t i = 0; i + 1 < params.size(); ++i)
        text += (i == 0 ? "" : " ") + shown(params.values()[i]);
    return text;
}

} // namespace

TEST_CASE("what is not given has its default, or is absent") {
    Diagnostics diagnostics;
    const auto params = read_params(type, parsed("count: 4"), rule_place, diagnostics);
    CHECK(messages(diagnostics) == Lines{});
    CHECK(shown(*params) == "true 4 100 20% 300000000000/0 - - - 0 0:0 - - {3 -} -");
}

TEST_CASE("a parameter of every kind is read") {
    struct Row {
        const char* yaml;
        std::uint32_t index;
        const char* seen;
    };
    const auto row = GENERATE(values<Row>({
        {"flag: false", 0, "false"},
        {"flag: 'true'", 0, "true"},
        {"count: 10", 1, "10"},
        {"price: 35617.56", 2, "35617.56"},
        {"price: \"-0.000000001\"", 2, "-0.000000001"},
        {"amount: 100", 3, "100"},
        {"amount: 0.5%", 3, "0.5%"},
        {"amount: 0", 3, "0"},
        {"wait: 90s", 4, "90000000000/0"},
        {"wait: 45 trading_minutes", 4, "2700000000000/1"},
        {"wait: 3 sessions", 4, "3/2"}, // cannot be compared with 1m and 2h
        {"at: 2025-04-03T09:00:00+09:00", 5, "2025-04-03T00:00:00Z"},
        {"day: 2024-02-29", 6, "2024-02-29"},
        {"text: 'a: b'", 7, "'a: b'"},
        {"text: 12", 7, "'12'"},
        {"text: ''", 7, "''"},
        {"side: any", 8, "2"},
        {"scope: last:250", 9, "1:250"},
        {"scope: since:2020-01-01", 9, "2:18262"},
        {"levels: [{at: 3}, {at: 5, severity: critical}]", 10, "[{3 -} {5 2}]"},
        {"levels: []", 10, "[]"},
        {"names: [a, b, c]", 11, "['a' 'b' 'c']"},
        {"inner: {shallow: 7}", 12, "{3 7}"},
        {"inner: {deep: 1}", 12, "{1 -}"},
        {"perhaps: {}", 13, "{3 -}"},
        {"perhaps: ~", 13, "-"},
        {"text: ~", 7, "-"},
    }));
    CAPTURE(row.yaml);
    Diagnostics diagnostics;
    const std::string yaml = row.yaml;
    const auto params = read_params(type, parsed(yaml.starts_with("count") ? yaml : "count: 4\n" + yaml),
                                    rule_place, diagnostics);
    CHECK(messages(diagnostics) == Lines{});
    REQUIRE(params->size() == Everything::params.size());
    CHECK(shown(params->values()[row.index]) == row.seen);
}

TEST_CASE("strings live as long as the parameters do") {
    Diagnostics diagnostics;
    std::unique_ptr<Params> params;
    {
        const config::Node gone = parsed("count: 4\ntext: a text that is too long to be kept in place");
        params = read_params(type, gone, rule_place, diagnostics);
    }
    CHECK(shown(params->values()[7]) == "'a text that is too long to be kept in place'");
}

TEST_CASE("every mistake is told with its place, and the rest is read on") {
    struct Row {
        const char* yaml;
        Lines messages;
    };
    const auto row = GENERATE(values<Row>({
        {"flag: true", {"r.yaml:2:5: parameter \"count\" is missing: how many (whole number)"}},
        {"count: 4\ncuont: 5", {"r.yaml:11:1: unknown parameter \"cuont\", did you mean \"count\"?"}},
        {"count: 4\nzzz: 5", {"r.yaml:11:1: unknown parameter \"zzz\""}},
        {"count: 4\nstage: live", {"r.yaml:11:1: \"stage\" is not in this version"}},
        {"count: 4\nstgae: live",
         {"r.yaml:11:1: unknown parameter \"stgae\""}}, // nothing to suggest that works
        {"count: 0", {"r.yaml:10:8: \"count\" is 0, it must be at least 1"}},
        {"count: 11", {"r.yaml:10:8: \"count\" is 11, it must be at most 10"}},
        {"count: 4.5", {"r.yaml:10:8: \"count\": \"4.5\" is no whole number"}},
        {"count: 99999999999999999999",
         {"r.yaml:10:8: \"count\": \"99999999999999999999\" is no whole number"}},
        {"count: [4]", {"r.yaml:10:8: \"count\" must be a whole number, found a list"}},
        {"count: {a: 4}", {"r.yaml:10:8: \"count\" must be a whole number, found a map"}},
        {"count:", {"r.yaml:10:1: \"count\" has no value: give a whole number"}},
        {"count: 4\nflag: yes", {"r.yaml:11:7: \"flag\": \"yes\" must be true or false"}},
        {"count: 4\nprice: 1e3", {"r.yaml:11:8: \"price\": \"1e3\" is not a decimal number"}},
        {"count: 4\nprice: 1.0000000001",
         {"r.yaml:11:8: \"price\": \"1.0000000001\" has more than 9 fraction digits"}},
        {"count: 4\nprice: 5%", {"r.yaml:11:8: \"price\": \"5%\" is not a decimal number"}},
        {"count: 4\namount: -1", {"r.yaml:11:9: \"amount\" is -1, it must be at least 0"}},
        {"count: 4\namount: -1%", {"r.yaml:11:9: \"amount\" is -1%, it must be at least 0"}},
        {"count: 4\namount: '%'", {"r.yaml:11:9: \"amount\": \"%\" is not a decimal number"}},
        {"count: 4\nwait: 59s", {"r.yaml:11:7: \"wait\" is 59s, it must be at least 1m"}},
        {"count: 4\nwait: 3h", {"r.yaml:11:7: \"wait\" is 3h, it must be at most 2h"}},
        {"count: 4\nday: 2025-02-29", {"r.yaml:11:6: \"day\": \"2025-02-29\" is no day of the calendar"}},
        {"count: 4\nside: pu",
         {"r.yaml:11:7: \"side\": \"pu\" is not one of down, up, any, did you mean \"up\"?"}},
        {"count: 4\nscope: last:0",
         {"r.yaml:11:8: \"scope\": \"last:0\" is no scope: write all_time, last:250 or since:2020-01-01"}},
        {"count: 4\nscope: last:100001",
         {"r.yaml:11:8: \"scope\": \"last:100001\" is no scope: write all_time, last:250 or "
          "since:2020-01-01"}},
        {"count: 4\nscope: since:2020",
         {"r.yaml:11:8: \"scope\": \"since:2020\" is no scope: write all_time, last:250 or "
          "since:2020-01-01"}},
        {"count: 4\nlevels: 3", {"r.yaml:11:9: \"levels\" must be a list, found \"3\""}},
        {"count: 4\nlevels: [3]", {"r.yaml:11:10: \"levels[0]\" must be a map, found \"3\""}},
        {"count: 4\nlevels: [{at: 3}, {severity: high}]",
         {"r.yaml:11:19: parameter \"levels[1].at\" is missing: the level; reached is enough (decimal)",
          "r.yaml:11:30: \"levels[1].severity\": \"high\" is not one of info, warning, critical"}},
        {"count: 4\nlevels: [{att: 3, at: 3}]",
         {"r.yaml:11:11: unknown parameter \"att\", did you mean \"at\"?"}},
        {"count: 4\nlevels: [~]", {"r.yaml:11:9: \"levels[0]\" has no value: give an object"}},
        {"count: 4\nnames: [a, b, c, d]", {"r.yaml:11:8: \"names\" has 4 items, at most 3 are possible"}},
        {"count: 4\nnames: [a, [b]]", {"r.yaml:11:12: \"names[1]\" must be a string, found a list"}},
        {"count: 4\ninner: {deep: 0}", {"r.yaml:11:15: \"inner.deep\" is 0, it must be at least 1"}},
        {"count: 4\ninner: 5", {"r.yaml:11:8: \"inner\" must be a map, found \"5\""}},
        {"count: 0\nflag: maybe\nx: 1",
         {"r.yaml:11:7: \"flag\": \"maybe\" must be true or false",
          "r.yaml:10:8: \"count\" is 0, it must be at least 1", "r.yaml:12:1: unknown parameter \"x\""}},
    }));
    CAPTURE(row.yaml);
    Diagnostics diagnostics;
    read_params(type, parsed(row.yaml), rule_place, diagnostics);
    CHECK(messages(diagnostics) == row.messages);
}

TEST_CASE("no params at all, or none that are a map") {
    for (const auto* yaml : {"", "~", "[1]", "count"}) {
        CAPTURE(yaml);
        Diagnostics diagnostics;
        const auto params = read_params(type, parsed(yaml), rule_place, diagnostics);
        const std::string_view text = yaml;
        CHECK(messages(diagnostics) ==
              (text == "[1]" ? Lines{"r.yaml:10:1: \"params\" must be a map, found a list"}
               : text == "count"
                   ? Lines{"r.yaml:10:1: \"params\" must be a map, found \"count\""}
                   : Lines{"r.yaml:2:5: parameter \"count\" is missing: how many (whole number)"}));
    }
}

TEST_CASE("a path of a parameter has the place of what it names, or of the nearest above it") {
    const auto params = parsed("count: 4\nlevels:\n  - at: 3\n  - {at: 5, severity: info}\ninner: {deep: 2}");
    struct Row {
        const char *path, *place;
    };
    const auto row = GENERATE(values<Row>({
        {"count", "r.yaml:10:8"},
        {"levels", "r.yaml:12:3"},
        {"levels[0]", "r.yaml:12:5"},
        {"levels[0].at", "r.yaml:12:9"},
        {"levels[1].severity", "r.yaml:13:23"},
        {"levels[0].severity", "r.yaml:12:5"},
        {"levels[7].at", "r.yaml:12:3"},
        {"inner.deep", "r.yaml:14:15"},
        {"inner.shallow", "r.yaml:14:8"},
        {"nothing", "r.yaml:10:1"},
        {"", "r.yaml:10:1"},
    }));
    CAPTURE(row.path);
    CHECK(place_of(params, row.path, rule_place).text() == row.place);
    CHECK(place_of({}, row.path, rule_place).text() == "r.yaml:2:5");
}

TEST_CASE("a declaration describes itself") {
    CHECK(describe(type) == R"(everything
  Takes all there is.
  symbols: none
  params:
    flag  (boolean, default true)
        yes or no
    count  (whole number, required, at least 1, at most 10)
        how many
    price  (decimal, default 100)
        a price
    amount  (decimal or percentage, default 20%, at least 0)
        an amount
    wait  (duration, default 5m, at least 1m, at most 2h)
        how long
    at  (time, optional)
        when
    day  (session date, optional)
        which session
    text  (string, optional)
        any text
    side  (one of down, up, any, default down)
        which way
    scope  (scope, default all_time)
        which sessions
    levels  (list of object, optional)
        ascending
        at  (decimal, required)
            the level; reached is enough
        severity  (one of info, warning, critical, optional)
            of this level, in place of the rule's
    names  (list of string, optional)
        some names
    inner  (object)
        an object
        deep  (whole number, default 3, at least 1)
            how deep
        shallow  (decimal, optional)
            how shallow
    perhaps  (object, optional)
        an object or nothing
        deep  (whole number, default 3, at least 1)
            how deep
        shallow  (decimal, optional)
            how shallow
  values:
    price  (decimal)  the price
    passed  (list of decimal)  levels passed
  summary:
    {price}
)");
}
