// Wake: who sleeps until which price or time. A BoundHeap holds at most one key for each instance, the
// nearest on top: the highest lower bound, the lowest upper bound, the earliest deadline. An event that
// reaches no top wakes nobody, at the price of one comparison. A plain value; positions are kept apart, so
// that many heaps over disjoint instances (two a symbol) share one array of positions.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace tocsin::rules {

inline constexpr std::uint32_t not_in_heap = 0xffff'ffff;

/// `Nearer(a, b)`: whether key a comes before key b.
template <class Nearer> class BoundHeap {
public:
    struct Item {
        std::int64_t key;
        std::uint32_t id;
    };
    bool empty() const { return items_.empty(); }
    /// Requires: not empty.
    const Item& top() const { return items_.front(); }

    /// Sets the key of `id`, wherever it was. `positions` is indexed by id.
    void set(std::uint32_t id, std::int64_t key, std::vector<std::uint32_t>& positions) {
        std::uint32_t at = positions[id];
        if (at == not_in_heap) {
            at = static_cast<std::uint32_t>(items_.size());
            items_.push_back({key, id});
            positions[id] = at;
        }
        items_[at].key = key;
        if (!up(at, positions)) down(at, positions);
    }
    void remove(std::uint32_t id, std::vector<std::uint32_t>& positions) {
        const std::uint32_t at = positions[id];
        if (at == not_in_heap) return;
        positions[id] = not_in_heap;
        const Item last = items_.back();
        items_.pop_back();
        if (last.id == id) return;
        items_[at] = last;
        positions[last.id] = at;
        if (!up(at, positions)) down(at, positions);
    }

private:
    /// Children of one item. Eight lie in two cache lines or three, and a million items are seven levels
    /// deep.
    static constexpr std::uint32_t arity = 8;
    static bool nearer(const Item& a, const Item& b) {
        return a.key != b.key ? Nearer{}(a.key, b.key) : a.id < b.id;
    }
    bool up(std::uint32_t at, std::vector<std::uint32_t>& positions) {
        const std::uint32_t from = at;
        const Item item = items_[at];
        while (at > 0 && nearer(item, items_[(at - 1) / arity]))
            place(at, items_[(at - 1) / arity], positions), at = (at - 1) / arity;
        place(at, item, positions);
        return at != from;
    }
    void down(std::uint32_t at, std::vector<std::uint32_t>& positions) {
        const Item item = items_[at];
        const auto size = static_cast<std::uint32_t>(items_.size());
        while (arity * at + 1 < size) {
            const std::uint32_t first = arity * at + 1, end = std::min(first + arity, size);
            std::uint32_t nearest = first;
            for (std::uint32_t child = first + 1; child < end; ++child)
                if (nearer(items_[child], items_[nearest])) nearest = child;
            if (!nearer(items_[nearest], item)) break;
            place(at, items_[nearest], positions);
            at = nearest;
        }
        place(at, item, positions);
    }
    void place(std::uint32_t at, const Item& item, std::vector<std::uint32_t>& positions) {
        items_[at] = item;
        positions[item.id] = at;
    }
    std::vector<Item> items_;
};

using HighestFirst = BoundHeap<std::greater<>>; // lower bounds: wake at or below
using LowestFirst = BoundHeap<std::less<>>;     // upper bounds and deadlines: wake at or above

} // namespace tocsin::rules
