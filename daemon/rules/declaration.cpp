#include "rules/declaration.hpp"

#include "config/config.hpp"
#include "config/nearest.hpp"

#include <charconv>
#include <optional>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (!text.empty()) {
        const auto end = text.find(separator);
        parts.push_back(text.substr(0, end));
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    }
    return parts;
}

std::optional<std::int64_t> integer(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

std::string quoted(std::string_view text) {
    return '"' + std::string{text} + '"';
}

/// `a whole number`, `an object`, `one of up, down`.
std::string wanted(const tocsin_param& param) {
    const std::string words = type_in_words(param);
    if (words.starts_with("one of")) return words;
    return (words.starts_with('o') ? "an " : "a ") + words;
}

} // namespace

class ParamReader {
public:
    ParamReader(Params& params, Diagnostics& diagnostics) : params_{params}, diagnostics_{diagnostics} {}

    /// The fields of an object, in the declared order. `node` may be null: every field absent.
    std::vector<tocsin_value> fields(const tocsin_param* first, std::uint32_t n, std::uint32_t stride,
                                     const config::Node* node, const config::Place& place,
                                     const std::string& path) {
        std::vector<tocsin_value> values(n);
        if (node != nullptr && !node->is_map() && !node->is_null()) {
            error(node->place,
                  quoted(path.empty() ? "params" : path) + " must be a map, found " + node->described());
            return values;
        }
        std::vector<std::string_view> names;
        for (std::uint32_t i = 0; i < n; ++i) {
            const tocsin_param& param = declared_at(first, stride, i);
            const std::string_view name = view(param.name);
            const config::Node* given = node != nullptr ? node->find(name) : nullptr;
            if ((param.flags & TOCSIN_P_NOT_YET) != 0) {
                if (given != nullptr) error(key_place(*node, name), quoted(name) + " is not in this version");
                continue;
            }
            names.push_back(name);
            values[i] =
                value(param, given, place, path.empty() ? std::string{name} : path + '.' + std::string{name});
        }
        if (node != nullptr)
            for (const auto& entry : node->entries)
                if (!declared(first, n, stride, entry.key))
                    error(entry.place,
                          "unknown parameter " + quoted(entry.key) + config::did_you_mean(entry.key, names));
        return values;
    }

private:
    static bool declared(const tocsin_param* first, std::uint32_t n, std::uint32_t stride,
                         std::string_view key) {
        for (std::uint32_t i = 0; i < n; ++i)
            if (view(declared_at(first, stride, i).name) == key) return true;
        return false;
    }

    static config::Place key_place(const config::Node& map, std::string_view key) {
        for (const auto& entry : map.entries)
            if (entry.key == key) return entry.place;
        return map.place;
    }

    tocsin_value value(const tocsin_param& param, const config::Node* node, const config::Place& place,
                       const std::string& path) {
        if (node != nullptr && node->is_null() && (param.flags & TOCSIN_P_OPTIONAL) == 0) {
            error(node->place, quoted(path) + " has no value: give " + wanted(param));
            return {};
        }
        if (node != nullptr && node->is_null()) node = nullptr;
        if ((param.flags & TOCSIN_P_LIST) != 0) return list(param, node, path);
        if (param.type == TOCSIN_T_OBJECT) {
            if (node == nullptr && (param.flags & TOCSIN_P_OPTIONAL) != 0) return {};
            const auto& items =
                params_.lists_.emplace_back(fields(param.fields, param.n_fields, param.field_stride, node,
                                                   node != nullptr ? node->place : place, path));
            return made_list(TOCSIN_T_OBJECT, items);
        }
        if (node == nullptr) {
            if (param.dflt.n != 0) return scalar(param, view(param.dflt), place, path);
            if ((param.flags & TOCSIN_P_OPTIONAL) == 0)
                error(place, "parameter " + quoted(path) + " is missing: " + std::string{view(param.doc)} +
                                 " (" + type_in_words(param) + ")");
            return {};
        }
        if (!node->is_scalar()) {
            error(node->place, quoted(path) + " must be " + wanted(param) + ", found " + node->described());
            return {};
        }
        return scalar(param, node->text, node->place, path);
    }

    tocsin_value list(const tocsin_param& param, const config::Node* node, const std::string& path) {
        if (node == nullptr) return {};
        if (!node->is_list()) {
            error(node->place, quoted(path) + " must be a list, found " + node->described());
            return {};
        }
        if (param.max_items != 0 && node->items.size() > param.max_items)
            error(node->place, quoted(path) + " has " + std::to_string(node->items.size()) +
                                   " items, at most " + std::to_string(param.max_items) + " are possible");
        tocsin_param item = param;
        item.flags &= ~std::uint32_t{TOCSIN_P_LIST | TOCSIN_P_OPTIONAL};
        std::vector<tocsin_value> items;
        for (std::size_t i = 0; i < node->items.size(); ++i)
            items.push_back(
                value(item, &node->items[i], node->items[i].place, path + '[' + std::to_string(i) + ']'));
        return made_list(TOCSIN_T_LIST, params_.lists_.emplace_back(std::move(items)));
    }

    static tocsin_value made_list(tocsin_type type, const std::vector<tocsin_value>& items) {
        tocsin_value made{};
        made.type = type;
        made.u.list.at = items.data(), made.u.list.n = static_cast<std::uint32_t>(items.size());
        made.u.list.stride = sizeof(tocsin_value);
        return made;
    }

    tocsin_value scalar(const tocsin_param& param, std::string_view text, const config::Place& place,
                        const std::string& path) {
        tocsin_value v = parse(param, text, place, path);
        if (v.type == 0) return v;
        const auto beyond = [&](tocsin_str bound, bool below) {
            if (bound.n == 0) return false;
            const tocsin_value limit = parse(param, view(bound), place, path);
            return below ? less(v, limit) : less(limit, v);
        };
        if (beyond(param.min, true))
            error(place, quoted(path) + " is " + std::string{text} + ", it must be at least " +
                             std::string{view(param.min)});
        else if (beyond(param.max, false))
            error(place, quoted(path) + " is " + std::string{text} + ", it must be at most " +
                             std::string{view(param.max)});
        return v;
    }

    /// Whether a comes before b; never where they cannot be compared: minutes with sessions.
    static bool less(const tocsin_value& a, const tocsin_value& b) {
        if (a.type == TOCSIN_T_DURATION) return a.u.dur.unit == b.u.dur.unit && a.u.dur.count < b.u.dur.count;
        return a.u.i < b.u.i;
    }

    tocsin_value parse(const tocsin_param& param, std::string_view text, const config::Place& place,
                       const std::string& path) {
        tocsin_value v{};
        v.type = param.type;
        const auto wrong = [&, given = text](std::string_view problem) {
            error(place, quoted(path) + ": " + quoted(given) + ' ' + std::string{problem});
            return tocsin_value{};
        };
        const auto expected = [&] { return wrong("is no " + type_in_words(param)); };
        switch (param.type) {
        case TOCSIN_T_BOOL:
            if (text != "true" && text != "false") return wrong("must be true or false");
            v.u.i = text == "true" ? 1 : 0;
            return v;
        case TOCSIN_T_INT:
            if (const auto number = integer(text)) return v.u.i = *number, v;
            return wrong("is no whole number");
        case TOCSIN_T_AMOUNT:
            if (text.ends_with('%')) v.flags = TOCSIN_V_PERCENT, text.remove_suffix(1);
            [[fallthrough]];
        case TOCSIN_T_DECIMAL: {
            const auto parsed = Price::parse(text);
            if (!parsed) return wrong(parsed.problem);
            v.u.i = parsed.value.nanos();
            return v;
        }
        case TOCSIN_T_DURATION: {
            const auto parsed = config::parse_duration(text);
            if (!parsed.problem.empty()) return wrong(parsed.problem);
            v.u.dur.count = parsed.value.count, v.u.dur.unit = static_cast<std::uint32_t>(parsed.value.unit);
            return v;
        }
        case TOCSIN_T_TIME: {
            const auto parsed = Time::parse(text);
            if (!parsed) return wrong(parsed.problem);
            v.u.i = parsed.value.nanos();
            return v;
        }
        case TOCSIN_T_SESSION: {
            const auto parsed = SessionDate::parse(text);
            if (!parsed) return wrong(parsed.problem);
            v.u.i = parsed.value.days();
            return v;
        }
        case TOCSIN_T_STRING:
            v.u.s = str(params_.texts_.emplace_back(text));
            return v;
        case TOCSIN_T_ENUM: {
            const auto choices = choices_of(param);
            for (std::size_t i = 0; i < choices.size(); ++i)
                if (choices[i] == text) return v.u.i = static_cast<std::int64_t>(i), v;
            return wrong("is not " + type_in_words(param) + config::did_you_mean(text, choices));
        }
        case TOCSIN_T_SCOPE:
            return scope(v, text) ? v : wrong("is no scope: write all_time, last:250 or since:2020-01-01");
        default:
            return expected();
        }
    }

    static bool scope(tocsin_value& v, std::string_view text) {
        if (text == "all_time") return v.u.scope.kind = TOCSIN_SCOPE_ALL, true;
        if (text.starts_with("last:")) {
            const auto count = integer(text.substr(5));
            v.u.scope.kind = TOCSIN_SCOPE_LAST, v.u.scope.value = count.value_or(0);
            return count && *count >= 1 && *count <= most_scope;
        }
        if (!text.starts_with("since:")) return false;
        const auto date = SessionDate::parse(text.substr(6));
        v.u.scope.kind = TOCSIN_SCOPE_SINCE, v.u.scope.value = date.value.days();
        return static_cast<bool>(date);
    }

    void error(const config::Place& place, std::string message) {
        diagnostics_.add(place.error(std::move(message)));
    }

    Params& params_;
    Diagnostics& diagnostics_;
};

std::unique_ptr<Params> read_params(const tocsin_rule& type, const config::Node& params,
                                    const config::Place& rule, Diagnostics& diagnostics) {
    auto read = std::make_unique<Params>();
    read->top_ = ParamReader{*read, diagnostics}.fields(type.params, type.n_params, type.param_stride,
                                                        &params, rule, "");
    return read;
}

config::Place place_of(const config::Node& params, std::string_view path, const config::Place& rule) {
    const config::Node* at = &params;
    config::Place place = params.place.file.empty() ? rule : params.place;
    while (!path.empty()) {
        const auto end = path.find_first_of(".[", 1);
        std::string_view step = path.substr(0, end);
        path = end == std::string_view::npos ? std::string_view{}
                                             : path.substr(path[end] == '.' ? end + 1 : end);
        if (step.starts_with('[')) {
            const auto index = integer(step.substr(1, step.size() - 2));
            if (!at->is_list() || !index || *index < 0 ||
                static_cast<std::size_t>(*index) >= at->items.size())
                break;
            at = &at->items[static_cast<std::size_t>(*index)];
        } else {
            const config::Node* next = at->find(step);
            if (next == nullptr) break;
            at = next;
        }
        place = at->place;
    }
    return place;
}

namespace {

std::string_view word_of(std::uint32_t type) {
    switch (type) {
    case TOCSIN_T_BOOL:
        return "boolean";
    case TOCSIN_T_INT:
        return "whole number";
    case TOCSIN_T_DECIMAL:
        return "decimal";
    case TOCSIN_T_AMOUNT:
        return "decimal or percentage";
    case TOCSIN_T_DURATION:
        return "duration";
    case TOCSIN_T_TIME:
        return "time";
    case TOCSIN_T_SESSION:
        return "session date";
    case TOCSIN_T_STRING:
        return "string";
    case TOCSIN_T_ENUM:
        return "word";
    case TOCSIN_T_SCOPE:
        return "scope";
    case TOCSIN_T_OBJECT:
        return "object";
    case TOCSIN_T_LIST:
        return "list";
    case TOCSIN_T_PERCENT:
        return "percent";
    default:
        return "value of an unknown type";
    }
}

void describe_params(std::string& out, const tocsin_param* first, std::uint32_t n, std::uint32_t stride,
                     const std::string& indent) {
    for (std::uint32_t i = 0; i < n; ++i) {
        const tocsin_param& param = declared_at(first, stride, i);
        if ((param.flags & TOCSIN_P_NOT_YET) != 0) continue;
        out += indent + std::string{view(param.name)} + "  (" + facts(param) + ")\n" + indent + "    " +
               std::string{view(param.doc)} + '\n';
        if (param.n_fields != 0)
            describe_params(out, param.fields, param.n_fields, param.field_stride, indent + "    ");
    }
}

} // namespace

std::vector<std::string_view> choices_of(const tocsin_param& param) {
    return split(view(param.choices), '|');
}

std::string facts(const tocsin_param& param) {
    std::string out = type_in_words(param);
    if (param.dflt.n != 0)
        out += ", default " + std::string{view(param.dflt)};
    else if ((param.flags & TOCSIN_P_OPTIONAL) != 0)
        out += ", optional";
    else if (param.type != TOCSIN_T_OBJECT)
        out += ", required";
    if (param.min.n != 0) out += ", at least " + std::string{view(param.min)};
    if (param.max.n != 0) out += ", at most " + std::string{view(param.max)};
    return out;
}

std::string type_in_words(const tocsin_param& param) {
    std::string words;
    if (param.type == TOCSIN_T_ENUM) {
        words = "one of ";
        for (const auto choice : choices_of(param)) words += std::string{choice} + ", ";
        words.resize(words.size() - 2);
    } else {
        words = word_of(param.type);
    }
    return (param.flags & TOCSIN_P_LIST) != 0 ? "list of " + words : words;
}

std::string type_in_words(const tocsin_reported& value) {
    return ((value.flags & TOCSIN_P_LIST) != 0 ? "list of " : "") + std::string{word_of(value.type)};
}

std::string describe(const tocsin_rule& type) {
    std::string out = std::string{view(type.name)} + "\n  " + std::string{view(type.doc)} + '\n';
    out += type.symbols == TOCSIN_SYMBOLS_REQUIRED   ? "  symbols: required\n"
           : type.symbols == TOCSIN_SYMBOLS_OPTIONAL ? "  symbols: optional\n"
                                                     : "  symbols: none\n";
    out += "  params:\n";
    describe_params(out, type.params, type.n_params, type.param_stride, "    ");
    out += "  values:\n";
    for (std::uint32_t i = 0; i < type.n_values; ++i) {
        const tocsin_reported& value = declared_at(type.values, type.value_stride, i);
        out += "    " + std::string{view(value.name)} + "  (" + type_in_words(value) + ")  " +
               std::string{view(value.doc)} + '\n';
    }
    if (type.n_summaries != 0) out += "  summary:\n    " + std::string{view(type.summaries[0])} + '\n';
    return out;
}

} // namespace tocsin::rules
