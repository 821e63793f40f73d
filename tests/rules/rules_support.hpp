// What the tests of rules share: rule types that do what a test says, and a configuration in a directory of
// its own, loaded and planned with them.
#pragma once
#include "config/load.hpp"
#include "rules/plan.hpp"
#include "rules/plugin.hpp"
#include "tests/series/series_support.hpp"
#include "tests/support/temp_dir.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tocsin/rule.hpp>
#include <vector>

namespace tocsin::test {

using Lines = std::vector<std::string>;

/// `file:line:column: message` of each mistake, the files without the directory that they lie in.
inline Lines messages(const Diagnostics& diagnostics, const std::string& directory = "") {
    Lines all;
    for (const auto& error : diagnostics.errors()) {
        all.push_back(error.text());
        if (!directory.empty() && all.back().starts_with(directory + '/'))
            all.back().erase(0, directory.size() + 1);
    }
    return all;
}

/// What scripted rules answer, by rule name; those without an answer have nothing to say and sleep for ever.
struct Script {
    std::map<std::string, std::function<Outcome(const Input&)>, std::less<>> answers;
    Lines asked; // each evaluation: `a N225 price 101`
};
inline Script script;

inline std::string cause_in_words(std::uint32_t cause) {
    switch (cause) {
    case TOCSIN_IN_PRICE:
        return "price";
    case TOCSIN_IN_BAR:
        return "bar";
    case TOCSIN_IN_CLOSE:
        return "close";
    case TOCSIN_IN_SESSION:
        return "session";
    case TOCSIN_IN_TARIFF:
        return "tariff";
    case TOCSIN_IN_STATUS:
        return "status";
    case TOCSIN_IN_ALERT:
        return "alert";
    case TOCSIN_IN_REFERENCE:
        return "reference";
    case TOCSIN_IN_TIME:
        return "time";
    default:
        return std::to_string(cause);
    }
}

/// A rule type that takes the inputs and answers what the test says. `rule` is its rule's name.
template <std::uint32_t Symbols> struct Scripted {
    struct Params {
        std::string_view rule;
        std::int64_t inputs; // TOCSIN_IN_…
        bool condition, calendar;
        Direction side;
        Levels levels;
        FixedList<std::string_view, 3> hears;
        std::optional<std::string_view> refuse;
    };
    struct State {
        std::int64_t asked; // how often
    };
    static constexpr std::string_view name = Symbols == TOCSIN_SYMBOLS_REQUIRED   ? "watch"
                                             : Symbols == TOCSIN_SYMBOLS_OPTIONAL ? "hear"
                                                                                  : "note",
                                      doc = "Does what a test says.";
    static constexpr std::uint32_t symbols = Symbols, state_version = 1;
    static constexpr std::array params{
        param<&Params::rule>("rule", "its name", {.dflt = "unnamed"}),
        param<&Params::inputs>("inputs", "a sum", {.dflt = "0"}),
        param<&Params::condition>("condition", "or an event", {.dflt = "false"}),
        param<&Params::calendar>("calendar", "whether it counts sessions", {.dflt = "false"}),
        param<&Params::side>("side", "of bars", {.dflt = "down", .choices = "down|up|any"}),
        object<&Params::levels, level_fields>("levels", "ascending"),
        param<&Params::hears>("hears", "rules"),
        param<&Params::refuse>("refuse", "the words, or `silently`")};
    static constexpr std::array values{
        value("price", TOCSIN_T_DECIMAL, "the price"),
        value("previous_close", TOCSIN_T_DECIMAL, "of the session before"),
        value("asked", TOCSIN_T_INT, "how often"),
    };
    static constexpr std::array<std::string_view, 2> summaries{"{rule} at {price}", "{rule} is over"};

    static bool plan(Planner& planner, Params& given) {
        planner.wake_on(static_cast<std::uint32_t>(given.inputs));
        if (given.condition) planner.condition();
        if (given.calendar) planner.needs_calendar();
        if ((given.inputs & TOCSIN_IN_BAR) != 0) planner.bars(static_cast<std::uint32_t>(given.side));
        bool good = given.levels.empty() || planner.levels(given.levels);
        for (std::uint32_t i = 0; i < given.hears.size(); ++i)
            good = planner.rule(given.hears[i], Path{"hears", i}) >= 0 && good;
        if (!given.refuse) return good;
        return *given.refuse == "silently" ? false : planner.error("refuse", *given.refuse);
    }
    static Outcome evaluate(const Params& given, State& state, const Input& now) {
        ++state.asked;
        std::string line{given.rule};
        if (!now.symbol().empty()) line += ' ' + std::string{now.symbol()};
        line += ' ' + cause_in_words(now.cause());
        if (now.alert() != nullptr)
            line += ' ' + std::string{view(now.alert()->rule)};
        else if (now.has_series() && now.series().price != TOCSIN_NONE)
            line += ' ' + shown(now.series().price);
        script.asked.push_back(line);
        const auto answer = script.answers.find(given.rule);
        return answer == script.answers.end() ? Outcome::quiet() : answer->second(now);
    }
    static void report(const Params&, const State& state, const Input& now, Report& report) {
        report.integer("asked", state.asked);
        if (!now.has_series()) return;
        report.decimal("price", now.series().price);
        report.decimal("previous_close", now.series().prev_close);
        report.check("price", now.series().price, TOCSIN_OP_LE, price("90").nanos());
        report.summary(now.level() > 0 ? 1 : 0);
    }
};

/// The scripted types and those that are shipped.
inline const rules::Plugins& plugins() {
    static const rules::Plugins all = [] {
        rules::Plugins loaded;
        Diagnostics diagnostics;
        loaded.load_directory(TOCSIN_BINARY_DIR "/plugins", rules::host_table(), diagnostics);
        loaded.add(detail::serve<Scripted<TOCSIN_SYMBOLS_REQUIRED>, Scripted<TOCSIN_SYMBOLS_OPTIONAL>,
                                 Scripted<TOCSIN_SYMBOLS_NONE>>(&rules::host_table(), "scripted", "1"),
                   "scripted", diagnostics);
        REQUIRE(messages(diagnostics) == Lines{});
        return loaded;
    }();
    return all;
}

/// A configuration and its plan. N225 and TPX trade in Tokyo.
class Desk {
public:
    /// `rules` is what stands under `rules:` in rules.yaml, from line 2 on; `feeds` likewise, where some are
    /// to declare what they carry.
    explicit Desk(std::string_view rules, std::string_view feeds = "  - {name: desk, tcp: '127.0.0.1:0'}\n") {
        script = {};
        directory_.write("xtks.yaml", R"(calendar: XTKS
zone: Asia/Tokyo
from: 2025-01-06
to: 2025-03-31
hours:
  - {from: 2025-01-06, open: "09:00", break: ["11:30", "12:30"], auction: "15:25", close: "15:30", weekdays: [mon, tue, wed, thu, fri]}
)");
        directory_.write("rules.yaml", "rules:\n" + std::string{rules});
        const auto file = directory_.write("tocsin.yaml", R"(calendars: [xtks.yaml]
symbols:
  N225: {name: Nikkei 225, calendar: XTKS}
  TPX: {calendar: XTKS}
rules: [rules.yaml]
feeds:
)" + std::string{feeds});
        config = config::load_config(file, diagnostics);
        plan = rules::make_plan(config, plugins(), diagnostics);
    }
    Lines problems() const { return messages(diagnostics, directory_.path().string()); }

    Diagnostics diagnostics;
    config::Config config;
    std::unique_ptr<rules::Plan> plan;

private:
    tests::TempDir directory_;
};

} // namespace tocsin::test
