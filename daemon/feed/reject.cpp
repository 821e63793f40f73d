#include "feed/reject.hpp"

#include <numeric>

namespace tocsin::feed {

std::string_view name(RejectReason reason) {
    switch (reason) {
    case RejectReason::too_long:
        return "too_long";
    case RejectReason::bad_utf8:
        return "bad_utf8";
    case RejectReason::bad_json:
        return "bad_json";
    case RejectReason::bad_csv:
        return "bad_csv";
    case RejectReason::missing_field:
        return "missing_field";
    case RejectReason::bad_field:
        return "bad_field";
    case RejectReason::duplicate_key:
        return "duplicate_key";
    case RejectReason::unknown_type:
        return "unknown_type";
    case RejectReason::unknown_symbol:
        return "unknown_symbol";
    case RejectReason::undeclared:
        return "undeclared";
    case RejectReason::bad_time:
        return "bad_time";
    case RejectReason::bad_price:
        return "bad_price";
    case RejectReason::price_not_positive:
        return "price_not_positive";
    case RejectReason::bad_bar:
        return "bad_bar";
    case RejectReason::no_session:
        return "no_session";
    case RejectReason::out_of_order:
        return "out_of_order";
    case RejectReason::future:
        return "future";
    }
    return "";
}

std::uint64_t Counters::all_rejected() const {
    return std::accumulate(rejected.begin(), rejected.end(), std::uint64_t{0});
}

std::map<std::string, std::uint64_t> Counters::by_reason() const {
    std::map<std::string, std::uint64_t> counts;
    for (std::size_t i = 0; i < rejected.size(); ++i)
        if (rejected[i] != 0) counts[std::string{name(static_cast<RejectReason>(i))}] = rejected[i];
    return counts;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t most = 60;
    const bool cut = text.size() > most;
    if (cut) {
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
            --end; // not inside a character
        text = text.substr(0, end);
    }
    std::string out = "\"";
    for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    return out += cut ? "…\"" : "\"";
}

} // namespace tocsin::feed
