#include "push/message.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <simdjson.h>

namespace tocsin::push {
namespace {

namespace dom = simdjson::dom;

// A subscribe nests three deep.
constexpr std::size_t most_levels = 16;

bool has_key_twice(dom::element element) {
    if (dom::array items; element.get(items) == simdjson::SUCCESS)
        return std::any_of(items.begin(), items.end(), has_key_twice);
    dom::object fields;
    if (element.get(fields) != simdjson::SUCCESS) return false;
    std::vector<std::string_view> keys;
    for (const auto& [key, value] : fields) {
        keys.push_back(key);
        if (has_key_twice(value)) return true;
    }
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

std::optional<std::string> text_of(dom::element element) {
    std::string_view text;
    if (element.get(text) != simdjson::SUCCESS) return std::nullopt;
    return std::string{text};
}

// Each reader below returns a refusal, or nothing if all is well; the id is added by the caller.
using Problem = std::optional<Refusal>;

Problem bad_field(std::string message) {
    return Refusal{Code::bad_field, std::move(message), {}};
}

Problem read_globs(dom::element element, const char* name, std::optional<std::vector<std::string>>& globs) {
    const std::string wrong = std::string{"filter."} + name + " must be a list of strings";
    dom::array items;
    if (element.get(items) != simdjson::SUCCESS) return bad_field(wrong);
    globs.emplace();
    for (const dom::element item : items) {
        auto text = text_of(item);
        if (!text) return bad_field(wrong);
        globs->push_back(std::move(*text));
    }
    return std::nullopt;
}

Problem read_labels(dom::element element, std::map<std::string, std::string>& labels) {
    constexpr const char* wrong = "filter.labels must be an object of strings";
    dom::object entries;
    if (element.get(entries) != simdjson::SUCCESS) return bad_field(wrong);
    for (const auto& [key, value] : entries) {
        auto text = text_of(value);
        if (!text) return bad_field(wrong);
        labels.emplace(key, std::move(*text));
    }
    return std::nullopt;
}

Problem read_severity(dom::element element, std::optional<alert::Severity>& severity) {
    const auto word = text_of(element);
    if (word) severity = alert::severity_named(*word);
    if (!severity) return bad_field("filter.severity must be \"info\", \"warning\" or \"critical\"");
    return std::nullopt;
}

Problem read_filter(dom::element element, Filter& filter) {
    dom::object entries;
    if (element.get(entries) != simdjson::SUCCESS) return bad_field("filter must be an object");
    for (const auto& [key, value] : entries) {
        Problem problem = key == "symbols"    ? read_globs(value, "symbols", filter.symbols)
                          : key == "rules"    ? read_globs(value, "rules", filter.rules)
                          : key == "severity" ? read_severity(value, filter.severity)
                          : key == "labels"   ? read_labels(value, filter.labels)
                                              : bad_field("filter has no key \"" + std::string{key} +
                                                          "\"; it has symbols, rules, severity and labels");
        if (problem) return problem;
    }
    const auto count = [](const auto& list) { return list ? list->size() : 0; };
    if (count(filter.symbols) + count(filter.rules) + filter.labels.size() > limits::filter_entries)
        return Refusal{Code::too_large,
                       "a filter has at most " + std::to_string(limits::filter_entries) + " entries",
                       {}};
    return std::nullopt;
}

Problem read_subscribe(dom::object fields, Message& message) {
    for (const auto& [key, value] : fields) {
        if (key == "type" || key == "id") continue;
        if (key == "filter") {
            if (Problem problem = read_filter(value, message.filter)) return problem;
        } else if (key == "since") {
            std::uint64_t since = 0;
            if (value.get(since) != simdjson::SUCCESS)
                return bad_field("since must be a whole number from 0");
            message.since = since;
        } else if (key == "active") {
            if (value.get(message.active) != simdjson::SUCCESS)
                return bad_field("active must be true or false");
        } else if (key == "epoch") {
            message.epoch = text_of(value);
            if (!message.epoch) return bad_field("epoch must be a string");
        } else {
            return bad_field("subscribe has no key \"" + std::string{key} +
                             "\"; it has id, filter, since, active and epoch");
        }
    }
    return std::nullopt;
}

std::optional<Message::Kind> kind_named(std::string_view word) {
    if (word == "subscribe") return Message::Kind::subscribe;
    if (word == "unsubscribe") return Message::Kind::unsubscribe;
    if (word == "ping") return Message::Kind::ping;
    return std::nullopt;
}

} // namespace

std::string_view name(Code code) {
    switch (code) {
    case Code::bad_json:
        return "bad_json";
    case Code::bad_type:
        return "bad_type";
    case Code::bad_field:
        return "bad_field";
    case Code::duplicate_id:
        return "duplicate_id";
    case Code::unknown_id:
        return "unknown_id";
    case Code::too_many:
        return "too_many";
    case Code::too_large:
        return "too_large";
    case Code::no_match:
        return "no_match";
    }
    return "";
}

struct MessageReader::Parser {
    // Allocates once, here; out of memory shows as an error of the first parse.
    Parser() : ready{dom.allocate(limits::client_message_bytes, most_levels)} {}
    dom::parser dom{limits::client_message_bytes};
    simdjson::error_code ready;
};

MessageReader::MessageReader() : parser_{std::make_unique<Parser>()} {}
MessageReader::~MessageReader() = default;

std::variant<Message, Refusal> MessageReader::read(std::string_view text) {
    dom::element root;
    if (text.size() > limits::client_message_bytes)
        return Refusal{Code::too_large,
                       "a message has at most " + std::to_string(limits::client_message_bytes) + " bytes",
                       {}};
    if (const auto error = parser_->dom.parse(text.data(), text.size()).get(root))
        return Refusal{Code::bad_json, std::string{"not JSON: "} + simdjson::error_message(error), {}};
    dom::object fields;
    if (root.get(fields) != simdjson::SUCCESS)
        return Refusal{Code::bad_json, "a message is a JSON object", {}};
    if (has_key_twice(root)) return Refusal{Code::bad_json, "a key stands twice in one object", {}};

    dom::element element;
    std::optional<std::string> id;
    if (fields["id"].get(element) == simdjson::SUCCESS) id = text_of(element);
    const bool long_id = id && id->size() > id_bytes;
    const auto refuse = [&](Refusal refusal) {
        if (!long_id) refusal.id = id;
        return refusal;
    };

    std::string_view type;
    if (fields["type"].get(type) != simdjson::SUCCESS)
        return refuse({Code::bad_type, "type must be a string: subscribe, unsubscribe or ping", {}});
    const auto kind = kind_named(type);
    if (!kind && type == "auth") return refuse({Code::bad_type, "auth is not in this version", {}});
    if (!kind) return refuse({Code::bad_type, "no such type; there are subscribe, unsubscribe and ping", {}});
    if (!id) return refuse({Code::bad_field, "id must be a string", {}});
    if (long_id)
        return refuse({Code::too_large, "an id has at most " + std::to_string(id_bytes) + " bytes", {}});

    Message message;
    message.kind = *kind;
    message.id = *id;
    if (*kind == Message::Kind::subscribe)
        if (Problem problem = read_subscribe(fields, message)) return refuse(std::move(*problem));
    return message;
}

} // namespace tocsin::push
