// Received: a frame of the server as a client sees it (contract section 6), read from its JSON. Keys that are
// not known are passed over, and so is a frame of a type that is not known: a newer server may send more. The
// client's side of frames.hpp; apart from it, so that each is tested against the contract and not against the
// other.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::push {

struct Received {
    enum class Kind : std::uint8_t {
        hello,
        subscribed,
        alert,
        gap,
        reset,
        caught_up,
        heartbeat,
        error,
        other
    };
    Kind kind = Kind::other;
    std::string_view text; // the frame as it came; valid while what it was read from is

    // What a frame does not have is zero or empty.
    std::uint64_t seq = 0, head = 0, from = 0, to = 0;
    std::string epoch;
    std::chrono::milliseconds heartbeat{0}; // of a hello: the time between two heartbeats
    std::string code, message;              // of an error
    std::string at, severity, state, reason, quality, rule, summary; // of an alert
};

class FrameReader {
public:
    FrameReader();
    ~FrameReader();
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;
    /// Nothing if it is no frame: no JSON object with a type, or a field that everything hangs on is missing
    /// (the seq of an alert, the epoch of a reset) or of a wrong type.
    std::optional<Received> read(std::string_view text);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

} // namespace tocsin::push
