// tariff_deadline: a tariff comes into force, or ends, in so long. A condition for each measure, that
// escalates at each further offset before the date and ends with it.
#include <tocsin/subjects.hpp>
#include <tocsin/tariff_match.hpp>
using namespace tocsin;

struct TariffDeadline {
    enum class Which : std::uint8_t { effective, expires };
    /// Measures whose date lies ahead; 2025, a busy year, had some twenty at a time.
    static constexpr std::uint32_t max_measures = 64, max_offsets = 8;
    struct Params {
        TariffMatch match;
        TariffTier min_tier;
        Which which;
        FixedList<Duration, max_offsets> before;
    };
    struct Measure {
        std::int64_t deadline = TOCSIN_NONE;
        std::int32_t level = 0; // entered last
        FixedText<56> subject{};
    };
    using State = Subjects<Measure, max_measures>;
    static constexpr std::string_view name = "tariff_deadline",
                                      doc = "A tariff comes into force, or ends, in so long.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_NONE, state_version = 1;
    static constexpr std::array params{
        object<&Params::match, tariff_match_fields>("match",
                                                    "what the event must be; nothing given: any event"),
        param<&Params::min_tier>("min_tier", "the least sure source that counts",
                                 {.dflt = "rumour", .choices = tariff_tiers}),
        param<&Params::which>("which", "the date that counts",
                              {.dflt = "effective", .choices = "effective|expires"}),
        param<&Params::before>("before", "how long before it: fires at the first, escalates at each next")};
    static constexpr std::array values{
        value("measure", TOCSIN_T_STRING, "the measure's name"), value("deadline", TOCSIN_T_TIME, "the date"),
        value("which", TOCSIN_T_STRING, "`effective` or `expires`"),
        value("before", TOCSIN_T_DECIMAL, "seconds: the offset that has been reached"),
        value("evicted", TOCSIN_T_INT, "measures dropped for want of room so far")};
    static constexpr std::array<std::string_view, 2> summaries{"{measure} comes into force at {deadline}",
                                                               "{measure} expires at {deadline}"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_TARIFF);
        bool good = check_match(planner, given.match, {"match.imposer", "match.target", "match.rate"});
        if (given.before.empty())
            good = planner.error("before", "needs at least one length of time, like [7d, 1d, 1h]");
        for (std::uint32_t i = 0; i < given.before.size(); ++i) {
            const Duration& one = given.before[i];
            if (one.unit != DurationUnit::clock || one.count <= 0)
                good = planner.error(Path{"before", i}, "must be clock time above 0, like 7d");
            else if (i > 0 && one.count >= given.before[i - 1].count)
                good = planner.error(Path{"before", i}, "must be shorter than the one before it");
        }
        return good;
    }

    static std::int32_t level_at(const Params& given, std::int64_t deadline, std::int64_t now) {
        std::int32_t level = 0;
        for (const Duration& one : given.before) level += now >= deadline - one.count ? 1 : 0;
        return level;
    }
    /// Takes in the measure's date: new, moved, or gone. What has moved ends, and begins anew.
    static void take(const Params& given, State& state, const Input& now) {
        const tocsin_tariff& event = *now.tariff();
        const Measure fresh{given.which == Which::effective ? event.effective : event.expires, 0,
                            FixedText<56>{view(event.measure)}};
        const bool revoked = event.stage == static_cast<std::uint32_t>(TariffStage::revoked);
        if (fresh.deadline == TOCSIN_NONE && !revoked) return;
        if (Measure* known = state.find(fresh.subject.view()); known != state.end()) {
            if (known->deadline == fresh.deadline && !revoked) return;
            state.remove(known, now, revoked ? TOCSIN_WHY_EXPIRED : TOCSIN_WHY_RESCHEDULED);
        }
        if (!revoked && fresh.deadline > now.now()) state.add(fresh, now);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (now.tariff() != nullptr && is_news(*now.tariff(), given.match, {}, given.min_tier))
            take(given, state, now);
        std::int64_t next = TOCSIN_NEVER;
        for (Measure* at = state.begin(); at != state.end();) {
            Measure& measure = *at;
            if (now.now() >= measure.deadline) {
                state.remove(at, now, TOCSIN_WHY_EXPIRED);
                continue;
            }
            const std::int32_t level = level_at(given, measure.deadline, now.now());
            if (level > 0) measure.level = level;
            state.tell(measure, now, level > 0 ? Outcome::on(level) : Outcome::off());
            next = std::min(next, measure.deadline);
            if (level < static_cast<std::int32_t>(given.before.size()))
                next =
                    std::min(next, measure.deadline - given.before[static_cast<std::uint32_t>(level)].count);
            ++at;
        }
        return Outcome::off().wake_at(next);
    }

    static void report(const Params& given, const State& state, const Input&, Report& report) {
        const bool expires = given.which == Which::expires;
        report.summary(expires ? 1 : 0);
        report.text("measure", state.told.subject.view());
        if (state.told.subject.size == 0) return;
        report.time("deadline", state.told.deadline);
        report.text("which", expires ? "expires" : "effective");
        if (state.told.level > 0)
            report.seconds("before", given.before[static_cast<std::uint32_t>(state.told.level - 1)].count);
        if (state.evicted > 0) report.integer("evicted", state.evicted);
    }
};
TOCSIN_PLUGIN("tariff_deadline", "1.0", TariffDeadline)
