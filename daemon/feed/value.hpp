// Values: from a field's text to what it means, or the fault. What NDJSON and CSV share; `field` is the
// field's name, for the message. Nothing here allocates unless it finds a fault.
#pragma once
#include "config/date_format.hpp"
#include "feed/reject.hpp"

#include <string_view>
#include <tocsin/price.hpp>
#include <tocsin/time.hpp>

namespace tocsin::feed {

/// A price: digits, above 0.
Checked read_price(std::string_view field, std::string_view text, Price& out);
/// A percentage: digits, 0 or more.
Checked read_percent(std::string_view field, std::string_view text, Price& out);
/// RFC 3339 with an offset.
Checked read_time(std::string_view field, std::string_view text, Time& out);
/// `YYYY-MM-DD`, in the years that Time has.
Checked read_date(std::string_view field, std::string_view text, SessionDate& out);
/// A date, and a time of the day if it has one, as `format` says; in the years that Time has.
Checked read_moment(std::string_view field, std::string_view text, const config::DateFormat& format,
                    config::DateFormat::Moment& out);
/// `tick`, `open`, `close`.
Checked read_kind(std::string_view field, std::string_view text, market::QuoteKind& out);
/// Digits alone. Nobody uses the number: a feed's `seq` is checked and forgotten.
Checked check_whole(std::string_view field, std::string_view text);
/// Digits with an optional fraction, of any size: a volume in yen leaves the range of Price.
Checked check_amount(std::string_view field, std::string_view text);

} // namespace tocsin::feed
