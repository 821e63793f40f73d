// The median range (high less low) of the sessions before this one.
#pragma once
#include <array>
#include <tocsin/rule.hpp>
#include <tocsin/statistics.hpp>

namespace tocsin {

struct UsualRange {
    /// Four years, and what fits on the stack.
    static constexpr std::uint32_t max_sessions = 1000;
    Wide twice = 0;      // the median: whole for an even number of sessions too
    std::uint32_t n = 0; // of how many sessions; 0: none is known

    /// Of the last `sessions`, at most max_sessions; `exclude_short`: without those shorter than 3/4 of the
    /// longest one of them.
    static UsualRange of(const Input& now, std::uint32_t sessions, bool exclude_short) {
        const auto earlier = now.sessions(now.series().session, sessions);
        const auto has_range = [](const tocsin_session& one) { // of a bar that has but a close, that is none
            return one.high != TOCSIN_NONE && one.low != TOCSIN_NONE &&
                   (one.open != TOCSIN_NONE || one.high != one.low);
        };
        std::int64_t longest = 0;
        for (const tocsin_session& one : earlier)
            if (exclude_short && has_range(one)) longest = std::max(longest, one.trading);
        std::array<std::int64_t, max_sessions> ranges{};
        std::uint32_t n = 0;
        for (const tocsin_session& one : earlier) {
            const bool is_short = one.trading > 0 && one.trading < longest - longest / 4;
            if (has_range(one) && !is_short) ranges[n++] = one.high - one.low;
        }
        return n == 0 ? UsualRange{} : UsualRange{twice_median(ranges.data(), n), n};
    }
};

} // namespace tocsin
