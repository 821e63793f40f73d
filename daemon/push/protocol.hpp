// Protocol: one client's side of the stream without I/O (contract section 6). Messages go in by `receive`,
// what is due comes out by `collect`: replies in the order of what they answer, then alerts from the log. It
// holds cursors and no alerts: live subscriptions share one cursor, so an alert that several of them match is
// sent once; a subscription that reads history has one of its own until it is caught up. An alert asked for
// that the log no longer holds is told by a `gap` frame.
//
// One thread. Its memory is bounded by limits::subscriptions_per_connection and by the replies that wait: who
// drives it stops receiving while `backlogged()`. Replies that wait hold shared frames, so `active` costs
// pointers, not copies.
#pragma once
#include "push/frames.hpp"
#include "push/message.hpp"
#include "push/metrics.hpp"

#include <map>

namespace tocsin::push {

class Protocol {
public:
    /// What all connections of a thread share; outlives the protocol.
    struct Context {
        const store::AlertLog& log;
        const Catalogue& catalogue;
        MessageReader& reader;
        Metrics& metrics;
    };
    /// `hello` is the first frame that comes out.
    Protocol(const Context& context, Frame hello);
    ~Protocol();
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;

    void receive(std::string_view message);
    /// A heartbeat that was not collected when the next comes is replaced by it.
    void add_heartbeat(Frame heartbeat) { heartbeat_ = std::move(heartbeat); }

    /// Appends what is due to `frames`, some `most_bytes` and one frame at most beyond. True if more is due
    /// already; false: nothing comes until the log grows, a message is received or a heartbeat is added. A
    /// turn also looks at a bounded number of alerts, so it may append nothing and still return true.
    bool collect(std::vector<Frame>& frames, std::size_t most_bytes);

    bool backlogged() const;
    std::size_t subscriptions() const { return subscriptions_.size(); }

private:
    struct Subscription {
        Filter filter;
        std::uint64_t cursor = 0; // wants what comes after; while live, the shared cursor moves instead
        bool live = false;
    };
    using Subscriptions = std::map<std::string, Subscription, std::less<>>;
    struct Turn;

    void obey(Message message);
    void subscribe(Message message);
    void refuse(Refusal refusal);
    void reply(Frame frame);
    bool take_replies(Turn& turn);
    bool read_live(Turn& turn);
    bool read_history(std::string_view id, Subscription& subscription, Turn& turn);
    void go_live(Subscription& subscription);
    bool any_live() const;
    void add_gap(Turn& turn, std::string_view id, std::uint64_t from, std::uint64_t to);
    void add_alert(Turn& turn, const store::EntryPtr& entry);

    Context context_;
    Subscriptions subscriptions_;
    std::uint64_t live_cursor_ = 0; // of all live subscriptions
    std::vector<Frame> replies_;
    std::size_t replies_taken_ = 0; // of replies_, from the front
    std::size_t reply_bytes_ = 0;   // of those not taken
    Frame heartbeat_;
};

} // namespace tocsin::push
