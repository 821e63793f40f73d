// Subjects: the concurrent episodes of one rule and symbol that are told apart by what they are about (a
// tariff's measure). At most limits::subjects an instance: one more evicts the one unused for longest, which
// is counted; its cooldown is forgotten with it. A plain value: copying it is a snapshot. Instances without
// subjects cost nothing.
#pragma once
#include "rules/lifecycle.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tocsin::rules {

class Subjects {
public:
    /// The episode of that name, made if there is none. Valid until the next call.
    Lifecycle& of(std::uint32_t instance, std::string_view name);
    std::uint64_t evicted() const { return evicted_; }

private:
    struct Subject {
        Lifecycle life;
        std::uint64_t used = 0;
    };
    using Named = std::map<std::string, Subject, std::less<>>;
    std::map<std::uint32_t, Named> instances_;
    std::uint64_t uses_ = 0, evicted_ = 0;
};

} // namespace tocsin::rules
