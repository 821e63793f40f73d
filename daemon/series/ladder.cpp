#include "series/ladder.hpp"

#include <algorithm>
#include <tocsin/price.hpp>

namespace tocsin::series {
namespace {

/// Moves by their size in the direction and measure that a rule wants.
class BySize {
public:
    explicit BySize(const MovesWanted& wanted) : wanted_{wanted} {}
    /// The size in points; negative on the other side.
    std::int64_t points(const tocsin_move& move) const {
        return wanted_.direction == TOCSIN_UP ? move.close - move.prev_close : move.prev_close - move.close;
    }
    /// Percentages are compared as exact rationals: a/pa > b/pb where a·pb > b·pa.
    bool larger(const tocsin_move& a, const tocsin_move& b) const {
        if (wanted_.measure != TOCSIN_MEASURE_PERCENT) return points(a) > points(b);
        return Wide{points(a)} * b.prev_close > Wide{points(b)} * a.prev_close;
    }
    bool operator()(const tocsin_move& a, const tocsin_move& b) const { return larger(a, b); }

private:
    const MovesWanted& wanted_;
};

/// Among moves that are counted one by one: where the judged one ranks, and the k largest.
class Ranking {
public:
    Ranking(const MovesWanted& wanted, const tocsin_move& judged)
        : by_size_{wanted}, judged_{judged}, k_{wanted.k} {}

    void count(const tocsin_move& move) {
        if (by_size_.points(move) <= 0) return;
        if (by_size_.larger(move, judged_))
            ++larger_;
        else if (!by_size_.larger(judged_, move))
            ++ties_;
        if (largest_.size() == k_ && !before(move, largest_.back())) return;
        if (largest_.size() == k_) largest_.pop_back();
        const auto place =
            std::upper_bound(largest_.begin(), largest_.end(), move,
                             [&](const tocsin_move& a, const tocsin_move& b) { return before(a, b); });
        largest_.insert(place, move);
    }
    tocsin_rank result() const {
        tocsin_rank rank{};
        rank.size = sizeof rank;
        rank.rank = larger_ + 1, rank.ties = ties_;
        rank.has_record = largest_.empty() ? 0 : 1;
        if (rank.has_record != 0) rank.record = largest_.front();
        rank.has_kth = largest_.size() == k_ ? 1 : 0;
        if (rank.has_kth != 0) rank.kth = largest_.back();
        return rank;
    }

private:
    /// The larger first; of equals the earlier.
    bool before(const tocsin_move& a, const tocsin_move& b) const {
        return by_size_.larger(a, b) || (!by_size_.larger(b, a) && a.session < b.session);
    }
    BySize by_size_;
    const tocsin_move& judged_;
    std::size_t k_;
    std::uint32_t larger_ = 0, ties_ = 0;
    std::vector<tocsin_move> largest_; // at most k, in order
};

bool dated_before(const market::Session& session, SessionDate date) {
    return session.date < date;
}

} // namespace

Ladder::Closes::const_iterator Ladder::at_or_after(SessionDate session) const {
    return std::lower_bound(
        closes_.begin(), closes_.end(), session,
        [](const tocsin_session& known, SessionDate date) { return known.session < date.days(); });
}

const tocsin_session* Ladder::find(SessionDate session) const {
    const auto at = at_or_after(session);
    return at != closes_.end() && at->session == session.days() ? &*at : nullptr;
}

const tocsin_session* Ladder::previous(SessionDate session) const {
    const auto index = calendar_->find(session);
    if (index && *index > 0) return find(calendar_->sessions()[*index - 1].date);
    const auto at = at_or_after(session);
    return at == closes_.begin() ? nullptr : &*std::prev(at);
}

std::span<const tocsin_session> Ladder::before(SessionDate session, std::size_t n) const {
    const auto count = static_cast<std::size_t>(at_or_after(session) - closes_.begin());
    const std::size_t wanted = n == 0 ? count : std::min(n, count);
    return {closes_.data() + (count - wanted), wanted};
}

void Ladder::put(SessionDate session, std::int64_t close, bool provisional, const Range& range) {
    const tocsin_session* before = previous(session);
    const auto at_calendar = calendar_->find(session);
    const market::Session* hours = at_calendar ? &calendar_->sessions()[*at_calendar] : nullptr;
    tocsin_session made{session.days(),
                        provisional ? 1u : 0u,
                        before != nullptr ? before->close : TOCSIN_NONE,
                        range.open,
                        range.high,
                        range.low,
                        close,
                        hours != nullptr ? calendar_->trading_between(hours->open, hours->close) : 0};
    auto at = closes_.begin() + (at_or_after(session) - closes_.cbegin());
    if (at != closes_.end() && at->session == made.session) {
        if (made.open == TOCSIN_NONE) made.open = at->open;
        if (made.high == TOCSIN_NONE) made.high = at->high;
        if (made.low == TOCSIN_NONE) made.low = at->low;
        *at = made;
    } else {
        at = closes_.insert(at, made);
    }
    const auto next = std::next(at);
    if (next != closes_.end() && previous(SessionDate::from_days(next->session)) == &*at)
        next->prev_close = close;
}

tocsin_rank Ladder::rank(const MovesWanted& wanted, SessionDate session, std::int64_t prev_close,
                         std::int64_t price) const {
    const tocsin_move judged{session.days(), 0, prev_close, price};
    const auto begin = scope_begin(wanted, session);
    Ranking ranking{wanted, judged};
    std::uint32_t history = 0;
    for (auto at = begin ? at_or_after(*begin) : closes_.begin();
         at != closes_.end() && at->session < session.days(); ++at) {
        if (at->prev_close == TOCSIN_NONE) continue;
        ++history;
        ranking.count({at->session, 0, at->prev_close, at->close});
    }
    const BySize by_size{wanted};
    for (const auto& seed : wanted.seeds) {
        const auto date = SessionDate::from_days(seed.session);
        if (date >= session || (begin && date < *begin)) continue;
        const tocsin_session* known = find(date);
        if (known == nullptr || known->prev_close == TOCSIN_NONE) ranking.count(seed);
    }

    tocsin_rank rank = ranking.result();
    rank.history = history;
    // The first session of the data ends no move that they know: a scope that includes it reaches before
    // them, and there only what is larger than the smallest seed is sure.
    const bool known = !closes_.empty() && closes_.front().session < session.days();
    const bool reaches_before =
        !begin || (known ? begin->days() <= closes_.front().session : *begin < session);
    const auto smallest = std::max_element(wanted.seeds.begin(), wanted.seeds.end(), by_size);
    const bool sure =
        !reaches_before || (smallest != wanted.seeds.end() && by_size.larger(judged, *smallest));
    rank.exact = sure && complete(begin, session, history) ? 1 : 0;
    return rank;
}

/// Where a scope begins: nothing for "as far back as there is".
std::optional<SessionDate> Ladder::scope_begin(const MovesWanted& wanted, SessionDate judged) const {
    if (wanted.scope_kind == TOCSIN_SCOPE_ALL) return {};
    if (wanted.scope_kind == TOCSIN_SCOPE_SINCE)
        return SessionDate::from_days(static_cast<std::int32_t>(wanted.scope_value));
    return back(judged, static_cast<std::size_t>(wanted.scope_value));
}

std::optional<SessionDate> Ladder::back(SessionDate judged, std::size_t count) const {
    const std::size_t index = calendar_->find(judged).value_or(0);
    if (index >= count) return calendar_->sessions()[index - count].date;
    // Before the calendar, sessions are those that the data have.
    const auto older = at_or_after(std::min(judged, calendar_->from())) - closes_.begin();
    const auto missing = static_cast<std::ptrdiff_t>(count - index);
    if (older < missing) return {};
    return SessionDate::from_days(closes_[static_cast<std::size_t>(older - missing)].session);
}

/// Whether the data have a move of every session of the scope, as far as they reach; they can only tell
/// inside the calendar's span.
bool Ladder::complete(std::optional<SessionDate> begin, SessionDate judged, std::uint32_t history) const {
    if (closes_.empty()) return true;
    const auto& sessions = calendar_->sessions();
    const auto first = SessionDate::from_days(closes_.front().session);
    // The first session of the data has no move to know.
    const SessionDate from = begin && *begin > first ? *begin : SessionDate::from_days(first.days() + 1);
    if (judged < calendar_->from() || (first < calendar_->from() && (!begin || *begin < calendar_->from())))
        return false;
    const auto expected = std::lower_bound(sessions.begin(), sessions.end(), judged, dated_before) -
                          std::lower_bound(sessions.begin(), sessions.end(), from, dated_before);
    return expected <= static_cast<std::ptrdiff_t>(history);
}

} // namespace tocsin::series
