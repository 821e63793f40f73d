// push_load PORT PATH CONNECTIONS COUNT STAMP [SUBSCRIBE]: subscribers of a WebSocket server, to load it and
// to see what they get. Opens so many connections, sends each the text SUBSCRIBE and waits for one that
// begins
// `{"type":"subscribed"`; then prints `ready`, and waits until each has had COUNT alerts, or nothing has come
// for ten seconds. Prints one line of JSON: alerts, seconds (from the first to the last), p50_ms, p99_ms
// (from the time in an alert's field STAMP to its arrival here), complete (connections that had them all),
// closed. One thread, epoll.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t read_bytes = 64 << 10;

struct Connection {
    int fd = -1;
    bool upgraded = false, ready = false;
    long alerts = 0;
    std::string in{}; // what is not yet a whole frame
};

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::exit(1);
}

void send_all(int fd, std::string_view bytes) { // short, and the socket is empty: it never waits
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        die("send");
}

/// A masked frame of up to 65,535 bytes. The key is 0: it hides nothing, and need not here.
void send_frame(int fd, unsigned opcode, std::string_view payload) {
    std::string out(1, static_cast<char>(0x80 | opcode));
    if (payload.size() < 126) {
        out += static_cast<char>(0x80 | payload.size());
    } else {
        out += static_cast<char>(0x80 | 126);
        out += static_cast<char>(payload.size() >> 8), out += static_cast<char>(payload.size() & 0xff);
    }
    out.append(4, '\0').append(payload);
    send_all(fd, out);
}

/// Nanoseconds since 1970 of the first `"KEY":"2025-04-03T00:00:00.123456789Z"`; 0 if there is none.
std::int64_t stamp(std::string_view frame, std::string_view key) {
    const auto at = frame.find(key);
    if (at == std::string_view::npos) return 0;
    const std::string text{frame.substr(at + key.size(), 32)};
    std::tm day{};
    const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &day);
    if (rest == nullptr) return 0;
    std::int64_t nanos = 0, scale = 100'000'000;
    if (*rest == '.')
        for (++rest; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) nanos += (*rest - '0') * scale;
    return std::int64_t{::timegm(&day)} * 1'000'000'000 + nanos;
}

std::int64_t wall() {
    return std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count();
}

class Load {
public:
    Load(int port, std::string path, int connections, long count, const std::string& stamp,
         std::string subscribe)
        : port_{port}, path_{std::move(path)}, count_{count}, stamp_{'"' + stamp + "\":\""},
          subscribe_{std::move(subscribe)},
          all_(static_cast<std::size_t>(connections)), epoll_{::epoll_create1(0)} {}

    void run() {
        for (auto& one : all_) {
            open(one);
            poll(0); // the server's answers do not pile up
        }
        while (ready_ + closed_ < all_.size()) poll(1000);
        std::puts("ready");
        std::fflush(stdout);
        last_ = Clock::now();
        while (complete_ + closed_ < all_.size() && Clock::now() - last_ < std::chrono::seconds{10})
            poll(1000);
        report();
    }

private:
    void open(Connection& one) {
        one.fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET, to.sin_port = htons(static_cast<std::uint16_t>(port_));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const void* const plain = &to;
        if (::connect(one.fd, static_cast<const sockaddr*>(plain), sizeof to) != 0) die("connect");
        const int on = 1;
        ::setsockopt(one.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        send_all(one.fd, "GET " + path_ + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                             "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        epoll_event event{};
        event.events = EPOLLIN, event.data.ptr = &one;
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, one.fd, &event);
    }

    void poll(int milliseconds) {
        std::array<epoll_event, 256> events{};
        const int n = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
        for (int i = 0; i < n; ++i)
            read(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
    }

    void read(Connection& one) {
        const ssize_t got = ::recv(one.fd, buffer_.data(), buffer_.size(), 0);
        if (got <= 0) {
            if (one.alerts < count_) ++closed_;
            ::close(one.fd);
            return;
        }
        const auto now = wall();
        std::string_view bytes{buffer_.data(), static_cast<std::size_t>(got)};
        if (!one.in.empty()) bytes = one.in.append(bytes);
        const std::size_t used = take(one, bytes, now);
        one.in = std::string{bytes.substr(used)};
    }

    std::size_t take(Connection& one, std::string_view bytes, std::int64_t now) {
        std::size_t at = 0;
        if (!one.upgraded) {
            const auto end = bytes.find("\r\n\r\n");
            if (end == std::string_view::npos) return 0;
            at = end + 4;
            one.upgraded = true;
            if (subscribe_.empty())
                one.ready = true, ++ready_;
            else
                send_frame(one.fd, 1, subscribe_);
        }
        while (bytes.size() - at >= 2) {
            std::size_t size = static_cast<unsigned char>(bytes[at + 1]), head = 2;
            if (size >= 126) {
                head = size == 126 ? 4 : 10;
                if (bytes.size() - at < head) break;
                size = 0;
                for (std::size_t i = 2; i < head; ++i)
                    size = size << 8 | static_cast<unsigned char>(bytes[at + i]);
            }
            if (bytes.size() - at < head + size) break;
            frame(one, static_cast<unsigned char>(bytes[at]) & 0x0f, bytes.substr(at + head, size), now);
            at += head + size;
        }
        return at;
    }

    void frame(Connection& one, unsigned opcode, std::string_view payload, std::int64_t now) {
        if (opcode == 9) return send_frame(one.fd, 10, payload);
        if (opcode != 1) return;
        if (payload.substr(0, 20) == "{\"type\":\"subscribed\"" && !one.ready) one.ready = true, ++ready_;
        if (payload.substr(0, 15) != "{\"type\":\"alert\"") return;
        last_ = Clock::now();
        if (alerts_++ == 0) first_ = last_;
        if (++one.alerts == count_) ++complete_;
        // Alerts of one batch have nearly the same age; one in eight is enough to sort.
        if (alerts_ % 8 == 0)
            if (const auto sent = stamp(payload, stamp_); sent != 0) ages_.push_back(now - sent);
    }

    void report() {
        std::sort(ages_.begin(), ages_.end());
        const auto age = [&](std::size_t percent) {
            return ages_.empty() ? 0.0 : static_cast<double>(ages_[(ages_.size() - 1) * percent / 100]) / 1e6;
        };
        std::printf("{\"alerts\":%ld,\"seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"complete\":%zu,"
                    "\"closed\":%zu}\n",
                    alerts_, std::chrono::duration<double>(last_ - first_).count(), age(50), age(99),
                    complete_, closed_);
    }

    const int port_;
    const std::string path_;
    const long count_;
    const std::string stamp_; // `"emitted":"`
    const std::string subscribe_;
    std::vector<Connection> all_;
    const int epoll_;
    std::vector<char> buffer_ = std::vector<char>(read_bytes);
    std::size_t ready_ = 0, complete_ = 0, closed_ = 0;
    long alerts_ = 0;
    Clock::time_point first_{}, last_{};
    std::vector<std::int64_t> ages_;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 6) {
        std::fputs("push_load PORT PATH CONNECTIONS COUNT STAMP [SUBSCRIBE]\n", stderr);
        return 2;
    }
    Load{std::atoi(argv[1]), argv[2], std::atoi(argv[3]),
         std::atol(argv[4]), argv[5], argc > 6 ? argv[6] : ""}
        .run();
}
