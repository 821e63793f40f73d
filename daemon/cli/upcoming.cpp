#include "cli/upcoming.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace tocsin::cli {
namespace {

using market::Calendar;
using market::Session;

constexpr std::ptrdiff_t sessions_shown = 3;

std::string day(SessionDate date) {
    constexpr const char* names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return fmt::format("{} {}", names[date.weekday()], date.to_string());
}

/// `09:00-11:30, 12:30-15:25, auction until 15:30 JST`, in exchange time.
std::string hours(const Calendar& calendar, const Session& session) {
    // Of the close alone the zone is shown: `15:30 JST`.
    const auto clock = [&](Time t) { return calendar.local_time(t).substr(0, 5); };
    std::string text = clock(session.open) + '-';
    if (session.break_start != Time::max())
        text += clock(session.break_start) + ", " + clock(session.break_end) + '-';
    if (session.auction != Time::max()) text += clock(session.auction) + ", auction until ";
    return text + calendar.local_time(session.close);
}

} // namespace

std::string upcoming(const Calendar& calendar, SessionDate today) {
    const auto& sessions = calendar.sessions();
    const auto& closed = calendar.definition().closed; // ascending
    const auto first =
        std::lower_bound(sessions.begin(), sessions.end(), today,
                         [](const Session& session, SessionDate d) { return session.date < d; });
    const auto shown = std::min(sessions_shown, std::distance(first, sessions.end()));
    std::string text;
    const auto add = [&](const std::string& line) { text += calendar.name() + "  " + line + '\n'; };
    for (auto session = first; session != first + shown; ++session)
        add(day(session->date) + "  " + hours(calendar, *session));
    const std::string end = "the calendar ends on " + calendar.to().to_string();
    if (shown < sessions_shown)
        add((shown == 0 ? "no session: " : "no more: ") + end + "; extend it in time");

    const auto special =
        std::find_if(first, sessions.end(), [](const Session& session) { return session.special; });
    const auto holiday = std::lower_bound(closed.begin(), closed.end(), today);
    const bool has_special = special != sessions.end(), has_holiday = holiday != closed.end();
    if (has_holiday && (!has_special || *holiday < special->date))
        add("next special day: " + day(*holiday) + ", no session");
    else if (has_special)
        add("next special day: " + day(special->date) + ", " + hours(calendar, *special));
    else if (shown != 0)
        add("next special day: none, and " + end);
    return text;
}

} // namespace tocsin::cli
