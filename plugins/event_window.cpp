// event_window: how far a symbol has moved since a tariff event: a card at each mark, and one when the move
// reaches a threshold. A condition, an episode for each event; it ends with the last mark.
#include "marks.hpp"

#include <bit>
#include <tocsin/subjects.hpp>
#include <tocsin/tariff_match.hpp>
using namespace tocsin;

struct EventWindow {
    enum class Base : std::uint8_t { last_value_before, prev_close, next_open };
    /// Open at one time. In 2025, a busy year, there were some two tariff events a week.
    static constexpr std::uint32_t max_windows = 16;
    struct Params {
        TariffMatch anchor;
        Base base;
        Marks marks;
        std::optional<Price> threshold;
    };
    struct Window {
        FixedText<56> subject{};                                     // the measure, or `measure #2`
        std::int64_t event_at = TOCSIN_NONE, since = TOCSIN_NONE;    // its time; the marks count from here
        std::int64_t base = TOCSIN_NONE, price = TOCSIN_NONE;        // NONE: not yet; of the newest card
        std::int32_t session = TOCSIN_NO_SESSION;                    // that ran, or had ended last
        std::int32_t mark = -1;                                      // of the newest card
        std::uint32_t done = 0;                                      // marks told of, a bit each
        bool settles = false;                                        // `base` waits for that session's close
        bool reached = false, by_threshold = false, delayed = false; // of the newest card, but `reached`
    };
    using State = Subjects<Window, max_windows>;
    static constexpr std::string_view name = "event_window",
                                      doc = "How far a price has moved since a tariff event.";
    static constexpr std::uint32_t symbols = TOCSIN_SYMBOLS_REQUIRED, state_version = 1;
    static constexpr auto params =
        price_params(object<&Params::anchor, tariff_match_fields>("anchor", "the event; nothing given: any"),
                     param<&Params::base>(
                         "base", "what the move is measured from",
                         {.dflt = "last_value_before", .choices = "last_value_before|prev_close|next_open"}),
                     param<&Params::marks>(
                         "marks", "trading time since the event, or closes since (`1 session`: the first)"),
                     param<&Params::threshold>("threshold", "percent, either way: a card when it is reached",
                                               {.min = "0.000000001"}));
    static constexpr std::array values{
        value("measure", TOCSIN_T_STRING, "the measure; ` #2` where another window of it is open"),
        value("event_at", TOCSIN_T_TIME, "the event's time"),
        value("base", TOCSIN_T_DECIMAL, "what the move is measured from"),
        value("price", TOCSIN_T_DECIMAL, "the price"),
        value("points", TOCSIN_T_DECIMAL, "the move"),
        value("percent", TOCSIN_T_PERCENT, "the move, of base"),
        value("mark", TOCSIN_T_INT, "which mark came last, from 1"),
        value("delayed", TOCSIN_T_BOOL, "it had no price when it was due; else absent"),
        value("reached", TOCSIN_T_BOOL, "the threshold has been reached; else absent"),
        list_value("open_windows", TOCSIN_T_STRING, "others that are open"),
        value("evicted", TOCSIN_T_INT, "windows dropped for want of room so far")};
    static constexpr std::array<std::string_view, 3> summaries{
        "{symbol} has moved {percent}% since {measure}, to {price}",
        "{symbol} has moved {percent}% since {measure}, to {price}: the threshold",
        "{symbol}: the window of {measure} is over"};

    static bool plan(Planner& planner, Params& given) {
        planner.condition();
        planner.wake_on(TOCSIN_IN_TARIFF | TOCSIN_IN_PRICE | TOCSIN_IN_CLOSE | TOCSIN_IN_SESSION);
        const bool good =
            check_match(planner, given.anchor, {"anchor.imposer", "anchor.target", "anchor.rate"});
        return plan_marks(planner, given.marks) && good;
    }

    /// False: there is no value to measure from.
    static bool open(const Params& given, State& state, const Input& now) {
        const tocsin_series& series = now.series();
        const bool running = series.running != 0, has_close = !running && series.close != TOCSIN_NONE;
        Window fresh;
        fresh.event_at = now.tariff()->at, fresh.since = now.now(), fresh.session = series.session;
        if (given.base != Base::next_open) {
            const bool by_previous = running && given.base == Base::prev_close;
            fresh.base = by_previous ? series.prev_close : has_close ? series.close : series.price;
            fresh.settles = !running && !has_close;
            if (fresh.base == TOCSIN_NONE) return false;
        }
        state.name(fresh, view(now.tariff()->measure));
        state.add(fresh, now);
        return true;
    }

    /// Takes what the window has waited for. Returns when to look again; now: at every price.
    static std::int64_t advance(const Params& given, Window& window, const Input& now) {
        const tocsin_series& series = now.series();
        const bool closes = now.cause() == TOCSIN_IN_CLOSE;
        if (window.settles && closes && series.session == window.session) window.base = series.close;
        if (window.base == TOCSIN_NONE && series.session > window.session && series.open != TOCSIN_NONE)
            window.base = series.open, window.since = series.opens_at;
        if (window.base == TOCSIN_NONE) return now.now();
        const bool priced = (closes ? series.closes_at : series.at) >= window.since;
        const std::int64_t price = closes ? series.close : series.price;
        if (given.threshold && !window.reached && priced &&
            (price <= bound(given, window, true) || price >= bound(given, window, false)))
            window.reached = window.by_threshold = true, window.price = price;
        const MarksTaken marks = take_marks(given.marks, window.since, window.done, now);
        if (marks.newest >= 0) {
            window.mark = marks.newest, window.price = marks.reading.price;
            window.delayed = marks.reading.delayed, window.by_threshold = false;
        }
        return marks.next;
    }
    static std::int64_t bound(const Params& given, const Window& window, bool falls) {
        return moved_to(window.base, given.threshold->nanos(), true, falls);
    }

    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        const bool anchor = now.tariff() != nullptr && is_news(*now.tariff(), given.anchor, {}, {});
        const bool nothing_known = anchor && !open(given, state, now);
        if (now.halted()) return Outcome::held(TOCSIN_WHY_HALTED);
        Outcome all = Outcome::off();
        for (Window* at = state.begin(); at != state.end();) {
            Window& window = *at;
            const std::int64_t next = advance(given, window, now);
            const std::int32_t cards = std::popcount(window.done) + (window.reached ? 1 : 0);
            if (cards > 0) state.tell(window, now, Outcome::on(cards));
            if (next == TOCSIN_NEVER) {
                state.remove(at, now, TOCSIN_WHY_EXPIRED);
                continue;
            }
            all.wake_always |= next == now.now() ? 1u : 0u;
            all.until = std::min(all.until, next);
            if (given.threshold && !window.reached && window.base != TOCSIN_NONE) {
                all.low = std::max(all.low, bound(given, window, true));
                all.high = std::min(all.high, bound(given, window, false));
            }
            ++at;
        }
        return nothing_known && state.n == 0 ? Outcome::held(TOCSIN_WHY_NO_PRICE) : all;
    }

    static void report(const Params&, const State& state, const Input&, Report& report) {
        const Window& told = state.told;
        report.text("measure", told.subject.view());
        if (told.price == TOCSIN_NONE) return;
        report.summary(!state.has(told.subject.view()) ? 2 : told.by_threshold ? 1 : 0);
        report.time("event_at", told.event_at);
        report.decimal("base", told.base), report.decimal("price", told.price);
        report.decimal("points", told.price - told.base);
        report.percent("percent", told.price - told.base, told.base);
        if (told.mark >= 0) report.integer("mark", told.mark + 1);
        if (told.delayed) report.flag("delayed", true);
        if (told.reached) report.flag("reached", true);
        state.report_others("open_windows", report);
        if (state.evicted > 0) report.integer("evicted", state.evicted);
    }
};
TOCSIN_PLUGIN("event_window", "1.0", EventWindow)
