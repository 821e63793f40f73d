// drawdown: the price has fallen so many percent from the peak of a window. Its sibling is rebound.
#include "excursion.hpp"
using namespace tocsin;

struct Drawdown : Excursion<true> {
    static constexpr std::string_view name = "drawdown",
                                      doc = "A fall of so many percent from the peak of a window.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::window>("peak",
                               "session, last:N (sessions, this one counted), since:DATE or all_time"),
        param<&Params::basis>("peak_basis", "closes against closes, or prices against highs",
                              {.dflt = "close", .choices = "close|intraday"}),
        object<&Params::levels, level_fields>("levels",
                                              "in percent, ascending; the highest one reached holds"),
        param<&Params::clear>("clear",
                              "how far short of a level it ends: in percentage points, or in % of the level",
                              {.dflt = "20%", .min = "0"}));
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price, or the close"),
        value("peak", TOCSIN_T_DECIMAL, "the peak of the window"),
        value("peak_session", TOCSIN_T_SESSION, "its session, of equals the later"),
        value("percent", TOCSIN_T_PERCENT, "the fall from the peak"),
        value("level", TOCSIN_T_DECIMAL, "that holds, or has just been left"),
        value("deepest_percent", TOCSIN_T_PERCENT, "the deepest fall of the episode"),
        value("sessions_to_trough", TOCSIN_T_INT, "from the peak to the deepest fall"),
        value("sessions_to_recover", TOCSIN_T_INT, "from there to the end of the episode, when it ends"),
        list_value("skipped", TOCSIN_T_DECIMAL, "levels passed over on the way to this one")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol} at {price} is {percent}% below its peak of {peak} on {peak_session}",
        "{symbol} at {price}: the fall is over, {deepest_percent}% at its deepest, {sessions_to_trough} "
        "sessions down and {sessions_to_recover} back"};
};
TOCSIN_PLUGIN("drawdown", "1.0", Drawdown)
