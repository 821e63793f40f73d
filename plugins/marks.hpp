// Marks: points in time after an event at which the price is read: so much trading time after it, or a
// session's official close (`1 session`: the first close after it).
#pragma once
#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin {

using Marks = FixedList<Duration, 8>;

/// Checks the parameter `marks`; times become trading time.
inline bool plan_marks(Planner& planner, Marks& marks) {
    bool good = !marks.empty() || planner.error("marks", "needs at least one, like [5m, 30m, 1 session]");
    for (std::uint32_t i = 0; i < marks.size(); ++i) {
        if (marks[i].count <= 0) good = planner.error(Path{"marks", i}, "must be above 0");
        as_trading(marks.items[i]);
    }
    return good;
}

struct MarkReading {
    std::int64_t due;
    std::int64_t price = TOCSIN_NONE; // NONE: not due, or there is no price for it yet
    bool delayed = false;             // there was none when it was due
};

/// Requires: woken at the mark's time (Outcome::wake_at), by closes and sessions and, once it is due, by
/// every price.
inline MarkReading read_mark(std::int64_t since, Duration mark, const Input& now) {
    const tocsin_series& series = now.series();
    const bool a_close = mark.unit == DurationUnit::sessions;
    MarkReading reading{now.add(since, mark)};
    const std::int64_t due = reading.due;
    if (now.cause() == TOCSIN_IN_CLOSE) {
        if (due <= series.closes_at) reading.price = series.close;
        reading.delayed = a_close ? due < series.closes_at : due < now.now();
    } else if (a_close && now.now() >= due && series.closes_at == due) { // or what stands in its place
        if (series.settled >= TOCSIN_PROVISIONAL_CLOSE)
            reading.price = series.close != TOCSIN_NONE ? series.close : series.price;
    } else if (now.now() >= due && series.at >= (now.now() == due ? since : due)) {
        reading.price = series.price, reading.delayed = a_close || due < now.now();
    }
    return reading;
}

/// The newest mark that has come to its price, and when to look again; now: at every price.
struct MarksTaken {
    std::int64_t next = TOCSIN_NEVER; // NEVER: all are taken
    std::int32_t newest = -1;         // its index
    MarkReading reading{TOCSIN_NONE};
};

/// `taken` has a bit for each mark that has been taken.
inline MarksTaken take_marks(const Marks& marks, std::int64_t since, std::uint32_t& taken, const Input& now) {
    MarksTaken all;
    for (std::uint32_t i = 0; i < marks.size(); ++i) {
        if ((taken >> i & 1) != 0) continue;
        const MarkReading mark = read_mark(since, marks[i], now);
        if (mark.price == TOCSIN_NONE) {
            all.next = std::min(all.next, std::max(mark.due, now.now()));
            continue;
        }
        taken |= 1u << i;
        if (mark.due >= all.reading.due) all.newest = static_cast<std::int32_t>(i), all.reading = mark;
    }
    return all;
}

} // namespace tocsin
