// Any bytes as a client's messages, a line each, on one connection. Whatever they are, the server's answers
// are JSON objects with a type, every message is answered, and an alert that is due comes in order.
#include "push/protocol.hpp"
#include "store/memory_log.hpp"

#include <cstdint>
#include <cstdlib>
#include <prometheus/registry.h>
#include <simdjson.h>

namespace {

using namespace tocsin;

struct Server {
    store::MemoryLog log{"0123456789abcdef", 8};
    push::Catalogue catalogue{
        {{"nikkei-drop", "session_move", {alert::Severity::warning}, {{"desk", "japan"}}, {"N225"}}},
        {"N225"}};
    prometheus::Registry registry;
    push::Metrics metrics{registry};
    push::MessageReader reader;
    push::Frame hello = push::hello_frame("tocsin", log.epoch(), 0, std::chrono::seconds{15});
    simdjson::dom::parser parser;

    Server() {
        alert::Alert alert;
        alert.id = "0123456789abcdef0123456789abcdef";
        alert.rule = "nikkei-drop";
        alert.kind = "session_move";
        alert.symbol = "N225";
        alert.state = alert::State::firing;
        alert.labels = {{"desk", "japan"}};
        log.append(std::vector<alert::Alert>(12, alert), std::nullopt);
    }
};

void must(bool holds) {
    if (!holds) std::abort();
}

std::size_t count_frames(Server& server, push::Protocol& protocol) {
    std::vector<push::Frame> frames;
    while (protocol.collect(frames, 1000)) must(frames.size() < 1'000'000);
    for (const push::Frame& frame : frames) {
        std::string_view type;
        must(server.parser.parse(frame->data(), frame->size())["type"].get(type) == simdjson::SUCCESS);
    }
    return frames.size();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Server server;
    push::Protocol protocol{{server.log, server.catalogue, server.reader, server.metrics}, server.hello};
    must(count_frames(server, protocol) == 1);
    const std::string text(data, data + size);
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        protocol.receive(std::string_view{text}.substr(at, end - at));
        must(count_frames(server, protocol) >= 1);
        at = end + 1;
    }
    return 0;
}
