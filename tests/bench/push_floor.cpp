// push_floor PORT LINES_PORT: the least that a server must do to push to many, to hold tocsin against. Each
// line that comes to LINES_PORT becomes one WebSocket text frame in a log that all subscribers share; a
// subscriber is a place in it, and gets all that is due in one write. No subscriptions, no filters, no
// heartbeats, and no check of a handshake. One thread, epoll. A subscriber that falls 256 MiB behind ends it.
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t log_bytes = 256 << 20;

struct Peer {
    int fd = -1;
    bool listens = false, brings_lines = false, subscribed = false, blocked = false;
    std::uint64_t at = 0; // in the log, of the next byte to send
    std::string in{};
};

std::vector<char> ring(log_bytes);
std::uint64_t head = 0;
std::deque<Peer> peers; // never moved
std::vector<Peer*> subscribers;
int epoll = -1;

void watch(Peer& peer, int how, std::uint32_t what) {
    epoll_event event{};
    event.events = what, event.data.ptr = &peer;
    ::epoll_ctl(epoll, how, peer.fd, &event);
}

void listen_on(const char* port, bool brings_lines) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET, at.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void* const plain = &at;
    if (::bind(fd, static_cast<const sockaddr*>(plain), sizeof at) != 0 || ::listen(fd, 4096) != 0) {
        std::perror("listen");
        std::exit(1);
    }
    Peer& peer = peers.emplace_back();
    peer.fd = fd, peer.listens = true, peer.brings_lines = brings_lines;
    watch(peer, EPOLL_CTL_ADD, EPOLLIN);
}

void push(Peer& peer) {
    while (peer.at < head) {
        const std::size_t from = peer.at % log_bytes;
        const std::size_t size = std::min<std::uint64_t>(head - peer.at, log_bytes - from);
        const ssize_t sent = ::send(peer.fd, ring.data() + from, size, MSG_NOSIGNAL);
        if (sent < 0) {
            if (errno == EAGAIN && !peer.blocked)
                watch(peer, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT), peer.blocked = true;
            return;
        }
        peer.at += static_cast<std::uint64_t>(sent);
    }
    if (peer.blocked) watch(peer, EPOLL_CTL_MOD, EPOLLIN), peer.blocked = false;
}

void append(std::string_view bytes) {
    for (const char c : bytes) ring[head++ % log_bytes] = c;
}

void take_lines(Peer& peer) {
    std::size_t begin = 0;
    for (auto end = peer.in.find('\n'); end != std::string::npos;
         begin = end + 1, end = peer.in.find('\n', begin)) {
        const std::size_t size = end - begin; // 126 to 65,535 bytes, as alerts are
        const std::array<char, 4> frame{static_cast<char>(0x81), 126, static_cast<char>(size >> 8),
                                        static_cast<char>(size & 0xff)};
        append({frame.data(), frame.size()});
        append(std::string_view{peer.in}.substr(begin, size));
    }
    peer.in.erase(0, begin);
    for (Peer* const subscriber : subscribers) {
        if (head - subscriber->at > log_bytes) std::exit(1);
        if (!subscriber->blocked) push(*subscriber);
    }
}

void read(Peer& peer) {
    static std::array<char, 256 << 10> buffer;
    const ssize_t got = ::recv(peer.fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        std::erase(subscribers, &peer);
        ::close(peer.fd);
        return;
    }
    if (peer.subscribed) return; // pongs
    peer.in.append(buffer.data(), static_cast<std::size_t>(got));
    if (peer.brings_lines) return take_lines(peer);
    if (peer.in.find("\r\n\r\n") == std::string::npos) return;
    constexpr std::string_view answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    if (::send(peer.fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
    peer.subscribed = true, peer.at = head;
    subscribers.push_back(&peer);
}

void accept_all(Peer& listener) {
    for (int fd = 0; (fd = ::accept4(listener.fd, nullptr, nullptr, SOCK_NONBLOCK)) >= 0;) {
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Peer& peer = peers.emplace_back();
        peer.fd = fd, peer.brings_lines = listener.brings_lines;
        watch(peer, EPOLL_CTL_ADD, EPOLLIN);
    }
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("push_floor PORT LINES_PORT\n", stderr);
        return 2;
    }
    epoll = ::epoll_create1(0);
    listen_on(argv[1], false), listen_on(argv[2], true);
    for (std::array<epoll_event, 256> events{};;) {
        const int n = ::epoll_wait(epoll, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < n; ++i) {
            const epoll_event& event = events[static_cast<std::size_t>(i)];
            Peer& peer = *static_cast<Peer*>(event.data.ptr);
            if (peer.listens)
                accept_all(peer);
            else if ((event.events & EPOLLIN) != 0)
                read(peer);
            if (!peer.listens && (event.events & EPOLLOUT) != 0) push(peer);
        }
    }
}
