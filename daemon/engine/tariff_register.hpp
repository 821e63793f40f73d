// TariffRegister: which tariff events have come before, from which feeds and at which tier. Two are the same
// when measure, stage, imposer, target, scope, rate, effective and expires are equal (rules.md R22). Bounded
// by limits::tariff_events; the oldest is forgotten, and counted. A plain value.
#pragma once
#include "market/event.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

namespace tocsin::engine {

class TariffRegister {
public:
    struct Known {
        std::uint32_t prior_tier = 0;        // the highest before this event; 0: it is the first
        std::vector<market::FeedId> sources; // in the order in which they came, this one included
    };
    Known add(const market::Tariff& tariff, market::FeedId feed);
    std::uint64_t forgotten() const { return forgotten_; }

private:
    std::map<std::string, Known> known_; // prior_tier: the highest so far
    std::deque<std::string> order_;
    std::uint64_t forgotten_ = 0;
};

} // namespace tocsin::engine
