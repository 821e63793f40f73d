// extreme through the whole pipeline: windows in sessions, in weeks and of all, on closes and on prices.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("extreme rings for the lowest or highest of its window") {
    const auto row = GENERATE(values<PipelineRow>({
        {"below the lowest of three closes, not equal to it",
         "{side: low, window: \"last:3\"}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 990", "03 bar N225 - - - 995", "04 bar N225 - - - 990",
          "07 bar N225 - - - 989.999999999"},
         {R"(2025-04-07T06:30:00Z event entered {"price":989.999999999,"previous_extreme":990,"previous_extreme_session":"2025-04-04","window_sessions":3})"}},
        {"what has left the window does not count, and `since` names it",
         "{side: high, window: \"last:2\"}",
         {"01 bar N225 - - - 1100", "02 bar N225 - - - 990", "03 bar N225 - - - 995",
          "04 bar N225 - - - 1000"},
         {R"(2025-04-04T06:30:00Z event entered {"price":1000,"previous_extreme":995,"previous_extreme_session":"2025-04-03","window_sessions":2,"since":"2025-04-01"})"}},
        {"while the window reaches before the data it waits, or is told to be partial",
         "{side: low, window: \"last:3\", partial: true}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 990"},
         {R"(2025-04-02T06:30:00Z event entered {"price":990,"previous_extreme":1000,"previous_extreme_session":"2025-04-01","window_sessions":1})"}},
        {"a week is seven days back, that day included",
         "{side: low, window: \"calendar:1w\"}",
         {"01 bar N225 - - - 980", "02 bar N225 - - - 1000", "03 bar N225 - - - 1001",
          "04 bar N225 - - - 1001", "07 bar N225 - - - 1001", "08 bar N225 - - - 981",
          "09 bar N225 - - - 999"},
         {}},
        {"and a day more is out of it",
         "{side: low, window: \"calendar:1w\"}",
         {"01 bar N225 - - - 980", "02 bar N225 - - - 1000", "03 bar N225 - - - 1001",
          "04 bar N225 - - - 1001", "07 bar N225 - - - 1001", "08 bar N225 - - - 1001",
          "09 bar N225 - - - 999"},
         {R"(2025-04-09T06:30:00Z event entered {"price":999,"previous_extreme":1000,"previous_extreme_session":"2025-04-02","window_sessions":5,"since":"2025-04-01"})"}},
        {"of all, once so many earlier sessions are known",
         "{side: high, window: all_time, min_sessions: 2}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1001", "03 bar N225 - - - 1002"},
         {R"(2025-04-03T06:30:00Z event entered {"price":1002,"previous_extreme":1001,"previous_extreme_session":"2025-04-02","window_sessions":2})"}},
        {"a younger extreme is none worth a word",
         "{side: high, window: all_time, min_sessions: 1, min_age: 2}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1001", "03 bar N225 - - - 990",
          "04 bar N225 - - - 1002"},
         {R"(2025-04-04T06:30:00Z event entered {"price":1002,"previous_extreme":1001,"previous_extreme_session":"2025-04-02","window_sessions":3})"}},
        {"live: the first price below the lows before, once a session",
         "{side: low, basis: live, window: \"last:1\"}",
         {"01 09:00 tick N225 1000", "01 10:00 tick N225 985", "01 15:30 close N225 1000",
          "02 09:00 tick N225 985", "02 09:01 tick N225 984.5", "02 09:02 tick N225 980"},
         {R"(2025-04-02T00:01:00Z event entered {"price":984.5,"previous_extreme":985,"previous_extreme_session":"2025-04-01","window_sessions":1})"}},
        {"live: or each new one",
         "{side: low, basis: live, window: \"last:1\", repeat: each_new_extreme}",
         {"01 bar N225 1000 1000 985 990", "02 09:00 tick N225 984", "02 09:01 tick N225 984",
          "02 09:02 tick N225 984.5", "02 11:30 tick N225 983"},
         {R"(2025-04-02T00:00:00Z event entered {"price":984,"previous_extreme":985,"previous_extreme_session":"2025-04-01","window_sessions":1})",
          R"(2025-04-02T02:30:00Z event entered {"price":983,"previous_extreme":985,"previous_extreme_session":"2025-04-01","window_sessions":1})"}},
        {"live: of a bar the low counts",
         "{side: low, basis: live, window: \"last:1\"}",
         {"01 bar N225 1000 1000 985 990", "02 bar N225 990 995 984 994"},
         {R"(2025-04-02T06:30:00Z event entered {"price":984,"previous_extreme":985,"previous_extreme_session":"2025-04-01","window_sessions":1,"from":"bar"})"}},
        {"live: what a halt hid rings when it ends",
         "{side: low, basis: live, window: \"last:1\"}",
         {"01 bar N225 1000 1000 985 990", "02 09:00 halted N225", "02 09:05 tick N225 980",
          "02 09:10 resumed N225"},
         {R"(2025-04-02T00:10:00Z event entered {"price":980,"previous_extreme":985,"previous_extreme_session":"2025-04-01","window_sessions":1})"}},
        {"the same close twice rings once",
         "{side: low, window: \"last:1\"}",
         {"01 bar N225 - - - 1000", "02 15:30 close N225 990", "02 15:31 close N225 990"},
         {R"(2025-04-02T06:30:00Z event entered {"price":990,"previous_extreme":1000,"previous_extreme_session":"2025-04-01","window_sessions":1})"}},
    }));
    check_row("extreme", row);
}

TEST_CASE("extreme refuses a window that is none") {
    const auto* window =
        GENERATE("last:0", "last:", "last:x", "calendar:52", "calendar:w", "52w", "all", "last:9999999");
    CAPTURE(window);
    CHECK(mistakes("extreme", std::string{"{side: low, window: \""} + window + "\"}") ==
          std::vector<std::string>{"must be all_time, last:250 or calendar:52w"});
}
