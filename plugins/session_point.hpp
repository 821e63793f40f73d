// A point of a session: its open or its close, or so long before or after: `open`, `close-30m`, `open+1h`.
#pragma once
#include <tocsin/rule.hpp>

namespace tocsin {

struct SessionPoint {
    bool close = false;
    std::int64_t offset = 0; // nanoseconds of clock time

    /// `open` or `close`, then perhaps + or - and a whole number of s, m or h, a day at most. False: it is no
    /// such text.
    bool read(std::string_view text) {
        close = text.substr(0, 5) == "close";
        if (!close && text.substr(0, 4) != "open") return false;
        text.remove_prefix(close ? 5 : 4);
        if (text.empty()) return true;
        constexpr std::int64_t second = 1'000'000'000, day = 86'400;
        const std::string_view sign = text.substr(0, 1), last = text.substr(text.size() - 1);
        const std::int64_t unit = last == "s" ? 1 : last == "m" ? 60 : last == "h" ? 3'600 : 0;
        if (unit == 0 || (sign != "+" && sign != "-")) return false;
        const std::int64_t n = number_in(text, sign, last, day / unit);
        offset = (sign == "-" ? -n : n) * unit * second;
        return n > 0;
    }
    /// The first such point strictly after t; TOCSIN_NEVER: the calendar knows none.
    std::int64_t next(std::int64_t t, const Input& now) const {
        const std::int64_t from = t - offset;
        const std::int64_t point = close ? now.add(from, {1, DurationUnit::sessions}) : now.next_open(from);
        return point == TOCSIN_NEVER ? point : point + offset;
    }
};

} // namespace tocsin
