#include "feed/intake.hpp"

namespace tocsin::feed {
namespace {

constexpr Duration default_max_ahead{5 * nanos_per_second, DurationUnit::clock};

} // namespace

Intake::Intake(const config::Feed& feed, market::FeedId id, RejectSink sink, TryPush try_push, Clock now)
    : id_{id}, sink_{std::move(sink)}, try_push_{std::move(try_push)}, now_{std::move(now)},
      max_ahead_{feed.max_ahead.value_or(default_max_ahead).count} {}

bool Intake::accept(Decoder& decoder, const Line& line, const std::string& from, market::Event& event) {
    auto fault = check(decoder, line, event);
    if (!fault) {
        event.feed = id_;
        ++events_;
        return true;
    }
    ++rejected_[static_cast<std::size_t>(fault->reason)];
    if (sink_)
        sink_({id_, from, line.number, fault->reason, std::move(fault->detail),
               std::string{line.text.substr(0, kept_text)}});
    return false;
}

Checked Intake::check(Decoder& decoder, const Line& line, market::Event& event) const {
    if (auto fault = decode(decoder, line, event)) return fault;
    const Time wall = now_();
    if (event.at <= wall.plus(max_ahead_)) return {};
    return Fault{RejectReason::future,
                 event.at.to_string() + " lies too far beyond the wall clock, " + wall.to_string()};
}

Counters Intake::counters() const {
    Counters out;
    out.events = events_;
    for (std::size_t i = 0; i < reject_reasons; ++i) out.rejected[i] = rejected_[i];
    return out;
}

} // namespace tocsin::feed
