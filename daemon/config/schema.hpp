// Schema: what keys.hpp says, as JSON Schema for editors. Draft-07, the one that yaml-language-server knows
// best; `patternErrorMessage` is its own, and passed over by others. A schema sees a value, not how it was
// written, and one file at a time: what else `check` finds is in docs/editors.md.
#pragma once
#include "config/json.hpp"
#include "config/keys.hpp"

#include <string>
#include <string_view>

namespace tocsin::config {

/// The schema of a map, without what it cannot know: the rule types and their parameters.
Json schema_of(const Map& map);
/// The schema of the configuration file, as a file: the same bytes on every run.
std::string configuration_schema();
/// A whole schema file around that of its root.
std::string schema_file(std::string_view title, const Json& root);

/// A string that a pattern takes whole; `wanted` is what an editor says of any other: `a date like
/// 2025-04-03`.
Json text_like(const std::string& pattern, std::string_view wanted);
/// The same for what YAML may take for a number too: `35000`, `"35000"`.
Json number_like(std::string_view type, const std::string& pattern, std::string_view wanted);
/// Text, or a number taken as text (a symbol 7203). A plain true is text for `check`, too; an editor asks for
/// quotes, or it would offer true and false wherever a name is wanted.
Json plain_text();

inline constexpr std::string_view duration_wanted =
    "a duration like 90s, 5m, 3 sessions or 45 trading_minutes";
inline constexpr std::string_view date_wanted = "a date like 2025-04-03";
inline constexpr std::string_view time_wanted =
    "an RFC 3339 time with an offset, like 2025-04-03T09:00:00+09:00";

} // namespace tocsin::config
