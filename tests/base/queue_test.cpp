#include "base/queue.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <future>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace tocsin;

TEST_CASE("a full queue refuses, and leaves the value with its owner") {
    Queue<std::unique_ptr<int>> queue{2};
    CHECK(queue.push(std::make_unique<int>(1)));
    CHECK(queue.push(std::make_unique<int>(2)));
    auto third = std::make_unique<int>(3);
    CHECK_FALSE(queue.try_push(third));
    REQUIRE(third);
    CHECK(queue.size() == 2);
    const auto taken = queue.pop_all();
    REQUIRE(taken.size() == 2);
    CHECK(*taken[0] == 1);
    CHECK(*taken[1] == 2);
    CHECK(queue.try_push(third));
    CHECK_FALSE(third);
    CHECK(queue.size() == 1);
}

TEST_CASE("a closed queue takes nothing more, and still gives what it holds") {
    Queue<int> queue{2};
    CHECK(queue.push(1));
    queue.close();
    CHECK_FALSE(queue.push(2));
    int value = 3;
    CHECK_FALSE(queue.try_push(value));
    CHECK(queue.pop_all() == std::deque<int>{1});
    CHECK(queue.pop_all().empty());
}

TEST_CASE("closing wakes those who wait") {
    Queue<int> full{1}, empty{1};
    CHECK(full.push(1));
    auto pushed = std::async(std::launch::async, [&] { return full.push(2); });
    auto popped = std::async(std::launch::async, [&] { return empty.pop_all(); });
    full.close();
    empty.close();
    CHECK_FALSE(pushed.get());
    CHECK(popped.get().empty());
}

TEST_CASE("nothing is lost between threads, and each pusher's order is kept") {
    constexpr int pushers = 4, each = 5'000;
    Queue<std::pair<int, int>> queue{16}; // small, so that pushers wait
    std::vector<std::thread> threads;
    for (int pusher = 0; pusher < pushers; ++pusher)
        threads.emplace_back([&queue, pusher] {
            for (int i = 0; i < each; ++i) queue.push({pusher, i});
        });
    std::vector<int> next(pushers, 0);
    bool in_order = true, bounded = true;
    for (int taken = 0; taken < pushers * each;) {
        const auto items = queue.pop_all();
        bounded = bounded && items.size() <= 16;
        for (const auto& [pusher, i] : items)
            in_order = in_order && i == next[static_cast<std::size_t>(pusher)]++;
        taken += static_cast<int>(items.size());
    }
    for (auto& thread : threads) thread.join();
    CHECK(in_order);
    CHECK(bounded);
    CHECK(next == std::vector<int>(pushers, each));
    CHECK(queue.size() == 0);
}
