// SPDX-License-Identifier: Apache-2.0
// Time: signed 64-bit nanoseconds since the Unix epoch, UTC. SessionDate: the local date that names a
// session, in days since 1970-01-01. Duration: so many nanoseconds of clock time, of trading time, or so many
// sessions. Text is RFC 3339 with an offset and up to 9 fraction digits; printed in UTC with `Z` and the
// shortest fraction. Leap seconds (:60) are refused. Errors as in price.hpp. Nothing here reads a clock, a
// zone or a locale.
#pragma once
#include <compare>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace tocsin {

inline constexpr std::int64_t nanos_per_second = 1'000'000'000;
inline constexpr std::int64_t nanos_per_day = 86'400 * nanos_per_second;

/// Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, "chrono-compatible low-level date
/// algorithms").
constexpr std::int32_t days_from_civil(std::int32_t year, std::int32_t month, std::int32_t day) {
    year -= month <= 2 ? 1 : 0;
    const std::int32_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int32_t year_of_era = year - era * 400;
    const std::int32_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

struct CivilDate {
    std::int32_t year, month, day;
};

constexpr CivilDate civil_from_days(std::int32_t days) {
    days += 719'468;
    const std::int32_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int32_t day_of_era = days - era * 146'097;
    const std::int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int32_t month = (5 * day_of_year + 2) / 153;
    return {year_of_era + era * 400 + (month >= 10 ? 1 : 0), month + (month < 10 ? 3 : -9),
            day_of_year - (153 * month + 2) / 5 + 1};
}

constexpr std::int32_t days_in_month(std::int32_t year, std::int32_t month) {
    constexpr std::int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

namespace detail {
/// Reads exactly `count` digits at `at`; -1 if there are fewer.
constexpr std::int32_t digits(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) return -1;
    std::int32_t value = 0;
    bool good = true; // without a branch for each: nearly all are
    for (std::size_t i = at; i < at + count; ++i) {
        good &= text[i] >= '0' && text[i] <= '9';
        value = value * 10 + (text[i] - '0');
    }
    return good ? value : -1;
}
inline void append_padded(std::string& text, std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    text.append(width > digits.size() ? width - digits.size() : 0, '0');
    text += digits;
}
} // namespace detail

class SessionDate {
public:
    struct Parsed;
    constexpr SessionDate() = default;
    static constexpr SessionDate from_days(std::int32_t days) { return SessionDate{days}; }
    static constexpr SessionDate from_civil(std::int32_t year, std::int32_t month, std::int32_t day) {
        return SessionDate{days_from_civil(year, month, day)};
    }
    /// `YYYY-MM-DD`, a date that exists.
    static constexpr Parsed parse(std::string_view text);
    constexpr std::int32_t days() const { return days_; }
    /// 0 is Monday, 6 is Sunday.
    constexpr std::int32_t weekday() const { return ((days_ + 3) % 7 + 7) % 7; }
    constexpr auto operator<=>(const SessionDate&) const = default;
    std::string to_string() const {
        const CivilDate date = civil_from_days(days_);
        std::string text;
        detail::append_padded(text, date.year, 4);
        detail::append_padded(text += '-', date.month, 2);
        detail::append_padded(text += '-', date.day, 2);
        return text;
    }

private:
    explicit constexpr SessionDate(std::int32_t days) : days_{days} {}
    std::int32_t days_ = 0;
};

struct SessionDate::Parsed {
    SessionDate value{};
    std::string_view problem{};
    constexpr explicit operator bool() const { return problem.empty(); }
};

constexpr SessionDate::Parsed SessionDate::parse(std::string_view text) {
    const std::int32_t year = detail::digits(text, 0, 4), month = detail::digits(text, 5, 2),
                       day = detail::digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 0 || month < 0 || day < 0)
        return {{}, "is not a date like 2025-04-03"};
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return {{}, "is no day of the calendar"};
    return {from_civil(year, month, day), {}};
}

class Time {
public:
    struct Parsed;
    constexpr Time() = default;
    static constexpr Time from_nanos(std::int64_t nanos) { return Time{nanos}; }
    /// Before every time that an event can have.
    static constexpr Time min() { return Time{std::numeric_limits<std::int64_t>::min()}; }
    /// After every time that an event can have: "never".
    static constexpr Time max() { return Time{std::numeric_limits<std::int64_t>::max()}; }
    /// RFC 3339 with an offset (`Z`, `z`, `+09:00`), `T`, `t` or a blank between date and time.
    static constexpr Parsed parse(std::string_view text);
    constexpr std::int64_t nanos() const { return nanos_; }
    constexpr auto operator<=>(const Time&) const = default;
    /// Nanoseconds later (or earlier); stays at the end of the range where it would leave it.
    constexpr Time plus(std::int64_t nanos) const {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(nanos_, nanos, &sum)) return nanos > 0 ? max() : min();
        return Time{sum};
    }
    /// `2024-08-05T06:00:00Z`, with the shortest fraction that is exact.
    inline std::string to_string() const;

private:
    explicit constexpr Time(std::int64_t nanos) : nanos_{nanos} {}
    std::int64_t nanos_ = 0;
};

struct Time::Parsed {
    Time value{};
    std::string_view problem{};
    constexpr explicit operator bool() const { return problem.empty(); }
};

constexpr Time::Parsed Time::parse(std::string_view text) {
    constexpr std::string_view form =
        "is not an RFC 3339 time with an offset, like 2025-04-03T09:00:00+09:00";
    const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
    if (text.size() < 19) return {{}, form};
    std::uint32_t strange = 0; // without a branch for each: nearly all are digits
    const auto two = [&](std::size_t i) {
        const auto tens = static_cast<std::uint32_t>(text[i] - '0'),
                   ones = static_cast<std::uint32_t>(text[i + 1] - '0');
        strange |= static_cast<std::uint32_t>((tens > 9) | (ones > 9));
        return static_cast<std::int32_t>(tens * 10 + ones);
    };
    const std::int32_t year = two(0) * 100 + two(2), month = two(5), day = two(8), hour = two(11),
                       minute = two(14), second = two(17);
    strange |=
        static_cast<std::uint32_t>((text[4] ^ '-') | (text[7] ^ '-') | (text[13] ^ ':') | (text[16] ^ ':'));
    if (strange != 0 || (text[10] != 'T' && text[10] != 't' && text[10] != ' ')) return {{}, form};
    std::size_t i = 19;
    std::int64_t fraction = 0;
    if (at(i) == '.') {
        std::int64_t scale = 100'000'000;
        const std::size_t first = ++i;
        for (; at(i) >= '0' && at(i) <= '9'; ++i, scale /= 10) {
            if (scale == 0) return {{}, "has more than 9 fraction digits"};
            fraction += scale * (at(i) - '0');
        }
        if (i == first) return {{}, form};
    }
    std::int64_t offset_minutes = 0;
    if (at(i) == 'Z' || at(i) == 'z') {
        ++i;
    } else if (at(i) == '+' || at(i) == '-') {
        const std::int32_t hours = detail::digits(text, i + 1, 2), minutes = detail::digits(text, i + 4, 2);
        if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59 || at(i + 3) != ':') return {{}, form};
        offset_minutes = (at(i) == '-' ? -1 : 1) * (hours * 60 + minutes);
        i += 6;
    } else {
        return {{}, i == text.size() ? std::string_view{"has no offset (Z or +09:00)"} : form};
    }
    if (i != text.size()) return {{}, form};
    if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 ||
        second > 59)
        return {{}, "is no time of the calendar"};
    // 64 bits of nanoseconds reach from 1677-09-21 to 2262-04-11; whole years keep the arithmetic below in
    // range.
    if (year < 1678 || year > 2261) return {{}, "is out of range (1678 to 2261)"};
    const std::int64_t seconds = std::int64_t{days_from_civil(year, month, day)} * 86'400 +
                                 (hour * 3600 + minute * 60 + second) - offset_minutes * 60;
    return {Time{seconds * nanos_per_second + fraction}, {}};
}

inline std::string Time::to_string() const {
    std::int64_t days = nanos_ / nanos_per_day, rest = nanos_ % nanos_per_day;
    if (rest < 0) --days, rest += nanos_per_day;
    const std::int64_t seconds = rest / nanos_per_second;
    std::string text = SessionDate::from_days(static_cast<std::int32_t>(days)).to_string();
    detail::append_padded(text += 'T', seconds / 3600, 2);
    detail::append_padded(text += ':', seconds / 60 % 60, 2);
    detail::append_padded(text += ':', seconds % 60, 2);
    if (const std::int64_t fraction = rest % nanos_per_second; fraction != 0) {
        detail::append_padded(text += '.', fraction, 9);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text += 'Z';
}

/// The numbers are those of the plugin interface (`tocsin_unit`).
enum class DurationUnit : std::uint32_t { clock = 0, trading = 1, sessions = 2 };

/// `count` is nanoseconds for clock and trading time, and a number of sessions otherwise.
struct Duration {
    std::int64_t count = 0;
    DurationUnit unit = DurationUnit::clock;
    constexpr bool operator==(const Duration&) const = default;
};

} // namespace tocsin
