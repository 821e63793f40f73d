#include "feed/tcp.hpp"

#include "base/limits.hpp"
#include "base/queue.hpp"
#include "feed_support.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <functional>

using namespace tocsin;
namespace net = boost::asio;
using net::ip::tcp;
using namespace std::chrono_literals;

namespace {

/// A feed on a free port, its I/O run by the test itself: nothing happens but in until().
class Desk {
public:
    explicit Desk(std::size_t capacity = 1000, const std::function<void(config::Feed&)>& change = {})
        : queue{capacity} {
        config::Feed feed;
        feed.name = "desk";
        feed.tcp = "127.0.0.1:0";
        if (change) change(feed);
        auto opened = feed::TcpFeed::open(
            feed, 2, tests::symbols(), [this](const feed::Reject& reject) { rejects.push_back(reject); },
            [this](market::Event& event) { return queue.try_push(event); }, [this] { return now; },
            io.get_executor());
        REQUIRE(opened.has_value());
        feed_ = std::move(*opened);
    }

    /// Runs the I/O until it is so; fails after a while.
    void until(const std::function<bool()>& so) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        io.restart();
        while (!so() && std::chrono::steady_clock::now() < deadline) io.run_one_for(10ms);
        REQUIRE(so());
    }

    tcp::socket connect() {
        tcp::socket socket{clients};
        socket.connect({net::ip::address_v4::loopback(), feed_->port()});
        return socket;
    }

    std::vector<std::string> taken() {
        std::vector<std::string> out;
        if (queue.size() == 0) return out;
        for (const market::Event& event : queue.pop_all()) {
            CHECK(event.feed == 2);
            out.push_back(tests::described(event));
        }
        return out;
    }

    feed::TcpFeed& feed() { return *feed_; }

    net::io_context io{1}, clients{1};
    Queue<market::Event> queue;
    std::vector<feed::Reject> rejects;
    Time now = tests::at("2025-04-03T00:00:10Z");

private:
    std::unique_ptr<feed::TcpFeed> feed_;
};

std::string quote(std::string_view time, std::string_view price = "34102") {
    return R"({"type":"quote","symbol":"N225","ts":")" + std::string{time} + R"(","price":)" +
           std::string{price} + "}\n";
}

void send(tcp::socket& socket, std::string_view text) {
    net::write(socket, net::buffer(text));
}

std::string address_of(const tcp::socket& socket) {
    return "127.0.0.1:" + std::to_string(socket.local_endpoint().port());
}

} // namespace

TEST_CASE("each connection sends lines, in pieces or at once") {
    Desk desk;
    tcp::socket first = desk.connect(), second = desk.connect();
    const std::string line = quote("2025-04-03T00:00:01Z");
    send(first, line.substr(0, 30));
    send(second, quote("2025-04-03T00:00:03Z") + quote("2025-04-03T00:00:02Z")); // late is for others to tell
    desk.until([&] { return desk.queue.size() == 2; });
    CHECK(desk.taken() == std::vector<std::string>{"2025-04-03T00:00:03Z tick N225 34102",
                                                   "2025-04-03T00:00:02Z tick N225 34102"});
    send(first, line.substr(30));
    desk.until([&] { return desk.queue.size() == 1; });
    CHECK(desk.taken() == std::vector<std::string>{"2025-04-03T00:00:01Z tick N225 34102"});
    CHECK(desk.feed().connections() == 2);
    CHECK(desk.feed().counters().events == 3);
    CHECK(desk.rejects.empty());
}

TEST_CASE("a bad line on a connection is told with its peer and its number there") {
    Desk desk;
    tcp::socket first = desk.connect(), second = desk.connect();
    send(first, quote("2025-04-03T00:00:01Z") + "nonsense\n" + quote("2025-04-03T00:00:02Z"));
    desk.until([&] { return desk.queue.size() == 2; });
    send(second, quote("2025-04-03T00:00:01Z", "-1"));
    desk.until([&] { return desk.rejects.size() == 2; });
    CHECK(desk.rejects[0].file == address_of(first));
    CHECK(desk.rejects[0].line == 2);
    CHECK(desk.rejects[0].text == "nonsense");
    CHECK(name(desk.rejects[0].reason) == "bad_json");
    CHECK(desk.rejects[1].file == address_of(second));
    CHECK(desk.rejects[1].line == 1);
    CHECK(name(desk.rejects[1].reason) == "price_not_positive");
    CHECK(desk.feed().counters().all_rejected() == 2);
}

TEST_CASE("a last line without LF counts when the peer closes, half of one is bad") {
    Desk desk;
    std::string line = quote("2025-04-03T00:00:01Z");
    line.pop_back();
    for (const std::string& text : {line, line.substr(0, 40)}) {
        tcp::socket socket = desk.connect();
        send(socket, text);
    }
    desk.until([&] { return desk.queue.size() == 1 && desk.rejects.size() == 1; });
    CHECK(desk.rejects[0].text == line.substr(0, 40));
    desk.until([&] { return desk.feed().connections() == 0; });
}

TEST_CASE("a time too far beyond the wall clock is refused") {
    const auto verdicts = [](Desk& desk) {
        tcp::socket socket = desk.connect();
        send(socket, quote("2025-04-03T00:00:15Z") + quote("2025-04-03T00:00:15.000000001Z") +
                         quote("2025-04-03T00:00:13Z"));
        desk.until([&] { return desk.queue.size() + desk.rejects.size() == 3; });
        return std::pair{desk.taken().size(), desk.rejects.size()};
    };
    Desk desk;
    CHECK(verdicts(desk) == std::pair<std::size_t, std::size_t>{2, 1}); // 5 s by default
    CHECK(name(desk.rejects[0].reason) == "future");
    CHECK(desk.rejects[0].detail ==
          "2025-04-03T00:00:15.000000001Z lies too far beyond the wall clock, 2025-04-03T00:00:10Z");
    Desk strict{1000, [](config::Feed& feed) {
                    feed.max_ahead = Duration{3 * nanos_per_second, DurationUnit::clock};
                }};
    CHECK(verdicts(strict) == std::pair<std::size_t, std::size_t>{1, 2});
}

TEST_CASE("where the queue is full reading stops, and nothing is lost") {
    constexpr std::size_t room = 1000;
    constexpr int lines = 200'000; // 16 MB: more than the kernel's buffers on both sides
    Desk desk{room};
    std::string text;
    for (int i = 1; i <= lines; ++i) text += quote("2025-04-03T00:00:01Z", std::to_string(i));
    tcp::socket socket{desk.io};
    socket.connect({net::ip::address_v4::loopback(), desk.feed().port()});
    bool sent = false;
    net::async_write(socket, net::buffer(text),
                     [&](boost::system::error_code failed, std::size_t) { sent = !failed; });

    desk.until([&] { return desk.queue.size() == room; });
    desk.io.run_for(20ms); // time enough to read it all, if nothing held it
    CHECK(desk.feed().counters().events <= room + 1);
    CHECK(!sent);

    int seen = 0;
    bool in_order = true;
    desk.until([&] {
        if (desk.queue.size() == 0) return seen == lines;
        for (const market::Event& event : desk.queue.pop_all())
            in_order &=
                std::get<market::Quote>(event.what).price == Price::from_nanos(++seen * 1'000'000'000ll);
        return seen == lines;
    });
    CHECK(in_order);
    desk.until([&] { return sent; });
}

TEST_CASE("a feed that stops closes its connections and leaves no work behind") {
    Desk desk{1};
    tcp::socket waiting = desk.connect(), idle = desk.connect();
    send(waiting, quote("2025-04-03T00:00:01Z") + quote("2025-04-03T00:00:02Z")); // the second waits for room
    desk.until([&] { return desk.queue.size() == 1 && desk.feed().counters().events == 2; });
    desk.feed().stop();
    desk.io.restart();
    CHECK(desk.io.run_for(20s) > 0);
    CHECK(desk.io.stopped()); // out of work, not out of time
    CHECK(desk.feed().connections() == 0);
    char byte = 0;
    boost::system::error_code ended;
    CHECK(idle.read_some(net::buffer(&byte, 1), ended) == 0);
    CHECK(ended == net::error::eof);
}

TEST_CASE("beyond the limit connections are closed at once") {
    Desk desk;
    std::vector<tcp::socket> sockets;
    for (std::size_t i = 0; i < limits::feed_connections; ++i) sockets.push_back(desk.connect());
    desk.until([&] { return desk.feed().connections() == limits::feed_connections; });
    tcp::socket refused = desk.connect();
    desk.until([&] { return desk.feed().refused() == 1; });
    char byte = 0;
    boost::system::error_code ended;
    CHECK(refused.read_some(net::buffer(&byte, 1), ended) == 0);
    CHECK(ended == net::error::eof);
    sockets.pop_back();
    desk.until([&] { return desk.feed().connections() == limits::feed_connections - 1; });
    tcp::socket welcome = desk.connect();
    send(welcome, quote("2025-04-03T00:00:01Z"));
    desk.until([&] { return desk.queue.size() == 1; });
}

TEST_CASE("an address that cannot be listened on is an error where the configuration names it") {
    net::io_context io;
    Desk taken;
    const std::string port = std::to_string(taken.feed().port());
    const auto error_of = [&](const std::string& address) {
        config::Feed feed;
        feed.name = "desk";
        feed.tcp = address;
        feed.place = {"tocsin.yaml", 9, 5};
        const auto opened = feed::TcpFeed::open(feed, 0, tests::symbols(), {}, {}, {}, io.get_executor());
        return opened ? "" : opened.error().text();
    };
    CHECK(error_of("127.0.0.1:" + port) ==
          "tocsin.yaml:9:5: cannot listen on 127.0.0.1:" + port + ": Address already in use");
    CHECK(error_of("0.0.0.0:0") ==
          "tocsin.yaml:9:5: tcp \"0.0.0.0:0\" is not loopback; use 127.0.0.1 or [::1]");
    for (const std::string address :
         {"9100", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:70000", "example.org:1", ":1"})
        CHECK(error_of(address) ==
              "tocsin.yaml:9:5: tcp \"" + address + "\" is no address like 127.0.0.1:9100");
    CHECK(error_of("localhost:0") == "");
}
