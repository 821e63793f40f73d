#include "push/received.hpp"

#include <array>
#include <simdjson.h>
#include <utility>

namespace tocsin::push {
namespace {

namespace dom = simdjson::dom;
using Kind = Received::Kind;

Kind kind_named(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, Kind>, 8> known{{{"hello", Kind::hello},
                                                                      {"subscribed", Kind::subscribed},
                                                                      {"alert", Kind::alert},
                                                                      {"gap", Kind::gap},
                                                                      {"reset", Kind::reset},
                                                                      {"caught_up", Kind::caught_up},
                                                                      {"heartbeat", Kind::heartbeat},
                                                                      {"error", Kind::error}}};
    for (const auto& [name, kind] : known)
        if (name == word) return kind;
    return Kind::other;
}

/// Copies the field where it is there; false if it is not, or is of another type.
bool take(dom::object fields, const char* key, std::string& into) {
    std::string_view text;
    if (fields[key].get(text) != simdjson::SUCCESS) return false;
    into = text;
    return true;
}

bool take(dom::object fields, const char* key, std::uint64_t& into) {
    return fields[key].get(into) == simdjson::SUCCESS;
}

bool take_seconds(dom::object fields, const char* key, std::chrono::milliseconds& into) {
    double seconds = 0; // of waiting, which is never exact
    if (fields[key].get(seconds) != simdjson::SUCCESS || !(seconds > 0 && seconds < 1e6)) return false;
    into = std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
    return true;
}

bool take_alert(dom::object fields, Received& frame) {
    return take(fields, "seq", frame.seq) && take(fields, "at", frame.at) &&
           take(fields, "severity", frame.severity) && take(fields, "state", frame.state) &&
           take(fields, "reason", frame.reason) && take(fields, "quality", frame.quality) &&
           take(fields, "rule", frame.rule) && take(fields, "summary", frame.summary);
}

bool take_fields(dom::object fields, Received& frame) {
    switch (frame.kind) {
    case Kind::hello:
        return take(fields, "epoch", frame.epoch) && take(fields, "head", frame.head) &&
               take_seconds(fields, "heartbeat_s", frame.heartbeat);
    case Kind::subscribed:
    case Kind::heartbeat:
        return take(fields, "head", frame.head);
    case Kind::alert:
        return take_alert(fields, frame);
    case Kind::gap:
        return take(fields, "from", frame.from) && take(fields, "to", frame.to);
    case Kind::reset:
        return take(fields, "epoch", frame.epoch) && take(fields, "head", frame.head);
    case Kind::caught_up:
        return take(fields, "seq", frame.seq);
    case Kind::error:
        return take(fields, "code", frame.code) && take(fields, "message", frame.message);
    case Kind::other:
        return true;
    }
    return false;
}

} // namespace

struct FrameReader::Parser {
    dom::parser dom;
};

FrameReader::FrameReader() : parser_{std::make_unique<Parser>()} {}
FrameReader::~FrameReader() = default;

std::optional<Received> FrameReader::read(std::string_view text) {
    dom::object fields;
    std::string_view type;
    if (parser_->dom.parse(text.data(), text.size()).get(fields) != simdjson::SUCCESS) return std::nullopt;
    if (fields["type"].get(type) != simdjson::SUCCESS) return std::nullopt;
    Received frame;
    frame.kind = kind_named(type);
    frame.text = text;
    if (!take_fields(fields, frame)) return std::nullopt;
    return frame;
}

} // namespace tocsin::push
