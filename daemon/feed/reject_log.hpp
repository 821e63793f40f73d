// RejectLog: tells people of rejects, without drowning them: of each feed and reason the first few, then the
// 10th, 100th, 1000th … A line reads
//   feeds/n225.csv:17: rejected (price_not_positive): price is -3 [feed nikkei-daily]
// Counts, no clock: the same rejects say the same. Any thread.
#pragma once
#include "feed/reject.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace tocsin::feed {

class RejectLog {
public:
    static constexpr std::uint64_t at_once = 5;
    /// `feeds` are the names by FeedId. `write` takes a line without its end, under a lock.
    RejectLog(std::vector<std::string> feeds, std::function<void(std::string_view)> write);
    void add(const Reject& reject);

private:
    const std::vector<std::string> feeds_;
    const std::function<void(std::string_view)> write_;
    std::mutex mutex_;
    std::map<std::pair<market::FeedId, RejectReason>, std::uint64_t> counts_;
};

} // namespace tocsin::feed
