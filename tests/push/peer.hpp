// Peer: the other side of a connection, at the level of bytes and blocking, so that what the server writes is
// checked by code that shares nothing with it. Every wait has a deadline, after which the test fails.
#pragma once
#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <cstdint>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace tocsin::push {

class Peer {
public:
    /// `receive_buffer` bounds what the kernel takes in for a peer that does not read.
    explicit Peer(std::uint16_t port, int receive_buffer = 0)
        : port_{port}, socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        if (receive_buffer != 0)
            ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const void* plain = &address;
        if (::connect(socket_, static_cast<const sockaddr*>(plain), sizeof address) != 0)
            throw std::runtime_error{"no connection"};
    }
    ~Peer() { ::close(socket_); }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) throw std::runtime_error{"cannot send"};
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    std::string host() const { return "127.0.0.1:" + std::to_string(port_); }

    // ---- HTTP

    struct Answer {
        int status = 0;
        std::string head, body; // the head as it came
        std::string field(const std::string& name) const {
            const std::size_t at = head.find("\r\n" + name + ": ");
            if (at == std::string::npos) return {};
            const std::size_t begin = at + name.size() + 4;
            return head.substr(begin, head.find("\r\n", begin) - begin);
        }
    };
    Answer request(const std::string& line, const std::string& fields = {}) {
        send(line + " HTTP/1.1\r\nHost: " + host() + "\r\n" + fields + "\r\n");
        return answer(line.starts_with("HEAD"));
    }
    Answer answer(bool without_body = false) {
        bytes_.erase(0, taken_);
        taken_ = 0;
        while (bytes_.find("\r\n\r\n") == std::string::npos) fill();
        Answer answer;
        answer.head = take(bytes_.find("\r\n\r\n") + 4);
        answer.status = std::stoi(answer.head.substr(9, 3));
        const std::string length = answer.field("Content-Length");
        if (!length.empty() && !without_body) answer.body = take(std::stoul(length));
        return answer;
    }
    /// Whether the other side ends the connection, with nothing more to say.
    bool ends() {
        try {
            while (true) fill();
        } catch (const Ended&) {
            return taken_ == bytes_.size();
        }
    }

    // ---- WebSocket

    Answer upgrade(const std::string& more = {}) {
        return request("GET /v1/stream",
                       "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                           more);
    }
    /// A stream that said hello.
    static void open(Peer& peer) {
        REQUIRE(peer.upgrade().status == 101);
        REQUIRE(peer.text().starts_with(R"({"type":"hello",)"));
    }

    void send_frame(int opcode, std::string_view payload, bool final = true) {
        std::string out(1, static_cast<char>((final ? 0x80 : 0) | opcode));
        const char key[] = {1, 2, 3, 4};
        const auto length = payload.size();
        out += static_cast<char>(0x80 | (length < 126 ? length : length < 0x10000 ? 126 : 127));
        if (length >= 126)
            for (int shift = length < 0x10000 ? 8 : 56; shift >= 0; shift -= 8)
                out += static_cast<char>(length >> shift & 0xff);
        out.append(key, 4);
        for (std::size_t i = 0; i < length; ++i) out += static_cast<char>(payload[i] ^ key[i % 4]);
        send(out);
    }
    void say(std::string_view text) { send_frame(1, text); }

    struct Frame {
        int opcode = 0;
        std::string payload;
    };
    /// The next frame; pings of the server's are answered and passed over.
    Frame frame() {
        for (;;) {
            const std::string begin = take(2);
            const auto second = static_cast<unsigned char>(begin[1]);
            std::size_t length = second;
            if (second >= 126) {
                length = 0;
                for (const char c : take(second == 126 ? 2 : 8))
                    length = length << 8 | static_cast<unsigned char>(c);
            }
            Frame next{static_cast<unsigned char>(begin[0]) & 0x7f, take(length)};
            if (next.opcode != 9) return next;
            send_frame(10, next.payload);
        }
    }
    /// The next text message.
    std::string text() {
        Frame next = frame();
        if (next.opcode != 1) throw std::runtime_error{"no text but opcode " + std::to_string(next.opcode)};
        return std::move(next.payload);
    }
    /// The next text message that begins so; others are passed over.
    std::string text(std::string_view begin) {
        std::string next;
        do next = text();
        while (!next.starts_with(begin));
        return next;
    }
    /// The code of the close frame that comes next, beside texts.
    int close_code() {
        Frame next = frame();
        while (next.opcode == 1) next = frame();
        if (next.opcode != 8 || next.payload.size() < 2) throw std::runtime_error{"no close"};
        return static_cast<unsigned char>(next.payload[0]) << 8 | static_cast<unsigned char>(next.payload[1]);
    }

private:
    struct Ended : std::runtime_error {
        Ended() : std::runtime_error{"the other side ended the connection"} {}
    };
    static constexpr int patience_ms = 20'000;

    void fill() {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, patience_ms) != 1) throw std::runtime_error{"nothing came in time"};
        char part[65'536];
        const auto got = ::recv(socket_, part, sizeof part, 0);
        if (got <= 0) throw Ended{};
        bytes_.append(part, static_cast<std::size_t>(got));
    }
    std::string take(std::size_t count) {
        while (bytes_.size() - taken_ < count) {
            bytes_.erase(0, taken_);
            taken_ = 0;
            fill();
        }
        std::string taken = bytes_.substr(taken_, count);
        taken_ += count;
        if (taken_ == bytes_.size()) {
            bytes_.clear();
            taken_ = 0;
        }
        return taken;
    }

    std::uint16_t port_;
    int socket_;
    std::string bytes_;
    std::size_t taken_ = 0; // of bytes_, from the front
};

} // namespace tocsin::push
