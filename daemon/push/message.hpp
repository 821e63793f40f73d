// Message: what a client sends, read from one WebSocket text message (contract section 6). Strict: the text
// is one JSON object and nothing else, no key stands twice, no value has another type than asked for, nesting
// is bounded. A key that is not known is an error in `subscribe` and its filter, where a typing error would
// change what is delivered; elsewhere it is ignored. `auth` is not in this version and is a bad_type.
#pragma once
#include "push/filter.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace tocsin::push {

enum class Code : std::uint8_t {
    bad_json,
    bad_type,
    bad_field,
    duplicate_id,
    unknown_id,
    too_many,
    too_large,
    no_match
};
std::string_view name(Code code);

/// Why a message was not obeyed: an `error` frame. `id` is that of the message, where it had one that can be
/// echoed.
struct Refusal {
    Code code = Code::bad_json;
    std::string message;
    std::optional<std::string> id;
};

struct Message {
    enum class Kind : std::uint8_t { subscribe, unsubscribe, ping };
    Kind kind = Kind::ping;
    std::string id;
    // of a subscribe
    Filter filter;
    std::optional<std::uint64_t> since;
    std::optional<std::string> epoch;
    bool active = false;
};

/// An id names a subscription in every frame about it; a UUID is 36 bytes.
inline constexpr std::size_t id_bytes = 256;

/// Holds the parser's memory (some 10 times limits::client_message_bytes), so there is one a thread, not one
/// a connection.
class MessageReader {
public:
    MessageReader();
    ~MessageReader();
    MessageReader(const MessageReader&) = delete;
    MessageReader& operator=(const MessageReader&) = delete;
    std::variant<Message, Refusal> read(std::string_view text);

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

} // namespace tocsin::push
