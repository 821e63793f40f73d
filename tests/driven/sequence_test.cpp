// What follows what, within what. Alerts of the rules a, b, c are named by their letter.
#include "tests/driven/plugin_driver.hpp"

namespace {

const std::string ab = "steps: [{rule: a}, {rule: b}]";

/// `a@0:09:10 b@0:09:20`: alerts by rule, session and time; the result: the times at which each match began.
std::string began(const std::string& params, std::string_view events) {
    PluginDriver run{"sequence", "{" + params + "}"};
    CHECK(run.problems == std::vector<std::string>{});
    for (; !events.empty();) {
        const std::string word{events.substr(0, events.find(' '))};
        events.remove_prefix(std::min(events.size(), word.size() + 1));
        run.alert({word[2] - '0', word.substr(4)}, word.substr(0, 1));
    }
    std::string all;
    for (const auto& seen : run.seen) {
        const std::string steps = seen["steps"], first = steps.substr(steps.find("at=") + 3, 20);
        const auto t = tocsin::Time::parse(first).value.plus(9 * 3600 * tocsin::nanos_per_second);
        all += (all.empty() ? "" : " ") + t.to_string().substr(11, 5);
    }
    return all;
}

} // namespace

TEST_CASE("a sequence is complete when its steps follow one another in time") {
    struct Row {
        const char *name, *params, *events, *began;
    };
    const auto row = GENERATE(values<Row>({
        {"A then B", "within: 1h", "a@0:09:00 b@0:09:30", "09:00"},
        {"B then A", "within: 1h", "b@0:09:00 a@0:09:30", ""},
        {"at one time, in their order", "within: 1h", "a@0:09:00 b@0:09:00", "09:00"},
        {"exactly at the end is too late", "within: 1h", "a@0:09:00 b@0:10:00", ""},
        {"trading time stands still at lunch", "within: 60 trading_minutes", "a@0:11:00 b@0:12:59", "11:00"},
        {"and its end is excluded too", "within: 60 trading_minutes", "a@0:11:00 b@0:13:00", ""},
        {"before the open it counts from the open", "within: 10 trading_minutes", "a@0:08:30 b@0:09:09",
         "08:30"},
        {"an alert at the close that ends two sessions", "within: 2 sessions", "a@0:08:30 b@1:15:30",
         "08:30"},
        {"from the close itself on, the next two", "within: 2 sessions", "a@0:15:30 b@2:15:30", "15:30"},
        {"after the two sessions", "within: 2 sessions", "a@0:08:30 b@1:15:31", ""},
        {"something else between", "within: 1h", "a@0:09:00 c@0:09:10 b@0:09:30", "09:00"},
        {"the first A is reported, others are dropped", "within: 1h",
         "a@0:09:00 a@0:09:10 b@0:09:30 b@0:09:40", "09:00"},
        {"an A too old makes room for the next", "within: 1h", "a@0:09:00 a@0:09:10 b@0:10:05", "09:10"},
        {"a match ends, the next begins", "within: 1h", "a@0:09:00 b@0:09:10 a@0:09:20 b@0:09:30",
         "09:00 09:20"},
        {"each A once", "within: 1h, after_match: skip_to_next", "a@0:09:00 a@0:09:10 b@0:09:30 b@0:09:40",
         "09:00 09:10"},
        {"each A with each B", "within: 1h, after_match: no_skip", "a@0:09:00 a@0:09:10 b@0:09:30 b@0:09:40",
         "09:00 09:10 09:00 09:10"},
        {"too close together", "within: 1h, min_gap: 5m", "a@0:09:00 b@0:09:04 b@0:09:05", "09:00"},
    }));
    CAPTURE(row.name);
    CHECK(began(ab + ", " + row.params, row.events) == row.began);
}

TEST_CASE("more steps, stricter steps, the same step twice") {
    struct Row {
        const char *name, *params, *events, *began;
    };
    const auto row = GENERATE(values<Row>({
        {"three steps, within the first", "steps: [{rule: a}, {rule: b}, {rule: c}], within: 1h",
         "a@0:09:00 b@0:09:50 c@0:10:10", ""},
        {"within each previous",
         "steps: [{rule: a}, {rule: b}, {rule: c}], within: 1h, within_from: previous",
         "a@0:09:00 b@0:09:50 c@0:10:10", "09:00"},
        {"strict: nothing of the steps between",
         "steps: [{rule: a}, {rule: b}, {rule: c}], within: 1h, contiguity: strict",
         "a@0:09:00 c@0:09:10 b@0:09:20 c@0:09:30", ""},
        {"strict: a new A begins anew", "steps: [{rule: a}, {rule: b}], within: 1h, contiguity: strict",
         "a@0:09:00 a@0:09:10 b@0:09:20", "09:10"},
        {"twice the same", "steps: [{rule: a}, {rule: a}], within: 1h", "a@0:09:00 a@0:09:10 a@0:09:20",
         "09:00"},
        {"twice the same, each beginning used",
         "steps: [{rule: a}, {rule: a}], within: 1h, after_match: skip_to_next",
         "a@0:09:00 a@0:09:10 a@0:09:20", "09:00 09:10"},
    }));
    CAPTURE(row.name);
    CHECK(began(row.params, row.events) == row.began);
}

TEST_CASE("of a condition its beginning counts, and nothing else") {
    PluginDriver run{"sequence", "{" + ab + ", within: 1h}"};
    run.alert({0, "09:00"}, "a");
    run.alert({0, "09:01"}, "b", 0, false); // escalated
    run.alert({0, "09:02"}, "b", 1, false); // resolved
    CHECK(run.seen.empty());
    run.alert({0, "09:03"}, "b", 0, true);
    CHECK(run.seen.size() == 1);
}

TEST_CASE("what was decided later but is stamped earlier does not follow") {
    PluginDriver run{"sequence", "{" + ab + ", within: 1h}"};
    const auto t = [](const char* clock) { return PluginDriver::time({0, clock}); };
    run.alert(t("09:30"), t("09:30"), "b");
    run.alert(t("09:31"), t("09:00"), "a"); // late: B was decided before it
    CHECK(run.seen.empty());
    run.alert(t("09:40"), t("08:59"), "b"); // late: before A in time
    CHECK(run.seen.empty());
    run.alert(t("09:50"), t("09:50"), "b");
    CHECK(run.seen.size() == 1);
}

TEST_CASE("a tariff on Japan, then a fall within two sessions") {
    const std::string params = "{steps: [{match: {target: JP, stage: announced, tier: official}, as: tariff},"
                               " {rule: b, as: slide}], within: 2 sessions}";
    PluginDriver run{"sequence", params};
    TariffEvent media, again, elsewhere;
    media.tier = "media";
    again.prior_tier = 3;
    elsewhere.target = "EU";
    for (const TariffEvent& other : {media, again, elsewhere}) run.tariff({0, "05:00"}, other);
    run.tariff({0, "05:00"}, TariffEvent{});
    run.alert({1, "15:30"}, "b");
    REQUIRE(run.seen.size() == 1);
    CHECK(run.seen[0]["steps"] ==
          "match=us-x,at=2025-04-06T20:00:00Z,as=tariff "
          "rule=b,at=2025-04-08T06:30:00Z,id=00000000000000000000000000000001,as=slide");
    CHECK(run.seen[0]["elapsed"] == "124200");
    CHECK(run.plan().needs_symbol_time == 1);
}

TEST_CASE("a tariff event at the very end of n sessions is too late, unlike an alert") {
    PluginDriver run{"sequence", "{steps: [{rule: a}, {match: {}}], within: 1 sessions}"};
    run.alert({0, "10:00"}, "a");
    run.tariff({0, "15:30"}, TariffEvent{});
    CHECK(run.seen.empty());
}

TEST_CASE("what has begun is bounded: what is out of time goes first, then the oldest, counted") {
    PluginDriver run{"sequence", "{" + ab + ", within: 2h}"};
    const auto minute = [](int n) {
        return PluginDriver::time({0, "09:00"}) + n * 60 * tocsin::nanos_per_second;
    };
    for (int i = 0; i < 10; ++i) run.alert(minute(i), minute(i), "a");
    for (int i = 200; i < 223; ++i)
        run.alert(minute(i), minute(i), "a"); // 33 in all, the first ten out of time
    run.alert(minute(230), minute(230), "b");
    REQUIRE(run.seen.size() == 1);
    CHECK(run.seen[0]["evicted"] == "-");
    for (int i = 240; i < 273; ++i) run.alert(minute(i), minute(i), "a");
    run.alert(minute(280), minute(280), "b");
    REQUIRE(run.seen.size() == 2);
    CHECK(run.seen[1]["evicted"] == "1");
    CHECK(run.seen[1]["elapsed"] == "2340"); // from the second
}

TEST_CASE("a measure's long name is cut between characters") {
    PluginDriver run{"sequence", "{steps: [{match: {}}, {rule: b}], within: 1h}"};
    TariffEvent event;
    event.measure =
        std::string(55, 'x') + "\xC3\xA9t\xC3\xA9"; // ends in `été`, less its first letter, across the limit
    run.tariff({0, "09:00"}, event);
    run.alert({0, "09:10"}, "b");
    REQUIRE(run.seen.size() == 1);
    CHECK(run.seen[0]["steps"].find(std::string(55, 'x') + ",at=") != std::string::npos);
}

TEST_CASE("sequence says what is wrong with its parameters") {
    struct Row {
        const char *params, *problem;
    };
    const auto row = GENERATE(values<Row>({
        {"{steps: [{rule: a}], within: 1h}", "steps: needs at least two steps"},
        {"{steps: [{rule: a}, {as: x}], within: 1h}", "steps[1]: needs one of rule and match"},
        {"{steps: [{rule: a}, {rule: b, match: {}}], within: 1h}", "steps[1]: needs one of rule and match"},
        {"{steps: [{rule: a}, {rule: b, min_tier: media}], within: 1h}",
         "steps[1]: stages and min_tier go with match"},
        {"{steps: [{rule: a}, {rule: z}], within: 1h}", "steps[1].rule: no such rule"},
        {"{steps: [{rule: a}, {match: {target: Japan}}], within: 1h}",
         "steps[1].match.target: must be a country as ISO 3166-1 alpha-2, like JP; EU; or *"},
        {"{steps: [{rule: a}, {rule: b}], within: 0s}", "within: must be above 0"},
        {"{steps: [{rule: a}, {rule: b}]}", "within: required"},
    }));
    PluginDriver run{"sequence", row.params};
    CHECK(run.problems == std::vector<std::string>{row.problem});
}
