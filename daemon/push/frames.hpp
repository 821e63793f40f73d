// Frames: the server's messages as JSON text, ready to be sent and shared by all who send the same. Alerts
// are not made here: their bytes come from the log.
#pragma once
#include "push/message.hpp"
#include "push/status.hpp"
#include "store/alert_log.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::push {

using Frame = std::shared_ptr<const std::string>;

Frame hello_frame(std::string_view server, std::string_view epoch, std::uint64_t head,
                  std::chrono::milliseconds heartbeat);
Frame subscribed_frame(std::string_view id, std::uint64_t head, std::uint64_t oldest);
Frame unsubscribed_frame(std::string_view id);
Frame gap_frame(std::string_view id, std::uint64_t from, std::uint64_t to);
Frame reset_frame(std::string_view id, std::string_view epoch, std::uint64_t head);
Frame caught_up_frame(std::string_view id, std::uint64_t seq);
/// `evaluated_through` is null as long as nothing was evaluated (Time::min()).
Frame heartbeat_frame(std::string_view epoch, std::uint64_t head, Time evaluated_through,
                      const std::vector<FeedStatus>& feeds);
Frame pong_frame(std::string_view id);
Frame error_frame(const Refusal& refusal);
/// The bytes of a log's entry, which stays alive as long as the frame.
Frame alert_frame(const store::EntryPtr& entry);

} // namespace tocsin::push
