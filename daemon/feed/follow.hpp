// FollowFeed: a file that is read on as it grows, like `tail -F`. What it holds when it is opened is history,
// pulled like any file's; from start() on, what it gains is live, line by line, under the rules of live
// feeds.
//
// A line counts once its LF is there. Where another file takes the name, the one before is read to its end,
// and the new one from its first line (a CSV file has a header of its own); not before the new one has bytes,
// for the writer may still be at the old one. A file that gets shorter is read from its start again. A file
// that is not there is waited for. What is put in place of text, or grows beyond its old size before it is
// looked at, cannot be told from growth.
//
// It looks every `look_every`, by a timer: one stat and one read. inotify would need a watch each for the
// folder, for the file and for what a link points to, misses folders that are made later and files on network
// file systems, and would have to look all the same when its queue overflows.
//
// Threads: history() on its caller's until start(); then everything runs on the executor given, which must be
// one thread's, and so do the sinks; counters(), state(), stop() from any thread.
#pragma once
#include "feed/file.hpp"
#include "feed/intake.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>

namespace tocsin::feed {

class FollowFeed {
public:
    /// Short beside what a person notices.
    static constexpr std::chrono::milliseconds look_every{100};

    enum class State { waiting, reading, failed };

    /// Errors: those of FileFeed::open, but for a file that is not there. Borrows `symbols`. Requires:
    /// feed.file, of one plain file.
    static Result<std::unique_ptr<FollowFeed>> open(const config::Feed& feed, market::FeedId id,
                                                    const market::SymbolTable& symbols, RejectSink sink,
                                                    TryPush try_push, Clock now,
                                                    boost::asio::any_io_executor executor);
    /// As stop(). Requires: the execution context is still there.
    ~FollowFeed();
    FollowFeed(const FollowFeed&) = delete;
    FollowFeed& operator=(const FollowFeed&) = delete;

    FileFeed& history();
    /// Live from now on. Requires: history() has ended, without an error.
    void start();
    /// Of history and what came live.
    Counters counters() const;
    /// `failed`: what has the name cannot be read, which is logged; it is looked at again once it is another.
    State state() const;
    /// What was not handed on by then is dropped. Done when the context runs out of work.
    void stop();

private:
    struct Follower;
    explicit FollowFeed(std::shared_ptr<Follower> follower);
    std::shared_ptr<Follower> follower_;
};

} // namespace tocsin::feed
