#include "feed/value.hpp"

#include <algorithm>

namespace tocsin::feed {
namespace {

Fault fault(RejectReason reason, std::string_view field, std::string_view text, std::string_view problem) {
    return {reason, std::string{field} + " " + in_quotes(text) + " " + std::string{problem}};
}

constexpr std::string_view out_of_range = "is out of range (1678 to 2261)";

/// A session has a close, which must be a Time.
bool is_in_range(SessionDate date) {
    return date >= SessionDate::from_civil(1678, 1, 1) && date <= SessionDate::from_civil(2261, 12, 31);
}

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

Checked read_price(std::string_view field, std::string_view text, Price& out) {
    const auto parsed = Price::parse(text);
    if (!parsed) return fault(RejectReason::bad_price, field, text, parsed.problem);
    if (parsed.value <= Price{})
        return Fault{RejectReason::price_not_positive,
                     std::string{field} + " is " + parsed.value.to_string()};
    out = parsed.value;
    return {};
}

Checked read_percent(std::string_view field, std::string_view text, Price& out) {
    const auto parsed = Price::parse(text);
    if (!parsed) return fault(RejectReason::bad_field, field, text, parsed.problem);
    if (parsed.value < Price{}) return fault(RejectReason::bad_field, field, text, "is below 0");
    out = parsed.value;
    return {};
}

Checked read_time(std::string_view field, std::string_view text, Time& out) {
    const auto parsed = Time::parse(text);
    if (!parsed) return fault(RejectReason::bad_time, field, text, parsed.problem);
    out = parsed.value;
    return {};
}

Checked read_date(std::string_view field, std::string_view text, SessionDate& out) {
    const auto parsed = SessionDate::parse(text);
    if (!parsed) return fault(RejectReason::bad_time, field, text, parsed.problem);
    if (!is_in_range(parsed.value)) return fault(RejectReason::bad_time, field, text, out_of_range);
    out = parsed.value;
    return {};
}

Checked read_moment(std::string_view field, std::string_view text, const config::DateFormat& format,
                    config::DateFormat::Moment& out) {
    out = format.read(text);
    if (!out.problem.empty())
        return fault(RejectReason::bad_time, field, text,
                     std::string{out.problem} + " the date_format " + in_quotes(format.text()));
    if (!is_in_range(out.date)) return fault(RejectReason::bad_time, field, text, out_of_range);
    return {};
}

Checked read_kind(std::string_view field, std::string_view text, market::QuoteKind& out) {
    if (text == "tick")
        out = market::QuoteKind::tick;
    else if (text == "open")
        out = market::QuoteKind::open;
    else if (text == "close")
        out = market::QuoteKind::close;
    else
        return fault(RejectReason::bad_field, field, text, "is none of tick, open, close");
    return {};
}

Checked check_whole(std::string_view field, std::string_view text) {
    if (!is_digits(text)) return fault(RejectReason::bad_field, field, text, "is not a whole number");
    return {};
}

Checked check_amount(std::string_view field, std::string_view text) {
    const std::size_t point = text.find('.');
    const bool good = is_digits(text.substr(0, point)) &&
                      (point == std::string_view::npos || is_digits(text.substr(point + 1)));
    if (!good) return fault(RejectReason::bad_field, field, text, "is not a decimal number of 0 or more");
    return {};
}

} // namespace tocsin::feed
