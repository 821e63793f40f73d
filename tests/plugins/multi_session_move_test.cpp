// multi_session_move through the whole pipeline: which two closes are compared, thresholds and records.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("multi_session_move compares a close with that of k sessions before") {
    const auto row = GENERATE(values<PipelineRow>({
        {"reached is enough, one unit less is not",
         "{sessions: 2, direction: down, at: 5%}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 990", "03 bar N225 - - - 950.000000001",
          "04 bar N225 - - - 940.5"},
         {R"(2025-04-04T06:30:00Z event entered {"close":940.5,"from_close":990,"from_session":"2025-04-02","points":49.5,"percent":5})"}},
        {"in points, upwards",
         "{sessions: 2, direction: up, at: 10}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1009", "03 bar N225 - - - 1010",
          "04 bar N225 - - - 1018"},
         {R"(2025-04-03T06:30:00Z event entered {"close":1010,"from_close":1000,"from_session":"2025-04-01","points":10,"percent":1})"}},
        {"none that overlaps the last that rang",
         "{sessions: 2, direction: down, at: 10}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 990", "03 bar N225 - - - 980", "04 bar N225 - - - 970",
          "07 bar N225 - - - 960"},
         {R"(2025-04-03T06:30:00Z event entered {"close":980,"from_close":1000,"from_session":"2025-04-01","points":20,"percent":2})",
          R"(2025-04-07T06:30:00Z event entered {"close":960,"from_close":980,"from_session":"2025-04-03","points":20,"percent":2.0408})"}},
        {"unless it is to",
         "{sessions: 2, direction: down, at: 10, skip: none}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 990", "03 bar N225 - - - 980",
          "04 bar N225 - - - 980"},
         {R"(2025-04-03T06:30:00Z event entered {"close":980,"from_close":1000,"from_session":"2025-04-01","points":20,"percent":2})",
          R"(2025-04-04T06:30:00Z event entered {"close":980,"from_close":990,"from_session":"2025-04-02","points":10,"percent":1.0101})"}},
        {"a close that is missing between does not matter, one at the end does",
         "{sessions: 2, direction: down, at: 10, skip: none}",
         {"01 bar N225 - - - 1000", "03 bar N225 - - - 980", "04 bar N225 - - - 960",
          "07 bar N225 - - - 955"},
         {R"(2025-04-03T06:30:00Z event entered {"close":980,"from_close":1000,"from_session":"2025-04-01","points":20,"percent":2})",
          R"(2025-04-07T06:30:00Z event entered {"close":955,"from_close":980,"from_session":"2025-04-03","points":25,"percent":2.551})"}},
        {"sessions, not days: over a weekend and a holiday",
         "{sessions: 2, direction: down, at: 10}",
         {"2025-04-25 bar N225 - - - 1000", "2025-04-28 bar N225 - - - 1000",
          "2025-04-30 bar N225 - - - 985"},
         {R"(2025-04-30T06:30:00Z event entered {"close":985,"from_close":1000,"from_session":"2025-04-25","points":15,"percent":1.5})"}},
        {"a record is larger than every earlier one, and names it",
         "{sessions: 2, direction: down, record: true, min_sessions: 2, skip: none}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 995", "03 bar N225 - - - 990",
          "04 bar N225 - - - 1000", "07 bar N225 - - - 980.1", "08 bar N225 - - - 980"},
         {R"(2025-04-08T06:30:00Z event entered {"close":980,"from_close":1000,"from_session":"2025-04-04","points":20,"percent":2,"record_points":10,"record_percent":1,"record_session":"2025-04-03"})"}},
        {"an official close that comes after the grace counts, not the tick that stood in for it",
         "{sessions: 2, direction: down, at: 30}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 09:00 tick N225 990", "03 15:45 beat",
          "03 16:00 close N225 950"},
         {R"(2025-04-03T07:00:00Z event entered {"close":950,"from_close":1000,"from_session":"2025-04-01","points":50,"percent":5})"}},
        {"an equal one is no record",
         "{sessions: 2, direction: down, record: true, record_by_points: true, min_sessions: 1}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 bar N225 - - - 990",
          "04 bar N225 - - - 990"},
         {}},
    }));
    check_row("multi_session_move", row);
}

TEST_CASE("multi_session_move wants to know how far") {
    CHECK(mistakes("multi_session_move", "{sessions: 2, direction: down}") ==
          std::vector<std::string>{"is missing: say how far, or `record: true`"});
}
