#include "feed/reject_log.hpp"

namespace tocsin::feed {
namespace {

bool is_power_of_ten(std::uint64_t count) {
    while (count >= 10 && count % 10 == 0) count /= 10;
    return count == 1;
}

} // namespace

RejectLog::RejectLog(std::vector<std::string> feeds, std::function<void(std::string_view)> write)
    : feeds_{std::move(feeds)}, write_{std::move(write)} {}

void RejectLog::add(const Reject& reject) {
    const std::lock_guard lock{mutex_};
    const std::uint64_t count = ++counts_[{reject.feed, reject.reason}];
    if (count > at_once && !is_power_of_ten(count)) return;
    const std::string reason{name(reject.reason)};
    std::string line = reject.file + ":" + std::to_string(reject.line) + ": rejected (" + reason +
                       "): " + reject.detail + " [feed " + feeds_.at(reject.feed) + "]";
    if (count > at_once)
        line += ", number " + std::to_string(count) + " of its kind";
    else if (count == at_once)
        line += "; of more, only the 10th, 100th … are told";
    write_(line);
}

} // namespace tocsin::feed
