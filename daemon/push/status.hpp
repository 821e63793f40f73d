// Status: what the daemon says of its feeds and rules when asked (GET /v1/feeds, GET /v1/rules, heartbeats).
// Plain values, filled by engine/; push never sees rules/ or feed/.
#pragma once
#include "alert/alert.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tocsin/time.hpp>
#include <vector>

namespace tocsin::push {

enum class FeedState : std::uint8_t { waiting, reading, live, ended, failed };
std::string_view name(FeedState state);

struct FeedStatus {
    std::string name;
    FeedState state = FeedState::waiting;
    std::uint64_t events = 0;                       // accepted
    std::uint64_t rejected = 0;                     // in all
    std::map<std::string, std::uint64_t> by_reason; // of those rejected
    Time newest = Time::min();                      // event time; min: none came
};

/// One comparison that a rule makes, with how far it is from coming true.
struct Distance {
    std::string what;       // `price`, `points`
    alert::Value value;     // as it is now; absent while unknown
    alert::Value threshold; // what it is held against
    alert::Value margin;    // signed, in the unit of `what`; what is missing to the threshold
    std::string op;         // `<=`, `>=`, `<`, `>`
};

enum class InstanceState : std::uint8_t { armed, pending, firing, held, warmup };
std::string_view name(InstanceState state);

/// A rule applied to one symbol and subject.
struct InstanceStatus {
    std::string symbol, subject; // empty: none
    InstanceState state = InstanceState::armed;
    std::optional<alert::Value> level;       // the one that is active
    std::string reason;                      // why it is in that state, for people; may be empty
    std::optional<std::uint64_t> have, need; // of a warm-up
    std::vector<Distance> distance;
};

struct RuleStatus {
    std::string name, type;
    alert::Severity severity = alert::Severity::warning;
    bool enabled = true;
    std::map<std::string, std::string> labels;
    std::vector<InstanceStatus> instances;
};

/// `{"rules":[…]}`.
std::string rules_json(const std::vector<RuleStatus>& rules);
/// `{"evaluated_through":…,"feeds":[…]}`; the time is null if nothing was evaluated (Time::min()).
std::string feeds_json(Time evaluated_through, const std::vector<FeedStatus>& feeds);

} // namespace tocsin::push
