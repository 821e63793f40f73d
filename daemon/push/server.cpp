#include "push/server.hpp"

#include "base/log.hpp"
#include "push/io_thread.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <prometheus/counter.h>

namespace tocsin::push {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using net::ip::tcp;

constexpr auto as_result = net::as_tuple(net::use_awaitable);
// Out of file descriptors, an accept fails at once, again and again, until a connection ends.
constexpr std::chrono::milliseconds accept_pause{100};

std::string why(error_code error) {
    if (error == net::error::address_in_use)
        return "the address is in use; is another tocsin running? Stop it or choose another port";
    if (error == net::error::access_denied)
        return "not allowed; ports below 1024 need a privilege, choose a higher one";
    if (error.value() == EADDRNOTAVAIL) return "no interface of this machine has that address";
    return error.message();
}

} // namespace

struct Server::Impl {
    Impl(ServerOptions given, Sources from)
        : options{std::move(given)}, sources{std::move(from)}, metrics{sources.metrics} {
        for (int i = 0; i < std::max(1, options.io_threads); ++i)
            threads.push_back(std::make_unique<IoThread>(options, sources, metrics));
        acceptor.emplace(threads.front()->context());
        pause.emplace(threads.front()->context());
    }

    error_code bind();
    net::awaitable<void> accept();

    const ServerOptions options;
    const Sources sources;
    Metrics metrics;
    std::vector<std::unique_ptr<IoThread>> threads; // outlive what belongs to the first one's context
    std::optional<tcp::acceptor> acceptor;
    std::optional<net::steady_timer> pause;
    bool started = false, stopped = false;
};

error_code Server::Impl::bind() {
    error_code error;
    tcp::resolver resolver{threads.front()->context()};
    const auto found = resolver.resolve(options.host, std::to_string(options.port),
                                        tcp::resolver::numeric_service | tcp::resolver::passive, error);
    if (error) return error;
    const tcp::endpoint endpoint = *found.begin();
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(tcp::acceptor::max_listen_connections, error);
    return error;
}

net::awaitable<void> Server::Impl::accept() {
    for (std::size_t next = 0;; next = (next + 1) % threads.size()) {
        auto [error, socket] = co_await acceptor->async_accept(threads[next]->context(), as_result);
        if (!acceptor->is_open()) co_return;
        if (!error) {
            metrics.accepted.Increment();
            threads[next]->adopt(std::move(socket));
            continue;
        }
        metrics.accept_failures.Increment();
        log::warn("a connection could not be accepted: " + error.message());
        pause->expires_after(accept_pause);
        co_await pause->async_wait(as_result);
    }
}

Server::Server(ServerOptions options, Sources sources)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(sources))} {}

Server::~Server() {
    stop();
}

Result<void> Server::open() {
    if (const error_code error = impl_->bind())
        return Error{"cannot listen on " + impl_->options.host + ':' + std::to_string(impl_->options.port) +
                     ": " + why(error)};
    return {};
}

std::uint16_t Server::port() const {
    return impl_->acceptor->local_endpoint().port();
}

void Server::start() {
    impl_->started = true;
    net::co_spawn(impl_->threads.front()->context(), impl_->accept(), net::detached);
    for (const auto& thread : impl_->threads) thread->start();
}

void Server::published() {
    for (const auto& thread : impl_->threads) thread->published();
}

void Server::stop() {
    if (!impl_->started || std::exchange(impl_->stopped, true)) return;
    net::post(impl_->threads.front()->context(), [impl = impl_.get()] {
        impl->acceptor->close();
        impl->pause->cancel();
    });
    for (const auto& thread : impl_->threads) thread->stop();
    for (const auto& thread : impl_->threads) thread->join();
}

} // namespace tocsin::push
