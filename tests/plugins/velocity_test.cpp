// velocity through the whole pipeline: what is in the window, how many ticks it takes, and how it ends.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("velocity fires on a fast move, and not on a slow one") {
    const auto row = GENERATE(values<PipelineRow>({
        {"from the peak of the window, with two ticks at or beyond the threshold; a nano short is not enough",
         "{direction: down, window: 5m, threshold: 1}",
         {"02 09:00 tick N225 990", "02 09:01 tick N225 1000", "02 09:02 tick N225 990.000000001",
          "02 09:03 tick N225 990", "02 09:04 tick N225 989", "02 09:05 tick N225 992",
          "02 09:05:30 tick N225 992.1"},
         {R"(2025-04-02T00:04:00Z firing entered {"price":989,"from_price":1000,"from_at":"2025-04-02T00:01:00Z","points":11,"percent":1.1,"threshold":1})",
          R"(2025-04-02T00:05:30Z resolved cleared {"price":992.1,"from_price":1000,"from_at":"2025-04-02T00:01:00Z","points":7.9,"percent":0.79,"threshold":1})"}},
        {"one bad tick is none, and neither are two with a good one between",
         "{direction: down, window: 5m, threshold: 1}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 900", "02 09:02 tick N225 1000",
          "02 09:03 tick N225 900"},
         {}},
        {"a tick exactly the window's length ago is inside, one step later it is not",
         "{direction: down, window: 5m, threshold: 10, measure: points, min_ticks: 1}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 995", "02 09:05 tick N225 990", "02 09:06 beat"},
         {R"(2025-04-02T00:05:00Z firing entered {"price":990,"from_price":1000,"from_at":"2025-04-02T00:00:00Z","points":10,"percent":1,"threshold":10})",
          R"(2025-04-02T00:05:00.000000001Z resolved cleared {"price":990,"from_price":995,"from_at":"2025-04-02T00:01:00Z","points":5,"percent":0.5025,"threshold":10})"}},
        {"the same move, one step too slow",
         "{direction: down, window: 5m, threshold: 10, measure: points, min_ticks: 1}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 995", "02 09:05:00.000000001 tick N225 990"},
         {}},
        {"up, in percent of the trough",
         "{direction: up, window: 10m, threshold: 1, min_ticks: 1, clear: 0}",
         {"02 09:00 tick N225 1005", "02 09:01 tick N225 1000", "02 09:02 tick N225 1010",
          "02 09:03 tick N225 1009.9"},
         {R"(2025-04-02T00:02:00Z firing entered {"price":1010,"from_price":1000,"from_at":"2025-04-02T00:01:00Z","points":10,"percent":1,"threshold":1})",
          R"(2025-04-02T00:03:00Z resolved cleared {"price":1009.9,"from_price":1000,"from_at":"2025-04-02T00:01:00Z","points":9.9,"percent":0.99,"threshold":1})"}},
        {"it must be short of threshold less clear for some time",
         "{direction: down, window: 1h, threshold: 10, measure: points, min_ticks: 1, clear: 2, for_clear: "
         "90s}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 990", "02 09:02 tick N225 992",
          "02 09:03 tick N225 992.5", "02 09:04 tick N225 991.9", "02 09:05 tick N225 993", "02 09:10 beat"},
         {R"(2025-04-02T00:01:00Z firing entered {"price":990,"from_price":1000,"from_at":"2025-04-02T00:00:00Z","points":10,"percent":1,"threshold":10})",
          R"(2025-04-02T00:06:30Z resolved cleared {"price":993,"from_price":1000,"from_at":"2025-04-02T00:00:00Z","points":7,"percent":0.7,"threshold":10})"}},
        {"ticks too far apart do not count together",
         "{direction: down, window: 1h, threshold: 1, max_tick_age: 1m}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 980", "02 09:02:00.000000001 tick N225 980",
          "02 09:03 tick N225 980"},
         {R"(2025-04-02T00:03:00Z firing entered {"price":980,"from_price":1000,"from_at":"2025-04-02T00:00:00Z","points":20,"percent":2,"threshold":1})",
          R"(2025-04-02T01:00:00.000000001Z resolved cleared {"price":980,"from_price":980,"from_at":"2025-04-02T00:03:00Z","points":0,"percent":0,"threshold":1})"}},
        {"a lunch ends the window",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1}",
         {"02 11:29 tick N225 1000", "02 12:30 tick N225 980", "02 12:31 tick N225 980"},
         {}},
        {"with span_breaks the window goes on over lunch, in trading time",
         "{direction: down, window: 5m, threshold: 1, min_ticks: 1, span_breaks: true}",
         {"02 11:26 tick N225 1000", "02 12:31 tick N225 980"},
         {R"(2025-04-02T03:31:00Z firing entered {"price":980,"from_price":1000,"from_at":"2025-04-02T02:26:00Z","points":20,"percent":2,"threshold":1})",
          R"(2025-04-02T03:31:00.000000001Z resolved cleared {"price":980,"from_price":980,"from_at":"2025-04-02T03:31:00Z","points":0,"percent":0,"threshold":1})"}},
        {"and over the night",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1, span_breaks: true}",
         {"02 15:24 tick N225 1000", "03 09:00 tick N225 990"},
         {R"(2025-04-03T00:00:00Z firing entered {"price":990,"from_price":1000,"from_at":"2025-04-02T06:24:00Z","points":10,"percent":1,"threshold":1})",
          R"(2025-04-03T00:29:00.000000001Z resolved cleared {"price":990,"from_price":990,"from_at":"2025-04-03T00:00:00Z","points":0,"percent":0,"threshold":1})"}},
        {"a lunch in an episode changes nothing, the first price after it does",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1}",
         {"02 11:28 tick N225 1000", "02 11:29 tick N225 980", "02 12:00 beat", "02 12:30 tick N225 979"},
         {R"(2025-04-02T02:29:00Z firing entered {"price":980,"from_price":1000,"from_at":"2025-04-02T02:28:00Z","points":20,"percent":2,"threshold":1})",
          R"(2025-04-02T03:30:00Z resolved cleared {"price":979,"from_price":979,"from_at":"2025-04-02T03:30:00Z","points":0,"percent":0,"threshold":1})"}},
        {"the session's end ends the episode; a night is no move",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1}",
         {"02 15:23 tick N225 1000", "02 15:24 tick N225 980", "03 09:00 tick N225 900"},
         {R"(2025-04-02T06:24:00Z firing entered {"price":980,"from_price":1000,"from_at":"2025-04-02T06:23:00Z","points":20,"percent":2,"threshold":1})",
          R"(2025-04-02T06:30:00Z resolved session_end {"price":980,"threshold":1})"}},
        {"a halt holds it, and ends the window",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1}",
         {"02 09:00 tick N225 1000", "02 09:01 halted N225", "02 09:02 tick N225 900",
          "02 09:10 resumed N225", "02 09:11 tick N225 899"},
         {}},
        {"a late tick is not applied; two at one instant are two",
         "{direction: down, window: 30m, threshold: 1}",
         {"02 09:01 tick N225 1000", "02 09:00 tick N225 2000", "02 09:02 tick N225 990",
          "02 09:02 tick N225 990", "02 09:03 tick N225 1000"},
         {R"(2025-04-02T00:02:00Z firing entered {"price":990,"from_price":1000,"from_at":"2025-04-02T00:01:00Z","points":10,"percent":1,"threshold":1})",
          R"(2025-04-02T00:03:00Z resolved cleared {"price":1000,"from_price":1000,"from_at":"2025-04-02T00:03:00Z","points":0,"percent":0,"threshold":1})"}},
        {"bars do not reach it",
         "{direction: down, window: 3h, threshold: 1, min_ticks: 1}",
         {"01 bar N225 1000 1000 900 900", "02 bar N225 900 900 500 500"},
         {}},
        {"New York's early close ends it",
         "{direction: down, window: 30m, threshold: 1, min_ticks: 1}",
         {"2025-05-23 16:50Z tick SPX 1000", "2025-05-23 16:51Z tick SPX 980"},
         {R"(2025-05-23T16:51:00Z firing entered {"price":980,"from_price":1000,"from_at":"2025-05-23T16:50:00Z","points":20,"percent":2,"threshold":1})",
          R"(2025-05-23T17:00:00Z resolved session_end {"price":980,"threshold":1})"},
         "SPX"},
    }));
    check_row("velocity", row);
}

TEST_CASE("velocity refuses what is no length of trading time") {
    CHECK(mistakes("velocity", "{direction: down, window: 2 sessions, threshold: 1}").size() == 1);
    CHECK(mistakes("velocity", "{direction: down, window: 5m, threshold: 1, max_tick_age: 1 sessions}") ==
          std::vector<std::string>{"must be a length of time above 0, like 30s"});
    CHECK(mistakes("velocity", "{direction: down, window: 5m, threshold: 101}") ==
          std::vector<std::string>{"must not be more than 100 percent"});
    CHECK(mistakes("velocity", "{direction: up, window: 5m, threshold: 101}").empty());
    CHECK(mistakes("velocity", "{direction: up, window: 5m, threshold: 1, confirm: 2}").size() == 1);
}
