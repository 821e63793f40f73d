#include "feed/check.hpp"

#include "feed_support.hpp"

using namespace tocsin;

namespace {

struct Prices {
    const char *open, *high, *low, *close;
};

/// "fine" and the event time, or what is wrong with such a bar of the N225.
std::string bar(std::string_view session, Prices prices = {"", "", "", "10"}) {
    const feed::Check check{config::Feed{}, tests::symbols()};
    const auto price = [](std::string_view text) {
        return text.empty() ? std::optional<Price>{} : Price::parse(text).value;
    };
    market::Bar bar;
    bar.symbol = tests::symbols().find("N225");
    bar.session = SessionDate::parse(session).value;
    bar.open = price(prices.open);
    bar.high = price(prices.high);
    bar.low = price(prices.low);
    bar.close = *price(prices.close);
    Time at;
    if (const auto fault = check.bar(bar, at)) return std::string{name(fault->reason)} + ": " + fault->detail;
    return "fine " + at.to_string() + (bar.before_calendar ? " before" : "");
}

} // namespace

TEST_CASE("a bar's prices lie between its low and its high") {
    struct Row {
        Prices prices;
        const char* verdict;
    };
    const auto row = GENERATE(values<Row>({
        {{"10", "10", "10", "10"}, "fine 2025-04-03T06:30:00Z"},
        {{"12", "12", "9", "9"}, "fine 2025-04-03T06:30:00Z"},
        {{"", "12", "", "10"}, "fine 2025-04-03T06:30:00Z"},
        {{"20", "", "", "10"}, "fine 2025-04-03T06:30:00Z"},
        {{"10", "9", "11", "10"}, "bad_bar: low 11 is above high 9"},
        {{"10", "11", "10", "9.5"}, "bad_bar: close 9.5 is below low 10"},
        {{"10", "11", "9", "11.000000001"}, "bad_bar: close 11.000000001 is above high 11"},
        {{"8", "11", "9", "10"}, "bad_bar: open 8 is below low 9"},
        {{"12", "11", "9", "10"}, "bad_bar: open 12 is above high 11"},
        {{"", "9", "", "10"}, "bad_bar: close 10 is above high 9"},
    }));
    CHECK(bar("2025-04-03", row.prices) == row.verdict);
}

TEST_CASE("a bar belongs to a session of its symbol's calendar") {
    CHECK(bar("2025-04-01") == "fine 2025-04-01T06:30:00Z");
    CHECK(bar("2025-04-05") == "no_session: 2025-04-05 is no session of XTKS"); // a Saturday
    CHECK(bar("2025-04-29") == "no_session: 2025-04-29 is no session of XTKS"); // Showa Day
    CHECK(bar("2025-05-01") ==
          "no_session: 2025-05-01 is no session of XTKS, whose calendar ends on 2025-04-30");
    // Before the calendar every date is one, at the first hours known.
    CHECK(bar("2025-03-31") == "fine 2025-03-31T06:30:00Z before");
    CHECK(bar("2025-03-30") == "fine 2025-03-30T06:30:00Z before");
}

TEST_CASE("a time names the session that contains it, or of its local date") {
    const feed::Check check{config::Feed{}, tests::symbols()};
    const auto session = [&](std::string_view time) {
        return check.session_of(tests::symbols().find("N225"), tests::at(time)).to_string();
    };
    CHECK(session("2025-04-03T09:00:00+09:00") == "2025-04-03");
    CHECK(session("2025-04-03T15:30:00+09:00") == "2025-04-03");
    CHECK(session("2025-04-03T23:59:59+09:00") == "2025-04-03");
    CHECK(session("2025-04-03T00:00:00+09:00") == "2025-04-03");
    CHECK(session("2025-04-05T12:00:00+09:00") == "2025-04-05");
}
