#include "alert/json.hpp"

#include "alert/summary.hpp"

namespace tocsin::alert {
namespace {

/// Bytes of the UTF-8 character at the front (RFC 3629: no overlong form, no surrogate, nothing above
/// U+10FFFF); 0 if there is none. Requires: not empty.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto in = [&](std::size_t i, unsigned least, unsigned most) {
        return byte(i) >= least && byte(i) <= most;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    if (first < 0xe0) return in(1, 0x80, 0xbf) ? 2 : 0;
    const unsigned least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (!in(1, least, most) || !in(2, 0x80, 0xbf)) return 0;
    if (first < 0xf0) return 3;
    return in(3, 0x80, 0xbf) ? 4 : 0;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
    case '"':
        out += "\\\"";
        return;
    case '\\':
        out += "\\\\";
        return;
    case '\b':
        out += "\\b";
        return;
    case '\f':
        out += "\\f";
        return;
    case '\n':
        out += "\\n";
        return;
    case '\r':
        out += "\\r";
        return;
    case '\t':
        out += "\\t";
        return;
    }
    const auto code = static_cast<unsigned char>(c);
    if (code >= 0x20) {
        out += c;
        return;
    }
    out += "\\u00";
    out += "0123456789abcdef"[code >> 4];
    out += "0123456789abcdef"[code & 15];
}

/// `,"key":`
void append_key(std::string& out, std::string_view key) {
    if (out.back() != '{') out += ',';
    append_json_string(out, key);
    out += ':';
}

void append_member(std::string& out, std::string_view key, std::string_view text) {
    append_key(out, key);
    append_json_string(out, text);
}

} // namespace

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0)
            out += "\xef\xbf\xbd"; // U+FFFD
        else if (length == 1)
            append_escaped(out, text.front());
        else
            out += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

void append_json(std::string& out, const Value& value) {
    switch (value.kind) {
    case Value::Kind::absent:
        out += "null";
        return;
    case Value::Kind::boolean:
    case Value::Kind::integer:
    case Value::Kind::decimal:
        out += print(value);
        return;
    case Value::Kind::text:
    case Value::Kind::time:
    case Value::Kind::session:
        append_json_string(out, print(value));
        return;
    case Value::Kind::list:
        out += '[';
        for (const Value& item : value.items) {
            if (out.back() != '[') out += ',';
            append_json(out, item);
        }
        out += ']';
        return;
    case Value::Kind::object:
        out += '{';
        for (std::size_t i = 0; i < value.items.size(); ++i) {
            append_key(out, value.keys[i]);
            append_json(out, value.items[i]);
        }
        out += '}';
        return;
    }
}

std::string to_json(const Alert& alert, std::optional<Time> emitted) {
    std::string out = "{";
    append_member(out, "type", "alert");
    append_key(out, "seq");
    out += std::to_string(alert.seq);
    append_member(out, "id", alert.id);
    append_key(out, "transition");
    out += std::to_string(alert.transition);
    append_member(out, "state", name(alert.state));
    append_member(out, "reason", name(alert.reason));
    append_member(out, "rule", alert.rule);
    append_member(out, "kind", alert.kind);
    if (!alert.symbol.empty()) append_member(out, "symbol", alert.symbol);
    if (!alert.subject.empty()) append_member(out, "subject", alert.subject);
    if (alert.session) append_member(out, "session", alert.session->to_string());
    append_member(out, "severity", name(alert.severity));
    append_member(out, "at", alert.at.to_string());
    append_member(out, "summary", alert.summary);
    append_key(out, "values");
    out += '{';
    for (const NamedValue& value : alert.values) {
        append_key(out, value.name);
        append_json(out, value.value);
    }
    out += '}';
    append_key(out, "labels");
    out += '{';
    for (const auto& [label, text] : alert.labels) append_member(out, label, text);
    out += '}';
    append_member(out, "quality", name(alert.quality));
    if (alert.muted) append_key(out, "muted"), out += "true";
    if (emitted) append_member(out, "emitted", emitted->to_string());
    return out += '}';
}

} // namespace tocsin::alert
