// What the tests of feeds share: two symbols, a calendar small enough to know by heart, and events as text.
#pragma once
#include "feed/check.hpp"
#include "feed/decoder.hpp"
#include "feed/line.hpp"
#include "market/calendar.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::tests {

/// Tokyo from 2025-04-01 to 2025-04-30, 09:00 to 15:30 (06:30Z), closed on 2025-04-29.
inline const market::SymbolTable& symbols() {
    static const market::SymbolTable table = [] {
        market::CalendarDefinition tokyo;
        tokyo.name = "XTKS";
        tokyo.zone = "Asia/Tokyo";
        tokyo.from = SessionDate::from_civil(2025, 4, 1);
        tokyo.to = SessionDate::from_civil(2025, 4, 30);
        tokyo.regimes = {{tokyo.from, {540, 690, 750, 925, 930}, {0, 1, 2, 3, 4}}};
        tokyo.closed = {SessionDate::from_civil(2025, 4, 29)};
        const auto calendar = std::make_shared<const market::Calendar>(market::Calendar::make(tokyo).value());
        return market::SymbolTable{{{"N225", "Nikkei 225", calendar}, {"TPX", "TOPIX", calendar}}};
    }();
    return table;
}

/// An event on one line, for comparisons.
inline std::string described(const market::Event& event) {
    const auto price = [](const std::optional<Price>& value) { return value ? value->to_string() : "-"; };
    const auto name = [](market::SymbolId id) { return id == market::no_symbol ? "-" : symbols()[id].name; };
    struct Describe {
        decltype(price) price_of;
        decltype(name) name_of;
        std::string operator()(const market::Quote& quote) const {
            constexpr const char* kinds[] = {"tick", "open", "close"};
            return std::string{kinds[static_cast<std::size_t>(quote.kind)]} + " " + name_of(quote.symbol) +
                   " " + quote.price.to_string();
        }
        std::string operator()(const market::Bar& bar) const {
            return "bar " + name_of(bar.symbol) + " " + bar.session.to_string() + " " + price_of(bar.open) +
                   " " + price_of(bar.high) + " " + price_of(bar.low) + " " + bar.close.to_string() +
                   (bar.before_calendar ? " before" : "");
        }
        std::string operator()(const std::shared_ptr<const market::Tariff>& tariff) const {
            const auto time = [](const std::optional<Time>& value) {
                return value ? value->to_string() : "-";
            };
            return "tariff " + tariff->measure + " " + std::string{market::name(tariff->stage)} + " " +
                   tariff->imposer + ">" + tariff->target + " " + price_of(tariff->rate) + " " +
                   tariff->scope + " " + time(tariff->effective) + " " + time(tariff->expires) + " " +
                   std::string{market::name(tariff->tier)} + " '" + tariff->title + "' '" + tariff->url + "'";
        }
        std::string operator()(const std::shared_ptr<const market::Status>& status) const {
            return "status " + name_of(status->symbol) + " '" + status->venue + "' " +
                   std::string{market::name(status->state)} + " '" + status->reason + "'";
        }
        std::string operator()(const std::shared_ptr<const market::Correction>& correction) const {
            return "correction " + name_of(correction->symbol) + " " + correction->session.to_string() + " " +
                   correction->close.to_string() + " '" + correction->reason + "'";
        }
        std::string operator()(const market::Heartbeat&) const { return "heartbeat"; }
    };
    return event.at.to_string() + " " + std::visit(Describe{price, name}, event.what);
}

/// A decoder's verdict: the event, or the reason and the detail.
inline std::string verdict(feed::Decoder& decoder, std::string_view line) {
    std::string padded{line};
    padded.append(feed::LineBuffer::padding, '}'); // what a careless decoder would take for the line's end
    market::Event event;
    if (const auto fault = decoder.decode(std::string_view{padded}.substr(0, line.size()), event)) {
        CHECK(!fault->detail.empty());
        return std::string{feed::name(fault->reason)} + ": " + fault->detail;
    }
    return described(event);
}

/// The reason alone.
inline std::string reason_of(const std::string& verdict) {
    return verdict.substr(0, verdict.find(':'));
}

inline Time at(std::string_view text) {
    return Time::parse(text).value;
}

} // namespace tocsin::tests
