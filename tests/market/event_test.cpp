#include "market/event.hpp"

#include <catch2/catch.hpp>

using namespace tocsin::market;

TEST_CASE("events of one instant are ordered by kind") {
    const auto place = [](auto what) {
        Event event;
        event.what = std::move(what);
        return order_of_kind(event);
    };
    const auto quote = [](QuoteKind kind) { return Quote{0, kind, {}}; };
    CHECK(place(std::make_shared<const Status>()) < place(std::make_shared<const Tariff>()));
    CHECK(place(std::make_shared<const Tariff>()) < place(std::make_shared<const Correction>()));
    CHECK(place(std::make_shared<const Correction>()) < place(quote(QuoteKind::open)));
    CHECK(place(quote(QuoteKind::open)) < place(quote(QuoteKind::tick)));
    CHECK(place(quote(QuoteKind::tick)) < place(quote(QuoteKind::close)));
    CHECK(place(quote(QuoteKind::close)) == place(Bar{}));
    CHECK(place(Bar{}) < place(Heartbeat{}));
}

TEST_CASE("the words of feeds and their meanings lead to each other") {
    struct Row {
        const char* word;
        Stage stage;
    };
    const auto row = GENERATE(values<Row>({
        {"rumoured", Stage::rumoured},
        {"announced", Stage::announced},
        {"signed", Stage::signed_},
        {"published", Stage::published},
        {"effective", Stage::effective},
        {"paused", Stage::paused},
        {"resumed", Stage::resumed},
        {"amended", Stage::amended},
        {"expired", Stage::expired},
        {"revoked", Stage::revoked},
    }));
    CHECK(name(row.stage) == row.word);
    CHECK(stage_named(row.word) == row.stage);
    CHECK_FALSE(stage_named(std::string{row.word} + "x").has_value());

    CHECK(tier_named("rumour") == Tier::rumour);
    CHECK(tier_named("media") == Tier::media);
    CHECK(tier_named("official") == Tier::official);
    CHECK(name(Tier::rumour) == "rumour");
    CHECK(name(Tier::official) == "official");
    CHECK_FALSE(tier_named("").has_value());

    CHECK(trading_state_named("halted") == TradingState::halted);
    CHECK(trading_state_named("resumed") == TradingState::resumed);
    CHECK(trading_state_named("closed") == TradingState::closed);
    CHECK(name(TradingState::closed) == "closed");
    CHECK_FALSE(trading_state_named("Halted").has_value());
}
