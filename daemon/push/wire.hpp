// Wire: the socket below Beast's WebSocket stream. It lets frames that were put together elsewhere go out in
// one write (Beast writes a message at a time, which is many times slower for a subscriber that is behind),
// between and never inside the control frames that Beast writes by itself. It also counts bytes that never
// become a message, drains before it closes (a close with unread input sends an RST, which eats our last
// frame), and has the connection's one deadline.
//
// One thread. For push/connection alone; includes Asio and Beast.
#pragma once
#include <algorithm>
#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/role.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace tocsin::push {

namespace net = boost::asio;

class Wire {
public:
    using Socket = net::ip::tcp::socket;
    using executor_type = Socket::executor_type;
    using next_layer_type = Socket; // Beast's own time-outs close it

    explicit Wire(Socket socket) : state_{std::make_shared<State>(std::move(socket))} {}
    executor_type get_executor() { return state_->socket.get_executor(); }
    Socket& next_layer() { return state_->socket; }
    const Socket& next_layer() const { return state_->socket; }
    Socket& socket() { return state_->socket; }

    /// Whole frames, ready to be sent. Fails with operation_aborted after a close frame went out.
    net::awaitable<boost::system::error_code> write_frames(std::string_view bytes);

    /// When the deadline passes, what waits is cancelled; with `closes`, the socket is closed, so that
    /// nothing waits again.
    void expire_after(std::chrono::milliseconds patience, bool closes) {
        state_->expire_after(patience, closes);
    }
    void never_expire();
    bool expired() const { return state_->expired; }

    /// Calls `flooded` once when so many bytes came without a message.
    void watch_for_flood(std::size_t most_bytes, std::function<void()> flooded);
    void message_came() { state_->without_message = 0; }

    /// For a connection that is done: sends FIN, takes in what the peer still sends (bounded by a deadline
    /// and by bytes), closes.
    template <class Token> auto async_linger(Token&& token) {
        socket().shutdown(Socket::shutdown_send, state_->ignored);
        expire_after(close_patience, true);
        return net::async_compose<Token, void(boost::system::error_code)>(DrainOp{state_}, token,
                                                                          state_->socket);
    }

    // What Beast asks of a next layer.
    template <class Buffers, class Token> auto async_read_some(const Buffers& buffers, Token&& token) {
        return net::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            ReadOp<Buffers>{state_, buffers}, token, state_->socket);
    }
    template <class Buffers, class Token> auto async_write_some(const Buffers& buffers, Token&& token) {
        return net::async_compose<Token, void(boost::system::error_code, std::size_t)>(
            WriteOp<Buffers>{state_, buffers}, token, state_->socket);
    }
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, Wire& wire, Handler&& handler) {
        wire.async_linger(std::forward<Handler>(handler));
    }

private:
    // Shared with the deadline's handler and with operations: Beast's own pings may outlive the stream, and
    // so the wire.
    struct State : std::enable_shared_from_this<State> {
        explicit State(Socket from)
            : socket{std::move(from)}, deadline{socket.get_executor()}, free{socket.get_executor()} {
            free.expires_at(net::steady_timer::time_point::max());
        }
        void begin_write() { writing = true; }
        void end_write() {
            writing = false;
            free.cancel();
        }
        void note_close_frame(const net::const_buffer& first);
        void count(std::size_t bytes);
        void expire_after(std::chrono::milliseconds patience, bool closes);

        Socket socket;
        net::steady_timer deadline;
        net::steady_timer free; // cancelled when a write has ended
        bool writing = false;   // one write at a time, from start to end of its frames
        unsigned controls =
            0; // that wait for their turn: they go before the next frames, or they would never
        bool close_sent = false;
        bool expired = false;
        std::size_t without_message = 0, most_without_message = 0;
        std::function<void()> flooded;
        boost::system::error_code ignored;
    };
    using StatePtr = std::shared_ptr<State>;

    // In each, what is needed below is copied or taken out first: the operation is moved from.
    template <class Buffers> struct ReadOp {
        StatePtr state;
        Buffers buffers;
        bool begun = false;
        template <class Self>
        void operator()(Self& self, boost::system::error_code error = {}, std::size_t bytes = 0) {
            if (begun) {
                state->count(bytes);
                return self.complete(error, bytes);
            }
            begun = true;
            const Buffers into = buffers;
            Socket& socket = state->socket;
            socket.async_read_some(into, std::move(self));
        }
    };

    // Writes all of it, so that nothing comes between the parts of a frame.
    template <class Buffers> struct WriteOp {
        StatePtr state;
        Buffers buffers;
        bool begun = false, waits = false;
        template <class Self>
        void operator()(Self& self, boost::system::error_code error = {}, std::size_t bytes = 0) {
            if (begun) {
                state->end_write();
                return self.complete(error, bytes);
            }
            net::steady_timer& free = state->free;
            if (state->writing) {
                state->controls += waits ? 0 : 1;
                waits = true;
                return free.async_wait(std::move(self));
            }
            state->controls -= waits ? 1 : 0;
            begun = true;
            state->begin_write();
            state->note_close_frame(*net::buffer_sequence_begin(buffers));
            const Buffers from = buffers;
            Socket& socket = state->socket;
            net::async_write(socket, from, std::move(self));
        }
    };

    struct DrainOp {
        StatePtr state;
        std::unique_ptr<std::array<char, 4096>> scrap = std::make_unique<std::array<char, 4096>>();
        std::size_t left = drain_bytes;
        bool begun = false;
        template <class Self>
        void operator()(Self& self, boost::system::error_code error = {}, std::size_t bytes = 0) {
            left -= std::min(left, bytes);
            if (begun && (error || left == 0)) {
                state->socket.close(state->ignored);
                return self.complete({});
            }
            begun = true;
            const auto into = net::buffer(*scrap);
            Socket& socket = state->socket;
            socket.async_read_some(into, std::move(self));
        }
    };

    // How long a peer may take to answer our close frame, or to stop sending after our FIN.
    static constexpr std::chrono::seconds close_patience{5};
    static constexpr std::size_t drain_bytes = 16
                                               << 20; // what a peer may have under way before it sees our FIN

    StatePtr state_;
};

} // namespace tocsin::push
