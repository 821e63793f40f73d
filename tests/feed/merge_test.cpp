#include "feed/merge.hpp"

#include "feed/reorder.hpp"
#include "feed_support.hpp"

#include <algorithm>
#include <random>
#include <tuple>

using namespace tocsin;

namespace {

struct Given {
    std::int64_t at;
    char kind; // s status, x tariff, c correction, o open, t tick, e close, b bar, h heartbeat
    market::FeedId feed;
    std::uint64_t line;
    bool operator==(const Given&) const = default;
};

market::Event event_of(const Given& given) {
    market::Event event;
    event.at = Time::from_nanos(given.at);
    event.feed = given.feed;
    const auto quote = [](market::QuoteKind kind) { return market::Quote{0, kind, Price::from_nanos(1)}; };
    switch (given.kind) {
    case 's':
        event.what = std::make_shared<const market::Status>();
        break;
    case 'x':
        event.what = std::make_shared<const market::Tariff>();
        break;
    case 'c':
        event.what = std::make_shared<const market::Correction>();
        break;
    case 'o':
        event.what = quote(market::QuoteKind::open);
        break;
    case 't':
        event.what = quote(market::QuoteKind::tick);
        break;
    case 'e':
        event.what = quote(market::QuoteKind::close);
        break;
    case 'b':
        event.what = market::Bar{};
        break;
    default:
        event.what = market::Heartbeat{};
    }
    return event;
}

/// The order of the contract, written down once more: close and bar are one kind.
int rank(char kind) {
    const std::string_view order = "sxcotebh";
    const auto place = static_cast<int>(order.find(kind));
    return kind == 'b' ? static_cast<int>(order.find('e')) : place;
}

auto key(const Given& given) {
    return std::tuple{given.at, rank(given.kind), given.feed, given.line};
}

class Listed final : public feed::Source {
public:
    explicit Listed(std::vector<Given> events) : events_{std::move(events)} {}
    bool next(market::Event& out) override {
        if (next_ == events_.size()) return false;
        out = event_of(events_[next_++]);
        return true;
    }
    std::uint64_t line() const override { return events_[next_ - 1].line; }

private:
    std::vector<Given> events_;
    std::size_t next_ = 0;
};

/// What comes out, as (time, feed, line).
std::vector<std::tuple<std::int64_t, market::FeedId, std::uint64_t>>
merged(const std::vector<std::vector<Given>>& feeds) {
    std::vector<Listed> sources{feeds.begin(), feeds.end()};
    std::vector<feed::Source*> borrowed;
    for (Listed& source : sources) borrowed.push_back(&source);
    feed::Merge merge{borrowed};
    std::vector<std::tuple<std::int64_t, market::FeedId, std::uint64_t>> out;
    market::Event event;
    while (merge.next(event)) out.emplace_back(event.at.nanos(), event.feed, merge.line());
    CHECK(!merge.next(event));
    return out;
}

std::vector<Given> some_events(std::mt19937& random, std::size_t count, market::FeedId feed) {
    const std::string_view kinds = "sxcotebh";
    std::vector<Given> events;
    for (std::size_t i = 0; i < count; ++i)
        events.push_back(
            {static_cast<std::int64_t>(random() % 20), kinds[random() % kinds.size()], feed, i + 1});
    return events;
}

} // namespace

TEST_CASE("events of one instant go by kind, then by feed, then by line") {
    using Out = std::vector<std::tuple<std::int64_t, market::FeedId, std::uint64_t>>;
    CHECK(merged({}) == Out{});
    CHECK(merged({{}, {}}) == Out{});
    CHECK(merged({{{1, 't', 0, 1}, {3, 't', 0, 2}}, {{2, 't', 1, 1}}}) ==
          Out{{1, 0, 1}, {2, 1, 1}, {3, 0, 2}});
    CHECK(merged({{{5, 't', 0, 1}, {5, 't', 0, 2}}, {{5, 't', 1, 1}}}) ==
          Out{{5, 0, 1}, {5, 0, 2}, {5, 1, 1}});
    CHECK(merged({{{5, 'h', 0, 1}},
                  {{5, 'b', 1, 1}},
                  {{5, 'e', 2, 1}},
                  {{5, 't', 3, 1}},
                  {{5, 'o', 4, 1}},
                  {{5, 'c', 5, 1}},
                  {{5, 'x', 6, 1}},
                  {{5, 's', 7, 1}}}) ==
          Out{{5, 7, 1}, {5, 6, 1}, {5, 5, 1}, {5, 4, 1}, {5, 3, 1}, {5, 1, 1}, {5, 2, 1}, {5, 0, 1}});
}

TEST_CASE("a merge is one sort of all events") {
    std::mt19937 random{1};
    for (int round = 0; round < 300; ++round) {
        std::vector<std::vector<Given>> feeds(1 + random() % 5);
        std::vector<Given> all;
        for (market::FeedId feed = 0; feed < feeds.size(); ++feed) {
            feeds[feed] = some_events(random, random() % 30, feed);
            std::sort(feeds[feed].begin(), feeds[feed].end(),
                      [](auto& a, auto& b) { return key(a) < key(b); });
            all.insert(all.end(), feeds[feed].begin(), feeds[feed].end());
        }
        std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return key(a) < key(b); });
        std::vector<std::tuple<std::int64_t, market::FeedId, std::uint64_t>> expected;
        for (const Given& given : all) expected.emplace_back(given.at, given.feed, given.line);
        REQUIRE(merged(feeds) == expected);
    }
}

TEST_CASE("a reorder buffer gives the smallest of what it holds") {
    std::mt19937 random{2};
    for (int round = 0; round < 300; ++round) {
        feed::Reorder reorder;
        std::vector<Given> held;
        std::uint64_t line_given = 0;
        for (const Given& given : some_events(random, 60, 0)) {
            feed::Reorder::Held& slot = reorder.slot();
            slot.event = event_of(given);
            slot.line = given.line;
            if (random() % 8 == 0) continue; // a slot that is not kept
            reorder.keep();
            held.push_back(given);
            for (auto takes = random() % 3; takes > 0 && !held.empty(); --takes) {
                const auto first = std::min_element(held.begin(), held.end(),
                                                    [](auto& a, auto& b) { return key(a) < key(b); });
                REQUIRE(reorder.first().line == first->line);
                market::Event event;
                reorder.take_first(event, line_given);
                REQUIRE(event.at.nanos() == first->at);
                REQUIRE(line_given == first->line);
                held.erase(first);
            }
            REQUIRE(reorder.size() == held.size());
            REQUIRE(reorder.empty() == held.empty());
        }
    }
}
