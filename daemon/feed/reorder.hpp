// Reorder: puts the events of one file in order: time, then kind, then line. Those that come in order, nearly
// all, stand in a ring; stragglers in a heap beside it; the first of all is the smaller of the two heads.
// Grows as needed; whoever fills it bounds it. One thread.
#pragma once
#include "market/event.hpp"

#include <cstdint>
#include <vector>

namespace tocsin::feed {

class Reorder {
public:
    struct Held {
        market::Event event;
        std::uint64_t line = 0;
    };

    Reorder() : ring_(16) {}
    /// A place to fill; it counts once keep() is called. Lines ascend from one keep() to the next.
    Held& slot();
    void keep();

    bool empty() const { return size() == 0; }
    std::size_t size() const { return end_ - begin_ + stragglers_.size(); }
    /// Requires: not empty.
    const Held& first() const;
    void take_first(market::Event& event, std::uint64_t& line);

private:
    bool first_straggles() const;
    Held& at(std::size_t index) { return ring_[index & (ring_.size() - 1)]; }
    const Held& at(std::size_t index) const { return ring_[index & (ring_.size() - 1)]; }

    std::vector<Held> ring_; // a power of two long; holds [begin_, end_), indices run on
    std::size_t begin_ = 0, end_ = 0;
    std::vector<Held> stragglers_; // a heap
};

} // namespace tocsin::feed
