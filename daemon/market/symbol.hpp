// SymbolTable: the configured symbols, each with its calendar. A SymbolId is an index into it; ids follow the
// byte order of the names, so that an order by id is an order by name. Built once, then read by any thread.
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::market {

class Calendar;
using SymbolId = std::uint32_t;
inline constexpr SymbolId no_symbol = 0xffff'ffff;

struct Symbol {
    std::string name;  // as in feeds and rules: `N225`
    std::string title; // for people: `Nikkei 225`; may be empty
    std::shared_ptr<const Calendar> calendar;
};

class SymbolTable {
public:
    SymbolTable() = default;
    /// Requires: distinct names.
    explicit SymbolTable(std::vector<Symbol> symbols);
    /// no_symbol if nobody configured it.
    SymbolId find(std::string_view name) const;
    const Symbol& operator[](SymbolId id) const { return symbols_[id]; }
    std::size_t size() const { return symbols_.size(); }
    auto begin() const { return symbols_.begin(); }
    auto end() const { return symbols_.end(); }

private:
    std::vector<Symbol> symbols_; // sorted by name
    std::vector<SymbolId> slots_; // open addressing over names, a power of two long: feeds look up every line
};

} // namespace tocsin::market
