// What a calendar has ahead, for people: so that one sees whether it is the right one, and up to date.
#pragma once
#include "market/calendar.hpp"

#include <string>

namespace tocsin::cli {

/// Up to four lines, each begins with the calendar's name: the next three sessions, `today` included even
/// after its close, and the next special day: a session whose hours are not those of its weekday, or a date
/// without a session that its weekday would have. Where the calendar ends before three sessions, a line says
/// so.
std::string upcoming(const market::Calendar& calendar, SessionDate today);

} // namespace tocsin::cli
