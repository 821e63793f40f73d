// rebound: after a fall the price has risen so many percent from the trough of a window. Its sibling is
// drawdown.
#include "excursion.hpp"
using namespace tocsin;

struct Rebound : Excursion<false> {
    static constexpr std::string_view
        name = "rebound",
        doc = "A rise of so many percent from the trough of a window, after a fall.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::window>("trough",
                               "session, last:N (sessions, this one counted), since:DATE or all_time"),
        param<&Params::basis>("trough_basis", "closes against closes, or prices against lows",
                              {.dflt = "close", .choices = "close|intraday"}),
        object<&Params::levels, level_fields>("levels",
                                              "in percent, ascending; the highest one reached holds"),
        param<&Params::clear>("clear",
                              "how far short of a level it ends: in percentage points, or in % of the level",
                              {.dflt = "20%", .min = "0"}),
        param<&Params::min_fall>("min_fall",
                                 "percent that the trough must lie below the peak before it in the window",
                                 {.min = "0.000000001", .max = "100"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price, or the close"),
        value("trough", TOCSIN_T_DECIMAL, "the trough of the window"),
        value("trough_session", TOCSIN_T_SESSION, "its session, of equals the later"),
        value("percent", TOCSIN_T_PERCENT, "the rise from the trough"),
        value("level", TOCSIN_T_DECIMAL, "that holds, or has just been left"),
        value("highest_percent", TOCSIN_T_PERCENT, "the highest rise of the episode"),
        value("fall_percent", TOCSIN_T_PERCENT, "the fall before, from the peak to the trough"),
        value("sessions_to_peak", TOCSIN_T_INT, "from the trough to the highest rise"),
        value("sessions_to_end", TOCSIN_T_INT, "from there to the end of the episode, when it ends"),
        list_value("skipped", TOCSIN_T_DECIMAL, "levels passed over on the way to this one")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} at {price} is {percent}% above its trough of {trough} on {trough_session}",
        "{symbol} at {price}: the rise is over, {highest_percent}% at its highest"};
};
TOCSIN_PLUGIN("rebound", "1.0", Rebound)
