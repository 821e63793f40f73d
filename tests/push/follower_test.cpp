#include "push/follower.hpp"

#include <catch2/catch.hpp>

namespace tocsin::push {
namespace {

/// What is handed on of these frames: the seq of an alert, the first letter of another, `-` for what is not.
std::string heard(Follower& follower, const std::vector<std::string>& frames) {
    FrameReader reader;
    std::string all;
    for (const std::string& frame : frames) {
        const auto received = reader.read(frame);
        REQUIRE(received.has_value());
        const bool news = follower.take(*received);
        if (received->kind == Received::Kind::alert)
            all += news ? ' ' + std::to_string(received->seq) : " -";
        else if (news)
            all += received->kind == Received::Kind::gap ? " g" : " r";
    }
    return all;
}

std::string alert(int seq) {
    return R"({"type":"alert","seq":)" + std::to_string(seq) +
           R"(,"state":"event","reason":"entered","rule":"r","severity":"info","at":"2024-08-05T06:00:00Z",)"
           R"("summary":"s","quality":"ok"})";
}
std::string caught_up(int seq) {
    return R"({"type":"caught_up","id":"tail","seq":)" + std::to_string(seq) + "}";
}
const char* const hello = R"({"type":"hello","server":"t","epoch":"aa","head":5,"heartbeat_s":15})";
const char* const subscribed = R"({"type":"subscribed","id":"tail","head":5,"oldest":1})";
const char* const heartbeat = R"({"type":"heartbeat","epoch":"aa","head":9})";

TEST_CASE("the first subscribe says what was asked for") {
    Follower bare{{}};
    CHECK(bare.subscribe() == R"({"type":"subscribe","id":"tail","filter":{}})");
    Follower full{{{{{"N*"}}, {{"a", "b"}}, alert::Severity::critical, {{"desk", "japan"}}}, 7, true}};
    CHECK(
        full.subscribe() ==
        R"({"type":"subscribe","id":"tail","filter":{"symbols":["N*"],"rules":["a","b"],"severity":"critical",)"
        R"("labels":{"desk":"japan"}},"since":7,"active":true})");
}

TEST_CASE("a live follower goes on behind the head it saw, or behind its last alert") {
    Follower follower{{}};
    follower.subscribe();
    CHECK(heard(follower, {hello, subscribed}).empty());
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":5,"epoch":"aa"})");
    CHECK(heard(follower, {hello, subscribed, alert(6), alert(8), caught_up(8), alert(8), alert(9)}) ==
          " 6 8 - 9");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":9,"epoch":"aa"})");
}

TEST_CASE("history that was cut off goes on where it stood") {
    Follower follower{{{}, 0, false}};
    follower.subscribe();
    CHECK(heard(follower, {hello, subscribed, alert(1), alert(2)}) == " 1 2");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":2,"epoch":"aa"})");
    CHECK(heard(follower, {hello, subscribed, alert(2), alert(3), caught_up(5), alert(4), alert(6)}) ==
          " - 3 - 6");
}

TEST_CASE("a gap is told, and is behind us then") {
    Follower follower{{{}, 0, false}};
    follower.subscribe();
    CHECK(heard(follower, {hello, subscribed, R"({"type":"gap","id":"tail","from":1,"to":3})"}) == " g");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":3,"epoch":"aa"})");
}

TEST_CASE("what is firing comes out of order and is handed on once") {
    Follower follower{{{}, 1, true}};
    follower.subscribe();
    CHECK(heard(follower, {hello, subscribed, alert(1), alert(4), alert(2), alert(3), alert(4)}) ==
          " 1 4 2 3 -");
    // Lost before it was caught up: all of it once more, of which nothing is news but the last.
    CHECK(follower.subscribe() ==
          R"({"type":"subscribe","id":"tail","filter":{},"since":1,"active":true,"epoch":"aa"})");
    CHECK(heard(follower, {hello, subscribed, alert(1), alert(4), alert(2), alert(3), alert(4), alert(5),
                           caught_up(5)}) == " - - - - - 5");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":5,"epoch":"aa"})");
}

TEST_CASE("a live follower asks for what is firing until all of it has come") {
    Follower follower{{{}, {}, true}};
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"active":true})");
    CHECK(heard(follower, {hello, subscribed, alert(2), alert(4)}) == " 2 4");
    heard(follower, {heartbeat, caught_up(5)});
    CHECK(heard(follower, {alert(4), alert(7)}) == " - 7");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":7,"epoch":"aa"})");
}

TEST_CASE("after a reset it goes on from 0 of the new epoch") {
    Follower follower{{}};
    follower.subscribe();
    CHECK(heard(follower, {hello, subscribed, alert(6)}) == " 6");
    follower.subscribe();
    CHECK(heard(follower, {R"({"type":"reset","id":"tail","epoch":"bb","head":3})"}) == " r");
    CHECK(follower.subscribe() == R"({"type":"subscribe","id":"tail","filter":{},"since":0,"epoch":"bb"})");
    CHECK(heard(follower, {subscribed, alert(1), alert(2), alert(3), caught_up(3)}) == " 1 2 3");
}

} // namespace
} // namespace tocsin::push
