// The heaps against a std::multimap that is told the same.
#include "rules/wake.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>

using namespace tocsin::rules;

namespace {

/// What a heap should be: keys in order, and of equal ones the smaller id first.
template <class Nearer> class Model {
public:
    void set(std::uint32_t id, std::int64_t key) {
        remove(id);
        keys_.emplace(std::pair{key, id}, id);
    }
    void remove(std::uint32_t id) {
        for (auto at = keys_.begin(); at != keys_.end();)
            at = at->second == id ? keys_.erase(at) : std::next(at);
    }
    bool empty() const { return keys_.empty(); }
    std::pair<std::int64_t, std::uint32_t> top() const { return keys_.begin()->first; }

private:
    struct Order {
        bool operator()(const std::pair<std::int64_t, std::uint32_t>& a,
                        const std::pair<std::int64_t, std::uint32_t>& b) const {
            return a.first != b.first ? Nearer{}(a.first, b.first) : a.second < b.second;
        }
    };
    std::multimap<std::pair<std::int64_t, std::uint32_t>, std::uint32_t, Order> keys_;
};

template <class Nearer> void compare_with_model(std::uint32_t seed) {
    std::mt19937 random{seed};
    constexpr std::uint32_t ids = 60,
                            heaps = 2; // two heaps share the positions: even ids here, odd ones there
    std::vector<std::uint32_t> positions(ids, not_in_heap);
    BoundHeap<Nearer> heap[heaps];
    Model<Nearer> model[heaps];
    for (int step = 0; step < 20'000; ++step) {
        const auto id = static_cast<std::uint32_t>(random() % ids), which = id % heaps;
        const auto action = random() % 10;
        if (action < 6) { // few keys, so that many are equal; and the outermost
            const auto pick = random() % 22;
            const std::int64_t key = pick == 20   ? std::numeric_limits<std::int64_t>::min()
                                     : pick == 21 ? std::numeric_limits<std::int64_t>::max()
                                                  : static_cast<std::int64_t>(pick);
            heap[which].set(id, key, positions), model[which].set(id, key);
        } else if (action < 9) {
            heap[which].remove(id, positions), model[which].remove(id);
        } else if (!heap[which].empty()) {
            const auto top = heap[which].top().id;
            heap[which].remove(top, positions), model[which].remove(top);
        }
        for (std::uint32_t h = 0; h < heaps; ++h) {
            REQUIRE(heap[h].empty() == model[h].empty());
            if (heap[h].empty()) continue;
            REQUIRE(heap[h].top().key == model[h].top().first);
            REQUIRE(heap[h].top().id == model[h].top().second);
        }
    }
    for (std::uint32_t h = 0; h < heaps; ++h)
        while (!heap[h].empty()) {
            const auto id = heap[h].top().id;
            REQUIRE(id == model[h].top().second);
            heap[h].remove(id, positions), model[h].remove(id);
            REQUIRE(positions[id] == not_in_heap);
        }
}

} // namespace

TEST_CASE("the nearest key is on top whatever is set, moved and removed") {
    compare_with_model<std::less<>>(1);
    compare_with_model<std::greater<>>(2);
}
