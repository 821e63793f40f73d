// tariff_deadline through the whole pipeline. The date of most rows is 9 April 2025, 04:01 UTC: 12:01 a.m. in
// New York.
#include "alert/summary.hpp"
#include "tests/plugins/pipeline_rows.hpp"

#include <algorithm>

using namespace tocsin;
using namespace tocsin::tests;

namespace {

/// `CLOCK MEASURE DATE [STAGE]`, DATE `-` for none: a tariff event on Japan.
std::string tariff(const std::string& text) {
    std::istringstream in{text};
    std::string clock, measure, date, stage = "announced";
    in >> clock >> measure >> date >> stage;
    return R"({"type":"tariff","ts":"2025-04-)" + clock + R"(","measure":")" + measure + R"(","stage":")" +
           stage + R"(","imposer":"US","target":"JP")" +
           (date == "-" ? "" : R"(,"effective":"2025-04-)" + date + '"') + "}";
}

std::vector<std::string> told(const std::string& params, const std::vector<std::string>& events) {
    const Desk desk{"  - {name: it, type: tariff_deadline, params: {" + params + "}}\n"};
    Decoding decode{desk};
    Run run{desk};
    for (const auto& text : events)
        run.take(decode(text.find("beat") == std::string::npos ? tariff(text) : line_of(text)));
    std::vector<std::string> all;
    for (const auto& alert : run.told) {
        std::string line = alert.at.to_string().substr(8) + ' ' + alert.subject + ' ' +
                           std::string{name(alert.state)} + ' ' + std::string{name(alert.reason)} + " #" +
                           std::to_string(alert.transition);
        for (const auto& value : alert.values)
            if (value.name == "before" || value.name == "deadline") line += ' ' + alert::print(value.value);
        all.push_back(line);
    }
    return all;
}

struct Row {
    const char* name;
    std::vector<std::string> events, expected;
};
const char* usual = "before: [7d, 1d, 1h]";
} // namespace

TEST_CASE("tariff_deadline counts a measure's date down") {
    const auto row = GENERATE(values<Row>({
        {"fires at the first offset, exactly, escalates at each next, and ends with the date",
         {"01T00:00:00Z m 09T04:01:00Z", "02 04:00:59.999999999Z beat", "02 04:01Z beat", "08 04:01Z beat",
          "09 04:00Z beat", "09 04:01Z beat"},
         {"02T04:01:00Z m firing entered #0 2025-04-09T04:01:00Z 604800",
          "08T04:01:00Z m firing escalated #1 2025-04-09T04:01:00Z 86400",
          "09T03:01:00Z m firing escalated #2 2025-04-09T04:01:00Z 3600",
          "09T04:01:00Z m resolved expired #3 2025-04-09T04:01:00Z 3600"}},
        {"first heard of within an offset, it fires at the nearest, once",
         {"08T12:00:00Z m 09T04:01:00Z"},
         {"08T12:00:00Z m firing entered #0 2025-04-09T04:01:00Z 86400"}},
        {"a date that has passed is none to count down to",
         {"09T04:01:00Z m 09T04:01:00Z", "10 00:00Z beat"},
         {}},
        {"moved: it ends, and begins anew for the new date",
         {"01T00:00:00Z m 09T04:01:00Z", "03T00:00:00Z m 04T00:30:00Z", "04 00:30Z beat"},
         {"02T04:01:00Z m firing entered #0 2025-04-09T04:01:00Z 604800",
          "03T00:00:00Z m resolved rescheduled #1 2025-04-09T04:01:00Z 604800",
          "03T00:00:00Z m firing entered #0 2025-04-04T00:30:00Z 604800",
          "03T00:30:00Z m firing escalated #1 2025-04-04T00:30:00Z 86400",
          "03T23:30:00Z m firing escalated #2 2025-04-04T00:30:00Z 3600",
          "04T00:30:00Z m resolved expired #3 2025-04-04T00:30:00Z 3600"}},
        {"put off: it ends, and sleeps",
         {"01T00:00:00Z m 09T04:01:00Z", "03T00:00:00Z m 28T00:00:00Z"},
         {"02T04:01:00Z m firing entered #0 2025-04-09T04:01:00Z 604800",
          "03T00:00:00Z m resolved rescheduled #1 2025-04-09T04:01:00Z 604800"}},
        {"revoked, it ends",
         {"03T00:00:00Z m 09T04:01:00Z", "04T00:00:00Z m - revoked"},
         {"03T00:00:00Z m firing entered #0 2025-04-09T04:01:00Z 604800",
          "04T00:00:00Z m resolved expired #1 2025-04-09T04:01:00Z 604800"}},
        {"an event without the date changes nothing",
         {"03T00:00:00Z m 09T04:01:00Z", "04T00:00:00Z m - signed"},
         {"03T00:00:00Z m firing entered #0 2025-04-09T04:01:00Z 604800"}},
        {"two measures are two episodes, each with its own values",
         {"01T00:00:00Z a 09T00:00:00Z", "01T00:00:00Z b 09T00:00:00Z", "02 00:00Z beat",
          "08T01:00:00Z b 20T00:00:00Z"},
         {"02T00:00:00Z a firing entered #0 2025-04-09T00:00:00Z 604800",
          "02T00:00:00Z b firing entered #0 2025-04-09T00:00:00Z 604800",
          "08T00:00:00Z a firing escalated #1 2025-04-09T00:00:00Z 86400",
          "08T00:00:00Z b firing escalated #1 2025-04-09T00:00:00Z 86400",
          "08T01:00:00Z b resolved rescheduled #2 2025-04-09T00:00:00Z 86400"}},
        {"the same again is no news",
         {"03T00:00:00Z m 09T04:01:00Z", "03T01:00:00Z m 09T04:01:00Z"},
         {"03T00:00:00Z m firing entered #0 2025-04-09T04:01:00Z 604800"}},
    }));
    CAPTURE(row.name);
    CHECK(told(usual, row.events) == row.expected);
}

TEST_CASE("what tariff_deadline cannot be is told") {
    const auto told = [](const char* params) {
        std::vector<std::string> all = mistakes("tariff_deadline", params);
        all.erase(std::remove_if(all.begin(), all.end(),
                                 [](const auto& text) { return text.find("symbols") != std::string::npos; }),
                  all.end());
        return all;
    };
    using Lines = std::vector<std::string>;
    CHECK(told("{}") == Lines{"needs at least one length of time, like [7d, 1d, 1h]"});
    CHECK(told("{before: [1h, 1d]}") == Lines{"must be shorter than the one before it"});
    CHECK(told("{before: [1 session]}") == Lines{"must be clock time above 0, like 7d"});
}
