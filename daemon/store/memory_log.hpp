// MemoryLog: the alert log in memory, the newest `keep` alerts of one life of the process. Appended to by one
// thread, read by any number; a read copies shared pointers under a shared lock and nothing else. Beside the
// ring it keeps the newest transition of each episode that is firing, however old: bounded by live episodes,
// not by `keep`.
#pragma once
#include "store/alert_log.hpp"

#include <deque>
#include <map>
#include <shared_mutex>

namespace tocsin::store {

class MemoryLog final : public AlertLog {
public:
    /// Requires: keep > 0.
    MemoryLog(std::string epoch, std::size_t keep);

    const std::string& epoch() const override { return epoch_; }
    std::uint64_t head() const override;
    std::uint64_t oldest() const override;
    std::vector<EntryPtr> read(std::uint64_t after, std::size_t most) const override;
    std::vector<EntryPtr> firing() const override;
    void append(std::vector<alert::Alert> alerts, std::optional<Time> emitted) override;

private:
    const std::string epoch_;
    const std::size_t keep_;
    mutable std::shared_mutex mutex_; // guards all below; the bytes are made outside of it
    std::deque<EntryPtr> entries_;    // seq head_ - size + 1 … head_
    std::map<std::string, EntryPtr, std::less<>> firing_; // by the episode's id
    std::uint64_t head_ = 0;
};

} // namespace tocsin::store
