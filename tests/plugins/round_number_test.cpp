// round_number through the whole pipeline: which milestones ring, and when they are armed again.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("round_number rings for every milestone between two values") {
    const auto row = GENERATE(values<PipelineRow>({
        {"the first price ever sets the band and never rings, also on a milestone",
         "{step: 100}",
         {"02 09:00 tick N225 1000", "02 09:01 tick N225 1000.5"},
         {}},
        {"a milestone belongs to the band above it: on it is up, just below it is down",
         "{step: 100, clear: 0}",
         {"02 09:00 tick N225 999.999999999", "02 09:01 tick N225 1000", "02 09:02 tick N225 1000.000000001",
          "02 09:03 tick N225 1000", "02 09:04 tick N225 999.999999999"},
         {R"(2025-04-02T00:01:00Z event entered {"price":1000,"previous_price":999.999999999,"milestone":1000,"milestones":[1000],"crossed":1})",
          R"(2025-04-02T00:04:00Z event entered {"price":999.999999999,"previous_price":1000,"milestone":1000,"milestones":[1000],"crossed":1})"}},
        {"a gap over night through three, in the order passed",
         "{step: 100}",
         {"02 15:20 tick N225 1250", "03 09:00 tick N225 990"},
         {R"(2025-04-03T00:00:00Z event entered {"price":990,"previous_price":1250,"milestone":1000,"milestones":[1200,1100,1000],"crossed":3})"}},
        {"there and back, and there again: each direction rings once until the price has been away",
         "{step: 1000, clear: 200}",
         {"02 09:00 tick N225 39999", "02 09:01 tick N225 40001", "02 09:02 tick N225 39999",
          "02 09:03 tick N225 40001", "02 09:04 tick N225 39800.000000001", "02 09:05 tick N225 40001",
          "02 09:06 tick N225 39800", "02 09:07 tick N225 40000"},
         {R"(2025-04-02T00:01:00Z event entered {"price":40001,"previous_price":39999,"milestone":40000,"milestones":[40000],"crossed":1})",
          R"(2025-04-02T00:02:00Z event entered {"price":39999,"previous_price":40001,"milestone":40000,"milestones":[40000],"crossed":1})",
          R"(2025-04-02T00:07:00Z event entered {"price":40000,"previous_price":39800,"milestone":40000,"milestones":[40000],"crossed":1})"}},
        {"away is on either side, and exactly clear is away",
         "{step: 1000, clear: 20%, direction: up}",
         {"02 09:00 tick N225 39999", "02 09:01 tick N225 40001", "02 09:02 tick N225 40199.999999999",
          "02 09:03 tick N225 39999", "02 09:04 tick N225 40001", "02 09:05 tick N225 40200",
          "02 09:06 tick N225 39999", "02 09:07 tick N225 40001"},
         {R"(2025-04-02T00:01:00Z event entered {"price":40001,"previous_price":39999,"milestone":40000,"milestones":[40000],"crossed":1})",
          R"(2025-04-02T00:07:00Z event entered {"price":40001,"previous_price":39999,"milestone":40000,"milestones":[40000],"crossed":1})"}},
        {"a latched milestone is left out of those that ring",
         "{step: 100, clear: 100, direction: up}",
         {"02 09:00 tick N225 999", "02 09:01 tick N225 1001", "02 09:02 tick N225 999",
          "02 09:03 tick N225 1150"},
         {R"(2025-04-02T00:01:00Z event entered {"price":1001,"previous_price":999,"milestone":1000,"milestones":[1000],"crossed":1})",
          R"(2025-04-02T00:03:00Z event entered {"price":1150,"previous_price":999,"milestone":1100,"milestones":[1100],"crossed":1})"}},
        {"sessions arm it as well: the second one after, not the first",
         "{step: 1000, clear: 500, direction: up, basis: close, min_sessions_between: 2}",
         {"01 bar N225 - - - 39990", "02 bar N225 - - - 40010", "03 bar N225 - - - 39990",
          "04 bar N225 - - - 40010", "07 bar N225 - - - 39990", "08 bar N225 - - - 40020"},
         {R"(2025-04-02T06:30:00Z event entered {"price":40010,"previous_price":39990,"milestone":40000,"milestones":[40000],"crossed":1})",
          R"(2025-04-04T06:30:00Z event entered {"price":40010,"previous_price":39990,"milestone":40000,"milestones":[40000],"crossed":1})",
          R"(2025-04-08T06:30:00Z event entered {"price":40020,"previous_price":39990,"milestone":40000,"milestones":[40000],"crossed":1})"}},
        {"one session is not two",
         "{step: 1000, clear: 500, direction: up, basis: close, min_sessions_between: 2}",
         {"01 bar N225 - - - 39990", "02 bar N225 - - - 40010", "03 09:00 tick N225 39990",
          "03 15:30 close N225 39990", "03 15:30 close N225 40010"},
         {R"(2025-04-02T06:30:00Z event entered {"price":40010,"previous_price":39990,"milestone":40000,"milestones":[40000],"crossed":1})"}},
        {"a bar on live prices goes by its path; for any, low then high when it rose",
         "{step: 100, clear: 0}",
         {"01 bar N225 1050 1060 1040 1050", "02 bar N225 1050 1210 990 1150"},
         {R"(2025-04-02T06:30:00Z event entered {"price":990,"previous_price":1050,"milestone":1000,"milestones":[1000],"crossed":1,"from":"bar"})",
          R"(2025-04-02T06:30:00Z event entered {"price":1210,"previous_price":990,"milestone":1200,"milestones":[1000,1100,1200],"crossed":3,"from":"bar"})",
          R"(2025-04-02T06:30:00Z event entered {"price":1150,"previous_price":1210,"milestone":1200,"milestones":[1200],"crossed":1,"from":"bar"})"}},
        {"lunch is no border; two at one instant count both; a late tick does not",
         "{step: 100, clear: 0}",
         {"02 11:29 tick N225 1050", "02 12:30 tick N225 1150", "02 12:30 tick N225 1250",
          "02 12:20 tick N225 1050"},
         {R"(2025-04-02T03:30:00Z event entered {"price":1150,"previous_price":1050,"milestone":1100,"milestones":[1100],"crossed":1})",
          R"(2025-04-02T03:30:00Z event entered {"price":1250,"previous_price":1150,"milestone":1200,"milestones":[1200],"crossed":1})"}},
        {"a halt holds it; the resumption judges the last price",
         "{step: 100}",
         {"02 09:00 tick N225 1050", "02 09:10 halted N225", "02 09:11 tick N225 1150",
          "02 09:20 resumed N225"},
         {R"(2025-04-02T00:20:00Z event entered {"price":1150,"previous_price":1050,"milestone":1100,"milestones":[1100],"crossed":1})"}},
        {"over a holiday (29 April) the value before is the last session's",
         "{step: 100, basis: close}",
         {"28 bar N225 - - - 1099", "30 bar N225 - - - 1101"},
         {R"(2025-04-30T06:30:00Z event entered {"price":1101,"previous_price":1099,"milestone":1100,"milestones":[1100],"crossed":1})"}},
        {"the same close twice rings once, a session without one is passed over",
         "{step: 100, basis: close}",
         {"01 bar N225 - - - 1099", "02 09:00 tick N225 1300", "03 15:30 close N225 1101",
          "03 15:31 close N225 1101"},
         {R"(2025-04-03T06:30:00Z event entered {"price":1101,"previous_price":1099,"milestone":1100,"milestones":[1100],"crossed":1})"}},
        {"New York's early close",
         "{step: 100}",
         {"2025-05-22 19:59Z tick SPX 5850", "2025-05-23 17:00Z tick SPX 5790",
          "2025-05-23 17:01Z tick SPX 5690"},
         {R"(2025-05-23T17:00:00Z event entered {"price":5790,"previous_price":5850,"milestone":5800,"milestones":[5800],"crossed":1})"},
         "SPX"},
    }));
    check_row("round_number", row);
}

TEST_CASE("round_number lists so many milestones, and counts all") {
    const Desk desk{"  - {name: it, type: round_number, symbols: [N225], params: {step: 1}}\n"};
    Decoding decode{desk};
    Run run{desk};
    run.take(decode(line_of("02 09:00 tick N225 1000.5")));
    run.take(decode(line_of("02 09:01 tick N225 1100")));
    REQUIRE(run.told.size() == 1);
    const auto told = told_as(run.told[0]);
    CHECK(told.find(R"("milestone":1100,"milestones":[1001,1002,)") != std::string::npos);
    CHECK(told.find(R"(1063,1064],"crossed":100})") != std::string::npos);
}

TEST_CASE("round_number refuses a clear above the step") {
    CHECK(mistakes("round_number", "{step: 100, clear: 100}") == std::vector<std::string>{});
    CHECK(mistakes("round_number", "{step: 100, clear: 100.01}") ==
          std::vector<std::string>{"must not be more than the step"});
    CHECK(mistakes("round_number", "{step: 100, clear: 101%}") ==
          std::vector<std::string>{"must not be more than the step"});
}
