#include "alert/summary.hpp"

#include <algorithm>

namespace tocsin::alert {
namespace {

/// A summary is text and placeholders in turn: calls on_text(piece) and on_placeholder(name, offset), in
/// order. At the first mistake it stops and returns what is wrong and where.
struct Mistake {
    std::string what;
    std::size_t offset = 0;
};
template <class OnText, class OnPlaceholder>
Mistake walk(std::string_view text, const OnText& on_text, const OnPlaceholder& on_placeholder) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t brace = std::min(text.find_first_of("{}", at), text.size());
        on_text(text.substr(at, brace - at));
        if (brace == text.size()) break;
        if (brace + 1 < text.size() && text[brace + 1] == text[brace]) { // a doubled brace is a brace
            on_text(text.substr(brace, 1));
            at = brace + 2;
            continue;
        }
        if (text[brace] == '}') return {"'}' without a '{' before it (write }} for a brace)", brace};
        const std::size_t end = text.find_first_of("{}", brace + 1);
        if (end == std::string_view::npos || text[end] == '{')
            return {"'{' without a '}' behind it (write {{ for a brace)", brace};
        const std::string_view name = text.substr(brace + 1, end - brace - 1);
        if (name.empty()) return {"a placeholder needs a name between its braces", brace};
        on_placeholder(name, brace);
        at = end + 1;
    }
    return {};
}

/// What the name stands for; the alert's own words go before values of the same name.
std::string filled(std::string_view name, const Alert& alert, std::string_view title) {
    const auto or_dash = [](std::string_view text) { return std::string{text.empty() ? "-" : text}; };
    if (name == "rule") return alert.rule;
    if (name == "symbol") return or_dash(alert.symbol);
    // The symbol's name for people; an alert without a symbol may report a title of its own, a tariff's.
    if (name == "title" && !alert.symbol.empty()) return std::string{title.empty() ? alert.symbol : title};
    if (name == "subject") return or_dash(alert.subject);
    if (name == "session") return alert.session ? alert.session->to_string() : "-";
    if (name == "severity") return std::string{alert::name(alert.severity)};
    if (name == "state") return std::string{alert::name(alert.state)};
    if (name == "reason") return std::string{alert::name(alert.reason)};
    if (name == "at") return alert.at.to_string();
    const auto found = std::find_if(alert.values.begin(), alert.values.end(),
                                    [&](const NamedValue& value) { return value.name == name; });
    return found == alert.values.end() ? "-" : print(found->value);
}

std::string joined(const Value& value) {
    std::string text;
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (i > 0) text += value.kind == Value::Kind::list ? ", " : " ";
        if (value.kind == Value::Kind::object) text += value.keys[i] + '=';
        text += print(value.items[i]);
    }
    return text;
}

} // namespace

const std::vector<std::string_view>& common_placeholders() {
    static const std::vector<std::string_view> names{"rule",     "symbol", "title",  "subject", "session",
                                                     "severity", "state",  "reason", "at"};
    return names;
}

ParsedSummary parse_summary(std::string_view text) {
    ParsedSummary parsed;
    Mistake mistake = walk(
        text, [](std::string_view) {},
        [&](std::string_view name, std::size_t offset) {
            parsed.placeholders.push_back({std::string{name}, offset});
        });
    parsed.problem = std::move(mistake.what);
    parsed.problem_offset = mistake.offset;
    return parsed;
}

std::string fill_summary(std::string_view text, const Alert& alert, std::string_view title) {
    std::string filled_text;
    walk(
        text, [&](std::string_view piece) { filled_text += piece; },
        [&](std::string_view name, std::size_t) { filled_text += filled(name, alert, title); });
    return filled_text;
}

std::string print(const Value& value) {
    switch (value.kind) {
    case Value::Kind::absent:
        return "-";
    case Value::Kind::boolean:
        return value.number != 0 ? "true" : "false";
    case Value::Kind::integer:
        return std::to_string(value.number);
    case Value::Kind::decimal:
        return Price::from_nanos(value.number).to_string();
    case Value::Kind::text:
        return value.text;
    case Value::Kind::time:
        return Time::from_nanos(value.number).to_string();
    case Value::Kind::session:
        return SessionDate::from_days(static_cast<std::int32_t>(value.number)).to_string();
    case Value::Kind::list:
    case Value::Kind::object:
        return joined(value);
    }
    return "-";
}

} // namespace tocsin::alert
