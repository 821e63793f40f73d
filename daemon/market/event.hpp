// The events that feeds bring and the pipeline decides upon, as plain values. Prices are positive where they
// are prices. An Event is cheap to move; what is rare (tariff) is shared and never changed.
#pragma once
#include "market/symbol.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tocsin/price.hpp>
#include <tocsin/time.hpp>
#include <variant>

namespace tocsin::market {

enum class QuoteKind : std::uint8_t { tick, open, close };

struct Quote {
    SymbolId symbol = no_symbol;
    QuoteKind kind = QuoteKind::tick;
    Price price;
};

/// One session's bar, an event at that session's scheduled close.
struct Bar {
    SymbolId symbol = no_symbol;
    SessionDate session;
    std::optional<Price> open, high, low;
    Price close;
    bool before_calendar = false; // earlier than the calendar's `from`
};

enum class Stage : std::uint8_t {
    rumoured,
    announced,
    signed_,
    published,
    effective,
    paused,
    resumed,
    amended,
    expired,
    revoked
};
enum class Tier : std::uint8_t { rumour = 1, media = 2, official = 3 }; // ascending trust

struct Tariff {
    std::string measure, imposer, target, scope = "all", title, url;
    Stage stage = Stage::announced;
    Tier tier = Tier::official;
    std::optional<Price> rate; // percent, in 1e-9 percent
    std::optional<Time> effective, expires;
};

enum class TradingState : std::uint8_t { halted, resumed, closed };

/// Speaks of one symbol, or of every symbol of a venue (a calendar's name).
struct Status {
    SymbolId symbol = no_symbol;
    std::string venue; // empty where symbol is set
    TradingState state = TradingState::halted;
    std::string reason;
};

/// Accepted and counted; not applied in this version.
struct Correction {
    SymbolId symbol = no_symbol;
    SessionDate session;
    Price close;
    std::string reason;
};

struct Heartbeat {};

using FeedId = std::uint32_t; // index in the order of the configuration

struct Event {
    Time at; // event time
    FeedId feed = 0;
    std::variant<Quote, Bar, std::shared_ptr<const Tariff>, std::shared_ptr<const Status>,
                 std::shared_ptr<const Correction>, Heartbeat>
        what = Heartbeat{};
};

/// The place of an event's kind among events of one instant: status, tariff, correction, open, tick, close or
/// bar, heartbeat (contract section 2, Order).
int order_of_kind(const Event& event);

/// The words of the contract: `announced`, `signed` …; empty result if there is no such word.
std::string_view name(Stage stage);
std::string_view name(Tier tier);
std::string_view name(TradingState state);
std::optional<Stage> stage_named(std::string_view word);
std::optional<Tier> tier_named(std::string_view word);
std::optional<TradingState> trading_state_named(std::string_view word);

} // namespace tocsin::market
