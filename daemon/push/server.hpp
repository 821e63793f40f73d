// Server: the stream and the HTTP endpoints on one port (contract sections 6 and 7). Each I/O thread has its
// own io_context and its own connections; one listener deals them out in turn. A subscriber is a cursor into
// the log: it costs no queue, however slow it is.
//
// open() binds, start() begins to answer. published() may be called by any thread, stop() by any but the
// server's own. The rest is for the owner. Time-outs: a request's head 10 s, then 408; an idle HTTP
// connection 60 s; a WebSocket is pinged and dropped after 60 s of silence; a peer that takes nothing for 60
// s is dropped.
#pragma once
#include "base/error.hpp"
#include "push/sources.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace tocsin::push {

struct ServerOptions {
    std::string host = "127.0.0.1"; // an address or `localhost`
    std::uint16_t port = 8787;      // 0: any that is free
    int io_threads = 1;
    std::chrono::milliseconds heartbeat{15'000};
    std::string server = "tocsin"; // as `hello` and the Server header name it: `tocsin 0.1.0`
};

class Server {
public:
    Server(ServerOptions options, Sources sources);
    /// Stops, if that was not done.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and listens; connections wait in the kernel until start(). Errors: an address that is in use,
    /// not allowed or not of this machine.
    Result<void> open();
    /// The port that was bound. Requires: open() succeeded.
    std::uint16_t port() const;
    /// Starts the I/O threads. Requires: open() succeeded.
    void start();
    /// The log grew. Cheap; a burst of calls is one wake-up a thread.
    void published();
    /// Closes the listener, then WebSockets with 1001 (going away), and waits for the threads; a peer that
    /// does not answer delays it by some seconds at most.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace tocsin::push
