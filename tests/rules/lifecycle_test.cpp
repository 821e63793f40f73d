// Verdicts in, transitions out: each row is the story of one episode or two. Between its steps the lifecycle
// is judged whenever it is due, with the verdict that held last, as the host does. Tokyo: 09:00 to 11:30 and
// 12:30 to 15:30, the last five minutes of it an auction, which is no trading time.
#include "config/config.hpp"
#include "january.hpp"
#include "rules/lifecycle.hpp"

#include <sstream>

using namespace tocsin;
using namespace tocsin::rules;
using namespace tocsin::test;

namespace {

/// `on 2`, `off`, `end` (off, by the session's end), `held`, `warmup`, or a word that nobody knows.
tocsin_outcome verdict(const std::string& text) {
    tocsin_outcome outcome{};
    outcome.size = sizeof outcome;
    if (text.starts_with("on")) outcome.outcome = TOCSIN_ON, outcome.level = std::stoi(text.substr(3));
    if (text == "off" || text == "end") outcome.outcome = TOCSIN_OFF;
    if (text == "end") outcome.reason = TOCSIN_WHY_SESSION_END;
    if (text == "warmup") outcome.outcome = TOCSIN_WARMUP;
    if (text == "unknown") outcome.outcome = 4711;
    return outcome;
}

struct Keys {
    const char *for_ = "", *cooldown = "", *expires = ""; // expires: a duration, or a time like `06 10:00`
    const char *keep = "", *remind = "";
};

LifecycleKeys parsed(const Keys& keys) {
    const auto duration = [](std::string_view text) -> std::optional<Duration> {
        if (text.empty()) return {};
        const auto read = config::parse_duration(text);
        REQUIRE(read.problem == "");
        return read.value;
    };
    LifecycleKeys made;
    made.for_ = duration(keys.for_), made.cooldown = duration(keys.cooldown);
    made.keep = duration(keys.keep), made.remind = duration(keys.remind);
    const std::string_view expires = keys.expires;
    if (expires.size() > 3 && expires[2] == ' ' && expires.find(':') != std::string_view::npos)
        made.expires_at = january(expires);
    else
        made.expires_after = duration(expires);
    return made;
}

/// What came of it: `06 10:00 entered 1 #0`.
std::string line(Time now, const Lifecycle& life, const Transition& transition) {
    std::ostringstream out;
    out << shown_time(now) << ' ' << name(transition.reason) << ' ' << transition.level << " #"
        << life.transition() << (transition.state == alert::State::resolved ? " resolved" : "");
    return out.str();
}

struct Row {
    const char* name;
    Keys keys;
    std::vector<std::pair<const char*, const char*>> steps;
    std::vector<std::string> expected;
};

std::vector<std::string> play(const Row& row, const market::Calendar* calendar) {
    const LifecycleKeys keys = parsed(row.keys);
    Lifecycle life;
    tocsin_outcome last = verdict("off");
    std::vector<std::string> seen;
    const auto judge = [&](Time now) {
        if (const auto transition = life.judge(last, now, keys, calendar))
            seen.push_back(line(now, life, *transition));
        INFO("judged at " << shown_time(now));
        CHECK(life.due() > now);
    };
    for (const auto& [time, text] : row.steps) {
        const Time now = january(time);
        while (life.due() <= now) judge(life.due());
        last = verdict(text);
        judge(now);
    }
    return seen;
}

} // namespace

TEST_CASE("with `keep` an episode outlives a short recovery") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"it resolves when it has been off for long enough, at that time",
         {"", "", "", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "off"}, {"06 10:20", "off"}},
         {"06 10:00 entered 1 #0", "06 10:15 cleared 1 #1 resolved"}},
        {"on again before that: the same episode, and nothing is told",
         {"", "", "", "10m"},
         {{"06 10:00", "on 1"},
          {"06 10:05", "off"},
          {"06 10:14", "on 1"},
          {"06 10:20", "off"},
          {"06 10:30", "off"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved"}},
        {"on again at another level",
         {"", "", "", "10m"},
         {{"06 10:00", "on 1"},
          {"06 10:05", "off"},
          {"06 10:14", "on 2"},
          {"06 10:20", "off"},
          {"06 10:29", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:14 escalated 2 #1", "06 10:29 deescalated 1 #2"}},
        {"on at the very end of it comes too late",
         {"", "", "", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "off"}, {"06 10:15", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:15 cleared 1 #1 resolved", "06 10:15 entered 1 #0"}},
        {"it counts trading time over lunch",
         {"", "", "", "20 trading_minutes"},
         {{"06 11:20", "on 1"}, {"06 11:25", "off"}, {"06 13:00", "off"}},
         {"06 11:20 entered 1 #0", "06 12:45 cleared 1 #1 resolved"}},
        {"it stands still while the rule cannot tell",
         {"", "", "", "10m"},
         {{"06 10:00", "on 1"},
          {"06 10:05", "off"},
          {"06 10:09", "held"},
          {"06 11:00", "off"},
          {"06 11:10", "off"}},
         {"06 10:00 entered 1 #0", "06 11:06 cleared 1 #1 resolved"}},
        {"a session's end does not wait",
         {"", "", "", "1 session"},
         {{"06 10:00", "on 1"}, {"06 15:30", "end"}},
         {"06 10:00 entered 1 #0", "06 15:30 session_end 1 #1 resolved"}},
        {"a cooldown begins when it is over",
         {"", "10m", "", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "off"}, {"06 10:16", "on 1"}, {"06 10:26", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:15 cleared 1 #1 resolved", "06 10:25 entered 1 #0"}},
        {"`expires` ends it meanwhile",
         {"", "", "8m", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "off"}, {"06 10:09", "off"}, {"06 10:10", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:08 expired 1 #1 resolved", "06 10:10 entered 1 #0"}},
    }));
    INFO(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("with `remind` a condition that lasts is told again") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"every so often, counted from the last word",
         {"", "", "", "", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:15", "on 2"}, {"06 10:26", "off"}},
         {"06 10:00 entered 1 #0", "06 10:10 reminder 1 #1", "06 10:15 escalated 2 #2",
          "06 10:25 reminder 2 #3", "06 10:26 cleared 2 #4 resolved"}},
        {"in trading time, over lunch",
         {"", "", "", "", "1 trading_hour"},
         {{"06 11:00", "on 1"}, {"06 13:10", "off"}},
         {"06 11:00 entered 1 #0", "06 13:00 reminder 1 #1", "06 13:10 cleared 1 #2 resolved"}},
        {"what falls due while the rule cannot tell is left out",
         {"", "", "", "", "10m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "held"}, {"06 10:12", "on 1"}, {"06 10:21", "off"}},
         {"06 10:00 entered 1 #0", "06 10:20 reminder 1 #1", "06 10:21 cleared 1 #2 resolved"}},
        {"not while it recovers, and counted anew from the end of that",
         {"", "", "", "20m", "10m"},
         {{"06 10:00", "on 1"},
          {"06 10:05", "off"},
          {"06 10:12", "on 1"},
          {"06 10:23", "off"},
          {"06 10:50", "off"}},
         {"06 10:00 entered 1 #0", "06 10:22 reminder 1 #1", "06 10:43 cleared 1 #2 resolved"}},
    }));
    INFO(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("a condition fires, changes its level and resolves") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"fires at once and resolves",
         {},
         {{"06 10:00", "on 1"}, {"06 10:01", "on 1"}, {"06 10:02", "off"}, {"06 10:03", "off"}},
         {"06 10:00 entered 1 #0", "06 10:02 cleared 1 #1 resolved"}},
        {"climbs and falls back, each a transition",
         {},
         {{"06 10:00", "on 1"}, {"06 10:01", "on 3"}, {"06 10:02", "on 2"}, {"06 10:03", "off"}},
         {"06 10:00 entered 1 #0", "06 10:01 escalated 3 #1", "06 10:02 deescalated 2 #2",
          "06 10:03 cleared 2 #3 resolved"}},
        {"enters at the highest level", {}, {{"06 10:00", "on 3"}}, {"06 10:00 entered 3 #0"}},
        {"ends with its session",
         {},
         {{"06 10:00", "on 2"}, {"06 15:30", "end"}},
         {"06 10:00 entered 2 #0", "06 15:30 session_end 2 #1 resolved"}},
        {"a second episode counts its transitions anew",
         {},
         {{"06 10:00", "on 1"}, {"06 10:01", "off"}, {"06 10:02", "on 1"}, {"06 10:03", "off"}},
         {"06 10:00 entered 1 #0", "06 10:01 cleared 1 #1 resolved", "06 10:02 entered 1 #0",
          "06 10:03 cleared 1 #1 resolved"}},
        {"held neither fires nor resolves",
         {},
         {{"06 10:00", "held"}, {"06 10:01", "on 1"}, {"06 10:02", "held"}, {"06 10:03", "on 1"}},
         {"06 10:01 entered 1 #0"}},
        {"nor does a warm-up, nor a word of a newer plugin",
         {},
         {{"06 10:00", "warmup"}, {"06 10:01", "on 1"}, {"06 10:02", "warmup"}, {"06 10:03", "unknown"}},
         {"06 10:01 entered 1 #0"}},
    }));
    CAPTURE(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("for delays an episode until the condition has held that long") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"clock time: [t, t + for) has lasted, so it begins at its end",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "off"}},
         {"06 10:05 entered 1 #0", "06 10:05 cleared 1 #1 resolved"}},
        {"one nanosecond less is not enough",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:04:59.999999999", "off"}, {"06 10:20", "off"}},
         {}},
        {"a break begins it anew",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:04", "off"}, {"06 10:06", "on 1"}, {"06 11:00", "on 1"}},
         {"06 10:11 entered 1 #0"}},
        {"it begins at the level of that moment",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:03", "on 2"}, {"06 10:20", "on 2"}},
         {"06 10:05 entered 2 #0"}},
        {"escalation within the episode is not delayed",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:06", "on 2"}},
         {"06 10:05 entered 1 #0", "06 10:06 escalated 2 #1"}},
        {"held, the time stands still: 2 minutes, a pause, 3 minutes",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:02", "held"}, {"06 10:30", "on 1"}, {"06 11:00", "on 1"}},
         {"06 10:33 entered 1 #0"}},
        {"held twice",
         {"5m"},
         {{"06 10:00", "on 1"},
          {"06 10:02", "held"},
          {"06 10:10", "held"},
          {"06 10:30", "on 1"},
          {"06 10:31", "held"},
          {"06 10:40", "on 1"},
          {"06 11:00", "on 1"}},
         {"06 10:42 entered 1 #0"}},
        {"held at the very end: the rest is nothing",
         {"5m"},
         {{"06 10:00", "on 1"}, {"06 10:05", "held"}, {"06 10:30", "on 1"}},
         {"06 10:05 entered 1 #0"}},
        {"off while held counts as a break",
         {"5m"},
         {{"06 10:00", "on 1"},
          {"06 10:02", "held"},
          {"06 10:03", "off"},
          {"06 10:04", "on 1"},
          {"06 11:00", "on 1"}},
         {"06 10:09 entered 1 #0"}},
        {"trading time does not run at lunch",
         {"20 trading_minutes"},
         {{"06 11:20", "on 1"}, {"06 14:00", "on 1"}},
         {"06 12:40 entered 1 #0"}},
        {"nor overnight, nor in the auction",
         {"20 trading_minutes"},
         {{"06 15:15", "on 1"}, {"07 10:00", "on 1"}},
         {"07 09:10 entered 1 #0"}},
        {"trading time, held",
         {"20 trading_minutes"},
         {{"06 11:20", "on 1"}, {"06 11:25", "held"}, {"06 13:00", "on 1"}, {"06 14:00", "on 1"}},
         {"06 13:15 entered 1 #0"}},
        {"sessions: until that many closes have come",
         {"2 sessions"},
         {{"06 10:00", "on 1"}, {"10 10:00", "on 1"}},
         {"07 15:30 entered 1 #0"}},
        {"sessions run on while held",
         {"2 sessions"},
         {{"06 10:00", "on 1"}, {"07 10:00", "held"}, {"07 11:00", "on 1"}, {"10 10:00", "on 1"}},
         {"07 15:30 entered 1 #0"}},
        {"sessions that end while held are over at the next verdict",
         {"2 sessions"},
         {{"06 10:00", "on 1"}, {"07 10:00", "held"}, {"08 11:00", "on 1"}},
         {"08 11:00 entered 1 #0"}},
    }));
    CAPTURE(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("after an episode a cooldown keeps the next one waiting") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"it counts from the end of the episode",
         {"", "1h"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 11:29", "on 1"}, {"06 12:00", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 11:30 entered 1 #0"}},
        {"a condition that is over by then does not begin",
         {"", "1h"},
         {{"06 10:00", "on 1"},
          {"06 10:30", "off"},
          {"06 10:40", "on 1"},
          {"06 11:00", "off"},
          {"06 12:00", "off"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved"}},
        {"at its very end it is over",
         {"", "1h"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 11:30", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 11:30 entered 1 #0"}},
        {"for runs meanwhile",
         {"10m", "1h"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 10:40", "on 1"}, {"06 12:00", "on 1"}},
         {"06 10:10 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 11:30 entered 1 #0"}},
        {"for ends after it",
         {"10m", "1h"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 11:25", "on 1"}, {"06 12:00", "on 1"}},
         {"06 10:10 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 11:35 entered 1 #0"}},
        {"held as it ends: the next verdict begins",
         {"", "1h"},
         {{"06 10:00", "on 1"},
          {"06 10:30", "off"},
          {"06 10:40", "on 1"},
          {"06 10:50", "held"},
          {"06 11:40", "held"},
          {"06 11:50", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 11:50 entered 1 #0"}},
        {"in sessions",
         {"", "1 session"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 10:40", "on 1"}, {"07 10:00", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 15:30 entered 1 #0"}},
        {"in trading time",
         {"", "2 trading_hours"},
         {{"06 10:00", "on 1"}, {"06 10:30", "off"}, {"06 10:40", "on 1"}, {"07 10:00", "on 1"}},
         {"06 10:00 entered 1 #0", "06 10:30 cleared 1 #1 resolved", "06 13:30 entered 1 #0"}},
    }));
    CAPTURE(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("expires ends an episode, or the rule") {
    const auto calendar = tokyo();
    const auto row = GENERATE(values<Row>({
        {"after a duration, and then not before the condition has been off",
         {"", "", "2h"},
         {{"06 10:00", "on 1"}, {"06 13:00", "on 1"}, {"06 13:10", "off"}, {"06 13:20", "on 2"}},
         {"06 10:00 entered 1 #0", "06 12:00 expired 1 #1 resolved", "06 13:20 entered 2 #0"}},
        {"it counts from the beginning of the episode, not from an escalation",
         {"", "", "2h"},
         {{"06 10:00", "on 1"}, {"06 11:00", "on 2"}, {"06 13:00", "on 2"}},
         {"06 10:00 entered 1 #0", "06 11:00 escalated 2 #1", "06 12:00 expired 2 #2 resolved"}},
        {"though nothing can be told",
         {"", "", "2h"},
         {{"06 10:00", "on 1"}, {"06 11:00", "held"}, {"06 13:00", "held"}, {"06 13:10", "on 1"}},
         {"06 10:00 entered 1 #0", "06 12:00 expired 1 #1 resolved"}},
        {"an episode that ends by itself does not",
         {"", "", "2h"},
         {{"06 10:00", "on 1"}, {"06 11:59", "off"}, {"06 13:00", "off"}},
         {"06 10:00 entered 1 #0", "06 11:59 cleared 1 #1 resolved"}},
        {"in sessions",
         {"", "", "2 sessions"},
         {{"06 10:00", "on 1"}, {"08 10:00", "on 1"}},
         {"06 10:00 entered 1 #0", "07 15:30 expired 1 #1 resolved"}},
        {"with a cooldown after it",
         {"", "1h", "2h"},
         {{"06 10:00", "on 1"}, {"06 12:10", "off"}, {"06 12:20", "on 1"}, {"06 14:00", "on 1"}},
         {"06 10:00 entered 1 #0", "06 12:00 expired 1 #1 resolved", "06 13:00 entered 1 #0"}},
        {"at a time: what fires ends, and nothing begins any more",
         {"", "", "06 12:00"},
         {{"06 10:00", "on 1"}, {"06 13:00", "on 1"}, {"06 13:10", "off"}, {"06 13:20", "on 1"}},
         {"06 10:00 entered 1 #0", "06 12:00 expired 1 #1 resolved"}},
        {"at a time: what waits for `for` is dropped",
         {"2h", "", "06 12:00"},
         {{"06 10:00", "on 1"}, {"06 13:00", "on 1"}},
         {}},
        {"at a time: what was off then stays off",
         {"", "", "06 12:00"},
         {{"06 11:00", "off"}, {"06 12:00", "on 1"}, {"06 13:00", "on 1"}},
         {}},
    }));
    CAPTURE(row.name);
    CHECK(play(row, &calendar) == row.expected);
}

TEST_CASE("without a calendar clock time still runs") {
    const Row row{"", {"5m", "1h", "2h"}, {{"06 10:00", "on 1"}, {"06 13:00", "on 1"}}, {}};
    CHECK(play(row, nullptr) ==
          std::vector<std::string>{"06 10:05 entered 1 #0", "06 12:05 expired 1 #1 resolved"});
}

TEST_CASE("an event rings once, and not within its cooldown or after its rule's end") {
    const auto calendar = tokyo();
    struct Ring {
        const char* time;
        bool rings;
    };
    struct Story {
        const char* name;
        Keys keys;
        std::vector<Ring> rings;
    };
    const auto row = GENERATE(values<Story>({
        {"each time", {}, {{"06 10:00", true}, {"06 10:00", true}, {"06 10:01", true}}},
        {"a cooldown counts from what rang, not from what was kept silent",
         {"", "1h"},
         {{"06 10:00", true}, {"06 10:59:59", false}, {"06 11:00", true}, {"06 11:30", false}}},
        {"a cooldown in sessions",
         {"", "1 session"},
         {{"06 10:00", true}, {"06 15:29", false}, {"06 15:30", true}, {"07 15:29", false}}},
        {"the rule ends at its time", {"", "", "06 12:00"}, {{"06 11:59", true}, {"06 12:00", false}}},
    }));
    CAPTURE(row.name);
    const LifecycleKeys keys = parsed(row.keys);
    Lifecycle life;
    for (const auto& ring : row.rings) {
        CAPTURE(ring.time);
        CHECK(life.ring(january(ring.time), keys, &calendar) == ring.rings);
        CHECK(life.due() == Time::max());
    }
}

TEST_CASE("episodes that begin at one instant are told apart by their ordinals") {
    Lifecycle life;
    struct Row {
        const char *name, *time;
        std::uint32_t ordinal;
    };
    const std::vector<Row> rows{
        {"the first", "06 10:00", 0}, {"a second at once", "06 10:00", 1},
        {"later", "06 11:00", 0},     {"one that came late", "06 09:00", 0},
        {"another", "06 09:00", 1},   {"at the newest again", "06 11:00", 1},
        {"and again", "06 11:00", 2}, {"a new one", "06 12:00", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        REQUIRE(life.ring(january(row.time), {}, nullptr));
        CHECK(life.ordinal() == row.ordinal);
        CHECK(life.began() == january(row.time));
        CHECK(life.transition() == 0);
    }
}

TEST_CASE("conditions that flicker within one instant have ordinals too") {
    Lifecycle life;
    const Time now = january("06 10:00");
    REQUIRE(life.judge(verdict("on 1"), now, {}, nullptr));
    CHECK(life.ordinal() == 0);
    REQUIRE(life.judge(verdict("off"), now, {}, nullptr));
    CHECK(life.ordinal() == 0); // of the episode that it ends
    CHECK(life.transition() == 1);
    REQUIRE(life.judge(verdict("on 1"), now, {}, nullptr));
    CHECK(life.ordinal() == 1);
    CHECK(life.transition() == 0);
}

TEST_CASE("a lifecycle is small: there may be a hundred thousand") {
    CHECK(sizeof(Lifecycle) <= 80);
}
