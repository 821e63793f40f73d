// Serving: the alert log, the push server and what the server is told of feeds and rules, tied together. The
// deciding thread hands alerts to publish(), which makes them visible; the server's threads read. Used by
// `serve` and by `replay --serve`.
#pragma once
#include "alert/alert.hpp"
#include "base/error.hpp"
#include "engine/pipeline.hpp"
#include "engine/setup.hpp"
#include "feed/reject.hpp"
#include "push/status.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tocsin::engine {

/// A feed as GET /v1/feeds and heartbeats show it. `newest`: event time, Time::min() if none came.
push::FeedStatus feed_status(const config::Feed& feed, push::FeedState state, const feed::Counters& counters,
                             Time newest);

class Serving {
public:
    /// Binds the configured address; connections wait until start(). Errors: it is taken. Requires: setup
    /// outlives it.
    static Result<std::unique_ptr<Serving>> open(const Setup& setup, const std::string& server_name);
    ~Serving();
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    void start();
    /// Closes the subscribers and the listener.
    void stop();
    /// `127.0.0.1:8787`, with the port that was bound.
    std::string address() const;

    // Deciding thread:
    /// Alerts of the history: numbered and held, but live for nobody.
    void record(std::vector<alert::Alert> alerts);
    /// Numbers the alerts, makes them visible, wakes the subscribers; answers what was asked meanwhile.
    void publish(const Pipeline& pipeline, std::vector<alert::Alert> alerts);
    void set_feeds(std::vector<push::FeedStatus> feeds);
    void set_queue(std::size_t waiting);
    std::uint64_t head() const;

    /// Any thread: called when somebody asks for what only the deciding thread can answer, so that it can be
    /// woken.
    void on_question(std::function<void()> wake);

private:
    struct Impl;
    explicit Serving(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace tocsin::engine
