#include "push/message.hpp"

#include "base/limits.hpp"

#include <catch2/catch.hpp>

namespace tocsin::push {
namespace {

using List = std::vector<std::string>;

TEST_CASE("a subscribe is read with all that it may have") {
    MessageReader reader;
    const auto read = reader.read(
        R"( {"id":"a","type":"subscribe","since":18446744073709551615,"active":true,"epoch":"0011",)"
        R"("filter":{"symbols":["N*","S\u0050X"],"rules":[],"severity":"critical","labels":{"desk":"japan"}}} )");
    REQUIRE(std::holds_alternative<Message>(read));
    const auto& message = std::get<Message>(read);
    CHECK(message.kind == Message::Kind::subscribe);
    CHECK(message.id == "a");
    CHECK(message.since == 18446744073709551615u);
    CHECK(message.active);
    CHECK(message.epoch == "0011");
    CHECK(message.filter ==
          Filter{List{"N*", "SPX"}, List{}, alert::Severity::critical, {{"desk", "japan"}}});
}

TEST_CASE("a bare subscribe is live and asks for everything") {
    MessageReader reader;
    const auto read = reader.read(R"({"type":"subscribe","id":""})");
    REQUIRE(std::holds_alternative<Message>(read));
    const auto& message = std::get<Message>(read);
    CHECK(message.filter == Filter{});
    CHECK_FALSE(message.since);
    CHECK_FALSE(message.active);
    CHECK_FALSE(message.epoch);
}

TEST_CASE("unsubscribe and ping have an id, and what else they have is ignored") {
    MessageReader reader;
    const auto unsubscribe = reader.read(R"({"type":"unsubscribe","id":"a","x":[{}]})");
    const auto ping = reader.read(R"({"type":"ping","id":"\u20ac\n","since":-1})");
    REQUIRE(std::holds_alternative<Message>(unsubscribe));
    REQUIRE(std::holds_alternative<Message>(ping));
    CHECK(std::get<Message>(unsubscribe).kind == Message::Kind::unsubscribe);
    CHECK(std::get<Message>(ping).kind == Message::Kind::ping);
    CHECK(std::get<Message>(ping).id == "€\n");
}

TEST_CASE("what is no message is refused with its code") {
    struct Row {
        const char* text;
        Code code;
        const char* id; // nullptr: none can be echoed
    };
    const auto row = GENERATE(values<Row>({
        {"", Code::bad_json, nullptr},
        {"{", Code::bad_json, nullptr},
        {"hello", Code::bad_json, nullptr},
        {"[]", Code::bad_json, nullptr},
        {"42", Code::bad_json, nullptr},
        {"null", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x",})", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x"}{})", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x"} x)", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x","n":tru})", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x","id":"y"})", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x","n":[{"a":1,"\u0061":2}]})", Code::bad_json, nullptr},
        {R"({"type":"ping","id":"x","n":[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]})", Code::bad_json, nullptr},
        {"{\"type\":\"ping\",\"id\":\"\xff\"}", Code::bad_json, nullptr},
        {R"({})", Code::bad_type, nullptr},
        {R"({"id":"x"})", Code::bad_type, "x"},
        {R"({"type":5,"id":"x"})", Code::bad_type, "x"},
        {R"({"type":"PING","id":"x"})", Code::bad_type, "x"},
        {R"({"type":"auth","token":"t"})", Code::bad_type, nullptr},
        {R"({"type":"ping"})", Code::bad_field, nullptr},
        {R"({"type":"ping","id":7})", Code::bad_field, nullptr},
        {R"({"type":"subscribe","id":null})", Code::bad_field, nullptr},
        {R"({"type":"unsubscribe","id":{}})", Code::bad_field, nullptr},
        {R"({"type":"subscribe","id":"x","since":-1})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","since":1.5})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","since":"1"})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","since":null})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","active":1})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","epoch":5})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","sinse":5})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":[]})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"symbol":["N225"]}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"symbols":"N225"}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"rules":[1]}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"severity":"loud"}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"severity":2}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"labels":{"desk":5}}})", Code::bad_field, "x"},
        {R"({"type":"subscribe","id":"x","filter":{"labels":[]}})", Code::bad_field, "x"},
    }));
    CAPTURE(row.text);
    MessageReader reader;
    const auto read = reader.read(row.text);
    REQUIRE(std::holds_alternative<Refusal>(read));
    const auto& refusal = std::get<Refusal>(read);
    CHECK(name(refusal.code) == name(row.code));
    CHECK_FALSE(refusal.message.empty());
    CHECK(refusal.id == (row.id ? std::optional<std::string>{row.id} : std::nullopt));
    // The reader is none the worse for it.
    CHECK(std::holds_alternative<Message>(reader.read(R"({"type":"ping","id":"x"})")));
}

std::string subscribe_to(std::size_t symbols) {
    std::string text = R"({"type":"subscribe","id":"x","filter":{"labels":{"a":"b"},"symbols":[)";
    for (std::size_t i = 0; i < symbols; ++i) text += i == 0 ? R"("s")" : R"(,"s")";
    return text + "]}}";
}

TEST_CASE("ids, filters and messages have a largest size") {
    MessageReader reader;
    const auto code = [&](const std::string& text) -> std::string {
        const auto read = reader.read(text);
        const auto* refusal = std::get_if<Refusal>(&read);
        return refusal ? std::string{name(refusal->code)} : "";
    };
    const auto ping = [](std::size_t bytes) {
        return R"({"type":"ping","id":")" + std::string(bytes, 'i') + "\"}";
    };
    CHECK(code(ping(id_bytes)).empty());
    CHECK(code(ping(id_bytes + 1)) == "too_large");
    CHECK(code(subscribe_to(limits::filter_entries - 1)).empty());
    CHECK(code(subscribe_to(limits::filter_entries)) == "too_large");
    const auto padded = [&](std::size_t bytes) { return ping(1) + std::string(bytes - ping(1).size(), ' '); };
    CHECK(code(padded(limits::client_message_bytes)).empty());
    CHECK(code(padded(limits::client_message_bytes + 1)) == "too_large");
}

TEST_CASE("every code has its word") {
    CHECK(name(Code::bad_json) == "bad_json");
    CHECK(name(Code::bad_type) == "bad_type");
    CHECK(name(Code::bad_field) == "bad_field");
    CHECK(name(Code::duplicate_id) == "duplicate_id");
    CHECK(name(Code::unknown_id) == "unknown_id");
    CHECK(name(Code::too_many) == "too_many");
    CHECK(name(Code::too_large) == "too_large");
    CHECK(name(Code::no_match) == "no_match");
}

} // namespace
} // namespace tocsin::push
