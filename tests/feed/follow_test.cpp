#include "feed/follow.hpp"

#include "base/queue.hpp"
#include "feed_support.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

using namespace tocsin;
namespace net = boost::asio;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

namespace {

/// A file that is followed, its I/O run by the test itself: nothing happens but in until() and history().
class Desk {
public:
    explicit Desk(const std::function<void(config::Feed&)>& change = {}, std::size_t capacity = 1000)
        : queue{capacity} {
        feed_.name = "log";
        feed_.file = dir.at("log.ndjson");
        feed_.follow = true;
        feed_.place = {"tocsin.yaml", 3, 5};
        if (change) change(feed_);
    }

    std::string error() {
        auto opened = feed::FollowFeed::open(
            feed_, 2, tests::symbols(), [this](const feed::Reject& reject) { rejects.push_back(reject); },
            [this](market::Event& event) { return queue.try_push(event); }, [this] { return now; },
            io.get_executor());
        if (!opened) return opened.error().text();
        follow_ = std::move(*opened);
        return "";
    }

    /// Opens the feed and plays what is there; live from then on.
    Texts start() {
        REQUIRE(error() == "");
        Texts history;
        market::Event event;
        while (feed().history().next(event)) history.push_back(tests::described(event));
        CHECK(!feed().history().error());
        feed().start();
        return history;
    }

    /// Runs the I/O until it is so; fails after a while.
    void until(const std::function<bool()>& so) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        io.restart();
        while (!so() && std::chrono::steady_clock::now() < deadline) io.run_one_for(10ms);
        REQUIRE(so());
    }
    Texts next(std::size_t count) {
        until([&] { return queue.size() >= count; });
        Texts out;
        for (const market::Event& event : queue.pop_all()) {
            CHECK(event.feed == 2);
            out.push_back(tests::described(event));
        }
        return out;
    }
    /// Lets it look a few times: each is a handler that runs when its timer is due.
    void look() {
        io.restart();
        for (int i = 0; i < 4; ++i) REQUIRE(io.run_one_for(20s) == 1);
    }

    void append(std::string_view text, const char* file = "log.ndjson") const {
        std::ofstream out{dir.at(file), std::ios::app | std::ios::binary};
        out << text << std::flush;
        REQUIRE(out.good());
    }
    void rename(const char* from, const char* to) const { std::filesystem::rename(dir.at(from), dir.at(to)); }
    feed::FollowFeed& feed() { return *follow_; }

    tests::TempDir dir;
    net::io_context io{1};
    Queue<market::Event> queue;
    std::vector<feed::Reject> rejects;
    Time now = tests::at("2025-04-03T00:00:10Z");

private:
    config::Feed feed_;
    std::unique_ptr<feed::FollowFeed> follow_;
};

std::string quote(int price, std::string_view time = "2025-04-03T00:00:01Z") {
    return R"({"type":"quote","symbol":"N225","ts":")" + std::string{time} + R"(","price":)" +
           std::to_string(price) + "}\n";
}
std::string tick(int price) {
    return "2025-04-03T00:00:01Z tick N225 " + std::to_string(price);
}

config::CsvMapping bars() {
    config::CsvMapping mapping;
    mapping.symbol = "N225";
    mapping.session = "Date";
    mapping.close = "Close";
    mapping.place = {"tocsin.yaml", 5, 10};
    return mapping;
}
std::string bar(const char* day, int close) {
    return std::string{day} + "T06:30:00Z bar N225 " + day + " - - - " + std::to_string(close);
}

} // namespace

TEST_CASE("what a file holds is history, what it gains is live") {
    Desk desk;
    desk.append(quote(1) + quote(2));
    CHECK(desk.start() == Texts{tick(1), tick(2)});
    desk.append(quote(3) + quote(4));
    CHECK(desk.next(2) == Texts{tick(3), tick(4)});
    desk.append(quote(5));
    CHECK(desk.next(1) == Texts{tick(5)});
    CHECK(desk.feed().counters().events == 5);
    CHECK(desk.feed().state() == feed::FollowFeed::State::reading);
    CHECK(desk.rejects.empty());
}

TEST_CASE("a line that is written in pieces counts once, when its end is there") {
    Desk desk;
    const std::string line = quote(2);
    desk.append(quote(1) + line.substr(0, 20));
    CHECK(desk.start() == Texts{tick(1)}); // half a line is no history
    desk.append(line.substr(20, 30));
    desk.look();
    CHECK(desk.queue.size() == 0);
    desk.append(line.substr(50));
    CHECK(desk.next(1) == Texts{tick(2)});
    CHECK(desk.rejects.empty());
}

TEST_CASE("lines between the end of the history and the start are live") {
    Desk desk;
    desk.append(quote(1));
    REQUIRE(desk.error() == "");
    market::Event event;
    while (desk.feed().history().next(event)) {
    }
    desk.append(quote(2));
    CHECK(!desk.feed().history().next(event));
    desk.feed().start();
    CHECK(desk.next(1) == Texts{tick(2)});
}

TEST_CASE("a file that is not there yet is waited for") {
    Desk desk;
    CHECK(desk.start().empty());
    desk.look();
    CHECK(desk.feed().state() == feed::FollowFeed::State::waiting);
    desk.append(quote(1));
    CHECK(desk.next(1) == Texts{tick(1)});
    CHECK(desk.feed().state() == feed::FollowFeed::State::reading);
}

TEST_CASE("a file that is rotated is read to its end, and the new one from its start") {
    Desk desk;
    desk.append(quote(1));
    desk.start();
    std::string last = quote(3);
    last.pop_back();
    SECTION("the writer goes on in the old one for a while") {
        desk.rename("log.ndjson", "log.1");
        desk.append(quote(2), "log.1");
        CHECK(desk.next(1) == Texts{tick(2)});
        desk.append("");
        desk.look(); // the new one is there, and empty
        desk.append(last, "log.1");
        desk.look();
        CHECK(desk.queue.size() == 0);
        desk.append(quote(4));
        CHECK(desk.next(2) == Texts{tick(3), tick(4)});
    }
    SECTION("all at once, between two looks") {
        desk.append(quote(2) + last);
        desk.rename("log.ndjson", "log.1");
        desk.append(quote(4));
        CHECK(desk.next(3) == Texts{tick(2), tick(3), tick(4)});
    }
    SECTION("removed and made anew") {
        desk.append(quote(2) + last);
        std::filesystem::remove(desk.dir.at("log.ndjson"));
        desk.append(quote(4));
        CHECK(desk.next(3) == Texts{tick(2), tick(3), tick(4)});
    }
    desk.append("nonsense\n" + quote(5));
    CHECK(desk.next(1) == Texts{tick(5)});
    REQUIRE(desk.rejects.size() == 1);
    CHECK(desk.rejects[0].line == 2); // of the new file
    CHECK(desk.rejects[0].file == desk.dir.at("log.ndjson"));
    CHECK(desk.feed().counters().all_rejected() == 1);
}

TEST_CASE("a file that gets shorter is read from its start again") {
    Desk desk;
    desk.append(quote(1) + quote(2) + quote(3));
    desk.start();
    std::filesystem::resize_file(desk.dir.at("log.ndjson"), 0);
    desk.append(quote(4));
    CHECK(desk.next(1) == Texts{tick(4)});
    desk.append(quote(5));
    CHECK(desk.next(1) == Texts{tick(5)});
}

TEST_CASE("a link is followed to another file") {
    Desk desk;
    desk.append(quote(1), "day-1");
    std::filesystem::create_symlink("day-1", desk.dir.at("log.ndjson"));
    CHECK(desk.start() == Texts{tick(1)});
    desk.append(quote(2), "day-1");
    CHECK(desk.next(1) == Texts{tick(2)});
    desk.append(quote(3), "day-2");
    std::filesystem::create_symlink("day-2", desk.dir.at("next"));
    desk.rename("next", "log.ndjson");
    CHECK(desk.next(1) == Texts{tick(3)});
}

TEST_CASE(
    "live lines are held against the wall clock and not against those before them, history the other way") {
    Desk desk;
    desk.append(quote(1, "2025-04-03T02:00:00Z") + quote(2, "2025-04-03T01:00:00Z"));
    CHECK(desk.start().size() == 1);
    REQUIRE(desk.rejects.size() == 1);
    CHECK(name(desk.rejects[0].reason) == "out_of_order");
    desk.append(quote(3, "2025-04-03T00:00:15Z") + quote(4, "2025-04-03T00:00:16Z") + quote(5));
    CHECK(desk.next(2) == Texts{"2025-04-03T00:00:15Z tick N225 3", tick(5)});
    REQUIRE(desk.rejects.size() == 2);
    CHECK(name(desk.rejects[1].reason) == "future");
    CHECK(desk.rejects[1].line == 4);
    CHECK(desk.feed().counters().all_rejected() == 2);
}

TEST_CASE("a CSV file that grows has its header when it comes, and each that follows has its own") {
    Desk desk{[](config::Feed& feed) { feed.csv = bars(); }};
    CHECK(desk.start().empty());
    desk.now = tests::at("2025-04-30T00:00:00Z");
    desk.append("Date,Cl");
    desk.look();
    desk.append("ose\n2025-04-01,1\n");
    CHECK(desk.next(1) == Texts{bar("2025-04-01", 1)});
    desk.rename("log.ndjson", "log.1");
    desk.append("Close,Date\n2,2025-04-02\n");
    CHECK(desk.next(1) == Texts{bar("2025-04-02", 2)});
    CHECK(desk.rejects.empty());

    // A header that does not fit: told, and mended by another file.
    desk.rename("log.ndjson", "log.2");
    desk.append("Day,Close\n2025-04-03,3\n");
    desk.until([&] { return desk.feed().state() == feed::FollowFeed::State::failed; });
    desk.rename("log.ndjson", "log.3");
    desk.append("Date,Close\n2025-04-03,3\n");
    CHECK(desk.next(1) == Texts{bar("2025-04-03", 3)});
    CHECK(desk.feed().state() == feed::FollowFeed::State::reading);
}

TEST_CASE("where the queue is full a followed file waits, and nothing is lost") {
    Desk desk{{}, 100};
    desk.start();
    std::string text;
    constexpr int lines = 5000;
    for (int i = 1; i <= lines; ++i) text += quote(i);
    desk.append(text);
    desk.until([&] { return desk.queue.size() == 100; });
    desk.look();
    CHECK(desk.feed().counters().events == 101);
    int seen = 0;
    bool in_order = true;
    desk.until([&] {
        if (desk.queue.size() == 0) return seen == lines;
        for (const market::Event& event : desk.queue.pop_all()) {
            const auto price = std::get<market::Quote>(event.what).price;
            in_order &= price == Price::from_nanos(++seen * 1'000'000'000ll);
        }
        return seen == lines;
    });
    CHECK(in_order);
}

TEST_CASE("a follower that stops leaves no work behind") {
    Desk desk{{}, 1};
    desk.start();
    desk.append(quote(1) + quote(2)); // the second waits for room
    desk.until([&] { return desk.feed().counters().events == 2; });
    desk.feed().stop();
    desk.io.restart();
    CHECK(desk.io.run_for(20s) > 0);
    CHECK(desk.io.stopped()); // out of work, not out of time
}

TEST_CASE("what cannot be followed is an error where the configuration names it") {
    Desk desk;
    std::filesystem::create_directory(desk.dir.at("log.ndjson"));
    CHECK(desk.error() == "tocsin.yaml:3:5: cannot read " + desk.dir.at("log.ndjson") + ": Is a directory");
    Desk device{[](config::Feed& feed) { feed.file = "/dev/null"; }};
    CHECK(device.error() == "tocsin.yaml:3:5: cannot follow /dev/null: it is no plain file");
    Desk csv{[](config::Feed& feed) { feed.csv = bars(); }};
    csv.append("Day,Close\n");
    CHECK(csv.error() == "tocsin.yaml:5:10: the header of " + csv.dir.at("log.ndjson") +
                             " has no column \"Date\" (it has \"Day, Close\")");
    Desk sessions{[](config::Feed& feed) { feed.max_ahead = Duration{1, DurationUnit::sessions}; }};
    CHECK(sessions.error() == "tocsin.yaml:3:5: max_ahead of feed \"log\" must be clock time, like 5s");
}
