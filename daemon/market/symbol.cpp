#include "market/symbol.hpp"

#include <cassert>

namespace tocsin::market {
namespace {

/// FNV-1a: names are short, and the order of the slots is never seen.
std::uint64_t hash(std::string_view name) {
    std::uint64_t value = 0xcbf2'9ce4'8422'2325;
    for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x0000'0100'0000'01b3;
    return value ^ value >> 32;
}

} // namespace

SymbolTable::SymbolTable(std::vector<Symbol> symbols) : symbols_{std::move(symbols)} {
    std::sort(symbols_.begin(), symbols_.end(),
              [](const Symbol& a, const Symbol& b) { return a.name < b.name; });
    std::size_t slots = 2; // at most half full, so that every search meets an empty one
    while (slots < 2 * symbols_.size()) slots *= 2;
    slots_.assign(slots, no_symbol);
    for (SymbolId id = 0; id < symbols_.size(); ++id) {
        assert(id == 0 || symbols_[id - 1].name != symbols_[id].name);
        std::size_t slot = hash(symbols_[id].name) & (slots - 1);
        while (slots_[slot] != no_symbol) slot = (slot + 1) & (slots - 1);
        slots_[slot] = id;
    }
}

SymbolId SymbolTable::find(std::string_view name) const {
    if (slots_.empty()) return no_symbol;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash(name) & mask;; slot = (slot + 1) & mask) {
        const SymbolId id = slots_[slot];
        if (id == no_symbol || symbols_[id].name == name) return id;
    }
}

} // namespace tocsin::market
