// composite: a condition over other rules: all of them hold, any, none, or so many. What cannot be told of a
// member is neither true nor false (Kleene's logic), and where the whole hangs on it the rule is held.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct Composite {
    static constexpr std::uint32_t max_members = 32;
    using Names = FixedList<std::string_view, max_members>;
    struct When {
        Names all, any, none, k_of;
        std::optional<std::int64_t> k;
    };
    struct Params {
        When when;
        std::optional<Duration> within;
        Names members;                     // the one list that is given
        std::int32_t handles[max_members]; // of them
        std::int64_t least;                // that must hold
        bool none;
    };
    struct State {
        std::int64_t rang_at[max_members]; // when the member last rang, or began to fire; 0: never
    };
    static constexpr std::string_view name = "composite",
                                      doc = "Other rules hold together: all, any, none or so many.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array when_fields{
        param<&When::all>("all", "every one of these rules"),
        param<&When::any>("any", "one of these at least"), param<&When::none>("none", "not one of these"),
        param<&When::k_of>("k_of", "at least k of these"), param<&When::k>("k", "of k_of", {.min = "1"})};
    static constexpr std::array params{
        object<&Params::when, when_fields>("when", "one of the lists"),
        param<&Params::within>("within",
                               "how long what has rung goes on to hold; without it an event never does")};
    static constexpr std::array values{
        list_value("holding", TOCSIN_T_STRING, "the rules that hold"),
        list_value("unknown", TOCSIN_T_STRING, "those of which it cannot be told"),
        value("held", TOCSIN_T_INT, "how many hold"), value("members", TOCSIN_T_INT, "of how many"),
        value("needed", TOCSIN_T_INT, "that must hold")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol}: {held} of {members} hold ({needed} needed): {holding}",
        "{symbol}: none of {members} holds"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_ALERT | TOCSIN_IN_SESSION);
        const When& when = given.when;
        std::uint32_t lists = 0;
        std::string_view key;
        for (const auto& [list, its] : {std::pair{&when.all, std::string_view{"all"}},
                                        {&when.any, "any"},
                                        {&when.none, "none"},
                                        {&when.k_of, "k_of"}})
            if (!list->empty()) ++lists, given.members = *list, key = its;
        if (lists != 1)
            return planner.error("when", "needs one of all, any, none and k_of, with names of rules");
        if (when.k.has_value() != (key == "k_of"))
            return planner.error("when.k", "goes with k_of, and k_of with it");
        const std::int64_t n = given.members.size();
        given.none = key == "none";
        given.least = key == "all" ? n : key == "k_of" ? *when.k : 1;
        bool good = given.least <= n || planner.error("when.k", "is more than k_of has");
        if (given.within && given.within->count <= 0) good = planner.error("within", "must be above 0");
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::string_view path = key == "all"   ? "when.all"
                                          : key == "any" ? "when.any"
                                          : given.none   ? "when.none"
                                                         : "when.k_of";
            given.handles[i] = planner.rule(given.members[i], Path{path, i});
            good = given.handles[i] >= 0 && good;
        }
        return good;
    }

    enum class Truth : std::uint8_t { no, yes, unknown };
    static Truth truth(const Params& given, const State& state, const Input& now, std::uint32_t i) {
        const auto member = now.member(given.handles[i]);
        constexpr std::uint32_t firing = 2; // and beyond: recovering
        if (member && member->phase >= firing) return Truth::yes;
        if (state.rang_at[i] != 0 && given.within && now.now() < now.add(state.rang_at[i], *given.within))
            return Truth::yes;
        const bool tells = member && member->outcome != TOCSIN_HELD && member->outcome != TOCSIN_WARMUP;
        return tells ? Truth::no : Truth::unknown;
    }
    struct Count {
        std::int64_t yes = 0, unknown = 0;
    };
    static Count count(const Params& given, const State& state, const Input& now) {
        Count count;
        for (std::uint32_t i = 0; i < given.members.size(); ++i) {
            const Truth it = truth(given, state, now, i);
            count.yes += it == Truth::yes ? 1 : 0, count.unknown += it == Truth::unknown ? 1 : 0;
        }
        return count;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (const tocsin_alert_in* alert = now.alert();
            alert != nullptr && (alert->state == 2 || (alert->state == 0 && alert->entered != 0)))
            for (std::uint32_t i = 0; i < given.members.size(); ++i)
                if (given.members[i] == view(alert->rule))
                    state.rang_at[i] = std::max(state.rang_at[i], alert->at);
        const auto [yes, unknown] = count(given, state, now);
        const bool sure = yes >= given.least || yes + unknown < given.least, enough = yes >= given.least;
        Outcome outcome = !sure                  ? Outcome::held(TOCSIN_WHY_MEMBER)
                          : enough != given.none ? Outcome::on()
                                                 : Outcome::off();
        // What holds for a time ends; and nobody says when what is unknown can be told again: it is asked
        // while trading goes on.
        constexpr std::int64_t minute = 60'000'000'000;
        std::int64_t until = unknown > 0 && now.series().running != 0 ? now.now() + minute : TOCSIN_NEVER;
        for (std::uint32_t i = 0; given.within && i < given.members.size(); ++i)
            if (const std::int64_t ends =
                    state.rang_at[i] == 0 ? 0 : now.add(state.rang_at[i], *given.within);
                ends > now.now())
                until = std::min(until, ends);
        return outcome.wake_at(until);
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        tocsin_str names[2][max_members];
        std::uint32_t n[2] = {};
        for (std::uint32_t i = 0; i < given.members.size(); ++i) {
            const Truth it = truth(given, state, now, i);
            const std::size_t of = it == Truth::yes ? 0 : 1;
            if (it != Truth::no) names[of][n[of]++] = str(given.members[i]);
        }
        report.texts("holding", names[0], n[0]), report.texts("unknown", names[1], n[1]);
        report.integer("held", n[0]), report.integer("members", given.members.size());
        if (!given.none) report.integer("needed", given.least);
        report.summary(given.none ? 1 : 0);
    }
};
TOCSIN_PLUGIN("composite", "1.0", Composite)
