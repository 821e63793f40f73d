// Ladder: every official (or provisional) close of a symbol with its session's open, high and low, the moves
// between neighbouring sessions, and how a move ranks among those of earlier sessions (rules.md R01). A move
// belongs to the later session: from its previous close to its close. No move is formed across a hole.
// Deciding thread. A plain value: copying it is a snapshot.
//
// Neighbours are those of the calendar. Where it knows none (before its span, and for its first session) the
// close before in the data is taken for the neighbour; such ranks are never called exact.
#pragma once
#include "market/calendar.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::series {

/// What else a session's history keeps; TOCSIN_NONE where unknown.
struct Range {
    std::int64_t open = TOCSIN_NONE, high = TOCSIN_NONE, low = TOCSIN_NONE;
};

/// What a rule asked for when it was planned: which moves, and those before the data.
struct MovesWanted {
    std::uint32_t direction = TOCSIN_DOWN; // TOCSIN_DOWN, TOCSIN_UP
    std::uint32_t measure = TOCSIN_POINTS;
    std::uint32_t scope_kind = TOCSIN_SCOPE_ALL;
    std::int64_t scope_value = 0;
    std::uint32_t k = 1;
    std::vector<tocsin_move> seeds; // complete down to the smallest
};

class Ladder {
public:
    /// Requires: the calendar outlives it.
    explicit Ladder(const market::Calendar& calendar) : calendar_{&calendar} {}

    /// Adds a close, or replaces that session's, and mends the move of the session after it. What the range
    /// does not say of a session that is known stays.
    void put(SessionDate session, std::int64_t close, bool provisional, const Range& range = {});
    const tocsin_session* find(SessionDate session) const;
    /// The session before, or nothing where that is a hole.
    const tocsin_session* previous(SessionDate session) const;
    /// The last n (0: all) before that session, ascending.
    std::span<const tocsin_session> before(SessionDate session, std::size_t n) const;

    /// The session n before that one: by the calendar, and before its span by the data.
    std::optional<SessionDate> back(SessionDate session, std::size_t n) const;

    /// Ranks the move prev_close → price, as of `session`, among the moves of earlier sessions in the scope.
    /// A seed counts where the data know no move of its session. A scan: some ten thousand sessions.
    tocsin_rank rank(const MovesWanted& wanted, SessionDate session, std::int64_t prev_close,
                     std::int64_t price) const;

private:
    using Closes = std::vector<tocsin_session>;
    Closes::const_iterator at_or_after(SessionDate session) const;
    std::optional<SessionDate> scope_begin(const MovesWanted& wanted, SessionDate judged) const;
    bool complete(std::optional<SessionDate> begin, SessionDate judged, std::uint32_t history) const;

    const market::Calendar* calendar_;
    Closes closes_; // ascending by session
};

} // namespace tocsin::series
