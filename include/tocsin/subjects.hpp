// SPDX-License-Identifier: Apache-2.0
// Subjects: what a rule follows side by side, each an episode of its own (measures, windows). A bounded list
// for a state, in the order in which they began; when it is full the oldest makes room, and is counted.
#pragma once
#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin {

/// T has `FixedText<…> subject`, by which its episode is known, and is trivially copyable.
template <class T, std::uint32_t N> struct Subjects {
    T told{}; // what an outcome is about that is told now; report's values are of it
    T items[N]{};
    std::uint32_t n = 0, evicted = 0;

    T* begin() { return items; }
    T* end() { return items + n; }
    const T* begin() const { return items; }
    const T* end() const { return items + n; }
    T* find(std::string_view subject) {
        return std::find_if(begin(), end(), [&](const T& one) { return one.subject.view() == subject; });
    }
    bool has(std::string_view subject) const {
        return std::any_of(begin(), end(), [&](const T& one) { return one.subject.view() == subject; });
    }
    /// Names what is to be added so that it is told apart: `m`, and while that runs `m #2`.
    void name(T& fresh, std::string_view text) const {
        constexpr std::string_view numbers = "23456789abcdefghijklmnopqrstuvwxyz";
        static_assert(N <= numbers.size());
        const FixedText<sizeof fresh.subject.text - 3> cut{text};
        fresh.subject = decltype(fresh.subject){text};
        for (std::size_t i = 0; has(fresh.subject.view()); ++i) {
            fresh.subject = decltype(fresh.subject){cut.view()};
            fresh.subject.append(" #"), fresh.subject.append(numbers.substr(i, 1));
        }
    }
    /// Ends the oldest (`expired`) where there is no room.
    void add(const T& fresh, const Input& now) {
        if (n == N) remove(items, now, TOCSIN_WHY_EXPIRED), ++evicted;
        items[n++] = fresh;
    }
    void tell(const T& one, const Input& now, Outcome outcome) {
        told = one;
        now.emit(outcome.about(told.subject.view()));
    }
    /// Ends the episode of `one`, of this list, and forgets it.
    void remove(T* one, const Input& now, std::uint32_t why) {
        const T ended = *one;
        std::copy(one + 1, end(), one);
        --n;
        tell(ended, now, Outcome::off(why));
    }
    /// A list of the subjects that are not told now.
    void report_others(std::string_view name, Report& report) const {
        tocsin_str others[N];
        std::uint32_t found = 0;
        for (const T& one : *this)
            if (one.subject.view() != told.subject.view()) others[found++] = str(one.subject.view());
        report.texts(name, others, found);
    }
};

} // namespace tocsin
