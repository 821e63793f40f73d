#include "push/http.hpp"

#include "push/frames.hpp"
#include "push/object_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace tocsin::push {
namespace {

constexpr std::uint64_t default_limit = 100, most_limit = 10'000;
constexpr std::size_t alerts_a_read = 1024;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view cut(std::string_view& rest, char at) {
    const std::size_t end = std::min(rest.find(at), rest.size());
    const std::string_view head = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return head;
}

struct Target {
    std::string_view path, query;
};

/// Origin-form or absolute-form (RFC 9112, 3.2).
Target parse_target(std::string_view target) {
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target[0] != '/') {
        const std::size_t path = target.find('/', scheme + 3);
        target = path == std::string_view::npos ? "/" : target.substr(path);
    }
    const std::string_view path = cut(target, '?');
    return {path, target};
}

std::optional<Endpoint> endpoint_at(std::string_view path) {
    constexpr std::array<std::pair<std::string_view, Endpoint>, 7> known{{{"/v1/stream", Endpoint::stream},
                                                                          {"/v1/alerts", Endpoint::alerts},
                                                                          {"/v1/rules", Endpoint::rules},
                                                                          {"/v1/feeds", Endpoint::feeds},
                                                                          {"/healthz", Endpoint::healthz},
                                                                          {"/readyz", Endpoint::readyz},
                                                                          {"/metrics", Endpoint::metrics}}};
    for (const auto& [name, endpoint] : known)
        if (name == path) return endpoint;
    return std::nullopt;
}

/// A web page may speak to the server that it came from and to no other. A page of another site whose name
/// was pointed at this address (DNS rebinding) names itself in Host as well, so names other than localhost do
/// not count as ours.
bool is_own_origin(std::string_view origin, std::string_view host) {
    constexpr std::string_view scheme = "http://";
    if (host.empty() || !origin.starts_with(scheme) || !same_word(origin.substr(scheme.size()), host))
        return false;
    if (host.front() == '[') return true;
    const std::string_view name = cut(host, ':');
    return same_word(name, "localhost") || name.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// RFC 9112: what makes a request ambiguous ends the connection, for what follows cannot be told from a body.
std::optional<Response> refuse_framing(const Request& request) {
    std::string_view why;
    if (request.count("Transfer-Encoding") != 0 && request.count("Content-Length") != 0)
        why = "Transfer-Encoding and Content-Length exclude each other";
    else if (request.count("Transfer-Encoding") != 0 && !request.chunked)
        why = "the last Transfer-Encoding must be chunked";
    else if (request.count("Host") > 1 || (request.version >= 11 && request.count("Host") == 0))
        why = "a request has exactly one Host";
    else if (request.count("Origin") > 1)
        why = "a request has at most one Origin";
    if (why.empty()) return std::nullopt;
    Response response = problem(400, why);
    response.close = true;
    return response;
}

bool is_key(std::string_view key) {
    // Base64 of 16 bytes: 22 digits, of which the last holds two bits, and two pads.
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key.size() == 24 && key.substr(22) == "==" &&
           std::string_view{"AQgw"}.find(key[21]) != std::string_view::npos &&
           key.substr(0, 22).find_first_not_of(digits) == std::string_view::npos;
}

int hex_digit(char c) {
    c = lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

struct AlertsQuery {
    std::uint64_t since = 0, limit = default_limit;
    Filter filter;
    bool firing = false;
};

/// The problem, or empty. A parameter that does not exist is one: a typing error must not widen what is asked
/// for.
std::string parse_query(std::string_view text, AlertsQuery& query) {
    std::map<std::string, std::string> given;
    while (!text.empty()) {
        std::string_view pair = cut(text, '&');
        if (pair.empty()) continue;
        const auto name = decoded(cut(pair, '=')), value = decoded(pair);
        if (!name || !value) return "the query is not well percent-encoded";
        if (!given.emplace(*name, *value).second) return "the query has " + *name + " twice";
    }
    for (const auto& [name, value] : given) {
        if (name == "since") {
            const auto since = whole_number(value);
            if (!since) return "since must be a whole number from 0";
            query.since = *since;
        } else if (name == "limit") {
            const auto limit = whole_number(value);
            if (!limit || *limit < 1 || *limit > most_limit)
                return "limit must be a whole number from 1 to " + std::to_string(most_limit);
            query.limit = *limit;
        } else if (name == "symbol") {
            query.filter.symbols = {value};
        } else if (name == "rule") {
            query.filter.rules = {value};
        } else if (name == "state") {
            if (value != "firing") return "state can only be firing";
            query.firing = true;
        } else {
            return "there is no parameter " + name + "; there are since, limit, symbol, rule and state";
        }
    }
    return {};
}

std::vector<store::EntryPtr> select(const AlertsQuery& query, const store::AlertLog& log) {
    std::vector<store::EntryPtr> found;
    const auto take = [&](const std::vector<store::EntryPtr>& entries) {
        for (const store::EntryPtr& entry : entries) {
            if (found.size() == query.limit) return;
            if (entry->alert.seq > query.since && query.filter.matches(entry->alert)) found.push_back(entry);
        }
    };
    if (query.firing) {
        take(log.firing());
        return found;
    }
    for (std::uint64_t at = query.since; found.size() < query.limit;) {
        const auto entries = log.read(at, alerts_a_read);
        if (entries.empty()) break;
        take(entries);
        at = entries.back()->alert.seq;
    }
    return found;
}

Response alerts_response(std::string_view query_text, const store::AlertLog& log) {
    AlertsQuery query;
    if (const std::string why = parse_query(query_text, query); !why.empty()) return problem(400, why);
    // Head and oldest before the read: what is listed beyond head is then asked for again, not missed.
    ObjectWriter object;
    object.text("epoch", log.epoch()).number("head", log.head()).number("oldest", log.oldest());
    const auto found = select(query, log);
    object.raw("alerts", json_list(found, [](const store::EntryPtr& entry) -> const std::string& {
                   return entry->json;
               }));
    return json_response(object.finish());
}

Response readyz_response(const std::vector<std::string>& reasons) {
    if (reasons.empty()) return json_response(ObjectWriter{}.text("status", "ready").finish());
    std::string detail;
    for (const std::string& reason : reasons) (detail += detail.empty() ? "" : "; ") += reason;
    return problem(503, detail);
}

} // namespace

std::size_t Request::count(std::string_view field) const {
    return static_cast<std::size_t>(std::count_if(
        fields.begin(), fields.end(), [&](const auto& line) { return same_word(line.first, field); }));
}

std::string_view Request::first(std::string_view field) const {
    for (const auto& [name, value] : fields)
        if (same_word(name, field)) return value;
    return {};
}

bool Request::lists(std::string_view field, std::string_view token) const {
    for (const auto& [name, value] : fields) {
        if (!same_word(name, field)) continue;
        for (std::string_view rest = value; !rest.empty();)
            if (same_word(trimmed(cut(rest, ',')), token)) return true;
    }
    return false;
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 426:
        return "Upgrade Required";
    case 431:
        return "Request Header Fields Too Large";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Error";
    }
}

Response problem(unsigned status, std::string_view detail, Fields fields) {
    ObjectWriter object;
    object.text("type", "about:blank")
        .text("title", reason_phrase(status))
        .number("status", status)
        .text("detail", detail);
    return {status, "application/problem+json", object.finish(), std::move(fields), false};
}

Response json_response(std::string body) {
    return {200, "application/json", std::move(body), {}, false};
}

std::string http_date(Time time) {
    constexpr const char* days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string text = time.to_string(); // 2024-08-05T06:00:00[.fraction]Z
    const SessionDate date = SessionDate::parse(std::string_view{text}.substr(0, 10)).value;
    const CivilDate civil = civil_from_days(date.days());
    return std::string{days[date.weekday()]} + ", " + text.substr(8, 2) + ' ' + months[civil.month - 1] +
           ' ' + text.substr(0, 4) + ' ' + text.substr(11, 8) + " GMT";
}

std::variant<Endpoint, Response> route(const Request& request) {
    if (auto refusal = refuse_framing(request)) return std::move(*refusal);
    if (request.count("Origin") == 1 && !is_own_origin(request.first("Origin"), request.first("Host")))
        return problem(403, "web pages of other origins may not use this server");
    const auto endpoint = endpoint_at(parse_target(request.target).path);
    if (!endpoint)
        return problem(404,
                       "nothing is here. The stream is at /v1/stream (WebSocket); the rest is at /v1/alerts, "
                       "/v1/rules, /v1/feeds, /healthz, /readyz and /metrics");
    const bool head_too = *endpoint != Endpoint::stream;
    if (request.method != "GET" && !(head_too && request.method == "HEAD"))
        return problem(405, head_too ? "this takes GET and HEAD" : "the stream takes GET",
                       {{"Allow", head_too ? "GET, HEAD" : "GET"}});
    if (request.chunked || request.content_length != 0)
        return problem(413, "a request has no body here, its limit is 0 bytes");
    return *endpoint;
}

std::optional<Response> refuse_handshake(const Request& request) {
    const auto upgrade_required = [](std::string_view detail) {
        return problem(
            426, detail,
            {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}});
    };
    if (request.version < 11) return problem(400, "a WebSocket handshake needs HTTP/1.1");
    if (!request.lists("Upgrade", "websocket") || !request.lists("Connection", "upgrade"))
        return upgrade_required("the stream is a WebSocket: send Upgrade: websocket and Connection: Upgrade");
    if (request.count("Sec-WebSocket-Version") != 1 || request.first("Sec-WebSocket-Version") != "13")
        return upgrade_required("Sec-WebSocket-Version must be 13");
    if (request.count("Sec-WebSocket-Key") != 1 || !is_key(request.first("Sec-WebSocket-Key")))
        return problem(400, "Sec-WebSocket-Key must stand once, the base64 of 16 bytes");
    return std::nullopt;
}

Response answer(Endpoint endpoint, const Request& request, const Sources& sources) {
    switch (endpoint) {
    case Endpoint::alerts:
        return alerts_response(parse_target(request.target).query, sources.log);
    case Endpoint::feeds:
        return json_response(feeds_json(sources.evaluated_through(), sources.feeds()));
    case Endpoint::healthz:
        return json_response(ObjectWriter{}.text("status", "ok").finish());
    case Endpoint::readyz:
        return readyz_response(sources.unready_reasons());
    case Endpoint::metrics:
        return {200,
                "text/plain; version=0.0.4; charset=utf-8",
                prometheus::TextSerializer{}.Serialize(sources.metrics.Collect()),
                {},
                false};
    case Endpoint::stream:
    case Endpoint::rules:
        break; // the connection's own
    }
    return problem(404, "nothing is here");
}

} // namespace tocsin::push
