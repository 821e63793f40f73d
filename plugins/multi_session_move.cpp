// multi_session_move: the close is so far from that of k sessions ago, or farther than ever. An event.
#include <tocsin/rule.hpp>
using namespace tocsin;
struct MultiSessionMove {
    enum class Skip : std::uint8_t { past_last_event, none };
    struct Params {
        std::int64_t sessions;
        Direction direction;
        std::optional<Amount> at;
        bool record;
        std::int64_t min_sessions;
        bool by_points;
        Skip skip;
    };
    struct Move {
        std::int32_t session, from_session;
        std::int64_t from, to;
    };
    struct State {
        std::int32_t newest;     // session judged
        std::int32_t last_event; // TOCSIN_NO_SESSION: none yet
        bool any;
        Move told, record; // the record before this move; from 0: none
    };
    static constexpr std::string_view name = "multi_session_move",
                                      doc = "The close against that of so many sessions before.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::sessions>("sessions", "how many sessions lie between", {.min = "2", .max = "10000"}),
        param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
        param<&Params::at>("at", "points or %: reached is enough", {.min = "0.000000001"}),
        param<&Params::record>("record", "larger than every earlier one in the data", {.dflt = "false"}),
        param<&Params::by_points>("record_by_points", "the record is one in points, not in percent",
                                  {.dflt = "false"}),
        param<&Params::min_sessions>("min_sessions", "record: earlier moves that must be known",
                                     {.dflt = "250", .min = "1", .max = "100000"}),
        param<&Params::skip>("skip", "past_last_event: none before as many sessions have passed",
                             {.dflt = "past_last_event", .choices = "past_last_event|none"}));
    static constexpr std::array values{
        value("close", TOCSIN_T_DECIMAL, "the official close"),
        value("from_close", TOCSIN_T_DECIMAL, "the close of that session before"),
        value("from_session", TOCSIN_T_SESSION, "that session"),
        value("points", TOCSIN_T_DECIMAL, "the move, in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of from_close"),
        value("record_points", TOCSIN_T_DECIMAL, "record: the largest move before, in points"),
        value("record_percent", TOCSIN_T_PERCENT, "record: the same move, in percent"),
        value("record_session", TOCSIN_T_SESSION, "record: the session that it ended with")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} fell {points} points ({percent}%) since {from_session}, to {close}",
        "{symbol} rose {points} points ({percent}%) since {from_session}, to {close}"};

    static bool plan(Planner& planner, Params& given) {
        planner.wake_on(TOCSIN_IN_CLOSE);
        return given.at || given.record || planner.error("at", "is missing: say how far, or `record: true`");
    }

    static std::int64_t moved(const Params& given, const Move& move) {
        return given.direction == Direction::down ? move.from - move.to : move.to - move.from;
    }
    static bool larger(const Params& given, const Move& a, const Move& b) {
        if (given.by_points) return moved(given, a) > moved(given, b);
        return Wide{moved(given, a)} * b.from > Wide{moved(given, b)} * a.from;
    }

    /// The move that ends with the close `back` before the newest. False: its other end is not known. `gap`
    /// counts back to the last hole at or behind it.
    static bool move_to(const Params& given, const Input& now, const Closes& closes, std::size_t back,
                        std::size_t hole, Move& move) {
        const auto k = static_cast<std::size_t>(given.sessions);
        const tocsin_session& end = closes[back];
        if (hole >= back + k) { // no close is missing between
            if (back + k >= closes.size()) return false;
            const tocsin_session& begin = closes[back + k];
            move = {end.session, begin.session, begin.close, end.close};
            return true;
        }
        const std::int32_t wanted = now.session_back(end.session, static_cast<std::uint32_t>(k));
        for (std::size_t i = back + 1; i < closes.size() && closes[i].session >= wanted; ++i)
            if (closes[i].session == wanted) {
                move = {end.session, wanted, closes[i].close, end.close};
                return true;
            }
        return false;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (!state.any) state.any = true, state.newest = state.last_event = TOCSIN_NO_SESSION;
        // Judged once, by its official close; one that comes after a later session's is not judged any more.
        if (now.cause() != TOCSIN_IN_CLOSE || now.series().session <= state.newest) return Outcome::quiet();
        const Closes closes = now.closes();
        state.newest = now.series().session;
        if (closes.empty() || closes[0].session != state.newest) return Outcome::quiet();
        const auto k = static_cast<std::uint32_t>(given.sessions);
        const auto hole_behind = [&](std::size_t back) { // how far back the first session without a move is
            while (back < closes.size() && closes[back].prev_close != TOCSIN_NONE) ++back;
            return back;
        };
        std::size_t hole = hole_behind(0);
        Move move{};
        if (!move_to(given, now, closes, 0, hole, move))
            return Outcome::warmup(TOCSIN_WHY_NO_CLOSE, static_cast<std::uint32_t>(closes.size()), k + 1);
        const bool skipped = given.skip == Skip::past_last_event && state.last_event != TOCSIN_NO_SESSION &&
                             now.session_back(state.newest, k) < state.last_event;
        if (moved(given, move) <= 0 || skipped) return Outcome::quiet();
        if (given.at && !given.at->reached_by(moved(given, move), move.from)) return Outcome::quiet();
        state.record = {};
        if (given.record) {
            std::int64_t known = 0;
            for (std::size_t back = 1; back < closes.size(); ++back) {
                if (hole < back) hole = hole_behind(back);
                Move earlier{};
                if (!move_to(given, now, closes, back, hole, earlier)) continue;
                ++known;
                if (!larger(given, move, earlier)) return Outcome::quiet();
                if (state.record.from == 0 || !larger(given, state.record, earlier)) state.record = earlier;
            }
            if (known < given.min_sessions)
                return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, static_cast<std::uint32_t>(known),
                                       static_cast<std::uint32_t>(given.min_sessions));
        }
        state.told = move, state.last_event = move.session;
        return Outcome::happened();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        report.summary(given.direction == Direction::down ? 0 : 1);
        if (now.cause() == TOCSIN_IN_PROBE || state.told.from == 0) return;
        report.decimal("close", state.told.to), report.decimal("from_close", state.told.from);
        report.session("from_session", state.told.from_session);
        report.decimal("points", moved(given, state.told));
        report.percent("percent", moved(given, state.told), state.told.from);
        if (state.record.from == 0 || moved(given, state.record) <= 0) return;
        report.decimal("record_points", moved(given, state.record));
        report.percent("record_percent", moved(given, state.record), state.record.from);
        report.session("record_session", state.record.session);
    }
};
TOCSIN_PLUGIN("multi_session_move", "1.0", MultiSessionMove)
