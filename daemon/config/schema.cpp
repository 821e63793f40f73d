#include "config/schema.hpp"

#include "config/pattern.hpp"

#include <charconv>

namespace tocsin::config {

namespace {

std::int64_t bound(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::string between(const Key& key) {
    return " from " + std::string{key.least} + " to " + std::string{key.most};
}

Json text() {
    return plain_text().set("minLength", Json::literal("1"));
}

Json list_of(Json item) {
    return Json::object({{"type", "array"}, {"items", std::move(item)}});
}

Json distinct(Json item) {
    return list_of(std::move(item)).set("uniqueItems", Json::boolean(true));
}

Json named(const std::string& pattern, std::string_view wanted) {
    return plain_text()
        .set("pattern", '^' + pattern + '$')
        .set("patternErrorMessage", "must be " + std::string{wanted});
}

constexpr std::string_view name_wanted = "a name: up to 100 bytes, no blank at an end";

Json value_of(const Key& key) {
    switch (key.form) {
    case Form::text:
        return text();
    case Form::name:
        return named(name_pattern(), name_wanted);
    case Form::feed_name:
        return named("(?!\\.)(?!clock$)(?![^/]*/)" + name_pattern(),
                     "a name that can be a file's (no slash, no dot in front), and not clock");
    case Form::address:
        return text_like(address_pattern(),
                         "a loopback address with a port, like 127.0.0.1:8787 or [::1]:8787");
    case Form::boolean:
        return Json::object({{"type", "boolean"}});
    case Form::integer:
        return number_like("integer", integer_pattern(bound(key.least), bound(key.most)),
                           "a whole number" + between(key))
            .set("minimum", Json::literal(key.least))
            .set("maximum", Json::literal(key.most));
    case Form::clock_time:
        return text_like(clock_time_pattern(key.least, key.most),
                         "clock time" + between(key) + ", like 90s or 5m");
    case Form::lasting:
        return text_like(lasting_pattern(), std::string{duration_wanted} + ", longer than 0");
    case Form::time:
        return text_like(time_pattern(), time_wanted);
    case Form::expiry:
        return text_like(
            "(?:" + lasting_pattern() + '|' + time_pattern() + ')',
            "a duration like 1d, longer than 0, or a time with an offset, like 2025-04-03T09:00:00+09:00");
    case Form::word:
        return Json::object({{"type", "string"}, {"enum", Json::strings(key.words)}});
    case Form::texts:
        return distinct(text());
    case Form::some_texts:
        return distinct(text()).set("minItems", Json::literal("1"));
    case Form::words:
        return distinct(Json::object({{"type", "string"}, {"enum", Json::strings(key.words)}}));
    case Form::map:
        return schema_of(*key.map);
    case Form::maps:
        return list_of(schema_of(*key.map));
    case Form::named_maps:
        return Json::object({{"type", "object"},
                             {"propertyNames", Json::object({{"pattern", '^' + word_pattern() + '$'}})},
                             {"additionalProperties", schema_of(*key.map)}});
    case Form::labels:
        return Json::object({{"type", "object"},
                             {"propertyNames", Json::object({{"pattern", '^' + name_pattern() + '$'}})},
                             {"additionalProperties",
                              Json::object({{"type", Json::strings({"string", "number", "boolean"})}})}});
    case Form::rule_type:
        return Json::object({{"type", "string"}});
    case Form::params:
        return Json::object({{"type", "object"}});
    }
    return Json::object();
}

/// The default as the value that it is, for editors put it into the file.
Json default_of(const Key& key) {
    const bool bare = key.form == Form::integer || key.form == Form::boolean;
    return bare ? Json::literal(key.dflt) : Json{key.dflt};
}

Json needs(const std::vector<std::string_view>& keys) {
    return Json::object({{"required", Json::strings(keys)}});
}

/// Where that key is, those may not be.
Json refuses(std::string_view key, const std::vector<std::string_view>& others) {
    Json refused = Json::object();
    for (const std::string_view other : others) refused.set(other, Json::boolean(false));
    return Json::object({{"if", needs({key})}, {"then", Json::object({{"properties", std::move(refused)}})}});
}

/// What holds between the keys.
Json rules_between(const Map& map) {
    Json all = Json::list({});
    for (const auto& [one, other] : map.one_of) {
        // Not oneOf: what editors say of that does not name the key.
        all.push(Json::object({{"anyOf", Json::list({needs({one}), needs({other})})}}));
        all.push(refuses(one, {other}));
    }
    for (const Key& key : map.keys)
        if (!key.without.empty()) all.push(refuses(key.name, key.without));
    return all;
}

} // namespace

Json plain_text() {
    return Json::object({{"type", Json::strings({"string", "number"})}});
}

Json text_like(const std::string& pattern, std::string_view wanted) {
    return Json::object({{"type", "string"},
                         {"pattern", '^' + pattern + '$'},
                         {"patternErrorMessage", "must be " + std::string{wanted}}});
}

Json number_like(std::string_view type, const std::string& pattern, std::string_view wanted) {
    return text_like(pattern, wanted).set("type", Json::strings({type, "string"}));
}

Json schema_of(const Map& map) {
    Json properties = Json::object(), dependencies = Json::object();
    std::vector<std::string_view> required;
    for (const Key& key : map.keys) {
        Json value = value_of(key).set("description", key.doc);
        if (!key.dflt.empty()) value.set("default", default_of(key));
        properties.set(key.name, std::move(value));
        if (!key.with.empty()) dependencies.set(key.name, Json::strings(key.with));
        if (key.required) required.push_back(key.name);
    }
    Json schema = Json::object({{"type", "object"}, {"properties", std::move(properties)}});
    if (!required.empty()) schema.set("required", Json::strings(required));
    if (!dependencies.empty()) schema.set("dependencies", std::move(dependencies));
    if (Json all = rules_between(map); !all.empty()) schema.set("allOf", std::move(all));
    return schema.set("additionalProperties", Json::boolean(false));
}

std::string schema_file(std::string_view title, const Json& root) {
    Json file = Json::object({{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}});
    for (const auto& [key, value] : root.members()) file.set(key, value);
    return file.print();
}

std::string configuration_schema() {
    return schema_file("tocsin configuration", schema_of(configuration_map()));
}

} // namespace tocsin::config
