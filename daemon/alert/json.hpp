// The only writer of an alert: compact JSON, keys in the order of contract section 5, the same bytes on every
// run.
#pragma once
#include "alert/alert.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::alert {

/// `emitted` is wall time and stands on live frames only. No newline at the end.
std::string to_json(const Alert& alert, std::optional<Time> emitted = {});
/// Appends a JSON string literal: quotes, escapes for ", \ and control characters; UTF-8 otherwise as it is.
/// A byte that is no UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
/// Appends a value as JSON; an absent one, which may stand in a list, is null.
void append_json(std::string& out, const Value& value);

} // namespace tocsin::alert
