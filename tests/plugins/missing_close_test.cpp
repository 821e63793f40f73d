// missing_close through the whole pipeline; the times of alerts are UTC, nine hours behind Tokyo.
#include "tests/plugins/rings.hpp"

using namespace tocsin::tests;

namespace {
struct Row {
    const char *name, *params;
    std::vector<std::string> events, expected;
};
const char* usual = "grace: 15m, lead: 30m";
} // namespace

TEST_CASE("missing_close waits for the official close, and warns again before the next open") {
    const auto row = GENERATE(values<Row>({
        {"the close comes at the close",
         usual,
         {"01 09:00 tick 1000", "01 15:30 close 1000", "02 10:00 tick 1000"},
         {}},
        {"or within its grace",
         usual,
         {"01 09:00 tick 1000", "01 15:44 close 1000", "02 10:00 tick 1000"},
         {}},
        {"a bar is a close", usual, {"01 bar - - - 1000", "02 bar - - - 1000"}, {}},
        {"a moment before the grace is over it waits",
         usual,
         {"01 09:00 tick 1000", "01 15:44:59.999999999 beat"},
         {}},
        {"exactly then it fires, and resolves when the close comes",
         usual,
         {"01 09:00 tick 1000", "01 15:45 beat", "01 16:30 close 1001"},
         {"01 06:45:00 firing session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z missing_seconds=900 "
          "next_open=2025-04-02T00:00:00Z last_price=1000",
          "01 07:30:00 resolved cleared session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z "
          "missing_seconds=3600 "
          "next_open=2025-04-02T00:00:00Z last_price=1001 close=1001"}},
        {"again half an hour before the next open; over a weekend that is Monday's",
         usual,
         {"04 09:00 tick 1000", "07 08:29:59 beat", "07 08:30 beat", "07 08:45 close 1001"},
         {"04 06:45:00 firing session=2025-04-04 scheduled_close=2025-04-04T06:30:00Z missing_seconds=900 "
          "next_open=2025-04-07T00:00:00Z last_price=1000",
          "06 23:30:00 firing escalated session=2025-04-04 scheduled_close=2025-04-04T06:30:00Z "
          "missing_seconds=234000 "
          "next_open=2025-04-07T00:00:00Z last_price=1000",
          "06 23:45:00 resolved cleared session=2025-04-04 scheduled_close=2025-04-04T06:30:00Z "
          "missing_seconds=234900 "
          "next_open=2025-04-07T00:00:00Z last_price=1001 close=1001"}},
        {"what has not come by the next session's end is waited for no more",
         "grace: 0s, lead: 0s",
         {"01 09:00 tick 1000", "02 09:00 tick 1001", "02 15:30 close 1002", "03 bar - - - 1003"},
         {"01 06:30:00 firing session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z missing_seconds=0 "
          "next_open=2025-04-02T00:00:00Z last_price=1000",
          "02 00:00:00 firing escalated session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z "
          "missing_seconds=63000 "
          "next_open=2025-04-02T00:00:00Z last_price=1000",
          "02 06:30:00 resolved expired session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z "
          "missing_seconds=86400 "
          "next_open=2025-04-02T00:00:00Z last_price=1002"}},
        {"two sessions without a close are two episodes",
         "grace: 15m, lead: 0s",
         {"01 09:00 tick 1000", "02 09:00 tick 1001", "02 16:00 beat"},
         {"01 06:45:00 firing session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z missing_seconds=900 "
          "next_open=2025-04-02T00:00:00Z last_price=1000",
          "02 00:00:00 firing escalated session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z "
          "missing_seconds=63000 "
          "next_open=2025-04-02T00:00:00Z last_price=1000",
          "02 06:30:00 resolved expired session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z "
          "missing_seconds=86400 "
          "next_open=2025-04-02T00:00:00Z last_price=1001",
          "02 06:45:00 firing session=2025-04-02 scheduled_close=2025-04-02T06:30:00Z missing_seconds=900 "
          "next_open=2025-04-03T00:00:00Z last_price=1001"}},
        {"a closed day has no close", usual, {"28 bar - - - 1000", "30 09:00 tick 1000"}, {}},
        {"closed for the day, the session still has one",
         usual,
         {"01 09:00 tick 1000", "01 10:00 closed", "01 15:45 beat"},
         {"01 06:45:00 firing session=2025-04-01 scheduled_close=2025-04-01T06:30:00Z missing_seconds=900 "
          "next_open=2025-04-02T00:00:00Z last_price=1000 halted"}},
    }));
    CAPTURE(row.name);
    CHECK(rings("missing_close", row.params, row.events,
                {"session", "scheduled_close", "missing_seconds", "next_open", "last_price", "close"}) ==
          row.expected);
}

TEST_CASE("the times of missing_close are clock time") {
    CHECK(mistakes("missing_close", "{grace: 1 session, lead: 5 trading_minutes}") ==
          std::vector<std::string>{"is clock time: give it as in 15m", "is clock time: give it as in 30m"});
}
