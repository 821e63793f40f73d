// Prices against tables of digits, and against arithmetic that is done another way.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <tocsin/price.hpp>

using namespace tocsin;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

std::int64_t nanos(std::string_view text) {
    const auto parsed = Price::parse(text);
    REQUIRE(parsed.problem == "");
    return parsed.value.nanos();
}

/// Numbers of all sizes: a uniform one would nearly always have 19 digits.
std::int64_t any_size(std::mt19937_64& random) {
    const auto bits = static_cast<std::int64_t>(random());
    return bits >> (random() % 64);
}

} // namespace

TEST_CASE("a price is read from its digits") {
    struct Row {
        const char *name, *text, *printed, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"whole", "34102", "34102", ""},
        {"two decimals", "35617.56", "35617.56", ""},
        {"zeros that say nothing", "007.5000", "7.5", ""},
        {"the smallest step", "0.000000001", "0.000000001", ""},
        {"nine digits and zeros behind them", "1.00000000100", "1.000000001", ""},
        {"negative", "-0.5", "-0.5", ""},
        {"zero has no sign", "-0.0", "0", ""},
        {"the largest", "9223372036.854775807", "9223372036.854775807", ""},
        {"the smallest", "-9223372036.854775808", "-9223372036.854775808", ""},
        {"one step above the largest", "9223372036.854775808", "", "is out of range"},
        {"one step below the smallest", "-9223372036.854775809", "", "is out of range"},
        {"a whole too many", "9223372037", "", "is out of range"},
        {"more digits than any counter holds", "18446744073709551617000000000000000000", "",
         "is out of range"},
        {"out of range and more besides", "99999999999.5", "", "is out of range"},
        {"a digit too many", "1.0000000001", "", "has more than 9 fraction digits"},
        {"nothing", "", "", "is not a decimal number"},
        {"a sign alone", "-", "", "is not a decimal number"},
        {"a plus", "+1", "", "is not a decimal number"},
        {"a point alone", ".", "", "is not a decimal number"},
        {"no whole part", ".5", "", "is not a decimal number"},
        {"no fraction behind the point", "5.", "", "is not a decimal number"},
        {"two points", "1.2.3", "", "is not a decimal number"},
        {"an exponent", "1e5", "", "is not a decimal number"},
        {"an exponent behind many digits", "1.00000000001e5", "", "is not a decimal number"},
        {"thousands", "34,102", "", "is not a decimal number"},
        {"a blank before", " 1", "", "is not a decimal number"},
        {"a blank behind", "1 ", "", "is not a decimal number"},
        {"a word", "NaN", "", "is not a decimal number"},
    }));
    CAPTURE(row.name, row.text);
    const auto parsed = Price::parse(row.text);
    CHECK(parsed.problem == row.problem);
    if (parsed) CHECK(parsed.value.to_string() == row.printed);
}

TEST_CASE("a price counts in 1e-9") {
    CHECK(nanos("1") == 1'000'000'000);
    CHECK(nanos("31136.58") == 31'136'580'000'000);
    CHECK(nanos("-0.000000001") == -1);
    CHECK(Price::parse("1.5").value < Price::parse("1.50000001").value);
    static_assert(Price::parse("2.5").value.nanos() == 2'500'000'000, "prices can be constants");
}

TEST_CASE("what a price prints, it reads back") {
    std::mt19937_64 random{1};
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t value = any_size(random);
        const std::string text = Price::from_nanos(value).to_string();
        const auto parsed = Price::parse(text);
        CAPTURE(value, text);
        REQUIRE(parsed.problem == "");
        REQUIRE(parsed.value.nanos() == value);
    }
}

TEST_CASE("a division rounds down or up, also for negatives") {
    struct Row {
        int dividend, divisor, floor, ceil;
    };
    const auto row = GENERATE(values<Row>({
        {7, 2, 3, 4},
        {-7, 2, -4, -3},
        {6, 2, 3, 3},
        {-6, 2, -3, -3},
        {0, 5, 0, 0},
        {1, 5, 0, 1},
        {-1, 5, -1, 0},
    }));
    CAPTURE(row.dividend, row.divisor);
    CHECK(static_cast<int>(floor_div(row.dividend, row.divisor)) == row.floor);
    CHECK(static_cast<int>(ceil_div(row.dividend, row.divisor)) == row.ceil);
}

TEST_CASE("a fall or rise of a percentage has an exact bound") {
    struct Row {
        const char *name, *base, *percent;
        std::int64_t fell, rose;
    };
    const auto row = GENERATE(values<Row>({
        {"a round one", "40000", "5", 38'000'000'000'000, 42'000'000'000'000},
        {"nothing", "33780.58", "0", 33'780'580'000'000, 33'780'580'000'000},
        {"a hundred", "7", "100", 0, 14'000'000'000},
        {"between two steps: the far one", "0.000000001", "3", 0, 2},
        {"a third", "1", "33.333333333", 666'666'666, 1'333'333'334},
        {"a negative base", "-0.000000001", "3", -1, -1},
        {"a rise out of range ends there", "9000000000", "50", 4'500'000'000'000'000'000, most},
    }));
    CAPTURE(row.name);
    CHECK(fell_to(nanos(row.base), nanos(row.percent)) == row.fell);
    CHECK(rose_to(nanos(row.base), nanos(row.percent)) == row.rose);
}

TEST_CASE("the bound of a percentage is the last price that passes the test") {
    // "fell at least p" without a division: x * K <= P * (K - p). Percentages up to 1000, prices up to the
    // range's end.
    std::mt19937_64 random{2};
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t base = any_size(random);
        const auto percent = static_cast<std::int64_t>(random() % 1'000'000'000'000);
        CAPTURE(base, percent);
        const Wide down = Wide{base} * (hundred_percent - percent),
                   up = Wide{base} * (hundred_percent + percent);
        const std::int64_t fell = fell_to(base, percent), rose = rose_to(base, percent);
        if (fell > least && fell < most) {
            REQUIRE(Wide{fell} * hundred_percent <= down);
            REQUIRE((Wide{fell} + 1) * hundred_percent > down);
        }
        if (rose > least && rose < most) {
            REQUIRE(Wide{rose} * hundred_percent >= up);
            REQUIRE((Wide{rose} - 1) * hundred_percent < up);
        }
    }
}

TEST_CASE("a percentage is rounded half away from zero, to 4 decimals, for printing") {
    struct Row {
        const char *name, *numerator, *denominator, *printed;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-04-07: 7.82698…", "2644.00", "33780.58", "7.827"},
        {"2024-08-05: 12.39576…", "4451.28", "35909.70", "12.3958"},
        {"1987-10-20: 14.90094…", "3836.48", "25746.56", "14.9009"},
        {"half a step up", "0.00000005", "0.1", "0.0001"},
        {"half a step down", "-0.00000005", "0.1", "-0.0001"},
        {"under half a step", "0.000000049", "0.1", "0"},
        {"a third", "1", "3", "33.3333"},
        {"minus two thirds", "-2", "3", "-66.6667"},
        {"whole", "5", "5", "100"},
    }));
    CAPTURE(row.name);
    CHECK(Price::from_nanos(rounded_percent(nanos(row.numerator), nanos(row.denominator))).to_string() ==
          row.printed);
}

TEST_CASE("a rounded percentage lies within half a step of the exact one") {
    std::mt19937_64 random{3};
    constexpr std::int64_t step = 100'000; // 4 decimals, in 1e-9 percent
    for (int i = 0; i < 20'000; ++i) {
        const std::int64_t numerator = any_size(random) / 1000;
        const std::int64_t denominator = std::max<std::int64_t>(any_size(random) & most, 1);
        const std::int64_t rounded = rounded_percent(numerator, denominator);
        if (rounded == most || rounded == least) continue;
        CAPTURE(numerator, denominator, rounded);
        REQUIRE(rounded % step == 0);
        const Wide error =
            Wide{numerator} * 1'000'000 - Wide{rounded / step} * denominator; // times 1e-4 / denominator
        REQUIRE(2 * (error < 0 ? -error : error) <= denominator);
    }
}
