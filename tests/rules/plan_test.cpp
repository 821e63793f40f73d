// What a plan makes of rules, and every mistake that only a plan can see.
#include "rules_support.hpp"

using namespace tocsin;
using namespace tocsin::rules;
using namespace tocsin::test;

namespace {

/// The instances in the order of decisions: `1 b N225`, with their rules' depths.
Lines order(const Desk& desk) {
    Lines lines;
    for (const auto& instance : desk.plan->instances) {
        const auto& rule = *desk.plan->rules[instance.rule];
        lines.push_back(
            std::to_string(rule.depth) + ' ' + rule.rule.name +
            (instance.symbol == market::no_symbol ? "" : ' ' + desk.config.symbols[instance.symbol].name));
    }
    return lines;
}

struct Row {
    const char* name;
    const char* rules;
    Lines problems;
};

} // namespace

TEST_CASE("instances are decided by depth, then by name, then by symbol") {
    const Desk desk{R"(  - {name: a, type: hear, params: {hears: [c]}}
  - {name: c, type: hear, params: {hears: [x, b]}}
  - {name: x, type: watch, symbols: [TPX, N225]}
  - {name: b, type: note}
  - {name: off, type: note, enabled: false}
  - {name: B, type: hear, symbols: [N225], params: {hears: [b]}}
)"};
    REQUIRE(desk.problems() == Lines{});
    CHECK(order(desk) == Lines{"0 b", "0 x N225", "0 x TPX", "1 B N225", "1 c", "2 a"});
    const Plan& plan = *desk.plan;
    CHECK(plan.first_instance == std::vector<std::uint32_t>{0, 1, 3, 4, 5, 6});
    CHECK(plan.listeners[0] == std::vector<std::uint32_t>{2, 3}); // b is heard by B and c
    CHECK(plan.listeners[1] == std::vector<std::uint32_t>{3});
    CHECK(plan.listeners[3] == std::vector<std::uint32_t>{4});
    for (const auto& instance : plan.instances) CHECK(instance.state_at % 16 == 0);
}

TEST_CASE("a chain of rules has as many depths as links, in whatever order they are named") {
    std::string rules;
    const int links = 2000;
    for (int i = links; i >= 0; --i) {
        const std::string number = std::to_string(10'000 + (i * 7) % (links + 1));
        const std::string next = std::to_string(10'000 + ((i - 1) * 7) % (links + 1));
        rules += "  - {name: r" + number + ", type: hear" +
                 (i > 0 ? ", params: {hears: [r" + next + "]}}\n" : "}\n");
    }
    const Desk desk{rules};
    REQUIRE(desk.problems() == Lines{});
    for (std::size_t r = 0; r < desk.plan->rules.size(); ++r) CHECK(desk.plan->rules[r]->depth == r);
}

TEST_CASE("a rule type that nobody brings, or that refuses, is an error") {
    const auto row = GENERATE(values<Row>({
        {"misspelt",
         "  - {name: a, type: session_mvoe, symbols: [N225]}\n",
         {"rules.yaml:2:21: no plugin brings the rule type \"session_mvoe\", did you mean "
          "\"session_move\"?"}},
        {"nothing like it",
         "  - {name: a, type: x}\n",
         {"rules.yaml:2:21: no plugin brings the rule type \"x\""}},
        {"refused with a reason, at the parameter",
         "  - {name: a, type: note, params: {refuse: not today}}\n",
         {"rules.yaml:2:44: not today"}},
        {"refused without one",
         "  - {name: a, type: note, params: {refuse: silently}}\n",
         {"rules.yaml:2:5: rule type note refuses these parameters and does not say why"}},
        {"a parameter that is wrong: it is not asked",
         "  - {name: a, type: note, params: {refuse: not today, inputs: x}}\n",
         {"rules.yaml:2:63: \"inputs\": \"x\" is no whole number"}},
        {"what is not enabled is checked too",
         "  - {name: a, type: note, enabled: false, params: {refuse: not today}}\n",
         {"rules.yaml:2:60: not today"}},
    }));
    CAPTURE(row.name);
    CHECK(Desk{row.rules}.problems() == row.problems);
}

TEST_CASE("a rule may listen to others that exist, run and do not hear it") {
    const auto row = GENERATE(values<Row>({
        {"misspelt",
         "  - {name: drop, type: note}\n  - {name: b, type: hear, params: {hears: [dorp]}}\n",
         {"rules.yaml:3:44: no rule is named \"dorp\", did you mean \"drop\"?"}},
        {"itself",
         "  - {name: b, type: hear, params: {hears: [b]}}\n",
         {"rules.yaml:2:44: a rule cannot listen to itself"}},
        {"one that is not enabled",
         "  - {name: a, type: note, enabled: false}\n  - {name: b, type: hear, params: {hears: [a]}}\n",
         {"rules.yaml:3:44: rule \"a\" is not enabled, so it has no alerts to listen to"}},
        {"one that is not enabled, from one that is not either",
         "  - {name: a, type: note, enabled: false}\n"
         "  - {name: b, type: hear, enabled: false, params: {hears: [a]}}\n",
         {}},
        {"each other",
         "  - {name: a, type: hear, params: {hears: [b]}}\n  - {name: b, type: hear, params: {hears: [a]}}\n",
         {"rules.yaml:2:5: rule \"a\" listens, through others, to itself (a hears b hears a): break the "
          "circle"}},
        {"a circle, with one that leads into it and one that hears it",
         "  - {name: a, type: hear, params: {hears: [c]}}\n  - {name: b, type: hear, params: {hears: [a]}}\n"
         "  - {name: c, type: hear, params: {hears: [d, b]}}\n  - {name: d, type: note}\n"
         "  - {name: e, type: hear, params: {hears: [a]}}\n",
         {"rules.yaml:2:5: rule \"a\" listens, through others, to itself (a hears c hears b hears a): break "
          "the "
          "circle"}},
        {"two circles",
         "  - {name: a, type: hear, params: {hears: [b]}}\n  - {name: b, type: hear, params: {hears: [a]}}\n"
         "  - {name: c, type: hear, params: {hears: [d]}}\n  - {name: d, type: hear, params: {hears: [c]}}\n",
         {"rules.yaml:2:5: rule \"a\" listens, through others, to itself (a hears b hears a): break the "
          "circle",
          "rules.yaml:4:5: rule \"c\" listens, through others, to itself (c hears d hears c): break the "
          "circle"}},
        {"twice the same",
         "  - {name: a, type: note}\n  - {name: b, type: hear, params: {hears: [a, a]}}\n",
         {}},
    }));
    CAPTURE(row.name);
    CHECK(Desk{row.rules}.problems() == row.problems);
}

TEST_CASE("symbols and the host's keys are held against what the type is") {
    const auto row = GENERATE(values<Row>({
        {"none where they are needed",
         "  - {name: a, type: watch}\n",
         {"rules.yaml:2:5: rule \"a\" needs `symbols`: watch watches prices"}},
        {"some where they have no meaning",
         "  - {name: a, type: note, symbols: [N225]}\n",
         {"rules.yaml:2:36: `symbols` has no meaning for note: remove it"}},
        {"none, and it counts sessions",
         "  - {name: a, type: hear, params: {calendar: true}}\n",
         {"rules.yaml:2:5: rule \"a\" counts sessions or trading time, so it needs `symbols` for a "
          "calendar"}},
        {"one, and it counts sessions",
         "  - {name: a, type: hear, symbols: [N225], params: {calendar: true}}\n",
         {}},
        {"none, and a key of the host counts sessions",
         "  - {name: a, type: hear, cooldown: 3 sessions}\n",
         {"rules.yaml:2:37: `cooldown` counts sessions or trading time, so the rule needs `symbols` for a "
          "calendar; or write clock time (2h)"}},
        {"none, and every key of the host does",
         "  - {name: a, type: hear, params: {condition: true}, cooldown: 3 sessions, for: 5 trading_minutes, "
         "expires: 1 session}\n",
         {"rules.yaml:2:81: `for` counts sessions or trading time, so the rule needs `symbols` for a "
          "calendar; or "
          "write clock time (2h)",
          "rules.yaml:2:64: `cooldown` counts sessions or trading time, so the rule needs `symbols` for a "
          "calendar; or write clock time (2h)",
          "rules.yaml:2:109: `expires` counts sessions or trading time, so the rule needs `symbols` for a "
          "calendar; or write clock time (2h)"}},
        {"clock time needs none", "  - {name: a, type: hear, cooldown: 3h}\n", {}},
        {"an event does not last",
         "  - {name: a, type: note, for: 5m, expires: 2h}\n",
         {"rules.yaml:2:32: `for` has no meaning here: note rings for an event, which does not last",
          "rules.yaml:2:45: `expires` with a duration ends an episode, and note rings for an event, which "
          "has none; "
          "give a time, at which the rule ends"}},
        {"an event's rule may end",
         "  - {name: a, type: note, expires: 2025-06-01T00:00:00Z, cooldown: 1h}\n",
         {}},
        {"a condition lasts",
         "  - {name: a, type: note, for: 5m, expires: 2h, params: {condition: true}}\n",
         {}},
    }));
    CAPTURE(row.name);
    CHECK(Desk{row.rules}.problems() == row.problems);
}

TEST_CASE("a summary names what the type reports") {
    const auto row = GENERATE(values<Row>({
        {"values and what every alert has",
         "  - {name: a, type: note, summary: \"{rule} {price} {previous_close} {{ok}}\"}\n",
         {}},
        {"misspelt",
         "  - {name: a, type: note, summary: \"at {pirce}\"}\n",
         {"rules.yaml:2:36: summary: note reports no \"pirce\", did you mean \"price\"?"}},
        {"a brace without its partner",
         "  - {name: a, type: note, summary: \"at {price\"}\n",
         {"rules.yaml:2:36: summary: '{' without a '}' behind it (write {{ for a brace)"}},
    }));
    CAPTURE(row.name);
    CHECK(Desk{row.rules}.problems() == row.problems);
}

TEST_CASE("a rule that no feed can reach is an error where every feed says what it carries") {
    struct Reach {
        const char* name;
        std::string feeds;
        const char* rule;
        Lines problems, warnings;
    };
    const std::string quotes = "  - {name: q, tcp: '127.0.0.1:0', types: [quote], symbols: [N225]}\n";
    const std::string bars = "  - {name: b, tcp: '127.0.0.1:0', types: [bar], symbols: [N225]}\n";
    const std::string silent = "  - {name: s, tcp: '127.0.0.1:0', types: [tariff]}\n";
    const std::string unreached =
        "no feed carries what rule \"a\" needs of TPX: add a feed, or its name to a feed's `symbols`";
    const auto row = GENERATE_COPY(values<Reach>({
        {"ticks, of its symbol", quotes, "watch, symbols: [N225], params: {inputs: 1}", {}, {}},
        {"ticks, of another",
         quotes,
         "watch, symbols: [TPX], params: {inputs: 1}",
         {"rules.yaml:2:37: " + unreached},
         {}},
        {"one of two",
         quotes,
         "watch, symbols: [N225, TPX], params: {inputs: 1}",
         {"rules.yaml:2:37: " + unreached},
         {}},
        {"of another, and a feed that does not say",
         silent,
         "watch, symbols: [TPX], params: {inputs: 1}",
         {},
         {}},
        {"only bars, and it takes none",
         bars,
         "watch, symbols: [N225], params: {inputs: 1}",
         {},
         {"no feed carries what rule \"a\" needs of N225: watch takes no bars, and only bars reach it"}},
        {"only bars, and it takes them", bars, "watch, symbols: [N225], params: {inputs: 3}", {}, {}},
        {"only bars, and it takes closes", bars, "watch, symbols: [N225], params: {inputs: 4}", {}, {}},
        {"no price at all is needed", bars, "watch, symbols: [TPX], params: {inputs: 8}", {}, {}},
        {"no tariff events",
         bars,
         "note, params: {inputs: 16}",
         {"rules.yaml:2:5: no feed carries the tariff events that rule \"a\" needs"},
         {}},
    }));
    CAPTURE(row.name);
    const Desk desk{"  - {name: a, type: " + std::string{row.rule} + "}\n", row.feeds};
    CHECK(desk.problems() == row.problems);
    Lines warnings;
    for (const auto& warning : desk.diagnostics.warnings()) warnings.push_back(warning.message);
    CHECK(warnings == row.warnings);
}

TEST_CASE("a level's severity stands for the rule's") {
    const Desk desk{"  - {name: a, type: watch, symbols: [N225], severity: info, params: {levels: [{at: 1}, "
                    "{at: 2, severity: critical}]}}\n"};
    REQUIRE(desk.problems() == Lines{});
    const RulePlan& rule = *desk.plan->rules.front();
    CHECK(rule.severity(0) == alert::Severity::info);
    CHECK(rule.severity(1) == alert::Severity::info);
    CHECK(rule.severity(2) == alert::Severity::critical);
    CHECK(rule.severity(3) == alert::Severity::info);
    CHECK(rule.severity(-1) == alert::Severity::info);
}

TEST_CASE("a mistake of the configuration's is not told again") {
    const Desk desk{"  - {name: a, symbols: [N225]}\n  - {name: b, type: watch, symbols: [N252]}\n"};
    CHECK(desk.problems().size() == 2);
}
