#include "push/filter.hpp"

#include "tests/push/alerts.hpp"

#include <catch2/catch.hpp>

namespace tocsin::push {
namespace {

using List = std::vector<std::string>;

TEST_CASE("a glob knows stars and nothing else") {
    struct Row {
        const char *glob, *text;
        bool matches;
    };
    const auto row = GENERATE(values<Row>({
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"N225", "N225", true},
        {"N225", "n225", false},
        {"N225", "N2255", false},
        {"N*", "N225", true},
        {"*5", "N225", true},
        {"*22*", "N225", true},
        {"N*2*5", "N225", true},
        {"N*5*5", "N225", false},
        {"a*bc", "abbbc", true},
        {"a*bc", "abcbd", false},
        {"**", "x", true},
        {"N22?", "N225", false},
        {"[N]225", "N225", false},
    }));
    CAPTURE(row.glob, row.text);
    CHECK(glob_matches(row.glob, row.text) == row.matches);
}

TEST_CASE("an alert matches where every part of the filter does") {
    const auto alert = made({"drop", "N225", alert::Severity::warning});
    const auto tariff = made({"tariffs", "", alert::Severity::critical});
    struct Row {
        const char* name;
        Filter filter;
        bool alert, tariff;
    };
    const std::vector<Row> rows{
        {"nothing asked for", {}, true, true},
        {"its symbol", {List{"SPX", "N2*"}, {}, {}, {}}, true, false},
        {"any symbol is still a symbol", {List{"*"}, {}, {}, {}}, true, false},
        {"no symbol at all", {List{}, {}, {}, {}}, false, false},
        {"its rule", {{}, List{"dr*"}, {}, {}}, true, false},
        {"no rule at all", {{}, List{}, {}, {}}, false, false},
        {"at least info", {{}, {}, alert::Severity::info, {}}, true, true},
        {"at least critical", {{}, {}, alert::Severity::critical, {}}, false, true},
        {"a label", {{}, {}, {}, {{"desk", "japan"}}}, true, true},
        {"another value of it", {{}, {}, {}, {{"desk", "us"}}}, false, false},
        {"all labels, of which one is not there",
         {{}, {}, {}, {{"desk", "japan"}, {"x", "y"}}},
         false,
         false},
        {"symbol and rule", {List{"N225"}, List{"tariffs"}, {}, {}}, false, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(row.filter.matches(alert) == row.alert);
        CHECK(row.filter.matches(tariff) == row.tariff);
    }
}

TEST_CASE("a filter that no loaded rule can satisfy is told from one that waits") {
    const Catalogue catalogue{
        {{"drop", "session_move", {alert::Severity::warning}, {{"desk", "japan"}}, {"N225"}},
         {"tariffs", "tariff_event", {alert::Severity::critical}, {}, {}}},
        {"N225", "SPX"}};
    struct Row {
        const char* name;
        Filter filter;
        const char* why;
    };
    const std::vector<Row> rows{
        {"everything", {}, ""},
        {"a watched symbol", {List{"N*"}, {}, {}, {}}, ""},
        {"a rule without symbol", {{}, List{"tariffs"}, {}, {}}, ""},
        {"a severity that one has", {{}, {}, alert::Severity::critical, {}}, ""},
        {"an unknown symbol", {List{"HSI"}, {}, {}, {}}, "no configured symbol matches the filter's symbols"},
        {"no symbols",
         {List{}, {}, {}, {}},
         "an empty list of symbols matches nothing; leave it out to match all"},
        {"an unknown rule", {{}, List{"rise"}, {}, {}}, "no loaded rule matches the filter's rules"},
        {"no rules",
         {{}, List{}, {}, {}},
         "an empty list of rules matches nothing; leave it out to match all"},
        {"a symbol that no rule watches",
         {List{"SPX"}, {}, {}, {}},
         "no loaded rule can give an alert that matches the whole filter"},
        {"a tariff rule by symbol",
         {List{"N225"}, List{"tariffs"}, {}, {}},
         "no loaded rule can give an alert that matches the whole filter"},
        {"a severity that only another has",
         {List{"N225"}, {}, alert::Severity::critical, {}},
         "no loaded rule can give an alert that matches the whole filter"},
        {"a label that none has",
         {{}, {}, {}, {{"desk", "us"}}},
         "no loaded rule can give an alert that matches the whole filter"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(why_no_match(row.filter, catalogue) == row.why);
    }
}

} // namespace
} // namespace tocsin::push
