// relative_move: one symbol moves away from another: its move less beta times the other's. An event, once a
// session.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct RelativeMove {
    struct Params {
        std::string_view b;
        Basis basis;
        Direction direction;
        Price threshold, beta;
        std::int64_t sessions;
        std::int32_t other;
    };
    /// A move from one price to another of the same session in both.
    struct Pair {
        std::int64_t a = TOCSIN_NONE, a_from = TOCSIN_NONE, b = TOCSIN_NONE, b_from = TOCSIN_NONE;
        std::int32_t session = TOCSIN_NO_SESSION;
    };
    struct State {
        Pair told;
        std::int32_t newest = TOCSIN_NO_SESSION; // judged, on closes; that rang, on prices
    };
    static constexpr std::string_view name = "relative_move", doc = "One symbol moves away from another.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::b>("b", "the symbol that the rule's own is held against"),
        param<&Params::threshold>("threshold", "percentage points apart that ring; reached is enough",
                                  {.min = "0.000000001"}),
        param<&Params::beta>("beta", "how much the rule's own moves where b moves by one",
                             {.dflt = "1", .min = "0", .max = "100"}),
        param<&Params::direction>("direction", "down: the rule's own falls behind",
                                  {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::basis>("basis", "closes, or every price while both trade",
                              {.dflt = "close", .choices = "live|close"}),
        param<&Params::sessions>("sessions", "common sessions over which both moves are taken",
                                 {.dflt = "1", .min = "1", .max = "1000"}),
        not_yet<Params>("window"));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the rule's own price, or close"),
        value("from_price", TOCSIN_T_DECIMAL, "its close at the beginning"),
        value("b_price", TOCSIN_T_DECIMAL, "of b"),
        value("b_from_price", TOCSIN_T_DECIMAL, "of b, at the beginning"),
        value("percent", TOCSIN_T_PERCENT, "the rule's own move"),
        value("b_percent", TOCSIN_T_PERCENT, "the move of b"),
        value("apart", TOCSIN_T_DECIMAL,
              "percentage points: the one less beta times the other, with 4 decimals"),
        value("b", TOCSIN_T_STRING, "the other symbol")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} has fallen {apart} points behind {b}: {percent}% against {b_percent}%",
        "{symbol} has come {apart} points ahead of {b}: {percent}% against {b_percent}%"};

    static bool plan(Planner& planner, Params& given) {
        const bool live = given.basis == Basis::live;
        planner.wake_on(TOCSIN_IN_CLOSE | TOCSIN_IN_OTHER |
                        (live ? TOCSIN_IN_PRICE | TOCSIN_IN_SESSION | TOCSIN_IN_REFERENCE : 0u));
        given.other =
            planner.symbol(given.b,
                           live ? TOCSIN_IN_PRICE | TOCSIN_IN_CLOSE | TOCSIN_IN_STATUS | TOCSIN_IN_REFERENCE
                                : TOCSIN_IN_CLOSE,
                           "b");
        return given.other >= 0;
    }

    /// Moves and what lies between them in 1e-12, each rounded half away from zero.
    static Wide move(std::int64_t from, std::int64_t to) {
        return round_div((Wide{to} - from) * 1'000'000'000'000, from);
    }
    static Wide apart(const Params& given, const Pair& pair) {
        return move(pair.a_from, pair.a) -
               round_div(move(pair.b_from, pair.b) * given.beta.nanos(), 1'000'000'000);
    }

    /// Takes the present prices, where they are closes, and those that the moves begin with: `sessions`
    /// common sessions back. Returns how many were known.
    static std::int64_t find(const Params& given, const Input& now, Pair& pair) {
        const Closes a = now.closes(), b{now.sessions(INT32_MAX, 0, given.other), now.other(given.other)};
        const bool live = given.basis == Basis::live;
        const std::int64_t wanted = live ? given.sessions : given.sessions + 1;
        std::int64_t known = 0;
        for (std::size_t i = 0, j = 0; i < a.size() && j < b.size() && known < wanted;) {
            const bool later = a[i].session > b[j].session, earlier = a[i].session < b[j].session;
            if (!later && !earlier && !(live && a[i].session >= pair.session)) {
                if (!live && known == 0)
                    pair = {a[i].close, TOCSIN_NONE, b[j].close, TOCSIN_NONE, a[i].session};
                if (++known == wanted) pair.a_from = a[i].close, pair.b_from = b[j].close;
            }
            i += earlier ? 0 : 1, j += later ? 0 : 1;
        }
        return known - wanted;
    }
    static bool reached(const Params& given, const Pair& pair) {
        const Wide is = apart(given, pair),
                   bound = Wide{given.threshold.nanos()} * 10; // 1e-9 percent is 1e-11
        return (given.direction != Direction::up && is <= -bound) ||
               (given.direction != Direction::down && is >= bound);
    }
    /// Both trade, in sessions of the same date, and have had a price.
    static bool both_trade(const tocsin_series& a, const tocsin_series& b) {
        const auto trades = [](const tocsin_series& of) {
            return of.running != 0 && of.phase != TOCSIN_PHASE_HALTED && of.phase != TOCSIN_PHASE_CLOSED &&
                   of.at != TOCSIN_NONE && of.at >= of.opens_at;
        };
        return trades(a) && trades(b) && a.session == b.session;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_series &series = now.series(), &other = now.other(given.other);
        const bool live = given.basis == Basis::live;
        Pair pair;
        if (live) {
            if (series.running == 0 || state.newest == series.session)
                return Outcome::quiet().wake_on_every_price();
            if (!both_trade(series, other)) return Outcome::held(TOCSIN_WHY_NO_PRICE).wake_on_every_price();
            pair = {series.price, TOCSIN_NONE, other.price, TOCSIN_NONE, series.session};
        }
        const std::int64_t missing = -find(given, now, pair);
        if (missing > 0) {
            const auto need = static_cast<std::uint32_t>(given.sessions + 1);
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, need - static_cast<std::uint32_t>(missing), need)
                .wake_on_every_price();
        }
        Outcome outcome = Outcome::quiet();
        if (pair.session > state.newest && reached(given, pair))
            outcome = Outcome::happened(), state.told = pair;
        if (!live || outcome.outcome == TOCSIN_HAPPENED) state.newest = std::max(state.newest, pair.session);
        return outcome.wake_on_every_price();
    }

    static void report(const Params& given, const State& state, const Input&, Report& report) {
        const Pair& pair = state.told;
        report.text("b", given.b);
        if (pair.a_from == TOCSIN_NONE) return; // it has never rung
        report.decimal("price", pair.a), report.decimal("from_price", pair.a_from);
        report.decimal("b_price", pair.b), report.decimal("b_from_price", pair.b_from);
        report.percent("percent", pair.a - pair.a_from, pair.a_from);
        report.percent("b_percent", pair.b - pair.b_from, pair.b_from);
        const Wide is = apart(given, pair);
        report.decimal("apart", clamp_to_64(round_div(is < 0 ? -is : is, 1'000'000) * 100'000));
        report.summary(is < 0 ? 0 : 1);
    }
};
TOCSIN_PLUGIN("relative_move", "1.0", RelativeMove)
