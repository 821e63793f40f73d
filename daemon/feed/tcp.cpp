#include "feed/tcp.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"
#include "feed/ndjson.hpp"

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <set>

namespace tocsin::feed {
namespace net = boost::asio;
using net::ip::tcp;

namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);
/// How long a full queue is left alone before it is asked again: short beside what it takes to empty it.
constexpr std::chrono::milliseconds full_queue_wait{2};
/// After a failed accept (no descriptors left, mostly), so as not to spin.
constexpr std::chrono::milliseconds accept_wait{100};

struct Connection {
    explicit Connection(tcp::socket accepted) : socket{std::move(accepted)}, retry{socket.get_executor()} {}
    tcp::socket socket;
    net::steady_timer retry;
    std::string peer; // `127.0.0.1:40112`
    LineBuffer lines;
};

std::string text_of(const tcp::endpoint& endpoint) {
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

/// `127.0.0.1:9100`, `localhost:9100`, `[::1]:9100`. No names but that one: a look-up may answer anything.
std::optional<tcp::endpoint> parse_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return {};
    std::string_view host = text.substr(0, colon);
    const std::string_view digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (problem != std::errc{} || end != digits.data() + digits.size()) return {};
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code failed;
    const auto address = net::ip::make_address(std::string{host}, failed);
    if (failed) return {};
    return tcp::endpoint{address, port};
}

} // namespace

// Shared with the coroutines, which may outlive the TcpFeed until they see that they were cancelled.
struct TcpFeed::State {
    State(const config::Feed& configured, market::FeedId id, const market::SymbolTable& symbols,
          RejectSink sink, TryPush try_push, Clock now, const net::any_io_executor& executor)
        : name{configured.name}, check{configured, symbols}, decoder{ndjson_decoder(check)},
          intake{configured, id, std::move(sink), std::move(try_push), std::move(now)}, acceptor{executor},
          accept_retry{executor} {}

    static net::awaitable<void> accept(std::shared_ptr<State> state);
    static net::awaitable<void> serve(std::shared_ptr<State> state, std::shared_ptr<Connection> connection);
    net::awaitable<void> hand_on(Connection& connection);
    void close();

    const std::string name;
    const Check check;
    const std::unique_ptr<Decoder> decoder;
    Intake intake;

    tcp::acceptor acceptor;
    net::steady_timer accept_retry;
    std::set<std::shared_ptr<Connection>> open;
    bool stopping = false;
    std::uint16_t port = 0;

    std::atomic<std::uint64_t> refused{0};
    std::atomic<std::size_t> connections{0};
};

Result<std::unique_ptr<TcpFeed>> TcpFeed::open(const config::Feed& feed, market::FeedId id,
                                               const market::SymbolTable& symbols, RejectSink sink,
                                               TryPush try_push, Clock now, net::any_io_executor executor) {
    const auto endpoint = parse_endpoint(feed.tcp);
    if (!endpoint)
        return feed.place.error("tcp " + in_quotes(feed.tcp) + " is no address like 127.0.0.1:9100");
    if (!endpoint->address().is_loopback())
        return feed.place.error("tcp " + in_quotes(feed.tcp) + " is not loopback; use 127.0.0.1 or [::1]");
    if (feed.max_ahead && feed.max_ahead->unit != DurationUnit::clock)
        return feed.place.error("max_ahead of feed " + in_quotes(feed.name) + " must be clock time, like 5s");

    auto state = std::make_shared<State>(feed, id, symbols, std::move(sink), std::move(try_push),
                                         std::move(now), std::move(executor));

    boost::system::error_code failed;
    tcp::acceptor& acceptor = state->acceptor;
    acceptor.open(endpoint->protocol(), failed);
    if (!failed) acceptor.set_option(tcp::acceptor::reuse_address{true}, failed);
    if (!failed) acceptor.bind(*endpoint, failed);
    if (!failed) acceptor.listen(tcp::acceptor::max_listen_connections, failed);
    if (failed) return feed.place.error("cannot listen on " + feed.tcp + ": " + failed.message());
    state->port = acceptor.local_endpoint().port();

    net::co_spawn(acceptor.get_executor(), State::accept(state),
                  [name = feed.name](const std::exception_ptr& thrown) {
                      if (thrown) log::error("feed " + name + ": accepting connections ended unexpectedly");
                  });
    return std::unique_ptr<TcpFeed>{new TcpFeed{std::move(state)}};
}

TcpFeed::TcpFeed(std::shared_ptr<State> state) : state_{std::move(state)} {}
TcpFeed::~TcpFeed() {
    stop();
}
std::uint16_t TcpFeed::port() const {
    return state_->port;
}
std::size_t TcpFeed::connections() const {
    return state_->connections;
}
std::uint64_t TcpFeed::refused() const {
    return state_->refused;
}

Counters TcpFeed::counters() const {
    return state_->intake.counters();
}

void TcpFeed::stop() {
    net::post(state_->acceptor.get_executor(), [state = state_] { state->close(); });
}

void TcpFeed::State::close() {
    stopping = true;
    boost::system::error_code ignored;
    acceptor.close(ignored);
    accept_retry.cancel();
    for (const auto& connection : open) {
        connection->socket.close(ignored);
        connection->retry.cancel();
    }
}

net::awaitable<void> TcpFeed::State::accept(std::shared_ptr<State> state) {
    while (!state->stopping) {
        auto [failed, socket] = co_await state->acceptor.async_accept(as_result);
        if (state->stopping) break;
        if (failed) {
            log::warn("feed " + state->name + ": cannot accept a connection: " + failed.message());
            state->accept_retry.expires_after(accept_wait);
            co_await state->accept_retry.async_wait(as_result);
            continue;
        }
        if (state->open.size() >= limits::feed_connections) {
            ++state->refused;
            continue; // the socket closes as it leaves
        }
        auto connection = std::make_shared<Connection>(std::move(socket));
        boost::system::error_code gone;
        connection->peer = text_of(connection->socket.remote_endpoint(gone));
        connection->socket.set_option(tcp::socket::keep_alive{true}, gone); // a quiet feed is no dead one
        state->open.insert(connection);
        state->connections = state->open.size();
        net::co_spawn(state->acceptor.get_executor(), serve(state, connection),
                      [state, connection](const std::exception_ptr& thrown) {
                          if (thrown)
                              log::error("feed " + state->name + ": " + connection->peer +
                                         " ended unexpectedly");
                          state->open.erase(connection);
                          state->connections = state->open.size();
                      });
    }
}

// One connection, from its first byte to its last.
net::awaitable<void> TcpFeed::State::serve(std::shared_ptr<State> state,
                                           std::shared_ptr<Connection> connection) {
    for (bool ended = false; !ended && !state->stopping;) {
        const std::span<char> room = connection->lines.room();
        const auto [failed, count] =
            co_await connection->socket.async_read_some(net::buffer(room.data(), room.size()), as_result);
        connection->lines.filled(count);
        ended = static_cast<bool>(failed);
        if (ended) connection->lines.finish();
        co_await state->hand_on(*connection);
    }
}

// Decodes the whole lines that are there and waits for room for each.
net::awaitable<void> TcpFeed::State::hand_on(Connection& connection) {
    Line line;
    market::Event event;
    while (!stopping && connection.lines.next(line)) {
        if (!intake.accept(*decoder, line, connection.peer, event)) continue;
        while (!intake.try_push(event)) {
            connection.retry.expires_after(full_queue_wait);
            co_await connection.retry.async_wait(as_result);
            if (stopping) co_return;
        }
    }
}

} // namespace tocsin::feed
