// The sole reader of wall time. Folders market, alert, series, rules and feed/merge never include this:
// there, time is an input.
#pragma once
#include <chrono>
#include <tocsin/time.hpp>

namespace tocsin {

inline Time wall_now() {
    return Time::from_nanos(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count());
}

} // namespace tocsin
