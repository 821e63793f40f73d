#include "push/status.hpp"

#include "push/object_writer.hpp"

namespace tocsin::push {
namespace {

std::string object_of(const std::map<std::string, std::string>& labels) {
    ObjectWriter object;
    for (const auto& [key, value] : labels) object.entry(key, value);
    return object.finish();
}

std::string distance_json(const Distance& distance) {
    ObjectWriter object;
    object.text("what", distance.what);
    if (distance.value.kind != alert::Value::Kind::absent) object.value("value", distance.value);
    object.text("op", distance.op).value("threshold", distance.threshold);
    if (distance.margin.kind != alert::Value::Kind::absent) object.value("margin", distance.margin);
    return object.finish();
}

std::string instance_json(const InstanceStatus& instance) {
    ObjectWriter object;
    if (!instance.symbol.empty()) object.text("symbol", instance.symbol);
    if (!instance.subject.empty()) object.text("subject", instance.subject);
    object.text("state", name(instance.state));
    if (instance.level) object.value("level", *instance.level);
    if (!instance.reason.empty()) object.text("reason", instance.reason);
    if (instance.have) object.number("have", *instance.have);
    if (instance.need) object.number("need", *instance.need);
    object.raw("distance", json_list(instance.distance, distance_json));
    return object.finish();
}

std::string rule_json(const RuleStatus& rule) {
    return ObjectWriter{}
        .text("name", rule.name)
        .text("type", rule.type)
        .text("severity", alert::name(rule.severity))
        .boolean("enabled", rule.enabled)
        .raw("labels", object_of(rule.labels))
        .raw("instances", json_list(rule.instances, instance_json))
        .finish();
}

std::string feed_json(const FeedStatus& feed) {
    ObjectWriter reasons;
    for (const auto& [reason, count] : feed.by_reason) reasons.entry(reason, count);
    return ObjectWriter{}
        .text("name", feed.name)
        .text("state", name(feed.state))
        .number("events", feed.events)
        .number("rejected", feed.rejected)
        .raw("rejected_by_reason", reasons.finish())
        .time_or_null("newest", feed.newest)
        .finish();
}

} // namespace

std::string_view name(FeedState state) {
    switch (state) {
    case FeedState::waiting:
        return "waiting";
    case FeedState::reading:
        return "reading";
    case FeedState::live:
        return "live";
    case FeedState::ended:
        return "ended";
    case FeedState::failed:
        return "failed";
    }
    return "";
}

std::string_view name(InstanceState state) {
    switch (state) {
    case InstanceState::armed:
        return "armed";
    case InstanceState::pending:
        return "pending";
    case InstanceState::firing:
        return "firing";
    case InstanceState::held:
        return "held";
    case InstanceState::warmup:
        return "warmup";
    }
    return "";
}

std::string rules_json(const std::vector<RuleStatus>& rules) {
    return ObjectWriter{}.raw("rules", json_list(rules, rule_json)).finish();
}

std::string feeds_json(Time evaluated_through, const std::vector<FeedStatus>& feeds) {
    return ObjectWriter{}
        .time_or_null("evaluated_through", evaluated_through)
        .raw("feeds", json_list(feeds, feed_json))
        .finish();
}

} // namespace tocsin::push
