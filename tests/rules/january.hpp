// Times of January 2025 in Tokyo, short: `06 10:00`.
#pragma once
#include "tests/series/series_support.hpp"

#include <string>
#include <string_view>

namespace tocsin::test {

/// `06 10:00` or `06 10:00:15`: a day of January 2025, in Tokyo.
inline Time january(std::string_view text) {
    return at("2025-01-" + std::string{text.substr(0, 2)} + "T" + std::string{text.substr(3)} +
              (text.size() == 8 ? ":00" : "") + "+09:00");
}

inline std::string shown_time(Time t) {
    const std::string text = t.plus(9 * 3600 * nanos_per_second).to_string(); // 2025-01-06T10:00:00Z
    return text.substr(8, 2) + ' ' + text.substr(11, text.ends_with(":00Z") ? 5 : text.size() - 12);
}

} // namespace tocsin::test
