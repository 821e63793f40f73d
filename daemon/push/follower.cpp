#include "push/follower.hpp"

#include "push/object_writer.hpp"

#include <algorithm>

namespace tocsin::push {
namespace {

std::string list_of(const std::vector<std::string>& texts) {
    return json_list(texts, [](const std::string& text) {
        std::string literal;
        alert::append_json_string(literal, text);
        return literal;
    });
}

std::string json_of(const Filter& filter) {
    ObjectWriter object;
    if (filter.symbols) object.raw("symbols", list_of(*filter.symbols));
    if (filter.rules) object.raw("rules", list_of(*filter.rules));
    if (filter.severity) object.text("severity", alert::name(*filter.severity));
    ObjectWriter labels;
    for (const auto& [key, value] : filter.labels) labels.entry(key, value);
    if (!filter.labels.empty()) object.raw("labels", labels.finish());
    return object.finish();
}

} // namespace

Follower::Follower(Following wanted)
    : filter_{std::move(wanted.filter)}, position_{wanted.since}, opening_{wanted.active} {}

std::string Follower::subscribe() {
    ObjectWriter object;
    object.text("type", "subscribe").text("id", "tail").raw("filter", json_of(filter_));
    if (position_) object.number("since", *position_);
    if (opening_) object.boolean("active", true);
    if (epoch_) object.text("epoch", *epoch_);
    return object.finish();
}

bool Follower::take(const Received& frame) {
    switch (frame.kind) {
    case Received::Kind::hello:
        server_epoch_ = frame.epoch;
        return false;
    case Received::Kind::subscribed:
        epoch_ = server_epoch_;
        if (!position_) position_ = frame.head;
        return false;
    case Received::Kind::alert:
        return take_alert(frame.seq);
    case Received::Kind::gap:
        move_to(frame.to);
        return true;
    case Received::Kind::reset:
        position_ = 0;
        epoch_ = server_epoch_ = frame.epoch;
        seen_.clear();
        return true;
    case Received::Kind::caught_up:
        end_opening();
        move_to(frame.seq);
        return false;
    case Received::Kind::heartbeat:
    case Received::Kind::error:
    case Received::Kind::other:
        return false;
    }
    return false;
}

bool Follower::take_alert(std::uint64_t seq) {
    if (opening_) return seen_.insert(seq).second;
    if (seq <= position_.value_or(0)) return false;
    move_to(seq);
    return true;
}

void Follower::move_to(std::uint64_t seq) {
    position_ = std::max(position_.value_or(0), seq);
}

void Follower::end_opening() {
    opening_ = false;
    seen_.clear();
}

} // namespace tocsin::push
