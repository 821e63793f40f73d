// A step that a rule waits for: an alert of another rule, or a tariff event. Shared by sequence and absence.
#pragma once
#include <tocsin/tariff_match.hpp>

namespace tocsin {

struct Step {
    std::optional<std::string_view> rule, as;
    std::optional<TariffMatch> match;
    TariffStages stages;
    std::optional<TariffTier> min_tier;
};
inline constexpr std::array step_fields{
    param<&Step::rule>("rule", "an alert of this rule: an event, or the beginning of an episode"),
    object<&Step::match, tariff_match_fields>("match", "or a tariff event"),
    param<&Step::stages>("stages", "with match: one of these; none given: any", {.choices = tariff_stages}),
    param<&Step::min_tier>("min_tier", "with match: the least sure source that counts",
                           {.choices = tariff_tiers}),
    param<&Step::as>("as", "a name for this step, shown with it")};

/// Checks the step at `path` (`steps[1]`) and makes it an input. The rule's handle, 0 for a tariff event;
/// below 0: an error was reported.
inline std::int32_t plan_step(Planner& planner, const Step& step, std::string_view path) {
    const auto refused = [&](std::string_view why) { return planner.error(path, why) ? 0 : -1; };
    if (step.rule.has_value() == step.match.has_value()) return refused("needs one of rule and match");
    if (step.rule) {
        if (!step.stages.empty() || step.min_tier) return refused("stages and min_tier go with match");
        planner.wake_on(TOCSIN_IN_ALERT);
        return planner.rule(*step.rule, Path{path, "rule"});
    }
    planner.wake_on(TOCSIN_IN_TARIFF);
    const Path match{path, "match"};
    const bool good = check_match(planner, *step.match,
                                  {Path{match, "imposer"}, Path{match, "target"}, Path{match, "rate"}});
    return good ? 0 : -1;
}

/// Whether what woke the rule may be this step.
inline bool is_step(const Step& step, const Input& now) {
    if (const tocsin_alert_in* alert = now.alert(); alert != nullptr && step.rule)
        return view(alert->rule) == *step.rule &&
               (alert->state == 2 || (alert->state == 0 && alert->entered != 0));
    if (const tocsin_tariff* event = now.tariff(); event != nullptr && step.match)
        return is_news(*event, *step.match, step.stages, step.min_tier.value_or(TariffTier::rumour));
    return false;
}

/// A step that has happened: its time, and the alert's id or the measure's name.
struct Mark {
    std::int64_t at = TOCSIN_NONE;
    FixedText<56> what{};
};

/// Requires: woken by an alert or a tariff event.
inline Mark mark_of(const Input& now) {
    const tocsin_alert_in* const alert = now.alert();
    if (alert != nullptr) return {alert->at, FixedText<56>{view(alert->id)}};
    return {now.tariff()->at, FixedText<56>{view(now.tariff()->measure)}};
}

/// Why nobody can tell now whether the rule (a handle; below 0: there is none) would have rung: it is held or
/// warms up, or the market is halted, or it trades and no tick has come for `max_gap`. 0: one can tell.
inline std::uint32_t unheard(std::int32_t rule, Duration max_gap, const Input& now) {
    if (rule < 0) return TOCSIN_WHY_NONE;
    const auto member = now.member(rule);
    if (member && (member->outcome == TOCSIN_HELD || member->outcome == TOCSIN_WARMUP))
        return TOCSIN_WHY_MEMBER;
    if (!now.has_series()) return TOCSIN_WHY_NONE;
    if (now.halted()) return TOCSIN_WHY_HALTED;
    const tocsin_series& series = now.series();
    const bool trades =
        series.running != 0 && (series.phase == TOCSIN_PHASE_AM || series.phase == TOCSIN_PHASE_PM);
    const std::int64_t last = std::max(series.at, series.opens_at);
    return trades && now.trading_between(last, now.now()) >= max_gap.count ? TOCSIN_WHY_STALE
                                                                           : TOCSIN_WHY_NONE;
}

} // namespace tocsin
