#include "base/error.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

using namespace tocsin;

TEST_CASE("an error says where as far as it is known") {
    CHECK(Error{"no such file"}.text() == "no such file");
    CHECK(Error{"a.yaml", 0, 0, "is empty"}.text() == "a.yaml: is empty");
    CHECK(Error{"a.yaml", 7, 0, "is bad"}.text() == "a.yaml:7: is bad");
    CHECK(Error{"a.yaml", 7, 3, "is bad"}.text() == "a.yaml:7:3: is bad");
}

TEST_CASE("a result is a value or an error") {
    const Result<int> good = 5;
    const Result<int> bad = Error{"a.yaml", 1, 2, "is bad"};
    REQUIRE(good.has_value());
    CHECK(good.value() == 5);
    REQUIRE_FALSE(bad.has_value());
    CHECK(bad.error().message == "is bad");
    CHECK_THROWS_WITH(bad.value(), "unchecked: a.yaml:1:2: is bad");
}

TEST_CASE("diagnostics keep every mistake in order, and a warning is none") {
    Diagnostics diagnostics;
    CHECK(diagnostics.ok());
    diagnostics.warn(Error{"odd"});
    CHECK(diagnostics.ok());
    diagnostics.add(Error{"first"});
    diagnostics.add(Error{"second"});
    CHECK_FALSE(diagnostics.ok());
    REQUIRE(diagnostics.errors().size() == 2);
    CHECK(diagnostics.errors()[0].message == "first");
    CHECK(diagnostics.errors()[1].message == "second");
    REQUIRE(diagnostics.warnings().size() == 1);
}
