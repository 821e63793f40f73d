// Ahead: a file that a thread of its own reads and decodes ahead of whoever pulls it, so that a replay has
// the second core to decide on. What comes out is what the file alone would give, in its order, rejects at
// their place; only sooner. Up to three batches of events are in memory. Two threads: `next`, `line` and
// `counters` are the puller's, and there the sink is called.
#pragma once
#include "feed/file.hpp"
#include "feed/source.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace tocsin::feed {

class Ahead final : public Source {
public:
    explicit Ahead(RejectSink sink) : sink_{std::move(sink)} {}
    /// Ends the thread, which is at most one batch away.
    ~Ahead() override;
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;

    /// For FileFeed::open, in the place of the sink that was given here.
    RejectSink sink();
    /// From here on `file` is the thread's, until this ends. Requires: a plain file, since who waits for a
    /// pipe cannot be stopped.
    void start(FileFeed& file);

    bool next(market::Event& out) override;
    std::uint64_t line() const override { return line_; }
    /// Of the file, at the end of the batch that is being pulled.
    const Counters& counters() const { return taken_.counters; }

private:
    struct Entry {
        market::Event event;
        std::uint64_t line = 0;
        std::size_t rejects = 0; // of the batch, that came before it
    };
    struct Batch {
        std::vector<Entry> entries;
        std::size_t used = 0; // of the entries, which are kept for their memory
        std::vector<Reject> rejects;
        Counters counters;
        bool last = false;
    };
    void fill(FileFeed& file, Batch& batch);
    void run(FileFeed& file);
    bool take();
    void hand_on_rejects(std::size_t until);

    const RejectSink sink_;
    Batch* filling_ = nullptr; // the thread's own
    Batch taken_;              // the puller's own
    std::size_t entry_ = 0, reject_ = 0;
    std::uint64_t line_ = 0;

    std::mutex mutex_; // guards the rest
    std::condition_variable changed_;
    std::optional<Batch> ready_, empty_; // on their way to the puller, and back
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace tocsin::feed
