#include "push/client.hpp"

#include "push/server.hpp"
#include "store/memory_log.hpp"
#include "tests/push/alerts.hpp"

#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <prometheus/registry.h>
#include <thread>

namespace tocsin::push {
namespace {

TEST_CASE("a stream's address is read in each of its forms") {
    struct Row {
        const char *text, *host, *host_and_port, *path;
    };
    const auto row = GENERATE(values<Row>({
        {"127.0.0.1:9", "127.0.0.1", "127.0.0.1:9", "/v1/stream"},
        {"localhost", "localhost", "localhost:8787", "/v1/stream"},
        {"http://desk:80", "desk", "desk:80", "/v1/stream"},
        {"ws://desk:65535/", "desk", "desk:65535", "/v1/stream"},
        {"ws://desk:1/other/stream?x=y", "desk", "desk:1", "/other/stream?x=y"},
        {"[::1]:9", "::1", "[::1]:9", "/v1/stream"},
        {"ws://[::1]", "::1", "[::1]:8787", "/v1/stream"},
    }));
    CAPTURE(row.text);
    const auto address = parse_stream_url(row.text);
    REQUIRE(address.has_value());
    CHECK(address->host == row.host);
    CHECK(address->host_and_port() == row.host_and_port);
    CHECK(address->path == row.path);
}

TEST_CASE("what is no address of a stream is told") {
    const auto* text =
        GENERATE("", ":9", "ws://", "wss://desk", "https://desk", "ftp://desk", "desk:", "desk:0",
                 "desk:65536", "desk:x", "[::1", "[::1]9", "me@desk:9", "a b:9", "desk:9/a b");
    CAPTURE(text);
    CHECK_FALSE(parse_stream_url(text).has_value());
}

/// One life of a server over a log that may outlive it.
struct Life {
    Life(const store::AlertLog& log, std::uint16_t port)
        : server{{"127.0.0.1", port, 1, std::chrono::milliseconds{1000}, "tocsin"},
                 {log,
                  registry,
                  {{{"drop", "session_move", {alert::Severity::warning}, {}, {"N225"}}}, {"N225"}},
                  [] { return Time::min(); },
                  [] { return std::vector<FeedStatus>{}; },
                  [](const RulesAnswer&) {},
                  [] { return std::vector<std::string>{}; }}} {
        REQUIRE(server.open().has_value());
        server.start();
    }
    prometheus::Registry registry;
    Server server;
};

/// A client on a thread of its own, and what it said.
struct Tail {
    Tail(std::uint16_t port, Following wanted)
        : client{{{"127.0.0.1", port, "/v1/stream"}, std::move(wanted), "test"},
                 [this](const Received& frame) {
                     add(frame.kind == Received::Kind::alert   ? std::to_string(frame.seq)
                         : frame.kind == Received::Kind::reset ? "reset"
                                                               : "gap to " + std::to_string(frame.to));
                 },
                 [this](const std::string& why) { add("trouble: " + why); }},
          thread{[this] { result = client.run(); }} {}
    ~Tail() {
        client.stop();
        if (thread.joinable()) thread.join();
    }
    void add(std::string line) {
        const std::lock_guard lock{mutex};
        lines.push_back(std::move(line));
        came.notify_all();
    }
    /// The next line, waited for; those about trouble only where they are asked for.
    std::string next(bool trouble = false) {
        std::unique_lock lock{mutex};
        for (;;) {
            if (!came.wait_for(lock, std::chrono::seconds{20}, [&] { return taken < lines.size(); }))
                return "nothing came in time";
            const std::string& line = lines[taken++];
            if (trouble || !line.starts_with("trouble")) return line;
        }
    }
    Result<void> ended() {
        thread.join();
        return result;
    }

    std::mutex mutex;
    std::condition_variable came;
    std::vector<std::string> lines;
    std::size_t taken = 0;
    Result<void> result;
    Client client;
    std::thread thread;
};

TEST_CASE("a client follows through the end of a server, and through that of its log") {
    store::MemoryLog log{"aaaaaaaaaaaaaaaa", 3},
        other{"bbbbbbbbbbbbbbbb", 3}; // before their servers: they outlive them
    log.append(events(2), std::nullopt);
    auto life = std::make_unique<Life>(log, 0);
    const std::uint16_t port = life->server.port();
    Tail tail{port, {{}, 0, false}};
    CHECK(tail.next() == "1");
    CHECK(tail.next() == "2");
    log.append(events(1), std::nullopt);
    life->server.published();
    CHECK(tail.next() == "3");

    life.reset();
    CHECK(tail.next(true) ==
          "trouble: 127.0.0.1:" + std::to_string(port) + " closed the stream (1001); trying again in 0.25 s");
    log.append(events(5), std::nullopt); // of which three are still held
    life = std::make_unique<Life>(log, port);
    CHECK(tail.next() == "gap to 5");
    CHECK(tail.next() == "6");
    CHECK(tail.next() == "7");
    CHECK(tail.next() == "8");

    life.reset();
    other.append(events(1), std::nullopt);
    life = std::make_unique<Life>(other, port);
    CHECK(tail.next() == "reset");
    CHECK(tail.next() == "1");
    tail.client.stop();
    CHECK(tail.ended().has_value());
}

TEST_CASE("a subscription that is refused ends the client with the server's words") {
    const store::MemoryLog log{"aaaaaaaaaaaaaaaa", 3};
    Life life{log, 0};
    Tail tail{life.server.port(), {{std::vector<std::string>{"HSI"}, {}, {}, {}}, {}, false}};
    const auto result = tail.ended();
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().message == "127.0.0.1:" + std::to_string(life.server.port()) +
                                        ": no_match: no configured symbol matches the filter's symbols");
}

TEST_CASE("a server that is not there is tried again until the client is stopped") {
    std::uint16_t port = 0;
    {
        const store::MemoryLog log{"aaaaaaaaaaaaaaaa", 3};
        const Life life{log, 0};
        port = life.server.port();
    }
    Tail tail{port, {}};
    const std::string first = tail.next(true), second = tail.next(true);
    CHECK(first.starts_with("trouble: cannot reach 127.0.0.1:"));
    CHECK(first.ends_with("trying again in 0.25 s"));
    CHECK(second.ends_with("trying again in 0.5 s"));
    tail.client.stop();
    CHECK(tail.ended().has_value());
}

TEST_CASE("a stop before the run ends it at once") {
    Client client{
        {{"127.0.0.1", 9, "/v1/stream"}, {}, "test"}, [](const Received&) {}, [](const std::string&) {}};
    client.stop();
    CHECK(client.run().has_value());
}

} // namespace
} // namespace tocsin::push
