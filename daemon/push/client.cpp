#include "push/client.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <optional>
#include <simdjson.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace tocsin::push {
namespace {

namespace beast = boost::beast;
namespace net = boost::asio;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using net::ip::tcp;
using std::chrono::milliseconds;

constexpr milliseconds first_delay{250}, longest_delay{30'000};
constexpr milliseconds connect_patience{10'000}; // also until the first frame
constexpr milliseconds least_silence{1'000};     // a busy machine is not a dead server
constexpr std::size_t frame_bytes = 1 << 20;     // an alert is some 600

using Stream = websocket::stream<beast::tcp_stream>;

/// What a server that refused the handshake has to say (RFC 9457), or nothing.
std::string detail_of(const std::string& body) {
    simdjson::dom::parser parser;
    std::string_view detail;
    if (parser.parse(body)["detail"].get(detail) != simdjson::SUCCESS) return {};
    return ": " + std::string{detail};
}

/// A number of the port's digits and nothing else.
std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

std::string in_seconds(milliseconds time) {
    return Price::from_nanos(time.count() * 1'000'000).to_string();
}

} // namespace

std::string StreamAddress::host_and_port() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

Result<StreamAddress> parse_stream_url(std::string_view text) {
    if (const std::size_t end = text.find("://"); end != std::string_view::npos) {
        const std::string_view scheme = text.substr(0, end);
        if (scheme == "https" || scheme == "wss")
            return Error{"TLS is not in this version; use http:// or ws://"};
        if (scheme != "http" && scheme != "ws")
            return Error{"has a scheme that is not known; use http:// or ws://"};
        text.remove_prefix(end + 3);
    }
    StreamAddress address;
    const std::size_t slash = std::min(text.find('/'), text.size());
    if (text.size() > slash + 1) address.path = text.substr(slash);
    text = text.substr(0, slash);
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return Error{"has a [ without its ]"};
        address.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else {
        const std::size_t colon = std::min(text.find(':'), text.size());
        address.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (address.host.empty()) return Error{"has no host; write HOST:PORT, or ws://HOST:PORT/v1/stream"};
    // Of a user, a query or a fragment, a header line or a typing error: nothing that a server could use.
    if (address.host.find_first_of("@?# \t\r\n%\\") != std::string::npos ||
        address.path.find_first_of("# \t\r\n") != std::string::npos)
        return Error{"has a character that cannot stand there; write HOST:PORT, or ws://HOST:PORT/v1/stream"};
    if (port.empty()) return address;
    const auto number = port.front() == ':' ? port_of(port.substr(1)) : std::nullopt;
    if (!number) return Error{"has a port that is no number from 1 to 65535"};
    address.port = *number;
    return address;
}

struct Client::Impl {
    Impl(ClientOptions given, std::function<void(const Received&)> for_news,
         std::function<void(const std::string&)> for_trouble)
        : options{std::move(given)}, news{std::move(for_news)}, trouble{std::move(for_trouble)},
          follower{std::move(options.wanted)} {
        wake.async_wait(net::posix::stream_descriptor::wait_read, [this](error_code error) {
            if (error) return;
            stopped = true;
        });
    }
    void cancel() {
        resolver.cancel();
        pause.cancel();
        if (stream) beast::get_lowest_layer(*stream).cancel();
    }

    template <class Start> error_code finish(Start start);
    error_code connect();
    error_code shake_hands();
    error_code send(const std::string& message);
    error_code take_frame();
    std::string follow();

    const ClientOptions options;
    const std::function<void(const Received&)> news;
    const std::function<void(const std::string&)> trouble;
    Follower follower;
    FrameReader reader;
    net::io_context context{1};
    net::posix::stream_descriptor wake{context, ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    const int wake_descriptor = wake.native_handle(); // for stop(), which may touch nothing else
    tcp::resolver resolver{context};
    net::steady_timer pause{context};
    std::optional<Stream> stream;
    beast::flat_buffer buffer{frame_bytes};
    milliseconds silence = connect_patience; // how long the server may send nothing
    bool stopped = false;
    bool stood = false;           // the subscription, on this connection
    std::optional<Error> refused; // for good
};

/// Runs one operation to its end, or to its cancellation by a stop. Each that waits for the peer is given a
/// deadline by its caller, so this ends.
template <class Start> error_code Client::Impl::finish(Start start) {
    if (stopped) return net::error::operation_aborted;
    std::optional<error_code> ended;
    start([&ended](error_code error, const auto&...) { ended = error; });
    while (!ended) {
        context.run_one();
        if (stopped && !ended) cancel(); // also what an operation of many steps has just begun
    }
    return stopped ? error_code{net::error::operation_aborted} : *ended;
}

error_code Client::Impl::connect() {
    tcp::resolver::results_type found;
    const error_code unknown = finish([&](auto done) {
        resolver.async_resolve(options.server.host, std::to_string(options.server.port),
                               tcp::resolver::numeric_service,
                               [&found, done](error_code error, auto results) mutable {
                                   found = std::move(results);
                                   done(error);
                               });
    });
    if (unknown) return unknown;
    auto& socket = beast::get_lowest_layer(stream.emplace(context));
    socket.expires_after(connect_patience);
    return finish([&](auto done) { socket.async_connect(found, done); });
}

error_code Client::Impl::shake_hands() {
    stream->read_message_max(frame_bytes);
    stream->set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
        request.set(http::field::user_agent, options.name);
        request.set(http::field::sec_websocket_protocol, "tocsin.v1");
    }));
    beast::get_lowest_layer(*stream).expires_after(connect_patience);
    websocket::response_type response;
    const error_code error = finish([&](auto done) {
        stream->async_handshake(response, options.server.host_and_port(), options.server.path, done);
    });
    // 4xx: the same request would be refused again. Of a server in trouble (5xx), or a proxy before one, more
    // may be hoped.
    if (error == websocket::error::upgrade_declined && response.result_int() / 100 == 4)
        refused = Error{options.server.host_and_port() + options.server.path + ": the server refused with " +
                        std::to_string(response.result_int()) + detail_of(response.body())};
    return error;
}

error_code Client::Impl::send(const std::string& message) {
    beast::get_lowest_layer(*stream).expires_after(connect_patience);
    return finish([&](auto done) { stream->async_write(net::buffer(message), done); });
}

error_code Client::Impl::take_frame() {
    buffer.clear();
    beast::get_lowest_layer(*stream).expires_after(silence);
    if (const error_code error = finish([&](auto done) { stream->async_read(buffer, done); })) return error;
    const auto data = buffer.data();
    const auto frame = reader.read({static_cast<const char*>(data.data()), data.size()});
    if (!frame) return make_error_code(boost::system::errc::bad_message);
    switch (frame->kind) {
    case Received::Kind::hello:
        silence = std::max(3 * frame->heartbeat, least_silence);
        break;
    case Received::Kind::subscribed:
        stood = true;
        break;
    case Received::Kind::error:
        refused = Error{options.server.host_and_port() + ": " + frame->code + ": " + frame->message};
        return make_error_code(boost::system::errc::operation_not_permitted);
    case Received::Kind::alert:
    case Received::Kind::gap:
    case Received::Kind::reset:
    case Received::Kind::caught_up:
    case Received::Kind::heartbeat:
    case Received::Kind::other:
        break;
    }
    if (follower.take(*frame)) news(*frame);
    return frame->kind == Received::Kind::reset ? send(follower.subscribe()) : error_code{};
}

/// One connection from its start to its end; says why it ended.
std::string Client::Impl::follow() {
    silence = connect_patience;
    stood = false;
    const std::string server = options.server.host_and_port();
    if (const error_code error = connect()) return "cannot reach " + server + ": " + error.message();
    if (const error_code error = shake_hands())
        return server + " does not open the stream: " + error.message();
    error_code error = send(follower.subscribe());
    while (!error) error = take_frame();
    if (error == websocket::error::closed)
        return server + " closed the stream (" + std::to_string(stream->reason().code) + ')';
    if (error == beast::error::timeout) return server + " sent nothing for " + in_seconds(silence) + " s";
    if (error == boost::system::errc::bad_message) return server + " sent what is no frame of tocsin's";
    return "lost " + server + ": " + error.message();
}

Client::Client(ClientOptions options, std::function<void(const Received&)> news,
               std::function<void(const std::string&)> trouble)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(news), std::move(trouble))} {}

Client::~Client() = default;

Result<void> Client::run() {
    milliseconds delay = first_delay;
    for (;;) {
        const std::string why = impl_->follow();
        impl_->stream.reset();
        if (impl_->refused) return *impl_->refused;
        if (impl_->stopped) return {};
        if (impl_->stood) delay = first_delay;
        impl_->trouble(why + "; trying again in " + in_seconds(delay) + " s");
        impl_->pause.expires_after(delay);
        if (impl_->finish([&](auto done) { impl_->pause.async_wait(done); })) return {}; // stopped
        delay = std::min(2 * delay, longest_delay);
    }
}

void Client::stop() {
    const std::uint64_t one = 1;
    // It can only fail if the count is full, and then it wakes already.
    [[maybe_unused]] const auto written = ::write(impl_->wake_descriptor, &one, sizeof one);
}

} // namespace tocsin::push
