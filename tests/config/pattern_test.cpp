#include "config/pattern.hpp"

#include "config/config.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <regex>

using namespace tocsin;
using namespace tocsin::config;

namespace {

std::regex whole(const std::string& pattern) {
    return std::regex{'^' + pattern + '$', std::regex::ECMAScript};
}

/// Texts near the given ones: a character put in, taken out or replaced. The same ones on every run.
std::vector<std::string> neighbours(const std::vector<std::string>& texts, std::string_view alphabet) {
    std::mt19937 chance{20250403};
    std::vector<std::string> all = texts;
    for (const std::string& text : texts)
        for (int i = 0; i < 60; ++i) {
            std::string other = text;
            for (unsigned edits = 1 + chance() % 2; edits > 0; --edits) {
                const std::size_t at = chance() % (other.size() + 1);
                const char c = alphabet[chance() % alphabet.size()];
                switch (chance() % 3) {
                case 0:
                    other.insert(at, 1, c);
                    break;
                case 1:
                    if (at < other.size()) other.erase(at, 1);
                    break;
                default:
                    if (at < other.size()) other[at] = c;
                }
            }
            all.push_back(other);
        }
    return all;
}

/// The pattern takes exactly what the parser takes, and both kinds are among the texts.
template <class Takes>
void check_alike(const std::string& pattern, const std::vector<std::string>& texts, const Takes& takes) {
    const std::regex regex = whole(pattern);
    std::size_t taken = 0;
    for (const std::string& text : texts) {
        CAPTURE(text);
        const bool right = takes(text);
        taken += right ? 1 : 0;
        if (std::regex_match(text, regex) != right) CHECK(std::regex_match(text, regex) == right);
    }
    CHECK(taken > 0);
    CHECK(taken < texts.size());
}

} // namespace

TEST_CASE("a pattern of numbers takes those of its range and no others") {
    const auto [least, most] = GENERATE(table<unsigned, unsigned>(
        {{0, 0}, {0, 9}, {1, 10}, {7, 7}, {0, 255}, {19, 21}, {99, 1000}, {305, 1742}, {1, 1999}, {10, 99}}));
    CAPTURE(least, most);
    const std::regex regex = whole(number_pattern(least, most));
    for (unsigned value = 0; value < 2100; ++value) {
        const bool inside = value >= least && value <= most;
        if (std::regex_match(std::to_string(value), regex) != inside) FAIL_CHECK(value);
        if (std::regex_match("00" + std::to_string(value), regex) != inside) FAIL_CHECK("00" << value);
    }
    for (const char* text : {"", "-1", "+1", "1.", "1a", " 1"}) CHECK_FALSE(std::regex_match(text, regex));
}

TEST_CASE("a pattern of whole numbers reaches to the ends of 64 bits") {
    constexpr auto least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    const std::regex all = whole(integer_pattern(least, most));
    for (const char* text : {"0", "-0", "-9223372036854775808", "9223372036854775807", "-1", "0042"})
        CHECK(std::regex_match(text, all));
    for (const char* text : {"-9223372036854775809", "9223372036854775808", "+1", "1.0", "--1", "", "-"})
        CHECK_FALSE(std::regex_match(text, all));
    const std::regex below = whole(integer_pattern(-20, -3));
    for (const char* text : {"-3", "-20", "-07"}) CHECK(std::regex_match(text, below));
    for (const char* text : {"-2", "-21", "0", "-0", "3"}) CHECK_FALSE(std::regex_match(text, below));
}

TEST_CASE("a pattern of decimals takes what Price::parse does, within its bounds") {
    struct Row {
        const char *least, *most;
    };
    const auto row = GENERATE(values<Row>({{"-9223372036.854775808", "9223372036.854775807"},
                                           {"0", "9223372036.854775807"},
                                           {"0.000000001", "9223372036.854775807"},
                                           {"-0.5", "0.25"},
                                           {"12.34", "12.5"},
                                           {"9.99", "101.01"},
                                           {"-3", "-1.000000002"},
                                           {"0", "100"}}));
    CAPTURE(row.least, row.most);
    const Price least = Price::parse(row.least).value, most = Price::parse(row.most).value;
    const auto texts = neighbours({row.least,
                                   row.most,
                                   "0",
                                   "-0",
                                   "-0.0",
                                   "007.5000",
                                   "12.4",
                                   "12.340000000000",
                                   "12.3399999999",
                                   "0.0000000010",
                                   "0.0000000001",
                                   "9223372036.854775808",
                                   "1e3",
                                   "100.000",
                                   "100.0001",
                                   "99.999999999",
                                   "-1",
                                   "-1.5",
                                   ".5",
                                   "5.",
                                   "+5",
                                   "50",
                                   "3,5"},
                                  "0123456789.-+");
    check_alike(decimal_pattern(least, most), texts, [&](const std::string& text) {
        const auto parsed = Price::parse(text);
        return parsed && parsed.value >= least && parsed.value <= most;
    });
    const std::regex amount = whole(decimal_pattern(least, most, "%?"));
    CHECK(std::regex_match(std::string{row.most} + '%', amount));
    CHECK(std::regex_match(row.least, amount));
    CHECK_FALSE(std::regex_match(std::string{row.most} + "%%", amount));
}

TEST_CASE("a pattern of durations takes what parse_duration does") {
    const auto texts = neighbours({"0s",
                                   "7ns",
                                   "500ms",
                                   "90s",
                                   "5m",
                                   "2h",
                                   "7d",
                                   "5 m",
                                   "5  m",
                                   "05m",
                                   "1 session",
                                   "3 sessions",
                                   "1000000 sessions",
                                   "1000001 sessions",
                                   "1000000sessions",
                                   "45 trading_minutes",
                                   "2 trading_hours",
                                   "30 trading_second",
                                   "106751d",
                                   "106752d",
                                   "2562047h",
                                   "2562048h",
                                   "9223372036854775807ns",
                                   "9223372036854775808ns",
                                   "9223372036s",
                                   "9223372037s",
                                   "9223372036 trading_seconds",
                                   "1.5h",
                                   "1h30m",
                                   "soon",
                                   "-5m",
                                   "60m",
                                   "61m",
                                   "1h",
                                   "3600s",
                                   "3601s",
                                   "3600000ms"},
                                  "0123456789 smhdn_x.");
    check_alike(duration_pattern(), texts,
                [](const std::string& text) { return parse_duration(text).problem.empty(); });
    check_alike(lasting_pattern(), texts, [](const std::string& text) {
        const auto parsed = parse_duration(text);
        return parsed.problem.empty() && parsed.value.count > 0;
    });
    check_alike(clock_time_pattern("2s", "1h"), texts, [](const std::string& text) {
        const auto parsed = parse_duration(text);
        return parsed.problem.empty() && parsed.value.unit == DurationUnit::clock &&
               parsed.value.count >= 2 * nanos_per_second && parsed.value.count <= 3600 * nanos_per_second;
    });
    // A bound binds its own unit only: sessions and minutes cannot be compared.
    check_alike(duration_pattern("2 sessions", "90 sessions"), texts, [](const std::string& text) {
        const auto parsed = parse_duration(text);
        return parsed.problem.empty() && (parsed.value.unit != DurationUnit::sessions ||
                                          (parsed.value.count >= 2 && parsed.value.count <= 90));
    });
}

TEST_CASE("a pattern of dates takes the days of the calendar") {
    const std::regex regex = whole(date_pattern());
    for (int year : {0, 1600, 1700, 1987, 1996, 2000, 2023, 2024, 2100, 2400, 9999})
        for (int month = 0; month <= 13; ++month)
            for (int day = 0; day <= 32; ++day) {
                char text[32];
                std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
                if (std::regex_match(text, regex) != static_cast<bool>(SessionDate::parse(text)))
                    FAIL_CHECK(text);
            }
    const auto takes = [](const std::string& text) { return static_cast<bool>(SessionDate::parse(text)); };
    check_alike(date_pattern(),
                neighbours({"2024-02-29", "2023-02-28", "2025-04-30", "2025-12-31"}, "0123456789-/ "), takes);
}

TEST_CASE("a pattern of times takes what Time::parse does") {
    const auto takes = [](const std::string& text) { return static_cast<bool>(Time::parse(text)); };
    check_alike(
        time_pattern(),
        neighbours({"2025-04-03T09:00:00+09:00", "2025-04-03t09:00:00z", "2025-04-03 09:00:00.123456789Z",
                    "2025-04-03T09:00:00.1234567891Z", "1678-01-01T00:00:00Z", "1677-12-31T23:59:59Z",
                    "2261-12-31T23:59:59-23:59", "2262-01-01T00:00:00Z", "2024-02-29T23:59:60Z",
                    "2023-02-29T00:00:00Z", "2025-04-03T09:00:00", "2025-04-03T24:00:00Z"},
                   "0123456789-:.TZtz+ "),
        takes);
}
