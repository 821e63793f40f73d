// State is a plain value: what is copied at any event, and put into a fresh pipeline, goes on as if it had
// never stopped.
#include "tests/engine/engine_support.hpp"
#include "tests/engine/walk.hpp"

using namespace tocsin;
using namespace tocsin::tests;

TEST_CASE("a run that is copied at a random event and goes on elsewhere tells what it would have told") {
    const auto seed = GENERATE(range(101u, 113u));
    Dice dice{seed};
    const auto rules = random_rules(dice);
    const auto lines = random_events(dice, 14);
    const Desk desk{rules};
    Decoding decode{desk};
    std::vector<market::Event> events;
    for (const auto& line : lines) events.push_back(decode(line));

    Run whole{desk};
    for (const auto& event : events) whole.take(event);
    whole.finish();
    REQUIRE(whole.told.size() > 50);

    for (int copies = 0; copies < 3; ++copies) {
        const auto at = static_cast<std::size_t>(dice.below(static_cast<int>(events.size())));
        auto first = std::make_unique<Run>(desk);
        for (std::size_t i = 0; i < at; ++i) first->take(events[i]);
        const auto snapshot = first->pipeline.save();
        auto told = first->lines();
        // The copy owes the first run nothing: that goes on to something else, and away.
        for (std::size_t i = 0; i < at; i += 3) first->take(events[i]);
        first.reset();

        Run second{desk};
        second.pipeline.restore(snapshot);
        for (std::size_t i = at; i < events.size(); ++i) second.take(events[i]);
        second.finish();
        for (auto& line : second.lines()) told.push_back(std::move(line));
        INFO("seed " << seed << ", copied before event " << at);
        CHECK(told == whole.lines());
    }
}
