// rebound through the whole pipeline; the times of alerts are UTC, nine hours behind Tokyo.
#include "tests/plugins/rings.hpp"

using namespace tocsin::tests;

namespace {
struct Row {
    const char *name, *params;
    std::vector<std::string> events, expected;
};
const char *closes = "trough: \"last:4\", min_fall: 10, levels: [{at: 5}, {at: 10}]",
           *day = "trough: session, trough_basis: intraday, min_fall: 5, levels: [{at: 3}]";
} // namespace

TEST_CASE("rebound measures the rise from the trough of a window, behind a fall") {
    const auto row = GENERATE(values<Row>({
        {"exactly behind the least fall and exactly the level",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 900", "03 bar - - - 945", "04 bar - - - 990",
          "07 bar - - - 935"},
         {"03 06:30:00 firing price=945 trough=900 trough_session=2025-04-02 percent=5 level=5 "
          "highest_percent=5 "
          "fall_percent=10 sessions_to_peak=1",
          "04 06:30:00 firing escalated price=990 trough=900 trough_session=2025-04-02 percent=10 level=10 "
          "highest_percent=10 fall_percent=10 sessions_to_peak=2",
          "07 06:30:00 resolved cleared price=935 trough=900 trough_session=2025-04-02 percent=3.8889 "
          "level=10 "
          "highest_percent=10 sessions_to_peak=2 sessions_to_end=1"}},
        {"a unit less of a fall before is none",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 900.000000001", "03 bar - - - 990"},
         {}},
        {"a unit short of the level",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 900", "03 bar - - - 944.999999999"},
         {}},
        {"without a fall before it a rise is none", closes, {"01 bar - - - 900", "02 bar - - - 1000"}, {}},
        {"within a session, from its low, behind its high",
         day,
         {"01 09:00 tick 1000", "01 09:30 tick 950", "01 09:40 tick 978.5", "01 10:00 tick 960",
          "01 15:30 close 960"},
         {"01 00:40:00 firing price=978.5 trough=950 trough_session=2025-04-01 percent=3 level=3 "
          "highest_percent=3 "
          "fall_percent=5 sessions_to_peak=0",
          "01 01:00:00 resolved cleared price=960 trough=950 trough_session=2025-04-01 percent=1.0526 "
          "level=3 "
          "highest_percent=3 fall_percent=5 sessions_to_peak=0 sessions_to_end=0"}},
        {"a high behind the low is no fall before it",
         day,
         {"01 09:00 tick 950", "01 09:30 tick 1000", "01 09:40 tick 978.5"},
         {}},
        {"a lower trough ends it",
         "trough: all_time, min_fall: 10, levels: [{at: 5}], clear: 100%",
         {"01 bar - - - 1000", "02 bar - - - 900", "03 bar - - - 950", "04 bar - - - 900"},
         {"03 06:30:00 firing price=950 trough=900 trough_session=2025-04-02 percent=5.5556 level=5 "
          "highest_percent=5.5556 fall_percent=10 sessions_to_peak=1",
          "04 06:30:00 resolved cleared price=900 trough=900 trough_session=2025-04-04 percent=0 level=5 "
          "highest_percent=5.5556 fall_percent=10 sessions_to_peak=1 sessions_to_end=1"}},
        {"the trough leaves the window",
         "trough: \"last:3\", min_fall: 10, levels: [{at: 5}]",
         {"01 bar - - - 1000", "02 bar - - - 900", "03 bar - - - 950", "04 bar - - - 951",
          "07 bar - - - 952"},
         {"03 06:30:00 firing price=950 trough=900 trough_session=2025-04-02 percent=5.5556 level=5 "
          "highest_percent=5.5556 fall_percent=10 sessions_to_peak=1",
          "07 06:30:00 resolved peak_expired price=952 trough=950 trough_session=2025-04-03 percent=0.2105 "
          "level=5 "
          "highest_percent=5.6667 sessions_to_peak=2 sessions_to_end=1"}},
    }));
    CAPTURE(row.name);
    CHECK(rings("rebound", row.params, row.events,
                {"price", "trough", "trough_session", "percent", "level", "highest_percent", "fall_percent",
                 "sessions_to_peak", "sessions_to_end"}) == row.expected);
}
