// bounds: what it costs the host to keep a million bounds: to arm them all, and to wake one, which is to take
// it out and to put it in again with a bound further off, as a rule does that was asked and sleeps on. Prints
// one line of JSON: bounds, arm_seconds, wake_us (the mean of 1,000,000), peak_rss_bytes.
#include "rules/wake.hpp"

#include <chrono>
#include <cstdio>
#include <random>
#include <sys/resource.h>

int main() {
    using Clock = std::chrono::steady_clock;
    const auto seconds = [](Clock::time_point from) {
        return std::chrono::duration<double>(Clock::now() - from).count();
    };
    constexpr std::uint32_t bounds = 1'000'000, wakes = 1'000'000;
    std::mt19937_64 random{1};
    std::vector<std::int64_t> keys(bounds);
    for (auto& key : keys) key = static_cast<std::int64_t>(random() % 1'000'000'000);

    tocsin::rules::LowestFirst heap;
    std::vector<std::uint32_t> positions(bounds, tocsin::rules::not_in_heap);
    auto begin = Clock::now();
    for (std::uint32_t id = 0; id < bounds; ++id) heap.set(id, keys[id], positions);
    const double armed = seconds(begin);

    begin = Clock::now();
    for (std::uint32_t i = 0; i < wakes; ++i) {
        const auto [key, id] = heap.top();
        heap.remove(id, positions);
        heap.set(id, key + keys[i % bounds], positions);
    }
    const double woken = seconds(begin);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    std::printf("{\"bounds\":%u,\"arm_seconds\":%.6f,\"wake_us\":%.3f,\"peak_rss_bytes\":%lld}\n", bounds,
                armed, woken / wakes * 1e6, static_cast<long long>(used.ru_maxrss) * 1024);
}
