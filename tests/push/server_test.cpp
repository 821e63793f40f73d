#include "push/server.hpp"

#include "base/limits.hpp"
#include "push/message.hpp"
#include "store/memory_log.hpp"
#include "tests/push/alerts.hpp"
#include "tests/push/peer.hpp"

#include <atomic>
#include <future>
#include <prometheus/registry.h>
#include <thread>

namespace tocsin::push {
namespace {

using std::chrono::milliseconds;

/// A server on a free port over a log of its own.
struct Running {
    explicit Running(int io_threads = 2, std::size_t keep = 1000,
                     milliseconds heartbeat = std::chrono::seconds{60})
        : log{"00112233aabbccdd", keep}, server{{"127.0.0.1", 0, io_threads, heartbeat, "tocsin 0.1.0"},
                                                sources()} {
        REQUIRE(server.open().has_value());
        server.start();
    }

    Sources sources() {
        const std::vector<alert::Severity> any{alert::Severity::info, alert::Severity::warning,
                                               alert::Severity::critical};
        return {
            log,
            registry,
            {{{"drop", "session_move", any, {{"desk", "japan"}}, {"N225", "SPX"}}}, {"N225", "SPX", "HSI"}},
            [] { return Time::from_nanos(nanos_per_second); },
            [] {
                return std::vector<FeedStatus>{{"desk", FeedState::live, 5, 0, {}, Time::min()}};
            },
            [this](RulesAnswer answer) {
                if (!rules_answered) return kept.set_value(std::move(answer));
                decider = std::thread{[answer] { answer({{"drop", "session_move", {}, {}, {}, {}}}); }};
            },
            [this] {
                return ready ? std::vector<std::string>{}
                             : std::vector<std::string>{"feed desk is being read"};
            }};
    }
    ~Running() {
        server.stop();
        if (decider.joinable()) decider.join();
    }
    void append(std::size_t count, const AlertOf& of = {}) {
        log.append(events(count, of), Time::from_nanos(0));
        server.published();
    }

    store::MemoryLog log;
    prometheus::Registry registry;
    std::atomic<bool> rules_answered = true;
    std::promise<RulesAnswer> kept; // where they are not
    std::thread decider;
    std::atomic<bool> ready = true;
    Server server;
};

std::uint64_t number_at(const std::string& frame, const std::string& key) {
    const std::size_t at = frame.find('"' + key + "\":");
    REQUIRE(at != std::string::npos);
    return std::stoull(frame.substr(at + key.size() + 3));
}

bool is_alert(const std::string& frame, std::uint64_t seq) {
    return frame.starts_with(R"({"type":"alert","seq":)" + std::to_string(seq) + ',');
}

// ---- the stream

TEST_CASE("a handshake is accepted as RFC 6455 has it, then comes hello") {
    Running running;
    running.append(3);
    Peer peer{running.server.port()};
    const auto answer = peer.upgrade("Sec-WebSocket-Protocol: chat, tocsin.v1\r\n");
    CHECK(answer.status == 101);
    CHECK(answer.field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="); // the RFC's own example
    CHECK(answer.field("Sec-WebSocket-Protocol") == "tocsin.v1");
    CHECK(peer.text() ==
          R"({"type":"hello","server":"tocsin 0.1.0","epoch":"00112233aabbccdd","head":3,"heartbeat_s":60})");
}

TEST_CASE("no subprotocol is chosen where none of ours is offered") {
    Running running;
    Peer peer{running.server.port()};
    CHECK(peer.upgrade("Sec-WebSocket-Protocol: chat\r\n").field("Sec-WebSocket-Protocol").empty());
}

TEST_CASE("live alerts come as they are appended, history first where it is asked for") {
    Running running;
    running.append(2);
    Peer live{running.server.port()}, late{running.server.port()};
    Peer::open(live);
    Peer::open(late);
    live.say(R"({"type":"subscribe","id":"s"})");
    CHECK(live.text() == R"({"type":"subscribed","id":"s","head":2,"oldest":1})");
    running.append(1);
    CHECK(live.text() == running.log.read(2, 1).front()->json);
    late.say(R"({"type":"subscribe","id":"s","since":1,"epoch":"00112233aabbccdd"})");
    CHECK(late.text() == R"({"type":"subscribed","id":"s","head":3,"oldest":1})");
    CHECK(is_alert(late.text(), 2));
    CHECK(is_alert(late.text(), 3));
    CHECK(late.text() == R"({"type":"caught_up","id":"s","seq":3})");
    running.append(1);
    CHECK(is_alert(live.text(), 4));
    CHECK(is_alert(late.text(), 4));
    live.say(R"({"type":"unsubscribe","id":"s"})");
    CHECK(live.text() == R"({"type":"unsubscribed","id":"s"})");
    running.append(1);
    live.say(R"({"type":"ping","id":"p"})");
    CHECK(live.text() == R"({"type":"pong","id":"p"})");
    CHECK(is_alert(late.text(), 5));
}

TEST_CASE("several filters on one connection send an alert once") {
    Running running;
    Peer peer{running.server.port()};
    Peer::open(peer);
    peer.say(R"({"type":"subscribe","id":"a","filter":{"symbols":["N225"]}})");
    peer.say(
        R"({"type":"subscribe","id":"b","filter":{"severity":"critical","labels":{"desk":"japan"},"rules":["d*"]}})");
    peer.text(R"({"type":"subscribed","id":"b")");
    running.append(1, {"drop", "N225", alert::Severity::critical}); // both
    running.append(1, {"drop", "SPX", alert::Severity::warning});   // none
    running.append(1, {"drop", "SPX", alert::Severity::critical});  // b
    CHECK(is_alert(peer.text(), 1));
    CHECK(is_alert(peer.text(), 3));
}

TEST_CASE("a stream tells gap, reset, what is firing, and each error") {
    Running running{1, 3};
    running.append(1, {"drop", "N225", alert::Severity::warning, alert::State::firing});
    running.append(9);
    Peer peer{running.server.port()};
    Peer::open(peer);
    const auto asked = [&](const std::string& message) {
        peer.say(message);
        return peer.text();
    };
    CHECK(asked(R"({"type":"subscribe","id":"s","since":5,"active":true})") ==
          R"({"type":"subscribed","id":"s","head":10,"oldest":8})");
    CHECK(is_alert(peer.text(), 1));
    CHECK(peer.text() == R"({"type":"gap","id":"s","from":6,"to":7})");
    CHECK(is_alert(peer.text(), 8));
    CHECK(peer.text(R"({"type":"caught_up")") == R"({"type":"caught_up","id":"s","seq":10})");
    const std::string reset = R"({"type":"reset","id":"t","epoch":"00112233aabbccdd","head":10})";
    CHECK(asked(R"({"type":"subscribe","id":"t","since":11})") == reset);
    CHECK(asked(R"({"type":"subscribe","id":"t","epoch":"ffffffffffffffff"})") == reset);

    struct Row {
        std::string message, code;
    };
    const std::vector<Row> rows{
        {"{", "bad_json"},
        {R"({"type":"auth","token":"t"})", "bad_type"},
        {R"({"type":"ping","id":1})", "bad_field"},
        {R"({"type":"subscribe","id":"s"})", "duplicate_id"},
        {R"({"type":"unsubscribe","id":"t"})", "unknown_id"},
        {R"({"type":"ping","id":")" + std::string(id_bytes + 1, 'i') + "\"}", "too_large"},
        {R"({"type":"subscribe","id":"t","filter":{"symbols":["HSI"]}})", "no_match"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        const std::string answer = asked(row.message);
        CHECK(answer.starts_with(R"({"type":"error",)"));
        CHECK(answer.find(R"("code":")" + row.code + '"') != std::string::npos);
    }
    for (std::size_t i = 1; i < limits::subscriptions_per_connection; ++i)
        CHECK(asked(R"({"type":"subscribe","id":")" + std::to_string(i) + "\"}")
                  .starts_with(R"({"type":"subscribed")"));
    CHECK(asked(R"({"type":"subscribe","id":"t"})").find(R"("code":"too_many")") != std::string::npos);
}

TEST_CASE("heartbeats come by themselves") {
    Running running{1, 10, milliseconds{20}};
    Peer peer{running.server.port()};
    Peer::open(peer);
    const std::string heartbeat = R"({"type":"heartbeat","epoch":"00112233aabbccdd","head":0,)"
                                  R"("evaluated_through":"1970-01-01T00:00:01Z","feeds":{"desk":"live"}})";
    CHECK(peer.text() == heartbeat);
    CHECK(peer.text() == heartbeat);
}

TEST_CASE("a slow subscriber loses nothing without being told, and others are not held up") {
    constexpr std::size_t keep = 300;
    Running running{1, keep};
    Peer slow{running.server.port(), 4096}, quick{running.server.port()};
    Peer::open(slow);
    Peer::open(quick);
    for (Peer* peer : {&slow, &quick}) {
        peer->say(R"({"type":"subscribe","id":"s"})");
        peer->text(R"({"type":"subscribed")");
    }
    // More than all buffers on the way can hold.
    AlertOf large;
    large.summary = std::string(8192, 's');
    for (std::uint64_t seq = 1; seq <= 3000; ++seq) {
        running.append(1, large);
        REQUIRE(is_alert(quick.text(), seq));
    }
    std::uint64_t at = 0, gaps = 0;
    while (at < 3000) {
        const std::string frame = slow.text();
        if (frame.starts_with(R"({"type":"gap")")) {
            REQUIRE(number_at(frame, "from") == at + 1);
            at = number_at(frame, "to");
            ++gaps;
        } else {
            REQUIRE(is_alert(frame, ++at));
        }
    }
    CHECK(gaps > 0);
    CHECK(at == 3000);
}

TEST_CASE("many connections on several threads all get everything") {
    Running running{3};
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 30; ++i) {
        peers.push_back(std::make_unique<Peer>(running.server.port()));
        Peer::open(*peers.back());
        peers.back()->say(R"({"type":"subscribe","id":"s","since":0})");
    }
    for (int i = 0; i < 50; ++i) running.append(2);
    for (const auto& peer : peers) {
        peer->text(R"({"type":"subscribed")");
        for (std::uint64_t seq = 1; seq <= 100; ++seq) CHECK(is_alert(peer->text(R"({"type":"alert")"), seq));
    }
}

TEST_CASE("a breach of the protocol closes with the matching code") {
    Running running{1};
    Peer peer{running.server.port()};
    Peer::open(peer);
    SECTION("binary") {
        peer.send_frame(2, "{}");
        CHECK(peer.close_code() == 1003);
        peer.send_frame(8, std::string{"\x03\xe8", 2});
    }
    SECTION("too large") {
        peer.say(std::string(limits::client_message_bytes, ' '));
        CHECK(peer.text().starts_with(R"({"type":"error")"));
        peer.say(std::string(limits::client_message_bytes + 1, ' '));
        CHECK(peer.close_code() == 1009);
    }
    SECTION("not UTF-8") {
        peer.say("\xff");
        CHECK(peer.close_code() == 1007);
    }
    SECTION("not masked") {
        peer.send(std::string{"\x81\x02{}", 4});
        CHECK(peer.close_code() == 1002);
    }
    SECTION("empty fragments without end") {
        peer.send_frame(1, "", false);
        // A fragment is 6 bytes on the wire.
        for (int i = 0; i < 200'000; ++i) {
            try {
                peer.send_frame(0, "", false);
            } catch (const std::runtime_error&) {
                break; // it has closed already
            }
        }
        CHECK(peer.close_code() == 1008);
        peer.send_frame(8, std::string{"\x03\xf0", 2});
    }
    SECTION("a goodbye is answered") {
        peer.send_frame(8, std::string{"\x03\xe8", 2});
        CHECK(peer.close_code() == 1000);
    }
    CHECK(peer.ends());
}

TEST_CASE("a WebSocket ping is answered, also between fragments") {
    Running running{1};
    Peer peer{running.server.port()};
    Peer::open(peer);
    peer.send_frame(1, R"({"type":"ping",)", false);
    peer.send_frame(9, "mid");
    const auto pong = peer.frame();
    CHECK(pong.opcode == 10);
    CHECK(pong.payload == "mid");
    peer.send_frame(0, R"("id":"p"})");
    CHECK(peer.text() == R"({"type":"pong","id":"p"})");
}

TEST_CASE("a ping is answered while there is always more to send") {
    constexpr std::size_t count = 3000;
    Running running{1, count};
    AlertOf large; // more than all buffers on the way can hold
    large.summary = std::string(8192, 's');
    running.append(count, large);
    Peer peer{running.server.port(), 4096};
    Peer::open(peer);
    peer.say(R"({"type":"subscribe","id":"s","since":0})");
    peer.send_frame(9, "well?");
    std::size_t before = 0;
    for (auto next = peer.frame(); next.opcode != 10; next = peer.frame()) ++before;
    CHECK(before < count);
}

TEST_CASE("a stop closes streams with 1001 and idle connections, and takes no more") {
    Running running;
    auto stream = std::make_unique<Peer>(running.server.port());
    Peer idle{running.server.port()};
    Peer::open(*stream);
    REQUIRE(idle.request("GET /healthz").status == 200);
    auto stopped = std::async(std::launch::async, [&] { running.server.stop(); });
    CHECK(stream->close_code() == 1001);
    stream->send_frame(8, std::string{"\x03\xe9", 2});
    CHECK(stream->ends());
    stream.reset();
    CHECK(idle.ends());
    stopped.get();
    CHECK_THROWS(Peer{running.server.port()});
}

TEST_CASE("an address in use is said in words") {
    Running running;
    Server second{{"127.0.0.1", running.server.port(), 1, milliseconds{1000}, "tocsin"}, [&] {
                      static prometheus::Registry registry;
                      return Sources{running.log, registry, {}, {}, {}, {}, {}};
                  }()};
    const auto opened = second.open();
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().message ==
          "cannot listen on 127.0.0.1:" + std::to_string(running.server.port()) +
              ": the address is in use; is another tocsin running? Stop it or choose another port");
}

// ---- HTTP

TEST_CASE("every endpoint answers on the stream's port") {
    Running running;
    running.append(1);
    Peer peer{running.server.port()}; // one connection for all: it is kept alive
    struct Row {
        const char *path, *type, *body;
    };
    const std::vector<Row> rows{
        {"/v1/alerts", "application/json",
         R"({"epoch":"00112233aabbccdd","head":1,"oldest":1,"alerts":[{"type":"alert")"},
        {"/v1/rules", "application/json", R"({"rules":[{"name":"drop",)"},
        {"/v1/feeds", "application/json",
         R"({"evaluated_through":"1970-01-01T00:00:01Z","feeds":[{"name":"desk",)"},
        {"/healthz", "application/json", R"({"status":"ok"})"},
        {"/readyz", "application/json", R"({"status":"ready"})"},
        {"/metrics", "text/plain; version=0.0.4; charset=utf-8", "# HELP "},
    };
    for (const Row& row : rows) {
        CAPTURE(row.path);
        const auto answer = peer.request(std::string{"GET "} + row.path);
        CHECK(answer.status == 200);
        CHECK(answer.field("Content-Type") == row.type);
        CHECK(answer.field("Server") == "tocsin 0.1.0");
        CHECK(answer.body.starts_with(row.body));
    }
}

TEST_CASE("a refusal is a problem, and the connection goes on where nothing was left unread") {
    Running running;
    Peer peer{running.server.port()};
    const auto missing = peer.request("GET /nope");
    CHECK(missing.status == 404);
    CHECK(missing.field("Content-Type") == "application/problem+json");
    const auto method = peer.request("DELETE /v1/alerts");
    CHECK(method.status == 405);
    CHECK(method.field("Allow") == "GET, HEAD");
    CHECK(peer.request("GET /v1/alerts?limit=x").status == 400);
    CHECK(peer.request("GET /v1/alerts", "Origin: http://evil.example\r\n").status == 403);
    CHECK(peer.request("GET /v1/alerts", "Origin: http://" + peer.host() + "\r\n").status == 200);
    running.ready = false;
    CHECK(peer.request("GET /readyz").status == 503);
}

TEST_CASE("a request that cannot be read is answered and ends the connection") {
    struct Row {
        const char* name;
        std::string bytes;
        int status;
    };
    const std::vector<Row> rows{
        {"no HTTP", "GARBAGE\r\n\r\n", 400},
        {"another HTTP", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
        {"a long head",
         "GET / HTTP/1.1\r\nHost: x\r\nX: " + std::string(limits::http_head_bytes, 'x') + "\r\n\r\n", 431},
        {"a body", "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 413},
        {"a bad length", "GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
        {"smuggling",
         "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         400},
        {"no upgrade", "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n", 426},
        {"asked to close", "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200},
        {"HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 200},
    };
    Running running;
    for (const Row& row : rows) {
        CAPTURE(row.name);
        Peer peer{running.server.port()};
        peer.send(row.bytes);
        const auto answer = peer.answer();
        CHECK(answer.status == row.status);
        if (row.status == 426) CHECK(answer.field("Sec-WebSocket-Version") == "13");
        CHECK(peer.ends());
    }
}

TEST_CASE("a client that talks before its handshake is answered is refused") {
    Running running;
    Peer peer{running.server.port()};
    peer.send("GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\x81");
    CHECK(peer.answer().status == 400);
    CHECK(peer.ends());
}

TEST_CASE("HEAD has the head of GET and no body") {
    Running running;
    Peer peer{running.server.port()};
    const auto head = peer.request("HEAD /healthz"), get = peer.request("GET /healthz");
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(head.field("Content-Length") == get.field("Content-Length"));
    CHECK(head.field("Content-Type") == get.field("Content-Type"));
    CHECK(get.body == R"({"status":"ok"})");
}

TEST_CASE("requests that come together are answered in order") {
    Running running;
    Peer peer{running.server.port()};
    std::string together;
    for (const char* path : {"/healthz", "/nope", "/metrics"})
        together += std::string{"GET "} + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    peer.send(together);
    CHECK(peer.answer().status == 200);
    CHECK(peer.answer().status == 404);
    CHECK(peer.answer().body.find("\ntocsin_http_responses_total{status=\"404\"} 1\n") != std::string::npos);
}

TEST_CASE("an answer about the rules may come after the server is gone") {
    RulesAnswer late;
    {
        Running running;
        running.rules_answered = false;
        Peer peer{running.server.port()};
        peer.send("GET /v1/rules HTTP/1.1\r\nHost: x\r\n\r\n");
        auto asked = running.kept.get_future();
        REQUIRE(asked.wait_for(std::chrono::seconds{20}) == std::future_status::ready);
        late = asked.get();
    }
    late({}); // into the void
}

TEST_CASE("what push does is counted") {
    Running running;
    Peer peer{running.server.port()}, other{running.server.port()};
    Peer::open(peer);
    peer.say(R"({"type":"subscribe","id":"s"})");
    peer.text(R"({"type":"subscribed")");
    running.append(2);
    CHECK(is_alert(peer.text(), 1));
    CHECK(is_alert(peer.text(), 2));
    peer.say("x");
    CHECK(peer.text().starts_with(R"({"type":"error")"));
    const std::string metrics = other.request("GET /metrics").body;
    for (const char* line :
         {"tocsin_push_connections 2", "tocsin_push_streams 1", "tocsin_push_subscriptions 1",
          "tocsin_push_connections_total 2", "tocsin_push_messages_in_total 2",
          "tocsin_push_alerts_delivered_total 2", "tocsin_push_errors_total{code=\"bad_json\"} 1",
          "tocsin_push_errors_total{code=\"no_match\"} 0", "tocsin_push_gaps_total 0",
          "tocsin_http_responses_total{status=\"101\"} 1"}) {
        CAPTURE(line);
        CHECK(metrics.find(std::string{"\n"} + line + '\n') != std::string::npos);
    }
}

} // namespace
} // namespace tocsin::push
