// Merge: one order out of several sources: event time, then kind, then the order of the configuration
// (Event::feed), then line. It holds a head of each source and gives the smallest, so the result cannot
// depend on which is faster. No clock, no thread, nothing but comparisons; a look at every head for each
// change of source, which is little for the few feeds that anyone has.
#pragma once
#include "feed/source.hpp"

#include <vector>

namespace tocsin::feed {

class Merge {
public:
    /// Borrows the sources. Requires: each gives its events in order, with an Event::feed of its own.
    explicit Merge(const std::vector<Source*>& sources);
    /// False when all have ended.
    bool next(market::Event& out);
    /// Of the event that next() gave last; its feed is Event::feed.
    std::uint64_t line() const { return line_; }

private:
    struct Head {
        Source* source;
        market::Event event;
        std::uint64_t line;
    };
    static bool before(const Head& a, const Head& b);
    void choose();

    std::vector<Head> heads_; // of those that have not ended
    std::size_t first_ = 0;   // the smallest
    std::size_t second_ = 0;  // the smallest of the others; first_ if there is no other
    std::uint64_t line_ = 0;
};

} // namespace tocsin::feed
