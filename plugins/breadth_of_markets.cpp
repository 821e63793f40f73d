// breadth_of_markets: at least so many of some symbols satisfy another rule, at once or within a time. A
// condition.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct BreadthOfMarkets {
    static constexpr std::uint32_t max_symbols = 32;
    struct Params {
        std::string_view where;
        FixedList<std::string_view, max_symbols> of;
        FixedList<Price, max_symbols> weights;
        Price at_least, clear;
        std::optional<Duration> within;
        std::int32_t rule, series[max_symbols]; // handles
    };
    struct Rang { // an event, or the beginning of an episode
        std::int64_t at = TOCSIN_NONE;
        std::int32_t session = TOCSIN_NO_SESSION;
    };
    struct State {
        Rang rang[max_symbols];
    };
    static constexpr std::string_view name = "breadth_of_markets",
                                      doc = "At least so many of some symbols satisfy another rule.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_NONE, state_version = 1;
    static constexpr std::array params{
        param<&Params::where>("where",
                              "the rule that a symbol must satisfy: it fires, or has rung within `within`"),
        param<&Params::of>("of", "the symbols"),
        param<&Params::at_least>("at_least", "how many of them, or with weights what those must weigh",
                                 {.min = "0.000000001"}),
        param<&Params::clear>("clear", "how far below that it must fall to resolve",
                              {.dflt = "0", .min = "0"}),
        param<&Params::within>("within", "clock time: how long what has rung counts; absent: while it fires"),
        param<&Params::weights>("weights", "one for each of the symbols; none given: 1 each",
                                {.min = "0.000000001"})};
    static constexpr std::array market_values{
        value("symbol", TOCSIN_T_STRING, "the symbol"),
        value("session", TOCSIN_T_SESSION, "the date of its session then"),
        value("at", TOCSIN_T_TIME, "when it rang")};
    static constexpr std::array values{
        value("count", TOCSIN_T_DECIMAL, "how many satisfy it, or what they weigh"),
        value("at_least", TOCSIN_T_DECIMAL, "how many must"),
        value("markets", TOCSIN_T_INT, "of how many: those that trade, or have within `within`"),
        list_value("satisfied", "those that do", market_values),
        list_value("closed", TOCSIN_T_STRING, "symbols that are left out, their market being closed")};
    static constexpr std::array<std::string_view, 1> summaries{
        "{rule}: {count} of {markets} markets ({at_least} needed)"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_ALERT | TOCSIN_IN_OTHER);
        bool good = true;
        if (given.of.empty()) good = planner.error("of", "needs symbols, like [N225, SPX]");
        if (!given.weights.empty() && given.weights.size() != given.of.size())
            good = planner.error("weights", "needs one for each symbol of `of`");
        if (given.within && (given.within->unit != DurationUnit::clock || given.within->count <= 0))
            good = planner.error("within",
                                 "must be clock time above 0, like 12h: markets open at different hours");
        if (good && given.at_least.nanos() > weight(given, ~0ull))
            good = planner.error("at_least", "is more than all of them");
        if (given.clear >= given.at_least) good = planner.error("clear", "must be less than at_least");
        for (std::uint32_t i = 0; i < given.of.size(); ++i)
            good = (given.series[i] = planner.symbol(given.of[i], TOCSIN_IN_SESSION, Path{"of", i})) >= 0 &&
                   good;
        given.rule = planner.rule(given.where, "where");
        return good && given.rule >= 0;
    }
    /// What the symbols of a set weigh; bit i is of[i].
    static std::int64_t weight(const Params& given, std::uint64_t set) {
        std::int64_t sum = 0;
        for (std::uint32_t i = 0; i < given.of.size(); ++i)
            if ((set >> i & 1) != 0) sum += given.weights.empty() ? 1'000'000'000 : given.weights[i].nanos();
        return sum;
    }

    static bool counts(const Params& given, const Rang& rang, const Input& now) {
        return given.within && rang.at != TOCSIN_NONE && now.now() < rang.at + given.within->count;
    }
    static std::uint64_t satisfied(const Params& given, const State& state, const Input& now) {
        std::uint64_t set = 0;
        for (std::uint32_t i = 0; i < given.of.size(); ++i) {
            const auto member = now.member(given.rule, given.of[i]);
            constexpr std::uint32_t firing = 2; // and beyond: recovering
            if ((member && member->phase >= firing) || counts(given, state.rang[i], now))
                set |= std::uint64_t{1} << i;
        }
        return set;
    }
    static bool is_closed(const Params& given, const Input& now, std::uint32_t i) {
        const tocsin_series& series = now.other(given.series[i]);
        if (series.running != 0) return false;
        const std::int64_t back = given.within ? given.within->count : 0;
        return series.closes_at == TOCSIN_NONE || series.closes_at + back <= now.now();
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const tocsin_alert_in* alert = now.alert();
        if (alert != nullptr && (alert->state == 2 || (alert->state == 0 && alert->entered != 0)))
            for (std::uint32_t i = 0; i < given.of.size(); ++i)
                if (given.of[i] == view(alert->symbol) && alert->at >= state.rang[i].at)
                    state.rang[i] = {alert->at, now.other(given.series[i]).session};
        const std::int64_t count = weight(given, satisfied(given, state, now));
        const std::int64_t least =
            now.level() > 0 ? given.at_least.nanos() - given.clear.nanos() : given.at_least.nanos();
        std::int64_t until = TOCSIN_NEVER;
        for (std::uint32_t i = 0; i < given.of.size(); ++i)
            if (counts(given, state.rang[i], now))
                until = std::min(until, state.rang[i].at + given.within->count);
        return (count >= least ? Outcome::on() : Outcome::off()).wake_at(until);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        const std::uint64_t set = satisfied(given, state, now);
        report.decimal("count", weight(given, set)), report.decimal("at_least", given.at_least.nanos());
        tocsin_str closed[max_symbols];
        std::uint32_t n_closed = 0, n = 0;
        for (std::uint32_t i = 0; i < given.of.size(); ++i) {
            if ((set >> i & 1) != 0)
                ++n;
            else if (is_closed(given, now, i))
                closed[n_closed++] = str(given.of[i]);
        }
        report.integer("markets", given.of.size() - n_closed);
        report.texts("closed", closed, n_closed);
        tocsin_value* items = report.list("satisfied", n);
        for (std::uint32_t i = 0; i < given.of.size(); ++i) {
            if ((set >> i & 1) == 0) continue;
            tocsin_value* fields = report.object(*items++, market_values.size());
            fields[0].type = TOCSIN_T_STRING, fields[0].u.s = str(given.of[i]);
            if (state.rang[i].at == TOCSIN_NONE) continue;
            fields[1].type = TOCSIN_T_SESSION, fields[1].u.i = state.rang[i].session;
            fields[2].type = TOCSIN_T_TIME, fields[2].u.i = state.rang[i].at;
        }
    }
};
TOCSIN_PLUGIN("breadth_of_markets", "1.0", BreadthOfMarkets)
