// A symbol's days, as stories: what is fed at which time, and what a rule would see then. Times are Tokyo's:
// 09:00 is 00:00Z, lunch 11:30 to 12:30, the auction from 15:25, the close 15:30.
#include "series_support.hpp"

using namespace tocsin;
using namespace tocsin::series;
using namespace tocsin::test;
using market::QuoteKind;

namespace {

constexpr std::int64_t grace = 600 * nanos_per_second;

/// `09:30` or `09:30:15` of a session, in Tokyo.
Time clock(std::string_view session, std::string_view time) {
    return at(std::string{session} + "T" + std::string{time} + (time.size() == 5 ? ":00" : "") + "+09:00");
}

std::string word(Boundary boundary) {
    switch (boundary) {
    case Boundary::opened:
        return "opened";
    case Boundary::phase_changed:
        return "phase";
    case Boundary::ended:
        return "ended";
    case Boundary::close_overdue:
        return "overdue";
    }
    return "";
}

std::string word(Accepted accepted) {
    switch (accepted) {
    case Accepted::applied:
        return "applied";
    case Accepted::late:
        return "late";
    case Accepted::out_of_session:
        return "out";
    }
    return "";
}

/// Drives a series as the pipeline does: boundaries that are due before an event are passed first.
class Story {
public:
    explicit Story(Time start, std::int64_t close_grace = grace) : series{calendar, close_grace} {
        series.start(start);
        until(start);
    }
    /// Passes what is due up to t; returns what it was: `opened 2025-01-07`.
    std::string until(Time t) {
        std::string passed;
        while (series.due() <= t) {
            if (!passed.empty()) passed += ", ";
            passed += word(series.pass());
        }
        return passed;
    }
    Accepted tick(Time t, std::string_view x, QuoteKind kind = QuoteKind::tick) {
        until(t);
        return series.tick(t, price(x), kind);
    }
    /// An official close stamped t; true if what rules refer to moved.
    bool close(Time t, std::string_view x) {
        until(t);
        const auto session = series.session_closed_at(t);
        REQUIRE(session);
        return close(*session, t, x);
    }
    bool close(SessionDate session, Time t, std::string_view x) {
        REQUIRE(series.classify_close(session, price(x)) == CloseKind::first);
        series.take_close(session, t, price(x));
        return series.settle(session, price(x));
    }
    const tocsin_series& now() const { return series.now(); }

    market::Calendar calendar = tokyo();
    Series series;
};

const char *monday = "2025-01-06", *tuesday = "2025-01-07", *wednesday = "2025-01-08",
           *thursday = "2025-01-09";

} // namespace

TEST_CASE("a session opens, breaks for lunch, has its auction and ends just after its close") {
    Story story{clock(monday, "08:00")};
    CHECK(story.now().session == TOCSIN_NO_SESSION);
    CHECK(story.now().running == 0);
    struct Row {
        const char *time, *passed;
        std::uint32_t phase, running;
    };
    const std::vector<Row> rows{
        {"08:59:59.999999999", "", TOCSIN_PHASE_CLOSED, 0},
        {"09:00", "opened", TOCSIN_PHASE_AM, 1},
        {"11:29:59", "", TOCSIN_PHASE_AM, 1},
        {"11:30", "phase", TOCSIN_PHASE_LUNCH, 1},
        {"12:30", "phase", TOCSIN_PHASE_PM, 1},
        {"15:25", "phase", TOCSIN_PHASE_AUCTION, 1},
        {"15:30", "", TOCSIN_PHASE_AUCTION, 1},
        {"15:30:00.000000001", "ended", TOCSIN_PHASE_POST, 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.time);
        CHECK(story.until(clock(monday, row.time)) == row.passed);
        CHECK(story.now().phase == row.phase);
        CHECK(story.now().running == row.running);
    }
    CHECK(shown_session(story.now().session) == monday);
    CHECK(story.now().closes_at == clock(monday, "15:30").nanos());
    CHECK(story.now().settled == TOCSIN_ENDED);
    // No tick, so nothing stands in for the close; the next boundaries are those of the next day.
    CHECK(story.until(clock(tuesday, "08:00")) == "overdue");
    CHECK(story.now().settled == TOCSIN_ENDED);
    CHECK(story.until(clock(tuesday, "09:00")) == "opened");
    CHECK(shown_session(story.now().session) == tuesday);
    CHECK(shown(story.now().prev_close) == "-");
}

TEST_CASE("ticks are accepted from the open to the close, both included, in the order of their times") {
    struct Row {
        const char *name, *time, *expected, *price_after;
    };
    const auto row = GENERATE(values<Row>({
        {"before the open", "08:59:59.999999999", "out", "-"},
        {"at the open", "09:00", "applied", "7"},
        {"at lunch", "12:00", "applied", "7"},
        {"at the close", "15:30", "applied", "7"},
        {"just after it", "15:30:00.000000001", "out", "-"},
    }));
    CAPTURE(row.name);
    Story story{clock(monday, "08:00")};
    CHECK(word(story.tick(clock(monday, row.time), "7")) == row.expected);
    CHECK(shown(story.now().price) == row.price_after);
}

TEST_CASE("a tick earlier than the newest of its symbol is late, an equal one is not") {
    Story story{clock(monday, "08:00")};
    CHECK(word(story.tick(clock(monday, "10:00"), "100")) == "applied");
    CHECK(word(story.tick(clock(monday, "10:00"), "101")) == "applied");
    CHECK(word(story.tick(clock(monday, "09:59:59"), "90")) == "late");
    CHECK(word(story.tick(clock(monday, "08:30"), "90")) == "late");
    CHECK(shown(story.now().price) == "101");
    CHECK(shown(story.now().low) == "100");

    // The session is over by event time, but no newer price of the symbol came.
    story.until(clock(monday, "16:00"));
    CHECK(word(story.tick(clock(monday, "15:29"), "102")) == "applied");
    CHECK(story.now().running == 0);
    CHECK(shown(story.now().price) == "102");
    // With the next session begun it is too late for the one before.
    story.until(clock(tuesday, "09:00"));
    CHECK(word(story.tick(clock(monday, "15:30"), "103")) == "late");
    CHECK(word(story.tick(clock(monday, "20:00"), "103")) == "out");
    CHECK(shown(story.now().price) == "102");
}

TEST_CASE("open, high, low, the price before and the time of change follow the ticks") {
    Story story{clock(monday, "08:00")};
    struct Row {
        const char *time, *price;
        const char *open, *high, *low, *previous, *changed;
    };
    const std::vector<Row> rows{
        {"09:00", "100", "100", "100", "100", "-", "09:00"},
        {"09:01", "103", "100", "103", "100", "100", "09:01"},
        {"09:02", "103", "100", "103", "100", "103", "09:01"},
        {"09:03", "98", "100", "103", "98", "103", "09:03"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.time);
        story.tick(clock(monday, row.time), row.price);
        CHECK(shown(story.now().open) == row.open);
        CHECK(shown(story.now().high) == row.high);
        CHECK(shown(story.now().low) == row.low);
        CHECK(shown(story.now().previous) == row.previous);
        CHECK(story.now().changed_at == clock(monday, row.changed).nanos());
        CHECK(story.now().at == clock(monday, row.time).nanos());
    }
    CHECK(story.now().ticks == 4);
    story.tick(clock(tuesday, "09:00"), "97");
    CHECK(story.now().ticks == 1);
    CHECK(shown(story.now().high) == "97");
    CHECK(shown(story.now().previous) == "98");
    CHECK(shown_session(story.now().previous_session) == monday);
    story.tick(clock(tuesday, "09:01"), "96");
    CHECK(shown_session(story.now().previous_session) == tuesday);
}

TEST_CASE("a quote of kind open outweighs a tick before it, once") {
    Story story{clock(monday, "08:00")};
    story.tick(clock(monday, "09:00:01"), "100");
    story.tick(clock(monday, "09:00:02"), "102", QuoteKind::open);
    CHECK(shown(story.now().open) == "102");
    story.tick(clock(monday, "09:00:03"), "104", QuoteKind::open);
    CHECK(shown(story.now().open) == "102");
}

TEST_CASE("the first official close counts; an equal one is a duplicate, another one differs") {
    Story story{clock(monday, "08:00")};
    story.tick(clock(monday, "10:00"), "100");
    story.until(clock(monday, "15:30"));
    CHECK(story.series.classify_close(date(monday), price("99")) == CloseKind::first);
    story.series.take_close(date(monday), clock(monday, "15:30"), price("99"));
    // Known to rules at once, in the ladder only after they have judged.
    CHECK(shown(story.now().close) == "99");
    CHECK(shown(story.now().price) == "99");
    CHECK(story.series.ladder().find(date(monday)) == nullptr);
    CHECK(story.series.classify_close(date(monday), price("99.0")) == CloseKind::duplicate);
    CHECK(story.series.classify_close(date(monday), price("98")) == CloseKind::differs);
    CHECK_FALSE(story.series.settle(date(monday), price("99")));
    CHECK(story.now().settled == TOCSIN_RUNNING); // the session ends by the calendar
    story.until(clock(monday, "15:31"));
    CHECK(story.now().settled == TOCSIN_OFFICIAL_CLOSE);

    story.until(clock(tuesday, "09:00")); // and of a session that is not the present one any more
    CHECK(story.series.classify_close(date(monday), price("99")) == CloseKind::duplicate);
    CHECK(story.series.classify_close(date(monday), price("98")) == CloseKind::differs);
    CHECK(shown(story.now().prev_close) == "99");
    CHECK(shown_session(story.now().prev_session) == monday);
    CHECK(story.now().prev_close_provisional == 0);
    CHECK(story.now().quality == TOCSIN_Q_OK);
}

TEST_CASE("a close belongs to the last session that opened by then") {
    struct Row {
        const char *time, *session;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-01-06T08:59:59+09:00", "none"},
        {"2025-01-06T09:00:00+09:00", "2025-01-06"},
        {"2025-01-06T15:30:00+09:00", "2025-01-06"},
        {"2025-01-07T08:59:59+09:00", "2025-01-06"},
        {"2025-01-12T12:00:00+09:00", "2025-01-10"}, // a Sunday, and the Monday is a holiday
        {"2025-01-14T09:00:00+09:00", "2025-01-14"},
    }));
    CAPTURE(row.time);
    Story story{clock(monday, "08:00")};
    const auto session = story.series.session_closed_at(at(row.time));
    CHECK((session ? session->to_string() : "none") == row.session);
}

TEST_CASE("a close between the session's end and the end of its grace begins nothing") {
    Story story{clock(monday, "08:00")};
    story.tick(clock(monday, "10:00"), "100");
    CHECK(story.until(clock(monday, "15:31")) == "phase, phase, phase, ended");
    REQUIRE(story.series.classify_close(date(monday), price("99")) == CloseKind::first);
    story.series.take_close(date(monday), clock(monday, "15:31"), price("99"));
    story.series.settle(date(monday), price("99"));
    CHECK(story.until(clock(tuesday, "08:59:59")) == "");
    CHECK(story.now().running == 0);
    CHECK(shown_session(story.now().session) == monday);
    CHECK(story.until(clock(tuesday, "09:00")) == "opened");
    CHECK(story.now().phase == TOCSIN_PHASE_AM);
}

TEST_CASE("without an official close in time the last tick stands in for it") {
    Story story{clock(monday, "08:00")};
    story.tick(clock(monday, "10:00"), "100");
    story.tick(clock(monday, "15:29"), "97");
    CHECK(story.until(clock(monday, "15:39:59.999999999")) == "ended");
    CHECK(story.now().settled == TOCSIN_ENDED);
    CHECK(story.until(clock(monday, "15:40")) == "overdue");
    CHECK(story.now().settled == TOCSIN_PROVISIONAL_CLOSE);
    CHECK(shown(story.now().close) == "-");
    const tocsin_session* close = story.series.ladder().find(date(monday));
    REQUIRE(close != nullptr);
    CHECK(close->provisional == 1);
    CHECK(shown(close->close) == "97");

    SECTION("it is the next session's reference, marked so, until the official one comes") {
        story.until(clock(tuesday, "10:00"));
        CHECK(shown(story.now().prev_close) == "97");
        CHECK(story.now().prev_close_provisional == 1);
        CHECK(story.now().quality == TOCSIN_Q_PROVISIONAL);
        CHECK(story.close(date(monday), clock(monday, "15:30"), "97")); // the same price, and yet news
        CHECK(story.now().prev_close_provisional == 0);
        CHECK(story.now().quality == TOCSIN_Q_OK);
        CHECK(story.series.ladder().find(date(monday))->provisional == 0);
    }
    SECTION("an official one before the next session takes its place") {
        CHECK_FALSE(story.close(clock(monday, "18:00"), "96"));
        CHECK(story.now().settled == TOCSIN_OFFICIAL_CLOSE);
        CHECK(shown(story.now().price) == "96");
        story.until(clock(tuesday, "09:00"));
        CHECK(shown(story.now().prev_close) == "96");
        CHECK(story.now().prev_close_provisional == 0);
    }
}

TEST_CASE("a grace that lasts beyond the next open ends at it") {
    Story story{clock(monday, "08:00"), 100 * 3600 * nanos_per_second};
    story.tick(clock(monday, "10:00"), "100");
    CHECK(story.until(clock(tuesday, "09:00")) == "phase, phase, phase, ended, opened");
    CHECK(shown(story.now().prev_close) == "100");
    CHECK(story.now().prev_close_provisional == 1);
}

TEST_CASE("a grace of nothing is over as the session ends") {
    Story story{clock(monday, "08:00"), 0};
    story.tick(clock(monday, "10:00"), "100");
    CHECK(story.until(clock(monday, "16:00")) == "phase, phase, phase, ended");
    story.until(clock(tuesday, "09:00"));
    CHECK(story.now().prev_close_provisional == 1);
}

TEST_CASE("no move is formed across a hole, and a close that fills it late mends what follows") {
    Story story{clock(monday, "08:00")};
    story.close(clock(monday, "15:30"), "100");
    story.until(clock(wednesday, "10:00")); // nothing came on Tuesday
    CHECK(shown(story.now().prev_close) == "-");
    CHECK(shown_session(story.now().prev_session) == "-");

    SECTION("for the running session it becomes known") {
        const auto seen = story.series.as_of_close(date(tuesday), clock(tuesday, "15:30"), price("95"));
        CHECK(shown(seen.prev_close) == "100");
        CHECK(shown_session(seen.session) == tuesday);
        CHECK(shown(seen.close) == "95");
        CHECK(seen.running == 0);
        CHECK(seen.closes_at == clock(tuesday, "15:30").nanos());
        CHECK(story.close(date(tuesday), clock(tuesday, "15:30"), "95"));
        CHECK(shown(story.now().prev_close) == "95");
        CHECK(shown(story.now().price) == "100"); // a price of the past is not the present one
        CHECK(shown(story.now().close) == "-");
    }
    SECTION("two sessions later the moves before are not what they were") {
        story.close(clock(wednesday, "15:30"), "94");
        story.until(clock(thursday, "10:00"));
        CHECK(shown(story.series.ladder().find(date(wednesday))->prev_close) == "-");
        CHECK(story.close(date(tuesday), clock(tuesday, "15:30"), "95"));
        CHECK(shown(story.series.ladder().find(date(wednesday))->prev_close) == "95");
        CHECK(shown(story.now().prev_close) == "94");
    }
}

TEST_CASE("the previous close is that of the session before, over weekends and holidays") {
    Story story{clock("2025-01-10", "08:00")}; // a Friday; the Monday was a holiday
    story.close(clock("2025-01-10", "15:30"), "100");
    story.until(clock("2025-01-14", "09:00"));
    CHECK(shown_session(story.now().session) == "2025-01-14");
    CHECK(shown(story.now().prev_close) == "100");
    CHECK(shown_session(story.now().prev_session) == "2025-01-10");
}

TEST_CASE("a bar sets what a session without ticks lacks, and only widens one that had some") {
    Story story{clock(monday, "08:00")};
    market::Bar bar;
    bar.session = date(monday);
    bar.open = price("100"), bar.high = price("110"), bar.low = price("90"), bar.close = price("105");
    SECTION("without ticks") {
        story.until(clock(monday, "15:30"));
        story.series.take_bar(bar);
        CHECK(shown(story.now().open) == "100");
        CHECK(shown(story.now().high) == "110");
        CHECK(shown(story.now().low) == "90");
        CHECK(story.now().ticks == 0);
        CHECK(shown(story.now().price) == "-"); // the close goes its own way
    }
    SECTION("without ticks, and of a close alone") {
        bar.open = bar.high = bar.low = std::nullopt;
        story.series.take_bar(bar);
        CHECK(shown(story.now().open) == "-");
        CHECK(shown(story.now().high) == "105");
        CHECK(shown(story.now().low) == "105");
    }
    SECTION("with ticks") {
        story.tick(clock(monday, "10:00"), "95");
        story.tick(clock(monday, "11:00"), "112");
        story.series.take_bar(bar);
        CHECK(shown(story.now().open) == "95");
        CHECK(shown(story.now().high) == "112");
        CHECK(shown(story.now().low) == "90");
    }
}

TEST_CASE("a status outweighs the calendar") {
    struct Step {
        const char *session, *time;
        const char* status; // or nothing: time passes
        std::uint32_t phase;
        bool held;
    };
    struct Row {
        const char* name;
        std::vector<Step> steps;
    };
    const std::vector<Row> rows{
        {"halted until resumed, over lunch",
         {{"2025-01-06", "10:00", "halted", TOCSIN_PHASE_HALTED, true},
          {"2025-01-06", "12:00", "", TOCSIN_PHASE_HALTED, true},
          {"2025-01-06", "12:10", "resumed", TOCSIN_PHASE_LUNCH, false},
          {"2025-01-06", "12:30", "", TOCSIN_PHASE_PM, false}}},
        {"halted over night",
         {{"2025-01-06", "15:00", "halted", TOCSIN_PHASE_HALTED, true},
          {"2025-01-06", "18:00", "", TOCSIN_PHASE_HALTED, true},
          {"2025-01-07", "10:00", "", TOCSIN_PHASE_HALTED, true},
          {"2025-01-07", "10:01", "resumed", TOCSIN_PHASE_AM, false}}},
        {"closed for the rest of the day",
         {{"2025-01-06", "14:00", "closed", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-06", "15:27", "", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-06", "18:00", "", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-07", "10:00", "", TOCSIN_PHASE_AM, false}}},
        {"closed before the open: the whole day",
         {{"2025-01-07", "07:00", "closed", TOCSIN_PHASE_PRE, false},
          {"2025-01-07", "09:00", "", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-07", "14:00", "", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-08", "10:00", "", TOCSIN_PHASE_AM, false}}},
        {"closed the evening before, as a feed may say each day",
         {{"2025-01-06", "15:31", "closed", TOCSIN_PHASE_CLOSED, true},
          {"2025-01-07", "09:00", "", TOCSIN_PHASE_AM, false}}},
        {"closed before the open, and yet it opens",
         {{"2025-01-07", "07:00", "closed", TOCSIN_PHASE_PRE, false},
          {"2025-01-07", "08:00", "resumed", TOCSIN_PHASE_PRE, false},
          {"2025-01-07", "09:00", "", TOCSIN_PHASE_AM, false}}},
        {"halted and closed",
         {{"2025-01-06", "13:00", "halted", TOCSIN_PHASE_HALTED, true},
          {"2025-01-06", "14:00", "closed", TOCSIN_PHASE_HALTED, true},
          {"2025-01-06", "14:30", "resumed", TOCSIN_PHASE_PM, false}}},
    };
    for (const auto& row : rows) {
        Story story{clock(monday, "08:00")};
        for (const auto& step : row.steps) {
            CAPTURE(row.name, step.session, step.time);
            const Time t = clock(step.session, step.time);
            story.until(t);
            const std::string_view status = step.status;
            if (!status.empty()) story.series.set_status(t, *market::trading_state_named(status));
            CHECK(story.now().phase == step.phase);
            CHECK(story.series.held() == step.held);
            CHECK((story.now().quality == TOCSIN_Q_HALTED) == step.held);
        }
    }
}

TEST_CASE("sessions before the calendar follow one another as the data have them") {
    Story story{clock("2024-12-26", "15:30")};
    const auto bar = [&](const char* session, const char* close) {
        story.until(clock(session, "15:30"));
        story.series.begin_before_calendar(date(session));
        story.close(date(session), clock(session, "15:30"), close);
    };
    bar("2024-12-26", "100");
    CHECK(shown(story.now().prev_close) == "-");
    CHECK(story.now().running == 1);
    CHECK(story.now().phase == TOCSIN_PHASE_AM);
    CHECK(story.now().opens_at == clock("2024-12-26", "09:00").nanos());
    bar("2024-12-30", "98");
    CHECK(shown_session(story.now().session) == "2024-12-30");
    CHECK(shown(story.now().prev_close) == "100");
    CHECK(shown(story.series.ladder().find(date("2024-12-30"))->prev_close) == "100");
    CHECK(story.until(clock("2024-12-31", "00:00")) == "ended");
    CHECK(story.now().settled == TOCSIN_OFFICIAL_CLOSE);
    // The calendar's first session refers to the last of them.
    CHECK(story.until(clock(monday, "09:00")) == "opened");
    CHECK(shown(story.now().prev_close) == "98");
}

TEST_CASE("a series that begins in the middle of a session is in it, with what it knows") {
    Story story{clock(tuesday, "14:00")};
    CHECK(shown_session(story.now().session) == tuesday);
    CHECK(story.now().running == 1);
    CHECK(story.now().phase == TOCSIN_PHASE_PM);
    CHECK(shown(story.now().price) == "-");
    // A close of the session before is news of it.
    CHECK(story.close(date(monday), clock(monday, "15:30"), "100"));
    CHECK(shown(story.now().prev_close) == "100");
}

TEST_CASE("after the calendar's span nothing is due any more") {
    Story story{at("2025-03-31T00:00:00Z")};
    CHECK(story.until(at("2031-01-01T00:00:00Z")) == "phase, phase, phase, ended, overdue");
    CHECK(story.series.due() == Time::max());
    CHECK(word(story.tick(at("2025-04-01T01:00:00Z"), "100")) == "out");
}

TEST_CASE("a copy of a series is a snapshot") {
    Story story{clock(monday, "08:00")};
    story.tick(clock(monday, "10:00"), "100");
    const Series saved = story.series;
    story.tick(clock(monday, "10:01"), "90");
    story.close(clock(monday, "15:30"), "91");
    CHECK(shown(saved.now().price) == "100");
    CHECK(saved.ladder().find(date(monday)) == nullptr);
    CHECK(saved.due() == clock(monday, "11:30"));
}
