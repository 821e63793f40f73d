// drawdown through the whole pipeline; the times of alerts are UTC, nine hours behind Tokyo.
#include "tests/plugins/rings.hpp"

using namespace tocsin::tests;

namespace {
struct Row {
    const char *name, *params;
    std::vector<std::string> events, expected;
};
const char *closes = "peak: \"last:4\", levels: [{at: 5}, {at: 10}]",
           *day = "peak: session, peak_basis: intraday, levels: [{at: 5}]";
} // namespace

TEST_CASE("drawdown measures the fall from the peak of a window") {
    const auto row = GENERATE(values<Row>({
        {"the first close is its own peak", closes, {"01 bar - - - 1000"}, {}},
        {"exactly the level fires, a level passed over is skipped, and it ends a fifth short of the level",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 950", "03 bar - - - 899", "04 bar - - - 960.000000001"},
         {"02 06:30:00 firing price=950 peak=1000 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1",
          "03 06:30:00 firing escalated price=899 peak=1000 peak_session=2025-04-01 percent=10.1 level=10 "
          "deepest_percent=10.1 sessions_to_trough=2",
          "04 06:30:00 resolved cleared price=960.000000001 peak=1000 peak_session=2025-04-01 percent=4 "
          "level=10 "
          "deepest_percent=10.1 sessions_to_trough=2 sessions_to_recover=1"}},
        {"a unit short of the level it is silent",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 950.000000001"},
         {}},
        {"straight through both",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 900"},
         {"02 06:30:00 firing price=900 peak=1000 peak_session=2025-04-01 percent=10 level=10 "
          "deepest_percent=10 "
          "sessions_to_trough=1"}},
        {"exactly at level less clear it holds",
         "peak: all_time, levels: [{at: 5}], clear: 2",
         {"01 bar - - - 1000", "02 bar - - - 950", "03 bar - - - 970", "04 bar - - - 970.000000001"},
         {"02 06:30:00 firing price=950 peak=1000 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1",
          "04 06:30:00 resolved cleared price=970.000000001 peak=1000 peak_session=2025-04-01 percent=3 "
          "level=5 "
          "deepest_percent=5 sessions_to_trough=1 sessions_to_recover=2"}},
        {"back from the higher level it falls to the lower one",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 890", "03 bar - - - 925"},
         {"02 06:30:00 firing price=890 peak=1000 peak_session=2025-04-01 percent=11 level=10 "
          "deepest_percent=11 "
          "sessions_to_trough=1",
          "03 06:30:00 firing deescalated price=925 peak=1000 peak_session=2025-04-01 percent=7.5 level=5 "
          "deepest_percent=11 sessions_to_trough=1"}},
        {"of equal peaks the later",
         closes,
         {"01 bar - - - 1000", "02 bar - - - 1000", "03 bar - - - 950"},
         {"03 06:30:00 firing price=950 peak=1000 peak_session=2025-04-02 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1"}},
        {"the peak leaves the window: no price has recovered",
         "peak: \"last:2\", levels: [{at: 5}]",
         {"01 bar - - - 1000", "02 bar - - - 940", "03 bar - - - 939"},
         {"02 06:30:00 firing price=940 peak=1000 peak_session=2025-04-01 percent=6 level=5 "
          "deepest_percent=6 "
          "sessions_to_trough=1",
          "03 06:30:00 resolved peak_expired price=939 peak=940 peak_session=2025-04-02 percent=0.1064 "
          "level=5 "
          "deepest_percent=6 sessions_to_trough=1 sessions_to_recover=1"}},
        {"a new peak ends it even where nothing else would",
         "peak: all_time, levels: [{at: 5}], clear: 100%",
         {"01 bar - - - 1000", "02 bar - - - 950", "03 bar - - - 999", "04 bar - - - 1000"},
         {"02 06:30:00 firing price=950 peak=1000 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1",
          "04 06:30:00 resolved cleared price=1000 peak=1000 peak_session=2025-04-04 percent=0 level=5 "
          "deepest_percent=5 sessions_to_trough=1 sessions_to_recover=2"}},
        {"sessions before `since` are no peak",
         "peak: \"since:2025-04-02\", levels: [{at: 5}]",
         {"01 bar - - - 2000", "02 bar - - - 1000", "03 bar - - - 950"},
         {"03 06:30:00 firing price=950 peak=1000 peak_session=2025-04-02 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1"}},
        {"within a session, from its high, to its end",
         day,
         {"01 09:00 tick 1000", "01 09:10 tick 1010", "01 10:00 tick 959.5", "01 15:30 close 960"},
         {"01 01:00:00 firing price=959.5 peak=1010 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=0",
          "01 06:30:00 resolved session_end price=960 peak=1010 peak_session=2025-04-01 percent=4.9505 "
          "level=5 "
          "deepest_percent=5 sessions_to_trough=0 sessions_to_recover=0"}},
        {"in prices over nights; what a halt hid rings when it ends, and lunch changes nothing",
         "peak: all_time, peak_basis: intraday, levels: [{at: 5}]",
         {"01 09:00 tick 1000", "01 15:30 close 980", "02 09:00 halted", "02 09:05 tick 940",
          "02 09:10 resumed", "02 09:11 tick 940", "02 12:00 tick 939", "03 09:00 tick 961"},
         {"02 00:10:00 firing price=940 peak=1000 peak_session=2025-04-01 percent=6 level=5 "
          "deepest_percent=6 "
          "sessions_to_trough=1",
          "03 00:00:00 resolved cleared price=961 peak=1000 peak_session=2025-04-01 percent=3.9 level=5 "
          "deepest_percent=6.1 sessions_to_trough=1 sessions_to_recover=1"}},
        {"a bar's high is a peak from the next session on: when it was is not known",
         "peak: all_time, peak_basis: intraday, levels: [{at: 5}]",
         {"01 bar 1000 1100 990 1000", "02 bar 1050 1060 1045 1050"},
         {"02 06:30:00 firing price=1045 peak=1100 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1"}},
        {"a hole in the history is no session of the window",
         "peak: \"last:2\", levels: [{at: 5}]",
         {"01 bar - - - 1000", "03 bar - - - 950"},
         {"03 06:30:00 firing price=950 peak=1000 peak_session=2025-04-01 percent=5 level=5 "
          "deepest_percent=5 "
          "sessions_to_trough=1"}},
    }));
    CAPTURE(row.name);
    CHECK(rings("drawdown", row.params, row.events,
                {"price", "peak", "peak_session", "percent", "level", "deepest_percent", "sessions_to_trough",
                 "sessions_to_recover"}) == row.expected);
}

TEST_CASE("what a drawdown cannot be is told") {
    const auto told = [](const char* params) { return mistakes("drawdown", params); };
    using Lines = std::vector<std::string>;
    CHECK(told("{peak: last, levels: [{at: 5}]}") ==
          Lines{"must be session, last:250, since:2025-01-06 or all_time"});
    CHECK(told("{peak: session, levels: [{at: 5}]}") ==
          Lines{"a session has but one close: with session, the basis is intraday"});
    CHECK(told("{peak: all_time, levels: [{at: 101}]}") == Lines{"must not be above 100"});
    CHECK(told("{peak: all_time}") == Lines{"needs at least one level, like {at: 3}"});
}
