// Rows of a table for a rule type, driven through the whole pipeline: a rule, events as lines, and the alerts
// that must come, as text. Days are those of April 2025: the 2nd is a Wednesday, the 4th a Friday, the 7th a
// Monday, and the 29th is a holiday in Tokyo.
#pragma once
#include "alert/summary.hpp"
#include "tests/engine/engine_support.hpp"

#include <sstream>

namespace tocsin::tests {

/// One line of NDJSON for N225 from `DAY CLOCK KIND [PRICE]`, the clock Tokyo's, where kind is tick, open,
/// close, halted, resumed or beat; or from `DAY bar OPEN HIGH LOW CLOSE`, `-` for what is absent. `symbol` is
/// another's, and `offset` its exchange's.
inline std::string event_line(const std::string& text, const std::string& symbol = "N225",
                              const std::string& offset = "+09:00") {
    std::istringstream in{text};
    std::string day, clock, kind, price;
    in >> day >> clock;
    const std::string date = (day.size() == 2 ? "2025-04-" : "2025-") + day,
                      of = R"(,"symbol":")" + symbol + '"';
    if (clock == "bar") {
        std::string line = R"({"type":"bar","session":")" + date + '"' + of;
        for (const auto* name : {"open", "high", "low", "close"})
            if (in >> price; price != "-") line += std::string{",\""} + name + "\":" + price;
        return line + '}';
    }
    in >> kind >> price;
    if (clock.size() == 5) clock += ":00";
    const std::string at = R"(,"ts":")" + date + 'T' + clock + offset + '"';
    if (kind == "beat") return R"({"type":"heartbeat")" + at + '}';
    if (price.empty()) return R"({"type":"status")" + at + of + R"(,"state":")" + kind + R"("})";
    return R"({"type":"quote")" + at + of + R"(,"kind":")" + kind + R"(","price":)" + price + '}';
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
    const Desk desk{"  - {name: r, type: " + type + ", symbols: [" + symbol + "], params: {" + params +
                    "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto& event : events) run.take(decode(event_line(event, symbol, offset)));
    run.finish();
    std::vector<std::string> all;
    for (const auto& alert : run.told) all.push_back(described(alert, names));
    return all;
}

} // namespace tocsin::tests
