#include "market/event.hpp"

#include <array>

namespace tocsin::market {
namespace {

using namespace std::string_view_literals;

// In the order of the enums.
constexpr std::array stages{"rumoured"sv, "announced"sv, "signed"sv,  "published"sv, "effective"sv,
                            "paused"sv,   "resumed"sv,   "amended"sv, "expired"sv,   "revoked"sv};
constexpr std::array tiers{"rumour"sv, "media"sv, "official"sv}; // from 1 on
constexpr std::array trading_states{"halted"sv, "resumed"sv, "closed"sv};

template <class Enum, std::size_t N>
std::optional<Enum> named(const std::array<std::string_view, N>& words, std::string_view word,
                          std::size_t first = 0) {
    for (std::size_t i = 0; i < N; ++i)
        if (words[i] == word) return static_cast<Enum>(first + i);
    return {};
}

struct PlaceInInstant {
    int operator()(const std::shared_ptr<const Status>&) const { return 0; }
    int operator()(const std::shared_ptr<const Tariff>&) const { return 1; }
    int operator()(const std::shared_ptr<const Correction>&) const { return 2; }
    int operator()(const Quote& quote) const {
        switch (quote.kind) {
        case QuoteKind::open:
            return 3;
        case QuoteKind::tick:
            return 4;
        case QuoteKind::close:
            return 5;
        }
        return 5;
    }
    int operator()(const Bar&) const { return 5; }
    int operator()(const Heartbeat&) const { return 6; }
};

} // namespace

int order_of_kind(const Event& event) {
    return std::visit(PlaceInInstant{}, event.what);
}

std::string_view name(Stage stage) {
    return stages[static_cast<std::size_t>(stage)];
}
std::string_view name(Tier tier) {
    return tiers[static_cast<std::size_t>(tier) - 1];
}
std::string_view name(TradingState state) {
    return trading_states[static_cast<std::size_t>(state)];
}
std::optional<Stage> stage_named(std::string_view word) {
    return named<Stage>(stages, word);
}
std::optional<Tier> tier_named(std::string_view word) {
    return named<Tier>(tiers, word, 1);
}
std::optional<TradingState> trading_state_named(std::string_view word) {
    return named<TradingState>(trading_states, word);
}

} // namespace tocsin::market
