#include "alert/json.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace tocsin;
using namespace tocsin::alert;

namespace {

std::string json(const Value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

} // namespace

TEST_CASE("an alert is written as in the contract") {
    Alert alert;
    alert.seq = 17;
    alert.id = "9f2c";
    alert.rule = "nikkei-record-drop";
    alert.kind = "record_session_move";
    alert.symbol = "N225";
    alert.session = SessionDate::from_civil(2024, 8, 5);
    alert.severity = Severity::critical;
    alert.at = Time::parse("2024-08-05T15:00:00+09:00").value;
    alert.summary = "a \"record\"";
    alert.values = {{"points", Value::of_decimal(4'451'280'000'000)},
                    {"percent", Value::of_decimal(12'395'800'000)},
                    {"rank", Value::of_int(1)}};
    alert.labels = {{"desk", "japan"}, {"a", "b"}};
    const std::string head =
        R"({"type":"alert","seq":17,"id":"9f2c","transition":0,"state":"event","reason":"entered",)"
        R"("rule":"nikkei-record-drop","kind":"record_session_move","symbol":"N225",)"
        R"("session":"2024-08-05","severity":"critical","at":"2024-08-05T06:00:00Z",)"
        R"("summary":"a \"record\"","values":{"points":4451.28,"percent":12.3958,"rank":1},)"
        R"("labels":{"a":"b","desk":"japan"},"quality":"ok")";
    CHECK(to_json(alert) == head + "}");
    CHECK(to_json(alert, Time::parse("2024-08-05T06:00:00.0125Z").value) ==
          head + R"(,"emitted":"2024-08-05T06:00:00.0125Z"})");
}

TEST_CASE("an alert of a tariff has a subject, and neither symbol nor session") {
    Alert alert;
    alert.id = "00";
    alert.transition = 2;
    alert.state = State::resolved;
    alert.reason = Reason::session_end;
    alert.rule = "r";
    alert.kind = "tariff_deadline";
    alert.subject = "reciprocal";
    alert.severity = Severity::info;
    alert.quality = Quality::late;
    CHECK(to_json(alert) ==
          R"({"type":"alert","seq":0,"id":"00","transition":2,"state":"resolved",)"
          R"("reason":"session_end","rule":"r","kind":"tariff_deadline","subject":"reciprocal",)"
          R"("severity":"info","at":"1970-01-01T00:00:00Z","summary":"","values":{},"labels":{},)"
          R"("quality":"late"})");
}

TEST_CASE("values are written with exact decimals") {
    CHECK(json(Value::of_decimal(31'136'580'000'000)) == "31136.58");
    CHECK(json(Value::of_decimal(34'102'000'000'000)) == "34102");
    CHECK(json(Value::of_decimal(-1)) == "-0.000000001");
    CHECK(json(Value::of_decimal(std::numeric_limits<std::int64_t>::min())) == "-9223372036.854775808");
    CHECK(json(Value::of_int(-250)) == "-250");
    CHECK(json(Value::of_bool(true)) == "true");
    CHECK(json(Value::of_bool(false)) == "false");
    CHECK(json(Value::of_text("EU")) == "\"EU\"");
    CHECK(json(Value::of_time(Time::from_nanos(1))) == "\"1970-01-01T00:00:00.000000001Z\"");
    CHECK(json(Value::of_session(SessionDate::from_civil(1987, 10, 20))) == "\"1987-10-20\"");
}

TEST_CASE("lists and objects nest") {
    const Value step{Value::Kind::object, 0, {}, {"rule", "at"}, {Value::of_text("fall"), Value::of_int(1)}};
    CHECK(json({Value::Kind::list, 0, {}, {}, {step, Value{}}}) == R"([{"rule":"fall","at":1},null])");
    CHECK(json({Value::Kind::list, 0, {}, {}, {}}) == "[]");
    CHECK(json({Value::Kind::object, 0, {}, {}, {}}) == "{}");
    // Text that ends like the begin of a list or an object is no begin.
    CHECK(json({Value::Kind::list, 0, {}, {}, {Value::of_text("["), Value::of_text("{")}}) == R"(["[","{"])");
}

TEST_CASE("a string is valid JSON whatever its bytes") {
    using namespace std::string_literals;
    struct Row {
        const char* name;
        std::string text, written;
    };
    const auto row = GENERATE(values<Row>({
        {"plain", "Nikkei 225", "Nikkei 225"},
        {"quote and backslash", "\"\\", "\\\"\\\\"},
        {"short escapes", "\b\f\n\r\t", "\\b\\f\\n\\r\\t"},
        {"control characters", "\0\x01\x1f\x7f"s, "\\u0000\\u0001\\u001f\x7f"},
        {"two, three and four bytes", "é日𝄞", "é日𝄞"},
        {"the last character", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
        {"a byte alone", "a\x80z", "a\xef\xbf\xbdz"},
        {"cut off", "\xe6\x97", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"cut off before a letter", "\xe6z", "\xef\xbf\xbdz"},
        {"Latin-1", "caf\xe9", "caf\xef\xbf\xbd"},
        {"overlong", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"overlong, three bytes", "\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"beyond Unicode", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"no byte of UTF-8", "\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
    }));
    CAPTURE(row.name);
    std::string out;
    append_json_string(out, row.text);
    CHECK(out == "\"" + row.written + "\"");
}
