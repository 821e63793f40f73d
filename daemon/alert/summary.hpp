// Summary: a rule's sentence with placeholders. `{name}` is replaced by the value of that name as it prints,
// or by `-` where it is absent; `{{` and `}}` are braces. Besides the values of its type a summary may name
// rule, symbol, title (the symbol's name for people, or else the symbol), subject, session, severity, state,
// reason and at; these go before a value of the same name.
#pragma once
#include "alert/alert.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::alert {

/// Placeholders that every summary may use, besides the values of its type.
const std::vector<std::string_view>& common_placeholders();

struct Placeholder {
    std::string name;
    std::size_t offset = 0; // of its brace, in bytes
};

/// What a summary names, in order; `problem` is not empty where a brace has no partner or a name is empty.
struct ParsedSummary {
    std::vector<Placeholder> placeholders;
    std::string problem;
    std::size_t problem_offset = 0;
};
ParsedSummary parse_summary(std::string_view text);

/// Fills it from the alert. `title` is the symbol's name for people, or empty. Requires: parse_summary had no
/// problem.
std::string fill_summary(std::string_view text, const Alert& alert, std::string_view title);

/// A value as text: `4451.28`, `12.3958`, `2025-04-03`, `true`; a list with commas, an object as `key=value
/// key=value`.
std::string print(const Value& value);

} // namespace tocsin::alert
