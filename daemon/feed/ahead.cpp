#include "feed/ahead.hpp"

#include <csignal>

namespace tocsin::feed {
namespace {

constexpr std::size_t batch_events = 1024;

} // namespace

Ahead::~Ahead() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

RejectSink Ahead::sink() {
    return [this](const Reject& reject) { filling_->rejects.push_back(reject); };
}

void Ahead::start(FileFeed& file) {
    sigset_t all, before; // signals are for the thread that waits for them
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread{[this, &file] { run(file); }};
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Ahead::run(FileFeed& file) {
    Batch batch;
    while (!batch.last) {
        fill(file, batch);
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return stopping_ || !ready_; });
        if (stopping_) return;
        const bool last = batch.last;
        ready_ = std::move(batch);
        batch = empty_ ? std::move(*empty_) : Batch{};
        empty_.reset();
        batch.last = last;
        lock.unlock();
        changed_.notify_all();
    }
}

void Ahead::fill(FileFeed& file, Batch& batch) {
    filling_ = &batch;
    batch.used = 0;
    batch.rejects.clear();
    batch.entries.resize(batch_events);
    while (batch.used < batch_events && !batch.last) {
        Entry& entry = batch.entries[batch.used];
        batch.last = !file.next(entry.event);
        entry.line = file.line(), entry.rejects = batch.rejects.size();
        if (!batch.last) ++batch.used;
    }
    batch.counters = file.counters();
}

/// The next batch. False: there is none any more.
bool Ahead::take() {
    if (taken_.last) return false;
    std::unique_lock lock{mutex_};
    if (!taken_.entries.empty()) empty_ = std::move(taken_);
    changed_.wait(lock, [&] { return ready_.has_value(); });
    taken_ = std::move(*ready_);
    ready_.reset();
    lock.unlock();
    changed_.notify_all();
    entry_ = reject_ = 0;
    return true;
}

bool Ahead::next(market::Event& out) {
    while (entry_ == taken_.used) {
        hand_on_rejects(taken_.rejects.size());
        if (!take()) return false;
    }
    Entry& entry = taken_.entries[entry_++];
    hand_on_rejects(entry.rejects);
    line_ = entry.line;
    std::swap(out, entry.event);
    return true;
}

void Ahead::hand_on_rejects(std::size_t until) {
    for (; reject_ < until; ++reject_)
        if (sink_) sink_(taken_.rejects[reject_]);
}

} // namespace tocsin::feed
