// Source: events that are pulled, in the order of contract section 2 (time, then kind, then line).
#pragma once
#include "market/event.hpp"

#include <cstdint>

namespace tocsin::feed {

class Source {
public:
    virtual ~Source() = default;
    /// False at the end, and ever after; `out` is then unspecified.
    virtual bool next(market::Event& out) = 0;
    /// Of the event that next() gave last.
    virtual std::uint64_t line() const = 0;
};

} // namespace tocsin::feed
