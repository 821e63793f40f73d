#include "push/wire.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace tocsin::push {
namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);

} // namespace

net::awaitable<boost::system::error_code> Wire::write_frames(std::string_view bytes) {
    while (state_->writing || state_->controls > 0) co_await state_->free.async_wait(as_result);
    if (state_->close_sent) co_return net::error::operation_aborted;
    state_->begin_write();
    const auto [error, written] = co_await net::async_write(socket(), net::buffer(bytes), as_result);
    state_->end_write();
    co_return error;
}

void Wire::State::expire_after(std::chrono::milliseconds patience, bool closes) {
    if (close_sent) return; // that deadline is the last one
    deadline.expires_after(patience);
    deadline.async_wait([weak = weak_from_this(), closes](boost::system::error_code error) {
        const auto state = weak.lock();
        // A deadline that was moved while this was on its way is no longer the one that passed.
        if (error || !state || state->deadline.expiry() > net::steady_timer::clock_type::now()) return;
        state->expired = true;
        if (closes)
            state->socket.close(state->ignored);
        else
            state->socket.cancel(state->ignored);
    });
}

void Wire::never_expire() {
    if (!state_->close_sent) state_->deadline.expires_at(net::steady_timer::time_point::max());
}

void Wire::watch_for_flood(std::size_t most_bytes, std::function<void()> flooded) {
    state_->most_without_message = most_bytes;
    state_->flooded = std::move(flooded);
}

void Wire::State::count(std::size_t bytes) {
    without_message += bytes;
    if (without_message > most_without_message && flooded) std::exchange(flooded, nullptr)();
}

void Wire::State::note_close_frame(const net::const_buffer& first) {
    constexpr unsigned char final_close = 0x88; // RFC 6455, 5.2: FIN and opcode 8
    if (first.size() == 0 || *static_cast<const unsigned char*>(first.data()) != final_close) return;
    expire_after(close_patience, true);
    close_sent = true;
}

} // namespace tocsin::push
