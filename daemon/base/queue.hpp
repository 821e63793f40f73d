// Queue<T>: a bounded queue between threads: many may push, one pops. Full means that the pusher waits or is
// told; nothing is ever dropped here. close() wakes all who wait.
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace tocsin {

template <class T> class Queue {
public:
    /// Requires: capacity > 0.
    explicit Queue(std::size_t capacity) : capacity_{capacity} {}
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// False if the queue is full or closed; `value` is then untouched.
    bool try_push(T& value) {
        {
            const std::lock_guard lock{mutex_};
            if (closed_ || items_.size() >= capacity_) return false;
            items_.push_back(std::move(value));
        }
        filled_.notify_one();
        return true;
    }

    /// Waits for room. False if the queue was closed meanwhile.
    bool push(T value) {
        {
            std::unique_lock lock{mutex_};
            drained_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
            if (closed_) return false;
            items_.push_back(std::move(value));
        }
        filled_.notify_one();
        return true;
    }

    /// Takes all that is there, waiting for the first. Empty only once the queue is closed and drained.
    std::deque<T> pop_all() {
        std::deque<T> taken;
        {
            std::unique_lock lock{mutex_};
            filled_.wait(lock, [&] { return closed_ || !items_.empty(); });
            taken.swap(items_);
        }
        drained_.notify_all();
        return taken;
    }

    void close() {
        {
            const std::lock_guard lock{mutex_};
            closed_ = true;
        }
        filled_.notify_all();
        drained_.notify_all();
    }

    std::size_t size() const {
        const std::lock_guard lock{mutex_};
        return items_.size();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable filled_, drained_;
    std::deque<T> items_;
    std::size_t capacity_;
    bool closed_ = false;
};

} // namespace tocsin
