// SPDX-License-Identifier: Apache-2.0
// Statistics in whole numbers, so that every machine has the same digits.
#pragma once
#include <algorithm>
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

} // namespace tocsin
