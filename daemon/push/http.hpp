// Http: what an HTTP request gets for an answer (contract section 7), without I/O: a plain request in, a
// plain response out. Errors are problem details (RFC 9457). Every endpoint takes GET and HEAD, the stream
// only GET with an upgrade. No request has a body: a GET with one is refused with 413.
#pragma once
#include "push/sources.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tocsin::push {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
    std::string method, target;
    int version = 11; // 10 or 11
    Fields fields;    // every line, in order
    bool chunked = false;
    std::uint64_t content_length = 0;

    std::size_t count(std::string_view field) const;
    /// The first line of that name; empty if there is none.
    std::string_view first(std::string_view field) const;
    /// Whether a comma-separated list over all lines of that name holds the token, in any case.
    bool lists(std::string_view field, std::string_view token) const;
};

struct Response {
    unsigned status = 200;
    std::string content_type, body;
    Fields fields;
    bool close = false; // the connection ends after it
};

enum class Endpoint : std::uint8_t { stream, alerts, rules, feeds, healthz, readyz, metrics };

Response problem(unsigned status, std::string_view detail, Fields fields = {});
std::string_view reason_phrase(unsigned status);
/// `Mon, 05 Aug 2024 06:00:00 GMT` (RFC 9110, 5.6.7).
std::string http_date(Time time);

/// Which endpoint is asked for, or the refusal: framing, Host, a foreign Origin, the path, the method, a
/// body.
std::variant<Endpoint, Response> route(const Request& request);
/// The refusal of a request for the stream that is no good opening handshake (RFC 6455, 4.2.1); nothing if it
/// is one.
std::optional<Response> refuse_handshake(const Request& request);

/// The answer of any endpoint but `stream` and `rules` (whose answer takes a wait).
Response answer(Endpoint endpoint, const Request& request, const Sources& sources);
Response json_response(std::string body);

} // namespace tocsin::push
