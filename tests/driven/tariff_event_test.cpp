// What matches, and what is news.
#include "tests/driven/plugin_driver.hpp"

TEST_CASE("a tariff event rings when it matches") {
    struct Row {
        const char *name, *params;
        TariffEvent event;
        bool rings;
    };
    const TariffEvent jp;
    const auto with = [&](auto change) {
        TariffEvent event;
        change(event);
        return event;
    };
    const TariffEvent all = with([](TariffEvent&e) { e.target = "*"; }),
                      eu = with([](TariffEvent&e) { e.target = "EU"; });
    const TariffEvent no_rate = with([](TariffEvent& e) { e.rate = ""; });
    const TariffEvent signed_one = with([](TariffEvent& e) { e.stage = "signed"; });
    const TariffEvent media = with([](TariffEvent& e) { e.tier = "media"; });
    const TariffEvent media_again = with([](TariffEvent& e) { e.tier = "media", e.prior_tier = 2; });
    const TariffEvent now_official = with([](TariffEvent& e) { e.prior_tier = 2; });
    const auto row = GENERATE_COPY(values<Row>({
        {"nothing asked", "{}", jp, true},
        {"the target", "{match: {target: JP}}", jp, true},
        {"all the world", "{match: {target: JP}}", all, true},
        {"another", "{match: {target: JP}}", eu, false},
        {"EU is a name", "{match: {target: DE}}", eu, false},
        {"all the world, asked for", "{match: {target: '*'}}", jp, false},
        {"imposer", "{match: {imposer: CN}}", jp, false},
        {"measure", "{match: {measure: us-x}}", jp, true},
        {"scope", "{match: {scope: autos}}", jp, false},
        {"exactly the rate", "{match: {rate: {at_least: 24}}}", jp, true},
        {"a little less than asked", "{match: {rate: {at_least: 24.01}}}", jp, false},
        {"at most", "{match: {rate: {at_most: 20}}}", jp, false},
        {"no rate is none", "{match: {rate: {at_least: 0}}}", no_rate, false},
        {"stage", "{match: {stage: announced}}", signed_one, false},
        {"one of the stages", "{stages: [announced, signed]}", signed_one, true},
        {"none of the stages", "{stages: [effective]}", signed_one, false},
        {"every tier by default", "{}", media, true},
        {"not sure enough", "{min_tier: official}", media, false},
        {"exactly this tier", "{match: {tier: media}}", jp, false},
        {"seen before", "{}", media_again, false},
        {"surer than before is no news to who heard it", "{min_tier: media}", now_official, false},
        {"but to who waited for it", "{min_tier: official}", now_official, true},
        {"or by tier", "{match: {tier: official}}", now_official, true},
    }));
    CAPTURE(row.name);
    PluginDriver run{"tariff_event", row.params};
    run.tariff({0, "10:00"}, row.event);
    CHECK(run.seen.size() == (row.rings ? 1 : 0));
}

TEST_CASE("it carries the event, and is about the measure") {
    PluginDriver run{"tariff_event", "{}"};
    TariffEvent event;
    event.sources = {"wire", "desk"};
    run.tariff({0, "10:00"}, event);
    REQUIRE(run.seen.size() == 1);
    CHECK(run.seen[0].subject == "us-x");
    CHECK(run.seen[0].values == std::map<std::string, std::string>{{"measure", "us-x"},
                                                                   {"stage", "announced"},
                                                                   {"imposer", "US"},
                                                                   {"target", "JP"},
                                                                   {"rate", "24"},
                                                                   {"scope", "all"},
                                                                   {"tier", "official"},
                                                                   {"sources", "wire desk"}});
}

TEST_CASE("what can never match is a mistake") {
    struct Row {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"{match: {target: Japan}}",
         "match.target: must be a country as ISO 3166-1 alpha-2, like JP; EU; or *"},
        {"{match: {imposer: us}}",
         "match.imposer: must be a country as ISO 3166-1 alpha-2, like JP; EU; or *"},
        {"{match: {rate: {at_least: 20, at_most: 10}}}", "match.rate: at_most is less than at_least"},
        {"{match: {country: JP}}", "match.country: unknown"},
    }));
    PluginDriver run{"tariff_event", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
