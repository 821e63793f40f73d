// Rejects: lines that were refused. A bad line is never fatal and never lost: the feed counts it by reason
// and hands it to a RejectSink, which keeps it (dead_letter.hpp) and tells people (reject_log.hpp). Plain
// values; the sink is called on the thread that reads the feed.
#pragma once
#include "market/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::feed {

/// Their names go into counters and dead letters: they stay as they are.
enum class RejectReason : std::uint8_t {
    too_long,           // over limits::line_bytes
    bad_utf8,           //
    bad_json,           // no JSON object, or something behind it
    bad_csv,            // quotes that do not match, or another number of cells than the header has
    missing_field,      // one that this type of event must have
    bad_field,          // a value of the wrong form, or a word that nobody knows
    duplicate_key,      // a field given twice
    unknown_type,       //
    unknown_symbol,     // a symbol or venue that nobody configured
    undeclared,         // a symbol or type that the feed does not declare to carry
    bad_time,           // no RFC 3339 time, or no date
    bad_price,          // no decimal, too many digits, out of range
    price_not_positive, //
    bad_bar,            // a low above the high, an open or close outside them
    no_session,         // a bar on a day that is no session of the symbol's calendar
    out_of_order,       // earlier than the file's newest time less `lateness`
    future,             // live: further than `max_ahead` beyond the wall clock
};
inline constexpr std::size_t reject_reasons = static_cast<std::size_t>(RejectReason::future) + 1;

/// `price_not_positive`, for instance.
std::string_view name(RejectReason reason);

/// Why a line is refused. `detail` is for people: which field, and what was found.
struct Fault {
    RejectReason reason;
    std::string detail;
};
/// Nothing where all is well.
using Checked = std::optional<Fault>;

struct Reject {
    market::FeedId feed = 0;
    std::string file;       // as configured; on TCP the peer's address
    std::uint64_t line = 0; // from 1, in the file or on the connection
    RejectReason reason = RejectReason::bad_json;
    std::string detail;
    std::string text; // the line, cut at kept_text bytes; any bytes
};
inline constexpr std::size_t kept_text = 4096;

using RejectSink = std::function<void(const Reject&)>;

/// What a feed has seen.
struct Counters {
    std::uint64_t events = 0; // accepted
    std::array<std::uint64_t, reject_reasons> rejected{};
    std::uint64_t rejected_for(RejectReason reason) const {
        return rejected[static_cast<std::size_t>(reason)];
    }
    std::uint64_t all_rejected() const;
    /// Those that are not 0, by name.
    std::map<std::string, std::uint64_t> by_reason() const;
};

/// Text from outside in quotes, for a message: cut at some 60 bytes, control characters as `?`. Requires:
/// UTF-8.
std::string in_quotes(std::string_view text);

} // namespace tocsin::feed
