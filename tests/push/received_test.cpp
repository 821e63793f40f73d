#include "push/received.hpp"

#include <catch2/catch.hpp>

namespace tocsin::push {
namespace {

using Kind = Received::Kind;

TEST_CASE("each frame of the contract is known by its type") {
    struct Row {
        const char* text;
        Kind kind;
    };
    const auto row = GENERATE(values<Row>({
        {R"({"type":"hello","server":"t","epoch":"aa","head":5,"heartbeat_s":2.5})", Kind::hello},
        {R"({"type":"subscribed","id":"tail","head":5,"oldest":1})", Kind::subscribed},
        {R"({"type":"alert","seq":7,"state":"event","reason":"entered","rule":"r","severity":"info",)"
         R"("at":"2024-08-05T06:00:00Z","summary":"s","quality":"ok"})",
         Kind::alert},
        {R"({"type":"gap","id":"tail","from":1,"to":3})", Kind::gap},
        {R"({"type":"reset","id":"tail","epoch":"bb","head":3})", Kind::reset},
        {R"({"type":"caught_up","id":"tail","seq":3})", Kind::caught_up},
        {R"({"type":"heartbeat","epoch":"aa","head":9})", Kind::heartbeat},
        {R"({"type":"error","id":"tail","code":"no_match","message":"m"})", Kind::error},
        {R"({"type":"pong","id":"p"})", Kind::other},
        {R"({"type":"something new","x":[1]})", Kind::other},
    }));
    CAPTURE(row.text);
    FrameReader reader;
    const auto received = reader.read(row.text);
    REQUIRE(received.has_value());
    CHECK(received->kind == row.kind);
    CHECK(received->text == row.text);
}

TEST_CASE("the fields of a frame are read") {
    FrameReader reader;
    const auto hello =
        reader.read(R"({"type":"hello","server":"t","epoch":"aa","head":5,"heartbeat_s":2.5})");
    CHECK(hello->epoch == "aa");
    CHECK(hello->head == 5);
    CHECK(hello->heartbeat == std::chrono::milliseconds{2500});
    const auto gap = reader.read(R"({"type":"gap","id":"tail","from":1,"to":18446744073709551615})");
    CHECK(gap->from == 1);
    CHECK(gap->to == 18446744073709551615u);
    const auto error = reader.read(R"({"type":"error","id":"tail","code":"no_match","message":"no rule"})");
    CHECK(error->code == "no_match");
    CHECK(error->message == "no rule");
    const auto alert = reader.read(
        R"({"type":"alert","seq":17,"state":"firing","reason":"entered","rule":"drop","severity":"critical",)"
        R"("at":"2024-08-05T06:00:00Z","summary":"fell \"far\"","quality":"late"})");
    CHECK(alert->seq == 17);
    CHECK(alert->state == "firing");
    CHECK(alert->reason == "entered");
    CHECK(alert->rule == "drop");
    CHECK(alert->severity == "critical");
    CHECK(alert->at == "2024-08-05T06:00:00Z");
    CHECK(alert->summary == "fell \"far\"");
    CHECK(alert->quality == "late");
}

TEST_CASE("what is no frame is told") {
    FrameReader reader;
    for (const char* text :
         {"", "x", "[]", "{}", R"({"type":5})", R"({"type":"alert"})", R"({"type":"alert","seq":-1})",
          R"({"type":"alert","seq":"1"})", R"({"type":"reset"})", R"({"type":"pong"}{})"}) {
        CAPTURE(text);
        CHECK_FALSE(reader.read(text).has_value());
    }
}

} // namespace
} // namespace tocsin::push
