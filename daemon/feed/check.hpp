// Check: what a line must satisfy beyond its form, for both decoders: symbols are configured, the feed
// carries what it declares, a bar is one and belongs to a session of its symbol's calendar. One per feed;
// borrows the symbols; immutable.
#pragma once
#include "config/config.hpp"
#include "feed/reject.hpp"
#include "market/symbol.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace tocsin::feed {

enum class EventType : std::uint8_t { quote, bar, tariff, status, correction, heartbeat };
inline constexpr std::size_t event_types = static_cast<std::size_t>(EventType::heartbeat) + 1;
std::optional<EventType> event_type_named(std::string_view word);
std::string_view name(EventType type);

class Check {
public:
    Check(const config::Feed& feed, const market::SymbolTable& symbols);

    Checked type(EventType type) const;
    Checked symbol(std::string_view name, market::SymbolId& out) const;
    /// A venue is the name of a calendar that some symbol has.
    Checked venue(std::string_view name) const;
    /// The session that a time names: the one that contains it, else its local date.
    SessionDate session_of(market::SymbolId symbol, Time time) const;
    /// A moment on the clocks of the symbol's exchange. Nothing where they skip it or show it twice.
    std::optional<Time> at_exchange(market::SymbolId symbol, const config::DateFormat::Moment& moment) const;
    /// Checks a bar whose prices, symbol and session are filled in; sets `before_calendar`, and `at` to its
    /// session's scheduled close. Days outside the calendar: before `from` a session all the same, after `to`
    /// none.
    Checked bar(market::Bar& bar, Time& at) const;

private:
    const market::SymbolTable& symbols_;
    std::array<bool, event_types> carries_type_;
    std::vector<bool> carries_symbol_; // by id; empty: all
};

} // namespace tocsin::feed
