// Rows for the tests of a rule type on the whole pipeline: a rule, events, and the alerts that must come,
// each as a line. Times are Tokyo's in April 2025 unless they are written out: `02 09:10` is
// 2025-04-02T00:10:00Z, a Wednesday.
#pragma once
#include "tests/engine/engine_support.hpp"

#include <sstream>

namespace tocsin::tests {

/// `DAY CLOCK tick|open|close SYMBOL PRICE`, `DAY CLOCK halted|resumed|closed SYMBOL`, `DAY CLOCK beat`, or
/// `DAY bar SYMBOL OPEN HIGH LOW CLOSE` (`-`: absent) as the line of NDJSON that it stands for. DAY is `02`
/// or `2025-04-02`; a CLOCK that ends in Z is UTC.
/// Other clocks are `offset` from UTC.
inline std::string line_of(const std::string& text, const std::string& offset = "+09:00") {
    std::istringstream in{text};
    std::vector<std::string> at;
    for (std::string word; in >> word;) at.push_back(word);
    const std::string day = at.at(0).size() == 2 ? "2025-04-" + at[0] : at[0];
    if (at.at(1) == "bar") {
        std::string line = R"({"type":"bar","symbol":")" + at.at(2) + R"(","session":")" + day + '"';
        const char* names[] = {"open", "high", "low", "close"};
        for (std::size_t i = 0; i < 4; ++i)
            if (at.at(3 + i) != "-") line += std::string{",\""} + names[i] + "\":" + at[3 + i];
        return line + '}';
    }
    std::string clock = at[1];
    const bool utc = clock.back() == 'Z';
    if (utc) clock.pop_back();
    if (clock.size() == 5) clock += ":00";
    const std::string ts = R"("ts":")" + day + 'T' + clock + (utc ? "Z" : offset) + '"';
    const std::string& kind = at.at(2);
    if (kind == "beat") return R"({"type":"heartbeat",)" + ts + '}';
    if (kind == "halted" || kind == "resumed" || kind == "closed")
        return R"({"type":"status","symbol":")" + at.at(3) + R"(","state":")" + kind + "\"," + ts + '}';
    REQUIRE((kind == "tick" || kind == "open" || kind == "close"));
    return R"({"type":"quote","symbol":")" + at.at(3) + R"(","kind":")" + kind + "\"," + ts +
           ",\"price\":" + at.at(4) + '}';
}

/// `2025-04-02T00:10:00Z event entered {"price":1}`, and the quality where it is not ok.
inline std::string told_as(const alert::Alert& alert) {
    const std::string json = alert::to_json(alert);
    const auto from = json.find("\"values\":") + 9;
    std::string text = alert.at.to_string() + ' ' + std::string{name(alert.state)} + ' ' +
                       std::string{name(alert.reason)} + ' ' +
                       json.substr(from, json.find('}', from) + 1 - from);
    if (alert.quality != alert::Quality::ok) text += ' ' + std::string{name(alert.quality)};
    return text;
}

struct PipelineRow {
    const char* name;
    const char* params; // as YAML: `{step: 100}`
    std::vector<const char*> events;
    std::vector<std::string> expected;
    const char* symbol = "N225";
};

/// What a rule of `type` tells of the lines, to the end of the last session seen. `params` as YAML.
inline std::vector<alert::Alert> played(const std::string& type, const std::string& symbol,
                                        const std::string& params, const std::vector<std::string>& lines) {
    const Desk desk{"  - {name: it, type: " + type + ", symbols: [" + symbol + "], params: " + params +
                    "}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto& line : lines) run.take(decode(line));
    run.finish();
    return std::move(run.told);
}

inline void check_row(const char* type, const PipelineRow& row) {
    CAPTURE(row.name, row.params);
    std::vector<std::string> lines, told;
    for (const auto* text : row.events) lines.push_back(line_of(text));
    for (const auto& alert : played(type, row.symbol, row.params, lines)) told.push_back(told_as(alert));
    CHECK(told == row.expected);
}

/// The mistakes that a rule of this type is refused for.
inline std::vector<std::string> mistakes(const char* type, const std::string& params) {
    TempDir directory;
    directory.write("xtks.yaml", tokyo);
    directory.write("rules.yaml", "rules:\n  - {name: it, type: " + std::string{type} +
                                      ", symbols: [N225], params: " + params + "}\n");
    const auto file =
        directory.write("tocsin.yaml", "listen: 127.0.0.1:0\ncalendars: [xtks.yaml]\nsymbols:\n  N225: "
                                       "{calendar: XTKS}\nfeeds:\n  - {name: desk, tcp: "
                                       "\"127.0.0.1:0\"}\nrules: [rules.yaml]\n");
    Diagnostics diagnostics;
    const auto config = config::load_config(file, diagnostics);
    rules::make_plan(config, plugins(), diagnostics);
    std::vector<std::string> all;
    for (const auto& error : diagnostics.errors()) all.push_back(error.message);
    return all;
}

} // namespace tocsin::tests
