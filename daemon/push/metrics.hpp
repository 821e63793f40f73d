// Metrics: what push counts, as Prometheus metrics in a registry that the engine shares. Counters are atomic:
// any thread.
#pragma once
#include "push/message.hpp"

#include <array>

namespace prometheus {
class Counter;
class Gauge;
class Registry;
template <typename T> class Family;
} // namespace prometheus

namespace tocsin::push {

class Metrics {
public:
    /// Requires: the registry outlives this, and no other Metrics was made in it.
    explicit Metrics(prometheus::Registry& registry);

    prometheus::Gauge& connections;   // open now, HTTP and WebSocket
    prometheus::Gauge& streams;       // of them WebSocket
    prometheus::Gauge& subscriptions; // held now
    prometheus::Counter& accepted;
    prometheus::Counter& accept_failures;
    prometheus::Counter& messages_in;
    prometheus::Counter& bytes_out; // of WebSocket frames, with their headers
    prometheus::Counter& alerts;    // delivered; one that goes to two connections counts twice
    prometheus::Counter& gaps;
    prometheus::Counter& resets;
    prometheus::Counter& slow;    // batches after which a subscriber still was behind
    prometheus::Counter& stalled; // connections dropped as the peer took or gave nothing in time
    void count_error(Code code);
    void count_answer(unsigned status);

private:
    prometheus::Family<prometheus::Counter>& answers_;
    std::array<prometheus::Counter*, 8> errors_{}; // by Code
};

} // namespace tocsin::push
