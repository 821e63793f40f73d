// Rows as those of pipeline_rows.hpp, of one symbol, and of the alerts only the values named. Days are those
// of April 2025: the 2nd is a Wednesday, the 4th a Friday, the 7th a Monday, and the 29th is a holiday in
// Tokyo.
#pragma once
#include "alert/summary.hpp"
#include "tests/plugins/pipeline_rows.hpp"

namespace tocsin::tests {

/// `DAY CLOCK KIND [PRICE]` or `DAY bar OPEN HIGH LOW CLOSE` as line_of has it, of one symbol. DAY is also a
/// month and a day of 2025.
inline std::string event_line(const std::string& text, const std::string& symbol, const std::string& offset) {
    std::istringstream in{text};
    std::string day, second, rest;
    in >> day >> second;
    if (day.size() == 5) day = "2025-" + day;
    std::string line = day + ' ' + second + ' ';
    if (second != "bar") {
        std::string kind;
        in >> kind;
        line += kind + ' ';
    }
    std::getline(in, rest);
    return line_of(line + symbol + rest, offset);
}

/// `DAY CLOCK STATE REASON SEVERITY`, the clock in UTC, then NAME=VALUE of each value named that there is,
/// then the quality where it is not ok.
inline std::string described(const alert::Alert& alert, const std::vector<std::string>& names) {
    const auto at = alert.at.to_string();
    std::ostringstream text;
    text << at.substr(8, 2) << ' ' << at.substr(11, at.size() - 12) << ' ' << name(alert.state);
    if (alert.reason != alert::Reason::entered) text << ' ' << name(alert.reason);
    if (alert.severity != alert::Severity::warning) text << ' ' << name(alert.severity);
    for (const auto& wanted : names)
        for (const auto& value : alert.values)
            if (value.name == wanted) text << ' ' << wanted << '=' << alert::print(value.value);
    if (alert.quality != alert::Quality::ok) text << ' ' << name(alert.quality);
    return text.str();
}

/// What a rule of `type` tells of the events, to the end of the last session seen.
inline std::vector<std::string> rings(const std::string& type, const std::string& params,
                                      const std::vector<std::string>& events,
                                      const std::vector<std::string>& names,
                                      const std::string& symbol = "N225",
                                      const std::string& offset = "+09:00") {
    std::vector<std::string> lines, all;
    for (const auto& event : events) lines.push_back(event_line(event, symbol, offset));
    for (const auto& alert : played(type, symbol, '{' + params + '}', lines))
        all.push_back(described(alert, names));
    return all;
}

} // namespace tocsin::tests
