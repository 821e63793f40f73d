#include "market/symbol.hpp"

#include <catch2/catch.hpp>

using namespace tocsin::market;

TEST_CASE("an empty table knows no symbol") {
    CHECK(SymbolTable{}.find("N225") == no_symbol);
    CHECK(SymbolTable{std::vector<Symbol>{}}.find("") == no_symbol);
}

TEST_CASE("ids follow the byte order of the names") {
    const SymbolTable symbols{
        {{"b", "second", nullptr}, {"\xc3\xa4", "last", nullptr}, {"B", "first", nullptr}}};
    REQUIRE(symbols.size() == 3);
    CHECK(symbols[0].title == "first");
    CHECK(symbols[1].title == "second");
    CHECK(symbols[2].title == "last");
    CHECK(symbols.find("b") == 1);
    CHECK(symbols.find("bb") == no_symbol);
    CHECK(symbols.find("") == no_symbol);
}

TEST_CASE("every symbol of a large table is found, and no other") {
    std::vector<Symbol> names;
    for (int i = 0; i < 3'000; ++i) names.push_back({"S" + std::to_string(i), {}, nullptr});
    const SymbolTable symbols{names};
    for (const Symbol& symbol : names) {
        const SymbolId id = symbols.find(symbol.name);
        REQUIRE(id != no_symbol);
        REQUIRE(symbols[id].name == symbol.name);
        REQUIRE(symbols.find(symbol.name + "x") == no_symbol);
    }
}
