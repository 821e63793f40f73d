#include "store/memory_log.hpp"

#include "alert/json.hpp"

#include <algorithm>
#include <mutex>

namespace tocsin::store {

MemoryLog::MemoryLog(std::string epoch, std::size_t keep) : epoch_{std::move(epoch)}, keep_{keep} {}

std::uint64_t MemoryLog::head() const {
    const std::shared_lock lock{mutex_};
    return head_;
}

std::uint64_t MemoryLog::oldest() const {
    const std::shared_lock lock{mutex_};
    return head_ + 1 - entries_.size();
}

std::vector<EntryPtr> MemoryLog::read(std::uint64_t after, std::size_t most) const {
    const std::shared_lock lock{mutex_};
    if (after >= head_) return {};
    const std::uint64_t before_oldest = head_ - entries_.size();
    const std::size_t skip = static_cast<std::size_t>(std::max(after, before_oldest) - before_oldest);
    const std::size_t count = std::min(most, entries_.size() - skip);
    const auto begin = entries_.begin() + static_cast<std::ptrdiff_t>(skip);
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

std::vector<EntryPtr> MemoryLog::firing() const {
    std::vector<EntryPtr> found;
    {
        const std::shared_lock lock{mutex_};
        found.reserve(firing_.size());
        for (const auto& [id, entry] : firing_) found.push_back(entry);
    }
    std::sort(found.begin(), found.end(),
              [](const EntryPtr& a, const EntryPtr& b) { return a->alert.seq < b->alert.seq; });
    return found;
}

void MemoryLog::append(std::vector<alert::Alert> alerts, std::optional<Time> emitted) {
    std::vector<EntryPtr> made;
    made.reserve(alerts.size());
    std::uint64_t seq = head(); // only this thread moves it
    for (alert::Alert& alert : alerts) {
        alert.seq = ++seq;
        std::string json = alert::to_json(alert, emitted);
        made.push_back(std::make_shared<const Entry>(Entry{std::move(alert), std::move(json)}));
    }
    std::vector<EntryPtr> dropped; // freed after the lock is
    const std::unique_lock lock{mutex_};
    for (EntryPtr& entry : made) {
        switch (entry->alert.state) {
        case alert::State::firing:
            firing_[entry->alert.id] = entry;
            break;
        case alert::State::resolved:
        case alert::State::retracted:
            firing_.erase(entry->alert.id);
            break;
        case alert::State::event:
        case alert::State::amended:
            break;
        }
        entries_.push_back(std::move(entry));
    }
    for (; entries_.size() > keep_; entries_.pop_front()) dropped.push_back(std::move(entries_.front()));
    head_ = seq;
}

} // namespace tocsin::store
