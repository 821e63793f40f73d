// streak: so many sessions in a row closed lower (or higher). A condition on official closes; everything is
// read from the closes known, so a close that comes late joins what it lies between.
#include <algorithm>
#include <limits>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct Streak {
    enum class Flat : std::uint8_t { breaks, continues, ignored };
    struct Params {
        Direction direction;
        std::int64_t length;
        Amount min_move;
        std::optional<Amount> cumulative;
        Flat flat;
        bool escalate;
    };
    struct State {};
    static constexpr std::string_view name = "streak",
                                      doc = "So many sessions in a row closed lower, or higher.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::direction>("direction", "which way", {.choices = "down|up"}),
        param<&Params::length>("length", "sessions in a row", {.min = "2", .max = "1000"}),
        param<&Params::min_move>("min_move",
                                 "points or %: a session that moved by less neither counts nor breaks",
                                 {.dflt = "0", .min = "0"}),
        param<&Params::cumulative>("cumulative", "points or %: the least move of all of them together",
                                   {.min = "0"}),
        param<&Params::flat>("flat", "an unchanged close breaks it, counts, or does neither",
                             {.dflt = "breaks", .choices = "breaks|continues|ignored"}),
        param<&Params::escalate>("escalate", "each further session is told too", {.dflt = "true"}));
    static constexpr std::array values{
        value("length", TOCSIN_T_INT, "sessions that counted; on resolved, of the streak that ended"),
        value("first_session", TOCSIN_T_SESSION, "the first of them"),
        value("points", TOCSIN_T_DECIMAL, "the move of all of them together, in the rule's direction"),
        value("percent", TOCSIN_T_PERCENT, "the same, of the close before the first"),
        value("close", TOCSIN_T_DECIMAL, "the newest close; on resolved, the one that broke it"),
        value("at_least", TOCSIN_T_BOOL, "a close before them is missing, so there may have been more"),
    };
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} closed lower {length} sessions in a row, since {first_session}: {points} points "
        "({percent}%)",
        "{symbol} closed higher {length} sessions in a row, since {first_session}: {points} points "
        "({percent}%)"};

    static bool plan(Planner& planner, Params&) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_REFERENCE);
        return true;
    }

    /// The sessions judged: those known, and the one whose close is just being told.
    struct History {
        std::span<const tocsin_session> known;
        tocsin_session newest{};
        bool has_newest = false;
        std::size_t size() const { return known.size() + (has_newest ? 1 : 0); }
        const tocsin_session& operator[](std::size_t i) const { return i < known.size() ? known[i] : newest; }
    };
    static History history(const Input& now) {
        const tocsin_series& s = now.series();
        History all{now.sessions(std::numeric_limits<std::int32_t>::max(), 0)};
        auto drop = [&] { all.known = all.known.first(all.known.size() - 1); };
        // An earlier session's close will be among them when the reference has changed.
        if (s.close != TOCSIN_NONE && (all.known.empty() || all.known.back().session <= s.session)) {
            if (!all.known.empty() && all.known.back().session == s.session) drop();
            all.newest = {s.session, 0, s.prev_close, s.open, s.high, s.low, s.close}, all.has_newest = true;
        }
        // The last tick stands in for a reference, but closes no session.
        while (!all.has_newest && !all.known.empty() && all.known.back().provisional != 0) drop();
        return all;
    }

    struct Run {
        std::int64_t length = 0, from = TOCSIN_NONE, close = TOCSIN_NONE;
        std::int32_t first = TOCSIN_NO_SESSION;
        bool broken = false; // what came before is known, and was not of it
    };
    enum class Kind : std::uint8_t { counts, ignored, breaks };
    static bool fell(std::int64_t from, std::int64_t to, Amount least) {
        return to <= (least.percent ? fell_to(from, least.nanos) : clamp_to_64(Wide{from} - least.nanos));
    }
    static bool rose(std::int64_t from, std::int64_t to, Amount least) {
        return to >= (least.percent ? rose_to(from, least.nanos) : clamp_to_64(Wide{from} + least.nanos));
    }
    static Kind kind(const Params& given, const tocsin_session& session) {
        const std::int64_t from = session.prev_close, to = session.close;
        if (to == from)
            return given.flat == Flat::breaks      ? Kind::breaks
                   : given.flat == Flat::continues ? Kind::counts
                                                   : Kind::ignored;
        if (!fell(from, to, given.min_move) && !rose(from, to, given.min_move)) return Kind::ignored;
        return (to < from) == (given.direction == Direction::down) ? Kind::counts : Kind::breaks;
    }
    /// The streak that ends with the first n sessions.
    static Run run(const Params& given, const History& all, std::size_t n) {
        Run run;
        if (n > 0) run.close = all[n - 1].close;
        while (n-- > 0 && all[n].prev_close != TOCSIN_NONE) {
            const Kind what = kind(given, all[n]);
            if ((run.broken = what == Kind::breaks)) break;
            if (what == Kind::ignored) continue;
            ++run.length, run.first = all[n].session, run.from = all[n].prev_close;
        }
        return run;
    }

    static Outcome evaluate(const Params& given, State&, const Input& now) {
        const History all = history(now);
        const Run it = run(given, all, all.size());
        const bool down = given.direction == Direction::down;
        if (it.length >= given.length) {
            const bool far = !given.cumulative || (down ? fell(it.from, it.close, *given.cumulative)
                                                        : rose(it.from, it.close, *given.cumulative));
            const auto level = given.escalate ? static_cast<std::int32_t>(it.length - given.length + 1) : 1;
            // It lasts until it is broken: what has been told is not taken back for a small move's sake.
            return far || now.level() > 0 ? Outcome::on(std::max(level, now.level())) : Outcome::off();
        }
        if (it.broken) return Outcome::off();
        if (now.level() > 0) return Outcome::held(TOCSIN_WHY_NO_CLOSE);
        return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, static_cast<std::uint32_t>(it.length),
                               static_cast<std::uint32_t>(given.length));
    }

    static void report(const Params& given, const State&, const Input& now, Report& report) {
        const History all = history(now);
        const bool down = given.direction == Direction::down;
        std::size_t n = all.size();
        Run it = run(given, all, n);
        report.summary(down ? 0 : 1);
        report.decimal("close", it.close);
        if (now.level() > 0 && it.length == 0 && it.broken) it = run(given, all, n - 1);
        report.integer("length", it.length);
        report.check("length", it.length * nanos_per_second, TOCSIN_OP_GE, given.length * nanos_per_second);
        if (it.length == 0) return;
        report.session("first_session", it.first);
        report.decimal("points", down ? it.from - it.close : it.close - it.from);
        report.percent("percent", down ? it.from - it.close : it.close - it.from, it.from);
        if (!it.broken) report.flag("at_least", true);
    }
};
TOCSIN_PLUGIN("streak", "1.0", Streak)
