// ma_cross: the price, or a fast moving average, crosses a slow one. An event at the official close. Averages
// are whole numbers of 1e-9, rounded half away from zero at each step, so that every machine has the same.
#include <algorithm>
#include <tocsin/rule.hpp>
using namespace tocsin;

struct MaCross {
    struct Average {
        std::int64_t sma, ema; // over so many closes; neither: the price itself
        std::int64_t needs() const { return std::max({sma, 3 * ema, std::int64_t{1}}); }
    };
    struct Params {
        std::string_view fast_text, slow_text;
        Direction direction;
        enum class Basis : std::uint8_t { close } basis;
        Price band;
        Average fast, slow;
    };
    struct State {
        std::int64_t ema[2], now[2]; // of fast and slow: as of the newest close; and what is told
        std::int64_t closes;         // that they are made of
        std::int32_t newest = TOCSIN_NO_SESSION;
        std::int32_t side; // on which fast was last seen beyond the band: 1 above, -1 below
        bool changed;      // an older close has come or changed since
    };
    static constexpr std::string_view name = "ma_cross",
                                      doc = "The price or a fast moving average crosses a slow one.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params = price_params(
        param<&Params::fast_text>("fast", "price, sma:N or ema:N (closes)", {.dflt = "price"}),
        param<&Params::slow_text>("slow", "sma:N or ema:N"),
        param<&Params::direction>("direction", "up: from below to above",
                                  {.dflt = "any", .choices = "down|up|any"}),
        param<&Params::basis>("basis", "judged at the official close, so nothing that has rung can vanish",
                              {.dflt = "close", .choices = "close"}),
        param<&Params::band>("band",
                             "percent of the slow one that fast must be beyond it; within, the side stays",
                             {.dflt = "0", .min = "0", .max = "50"}));
    static constexpr std::array values{
        value("close", TOCSIN_T_DECIMAL, "the official close"),
        value("fast", TOCSIN_T_DECIMAL, "the fast one"),
        value("slow", TOCSIN_T_DECIMAL, "the slow one"),
        value("fast_is", TOCSIN_T_STRING, "as given"),
        value("slow_is", TOCSIN_T_STRING, "as given"),
        value("direction", TOCSIN_T_STRING, "up or down"),
        value("distance_percent", TOCSIN_T_PERCENT, "fast less slow, of slow")};
    static constexpr std::array<std::string_view, 2> summaries{
        "{symbol}: {fast_is} at {fast} has crossed below {slow_is} at {slow} (close {close})",
        "{symbol}: {fast_is} at {fast} has crossed above {slow_is} at {slow} (close {close})"};

    static bool plan(Planner& planner, Params& given) {
        planner.wake_on(TOCSIN_IN_CLOSE);
        const auto read = [](std::string_view text) {
            return Average{number_in(text, "sma:", "", 1000), number_in(text, "ema:", "", 1000)};
        };
        given.fast = read(given.fast_text), given.slow = read(given.slow_text);
        const bool price = given.fast_text == "price";
        bool good = price || given.fast.sma + given.fast.ema > 0 ||
                    planner.error("fast", "must be price, sma:N or ema:N with N up to 1000, like sma:25");
        if (given.slow.sma + given.slow.ema == 0)
            good = planner.error("slow", "must be sma:N or ema:N with N up to 1000, like sma:75");
        const auto span = [](const Average& of) { return std::max(of.sma, of.ema); };
        if (good && span(given.fast) >= span(given.slow))
            good = planner.error("fast", "must be faster than slow: of fewer closes");
        return good;
    }

    static std::int64_t mean(const Closes& closes, std::size_t from, std::int64_t n) {
        Wide sum = 0;
        for (std::size_t i = from; i < from + static_cast<std::size_t>(n); ++i) sum += closes[i].close;
        return clamp_to_64(round_div(sum, n));
    }
    /// Towards x by 2 / (n + 1) of the way.
    static std::int64_t step(std::int64_t ema, std::int64_t x, std::int64_t n) {
        return clamp_to_64(ema + round_div((Wide{x} - ema) * 2, n + 1));
    }
    /// Seeded with the mean of the first n closes known; goes on from the close before where nothing has
    /// changed behind it.
    static std::int64_t ema(const Closes& closes, std::int64_t n, std::int64_t before, bool goes_on) {
        if (goes_on) return step(before, closes[0].close, n);
        std::size_t at = closes.size() - static_cast<std::size_t>(n);
        std::int64_t value = mean(closes, at, n);
        while (at-- > 0) value = step(value, closes[at].close, n);
        return value;
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        if (now.cause() != TOCSIN_IN_CLOSE) return Outcome::quiet();
        if (now.series().session <= state.newest) {
            state.changed = true;
            return Outcome::quiet();
        }
        const Closes closes = now.closes();
        const auto known = static_cast<std::int64_t>(closes.size());
        const std::int64_t need = std::max(given.fast.needs(), given.slow.needs());
        state.newest = now.series().session;
        if (known < need)
            return Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, static_cast<std::uint32_t>(known),
                                   static_cast<std::uint32_t>(need));
        const bool goes_on = !state.changed && known == state.closes + 1;
        for (std::size_t i = 0; i < 2; ++i) {
            const Average& of = i == 0 ? given.fast : given.slow;
            if (of.ema > 0) state.ema[i] = ema(closes, of.ema, state.ema[i], goes_on);
            state.now[i] = of.ema > 0 ? state.ema[i] : of.sma > 0 ? mean(closes, 0, of.sma) : closes[0].close;
        }
        state.closes = known, state.changed = false;
        const Wide fast = Wide{state.now[0]} * hundred_percent, slow = state.now[1];
        const std::int32_t side = fast > slow * (hundred_percent + given.band.nanos())   ? 1
                                  : fast < slow * (hundred_percent - given.band.nanos()) ? -1
                                                                                         : 0;
        if (side == 0 || side == state.side) return Outcome::quiet();
        const bool crossed = state.side != 0 && (given.direction == Direction::any ||
                                                 (given.direction == Direction::up) == (side > 0));
        state.side = side;
        return crossed ? Outcome::happened() : Outcome::quiet();
    }

    static void report(const Params& given, const State& state, const Input& now, Report& report) {
        report.decimal("close", now.series().close);
        report.text("fast_is", given.fast_text), report.text("slow_is", given.slow_text);
        if (state.closes == 0) return;
        report.decimal("fast", state.now[0]), report.decimal("slow", state.now[1]);
        report.percent("distance_percent", state.now[0] - state.now[1], state.now[1]);
        if (state.side != 0) report.text("direction", state.side > 0 ? "up" : "down");
        report.summary(state.side > 0 ? 1 : 0);
        // How far fast is from the other side's edge of the band.
        const Wide edge = Wide{state.now[1]} *
                          (hundred_percent + (state.side > 0 ? -1 : 1) * given.band.nanos()) /
                          hundred_percent;
        report.check("fast", state.now[0], state.side > 0 ? TOCSIN_OP_LT : TOCSIN_OP_GT, clamp_to_64(edge));
    }
};
TOCSIN_PLUGIN("ma_cross", "1.0", MaCross)
