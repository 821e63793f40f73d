#include "config/nearest.hpp"

#include <catch2/catch.hpp>

using namespace tocsin::config;

TEST_CASE("the nearest word is found within a third of the length") {
    struct Row {
        const char *name, *word;
        std::vector<std::string_view> candidates;
        const char* found;
    };
    const auto row = GENERATE(values<Row>({
        {"a letter too few", "latenes", {"name", "lateness"}, "lateness"},
        {"a letter too many", "levels", {"level"}, "level"},
        {"a wrong letter", "N226", {"N225", "SPX"}, "N225"},
        {"two swapped count as one", "tpye", {"name", "type"}, "type"},
        {"two swapped and nothing more may be wrong", "tpyes", {"type"}, ""},
        {"too far", "colour", {"level", "clear"}, ""},
        {"a short word may have one wrong letter", "JP", {"US", "JX"}, "JX"},
        {"the first of equals", "cat", {"car", "cut"}, "car"},
        {"the nearer of two", "severty", {"seventy", "severity"}, "seventy"},
        {"the same word", "name", {"nam", "name"}, "name"},
        {"no candidates", "name", {}, ""},
        {"an empty word", "", {"abc"}, ""},
        {"a third, rounded down", "abcdef", {"abcdxy"}, "abcdxy"},
        {"more than a third", "abcdef", {"abcxyz"}, ""},
    }));
    CAPTURE(row.name);
    CHECK(nearest(row.word, row.candidates) == row.found);
}

TEST_CASE("a suggestion is made only where there is one") {
    CHECK(did_you_mean("lvel", {"level"}) == R"(, did you mean "level"?)");
    CHECK(did_you_mean("quite another", {"level"}).empty());
}
