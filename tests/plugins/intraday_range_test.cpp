// intraday_range through the whole pipeline: when a range is reached, and against what it is measured.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("intraday_range fires when the session's range reaches a level") {
    const auto row = GENERATE(values<PipelineRow>({
        {"in points: a nano short is not enough, exactly is; it lasts to the session's end",
         "{measure: points, threshold: 10}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 1005", "02 09:02 tick N225 995.000000001",
          "02 09:03 tick N225 995", "02 09:04 tick N225 1000"},
         {R"(2025-04-02T00:03:00Z firing entered {"price":995,"high":1005,"low":995,"points":10,"level":10})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":1000,"high":1005,"low":995,"points":10,"level":10})"}},
        {"in percent of the previous close; a ladder, with a level passed over",
         "{levels: [{at: 1}, {at: 2, severity: critical}, {at: 3}]}",
         {"01 bar N225 - - - 1000", "02 09:00 tick N225 1000", "02 09:01 tick N225 1010",
          "02 09:02 tick N225 980"},
         {R"(2025-04-02T00:01:00Z firing entered {"price":1010,"high":1010,"low":1000,"points":10,"previous_close":1000,"percent":1,"level":1})",
          R"(2025-04-02T00:02:00Z firing escalated {"price":980,"high":1010,"low":980,"points":30,"previous_close":1000,"percent":3,"level":3,"skipped":[2]})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":980,"high":1010,"low":980,"points":30,"previous_close":1000,"percent":3,"level":3})"}},
        {"percent without a previous close: it waits; after a session without a close too",
         "{threshold: 1}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 2000", "04 09:00 tick N225 1000",
          "04 09:01 tick N225 2000"},
         {}},
        {"a session starts anew, a night is no range; lunch is inside",
         "{measure: points, threshold: 10}",
         {"02 15:00 tick N225 1000", "03 09:00 tick N225 1020", "03 11:29 tick N225 1022",
          "03 12:30 tick N225 1012"},
         {R"(2025-04-03T03:30:00Z firing entered {"price":1012,"high":1022,"low":1012,"points":10,"previous_close":1000,"percent":1,"level":10} provisional)",
          R"(2025-04-03T06:30:00Z resolved session_end {"price":1012,"high":1022,"low":1012,"points":10,"previous_close":1000,"percent":1,"level":10} provisional)"}},
        {"a halt holds it; what came in it counts when it is over",
         "{measure: points, threshold: 10}",
         {"02 09:00 tick N225 1000", "02 09:01 halted N225", "02 09:02 tick N225 1010",
          "02 09:10 resumed N225"},
         {R"(2025-04-02T00:10:00Z firing entered {"price":1010,"high":1010,"low":1000,"points":10,"level":10})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":1010,"high":1010,"low":1000,"points":10,"level":10})"}},
        {"a bar alone goes by its path",
         "{measure: points, levels: [{at: 10}, {at: 25}]}",
         {"02 bar N225 1000 1015 990 1001"},
         {R"(2025-04-02T06:30:00Z firing entered {"price":990,"high":1000,"low":990,"points":10,"level":10,"from":"bar"})",
          R"(2025-04-02T06:30:00Z firing escalated {"price":1015,"high":1015,"low":990,"points":25,"level":25,"from":"bar"})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":1001,"high":1015,"low":990,"points":25,"level":25})"}},
        {"a bar after ticks brings its close only, not its wider range",
         "{measure: points, threshold: 10}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 1005", "02 bar N225 1000 1100 900 996"},
         {}},
        {"its close may reach it",
         "{measure: points, threshold: 10}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 1005", "02 bar N225 1000 1100 900 995"},
         {R"(2025-04-02T06:30:00Z firing entered {"price":995,"high":1005,"low":995,"points":10,"level":10,"from":"close"})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":995,"high":1005,"low":995,"points":10,"level":10})"}},
        {"the median of an even number of sessions is between two: of 10 and 15, 12.5",
         "{measure: \"x_median:2\", threshold: 2, min_sessions: 2}",
         {"01 bar N225 - 1010 1000 1005", "02 bar N225 - 1015 1000 1005", "03 09:00 tick N225 1000",
          "03 09:01 tick N225 1024.999999999", "03 09:02 tick N225 1025"},
         {R"(2025-04-03T00:02:00Z firing entered {"price":1025,"high":1025,"low":1000,"points":25,"previous_close":1005,"percent":2.4876,"median":12.5,"ratio":2,"median_sessions":2,"level":2})",
          R"(2025-04-03T06:30:00Z resolved session_end {"price":1025,"high":1025,"low":1000,"points":25,"previous_close":1005,"percent":2.4876,"median":12.5,"ratio":2,"median_sessions":2,"level":2})"}},
        {"a session too few is a warm-up",
         "{measure: \"x_median:4\", threshold: 2}",
         {"01 bar N225 - 1010 1000 1005", "02 09:00 tick N225 1000", "02 09:01 tick N225 1100"},
         {}},
        {"half of N is enough; a session without a range is none",
         "{measure: \"x_median:4\", threshold: 2}",
         {"01 bar N225 - 1010 1000 1005", "02 bar N225 - - - 1005", "03 bar N225 - 1010 1000 1005",
          "04 09:00 tick N225 1000", "04 09:01 tick N225 1030"},
         {R"(2025-04-04T00:01:00Z firing entered {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":10,"ratio":3,"median_sessions":2,"level":2})",
          R"(2025-04-04T06:30:00Z resolved session_end {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":10,"ratio":3,"median_sessions":2,"level":2})"}},
        {"a short session is left out: of 23 May's 25 and 22 May's 20 the latter",
         "{measure: \"x_median:2\", threshold: 1.5, exclude_short_sessions: true}",
         {"2025-05-22 bar SPX - 1020 1000 1005", "2025-05-23 bar SPX - 1025 1000 1005",
          "2025-05-27 13:30Z tick SPX 1000", "2025-05-27 13:31Z tick SPX 1030"},
         {R"(2025-05-27T13:31:00Z firing entered {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":20,"ratio":1.5,"median_sessions":1,"level":1.5})",
          R"(2025-05-27T20:00:00Z resolved session_end {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":20,"ratio":1.5,"median_sessions":1,"level":1.5})"},
         "SPX"},
        {"else it counts; the early close ends an episode",
         "{measure: \"x_median:2\", threshold: 1.5}",
         {"2025-05-21 bar SPX - 1020 1000 1005", "2025-05-22 bar SPX - 1020 1000 1005",
          "2025-05-23 13:30Z tick SPX 1000", "2025-05-23 13:31Z tick SPX 1030"},
         {R"(2025-05-23T13:31:00Z firing entered {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":20,"ratio":1.5,"median_sessions":2,"level":1.5})",
          R"(2025-05-23T17:00:00Z resolved session_end {"price":1030,"high":1030,"low":1000,"points":30,"previous_close":1005,"percent":2.9851,"median":20,"ratio":1.5,"median_sessions":2,"level":1.5})"},
         "SPX"},
    }));
    check_row("intraday_range", row);
}

TEST_CASE("intraday_range says what is wrong with its parameters") {
    const auto first = [](const std::string& params) {
        const auto all = mistakes("intraday_range", params);
        return all.empty() ? std::string{} : all.front();
    };
    CHECK(first("{threshold: 1}").empty());
    CHECK(first("{measure: \"x_median:1000\", threshold: 1}").empty());
    for (const char* measure :
         {"x_median", "\"x_median:\"", "\"x_median:0\"", "\"x_median:1001\"", "\"x_median:2x\"", "per"})
        CHECK(first(std::string{"{threshold: 1, measure: "} + measure + "}") ==
              "must be percent_of_pc, points or x_median:N with N from 1 to 1000, like x_median:20");
    CHECK(first("{measure: points}") == "needs one of threshold and levels");
    CHECK(first("{threshold: 1, levels: [{at: 2}]}") == "needs one of threshold and levels");
    CHECK(first("{threshold: 1, min_sessions: 3}") == "goes with measure: x_median:N");
    CHECK(first("{threshold: 1, measure: \"x_median:4\", min_sessions: 5}") ==
          "is more than the N of x_median:N");
}
