// The host with rules that answer what a test says: who is asked, in which order, about what, and what
// becomes of the answers. The clock stands at 10:00 of Monday, 2025-01-06, in a running session of N225 and
// TPX.
#include "base/limits.hpp"
#include "january.hpp"
#include "rules/host.hpp"
#include "rules_support.hpp"

#include <set>

using namespace tocsin;
using namespace tocsin::rules;
using namespace tocsin::test;
using market::QuoteKind;
using market::TradingState;

namespace {

// Inputs of scripted rules, as their parameter counts them.
constexpr int price_in = TOCSIN_IN_PRICE, bar_in = TOCSIN_IN_BAR, close_in = TOCSIN_IN_CLOSE,
              tariff_in = TOCSIN_IN_TARIFF, status_in = TOCSIN_IN_STATUS, time_in = TOCSIN_IN_TIME;

/// A rule in YAML: `watch("a", "[N225]", price_in, "condition: true", "for: 5m")`.
std::string rule(const std::string& type, const std::string& name, const std::string& symbols, int inputs,
                 const std::string& params = "", const std::string& keys = "") {
    return "  - {name: " + name + ", type: " + type + (symbols.empty() ? "" : ", symbols: " + symbols) +
           ", params: {rule: " + name + ", inputs: " + std::to_string(inputs) +
           (params.empty() ? "" : ", " + params) + "}" + (keys.empty() ? "" : ", " + keys) + "}\n";
}
std::string watch(const std::string& name, int inputs, const std::string& params = "",
                  const std::string& keys = "", const std::string& symbols = "[N225]") {
    return rule("watch", name, symbols, inputs, params, keys);
}

/// `a N225 entered 1 #0`, and what else there is to an alert.
std::string shown(const alert::Alert& alert) {
    std::string text = alert.rule;
    for (const auto& part : {alert.symbol, alert.subject})
        if (!part.empty()) text += ' ' + part;
    text += ' ' + std::string{name(alert.state)} + ' ' + std::string{name(alert.reason)} + " #" +
            std::to_string(alert.transition);
    return text;
}

Lines shown(const std::vector<alert::Alert>& alerts) {
    Lines lines;
    for (const auto& alert : alerts) lines.push_back(shown(alert));
    return lines;
}

class Bench {
public:
    explicit Bench(const std::string& rules)
        : desk{rules}, series{make_series(desk)}, host{*desk.plan, desk.config.symbols, series} {
        REQUIRE(desk.problems() == Lines{});
        n225 = desk.config.symbols.find("N225"), tpx = desk.config.symbols.find("TPX");
    }
    void run(Moment moment) { host.run(moment, alerts); }
    void run() { run({.at = now}); }
    void tick(const char* x, market::SymbolId symbol) {
        REQUIRE(series[symbol].tick(now, price(x), QuoteKind::tick) == series::Accepted::applied);
        if (host.sleeps_through(symbol, price(x).nanos())) return;
        host.wake_price(symbol, price(x).nanos());
        run();
    }
    void tick(const char* x) { tick(x, n225); }
    void bar(const market::Bar& bar) {
        auto& its = series[n225];
        const tocsin_series before = its.now();
        its.take_bar(bar);
        its.take_close(bar.session, now, bar.close);
        const tocsin_series closed = its.as_of_close(bar.session, now, bar.close);
        host.wake_bar(n225, bar);
        host.wake(n225, TOCSIN_IN_CLOSE, TOCSIN_IN_CLOSE);
        run({.at = now, .symbol = n225, .bar = &bar, .before = &before, .close = &closed});
    }
    void status(TradingState state) {
        series[n225].set_status(now, state);
        host.wake(n225, TOCSIN_IN_PRICE | TOCSIN_IN_BAR | TOCSIN_IN_STATUS, TOCSIN_IN_STATUS);
        run();
    }
    void tariff(const char* measure) {
        tocsin_tariff event{};
        event.size = sizeof event;
        event.measure = str(std::string_view{measure});
        host.wake_tariff();
        run({.at = now, .tariff = &event});
    }
    /// Moves the clock; what falls due is run at its time.
    void until(Time t) {
        while (host.due() <= t) {
            now = host.due();
            host.wake_due(now);
            run();
        }
        now = t;
    }
    static Lines asked() { return std::exchange(script.asked, {}); }
    Lines told() { return shown(std::exchange(alerts, {})); }

    Desk desk;
    std::vector<series::Series> series;
    Host host;
    std::vector<alert::Alert> alerts;
    market::SymbolId n225 = 0, tpx = 0;
    Time now = january("06 10:00");

private:
    static std::vector<series::Series> make_series(const Desk& desk) {
        std::vector<series::Series> all;
        for (const auto& symbol : desk.config.symbols) {
            all.emplace_back(*symbol.calendar, 600 * nanos_per_second);
            all.back().start(january("06 08:00"));
            while (all.back().due() <= january("06 10:00")) all.back().pass();
        }
        return all;
    }
};

market::Bar made_bar(const char* open, const char* high, const char* low, const char* close) {
    market::Bar bar;
    bar.session = date("2025-01-06");
    const auto given = [](const char* x) { return x == nullptr ? std::nullopt : std::optional{price(x)}; };
    bar.open = given(open), bar.high = given(high), bar.low = given(low), bar.close = price(close);
    return bar;
}

Outcome happened(const Input&) {
    return Outcome::happened().wake_on_every_price();
}

} // namespace

TEST_CASE("those who are woken are asked in the order of decisions, each once") {
    Bench bench{watch("b", status_in, "", "", "[TPX, N225]") + watch("a", status_in, "hears: [b]") +
                watch("c", status_in) + rule("note", "d", "", tariff_in)};
    bench.host.wake_tariff();
    bench.host.wake(bench.tpx, TOCSIN_IN_STATUS, TOCSIN_IN_STATUS);
    bench.host.wake(bench.n225, TOCSIN_IN_STATUS | TOCSIN_IN_SESSION, TOCSIN_IN_STATUS);
    bench.host.wake(bench.n225, TOCSIN_IN_STATUS, TOCSIN_IN_STATUS);
    bench.run();
    CHECK(bench.asked() ==
          Lines{"b N225 status", "b TPX status", "c N225 status", "d tariff", "a N225 status"});
    CHECK(bench.host.evaluations() == 5);
    bench.run();
    CHECK(bench.asked() == Lines{});
}

TEST_CASE("of several causes at one instant the rule is told the weightiest") {
    struct Row {
        std::uint32_t causes;
        const char* told;
    };
    const auto row = GENERATE(values<Row>({
        {TOCSIN_IN_PRICE | TOCSIN_IN_TIME, "a N225 price"},
        {TOCSIN_IN_REFERENCE | TOCSIN_IN_PRICE, "a N225 reference"},
        {TOCSIN_IN_STATUS | TOCSIN_IN_REFERENCE, "a N225 status"},
        {TOCSIN_IN_SESSION | TOCSIN_IN_STATUS | TOCSIN_IN_TIME, "a N225 session"},
    }));
    Bench bench{watch("a", price_in)};
    bench.host.wake(bench.n225, TOCSIN_IN_PRICE, row.causes);
    bench.run();
    CHECK(bench.asked() == Lines{row.told});
}

TEST_CASE("a rule sleeps while the price is within its bounds") {
    struct Row {
        const char *name, *low, *high;
        Lines woken_by; // of 80, 89, 90, 91, 100, 109, 110, 111
    };
    const auto row = GENERATE(values<Row>({
        {"neither: it sleeps for ever", "-", "-", {}},
        {"below", "90", "-", {"80", "89", "90"}},
        {"above", "-", "110", {"110", "111"}},
        {"both", "90", "110", {"80", "89", "90", "110", "111"}},
        {"the same one, from both sides", "100", "100", {"80", "89", "90", "91", "100", "109", "110", "111"}},
    }));
    CAPTURE(row.name);
    Bench bench{watch("a", price_in)};
    script.answers["a"] = [&](const Input&) {
        Outcome outcome = Outcome::quiet();
        const std::string_view low = row.low, high = row.high;
        if (low != "-") outcome.wake_at_or_below(price(low).nanos());
        if (high != "-") outcome.wake_at_or_above(price(high).nanos());
        return outcome;
    };
    bench.tick("100"); // not asked yet, the first price wakes it
    CHECK(bench.asked().size() == 1);
    Lines woken_by;
    for (const auto* x : {"80", "89", "90", "91", "100", "109", "110", "111"}) {
        bench.tick(x);
        if (!bench.asked().empty()) woken_by.push_back(x);
    }
    CHECK(woken_by == row.woken_by);
}

TEST_CASE("a rule that asks for every price gets every price; so does each, for a test") {
    Bench bench{watch("a", price_in) + watch("b", price_in) + watch("c", close_in)};
    script.answers["a"] = [](const Input&) { return Outcome::quiet().wake_on_every_price(); };
    bench.tick("100");
    bench.tick("101");
    CHECK(bench.asked() == Lines{"a N225 price 100", "b N225 price 100", "a N225 price 101"});
    bench.tick("100", bench.tpx); // another symbol's
    CHECK(bench.asked() == Lines{});
    bench.host.wake_on_every_price(true);
    bench.tick("102");
    CHECK(bench.asked() == Lines{"a N225 price 102", "b N225 price 102"});
}

TEST_CASE("an alert wakes those who listen, within the same run, whatever their order by name") {
    Bench bench{watch("drop", price_in, "", "", "[N225, TPX]") +
                watch("a", 0, "hears: [drop]", "", "[N225, TPX]") +
                rule("hear", "b", "", 0, "hears: [a, drop]") + rule("hear", "c", "", 0, "hears: [quiet]") +
                rule("note", "quiet", "", 0)};
    script.answers["drop"] = script.answers["a"] = script.answers["b"] = happened;
    bench.tick("100");
    // `a` of TPX hears nothing of N225; `b` has no symbol and hears both, in their order.
    CHECK(bench.asked() == Lines{"drop N225 price 100", "a N225 alert drop", "b alert drop", "b alert a"});
    CHECK(bench.told() == Lines{"drop N225 event entered #0", "a N225 event entered #0", "b event entered #0",
                                "b event entered #0"});
}

TEST_CASE("an alert without a symbol is heard by all who listen") {
    Bench bench{rule("note", "tariff", "", tariff_in) + watch("a", 0, "hears: [tariff]", "", "[N225, TPX]")};
    script.answers["tariff"] = happened;
    bench.tariff("US-1");
    CHECK(bench.asked() == Lines{"tariff tariff", "a N225 alert tariff", "a TPX alert tariff"});
}

TEST_CASE("who listens is told what the alert was") {
    Bench bench{watch("drop", price_in, "condition: true, levels: [{at: 1}, {at: 2}]") +
                rule("hear", "b", "", 0, "hears: [drop]")};
    Lines heard;
    script.answers["drop"] = [](const Input& now) {
        const auto x = now.series().price;
        Outcome outcome =
            x > price("100").nanos() ? Outcome::off() : Outcome::on(x < price("100").nanos() ? 2 : 1);
        return outcome.wake_on_every_price();
    };
    script.answers["b"] = [&](const Input& now) {
        const auto& in = *now.alert();
        CHECK(view(in.symbol) == "N225");
        CHECK(view(in.id).size() == 32);
        CHECK(in.at == january("06 10:00").nanos());
        heard.push_back(std::to_string(in.state) + (in.entered != 0 ? " entered #" : " #") +
                        std::to_string(in.transition) + (in.late != 0 ? " late" : ""));
        return Outcome::quiet();
    };
    for (const auto* x : {"100", "99", "101"}) bench.tick(x);
    bench.host.wake(bench.n225, TOCSIN_IN_PRICE, TOCSIN_IN_PRICE);
    script.answers["drop"] = [](const Input&) { return Outcome::on(); };
    bench.run({.at = bench.now, .late = true});
    CHECK(heard == Lines{"0 entered #0", "0 #1", "1 #2", "0 entered #0 late"});
}

TEST_CASE("a bar comes as the prices that its direction asks for") {
    struct Row {
        const char *name, *side;
        market::Bar bar;
        Lines prices;
    };
    const auto row = GENERATE(values<Row>({
        {"down", "down", made_bar("100", "110", "90", "95"), {"100", "90", "95"}},
        {"up", "up", made_bar("100", "110", "90", "95"), {"100", "110", "95"}},
        {"any, fallen: first up, then down",
         "any",
         made_bar("100", "110", "90", "95"),
         {"100", "110", "90", "95"}},
        {"any, risen: first down, then up",
         "any",
         made_bar("100", "110", "90", "105"),
         {"100", "90", "110", "105"}},
        {"any, unchanged counts as risen",
         "any",
         made_bar("100", "110", "90", "100"),
         {"100", "90", "110", "100"}},
        {"any, without an open counts as risen",
         "any",
         made_bar(nullptr, "110", "90", "95"),
         {"90", "110", "95"}},
        {"what is absent is left out", "down", made_bar("100", "110", nullptr, "95"), {"100", "95"}},
        {"a close alone", "any", made_bar(nullptr, nullptr, nullptr, "95"), {"95"}},
    }));
    CAPTURE(row.name);
    Bench bench{watch("a", price_in + bar_in, std::string{"side: "} + row.side)};
    Lines seen;
    script.answers["a"] = [&](const Input& now) {
        CHECK(now.cause() == TOCSIN_IN_BAR);
        CHECK(now.now() == january("06 15:30").nanos());
        seen.push_back(shown(now.series().price));
        CHECK(shown(now.series().previous) == (seen.size() == 1 ? "-" : seen[seen.size() - 2]));
        CHECK((now.series().close != TOCSIN_NONE) ==
              (seen.size() == row.prices.size())); // the last is the close
        return happened(now);
    };
    bench.now = january("06 15:30");
    bench.bar(row.bar);
    CHECK(seen == row.prices);
    REQUIRE(bench.alerts.size() == row.prices.size());
    std::set<std::string> ids;
    for (const auto& alert : bench.alerts) {
        CHECK(alert.at == january("06 15:30"));
        CHECK(alert.values.back().name == "from");
        CHECK(alert.values.back().value.text == "bar");
        ids.insert(alert.id);
    }
    CHECK(ids.size() == bench.alerts.size()); // of one instant, and yet told apart
}

TEST_CASE("of a bar's prices a rule sees those from the first beyond its bounds, and a close it takes") {
    Bench bench{watch("a", price_in + bar_in) + watch("b", price_in + bar_in + close_in) +
                watch("c", price_in) + watch("d", close_in)};
    for (const auto* name : {"a", "b", "c"})
        script.answers[name] = [](const Input&) {
            return Outcome::quiet().wake_at_or_below(price("92").nanos());
        };
    bench.host.wake(bench.n225, TOCSIN_IN_PRICE, TOCSIN_IN_SESSION); // so that they have bounds
    bench.run();
    bench.asked();
    bench.now = january("06 15:30");
    bench.bar(made_bar("100", "110", "90", "95"));
    CHECK(bench.asked() ==
          Lines{"a N225 bar 90", "a N225 bar 95", "b N225 bar 90", "b N225 close 95", "d N225 close 95"});
    // A rule that takes ticks alone has slept, and its bounds still hold.
    bench.host.wake_price(bench.n225, price("92").nanos());
    bench.run();
    CHECK(bench.asked() == Lines{"a N225 price 95", "b N225 price 95", "c N225 price 95"});
}

TEST_CASE("a bar that reaches no bound wakes nobody but those who take closes") {
    Bench bench{watch("a", price_in + bar_in) + watch("d", close_in)};
    bench.tick("100"); // `a` sleeps for ever now
    bench.asked();
    bench.bar(made_bar("100", "110", "90", "95"));
    CHECK(bench.asked() == Lines{"d N225 close 95"});
}

TEST_CASE("while a symbol is halted its price rules are held and not asked") {
    Bench bench{watch("a", price_in, "condition: true", "for: 10m") + watch("b", price_in + status_in) +
                watch("c", close_in)};
    script.answers["a"] = [](const Input& now) {
        Outcome outcome = now.series().price > price("100").nanos() ? Outcome::off() : Outcome::on();
        return outcome.wake_on_every_price();
    };
    script.answers["b"] = script.answers["c"] = happened;
    bench.tick("99"); // `for` begins
    bench.told(), bench.asked();
    bench.until(january("06 10:04"));
    bench.status(TradingState::halted);
    CHECK(bench.asked() == Lines{"b N225 status 99"}); // it asked for statuses
    CHECK(bench.told() == Lines{"b N225 event entered #0"});
    bench.tick("98");
    CHECK(bench.asked() == Lines{});
    CHECK(bench.host.status(bench.now)[0].state == "pending");
    CHECK(bench.host.status(bench.now)[1].state == "held");
    CHECK(bench.host.status(bench.now)[1].reason == "halted");

    // A close is judged all the same, and its alert says so.
    bench.host.wake(bench.n225, TOCSIN_IN_CLOSE, TOCSIN_IN_CLOSE);
    const tocsin_series closed = bench.series[bench.n225].now();
    bench.run({.at = bench.now, .symbol = bench.n225, .close = &closed});
    REQUIRE(bench.alerts.size() == 1);
    CHECK(bench.alerts.front().quality == alert::Quality::halted);
    bench.told(), bench.asked();

    bench.until(january("06 10:30"));
    CHECK(bench.told() == Lines{}); // `for` stands still
    bench.status(TradingState::resumed);
    CHECK(bench.asked() == Lines{"a N225 status 98", "b N225 status 98"});
    bench.told();
    bench.until(january("06 10:35:59"));
    CHECK(bench.told() == Lines{});
    bench.until(january("06 10:36")); // 4 minutes before, 6 after
    CHECK(bench.told() == Lines{"a N225 firing entered #0"});
}

TEST_CASE("a deadline wakes a rule at its time, before what is stamped then") {
    Bench bench{watch("a", price_in + time_in) + watch("b", price_in) + watch("c", price_in)};
    for (const auto* name : {"a", "b"})
        script.answers[name] = [](const Input& now) {
            Outcome outcome = now.cause() == TOCSIN_IN_TIME ? Outcome::happened() : Outcome::quiet();
            if (now.cause() == TOCSIN_IN_PRICE) outcome.wake_at(january("06 10:05").nanos());
            return outcome;
        };
    CHECK(bench.host.due() == Time::max());
    bench.tick("100");
    bench.asked();
    CHECK(bench.host.due() == january("06 10:05"));
    bench.until(january("06 10:05"));
    CHECK(bench.asked() == Lines{"a N225 time 100", "b N225 time 100"});
    for (const auto& alert : bench.alerts) CHECK(alert.at == january("06 10:05"));
    CHECK(bench.host.due() == Time::max());
}

TEST_CASE("a deadline that is not ahead does not stop the clock") {
    Bench bench{watch("a", price_in)};
    script.answers["a"] = [](const Input& now) { return Outcome::quiet().wake_at(now.now()); };
    bench.tick("100");
    bench.until(january("06 11:00"));
    CHECK(bench.asked() == Lines{"a N225 price 100", "a N225 time 100"});
    CHECK(bench.host.due() == Time::max());
}

TEST_CASE("an episode's own times wake its rule") {
    Bench bench{watch("a", price_in, "condition: true", "for: 5m, expires: 20m, cooldown: 1h")};
    script.answers["a"] = [](const Input& now) {
        Outcome outcome = now.series().price > price("100").nanos() ? Outcome::off() : Outcome::on();
        return outcome.wake_at_or_above(price("100").nanos() + 1);
    };
    bench.tick("99");
    CHECK(bench.told() == Lines{});
    bench.until(january("06 10:05"));
    CHECK(bench.told() == Lines{"a N225 firing entered #0"});
    bench.until(january("06 10:25"));
    CHECK(bench.told() == Lines{"a N225 resolved expired #1"});
    bench.tick("101");
    script.answers["a"] = [](const Input&) { return Outcome::on(); };
    bench.tick("99");
    bench.host.wake(bench.n225, TOCSIN_IN_PRICE, TOCSIN_IN_PRICE);
    bench.run();
    bench.until(january("06 11:30"));
    REQUIRE(bench.alerts.size() == 1); // `for` was over at 10:30, the cooldown at 11:25
    CHECK(bench.alerts.front().at == january("06 11:25"));
}

TEST_CASE("after an expiry a rule is asked how things stand without its level, for its bounds were of one "
          "that held") {
    Bench bench{watch("a", price_in, "condition: true", "expires: 20m")};
    // Holds at 90 or below, and once it does up to 100: the bounds of the two differ.
    script.answers["a"] = [](const Input& now) {
        const auto x = now.series().price;
        if (now.level() > 0 && x <= price("100").nanos())
            return Outcome::on().wake_at_or_above(price("100").nanos() + 1);
        Outcome outcome = x <= price("90").nanos() ? Outcome::on() : Outcome::off();
        return outcome.wake_at_or_below(price("90").nanos());
    };
    bench.tick("90");
    bench.tick("101"); // cleared
    bench.tick("90");
    bench.told();
    bench.tick("95");
    bench.until(january("06 10:20"));
    CHECK(bench.told() == Lines{"a N225 resolved expired #1"});
    bench.tick("90"); // within the bounds of a level that holds
    CHECK(bench.told() == Lines{"a N225 firing entered #0"});
}

TEST_CASE("an answer that is not of the rule's kind neither fires nor resolves") {
    Bench bench{watch("condition", price_in, "condition: true") + watch("event", price_in)};
    const auto say = [&](const Outcome& outcome) {
        for (const auto* name : {"condition", "event"})
            script.answers[name] = [outcome](const Input&) { return Outcome{outcome}.wake_on_every_price(); };
        bench.tick("100");
        return bench.told();
    };
    CHECK(say(Outcome::happened()) == Lines{"event N225 event entered #0"});
    CHECK(say(Outcome::on()) == Lines{"condition N225 firing entered #0"});
    CHECK(say(Outcome::happened()) == Lines{"event N225 event entered #0"});
    CHECK(say(Outcome::quiet()) == Lines{});
    Outcome unknown;
    unknown.outcome = 4711;
    CHECK(say(unknown) == Lines{});
    CHECK(say(Outcome::off(TOCSIN_WHY_SESSION_END)) == Lines{"condition N225 resolved session_end #1"});
}

TEST_CASE("subjects are episodes of their own") {
    Bench bench{rule("note", "a", "", tariff_in, "", "cooldown: 1h")};
    script.answers["a"] = [](const Input& now) {
        return Outcome::happened().about(view(now.tariff()->measure));
    };
    bench.tariff("US-1");
    bench.tariff("US-2");
    bench.tariff("US-1");
    CHECK(bench.told() == Lines{"a US-1 event entered #0", "a US-2 event entered #0"});
    CHECK(bench.host.suppressed() == 1);
    bench.until(january("06 11:00"));
    bench.tariff("US-1");
    CHECK(bench.told() == Lines{"a US-1 event entered #0"});
}

TEST_CASE("beyond the limit the subject unused for longest is evicted, and counted") {
    Bench bench{rule("note", "a", "", tariff_in, "", "cooldown: 1h")};
    script.answers["a"] = [](const Input& now) {
        return Outcome::happened().about(view(now.tariff()->measure));
    };
    for (std::size_t i = 0; i < limits::subjects; ++i) bench.tariff(std::to_string(i).c_str());
    bench.tariff("0"); // used again, so 1 is the oldest
    CHECK(bench.host.subjects_evicted() == 0);
    bench.told();
    bench.tariff("one more");
    CHECK(bench.host.subjects_evicted() == 1);
    bench.tariff("0");
    CHECK(bench.told() == Lines{"a one more event entered #0"});
    bench.tariff("1"); // its cooldown is forgotten with it
    CHECK(bench.told() == Lines{"a 1 event entered #0"});
    CHECK(bench.host.subjects_evicted() == 2);
}

TEST_CASE("a rule may have several outcomes of one event") {
    Bench bench{rule("note", "a", "", tariff_in)};
    script.answers["a"] = [](const Input& now) {
        now.emit(Outcome::happened().about("x"));
        now.emit(Outcome::quiet());
        now.emit(Outcome::happened().about("y"));
        return Outcome::happened();
    };
    bench.tariff("US-1");
    CHECK(bench.told() == Lines{"a x event entered #0", "a y event entered #0", "a event entered #0"});
}

TEST_CASE("an alert says what, of whom, when and how sure it is") {
    Bench bench{watch("a", price_in, "condition: true, levels: [{at: 1}, {at: 2, severity: critical}]",
                      "severity: info, labels: {desk: japan}, summary: '{title}: {price} of "
                      "{previous_close}, {state}'") +
                watch("b", price_in + close_in)};
    script.answers["a"] = [](const Input& now) {
        Outcome outcome = now.series().price > price("100").nanos() ? Outcome::off() : Outcome::on(2);
        return outcome.wake_on_every_price();
    };
    bench.tick("99.5");
    REQUIRE(bench.alerts.size() == 1);
    const alert::Alert first = bench.alerts.front();
    CHECK(first.rule == "a");
    CHECK(first.kind == "watch");
    CHECK(first.symbol == "N225");
    CHECK(first.session == date("2025-01-06"));
    CHECK(first.severity == alert::Severity::critical);
    CHECK(first.labels == std::map<std::string, std::string>{{"desk", "japan"}});
    CHECK(first.at == january("06 10:00"));
    CHECK(first.quality == alert::Quality::ok);
    CHECK(first.summary == "Nikkei 225: 99.5 of -, firing");
    CHECK(first.seq == 0);
    REQUIRE(first.values.size() == 2); // in the declared order, without what is absent
    CHECK(first.values[0].name == "price");
    CHECK(first.values[0].value.number == price("99.5").nanos());
    CHECK(first.values[1].name == "asked");
    CHECK(first.values[1].value.number == 1);
    bench.tick("101");
    REQUIRE(bench.alerts.size() == 2);
    CHECK(bench.alerts.back().id == first.id);
    CHECK(bench.alerts.back().severity == alert::Severity::critical); // of the level that it leaves
    bench.tick("99");
    REQUIRE(bench.alerts.size() == 3);
    CHECK(bench.alerts.back().id != first.id); // the same instant, another episode
    bench.alerts.clear();

    // A price that is an official close, and a type's own summary.
    script.answers["b"] = happened;
    bench.host.wake(bench.n225, TOCSIN_IN_CLOSE, TOCSIN_IN_CLOSE);
    const tocsin_series closed = bench.series[bench.n225].now();
    bench.run({.at = bench.now, .late = true, .symbol = bench.n225, .close = &closed});
    REQUIRE(bench.alerts.size() == 1);
    CHECK(bench.alerts.front().summary == "b at 99");
    CHECK(bench.alerts.front().quality == alert::Quality::late);
    CHECK(bench.alerts.front().values.back().value.text == "close");
}

TEST_CASE("what rests on a provisional close says so") {
    Bench bench{watch("a", price_in)};
    script.answers["a"] = happened;
    bench.tick("100");
    CHECK(bench.alerts.back().quality == alert::Quality::ok);
    auto& series = bench.series[bench.n225];
    while (series.due() <= january("07 10:00")) series.pass();
    bench.now = january("07 10:00");
    bench.tick("101");
    CHECK(bench.alerts.back().quality == alert::Quality::provisional);
    series.settle(date("2025-01-06"), price("100"));
    bench.tick("102");
    CHECK(bench.alerts.back().quality == alert::Quality::ok);
}

TEST_CASE("each instance tells its state, and how far it is from firing") {
    Bench bench{watch("a", price_in, "condition: true", "", "[N225, TPX]") +
                rule("note", "b", "", tariff_in)};
    const auto answer = [&](const Outcome& outcome) {
        script.answers["a"] = [outcome](const Input&) { return Outcome{outcome}.wake_on_every_price(); };
        bench.tick("94.5");
        return bench.host.status(bench.now);
    };
    auto all = bench.host.status(bench.now); // before anything was asked
    REQUIRE(all.size() == 3);
    CHECK(
        (all[0].rule == "a" && all[0].symbol == "N225" && all[0].type == "watch" && all[0].state == "armed"));
    CHECK((all[1].rule == "a" && all[1].symbol == "TPX"));
    CHECK((all[2].rule == "b" && all[2].symbol == "" && all[2].state == "armed" && all[2].distance.empty()));

    all = answer(Outcome::off());
    CHECK(all[0].state == "armed");
    REQUIRE(all[0].distance.size() == 1);
    const Distance& distance = all[0].distance.front();
    CHECK((distance.what == "price" && distance.op == "<="));
    CHECK(distance.value.number == price("94.5").nanos());
    CHECK(distance.threshold.number == price("90").nanos());
    CHECK(distance.margin.number == price("4.5").nanos());

    all = answer(Outcome::held(TOCSIN_WHY_NO_PRICE));
    CHECK((all[0].state == "held" && all[0].reason == "no_price"));
    all = answer(Outcome::warmup(TOCSIN_WHY_MIN_SESSIONS, 12, 250));
    CHECK((all[0].state == "warmup" && all[0].reason == "min_sessions"));
    CHECK((all[0].have == 12 && all[0].need == 250));
    all = answer(Outcome::on(3));
    CHECK((all[0].state == "firing" && all[0].level == 3 && all[0].reason == "" && all[0].need == 0));
    all = answer(Outcome::held(TOCSIN_WHY_NO_PRICE));
    CHECK((all[0].state == "firing" && all[0].level == 3 && all[0].reason == "no_price"));
    const auto evaluations = bench.host.evaluations();
    bench.host.status(bench.now);
    CHECK(bench.host.evaluations() == evaluations); // asking changes nothing
}

TEST_CASE("the distance of a shipped rule is that of its definition") {
    Bench bench{
        "  - {name: a, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 3}]}}\n"
        "  - {name: b, type: level_cross, symbols: [N225], params: {level: 35000, direction: down}}\n"};
    auto& series = bench.series[bench.n225];
    series.take_close(date("2025-01-06"), january("06 15:30"), price("40000"));
    series.settle(date("2025-01-06"), price("40000"));
    while (series.due() <= january("07 10:00")) series.pass();
    bench.now = january("07 10:00");
    bench.tick("39000");
    const auto all = bench.host.status(bench.now);
    REQUIRE(all.size() == 2);
    for (const auto& one : all) {
        CAPTURE(one.rule);
        CHECK(one.state == "armed");
        REQUIRE(one.distance.size() == 1);
        // 3 percent of 40000 are 1200 points: 38800 fires, 200 below; the level is 4000 below.
        CHECK(std::abs(one.distance.front().margin.number) ==
              price(one.rule == "a" ? "200" : "4000").nanos());
    }
}

TEST_CASE("a copy of the state is a snapshot") {
    Bench bench{watch("a", price_in, "condition: true", "cooldown: 10m") +
                rule("note", "b", "", tariff_in, "", "cooldown: 1h")};
    script.answers["a"] = [](const Input& now) {
        Outcome outcome = now.series().price > price("100").nanos() ? Outcome::off() : Outcome::on();
        return outcome.wake_on_every_price();
    };
    script.answers["b"] = [](const Input& now) {
        return Outcome::happened().about(view(now.tariff()->measure));
    };
    bench.tick("99");
    bench.tariff("US-1");
    bench.told();
    const Host::State saved = bench.host.state();
    const auto series = bench.series;
    const auto rest = [&] {
        bench.now = january("06 10:00");
        bench.tick("101"), bench.tick("99"), bench.tariff("US-1"), bench.tariff("US-2");
        bench.until(january("06 10:30"));
        std::string all;
        for (const auto& alert : std::exchange(bench.alerts, {}))
            all += shown(alert) + ' ' + alert.id + ' ' + alert.summary + ' ' + shown_time(alert.at) + '\n';
        return all;
    };
    const std::string once = rest();
    CHECK(std::count(once.begin(), once.end(), '\n') == 3);
    bench.host.restore(saved);
    bench.series = series;
    CHECK(rest() == once);
}
