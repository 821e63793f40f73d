#include "push/protocol.hpp"

#include "base/limits.hpp"
#include "store/memory_log.hpp"
#include "tests/push/alerts.hpp"

#include <catch2/catch.hpp>
#include <prometheus/registry.h>

namespace tocsin::push {
namespace {

/// One connection without a socket. Frames are compared as text, an alert as `alert SEQ`.
struct Client {
    store::MemoryLog log{"00112233aabbccdd", 10};
    Catalogue catalogue{
        {{"drop", "session_move", {alert::Severity::warning, alert::Severity::critical}, {}, {"N225", "SPX"}},
         {"tariffs", "tariff_event", {alert::Severity::info}, {}, {}}},
        {"N225", "SPX"}};
    prometheus::Registry registry;
    Metrics metrics{registry};
    MessageReader reader;
    Protocol protocol{{log, catalogue, reader, metrics},
                      hello_frame("tocsin", log.epoch(), 0, std::chrono::seconds{15})};

    Client() { due(); }
    void say(const std::string& message) { protocol.receive(message); }
    void append(std::size_t count, const AlertOf& of = {}) { log.append(events(count, of), std::nullopt); }

    static std::string shown(const Frame& frame) {
        constexpr std::string_view begin = R"({"type":"alert","seq":)";
        if (!frame->starts_with(begin)) return *frame;
        return "alert " + frame->substr(begin.size(), frame->find(',', begin.size()) - begin.size());
    }
    /// All that is due, in turns of so many bytes.
    std::vector<std::string> due(std::size_t turn_bytes = 100'000) {
        std::vector<std::string> all;
        for (bool more = true; more;) {
            std::vector<Frame> frames;
            more = protocol.collect(frames, turn_bytes);
            for (const Frame& frame : frames) all.push_back(shown(frame));
        }
        return all;
    }
};

using Frames = std::vector<std::string>;

TEST_CASE("hello comes first") {
    const store::MemoryLog log{"00112233aabbccdd", 1};
    const Catalogue none;
    MessageReader reader;
    prometheus::Registry registry;
    Metrics metrics{registry};
    Protocol protocol{{log, none, reader, metrics},
                      hello_frame("tocsin 0.1.0", log.epoch(), 17, std::chrono::milliseconds{2500})};
    protocol.receive(R"({"type":"ping","id":"p"})");
    std::vector<Frame> frames;
    CHECK_FALSE(protocol.collect(frames, 1000));
    REQUIRE(frames.size() == 2);
    CHECK(
        *frames[0] ==
        R"({"type":"hello","server":"tocsin 0.1.0","epoch":"00112233aabbccdd","head":17,"heartbeat_s":2.5})");
    CHECK(*frames[1] == R"({"type":"pong","id":"p"})");
}

TEST_CASE("requests are answered in their order, ids as they were sent") {
    Client client;
    client.append(2);
    client.say(R"({"type":"subscribe","id":"q\"\u20ac"})");
    client.say(R"({"type":"ping","id":"p"})");
    client.say(R"({"type":"subscribe","id":"q\"€"})");
    client.say(R"({"type":"unsubscribe","id":"q\"€"})");
    client.say(R"({"type":"unsubscribe","id":"q"})");
    client.say("x");
    const auto frames = client.due();
    REQUIRE(frames.size() == 6);
    CHECK(frames[0] == R"({"type":"subscribed","id":"q\"€","head":2,"oldest":1})");
    CHECK(frames[1] == R"({"type":"pong","id":"p"})");
    CHECK(
        frames[2] ==
        R"({"type":"error","id":"q\"€","code":"duplicate_id","message":"a subscription has that id already"})");
    CHECK(frames[3] == R"({"type":"unsubscribed","id":"q\"€"})");
    CHECK(frames[4] ==
          R"({"type":"error","id":"q","code":"unknown_id","message":"no subscription has that id"})");
    CHECK(frames[5].starts_with(R"({"type":"error","code":"bad_json","message":"not JSON: )"));
}

TEST_CASE("a live subscription gets what comes after it, and nothing once it is ended") {
    Client client;
    client.append(2);
    client.say(R"({"type":"subscribe","id":"s"})");
    client.append(1);
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"s","head":2,"oldest":1})", "alert 3"});
    CHECK(client.due().empty());
    client.append(1);
    client.say(R"({"type":"unsubscribe","id":"s"})");
    CHECK(client.due() == Frames{R"({"type":"unsubscribed","id":"s"})"});
    client.append(1);
    CHECK(client.due().empty());
    client.say(R"({"type":"subscribe","id":"s"})");
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"s","head":5,"oldest":1})"});
}

TEST_CASE("history comes from `since`, then caught_up, then live") {
    Client client;
    client.append(4);
    client.say(R"({"type":"subscribe","id":"s","since":2,"epoch":"00112233aabbccdd"})");
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"s","head":4,"oldest":1})", "alert 3",
                                 "alert 4", R"({"type":"caught_up","id":"s","seq":4})"});
    client.append(1);
    CHECK(client.due() == Frames{"alert 5"});
}

TEST_CASE("history of an empty log is done at once") {
    Client client;
    client.say(R"({"type":"subscribe","id":"s","since":0})");
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"s","head":0,"oldest":1})",
                                 R"({"type":"caught_up","id":"s","seq":0})"});
}

TEST_CASE("turns of any size give the same frames") {
    const auto turn_bytes = GENERATE(as<std::size_t>{}, 1, 200, 1000, 1'000'000);
    CAPTURE(turn_bytes);
    Client client;
    client.append(3);
    client.say(R"({"type":"subscribe","id":"s","since":0})");
    client.say(R"({"type":"ping","id":"p"})");
    CHECK(client.due(turn_bytes) == Frames{R"({"type":"subscribed","id":"s","head":3,"oldest":1})",
                                           R"({"type":"pong","id":"p"})", "alert 1", "alert 2", "alert 3",
                                           R"({"type":"caught_up","id":"s","seq":3})"});
}

TEST_CASE("what is asked for and no longer held is a gap") {
    Client client; // holds 10
    client.append(15);
    client.say(R"({"type":"subscribe","id":"s","since":3})");
    const auto frames = client.due();
    REQUIRE(frames.size() == 13);
    CHECK(frames[0] == R"({"type":"subscribed","id":"s","head":15,"oldest":6})");
    CHECK(frames[1] == R"({"type":"gap","id":"s","from":4,"to":5})");
    CHECK(frames[2] == "alert 6");
    CHECK(frames[11] == "alert 15");
    CHECK(frames[12] == R"({"type":"caught_up","id":"s","seq":15})");
}

TEST_CASE("what is just held still is no gap") {
    Client client;
    client.append(15);
    client.say(R"({"type":"subscribe","id":"s","since":5})");
    const auto frames = client.due();
    REQUIRE(frames.size() == 12);
    CHECK(frames[1] == "alert 6");
}

TEST_CASE("live subscribers that fall out of the log are told, each of what it wanted") {
    Client client;
    client.say(R"({"type":"subscribe","id":"a"})");
    CHECK(client.due().size() == 1);
    client.append(4); // and nothing is collected
    client.say(R"({"type":"subscribe","id":"b"})");
    client.append(20);
    const auto frames = client.due();
    REQUIRE(frames.size() == 13);
    CHECK(frames[0] == R"({"type":"subscribed","id":"b","head":4,"oldest":1})");
    CHECK(frames[1] == R"({"type":"gap","id":"a","from":1,"to":14})");
    CHECK(frames[2] == R"({"type":"gap","id":"b","from":5,"to":14})");
    CHECK(frames[3] == "alert 15");
    CHECK(frames[12] == "alert 24");
}

TEST_CASE("history that falls out of the log while it is read is told") {
    Client client;
    client.append(10);
    client.say(R"({"type":"subscribe","id":"s","since":0})");
    std::vector<Frame> frames;
    CHECK(client.protocol.collect(frames, 300)); // subscribed and an alert or two
    const std::size_t had = frames.size() - 1;
    REQUIRE((had == 1 || had == 2));
    client.append(8);
    const auto rest = client.due();
    CHECK(rest.front() == R"({"type":"gap","id":"s","from":)" + std::to_string(had + 1) + R"(,"to":8})");
    CHECK(rest[1] == "alert 9");
    CHECK(rest.back() == R"({"type":"caught_up","id":"s","seq":18})");
}

TEST_CASE("another epoch and a seq beyond head are answered by reset, and there is no subscription") {
    const auto* fields = GENERATE(R"("since":3)", R"("since":1,"epoch":"ffffffffffffffff")", R"("epoch":"")");
    CAPTURE(fields);
    Client client;
    client.append(2);
    client.say(std::string{R"({"type":"subscribe","id":"s",)"} + fields + "}");
    client.append(1);
    CHECK(client.due() == Frames{R"({"type":"reset","id":"s","epoch":"00112233aabbccdd","head":2})"});
    CHECK(client.protocol.subscriptions() == 0);
}

TEST_CASE("an alert that several live filters match is sent once") {
    Client client;
    client.say(R"({"type":"subscribe","id":"a","filter":{"symbols":["N225"]}})");
    client.say(R"({"type":"subscribe","id":"b","filter":{"rules":["drop"]}})");
    client.say(R"({"type":"subscribe","id":"c","filter":{"severity":"critical"}})");
    CHECK(client.due().size() == 3);
    client.append(1, {"drop", "N225", alert::Severity::warning});   // a and b
    client.append(1, {"tariffs", "", alert::Severity::info});       // none
    client.append(1, {"drop", "SPX", alert::Severity::critical});   // b and c
    client.append(1, {"other", "N225", alert::Severity::critical}); // a and c
    CHECK(client.due() == Frames{"alert 1", "alert 3", "alert 4"});
}

TEST_CASE("history has its own cursor and does not hold up what is live") {
    Client client;
    client.append(2, {"tariffs", "", alert::Severity::info});
    client.say(R"({"type":"subscribe","id":"live","filter":{"rules":["drop"]}})");
    CHECK(client.due().size() == 1);
    client.append(1);
    client.say(R"({"type":"subscribe","id":"old","since":0,"filter":{"rules":["tariffs","drop"]}})");
    // Alert 3 may come twice, once for each; clients drop repeats by seq.
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"old","head":3,"oldest":1})", "alert 3",
                                 "alert 1", "alert 2", "alert 3",
                                 R"({"type":"caught_up","id":"old","seq":3})"});
    client.append(1);
    CHECK(client.due() == Frames{"alert 4"}); // live for both by now
}

TEST_CASE("a subscription that joins a slow connection gets nothing from before it") {
    Client client;
    client.say(R"({"type":"subscribe","id":"a","filter":{"symbols":["N225"]}})");
    CHECK(client.due().size() == 1);
    client.append(1);
    client.append(1, {"drop", "SPX"});
    client.say(R"({"type":"subscribe","id":"b","filter":{"symbols":["SPX"]}})");
    client.append(1, {"drop", "SPX"});
    CHECK(client.due() ==
          Frames{R"({"type":"subscribed","id":"b","head":2,"oldest":1})", "alert 1", "alert 3"});
}

TEST_CASE("active sends first what is firing now and matches") {
    Client client;
    client.append(1, {"drop", "N225", alert::Severity::warning, alert::State::firing, "a"});
    client.append(1, {"drop", "SPX", alert::Severity::warning, alert::State::firing, "b"});
    client.append(1, {"drop", "N225", alert::Severity::warning, alert::State::firing, "c"});
    client.append(1, {"drop", "N225", alert::Severity::warning, alert::State::resolved, "a"});
    client.append(20);
    client.say(R"({"type":"subscribe","id":"s","active":true,"filter":{"symbols":["N225"]}})");
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"s","head":24,"oldest":15})", "alert 3",
                                 R"({"type":"caught_up","id":"s","seq":24})"});
    client.say(R"({"type":"subscribe","id":"t","active":true,"since":23})");
    CHECK(client.due() == Frames{R"({"type":"subscribed","id":"t","head":24,"oldest":15})", "alert 2",
                                 "alert 3", "alert 24", R"({"type":"caught_up","id":"t","seq":24})"});
}

TEST_CASE("a filter that nothing loaded can match is an error") {
    Client client;
    client.say(R"({"type":"subscribe","id":"s","filter":{"symbols":["HSI"]}})");
    client.say(R"({"type":"subscribe","id":"s","filter":{"rules":[]}})");
    CHECK(
        client.due() ==
        Frames{
            R"({"type":"error","id":"s","code":"no_match","message":"no configured symbol matches the filter's symbols"})",
            R"({"type":"error","id":"s","code":"no_match","message":"an empty list of rules matches nothing; leave it out to match all"})"});
}

TEST_CASE("a connection holds so many subscriptions and no more") {
    Client client;
    for (std::size_t i = 0; i < limits::subscriptions_per_connection; ++i)
        client.say(R"({"type":"subscribe","id":")" + std::to_string(i) + "\"}");
    CHECK(client.due().size() == limits::subscriptions_per_connection);
    client.say(R"({"type":"subscribe","id":"one more"})");
    CHECK(
        client.due() ==
        Frames{
            R"({"type":"error","id":"one more","code":"too_many","message":"a connection holds at most 64 subscriptions"})"});
    client.say(R"({"type":"unsubscribe","id":"7"})");
    client.say(R"({"type":"subscribe","id":"one more"})");
    CHECK(client.due().back().starts_with(R"({"type":"subscribed","id":"one more")"));
}

TEST_CASE("of heartbeats that wait only the newest is sent") {
    Client client;
    const std::vector<FeedStatus> feeds{{"desk", FeedState::live, 0, 0, {}, Time::min()},
                                        {"daily", FeedState::ended, 0, 0, {}, Time::min()}};
    client.protocol.add_heartbeat(heartbeat_frame("00112233aabbccdd", 1, Time::min(), {}));
    client.protocol.add_heartbeat(
        heartbeat_frame("00112233aabbccdd", 2, Time::from_nanos(nanos_per_second), feeds));
    CHECK(
        client.due() ==
        Frames{
            R"({"type":"heartbeat","epoch":"00112233aabbccdd","head":2,"evaluated_through":"1970-01-01T00:00:01Z",)"
            R"("feeds":{"desk":"live","daily":"ended"}})"});
    client.protocol.add_heartbeat(heartbeat_frame("e", 0, Time::min(), {}));
    CHECK(client.due() ==
          Frames{R"({"type":"heartbeat","epoch":"e","head":0,"evaluated_through":null,"feeds":{}})"});
}

TEST_CASE("answers that nobody takes hold up the questions") {
    Client client;
    CHECK_FALSE(client.protocol.backlogged());
    for (std::size_t bytes = 0; bytes <= limits::write_bytes; bytes += 100)
        client.say(R"({"type":"ping","id":")" + std::string(100, 'p') + "\"}");
    CHECK(client.protocol.backlogged());
    client.due();
    CHECK_FALSE(client.protocol.backlogged());
}

TEST_CASE("a long log that a filter passes over takes several turns and no frames") {
    Client client;
    store::MemoryLog log{"e", 20'000};
    log.append(events(10'000), std::nullopt);
    Protocol protocol{{log, client.catalogue, client.reader, client.metrics}, pong_frame("x")};
    protocol.receive(R"({"type":"subscribe","id":"s","since":0,"filter":{"rules":["tariffs"]}})");
    std::vector<Frame> frames;
    int turns = 1;
    while (protocol.collect(frames, 1'000'000)) ++turns;
    CHECK(turns > 1);
    CHECK(turns < 10);
    REQUIRE(frames.size() == 3);
    CHECK(*frames.back() == R"({"type":"caught_up","id":"s","seq":10000})");
}

} // namespace
} // namespace tocsin::push
