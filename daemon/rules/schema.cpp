#include "rules/schema.hpp"

#include "alert/summary.hpp"
#include "config/pattern.hpp"
#include "config/schema.hpp"
#include "rules/declaration.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

using config::Json;

constexpr auto least_64 = std::numeric_limits<std::int64_t>::min(),
               most_64 = std::numeric_limits<std::int64_t>::max();

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

/// The value that YAML takes a text for.
Json bare(std::string_view text) {
    if (text == "true" || text == "false") return Json::literal(text);
    if (const auto number = whole(text)) return Json::literal(std::to_string(*number));
    const auto decimal = Price::parse(text);
    return decimal ? Json::literal(decimal.value.to_string()) : Json{text};
}

std::string wanted(const tocsin_param& param) {
    std::string words = "a " + type_in_words(param);
    if (param.min.n != 0) words += ", at least " + std::string{view(param.min)};
    if (param.max.n != 0) words += ", at most " + std::string{view(param.max)};
    return words;
}

/// A number, in quotes or not; the bounds are JSON numbers.
Json number(std::string_view type, const std::string& pattern, const std::string& wanted,
            std::string_view least, std::string_view most) {
    return config::number_like(type, pattern, wanted)
        .set("minimum", Json::literal(least))
        .set("maximum", Json::literal(most));
}

Json whole_number(const tocsin_param& param) {
    const auto least = whole(view(param.min)).value_or(least_64),
               most = whole(view(param.max)).value_or(most_64);
    return number("integer", config::integer_pattern(least, most), wanted(param), std::to_string(least),
                  std::to_string(most));
}

Json decimal(const tocsin_param& param, std::string_view behind) {
    const auto bound = [](tocsin_str given, std::int64_t end) {
        return given.n != 0 ? Price::parse(view(given)).value : Price::from_nanos(end);
    };
    const Price least = bound(param.min, least_64), most = bound(param.max, most_64);
    const std::string like =
        behind.empty() ? ": digits, at most 9 of them behind the point" : ", like 100 or 0.5%";
    return number("number", config::decimal_pattern(least, most, behind), wanted(param) + like,
                  least.to_string(), most.to_string());
}

Json object_of(const tocsin_param* first, std::uint32_t n, std::uint32_t stride);

Json choices(const tocsin_param& param) {
    std::vector<Json> all;
    Json schema = Json::object({{"type", "string"}});
    for (const std::string_view choice : choices_of(param)) {
        all.emplace_back(choice);
        // A word that looks like a number is one in an editor; in quotes it is itself.
        if (Json value = bare(choice); value != all.back()) {
            all.push_back(std::move(value));
            schema = Json::object();
        }
    }
    return schema.set("enum", Json::list(std::move(all)));
}

Json value_of(const tocsin_param& param) {
    switch (param.type) {
    case TOCSIN_T_BOOL:
        return config::number_like("boolean", "(?:true|false)", "true or false");
    case TOCSIN_T_INT:
        return whole_number(param);
    case TOCSIN_T_DECIMAL:
        return decimal(param, "");
    case TOCSIN_T_AMOUNT:
        return decimal(param, "%?");
    case TOCSIN_T_DURATION: {
        std::string words{config::duration_wanted};
        if (param.min.n != 0 || param.max.n != 0) words = wanted(param);
        return config::text_like(config::duration_pattern(view(param.min), view(param.max)), words);
    }
    case TOCSIN_T_TIME:
        return config::text_like(config::time_pattern(), config::time_wanted);
    case TOCSIN_T_SESSION:
        return config::text_like(config::date_pattern(), config::date_wanted);
    case TOCSIN_T_STRING:
        return config::plain_text();
    case TOCSIN_T_ENUM:
        return choices(param);
    case TOCSIN_T_SCOPE:
        return config::text_like("(?:all_time|last:" + config::number_pattern(1, most_scope) +
                                     "|since:" + config::date_pattern() + ')',
                                 "a scope: all_time, last:250 or since:2020-01-01");
    case TOCSIN_T_OBJECT:
        return object_of(param.fields, param.n_fields, param.field_stride);
    default: // a type of a newer interface: nothing is a value of it
        return Json::object({{"not", Json::object()}});
    }
}

Json schema_of(const tocsin_param& param) {
    Json schema = value_of(param);
    if ((param.flags & TOCSIN_P_LIST) != 0) {
        schema = Json::object({{"type", "array"}, {"items", std::move(schema)}});
        if (param.max_items != 0) schema.set("maxItems", Json::literal(std::to_string(param.max_items)));
    }
    schema.set("description", std::string{view(param.doc)} + " (" + facts(param) + ')');
    if (param.dflt.n != 0) schema.set("default", bare(view(param.dflt)));
    return schema;
}

/// An object that may be absent as a whole is filled from its fields' defaults, if they have some.
bool is_required(const tocsin_param& param) {
    if ((param.flags & (TOCSIN_P_OPTIONAL | TOCSIN_P_LIST | TOCSIN_P_NOT_YET)) != 0 || param.dflt.n != 0)
        return false;
    if (param.type != TOCSIN_T_OBJECT) return true;
    for (std::uint32_t i = 0; i < param.n_fields; ++i)
        if (is_required(declared_at(param.fields, param.field_stride, i))) return true;
    return false;
}

Json object_of(const tocsin_param* first, std::uint32_t n, std::uint32_t stride) {
    Json properties = Json::object();
    std::vector<std::string_view> required;
    for (std::uint32_t i = 0; i < n; ++i) {
        const tocsin_param& param = declared_at(first, stride, i);
        if ((param.flags & TOCSIN_P_NOT_YET) != 0) continue;
        properties.set(view(param.name), schema_of(param));
        if (is_required(param)) required.push_back(view(param.name));
    }
    Json object = Json::object({{"type", "object"}, {"properties", std::move(properties)}});
    if (!required.empty()) object.set("required", Json::strings(required));
    return object.set("additionalProperties", Json::boolean(false));
}

/// A sentence with the placeholders of the type.
Json summary_of(const tocsin_rule& type) {
    std::string names;
    const auto add = [&](std::string_view name) {
        if (!names.empty()) names += '|';
        names += config::escaped(name);
    };
    for (const std::string_view name : alert::common_placeholders()) add(name);
    for (std::uint32_t i = 0; i < type.n_values; ++i)
        add(view(declared_at(type.values, type.value_stride, i).name));
    Json summary =
        Json::object({{"pattern", R"(^(?:[^{}]|\{\{|\}\}|\{(?:)" + names + R"()\})*$)"},
                      {"patternErrorMessage", "names what " + std::string{view(type.name)} +
                                                  " does not report, or a brace is alone (write {{ or }})"}});
    if (type.n_summaries != 0) summary.set("default", view(type.summaries[0]));
    return summary;
}

/// What a rule of that type is besides what every rule is.
Json rule_of(const tocsin_rule& type) {
    Json params = object_of(type.params, type.n_params, type.param_stride);
    std::vector<std::string_view> required;
    if (type.symbols == TOCSIN_SYMBOLS_REQUIRED) required.emplace_back("symbols");
    for (const auto& [key, value] : params.members())
        if (key == "required") required.emplace_back("params");
    Json properties =
        Json::object({{"params", params.set("description", view(type.doc))}, {"summary", summary_of(type)}});
    if (type.symbols == TOCSIN_SYMBOLS_NONE) properties.set("symbols", Json::boolean(false));
    Json rule = Json::object({{"properties", std::move(properties)}});
    if (!required.empty()) rule.set("required", Json::strings(required));
    return rule;
}

Json is_type(std::string_view name) {
    return Json::object({{"properties", Json::object({{"type", Json::object({{"const", name}})}})},
                         {"required", Json::strings({"type"})}});
}

} // namespace

std::string rule_file_schema(const Plugins& plugins) {
    Json names = Json::list({}), docs = Json::list({}), by_type = Json::list({});
    for (const auto& [name, type] : plugins.types()) {
        names.push(name);
        docs.push(view(type.rule->doc));
        by_type.push(Json::object({{"if", is_type(name)}, {"then", rule_of(*type.rule)}}));
    }
    Json rule = config::schema_of(config::rule_map());
    Json& type = rule.at("properties").at("type");
    if (plugins.types().empty()) {
        type.set("not", Json::object()); // draft-07 wants something in its lists
    } else {
        type.set("enum", std::move(names)).set("enumDescriptions", std::move(docs));
        rule.set("allOf", std::move(by_type));
    }
    Json root = config::schema_of(config::rule_file_map());
    root.at("properties").at("rules").set("items", std::move(rule));
    return config::schema_file("tocsin rule file", root);
}

} // namespace tocsin::rules
