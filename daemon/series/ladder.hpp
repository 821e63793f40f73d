// Ladder: every official (or provisional) close of a symbol and the moves between neighbouring sessions, and
// how a move ranks among those of earlier sessions (rules.md R01). A move belongs to the later session: from
// its previous close to its close. No move is formed across a hole. Deciding thread. A plain value: copying
// it is a snapshot.
#pragma once
#include "market/calendar.hpp"

#include <cstdint>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::series {

struct Close {
    SessionDate session;
    std::int64_t close = TOCSIN_NONE;
    std::int64_t prev_close = TOCSIN_NONE; // TOCSIN_NONE: no move ends here
    bool provisional = false;
    bool before_calendar = false;
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
    /// Adds a close, or replaces that session's; the next session's move is mended if it was known.
    void put(const Close& close, const market::Calendar& calendar);
    const Close* find(SessionDate session) const;
    const Close* last() const { return closes_.empty() ? nullptr : &closes_.back(); }
    const std::vector<Close>& closes() const { return closes_; }

    /// Ranks the move prev_close → price, as of `session`, among the moves of earlier sessions in the scope,
    /// seeds included. A scan: some ten thousand sessions.
    tocsin_rank rank(const MovesWanted& wanted, SessionDate session, std::int64_t prev_close,
                     std::int64_t price, const market::Calendar& calendar) const;

private:
    std::vector<Close> closes_; // ascending by session
};

} // namespace tocsin::series
