// Client: follows a server's alerts over its WebSocket, for `tocsin tail`. It connects, subscribes, hands on
// what is news, and after a break connects again and resumes: after 250 ms, then twice as long each time, at
// most 30 s; a subscription that stood makes it begin from 250 ms again. Every wait has a deadline: 10 s to
// connect and for the first frame; then a server from which no whole frame came for three heartbeats (one
// second at least) is taken for dead.
#pragma once
#include "base/error.hpp"
#include "push/follower.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace tocsin::push {

struct StreamAddress {
    std::string host; // IPv6 without brackets
    std::uint16_t port = 8787;
    std::string path = "/v1/stream";
    /// As in a URL: `[::1]:8787`.
    std::string host_and_port() const;
};

/// `host`, `host:port`, or a URL of scheme http or ws; without a path it means /v1/stream. The error says
/// what is wrong, without the text itself.
Result<StreamAddress> parse_stream_url(std::string_view text);

struct ClientOptions {
    StreamAddress server;
    Following wanted;
    std::string name = "tocsin"; // User-Agent
};

class Client {
public:
    /// Both are called from run(): `news` with each frame that is for the user (an alert that was not seen
    /// yet, a gap, a reset), `trouble` with a line for people when a connection could not be had or kept.
    Client(ClientOptions options, std::function<void(const Received&)> news,
           std::function<void(const std::string&)> trouble);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Follows until stop(). An error means that the server refused, and would again: its status or code, and
    /// its words. Exceptions of the callbacks come through.
    Result<void> run();
    /// Ends run(), soon, or as soon as it begins. From any thread or a signal's handler.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace tocsin::push
