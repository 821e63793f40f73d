// level_cross: the price crosses an absolute level, or is beyond it.
#include <tocsin/rule.hpp>
using namespace tocsin;

struct LevelCross {
    enum class Direction : std::uint8_t { up, down, any };
    enum class Mode : std::uint8_t { cross, is_beyond };
    enum class Basis : std::uint8_t { live, close };
    struct Params { Price level; Direction direction; Mode mode; Amount clear; Basis basis; bool fire_if_already_beyond; };
    struct State { std::int64_t x, prev; std::int32_t x_session, prev_session; bool down_armed, up_armed, down_rang, up_rang; };
    static constexpr std::string_view name = "level_cross", doc = "The price crosses an absolute level, or is beyond it.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr std::array params{param<&Params::level>("level", "the level", {.min = "0.000000001"})};
    static constexpr std::array values{value("price", TOCSIN_T_DECIMAL, "the price that crossed")};
    static constexpr std::array summaries{std::string_view{"{symbol} crossed"}};
    static bool plan(Planner&, Params&) { return true; }
    static Outcome evaluate(const Params&, State&, const Input&) { return Outcome::quiet(); }
    static void report(const Params&, const State&, const Input& now, Report& report) { report.decimal("price", now.series().price); }
};
TOCSIN_PLUGIN("level_cross", "1.0", LevelCross)
