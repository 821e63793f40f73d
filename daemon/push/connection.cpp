#include "push/connection.hpp"

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "push/http.hpp"
#include "push/io_thread.hpp"
#include "push/wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace tocsin::push {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using std::chrono::seconds;

constexpr auto as_result = net::as_tuple(net::use_awaitable);

constexpr seconds head_patience{10};    // for a whole head, and for the first byte of the first one
constexpr seconds idle_patience{60};    // between two requests
constexpr seconds write_patience{60};   // for write_bytes: a line of 5 KB/s makes it
constexpr seconds silence_patience{60}; // of a WebSocket, in spite of pings
constexpr seconds goodbye_patience{5};  // for the peer's close frame
constexpr std::size_t read_buffer_bytes = 64 << 10;
// Bytes between two heartbeats without a message: empty fragments and control frames. A message of the
// largest size in fragments of one byte is under half of it.
constexpr std::size_t flood_bytes = 1 << 20;

Request plain(const http::request_parser<http::empty_body>& parser) {
    const auto& head = parser.get();
    Request request;
    request.method = std::string{head.method_string()};
    request.target = std::string{head.target()};
    request.version = static_cast<int>(head.version());
    for (const auto& field : head)
        request.fields.emplace_back(std::string{field.name_string()}, std::string{field.value()});
    request.chunked = parser.chunked();
    request.content_length = parser.content_length().value_or(0);
    return request;
}

/// What a head that Beast could not parse is answered with; nothing if there is nobody left to answer.
std::optional<Response> answer_to(error_code error, bool expired) {
    if (expired) return problem(408, "the head of the request did not come in time");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return problem(431, "a head has at most " + std::to_string(limits::http_head_bytes) + " bytes");
    if (error == http::error::bad_version) return problem(505, "this server speaks HTTP/1.1");
    if (error == http::error::end_of_stream ||
        error.category() != make_error_code(http::error::bad_method).category())
        return std::nullopt;
    return problem(400, "the request is no HTTP: " + error.message());
}

http::response<http::string_body> encoded(Response response, int version, bool keep_alive,
                                          const std::string& server) {
    http::response<http::string_body> out;
    out.version(static_cast<unsigned>(version));
    out.result(response.status);
    out.reason(beast::string_view{reason_phrase(response.status)});
    out.set(http::field::server, server);
    out.set(http::field::date, http_date(wall_now()));
    out.set(http::field::content_type, response.content_type);
    out.set(http::field::cache_control, "no-store");
    out.keep_alive(keep_alive);
    for (const auto& [name, value] : response.fields) {
        // `Connection: Upgrade` of a 426 stands beside a possible close.
        if (name == "Connection" && out.count(http::field::connection) != 0)
            out.set(name, std::string{out[http::field::connection]} + ", " + value);
        else
            out.set(name, value);
    }
    out.body() = std::move(response.body);
    out.prepare_payload();
    return out;
}

/// One unmasked text frame (RFC 6455, 5.2). Beast would write each by itself.
void append_text_frame(std::string& out, std::string_view text) {
    out += static_cast<char>(0x81); // FIN and opcode 1
    const auto append_length = [&](std::uint64_t length, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            out += static_cast<char>(length >> shift & 0xff);
    };
    if (text.size() < 126) {
        out += static_cast<char>(text.size());
    } else if (text.size() <= 0xffff) {
        out += static_cast<char>(126);
        append_length(text.size(), 2);
    } else {
        out += static_cast<char>(127);
        append_length(text.size(), 8);
    }
    out += text;
}

class Session final : public Connection, public std::enable_shared_from_this<Session> {
public:
    Session(net::ip::tcp::socket socket, IoThread& thread)
        : thread_{thread}, stream_{std::move(socket)}, news_{stream_.get_executor()},
          room_{stream_.get_executor()} {
        news_.expires_at(net::steady_timer::time_point::max());
        room_.expires_at(net::steady_timer::time_point::max());
        thread_.add(*this);
    }
    ~Session() override {
        if (wire().expired()) thread_.metrics().stalled.Increment();
        if (protocol_) thread_.metrics().streams.Decrement();
        thread_.remove(*this);
    }

    static net::awaitable<void> serve(std::shared_ptr<Session> self) { co_await self->serve_http(); }

    void news() override { news_.cancel(); }
    void heartbeat(const Frame& frame) override;
    void go_away() override;

private:
    Wire& wire() { return stream_.next_layer(); }
    net::ip::tcp::socket& socket() { return wire().socket(); }

    // HTTP
    net::awaitable<void> serve_http();
    net::awaitable<error_code> await_request(bool first);
    net::awaitable<bool> serve_request(const http::request_parser<http::empty_body>& parser);
    net::awaitable<bool> respond(Response response, int version, bool head, bool keep_alive);

    // WebSocket
    net::awaitable<void> serve_stream(const http::request_parser<http::empty_body>& parser, bool subprotocol);
    void start_delivering();
    net::awaitable<void> listen();
    static net::awaitable<void> deliver(std::shared_ptr<Session> self);
    bool gather();
    net::awaitable<error_code> write_what_is_due();
    net::awaitable<error_code> write_the_rest();
    void close_with(websocket::close_code code);
    void end();

    IoThread& thread_;
    websocket::stream<Wire> stream_;
    beast::flat_buffer buffer_{read_buffer_bytes};
    net::steady_timer news_;           // cancelled when something may be due
    net::steady_timer room_;           // cancelled when replies went out
    std::optional<Protocol> protocol_; // once it is a WebSocket
    std::string batch_;                // frames of the write under way
    websocket::close_code close_code_ = websocket::close_code::none;
    bool ended_ = false;   // nothing more comes from the peer
    bool waiting_ = false; // for a request
};

void report_unexpected(const std::exception_ptr& unexpected) {
    if (!unexpected) return;
    try {
        std::rethrow_exception(unexpected);
    } catch (const std::exception& error) {
        log::error(std::string{"a connection ended: "} + error.what());
    }
}

// ---- HTTP

net::awaitable<void> Session::serve_http() {
    for (bool first = true;; first = false) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(limits::http_head_bytes);
        parser.body_limit(boost::none); // no body is read; route() refuses it, after what is worse
        const error_code silent = co_await await_request(first);
        if (silent) co_return;
        wire().expire_after(head_patience, false);
        const auto [error, bytes] = co_await http::async_read_header(socket(), buffer_, parser, as_result);
        wire().never_expire();
        if (error) {
            auto refusal = answer_to(error, wire().expired());
            if (!refusal) co_return;
            const bool sent = co_await respond(std::move(*refusal), 11, false, false);
            if (!sent) co_return;
            co_await wire().async_linger(as_result);
            co_return;
        }
        const bool goes_on = co_await serve_request(parser);
        if (!goes_on) co_return;
    }
}

/// Waits for its first byte, so that silence is told from a head that stops half way.
net::awaitable<error_code> Session::await_request(bool first) {
    if (thread_.stopping()) co_return net::error::operation_aborted;
    if (buffer_.size() != 0) co_return error_code{};
    wire().expire_after(first ? head_patience : idle_patience, false);
    waiting_ = true;
    const auto [error] = co_await socket().async_wait(net::socket_base::wait_read, as_result);
    waiting_ = false;
    co_return error;
}

/// False if the connection is no longer one for HTTP.
net::awaitable<bool> Session::serve_request(const http::request_parser<http::empty_body>& parser) {
    const Request request = plain(parser);
    auto routed = route(request);
    auto* response = std::get_if<Response>(&routed);
    std::optional<Response> made;
    if (response) {
        made = std::move(*response);
    } else if (const Endpoint endpoint = std::get<Endpoint>(routed); endpoint == Endpoint::stream) {
        made = refuse_handshake(request);
        if (!made && buffer_.size() != 0)
            made = problem(400, "a client sends nothing before its handshake is answered");
        if (!made) {
            co_await serve_stream(parser, request.lists("Sec-WebSocket-Protocol", "tocsin.v1"));
            co_return false;
        }
        made->close = true;
    } else if (endpoint == Endpoint::rules) {
        const auto rules = co_await thread_.ask_rules();
        made =
            rules ? json_response(rules_json(*rules)) : problem(503, "the deciding thread does not answer");
    } else {
        made = answer(endpoint, request, thread_.sources());
    }
    const bool unread = request.chunked || request.content_length != 0; // a body that stays where it is
    const bool keep_alive = parser.get().keep_alive() && !made->close && !unread && !thread_.stopping();
    const bool sent =
        co_await respond(std::move(*made), request.version, request.method == "HEAD", keep_alive);
    if (sent && !keep_alive) co_await wire().async_linger(as_result);
    co_return sent&& keep_alive;
}

net::awaitable<bool> Session::respond(Response response, int version, bool head, bool keep_alive) {
    thread_.metrics().count_answer(response.status);
    const auto out = encoded(std::move(response), version, keep_alive, thread_.options().server);
    wire().expire_after(write_patience, false);
    http::response_serializer<http::string_body> serializer{out};
    // A HEAD has the head of its GET, with the length of the body that it does not get.
    error_code error;
    if (head)
        std::tie(error, std::ignore) = co_await http::async_write_header(socket(), serializer, as_result);
    else
        std::tie(error, std::ignore) = co_await http::async_write(socket(), serializer, as_result);
    wire().never_expire();
    co_return !error;
}

// ---- WebSocket

net::awaitable<void> Session::serve_stream(const http::request_parser<http::empty_body>& parser,
                                           bool subprotocol) {
    websocket::stream_base::timeout timeout{};
    timeout.handshake_timeout = head_patience;
    timeout.idle_timeout = silence_patience;
    timeout.keep_alive_pings = true;
    stream_.set_option(timeout);
    stream_.set_option(
        websocket::stream_base::decorator([this, subprotocol](websocket::response_type& response) {
            response.set(http::field::server, thread_.options().server);
            response.set(http::field::date, http_date(wall_now()));
            if (subprotocol) response.set(http::field::sec_websocket_protocol, "tocsin.v1");
        }));
    stream_.read_message_max(limits::client_message_bytes);
    const auto [error] = co_await stream_.async_accept(parser.get(), as_result);
    if (error) co_return;
    thread_.metrics().count_answer(101);
    thread_.metrics().streams.Increment();
    protocol_.emplace(thread_.protocol_context(),
                      hello_frame(thread_.options().server, thread_.sources().log.epoch(),
                                  thread_.sources().log.head(), thread_.options().heartbeat));
    wire().watch_for_flood(flood_bytes, [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->close_with(websocket::close_code::policy_error);
    });
    if (thread_.stopping()) close_with(websocket::close_code::going_away);
    start_delivering();
    co_await listen();
}

/// Apart from the coroutine above: g++ 12 loses the argument of one that is called inside another's
/// statement.
void Session::start_delivering() {
    auto self = shared_from_this();
    net::co_spawn(stream_.get_executor(), deliver(std::move(self)), report_unexpected);
}

net::awaitable<void> Session::listen() {
    for (;;) {
        // A client that asks and does not read: its next question waits until the answers went out.
        while (protocol_->backlogged() && !ended_) co_await room_.async_wait(as_result);
        const auto [error, bytes] = co_await stream_.async_read(buffer_, as_result);
        if (error || ended_) break;
        wire().message_came();
        if (!stream_.got_text()) {
            close_with(websocket::close_code::unknown_data);
            co_return;
        }
        const auto data = buffer_.data();
        protocol_->receive({static_cast<const char*>(data.data()), data.size()});
        buffer_.consume(bytes);
        if (buffer_.capacity() > 4096) buffer_.shrink_to_fit();
        news_.cancel();
    }
    if (close_code_ == websocket::close_code::none) end();
}

// All frames are written here, one batch at a time; Beast writes control frames between.
net::awaitable<void> Session::deliver(std::shared_ptr<Session> self) {
    while (!self->ended_ && self->close_code_ == websocket::close_code::none) {
        const error_code error = co_await self->write_what_is_due();
        if (error) self->end();
    }
    if (!self->ended_ && self->close_code_ == websocket::close_code::going_away) {
        const error_code error = co_await self->write_the_rest();
        if (error) self->end();
    }
    if (!self->ended_) {
        self->wire().expire_after(goodbye_patience, true);
        co_await self->stream_.async_close(self->close_code_, as_result);
    }
    self->end();
}

/// Gathers what is due into `batch_`. True if more is due already.
bool Session::gather() {
    std::vector<Frame>& frames = thread_.scratch();
    frames.clear();
    const bool more = protocol_->collect(frames, limits::write_bytes);
    for (const Frame& frame : frames) append_text_frame(batch_, *frame);
    frames.clear();
    return more;
}

/// A server that goes away says what it has decided first, as far as the peer takes it within
/// goodbye_patience.
net::awaitable<error_code> Session::write_the_rest() {
    for (;;) {
        const bool more = gather();
        if (!batch_.empty()) {
            const error_code error = co_await wire().write_frames(batch_);
            batch_.clear();
            if (error) co_return error;
        }
        if (!more) co_return error_code{};
    }
}

net::awaitable<error_code> Session::write_what_is_due() {
    const bool more = gather();
    room_.cancel();
    if (batch_.empty()) {
        // Nothing else runs on this thread between the look above and this wait: no wake-up is lost.
        if (more)
            co_await net::post(stream_.get_executor(), net::use_awaitable);
        else
            co_await news_.async_wait(as_result);
        co_return error_code{};
    }
    if (more) thread_.metrics().slow.Increment();
    wire().expire_after(write_patience, true);
    const error_code error = co_await wire().write_frames(batch_);
    wire().never_expire();
    thread_.metrics().bytes_out.Increment(static_cast<double>(batch_.size()));
    if (batch_.capacity() > read_buffer_bytes) batch_ = {}; // a quiet subscriber keeps no memory
    batch_.clear();
    co_return error;
}

void Session::heartbeat(const Frame& frame) {
    if (!protocol_) return;
    wire().message_came(); // a new span to count in
    protocol_->add_heartbeat(frame);
    news_.cancel();
}

void Session::close_with(websocket::close_code code) {
    if (close_code_ != websocket::close_code::none) return;
    close_code_ = code;
    // A peer that does not take the write under way must not hold up the close.
    wire().expire_after(goodbye_patience, true);
    news_.cancel();
    room_.cancel();
}

void Session::go_away() {
    if (protocol_)
        close_with(websocket::close_code::going_away);
    else if (waiting_)
        socket().cancel();
}

void Session::end() {
    ended_ = true;
    news_.cancel();
    room_.cancel();
    error_code ignored;
    socket().close(ignored);
}

} // namespace

void start_connection(net::ip::tcp::socket socket, IoThread& thread) {
    error_code ignored;
    socket.set_option(net::ip::tcp::no_delay{true}, ignored);
    auto session = std::make_shared<Session>(std::move(socket), thread);
    net::co_spawn(thread.context(), Session::serve(std::move(session)), report_unexpected);
}

} // namespace tocsin::push
