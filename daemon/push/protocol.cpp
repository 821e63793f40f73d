#include "push/protocol.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>

namespace tocsin::push {
namespace {

// Alerts looked at in one turn: a filter that matches few must not keep other connections of the thread
// waiting.
constexpr std::size_t alerts_a_turn = 4096;
constexpr std::size_t alerts_a_read = 256;

/// Muted alerts are in the log, and on no stream.
bool is_for(const Filter& filter, const alert::Alert& alert) {
    return !alert.muted && filter.matches(alert);
}

} // namespace

/// What one call of `collect` may still do.
struct Protocol::Turn {
    std::vector<Frame>& frames;
    std::size_t bytes;
    std::size_t alerts = alerts_a_turn;

    bool over() const { return bytes == 0 || alerts == 0; }
    void add(Frame frame) {
        bytes -= std::min(bytes, frame->size());
        frames.push_back(std::move(frame));
    }
    std::vector<store::EntryPtr> read(const store::AlertLog& log, std::uint64_t after) {
        return log.read(after, std::min(alerts, alerts_a_read));
    }
};

Protocol::Protocol(const Context& context, Frame hello) : context_{context} {
    reply(std::move(hello));
}

Protocol::~Protocol() {
    context_.metrics.subscriptions.Decrement(static_cast<double>(subscriptions_.size()));
}

void Protocol::receive(std::string_view message) {
    context_.metrics.messages_in.Increment();
    auto read = context_.reader.read(message);
    if (auto* refusal = std::get_if<Refusal>(&read)) return refuse(std::move(*refusal));
    obey(std::get<Message>(std::move(read)));
}

void Protocol::obey(Message message) {
    switch (message.kind) {
    case Message::Kind::ping:
        return reply(pong_frame(message.id));
    case Message::Kind::subscribe:
        return subscribe(std::move(message));
    case Message::Kind::unsubscribe:
        break;
    }
    if (subscriptions_.erase(message.id) == 0)
        return refuse({Code::unknown_id, "no subscription has that id", message.id});
    context_.metrics.subscriptions.Decrement();
    reply(unsubscribed_frame(message.id));
}

void Protocol::subscribe(Message message) {
    if (subscriptions_.count(message.id) != 0)
        return refuse({Code::duplicate_id, "a subscription has that id already", message.id});
    if (subscriptions_.size() >= limits::subscriptions_per_connection)
        return refuse({Code::too_many,
                       "a connection holds at most " + std::to_string(limits::subscriptions_per_connection) +
                           " subscriptions",
                       message.id});
    if (std::string why = why_no_match(message.filter, context_.catalogue); !why.empty())
        return refuse({Code::no_match, std::move(why), message.id});

    const store::AlertLog& log = context_.log;
    const std::uint64_t head = log.head();
    if ((message.epoch && *message.epoch != log.epoch()) || message.since.value_or(0) > head) {
        context_.metrics.resets.Increment();
        return reply(reset_frame(message.id, log.epoch(), head));
    }
    reply(subscribed_frame(message.id, head, log.oldest()));
    if (message.active)
        for (const store::EntryPtr& entry : log.firing())
            // What began after `head` follows anyway, as history or live.
            if (entry->alert.seq <= head && is_for(message.filter, entry->alert)) {
                context_.metrics.alerts.Increment();
                reply(alert_frame(entry));
            }
    context_.metrics.subscriptions.Increment();
    Subscription made{std::move(message.filter), message.since.value_or(head), false};
    if (!message.since) {
        if (message.active) reply(caught_up_frame(message.id, head)); // what was firing has been sent
        go_live(made);
    }
    subscriptions_.emplace(std::move(message.id), std::move(made));
}

void Protocol::go_live(Subscription& subscription) {
    if (!any_live()) live_cursor_ = subscription.cursor;
    // Where the shared cursor is behind, the subscription's own still says what it has had; and it may not be
    // ahead, as the shared one never passes the head that this one has just reached.
    subscription.live = true;
}

bool Protocol::any_live() const {
    return std::any_of(subscriptions_.begin(), subscriptions_.end(),
                       [](const auto& s) { return s.second.live; });
}

void Protocol::refuse(Refusal refusal) {
    context_.metrics.count_error(refusal.code);
    reply(error_frame(refusal));
}

void Protocol::reply(Frame frame) {
    reply_bytes_ += frame->size();
    replies_.push_back(std::move(frame));
}

bool Protocol::backlogged() const {
    return reply_bytes_ > limits::write_bytes;
}

bool Protocol::collect(std::vector<Frame>& frames, std::size_t most_bytes) {
    Turn turn{frames, most_bytes};
    if (take_replies(turn)) return true;
    // Live ones first: an alarm does not wait for history.
    bool more = read_live(turn);
    for (auto& [id, subscription] : subscriptions_)
        if (!subscription.live) more = read_history(id, subscription, turn) || more;
    return more;
}

bool Protocol::take_replies(Turn& turn) {
    for (; replies_taken_ < replies_.size() && !turn.over(); ++replies_taken_) {
        reply_bytes_ -= replies_[replies_taken_]->size();
        turn.add(std::move(replies_[replies_taken_]));
    }
    if (replies_taken_ < replies_.size()) return true;
    replies_ = {}; // a quiet connection keeps no memory for them
    replies_taken_ = 0;
    if (heartbeat_) turn.add(std::move(heartbeat_));
    heartbeat_.reset();
    return false;
}

void Protocol::add_gap(Turn& turn, std::string_view id, std::uint64_t from, std::uint64_t to) {
    context_.metrics.gaps.Increment();
    turn.add(gap_frame(id, from, to));
}

void Protocol::add_alert(Turn& turn, const store::EntryPtr& entry) {
    context_.metrics.alerts.Increment();
    turn.add(alert_frame(entry));
}

bool Protocol::read_live(Turn& turn) {
    if (!any_live()) return false;
    while (!turn.over()) {
        const auto entries = turn.read(context_.log, live_cursor_);
        const std::uint64_t held_from = entries.empty() ? context_.log.oldest() : entries.front()->alert.seq;
        if (held_from > live_cursor_ + 1) {
            for (const auto& [id, subscription] : subscriptions_)
                if (const auto had = std::max(live_cursor_, subscription.cursor);
                    subscription.live && had + 1 < held_from)
                    add_gap(turn, id, had + 1, held_from - 1);
            live_cursor_ = held_from - 1;
        }
        if (entries.empty()) return false;
        for (const store::EntryPtr& entry : entries) {
            if (turn.over()) break;
            --turn.alerts;
            live_cursor_ = entry->alert.seq;
            const bool wanted = std::any_of(subscriptions_.begin(), subscriptions_.end(), [&](const auto& s) {
                return s.second.live && s.second.cursor < entry->alert.seq &&
                       is_for(s.second.filter, entry->alert);
            });
            if (wanted) add_alert(turn, entry);
        }
    }
    return live_cursor_ < context_.log.head();
}

bool Protocol::read_history(std::string_view id, Subscription& subscription, Turn& turn) {
    std::uint64_t& cursor = subscription.cursor;
    while (!turn.over()) {
        const auto entries = turn.read(context_.log, cursor);
        const std::uint64_t held_from = entries.empty() ? context_.log.oldest() : entries.front()->alert.seq;
        if (held_from > cursor + 1) {
            add_gap(turn, id, cursor + 1, held_from - 1);
            cursor = held_from - 1;
        }
        if (entries.empty()) {
            turn.add(caught_up_frame(id, cursor));
            go_live(subscription);
            return false;
        }
        for (const store::EntryPtr& entry : entries) {
            if (turn.over()) break;
            --turn.alerts;
            cursor = entry->alert.seq;
            if (is_for(subscription.filter, entry->alert)) add_alert(turn, entry);
        }
    }
    return true;
}

} // namespace tocsin::push
