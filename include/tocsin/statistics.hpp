// SPDX-License-Identifier: Apache-2.0
// Statistics in whole numbers, so that every machine has the same digits.
#pragma once
#include <algorithm>
#include <cstdint>
#include <tocsin/price.hpp>

namespace tocsin {

/// The largest r with r * r <= square. Requires: 0 <= square < 2^126.
constexpr Wide whole_root(Wide square) {
    Wide root = 0;
    for (Wide bit = Wide{1} << 62; bit > 0; bit >>= 1)
        if ((root + bit) * (root + bit) <= square) root += bit;
    return root;
}

/// Twice the median of n values, which is whole for an even n too. Sorts them. Requires: n > 0, and that two
/// of the values can be added.
template <class T> constexpr Wide twice_median(T* first, std::uint32_t n) {
    std::sort(first, first + n);
    return Wide{first[(n - 1) / 2]} + first[n / 2];
}

/// The sample standard deviation of n values, cut. Requires: n > 1, and that n times the sum of their squares
/// fits 126 bits.
constexpr Wide sample_deviation(const Wide* values, std::uint32_t n) {
    Wide sum = 0, squares = 0;
    for (std::uint32_t i = 0; i < n; ++i) sum += values[i], squares += values[i] * values[i];
    return whole_root((squares * n - sum * sum) / (Wide{n} * (n - 1)));
}

/// The deviation from 0 of n values, the newest first, each weighing `stays` (1e-9) of the one after it: the
/// oldest square begins, and each newer one is mixed in. Cut at each step. Requires: n > 0, 0 < stays < 1e9.
constexpr Wide weighted_deviation(const Wide* values, std::uint32_t n, std::int64_t stays) {
    constexpr std::int64_t whole = 1'000'000'000;
    const auto share = [](Wide of, std::int64_t part) { // their product need not fit 128 bits
        return of / whole * part + of % whole * part / whole;
    };
    Wide variance = values[n - 1] * values[n - 1];
    for (std::uint32_t i = n - 1; i-- > 0;)
        variance = share(variance, stays) + share(values[i] * values[i], whole - stays);
    return whole_root(variance);
}

/// 1.4826 times the median distance from the median of n values, cut: the deviation, were they normal.
/// Changes them. Requires: n > 0.
constexpr Wide median_deviation(Wide* values, std::uint32_t n) {
    const Wide middle = twice_median(values, n) / 2;
    for (std::uint32_t i = 0; i < n; ++i)
        values[i] = values[i] < middle ? middle - values[i] : values[i] - middle;
    return twice_median(values, n) / 2 * 14'826 / 10'000;
}

} // namespace tocsin
