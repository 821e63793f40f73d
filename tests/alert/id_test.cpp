// The digests were computed with Python's hashlib.
#include "alert/id.hpp"

#include <catch2/catch.hpp>

using namespace tocsin;
using namespace tocsin::alert;

TEST_CASE("an id is half of a SHA-256 over what names an episode") {
    struct Row {
        const char *rule, *symbol, *subject;
        std::int64_t at;
        std::uint32_t ordinal;
        const char* id;
    };
    const auto row = GENERATE(values<Row>({
        {"nikkei-record-drop", "N225", "", 1'722'837'600'000'000'000, 0, "b9964c702c9ddc0fad71bef9aaf67b4c"},
        {"tariffs", "", "reciprocal", 1'743'629'400'000'000'000, 1, "6e85f7584d102b7f354e9096d47d6dbc"},
        {"", "", "", -1, 0, "203f7217fe2cd421709f77dd65a5f965"},
    }));
    CHECK(episode_id(row.rule, row.symbol, row.subject, Time::from_nanos(row.at), row.ordinal) == row.id);
}

TEST_CASE("what stands in another field is another episode") {
    const Time at;
    CHECK(episode_id("a", "b", "", at, 0) != episode_id("a", "", "b", at, 0));
    CHECK(episode_id("ab", "", "", at, 0) != episode_id("a", "b", "", at, 0));
    CHECK(episode_id("a", "b", "", at, 0) != episode_id("a", "b", "", at, 1));
    CHECK(episode_id("a", "b", "", at, 0) != episode_id("a", "b", "", at.plus(1), 0));
}
