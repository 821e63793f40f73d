// tariff_event: a tariff event matches. It rings once for each distinct event, however many feeds bring it:
// the host tells which equal ones came before.
#include <tocsin/tariff_match.hpp>
using namespace tocsin;

struct TariffEvent {
    struct Params {
        TariffMatch match;
        TariffStages stages;
        TariffTier min_tier;
    };
    struct State {};
    static constexpr std::string_view name = "tariff_event", doc = "A tariff event matches.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_NONE, state_version = 1;
    static constexpr std::array params{
        object<&Params::match, tariff_match_fields>("match",
                                                    "what the event must be; nothing given: any event"),
        param<&Params::stages>("stages", "one of these; none given: any", {.choices = tariff_stages}),
        param<&Params::min_tier>("min_tier", "the least sure source that counts",
                                 {.dflt = "rumour", .choices = tariff_tiers})};
    static constexpr std::array values{
        value("measure", TOCSIN_T_STRING, "the measure's name"),
        value("stage", TOCSIN_T_STRING, "how far it has come"),
        value("imposer", TOCSIN_T_STRING, "who imposes it"),
        value("target", TOCSIN_T_STRING, "on whom"),
        value("rate", TOCSIN_T_DECIMAL, "percent"),
        value("scope", TOCSIN_T_STRING, "on what"),
        value("effective", TOCSIN_T_TIME, "when it comes into force"),
        value("expires", TOCSIN_T_TIME, "when it ends"),
        value("title", TOCSIN_T_STRING, "the source's headline"),
        value("tier", TOCSIN_T_STRING, "how sure the source is"),
        value("url", TOCSIN_T_STRING, "where it is to be read"),
        list_value("sources", TOCSIN_T_STRING, "the feeds that have brought it so far")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{measure} {stage}: {rate}% by {imposer} on {target}, scope {scope}",
        "{measure} {stage}: by {imposer} on {target}, scope {scope}"};

    static bool plan(Planner& planner, Params& given) {
        planner.wake_on(TOCSIN_IN_TARIFF);
        return check_match(planner, given.match, {"match.imposer", "match.target", "match.rate"});
    }
    static Outcome evaluate(const Params& given, State&, const Input& now) {
        const tocsin_tariff* event = now.tariff();
        if (event == nullptr || !is_news(*event, given.match, given.stages, given.min_tier))
            return Outcome::quiet();
        return Outcome::happened().about(view(event->measure));
    }
    static void report(const Params&, const State&, const Input& now, Report& report) {
        const tocsin_tariff* event = now.tariff();
        if (event == nullptr) return; // asked, not woken: there is nothing to show between events
        report.text("measure", view(event->measure));
        report.text("stage", view(event->stage_name));
        report.text("imposer", view(event->imposer));
        report.text("target", view(event->target));
        report.decimal("rate", event->rate);
        report.text("scope", view(event->scope));
        report.time("effective", event->effective);
        report.time("expires", event->expires);
        report.text("title", view(event->title));
        report.text("tier", view(event->tier_name));
        report.text("url", view(event->url));
        report.texts("sources", event->sources, event->n_sources);
        report.summary(event->rate != TOCSIN_NONE ? 0 : 1);
    }
};
TOCSIN_PLUGIN("tariff_event", "1.0", TariffEvent)
