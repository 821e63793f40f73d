// What the tests of series share: a calendar of Tokyo hours made in code, and short ways to write values.
#pragma once
#include "market/calendar.hpp"
#include "series/series.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

namespace tocsin::test {

inline Time at(std::string_view text) {
    const auto parsed = Time::parse(text);
    INFO(text);
    REQUIRE(parsed.problem == "");
    return parsed.value;
}

inline SessionDate date(std::string_view text) {
    return SessionDate::parse(text).value;
}

inline Price price(std::string_view text) {
    return Price::parse(text).value;
}

/// `-` where there is none.
inline std::string shown(std::int64_t nanos) {
    return nanos == TOCSIN_NONE ? "-" : Price::from_nanos(nanos).to_string();
}

inline std::string shown_session(std::int32_t days) {
    return days == TOCSIN_NO_SESSION ? "-" : SessionDate::from_days(days).to_string();
}

/// Tokyo's hours of today, Monday to Friday; 2025-01-13 and 2025-02-11 were holidays.
inline market::Calendar tokyo(std::string_view from = "2025-01-06", std::string_view to = "2025-03-31") {
    market::CalendarDefinition tokyo;
    tokyo.name = "XTKS", tokyo.zone = "Asia/Tokyo";
    tokyo.from = date(from), tokyo.to = date(to);
    tokyo.regimes = {{tokyo.from, {540, 690, 750, 925, 930}, {0, 1, 2, 3, 4}}};
    for (const auto* day : {"2025-01-13", "2025-02-11"})
        if (tokyo.from <= date(day) && date(day) <= tokyo.to) tokyo.closed.push_back(date(day));
    auto calendar = market::Calendar::make(std::move(tokyo));
    REQUIRE(calendar.has_value());
    return *calendar;
}

} // namespace tocsin::test
