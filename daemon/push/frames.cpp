#include "push/frames.hpp"

#include "push/object_writer.hpp"

namespace tocsin::push {
namespace {

ObjectWriter typed(std::string_view type) {
    return std::move(ObjectWriter{}.text("type", type));
}
Frame framed(ObjectWriter& object) {
    return std::make_shared<const std::string>(object.finish());
}

} // namespace

Frame hello_frame(std::string_view server, std::string_view epoch, std::uint64_t head,
                  std::chrono::milliseconds heartbeat) {
    return framed(typed("hello")
                      .text("server", server)
                      .text("epoch", epoch)
                      .number("head", head)
                      .value("heartbeat_s", alert::Value::of_decimal(heartbeat.count() * 1'000'000)));
}

Frame subscribed_frame(std::string_view id, std::uint64_t head, std::uint64_t oldest) {
    return framed(typed("subscribed").text("id", id).number("head", head).number("oldest", oldest));
}

Frame unsubscribed_frame(std::string_view id) {
    return framed(typed("unsubscribed").text("id", id));
}

Frame gap_frame(std::string_view id, std::uint64_t from, std::uint64_t to) {
    return framed(typed("gap").text("id", id).number("from", from).number("to", to));
}

Frame reset_frame(std::string_view id, std::string_view epoch, std::uint64_t head) {
    return framed(typed("reset").text("id", id).text("epoch", epoch).number("head", head));
}

Frame caught_up_frame(std::string_view id, std::uint64_t seq) {
    return framed(typed("caught_up").text("id", id).number("seq", seq));
}

Frame heartbeat_frame(std::string_view epoch, std::uint64_t head, Time evaluated_through,
                      const std::vector<FeedStatus>& feeds) {
    ObjectWriter states;
    for (const FeedStatus& feed : feeds) states.entry(feed.name, name(feed.state));
    return framed(typed("heartbeat")
                      .text("epoch", epoch)
                      .number("head", head)
                      .time_or_null("evaluated_through", evaluated_through)
                      .raw("feeds", states.finish()));
}

Frame pong_frame(std::string_view id) {
    return framed(typed("pong").text("id", id));
}

Frame error_frame(const Refusal& refusal) {
    ObjectWriter object = typed("error");
    if (refusal.id) object.text("id", *refusal.id);
    return framed(object.text("code", name(refusal.code)).text("message", refusal.message));
}

Frame alert_frame(const store::EntryPtr& entry) {
    return {entry, &entry->json};
}

} // namespace tocsin::push
