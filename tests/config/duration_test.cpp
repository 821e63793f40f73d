#include "config/config.hpp"

#include <catch2/catch.hpp>

using namespace tocsin;
using namespace tocsin::config;

TEST_CASE("a duration is read with its unit") {
    constexpr auto clock = DurationUnit::clock, trading = DurationUnit::trading,
                   sessions = DurationUnit::sessions;
    struct Row {
        const char* text;
        std::int64_t count;
        DurationUnit unit;
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"0s", 0, clock},
        {"7ns", 7, clock},
        {"7us", 7'000, clock},
        {"500ms", 500'000'000, clock},
        {"90s", 90'000'000'000, clock},
        {"5m", 300'000'000'000, clock},
        {"2h", 7'200'000'000'000, clock},
        {"7d", 604'800'000'000'000, clock},
        {"5 m", 300'000'000'000, clock},
        {"9223372036854775807ns", 9'223'372'036'854'775'807, clock},
        {"1 session", 1, sessions},
        {"3 sessions", 3, sessions},
        {"3sessions", 3, sessions},
        {"1000000 sessions", 1'000'000, sessions},
        {"30 trading_seconds", 30'000'000'000, trading},
        {"1 trading_second", 1'000'000'000, trading},
        {"45 trading_minutes", 2'700'000'000'000, trading},
        {"1 trading_minute", 60'000'000'000, trading},
        {"2 trading_hours", 7'200'000'000'000, trading},
        {"1 trading_hour", 3'600'000'000'000, trading},
    }));
    CAPTURE(row.text);
    const ParsedDuration parsed = parse_duration(row.text);
    CHECK(parsed.problem.empty());
    CHECK(parsed.value == Duration{row.count, row.unit});
}

TEST_CASE("a duration that is none says why") {
    struct Row {
        const char *text, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"", "is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes"},
        {"soon", "is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes"},
        {"-", "is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes"},
        {" 5m", "is not a duration like 90s, 5m, 3 sessions or 45 trading_minutes"},
        {"-5m", "is negative"},
        {"90", "has no unit; write 90s, 5m, 3 sessions or 45 trading_minutes"},
        {"1.5h", "is no whole number of its unit; write 90m for 1.5h"},
        {"5 minutes",
         "has an unknown unit; units are ms, s, m, h, d, trading_minutes, trading_hours and sessions"},
        {"5x", "has an unknown unit, did you mean \"s\"?"},
        {"3 sesions", "has an unknown unit, did you mean \"sessions\"?"},
        {"45 trading_minuets", "has an unknown unit, did you mean \"trading_minutes\"?"},
        {"1h30m",
         "has an unknown unit; units are ms, s, m, h, d, trading_minutes, trading_hours and sessions"},
        {"9223372036854775808ns", "is too long"},
        {"106752d", "is too long"},
        {"99999999999999999999s", "is too long"},
        {"1000001 sessions", "is too long"},
    }));
    CAPTURE(row.text);
    CHECK(parse_duration(row.text).problem == row.problem);
}
