// TcpFeed: listens on a loopback address; each connection sends NDJSON. Lines are decoded on the I/O thread
// and handed on in the order of arrival. Where the queue is full, reading stops until there is room, and TCP
// pushes back on the sender. A last line without LF counts when the peer closes. Threads: everything runs on
// the executor given, which must be one thread's (or a strand), and so do the sinks; counters() and stop()
// may be called from any thread.
#pragma once
#include "base/error.hpp"
#include "feed/intake.hpp"
#include "market/symbol.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <memory>

namespace tocsin::feed {

class TcpFeed {
public:
    /// Listens from now on. Errors, at the feed's place in the configuration: no address, one that is not
    /// loopback, a port that is taken, a max_ahead that is not in clock time. Borrows `symbols`. Requires:
    /// feed.tcp.
    static Result<std::unique_ptr<TcpFeed>> open(const config::Feed& feed, market::FeedId id,
                                                 const market::SymbolTable& symbols, RejectSink sink,
                                                 TryPush try_push, Clock now,
                                                 boost::asio::any_io_executor executor);
    /// As stop(). Requires: the execution context is still there.
    ~TcpFeed();
    TcpFeed(const TcpFeed&) = delete;
    TcpFeed& operator=(const TcpFeed&) = delete;

    /// The one it listens on, where 0 was asked for.
    std::uint16_t port() const;
    Counters counters() const;
    std::size_t connections() const;
    /// Connections closed at once, for there were limits::feed_connections already.
    std::uint64_t refused() const;
    /// Closes listener and connections; what was not handed on by then is dropped. Done when the context runs
    /// out of work.
    void stop();

private:
    struct State;
    explicit TcpFeed(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;
};

} // namespace tocsin::feed
