// Connection: one accepted socket, HTTP at first, a WebSocket after an upgrade. It belongs to one I/O thread
// and lives as long as its coroutines do.
#pragma once
#include "push/frames.hpp"

#include <boost/asio/ip/tcp.hpp>

namespace tocsin::push {

class IoThread;

class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    virtual ~Connection() = default;

    /// The log grew.
    virtual void news() = 0;
    virtual void heartbeat(const Frame& frame) = 0;
    /// The server stops: a WebSocket is closed with 1001, a request under way is answered.
    virtual void go_away() = 0;
};

void start_connection(boost::asio::ip::tcp::socket socket, IoThread& thread);

} // namespace tocsin::push
