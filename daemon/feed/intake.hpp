// Intake: what every live feed does with its lines: decodes them, refuses what lies too far in the future,
// counts, and hands events on where there is room. The thread of the feed; counters() from any.
#pragma once
#include "config/config.hpp"
#include "feed/decoder.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <string>

namespace tocsin::feed {

/// False where there is no room just now; the event is then untouched.
using TryPush = std::function<bool(market::Event&)>;
/// Wall time, for `max_ahead`.
using Clock = std::function<Time()>;

class Intake {
public:
    /// Requires: a max_ahead in clock time, or none.
    Intake(const config::Feed& feed, market::FeedId id, RejectSink sink, TryPush try_push, Clock now);

    /// True if the line is an event, to be handed on. Otherwise it is counted and told as a reject; `from` is
    /// the file or the peer.
    bool accept(Decoder& decoder, const Line& line, const std::string& from, market::Event& event);
    bool try_push(market::Event& event) const { return try_push_(event); }
    Counters counters() const;

private:
    Checked check(Decoder& decoder, const Line& line, market::Event& event) const;

    const market::FeedId id_;
    const RejectSink sink_;
    const TryPush try_push_;
    const Clock now_;
    const std::int64_t max_ahead_;
    std::atomic<std::uint64_t> events_{0};
    std::array<std::atomic<std::uint64_t>, reject_reasons> rejected_{};
};

} // namespace tocsin::feed
