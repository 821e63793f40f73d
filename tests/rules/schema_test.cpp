// What the shipped rule types do not declare. That the schema and `check` agree is
// end_to_end/schema_test.py's.
#include "rules/schema.hpp"

#include "rules_support.hpp"

#include <tocsin/rule.hpp>

using namespace tocsin;
using namespace tocsin::rules;
using namespace tocsin::test;

namespace {

enum class Minutes { one, five };

struct Odd {
    struct Inner {
        std::int64_t deep;
    };
    struct Params {
        Minutes every;
        Duration wait;
        std::int64_t count;
        std::optional<Inner> perhaps;
        Inner inner;
    };
    struct State {};
    static constexpr std::string_view name = "odd", doc = "Rings \"oddly\".";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_NONE, state_version = 1;
    static constexpr std::array inner_fields{param<&Inner::deep>("deep", "how deep", {.min = "-3"})};
    static constexpr std::array params{
        param<&Params::every>("every", "how often", {.dflt = "5", .choices = "1|5"}),
        param<&Params::wait>("wait", "how long", {.dflt = "5m", .min = "2m", .max = "3m"}),
        param<&Params::count>("count", "how many", {.dflt = "1"}),
        object<&Params::perhaps, inner_fields>("perhaps", "an object or nothing"),
        object<&Params::inner, inner_fields>("inner", "an object"),
        not_yet<Params>("stage")};
    static constexpr std::array values{value("a.b", TOCSIN_T_DECIMAL, "a value")};
    static constexpr std::array<std::string_view, 1> summaries{"{a.b}"};
    static bool plan(Planner&, Params&) { return true; }
    static Outcome evaluate(const Params&, State&, const Input&) { return Outcome::quiet(); }
    static void report(const Params&, const State&, const Input&, Report&) {}
};

} // namespace

TEST_CASE("a schema says what a plugin declares") {
    Diagnostics said;
    Plugins plugins;
    plugins.add(tocsin::detail::serve<Odd>(&host_table(), "odd", "1.0"), "odd.so", said);
    REQUIRE(said.ok());
    const std::string schema = rule_file_schema(plugins);
    CHECK(schema == rule_file_schema(plugins));
    const auto has = [&](std::string_view text) { return schema.find(text) != std::string::npos; };
    // Words that YAML takes for numbers are right with quotes and without.
    CHECK(has(R"("enum": ["1", 1, "5", 5])"));
    CHECK(has(R"("default": 5)"));
    CHECK(has(R"(0*[2-3] ?(?:m)"));
    CHECK(has(R"(must be a duration, at least 2m, at most 3m)"));
    CHECK(has(R"("minimum": -9223372036854775808)"));
    CHECK(has(R"("minimum": -3)"));
    CHECK(has(R"("enumDescriptions": ["Rings \"oddly\"."])"));
    // An object may be left out only if it is optional, or if all that is in it has defaults.
    CHECK(has(R"("required": ["inner"])"));
    CHECK(has(R"("required": ["params"])"));
    CHECK(has(R"("symbols": false)"));
    CHECK(has(R"(|at|a\\.b)\\})"));
    CHECK_FALSE(has("stage"));
}

TEST_CASE("without plugins no rule is right, and no list is empty") {
    const std::string schema = rule_file_schema({});
    CHECK(schema.find(R"("not": {})") != std::string::npos);
    CHECK(schema.find("[]") == std::string::npos);
}
