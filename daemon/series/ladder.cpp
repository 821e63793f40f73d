#include "series/ladder.hpp"

#include <algorithm>
#include <optional>
#include <tocsin/price.hpp>

namespace tocsin::series {
namespace {

/// The size of a move in the direction; negative on the other side.
std::int64_t size_of(const tocsin_move& move, std::uint32_t direction) {
    return direction == TOCSIN_UP ? move.close - move.prev_close : move.prev_close - move.close;
}

/// -1, 0, 1: how a compares with b. Percentages as exact rationals: a/pa > b/pb where a·pb > b·pa.
int compare(const tocsin_move& a, const tocsin_move& b, const MovesWanted& wanted) {
    Wide left = size_of(a, wanted.direction), right = size_of(b, wanted.direction);
    if (wanted.measure == TOCSIN_MEASURE_PERCENT) left *= b.prev_close, right *= a.prev_close;
    return left < right ? -1 : left > right ? 1 : 0;
}

bool earlier(const Close& close, SessionDate session) {
    return close.session < session;
}

/// Where a scope begins: nothing for "as far back as there is".
std::optional<SessionDate> scope_begin(const MovesWanted& wanted, SessionDate judged,
                                       const market::Calendar& calendar) {
    if (wanted.scope_kind == TOCSIN_SCOPE_SINCE)
        return SessionDate::from_days(static_cast<std::int32_t>(wanted.scope_value));
    if (wanted.scope_kind == TOCSIN_SCOPE_ALL) return {};
    const auto at = calendar.find(judged);
    const auto count = static_cast<std::size_t>(wanted.scope_value);
    if (!at || *at < count) return {};
    return calendar.sessions()[*at - count].date;
}

} // namespace

void Ladder::put(const Close& close, const market::Calendar& calendar) {
    auto at = std::lower_bound(closes_.begin(), closes_.end(), close.session, earlier);
    if (at != closes_.end() && at->session == close.session)
        *at = close;
    else
        at = closes_.insert(at, close);
    const auto here = calendar.find(close.session);
    const auto next = std::next(at);
    if (next == closes_.end()) return;
    if (here && *here + 1 < calendar.sessions().size() &&
        calendar.sessions()[*here + 1].date == next->session)
        next->prev_close = close.close;
}

const Close* Ladder::find(SessionDate session) const {
    const auto at = std::lower_bound(closes_.begin(), closes_.end(), session, earlier);
    return at != closes_.end() && at->session == session ? &*at : nullptr;
}

tocsin_rank Ladder::rank(const MovesWanted& wanted, SessionDate session, std::int64_t prev_close,
                         std::int64_t price, const market::Calendar& calendar) const {
    const tocsin_move judged{session.days(), 0, prev_close, price};
    const auto begin = scope_begin(wanted, session, calendar);
    std::vector<tocsin_move> largest; // the k largest, descending; of equals the earlier first
    std::uint32_t larger = 0, ties = 0, history = 0;
    bool before_calendar = false;

    const auto count = [&](const tocsin_move& move) {
        if (size_of(move, wanted.direction) <= 0) return;
        const int order = compare(move, judged, wanted);
        larger += order > 0 ? 1 : 0, ties += order == 0 ? 1 : 0;
        const auto at = std::find_if(largest.begin(), largest.end(), [&](const tocsin_move& known) {
            const int than = compare(move, known, wanted);
            return than > 0 || (than == 0 && move.session < known.session);
        });
        if (at != largest.end() || largest.size() < wanted.k) largest.insert(at, move);
        if (largest.size() > wanted.k) largest.pop_back();
    };

    const SessionDate first = closes_.empty() ? session : closes_.front().session;
    const tocsin_move* smallest_seed = nullptr;
    for (const auto& seed : wanted.seeds) {
        if (!smallest_seed || compare(seed, *smallest_seed, wanted) < 0) smallest_seed = &seed;
        const auto date = SessionDate::from_days(seed.session);
        // Inside the data the data speak; the first session of the data has no move of its own.
        if (date <= first && date < session && (!begin || date >= *begin)) count(seed);
    }
    for (auto at = begin ? std::lower_bound(closes_.begin(), closes_.end(), *begin, earlier)
                         : closes_.begin();
         at != closes_.end() && at->session < session; ++at) {
        before_calendar = before_calendar || at->before_calendar;
        if (at->prev_close == TOCSIN_NONE) continue;
        ++history;
        count({at->session.days(), 0, at->prev_close, at->close});
    }

    tocsin_rank rank{};
    rank.size = sizeof rank;
    rank.rank = larger + 1, rank.ties = ties, rank.history = history;
    rank.has_record = largest.empty() ? 0 : 1;
    if (rank.has_record) rank.record = largest.front();
    rank.has_kth = largest.size() >= wanted.k ? 1 : 0;
    if (rank.has_kth) rank.kth = largest.back();

    // The first session of the data ends no move that the data know: a scope that includes it reaches before
    // the data.
    const bool reaches_before = !begin || *begin <= first;
    const auto here = calendar.find(session), from = calendar.find(first);
    const auto lower =
        begin && *begin > first
            ? static_cast<std::size_t>(
                  std::lower_bound(calendar.sessions().begin(), calendar.sessions().end(), *begin,
                                   [](const market::Session& s, SessionDate date) { return s.date < date; }) -
                  calendar.sessions().begin())
            : from.value_or(0) + 1;
    const bool holed = before_calendar || !here || (*here > lower && *here - lower != history);
    rank.exact =
        !holed && (!reaches_before || (smallest_seed && compare(judged, *smallest_seed, wanted) > 0)) ? 1 : 0;
    return rank;
}

} // namespace tocsin::series
