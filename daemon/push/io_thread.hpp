// IoThread: one thread of the server with its io_context and its connections. Made and joined by the server;
// what is not said to be for any thread is for its own thread. Includes Asio.
#pragma once
#include "push/connection.hpp"
#include "push/protocol.hpp"
#include "push/server.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <optional>
#include <set>
#include <thread>

namespace tocsin::push {

class IoThread {
public:
    IoThread(const ServerOptions& options, const Sources& sources, Metrics& metrics);
    /// Requires: stopped, or never started.
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    // Any thread.
    boost::asio::io_context& context() { return context_; }
    void start();
    void published();
    void adopt(boost::asio::ip::tcp::socket socket);
    void stop(); // begins to; join() waits
    void join();

    // For its connections.
    const ServerOptions& options() const { return options_; }
    const Sources& sources() const { return sources_; }
    Metrics& metrics() { return metrics_; }
    bool stopping() const { return stopping_; }
    Protocol::Context protocol_context() { return {sources_.log, sources_.catalogue, reader_, metrics_}; }
    std::vector<Frame>& scratch() { return scratch_; }
    void add(Connection& connection);
    void remove(Connection& connection);
    /// The state of the rules; nothing if whoever decides does not answer in time.
    boost::asio::awaitable<std::optional<std::vector<RuleStatus>>> ask_rules();

private:
    struct Question;
    /// The way in for answers, which may come when the thread is gone.
    struct Door {
        std::mutex mutex;
        boost::asio::io_context* context = nullptr; // null: gone
    };

    std::shared_ptr<Question> ask();
    boost::asio::awaitable<void> beat();
    void run();
    void end_if_empty();

    const ServerOptions& options_;
    const Sources& sources_;
    Metrics& metrics_;
    MessageReader reader_;
    std::vector<Frame> scratch_; // between collecting and encoding, never across a wait
    std::set<Connection*> connections_;
    std::set<Question*> questions_; // not answered yet
    std::atomic<bool> news_posted_ = false;
    bool stopping_ = false;
    const std::shared_ptr<Door> door_ = std::make_shared<Door>();
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
    boost::asio::steady_timer heartbeat_{context_}, patience_{context_};
    bool alive_ = true; // false while destroyed: what the context still held must not touch the timers
    std::thread thread_;
};

} // namespace tocsin::push
