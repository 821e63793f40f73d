// ma_cross through the whole pipeline; the times of alerts are UTC, nine hours behind Tokyo.
#include "tests/plugins/rings.hpp"

using namespace tocsin::tests;

namespace {
struct Row {
    const char *name, *params;
    std::vector<std::string> events, expected;
};
std::vector<std::string> closes(const std::vector<std::string>& of) {
    const char* days[] = {"01", "02", "03", "04", "07", "08", "09"};
    std::vector<std::string> events;
    for (std::size_t i = 0; i < of.size(); ++i)
        events.push_back(std::string{days[i]} + " bar - - - " + of[i]);
    return events;
}
} // namespace

TEST_CASE("ma_cross rings where fast comes to the other side of slow") {
    const auto row = GENERATE(values<Row>({
        {"the first side is no cross", "slow: sma:2", closes({"1000", "1010", "1020"}), {}},
        {"down, then up",
         "slow: sma:2",
         closes({"1000", "1010", "1000", "1001"}),
         {"03 06:30:00 event close=1000 fast=1000 slow=1005 direction=down distance_percent=-0.4975",
          "04 06:30:00 event close=1001 fast=1001 slow=1000.5 direction=up distance_percent=0.05"}},
        {"equal keeps the side, so no second cross",
         "slow: sma:2",
         closes({"1000", "1010", "1010", "1020"}),
         {}},
        {"a unit is a side",
         "slow: sma:2",
         closes({"1000", "1010", "1009.999999998"}),
         {"03 06:30:00 event close=1009.999999998 fast=1009.999999998 slow=1009.999999999 direction=down "
          "distance_percent=0"}},
        {"one direction alone",
         "slow: sma:2, direction: up",
         closes({"1000", "1010", "1000", "1001"}),
         {"04 06:30:00 event close=1001 fast=1001 slow=1000.5 direction=up distance_percent=0.05"}},
        // (1010 + 990) / 2 is 1000, and 990 exactly one percent below it.
        {"at the edge of the band it is within",
         "slow: sma:2, band: 1",
         closes({"900", "1010", "990", "1010", "989.999999999"}),
         {"07 06:30:00 event close=989.999999999 fast=989.999999999 slow=1000 direction=down "
          "distance_percent=-1"}},
        {"means of both",
         "fast: sma:2, slow: sma:3",
         closes({"1000", "1003", "1006", "1000", "994"}),
         {"07 06:30:00 event close=994 fast=997 slow=1000 direction=down distance_percent=-0.3"}},
        // ema:1 is the close itself; ema:2 goes two thirds of the way: 1000, then 1000 + 9 * 2/3 …
        {"exponential: seeded with the mean of the first n, known once 3n closes are",
         "slow: ema:2",
         closes({"1000", "1000", "1009", "1009", "1009", "1010.5", "1000"}),
         {"09 06:30:00 event close=1000 fast=1000 slow=1003.296296296 direction=down "
          "distance_percent=-0.3285"}},
        {"a close that is missing is none of the mean",
         "slow: sma:2",
         {"01 bar - - - 1000", "02 bar - - - 1010", "04 bar - - - 1000"},
         {"04 06:30:00 event close=1000 fast=1000 slow=1005 direction=down distance_percent=-0.4975"}},
    }));
    CAPTURE(row.name);
    CHECK(rings("ma_cross", row.params, row.events,
                {"close", "fast", "slow", "direction", "distance_percent"}) == row.expected);
}

TEST_CASE("what an ma_cross cannot be is told") {
    using Lines = std::vector<std::string>;
    CHECK(mistakes("ma_cross", "{fast: wma:3, slow: sma}") ==
          Lines{"must be price, sma:N or ema:N with N up to 1000, like sma:25",
                "must be sma:N or ema:N with N up to 1000, like sma:75"});
    CHECK(mistakes("ma_cross", "{fast: \"sma:75\", slow: \"sma:25\"}") ==
          Lines{"must be faster than slow: of fewer closes"});
}
