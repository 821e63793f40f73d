// How a session's move ranks among the moves of earlier sessions: the parameters that say what is compared
// with what, and the sentences for it. A record claims no more than the data and the seeds carry.
#pragma once
#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin {

// One sentence for each measure that may have broke, and each again for ranks that are only a lower bound.
// clang-format off
#define RANKS(move) \
    move "rank {rank_points} by points", \
    move "rank at least {rank_points} by points", \
    move "rank {rank_percent} by percent", \
    move "rank at least {rank_percent} by percent", \
    move "rank {rank_points} by points and {rank_percent} by percent", \
    move "rank at least {rank_points} by points and {rank_percent} by percent"
inline constexpr std::array<std::string_view, 28> record_sentences{
    RANKS("{symbol} fell {points} points ({percent}%) to {close}: "),
    RANKS("{symbol} rose {points} points ({percent}%) to {close}: "),
    RANKS("{symbol} is down {points} points ({percent}%) at {price}; were it to stand, "),
    RANKS("{symbol} is up {points} points ({percent}%) at {price}; were it to stand, "),
    "{symbol} is down {points} points ({percent}%) at {price}: no longer among the largest falls",
    "{symbol} is up {points} points ({percent}%) at {price}: no longer among the largest gains",
    "{symbol} ended the session down {points} points ({percent}%) at {price}: rank {rank}",
    "{symbol} ended the session up {points} points ({percent}%) at {price}: rank {rank}"};
#undef RANKS
// clang-format on

enum class RecordMeasure : std::uint8_t { points, percent, both };
struct RecordSeed {
    SessionDate session;
    Price previous_close, close;
    std::optional<std::string_view> source;
};
struct RecordSeeds { // lists of RecordSeed, handed on to the host as they are
    tocsin_value points, percent;
};
struct RecordHistory {
    std::optional<std::int64_t> min_sessions;
};
struct RecordParams {
    Direction direction;
    RecordMeasure measure;
    Basis basis;
    Scope scope;
    std::int64_t top_k;
    Amount clear;
    RecordHistory history;
    RecordSeeds seeds;
    std::int32_t moves[2]; // the host's ranking by points, by percent
    std::uint32_t min_sessions;
};
inline constexpr std::array seed_fields{
    param<&RecordSeed::session>("session", "its date"),
    param<&RecordSeed::previous_close>("previous_close", "of the session before"),
    param<&RecordSeed::close>("close", "its official close"),
    param<&RecordSeed::source>("source", "who says so")};
inline constexpr std::array seeds_fields{
    raw_list<&RecordSeeds::points, seed_fields>(
        "points", "the largest in points, complete down to the smallest here", 1000),
    raw_list<&RecordSeeds::percent, seed_fields>("percent", "the largest in percent, likewise", 1000)};
inline constexpr std::array history_fields{param<&RecordHistory::min_sessions>(
    "min_sessions", "earlier moves that must be known, unless there are seeds (default 250, or N of last:N)",
    {.min = "1"})};
inline constexpr auto record_params = price_params(
    param<&RecordParams::direction>("direction", "which way", {.choices = "down|up"}),
    param<&RecordParams::measure>("measure", "what is compared; both: either is enough",
                                  {.dflt = "points", .choices = "points|percent|both"}),
    param<&RecordParams::basis>("basis", "the official close, or every price: were it to stand",
                                {.dflt = "close", .choices = "live|close"}),
    param<&RecordParams::scope>("scope", "the earlier sessions that count", {.dflt = "all_time"}),
    param<&RecordParams::top_k>("top_k", "1: a record; else among so many largest",
                                {.dflt = "1", .min = "1", .max = "1000"}),
    param<&RecordParams::clear>("clear",
                                "live: how far back resolves, in the measure or in % of the move to beat",
                                {.dflt = "0", .min = "0"}),
    object<&RecordParams::history, history_fields>("history", "how much must be known"),
    object<&RecordParams::seeds, seeds_fields>("seeds", "the largest moves before the data"));
inline bool seeds_agree(Planner& planner, const RecordParams& given, const tocsin_value& list,
                        std::string_view path) {
    for (std::uint32_t i = 0; list.type != 0 && i < list.u.list.n; ++i) {
        RecordSeed seed{};
        detail::set_fields(seed, detail::item(list, i), seed_fields);
        const bool fell = seed.close<seed.previous_close, rose = seed.close> seed.previous_close;
        if (given.direction == Direction::down ? !fell : !rose)
            return planner.error(Path{path, i, "close"}, "is no move in the rule's direction");
    }
    return true;
}

inline std::int64_t size_of(const tocsin_move& move) {
    return move.close < move.prev_close ? move.prev_close - move.close : move.close - move.prev_close;
}

/// Checks what ranks rest on, and asks the host for them.
inline bool plan_ranks(Planner& planner, RecordParams& given) {
    const std::uint32_t way = given.direction == Direction::down ? TOCSIN_DOWN : TOCSIN_UP;
    const auto k = static_cast<std::uint32_t>(given.top_k);
    const std::int64_t most = given.scope.kind == TOCSIN_SCOPE_LAST ? given.scope.value : INT32_MAX;
    const std::int64_t least = given.history.min_sessions.value_or(std::min<std::int64_t>(250, most));
    given.min_sessions = static_cast<std::uint32_t>(least);
    bool good = least <= most || planner.error("history.min_sessions", "is more sessions than the scope has");
    good = seeds_agree(planner, given, given.seeds.points, "seeds.points") && good;
    good = seeds_agree(planner, given, given.seeds.percent, "seeds.percent") && good;
    given.moves[TOCSIN_POINTS] = planner.moves(way, TOCSIN_POINTS, given.scope, k, given.seeds.points);
    given.moves[TOCSIN_MEASURE_PERCENT] =
        planner.moves(way, TOCSIN_MEASURE_PERCENT, given.scope, k, given.seeds.percent);
    return good && given.moves[0] >= 0 && given.moves[1] >= 0;
}

/// A move and what it is measured against.
struct RankedMove {
    std::int64_t size;    // in points, in the rule's direction
    tocsin_rank rank[2];  // by points, by percent
    bool counts[2];       // the measure is the rule's, and enough is known
    std::int64_t beat[2]; // in points of this session: strictly more is among the k largest
    bool broke[2];
    bool qualifies() const { return broke[0] || broke[1]; }
    bool known() const { return counts[0] || counts[1]; }
};
inline RankedMove rank_move(const RecordParams& given, const Input& now, std::int32_t session,
                            std::int64_t prev_close, std::int64_t price) {
    RankedMove move{};
    move.size = given.direction == Direction::down ? prev_close - price : price - prev_close;
    for (std::uint32_t m = 0; m < 2; ++m) {
        const tocsin_rank rank = move.rank[m] = now.rank(given.moves[m], session, prev_close, price);
        const tocsin_value& seeds = m == TOCSIN_POINTS ? given.seeds.points : given.seeds.percent;
        const bool seeded = seeds.type != 0 && seeds.u.list.n > 0;
        const bool chosen =
            given.measure == RecordMeasure::both || static_cast<std::uint32_t>(given.measure) == m;
        move.counts[m] = chosen && (seeded || rank.history >= given.min_sessions);
        // d / PC > k / PC' is d > floor(k * PC / PC'), for d in whole units.
        const std::int64_t kth = rank.has_kth != 0 ? size_of(rank.kth) : 0;
        move.beat[m] = kth == 0 || m == TOCSIN_POINTS
                           ? kth
                           : clamp_to_64(floor_div(Wide{kth} * prev_close, rank.kth.prev_close));
        move.broke[m] = move.counts[m] && move.size > move.beat[m];
    }
    return move;
}
inline std::int64_t smaller(const RankedMove& move, const std::int64_t (&of)[2]) {
    return !move.counts[0] ? of[1] : !move.counts[1] ? of[0] : std::min(of[0], of[1]);
}

/// The values about ranks. Returns which of the six sentences of a kind fits.
inline std::uint32_t report_ranks(const RecordParams& given, const RankedMove& move, Report& report) {
    const tocsin_rank &by_points = move.rank[TOCSIN_POINTS], &by_percent = move.rank[TOCSIN_MEASURE_PERCENT];
    // What broke, or else what the rule watches.
    const bool any = move.qualifies();
    const bool in_points = any ? move.broke[TOCSIN_POINTS] : given.measure != RecordMeasure::percent;
    const bool in_percent = any ? move.broke[TOCSIN_MEASURE_PERCENT] : given.measure != RecordMeasure::points;
    const bool exact = (!in_points || by_points.exact != 0) && (!in_percent || by_percent.exact != 0);
    if (move.size > 0) {
        report.integer("rank", given.measure == RecordMeasure::both
                                   ? std::min(by_points.rank, by_percent.rank)
                               : given.measure == RecordMeasure::points ? by_points.rank
                                                                        : by_percent.rank);
        report.integer("rank_points", by_points.rank);
        report.integer("rank_percent", by_percent.rank);
        report.flag("rank_exact", exact);
    }
    if (by_points.has_record != 0) {
        report.decimal("record_points", size_of(by_points.record));
        report.session("record_points_session", by_points.record.session);
    }
    if (by_percent.has_record != 0) {
        report.percent("record_percent", size_of(by_percent.record), by_percent.record.prev_close);
        report.session("record_percent_session", by_percent.record.session);
    }
    if (any) report.text("broke", in_points && in_percent ? "both" : in_points ? "points" : "percent");
    report.integer("history_sessions", by_points.history);
    return (in_points && in_percent ? 4u : in_percent ? 2u : 0u) + (exact ? 0u : 1u);
}

} // namespace tocsin
