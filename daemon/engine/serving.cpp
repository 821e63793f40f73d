#include "engine/serving.hpp"

#include "base/clock.hpp"
#include "push/server.hpp"
#include "store/memory_log.hpp"

#include <atomic>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <random>

namespace tocsin::engine {
namespace {

struct Address {
    std::string host; // without the brackets of an IPv6 address
    std::uint16_t port;
};

/// Requires: config/ has checked it.
Address split(const std::string& listen) {
    const auto colon = listen.rfind(':');
    std::string host = listen.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    return {host, static_cast<std::uint16_t>(std::stoul(listen.substr(colon + 1)))};
}

/// Names one life of the log. Made here, outside of the deciding: nothing that is decided depends on it.
std::string fresh_epoch() {
    std::random_device random;
    return fmt::format("{:08x}{:08x}", random(), random());
}

push::Catalogue catalogue_of(const Setup& setup) {
    push::Catalogue catalogue;
    for (const auto& symbol : setup.config.symbols) catalogue.symbols.push_back(symbol.name);
    for (const auto& planned : setup.plan->rules) {
        const auto& rule = planned->rule;
        std::vector<alert::Severity> severities{rule.severity};
        for (std::uint32_t level = 1; level <= planned->plan.n_levels; ++level)
            severities.push_back(planned->severity(static_cast<std::int32_t>(level)));
        catalogue.rules.push_back({rule.name, rule.type, severities, rule.labels, rule.symbols});
    }
    return catalogue;
}

push::InstanceState state_named(const std::string& word) {
    if (word == "pending") return push::InstanceState::pending;
    if (word == "firing") return push::InstanceState::firing;
    if (word == "held") return push::InstanceState::held;
    if (word == "warmup") return push::InstanceState::warmup;
    return push::InstanceState::armed;
}

/// Every rule of the configuration, those that are switched off included, with its instances as they stand.
std::vector<push::RuleStatus> status_of(const Setup& setup, const Pipeline& pipeline) {
    std::map<std::string, push::RuleStatus> by_name;
    for (const auto& rule : setup.config.rules)
        by_name[rule.name] = {rule.name, rule.type, rule.severity, rule.enabled, rule.labels, {}};
    for (const auto& one : pipeline.host().status(pipeline.now())) {
        push::InstanceStatus instance;
        instance.symbol = one.symbol;
        instance.state = state_named(one.state);
        if (one.level != 0) instance.level = alert::Value::of_int(one.level);
        instance.reason = one.reason;
        if (one.need != 0) instance.have = one.have, instance.need = one.need;
        for (const auto& distance : one.distance)
            instance.distance.push_back(
                {distance.what, distance.value, distance.threshold, distance.margin, distance.op});
        by_name[one.rule].instances.push_back(std::move(instance));
    }
    std::vector<push::RuleStatus> all;
    all.reserve(by_name.size());
    for (auto& [name, status] : by_name) all.push_back(std::move(status));
    return all;
}

/// The engine's own metrics. Counters are kept by those who count, as plain numbers; here they are brought up
/// to date.
class Metrics {
public:
    explicit Metrics(prometheus::Registry& registry)
        : events_{counter(registry, "tocsin_feed_events_total", "Events accepted, by feed")},
          rejected_{counter(registry, "tocsin_feed_rejected_total", "Lines rejected, by feed and reason")},
          decided_{counter(registry, "tocsin_decided_total", "What the deciding thread counted, by kind")},
          gauges_{prometheus::BuildGauge()
                      .Name("tocsin_engine")
                      .Help("How the engine stands, by quantity")
                      .Register(registry)} {}

    void feeds(const std::vector<push::FeedStatus>& feeds) {
        for (const auto& feed : feeds) {
            raise(events_.Add({{"feed", feed.name}}), static_cast<double>(feed.events));
            for (const auto& [reason, count] : feed.by_reason)
                raise(rejected_.Add({{"feed", feed.name}, {"reason", reason}}), static_cast<double>(count));
        }
    }
    void pipeline(const Pipeline& pipeline, std::uint64_t head) {
        const auto& counted = pipeline.counters();
        const std::pair<const char*, std::uint64_t> kinds[] = {
            {"events", counted.events},
            {"alerts", head},
            {"rule_evaluations", pipeline.host().evaluations()},
            {"suppressed", pipeline.host().suppressed()},
            {"subjects_evicted", pipeline.host().subjects_evicted()},
            {"late_ticks", counted.late},
            {"out_of_session", counted.out_of_session},
            {"before_calendar", counted.before_calendar},
            {"duplicate_closes", counted.duplicate_closes},
            {"differing_closes", counted.differing_closes},
            {"corrections_not_applied", counted.corrections}};
        for (const auto& [kind, count] : kinds)
            raise(decided_.Add({{"what", kind}}), static_cast<double>(count));
        const auto now = pipeline.now();
        if (now != Time::min())
            gauges_.Add({{"what", "evaluated_through_seconds"}}).Set(static_cast<double>(now.nanos()) / 1e9);
    }
    void queue(std::size_t waiting) {
        gauges_.Add({{"what", "live_queue_events"}}).Set(static_cast<double>(waiting));
    }

private:
    using Counters = prometheus::Family<prometheus::Counter>;
    static Counters& counter(prometheus::Registry& registry, const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
    }
    static void raise(prometheus::Counter& counter, double to) {
        if (to > counter.Value()) counter.Increment(to - counter.Value());
    }
    Counters &events_, &rejected_, &decided_;
    prometheus::Family<prometheus::Gauge>& gauges_;
};

} // namespace

push::FeedStatus feed_status(const config::Feed& feed, push::FeedState state, const feed::Counters& counters,
                             Time newest) {
    push::FeedStatus status;
    status.name = feed.name, status.state = state, status.events = counters.events;
    status.rejected = counters.all_rejected(), status.newest = newest;
    status.by_reason = counters.by_reason();
    return status;
}

struct Serving::Impl {
    explicit Impl(const Setup& given)
        : setup{given}, log{fresh_epoch(), given.config.keep_alerts}, metrics{registry} {}

    const Setup& setup;
    prometheus::Registry registry;
    store::MemoryLog log;
    Metrics metrics;
    std::unique_ptr<push::Server> server;
    std::string host;

    std::atomic<std::int64_t> evaluated_through{Time::min().nanos()};
    std::atomic<bool> ready{false};
    std::mutex mutex; // guards what follows
    std::vector<push::FeedStatus> feeds;
    std::vector<push::RulesAnswer> questions;
    std::function<void()> wake;
};

Serving::Serving(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Serving::~Serving() = default;

Result<std::unique_ptr<Serving>> Serving::open(const Setup& setup, const std::string& server_name) {
    auto impl = std::make_unique<Impl>(setup);
    Impl& it = *impl;
    const auto address = split(setup.config.listen);
    it.host = address.host;
    push::ServerOptions options;
    options.host = address.host, options.port = address.port;
    options.io_threads = setup.config.io_threads;
    options.heartbeat = std::chrono::milliseconds{setup.config.heartbeat / 1'000'000};
    options.server = server_name;
    push::Sources sources{it.log,
                          it.registry,
                          catalogue_of(setup),
                          [&it] { return Time::from_nanos(it.evaluated_through); },
                          [&it] {
                              const std::lock_guard lock{it.mutex};
                              return it.feeds;
                          },
                          [&it](push::RulesAnswer answer) {
                              std::function<void()> wake;
                              {
                                  const std::lock_guard lock{it.mutex};
                                  it.questions.push_back(std::move(answer));
                                  wake = it.wake;
                              }
                              if (wake) wake();
                          },
                          [&it] {
                              return it.ready ? std::vector<std::string>{}
                                              : std::vector<std::string>{"the history is still playing"};
                          }};
    it.server = std::make_unique<push::Server>(std::move(options), std::move(sources));
    if (auto opened = it.server->open(); !opened) {
        Error error = opened.error();
        if (error.file.empty()) error = setup.config.listen_place.error(error.message);
        return error;
    }
    return std::unique_ptr<Serving>{new Serving{std::move(impl)}};
}

void Serving::start() {
    impl_->ready = true;
    impl_->server->start();
}

void Serving::stop() {
    impl_->server->stop();
}

std::string Serving::address() const {
    return impl_->host + ':' + std::to_string(impl_->server->port());
}

void Serving::record(std::vector<alert::Alert> alerts) {
    if (!alerts.empty()) impl_->log.append(std::move(alerts), {});
}

void Serving::publish(const Pipeline& pipeline, std::vector<alert::Alert> alerts) {
    const bool news = !alerts.empty();
    if (news) impl_->log.append(std::move(alerts), wall_now());
    impl_->evaluated_through = pipeline.now().nanos();
    impl_->metrics.pipeline(pipeline, impl_->log.head());
    if (news) impl_->server->published();
    std::vector<push::RulesAnswer> questions;
    {
        const std::lock_guard lock{impl_->mutex};
        questions.swap(impl_->questions);
    }
    for (const auto& answer : questions) answer(status_of(impl_->setup, pipeline));
}

void Serving::set_feeds(std::vector<push::FeedStatus> feeds) {
    impl_->metrics.feeds(feeds);
    const std::lock_guard lock{impl_->mutex};
    impl_->feeds = std::move(feeds);
}

void Serving::set_queue(std::size_t waiting) {
    impl_->metrics.queue(waiting);
}

std::uint64_t Serving::head() const {
    return impl_->log.head();
}

void Serving::on_question(std::function<void()> wake) {
    const std::lock_guard lock{impl_->mutex};
    impl_->wake = std::move(wake);
}

} // namespace tocsin::engine
