// Ladder: every official (or provisional) close of a symbol and the moves between neighbouring sessions, and
// how a move ranks among those of earlier sessions (rules.md R01). A move belongs to the later session: from
// its previous close to its close. No move is formed across a hole. Deciding thread. A plain value: copying
// it is a snapshot.
//
// Neighbours are those of the calendar. Where it knows none (before its span, and for its first session) the
// close before in the data is taken for the neighbour; such ranks are never called exact.
#pragma once
#include "market/calendar.hpp"

#include <cstdint>
#include <optional>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::series {

struct Close {
    SessionDate session;
    std::int64_t close = TOCSIN_NONE;
    bool provisional = false;
    std::int64_t prev_close = TOCSIN_NONE; // TOCSIN_NONE: no move ends here. Kept by the ladder
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

    /// Adds a close, or replaces that session's, and mends the move of the session after it.
    void put(SessionDate session, std::int64_t close, bool provisional);
    const Close* find(SessionDate session) const;
    /// The close of the session before, or nothing where that is a hole.
    const Close* previous(SessionDate session) const;

    /// Ranks the move prev_close → price, as of `session`, among the moves of earlier sessions in the scope.
    /// A seed counts where the data know no move of its session. A scan: some ten thousand sessions.
    tocsin_rank rank(const MovesWanted& wanted, SessionDate session, std::int64_t prev_close,
                     std::int64_t price) const;

private:
    using Closes = std::vector<Close>;
    Closes::const_iterator at_or_after(SessionDate session) const;
    std::optional<SessionDate> scope_begin(const MovesWanted& wanted, SessionDate judged) const;
    bool complete(std::optional<SessionDate> begin, SessionDate judged, std::uint32_t history) const;

    const market::Calendar* calendar_;
    Closes closes_; // ascending by session
};

} // namespace tocsin::series
