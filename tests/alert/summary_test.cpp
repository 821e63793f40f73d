#include "alert/summary.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace tocsin;
using namespace tocsin::alert;

namespace {

Alert drop() {
    Alert alert;
    alert.rule = "nikkei-record-drop";
    alert.kind = "record_session_move";
    alert.symbol = "N225";
    alert.session = SessionDate::from_civil(2024, 8, 5);
    alert.severity = Severity::critical;
    alert.at = Time::parse("2024-08-05T06:00:00Z").value;
    alert.values = {{"points", Value::of_decimal(4'451'280'000'000)},
                    {"percent", Value::of_decimal(12'395'800'000)},
                    {"rank", Value::of_int(1)},
                    {"rank_exact", Value::of_bool(true)},
                    {"record_points_session", Value::of_session(SessionDate::from_civil(1987, 10, 20))}};
    return alert;
}

} // namespace

TEST_CASE("a summary names values in braces") {
    struct Row {
        const char *name, *text, *filled;
    };
    const auto row = GENERATE(values<Row>({
        {"plain", "a drop", "a drop"},
        {"empty", "", ""},
        {"values", "{symbol} fell {points} points ({percent}%), rank {rank}",
         "N225 fell 4451.28 points (12.3958%), rank 1"},
        {"side by side", "{rank}{rank}", "11"},
        {"kinds", "{rank_exact} {record_points_session}", "true 1987-10-20"},
        {"the alert's own", "{rule} {session} {severity} {state} {reason} {at}",
         "nikkei-record-drop 2024-08-05 critical event entered 2024-08-05T06:00:00Z"},
        {"the symbol's name for people", "{title}", "Nikkei 225"},
        {"absent", "{price} {subject}", "- -"},
        {"braces", "{{{rank}}} {{rank}}", "{1} {rank}"},
        {"bytes beyond ASCII", "日経 {rank} 位", "日経 1 位"},
    }));
    CAPTURE(row.name);
    CHECK(parse_summary(row.text).problem == "");
    CHECK(fill_summary(row.text, drop(), "Nikkei 225") == row.filled);
}

TEST_CASE("an alert without symbol or session prints dashes, and a symbol without title its name") {
    Alert alert = drop();
    CHECK(fill_summary("{title}", alert, "") == "N225");
    alert.symbol.clear();
    alert.session.reset();
    alert.subject = "reciprocal";
    CHECK(fill_summary("{symbol} {title} {session} {subject}", alert, "") == "- - - reciprocal");
}

TEST_CASE("an alert without symbol shows the title that it reports, a tariff's") {
    Alert alert = drop();
    alert.symbol.clear();
    alert.values.push_back({"title", Value::of_text("A tariff on steel")});
    CHECK(fill_summary("{title}", alert, "") == "A tariff on steel");
}

TEST_CASE("the alert's own words go before values of the same name") {
    Alert alert = drop();
    alert.values.push_back({"symbol", Value::of_text("other")});
    CHECK(fill_summary("{symbol}", alert, "") == "N225");
}

TEST_CASE("what a summary names is found with its place") {
    const auto parsed = parse_summary("{{x}} {symbol} fell {points}");
    REQUIRE(parsed.problem == "");
    REQUIRE(parsed.placeholders.size() == 2);
    CHECK(parsed.placeholders[0].name == "symbol");
    CHECK(parsed.placeholders[0].offset == 6);
    CHECK(parsed.placeholders[1].name == "points");
    CHECK(parsed.placeholders[1].offset == 20);
}

TEST_CASE("a brace without its partner is a mistake, with its place") {
    struct Row {
        const char *text, *problem;
        std::size_t offset;
    };
    constexpr const char* open = "'{' without a '}' behind it (write {{ for a brace)";
    constexpr const char* close = "'}' without a '{' before it (write }} for a brace)";
    const auto row = GENERATE_COPY(values<Row>({
        {"fell {points", open, 5},
        {"fell {", open, 5},
        {"{a {b}", open, 0},
        {"a {{{b", open, 4},
        {"100}", close, 3},
        {"{a}}", close, 3},
        {"{}", "a placeholder needs a name between its braces", 0},
    }));
    CAPTURE(row.text);
    const auto parsed = parse_summary(row.text);
    CHECK(parsed.problem == row.problem);
    CHECK(parsed.problem_offset == row.offset);
}

TEST_CASE("every common placeholder is filled from the alert itself") {
    Alert alert = drop();
    alert.subject = "s";
    alert.values.clear();
    for (const std::string_view name : common_placeholders()) {
        CAPTURE(name);
        CHECK(fill_summary("{" + std::string{name} + "}", alert, "t") != "-");
    }
    const auto& names = common_placeholders();
    CHECK(std::find(names.begin(), names.end(), "points") == names.end());
}

TEST_CASE("values print for people") {
    Value list{Value::Kind::list, 0, {}, {}, {Value::of_text("desk"), Value::of_text("wire")}};
    Value object{
        Value::Kind::object, 0, {}, {"rule", "at"}, {Value::of_text("fall"), Value::of_time(Time{})}};
    CHECK(print(list) == "desk, wire");
    CHECK(print(object) == "rule=fall at=1970-01-01T00:00:00Z");
    CHECK(print(Value{}) == "-");
    CHECK(print(Value::of_bool(false)) == "false");
    CHECK(print(Value::of_int(-3)) == "-3");
    CHECK(print(Value::of_decimal(-500'000'000)) == "-0.5");
}
