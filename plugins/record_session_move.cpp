// record_session_move: the session's move against the previous close is among the largest on record. On
// official closes an event; on the running price a condition, which the close settles.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

namespace {

// One sentence for each measure that may have broke, and each again for ranks that are only a lower bound.
// clang-format off
#define RANKS(move) \
    move "rank {rank_points} by points", \
    move "rank at least {rank_points} by points", \
    move "rank {rank_percent} by percent", \
    move "rank at least {rank_percent} by percent", \
    move "rank {rank_points} by points and {rank_percent} by percent", \
    move "rank at least {rank_points} by points and {rank_percent} by percent"
constexpr std::array<std::string_view, 28> sentences{
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

} // namespace

struct RecordSessionMove {
    enum class Measure : std::uint8_t { points, percent, both };
    struct Seed {
        SessionDate session;
        Price previous_close, close;
        std::optional<std::string_view> source;
    };
    struct Seeds { // lists of Seed, handed on to the host as they are
        tocsin_value points, percent;
    };
    struct History {
        std::optional<std::int64_t> min_sessions;
    };
    struct Params {
        Direction direction;
        Measure measure;
        Basis basis;
        Scope scope;
        std::int64_t top_k;
        Amount clear;
        History history;
        Seeds seeds;
        std::int32_t moves[2]; // the host's ranking by points, by percent
        std::uint32_t min_sessions;
    };
    struct State { // what the running episode is about
        std::int32_t session = TOCSIN_NO_SESSION;
        std::int64_t prev_close = TOCSIN_NONE;
    };
    static constexpr std::string_view
        name = "record_session_move",
        doc = "The session's move is larger than all before, or among the largest.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array seed_fields{
        param<&Seed::session>("session", "its date"),
        param<&Seed::previous_close>("previous_close", "of the session before"),
        param<&Seed::close>("close", "its official close"), param<&Seed::source>("source", "who says so")};
    static constexpr std::array seeds_fields{
        raw_list<&Seeds::points, seed_fields>(
            "points", "the largest in points, complete down to the smallest here", 1000),
        raw_list<&Seeds::percent, seed_fields>("percent", "the largest in percent, likewise", 1000)};
    static constexpr std::array history_fields{param<&History::min_sessions>(
        "min_sessions",
        "earlier moves that must be known, unless there are seeds (default 250, or N of last:N)",
        {.min = "1"})};
    static constexpr auto params =
        price_params(param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
                     param<&Params::measure>("measure", "what is compared; both: either is enough",
                                             {.dflt = "points", .choices = "points|percent|both"}),
                     param<&Params::basis>("basis", "the official close, or every price: were it to stand",
                                           {.dflt = "close", .choices = "live|close"}),
                     param<&Params::scope>("scope", "the earlier sessions that count", {.dflt = "all_time"}),
                     param<&Params::top_k>("top_k", "1: a record; else among so many largest",
                                           {.dflt = "1", .min = "1", .max = "1000"}),
                     param<&Params::clear>(
                         "clear", "live: how far back resolves, in the measure or in % of the move to beat",
                         {.dflt = "0", .min = "0"}),
                     object<&Params::history, history_fields>("history", "how much must be known"),
                     object<&Params::seeds, seeds_fields>("seeds", "the largest moves before the data"));
    static constexpr std::array values{
        value("close", TOCSIN_T_DECIMAL, "the official close (basis: close)"),
        value("price", TOCSIN_T_DECIMAL, "the price (basis: live)"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the previous session"),
        value("change", TOCSIN_T_DECIMAL, "price less previous_close, signed"),
        value("points", TOCSIN_T_DECIMAL, "the move in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of previous_close"),
        value("rank", TOCSIN_T_INT, "in the measure; the smaller one for both"),
        value("rank_points", TOCSIN_T_INT, "1 + the number of earlier moves larger in points"),
        value("rank_percent", TOCSIN_T_INT, "1 + the number of earlier moves larger in percent"),
        value("rank_exact", TOCSIN_T_BOOL, "false: moves are missing, the rank is at least this"),
        value("record_points", TOCSIN_T_DECIMAL, "the largest earlier move in points"),
        value("record_points_session", TOCSIN_T_SESSION, "its session"),
        value("record_percent", TOCSIN_T_PERCENT, "the largest earlier move in percent"),
        value("record_percent_session", TOCSIN_T_SESSION, "its session"),
        value("broke", TOCSIN_T_STRING, "points, percent or both: where it is among the largest"),
        value("history_sessions", TOCSIN_T_INT, "earlier moves of the scope in the data"),
        value("stood", TOCSIN_T_BOOL,
              "live, when the close has resolved it: whether the close is among the largest")};
    static constexpr std::array<std::string_view, 28> summaries = sentences;

    static bool plan(Planner& planner, Params& given) {
        bool good = true;
        const std::uint32_t way = given.direction == Direction::down ? TOCSIN_DOWN : TOCSIN_UP;
        const auto k = static_cast<std::uint32_t>(given.top_k);
        const bool last = given.scope.kind == TOCSIN_SCOPE_LAST;
        const std::int64_t most = last ? given.scope.value : INT32_MAX,
                           usual = std::min<std::int64_t>(250, most);
        given.min_sessions = static_cast<std::uint32_t>(given.history.min_sessions.value_or(usual));
        if (given.history.min_sessions.value_or(usual) > most)
            good = planner.error("history.min_sessions", "is more sessions than the scope has");
        if (given.measure == Measure::both && given.clear.nanos != 0 && !given.clear.percent)
            good = planner.error("clear", "with measure: both, write it in % of the move to beat, like 5%");
        good = seeds_agree(planner, given, given.seeds.points, "seeds.points") && good;
        good = seeds_agree(planner, given, given.seeds.percent, "seeds.percent") && good;
        given.moves[TOCSIN_POINTS] = planner.moves(way, TOCSIN_POINTS, given.scope, k, given.seeds.points);
        given.moves[TOCSIN_MEASURE_PERCENT] =
            planner.moves(way, TOCSIN_MEASURE_PERCENT, given.scope, k, given.seeds.percent);
        planner.follow(given.basis, given.direction);
        if (given.basis == Basis::live) {
            planner.condition();
            planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE);
        }
        return good && given.moves[0] >= 0 && given.moves[1] >= 0;
    }
    static bool seeds_agree(Planner& planner, const Params& given, const tocsin_value& list,
                            std::string_view path) {
        for (std::uint32_t i = 0; list.type != 0 && i < list.u.list.n; ++i) {
            Seed seed{};
            detail::set_fields(seed, detail::item(list, i), seed_fields);
            const bool fell = seed.close<seed.previous_close, rose = seed.close> seed.previous_close;
            if (given.direction == Direction::down ? !fell : !rose)
                return planner.error(Path{path, i, "close"}, "is no move in the rule's direction");
        }
        return true;
    }

    /// A move and what it is measured against.
    struct Move {
        std::int64_t size;    // in points, in the rule's direction
        tocsin_rank rank[2];  // by points, by percent
        bool counts[2];       // the measure is the rule's, and enough is known
        std::int64_t beat[2]; // in points of this session: strictly more is among the k largest
        bool broke[2];
        bool qualifies() const { return broke[0] || broke[1]; }
        bool known() const { return counts[0] || counts[1]; }
    };
    static Move measure(const Params& given, const Input& now, std::int32_t session, std::int64_t prev_close,
                        std::int64_t price) {
        Move move{};
        move.size = given.direction == Direction::down ? prev_close - price : price - prev_close;
        for (std::uint32_t m = 0; m < 2; ++m) {
            const tocsin_rank rank = move.rank[m] = now.rank(given.moves[m], session, prev_close, price);
            const tocsin_value& seeds = m == TOCSIN_POINTS ? given.seeds.points : given.seeds.percent;
            const bool seeded = seeds.type != 0 && seeds.u.list.n > 0;
            const bool chosen =
                given.measure == Measure::both || static_cast<std::uint32_t>(given.measure) == m;
            move.counts[m] = chosen && (seeded || rank.history >= given.min_sessions);
            // d / PC > k / PC' is d > floor(k * PC / PC'), for d in whole units.
            const std::int64_t kth = rank.has_kth != 0 ? points(rank.kth) : 0;
            move.beat[m] = kth == 0 || m == TOCSIN_POINTS
                               ? kth
                               : clamp_to_64(floor_div(Wide{kth} * prev_close, rank.kth.prev_close));
            move.broke[m] = move.counts[m] && move.size > move.beat[m];
        }
        return move;
    }
    static std::int64_t points(const tocsin_move& move) {
        return move.close < move.prev_close ? move.prev_close - move.close : move.close - move.prev_close;
    }
    static std::int64_t smaller(const Move& move, const std::int64_t (&of)[2]) {
        return !move.counts[0] ? of[1] : !move.counts[1] ? of[0] : std::min(of[0], of[1]);
    }
    static Outcome too_little(const Params& given, const Move& move) {
        return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, move.rank[0].history, given.min_sessions);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (given.basis == Basis::live) return live(given, state, now);
        const tocsin_series& series = now.series();
        if (now.cause() != TOCSIN_IN_CLOSE) return Outcome::quiet();
        if (series.prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        const Move move = measure(given, now, series.session, series.prev_close, series.close);
        if (!move.known()) return too_little(given, move);
        return move.qualifies() ? Outcome::happened() : Outcome::quiet();
    }

    static Outcome live(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool active = now.level() > 0, settling = now.cause() == TOCSIN_IN_CLOSE;
        // A new session has come before the close; another session's close, coming late, changes nothing.
        if (orphaned(state, now))
            return (settling ? Outcome::on() : Outcome::off(TOCSIN_WHY_SESSION_END)).wake_on_every_price();
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED).wake_on_every_price();
        // Over: the official close settles it, when it comes or, where it has come already, with the
        // session's end.
        if (series.running == 0 && !settling)
            return active && series.settled != TOCSIN_OFFICIAL_CLOSE ? Outcome::on()
                                                                     : Outcome::off(TOCSIN_WHY_SESSION_END);
        const std::int64_t prev_close = series.prev_close, x = price(now);
        if (prev_close == TOCSIN_NONE) return Outcome::warmup(TOCSIN_WHY_NO_PREV_CLOSE, 0, 1);
        const Move move = measure(given, now, series.session, prev_close, x == TOCSIN_NONE ? prev_close : x);
        if (!move.known()) return too_little(given, move);

        state.session = series.session, state.prev_close = prev_close;
        std::int64_t kept[2]; // the smallest move that does not resolve
        for (std::uint32_t m = 0; m < 2; ++m)
            kept[m] = m == TOCSIN_MEASURE_PERCENT && !given.clear.percent
                          ? move.beat[m] - (rose_to(prev_close, given.clear.nanos) - prev_close)
                          : given.clear.below(move.beat[m]);
        const std::int64_t beat = smaller(move, move.beat), least = smaller(move, kept);
        const bool back_a_little = active && series.close == TOCSIN_NONE && move.size >= least;
        const bool may = active || series.running != 0; // after the end no episode begins
        const bool holds = x != TOCSIN_NONE && may && (move.qualifies() || back_a_little);
        Outcome outcome = holds ? Outcome::on() : Outcome::off();
        const bool down = given.direction == Direction::down;
        const auto at = [&](std::int64_t size) {
            return clamp_to_64(Wide{prev_close} + (down ? -Wide{size} : Wide{size}));
        };
        if (!holds)
            return down ? outcome.wake_at_or_below(at(beat + 1)) : outcome.wake_at_or_above(at(beat + 1));
        const std::int64_t back = at(active ? least - 1 : beat);
        return down ? outcome.wake_at_or_above(back) : outcome.wake_at_or_below(back);
    }
    /// The episode's session is not the series' any more.
    static bool orphaned(const State& state, const Input& now) {
        return now.level() > 0 && state.session != now.series().session;
    }
    /// The official close once it is known; before, the session's last price.
    static std::int64_t price(const Input& now) {
        return now.series().close != TOCSIN_NONE ? now.series().close : now.session_price();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const tocsin_series& series = now.series();
        const bool live = given.basis == Basis::live, before = live && orphaned(state, now);
        const std::int64_t x = !before ? price(now)
                               : series.prev_session == state.session
                                   ? series.prev_close // the provisional close
                                   : TOCSIN_NONE;
        const std::int64_t prev_close = before ? state.prev_close : series.prev_close;
        report.decimal(live ? "price" : "close", x);
        report.decimal("previous_close", prev_close);
        if (x == TOCSIN_NONE || prev_close == TOCSIN_NONE) return;
        const Move move = measure(given, now, before ? state.session : series.session, prev_close, x);
        report.decimal("change", x - prev_close);
        report.decimal("points", move.size);
        report.percent("percent", move.size, prev_close);
        const tocsin_rank &by_points = move.rank[TOCSIN_POINTS],
                          &by_percent = move.rank[TOCSIN_MEASURE_PERCENT];
        // What broke, or else what the rule watches.
        const bool any = move.qualifies();
        const bool in_points = any ? move.broke[TOCSIN_POINTS] : given.measure != Measure::percent;
        const bool in_percent = any ? move.broke[TOCSIN_MEASURE_PERCENT] : given.measure != Measure::points;
        const bool exact = (!in_points || by_points.exact != 0) && (!in_percent || by_percent.exact != 0);
        if (move.size > 0) {
            const std::uint32_t of_both = std::min(by_points.rank, by_percent.rank);
            report.integer("rank", given.measure == Measure::both     ? of_both
                                   : given.measure == Measure::points ? by_points.rank
                                                                      : by_percent.rank);
            report.integer("rank_points", by_points.rank);
            report.integer("rank_percent", by_percent.rank);
            report.flag("rank_exact", exact);
        }
        if (by_points.has_record != 0) {
            report.decimal("record_points", points(by_points.record));
            report.session("record_points_session", by_points.record.session);
        }
        if (by_percent.has_record != 0) {
            report.percent("record_percent", points(by_percent.record), by_percent.record.prev_close);
            report.session("record_percent_session", by_percent.record.session);
        }
        if (any) report.text("broke", in_points && in_percent ? "both" : in_points ? "points" : "percent");
        report.integer("history_sessions", by_points.history);
        const bool ended = series.running == 0 && series.settled == TOCSIN_OFFICIAL_CLOSE;
        const bool settles = live && now.level() > 0 && !before && (now.cause() == TOCSIN_IN_CLOSE || ended);
        if (settles) report.flag("stood", any);
        report.check("points", move.size, TOCSIN_OP_GT, smaller(move, move.beat));

        const std::uint32_t up = given.direction == Direction::up ? 1 : 0;
        const std::uint32_t ranks = (in_points && in_percent ? 4u : in_percent ? 2u : 0u) + (exact ? 0u : 1u);
        report.summary((settles || before) && any ? 26 + up
                       : any || !live             ? (live ? 12 : 0) + 6 * up + ranks
                                                  : 24 + up);
    }
};
TOCSIN_PLUGIN("record_session_move", "1.0", RecordSessionMove)
