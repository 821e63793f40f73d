#include "feed/check.hpp"

#include "market/calendar.hpp"

#include <algorithm>

namespace tocsin::feed {
namespace {

constexpr std::array<std::string_view, event_types> type_names{"quote",  "bar",        "tariff",
                                                               "status", "correction", "heartbeat"};

} // namespace

std::optional<EventType> event_type_named(std::string_view word) {
    const auto found = std::find(type_names.begin(), type_names.end(), word);
    if (found == type_names.end()) return {};
    return static_cast<EventType>(found - type_names.begin());
}

std::string_view name(EventType type) {
    return type_names[static_cast<std::size_t>(type)];
}

Check::Check(const config::Feed& feed, const market::SymbolTable& symbols) : symbols_{symbols} {
    carries_type_.fill(!feed.types);
    if (feed.types)
        for (const std::string& word : *feed.types)
            if (const auto type = event_type_named(word))
                carries_type_[static_cast<std::size_t>(*type)] = true;
    if (!feed.symbols) return;
    carries_symbol_.resize(symbols.size());
    for (const std::string& word : *feed.symbols)
        if (const auto id = symbols.find(word); id != market::no_symbol) carries_symbol_[id] = true;
}

Checked Check::type(EventType type) const {
    // A heartbeat brings nothing but time, of whatever a feed carries.
    if (carries_type_[static_cast<std::size_t>(type)] || type == EventType::heartbeat) return {};
    return Fault{RejectReason::undeclared, "the feed's `types` do not name " + std::string{name(type)}};
}

Checked Check::symbol(std::string_view name, market::SymbolId& out) const {
    out = symbols_.find(name);
    if (out == market::no_symbol)
        return Fault{RejectReason::unknown_symbol, "symbol " + in_quotes(name) + " is not configured"};
    if (!carries_symbol_.empty() && !carries_symbol_[out])
        return Fault{RejectReason::undeclared, "the feed's `symbols` do not name " + in_quotes(name)};
    return {};
}

Checked Check::venue(std::string_view name) const {
    const auto trades_there = [&](const market::Symbol& symbol) { return symbol.calendar->name() == name; };
    if (std::any_of(symbols_.begin(), symbols_.end(), trades_there)) return {};
    return Fault{RejectReason::unknown_symbol, "venue " + in_quotes(name) + " is the calendar of no symbol"};
}

SessionDate Check::session_of(market::SymbolId symbol, Time time) const {
    const market::Calendar& calendar = *symbols_[symbol].calendar;
    if (const auto session = calendar.containing(time)) return calendar.sessions()[*session].date;
    return calendar.local_date(time);
}

std::optional<Time> Check::at_exchange(market::SymbolId symbol,
                                       const config::DateFormat::Moment& moment) const {
    return symbols_[symbol].calendar->at_local(moment.date, moment.second);
}

Checked Check::bar(market::Bar& bar, Time& at) const {
    const auto bad = [](std::string_view what, Price price, std::string_view relation, Price bound) {
        return Fault{RejectReason::bad_bar, std::string{what} + " " + price.to_string() + " is " +
                                                std::string{relation} + " " + bound.to_string()};
    };
    if (bar.low && bar.high && *bar.low > *bar.high) return bad("low", *bar.low, "above high", *bar.high);
    if (bar.low && bar.close < *bar.low) return bad("close", bar.close, "below low", *bar.low);
    if (bar.high && bar.close > *bar.high) return bad("close", bar.close, "above high", *bar.high);
    if (bar.open && bar.low && *bar.open < *bar.low) return bad("open", *bar.open, "below low", *bar.low);
    if (bar.open && bar.high && *bar.open > *bar.high) return bad("open", *bar.open, "above high", *bar.high);

    const market::Calendar& calendar = *symbols_[bar.symbol].calendar;
    bar.before_calendar = bar.session < calendar.from();
    if (bar.before_calendar) {
        at = calendar.before_calendar(bar.session).close;
        return {};
    }
    if (const auto session = calendar.find(bar.session)) {
        at = calendar.sessions()[*session].close;
        return {};
    }
    std::string detail = bar.session.to_string() + " is no session of " + calendar.name();
    if (bar.session > calendar.to()) detail += ", whose calendar ends on " + calendar.to().to_string();
    return Fault{RejectReason::no_session, std::move(detail)};
}

} // namespace tocsin::feed
