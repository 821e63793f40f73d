// volatility_shock through the whole pipeline; sigmas by hand.
#include "tests/plugins/pipeline_rows.hpp"

using namespace tocsin::tests;

TEST_CASE("volatility_shock rings for a close so many sigmas away") {
    const auto row = GENERATE(values<PipelineRow>({
        {"the median of 0, 1 and 3 percent is 1, the deviations are 1, 0 and 2: sigma is 1.4826",
         "{lookback: 3, estimator: mad, k: 2}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 bar N225 - - - 1010",
          "04 bar N225 - - - 1040.3", "07 bar N225 - - - 1000"},
         {R"(2025-04-07T06:30:00Z event entered {"close":1000,"previous_close":1040.3,"change":-40.3,"points":40.3,"percent":3.8739,"sigma":1.4826,"sigmas":2.6129,"k":2,"lookback":3})"}},
        {"a constant market has no sigma: the floor stands in, and a nano less is not enough",
         "{lookback: 2, k: 2, floor: 0.5}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 bar N225 - - - 1000",
          "04 bar N225 - - - 1009.999999999"},
         {}},
        {"exactly it is",
         "{lookback: 2, k: 2, floor: 0.5}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 bar N225 - - - 1000",
          "04 bar N225 - - - 1010"},
         {R"(2025-04-04T06:30:00Z event entered {"close":1010,"previous_close":1000,"change":10,"points":10,"percent":1,"sigma":0.5,"sigmas":2,"k":2,"lookback":2,"sigma_floored":true})"}},
        {"a sample deviation: +1 and -1 percent make 1.4142",
         "{lookback: 2, k: 2}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1010", "03 bar N225 - - - 999.9",
          "04 bar N225 - - - 960"},
         {R"(2025-04-04T06:30:00Z event entered {"close":960,"previous_close":999.9,"change":-39.9,"points":39.9,"percent":3.9904,"sigma":1.4142,"sigmas":2.8216,"k":2,"lookback":2})"}},
        {"the other way is not for it",
         "{lookback: 2, k: 2, direction: up}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1010", "03 bar N225 - - - 999.9",
          "04 bar N225 - - - 960"},
         {}},
        {"weights of a half: of returns of 2 and 0 percent, the root of 4/2",
         "{lookback: 2, estimator: ewma, lambda: 0.5, k: 1}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1020", "03 bar N225 - - - 1020",
          "04 bar N225 - - - 1071"},
         {R"(2025-04-04T06:30:00Z event entered {"close":1071,"previous_close":1020,"change":51,"points":51,"percent":5,"sigma":1.4142,"sigmas":3.5355,"k":1,"lookback":2})"}},
        {"too few returns are a warm-up; a hole makes none and is not filled",
         "{lookback: 2, k: 1}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1010", "04 bar N225 - - - 1500",
          "07 bar N225 - - - 1000", "08 bar N225 - - - 500"},
         {R"(2025-04-08T06:30:00Z event entered {"close":500,"previous_close":1000,"change":-500,"points":500,"percent":50,"sigma":24.2773,"sigmas":2.0595,"k":1,"lookback":2})"}},
        {"the same close twice rings once; ticks do not ring",
         "{lookback: 2, k: 2, floor: 0.5}",
         {"01 bar N225 - - - 1000", "02 bar N225 - - - 1000", "03 bar N225 - - - 1000",
          "04 09:00 tick N225 2000", "04 15:30 close N225 1010", "04 15:31 close N225 1010"},
         {R"(2025-04-04T06:30:00Z event entered {"close":1010,"previous_close":1000,"change":10,"points":10,"percent":1,"sigma":0.5,"sigmas":2,"k":2,"lookback":2,"sigma_floored":true})"}},
    }));
    check_row("volatility_shock", row);
}

TEST_CASE("volatility_shock refuses a lookback beyond its bound, and live prices") {
    CHECK(mistakes("volatility_shock", "{lookback: 1000}").empty());
    CHECK(mistakes("volatility_shock", "{lookback: 1001}").size() == 1);
    CHECK(mistakes("volatility_shock", "{basis: live}").size() == 1);
}
