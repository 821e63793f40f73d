#include "push/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace tocsin::push {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

} // namespace

Metrics::Metrics(prometheus::Registry& registry)
    : connections{gauge(registry, "tocsin_push_connections", "Connections open now")},
      streams{gauge(registry, "tocsin_push_streams", "WebSocket connections open now")},
      subscriptions{gauge(registry, "tocsin_push_subscriptions", "Subscriptions held now")},
      accepted{counter(registry, "tocsin_push_connections_total", "Connections accepted")},
      accept_failures{counter(registry, "tocsin_push_accept_failures_total",
                              "Connections that could not be accepted, as for want of file descriptors")},
      messages_in{counter(registry, "tocsin_push_messages_in_total", "Messages received from clients")},
      bytes_out{counter(registry, "tocsin_push_bytes_out_total", "Bytes of WebSocket frames sent")},
      alerts{counter(registry, "tocsin_push_alerts_delivered_total",
                     "Alerts sent, counted for each connection")},
      gaps{counter(registry, "tocsin_push_gaps_total", "Gap frames sent: asked for and no longer held")},
      resets{counter(registry, "tocsin_push_resets_total", "Reset frames sent")},
      slow{counter(registry, "tocsin_push_behind_total",
                   "Writes after which a subscriber was still behind the log")},
      stalled{counter(registry, "tocsin_push_stalled_total",
                      "Connections dropped because the peer took or gave nothing in time")},
      answers_{prometheus::BuildCounter()
                   .Name("tocsin_http_responses_total")
                   .Help("HTTP responses by status")
                   .Register(registry)} {
    auto& errors = prometheus::BuildCounter()
                       .Name("tocsin_push_errors_total")
                       .Help("Error frames sent, by code")
                       .Register(registry);
    for (std::size_t code = 0; code < errors_.size(); ++code)
        errors_[code] = &errors.Add({{"code", std::string{name(static_cast<Code>(code))}}});
}

void Metrics::count_error(Code code) {
    errors_[static_cast<std::size_t>(code)]->Increment();
}

void Metrics::count_answer(unsigned status) {
    answers_.Add({{"status", std::to_string(status)}}).Increment();
}

} // namespace tocsin::push
