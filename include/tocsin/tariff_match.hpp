// SPDX-License-Identifier: Apache-2.0
// What tariff_event and sequence ask of a tariff event: the `match` object, `stages` and `min_tier`, their
// declaration and the test. Everything that is given must hold; what is not given does not matter. A `target`
// or `imposer` matches itself and `*` (an event that concerns everybody); `EU` is a name and is not expanded.
// An event without a rate matches no `rate`.
#pragma once
#include <algorithm>
#include <tocsin/rule.hpp>

namespace tocsin {

/// The numbers are those of the contract's list, and of tocsin_tariff.
enum class TariffStage : std::uint8_t {
    rumoured,
    announced,
    signed_,
    published,
    effective,
    paused,
    resumed,
    amended,
    expired,
    revoked
};
enum class TariffTier : std::uint8_t { rumour, media, official }; // tocsin_tariff.tier less 1
inline constexpr std::string_view tariff_stages =
    "rumoured|announced|signed|published|effective|paused|resumed|amended|expired|revoked";
inline constexpr std::string_view tariff_tiers = "rumour|media|official";

struct TariffRate {
    std::optional<Price> at_least, at_most; // percent
};

struct TariffMatch {
    std::optional<std::string_view> measure, imposer, target, scope;
    std::optional<TariffStage> stage;
    std::optional<TariffTier> tier;
    TariffRate rate;
};

using TariffStages = FixedList<TariffStage, 10>;

inline constexpr std::array tariff_rate_fields{
    param<&TariffRate::at_least>("at_least", "percent", {.min = "0"}),
    param<&TariffRate::at_most>("at_most", "percent", {.min = "0"})};
inline constexpr std::array tariff_match_fields{
    param<&TariffMatch::measure>("measure", "the measure's name"),
    param<&TariffMatch::stage>("stage", "how far it has come", {.choices = tariff_stages}),
    param<&TariffMatch::imposer>("imposer", "who imposes it: ISO 3166-1 alpha-2, EU or *"),
    param<&TariffMatch::target>("target", "on whom: ISO 3166-1 alpha-2, EU or *; an event on * matches any"),
    param<&TariffMatch::scope>("scope", "on what"),
    param<&TariffMatch::tier>("tier", "how sure the source is, exactly", {.choices = tariff_tiers}),
    object<&TariffMatch::rate, tariff_rate_fields>("rate", "the rate's range")};

/// Reports what can never match. `path` is that of the match object.
inline bool check_match(Planner& planner, const TariffMatch& match, const std::string_view (&paths)[3]) {
    constexpr std::string_view form = "must be a country as ISO 3166-1 alpha-2, like JP; EU; or *";
    const auto is_country = [](std::optional<std::string_view> name) {
        const auto letter = [](char c) { return c >= 'A' && c <= 'Z'; };
        return !name || *name == "*" || (name->size() == 2 && letter((*name)[0]) && letter((*name)[1]));
    };
    bool good = is_country(match.imposer) || planner.error(paths[0], form);
    good = (is_country(match.target) || planner.error(paths[1], form)) && good;
    if (match.rate.at_least && match.rate.at_most && *match.rate.at_most < *match.rate.at_least)
        good = planner.error(paths[2], "at_most is less than at_least");
    return good;
}

/// Whether the event is news to this rule: it matches, and no equal event that did has come before. An equal
/// event at a higher tier than before is news only to those who waited for that tier.
inline bool is_news(const tocsin_tariff& event, const TariffMatch& match, const TariffStages& stages,
                    TariffTier min_tier) {
    const auto is = [](std::optional<std::string_view> wanted, tocsin_str seen) {
        return !wanted || *wanted == view(seen);
    };
    const auto concerns = [&](std::optional<std::string_view> wanted, tocsin_str seen) {
        return is(wanted, seen) || view(seen) == "*";
    };
    const auto number = [](auto choice) { return static_cast<std::uint32_t>(choice); };
    bool in_stages = stages.empty();
    for (const TariffStage stage : stages) in_stages = in_stages || number(stage) == event.stage;
    const std::uint32_t exact = match.tier ? 1 + number(*match.tier) : event.tier;
    const std::uint32_t least = match.tier ? std::max(exact, 1 + number(min_tier)) : 1 + number(min_tier);
    const bool has_rate = event.rate != TOCSIN_NONE;
    return is(match.measure, event.measure) && concerns(match.imposer, event.imposer) &&
           concerns(match.target, event.target) && is(match.scope, event.scope) &&
           (!match.stage || number(*match.stage) == event.stage) && in_stages &&
           (!match.rate.at_least || (has_rate && event.rate >= match.rate.at_least->nanos())) &&
           (!match.rate.at_most || (has_rate && event.rate <= match.rate.at_most->nanos())) &&
           event.tier == exact && event.tier >= least && event.prior_tier < least;
}

} // namespace tocsin
