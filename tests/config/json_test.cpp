#include "config/json.hpp"

#include <catch2/catch.hpp>

using namespace tocsin::config;

TEST_CASE("what fits into a line stands on one, what does not is indented") {
    Json json = Json::object({{"name", "a \"b\"\n"}, {"least", Json::literal("0.000000001")}});
    CHECK(json.print() == "{\"name\": \"a \\\"b\\\"\\n\", \"least\": 0.000000001}\n");
    json.set("long", Json::list({std::string(90, 'x'), Json::boolean(true), Json::object()}));
    CHECK(json.print() == "{\n"
                          "  \"name\": \"a \\\"b\\\"\\n\",\n"
                          "  \"least\": 0.000000001,\n"
                          "  \"long\": [\n    \"" +
                              std::string(90, 'x') +
                              "\",\n"
                              "    true,\n"
                              "    {}\n"
                              "  ]\n"
                              "}\n");
}

TEST_CASE("a member that is set again stays in its place") {
    Json json = Json::object({{"a", "1"}, {"b", "2"}});
    json.set("a", "3").set("c", Json::strings({"x", "y"}));
    json.at("b") = Json::list({}).push("z");
    CHECK(json.print() == "{\"a\": \"3\", \"b\": [\"z\"], \"c\": [\"x\", \"y\"]}\n");
}
