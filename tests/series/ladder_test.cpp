// Ranks against a brute force that knows sessions by number, looks at every one of the scope, and compares
// fractions as Euclid does; then the edges by hand.
#include "series_support.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace tocsin;
using namespace tocsin::series;
using namespace tocsin::test;

namespace {

struct Fraction {
    std::int64_t over, under; // under > 0
};

/// -1, 0, 1. By whole parts, then by what is left, turned over: no product, so nothing overflows.
int compare(Fraction a, Fraction b) {
    const auto floored = [](Fraction f) {
        return f.over / f.under - (f.over % f.under != 0 && f.over < 0 ? 1 : 0);
    };
    const std::int64_t whole_a = floored(a), whole_b = floored(b);
    if (whole_a != whole_b) return whole_a < whole_b ? -1 : 1;
    const std::int64_t left_a = a.over - whole_a * a.under, left_b = b.over - whole_b * b.under;
    if (left_a == 0 || left_b == 0) return (left_a != 0) - (left_b != 0);
    return compare({b.under, left_b}, {a.under, left_a});
}

struct Move {
    std::int32_t session;
    std::int64_t before, after;
    Fraction size(const MovesWanted& wanted) const {
        const std::int64_t points = wanted.direction == TOCSIN_DOWN ? before - after : after - before;
        return {points, wanted.measure == TOCSIN_POINTS ? 1 : before};
    }
};

struct Expected {
    std::uint32_t rank = 1, ties = 0, history = 0;
    bool exact = true;
    std::vector<Move> largest; // all with a move in the direction, the largest first
};

/// `closes` by the session's number in the calendar.
Expected brute_force(const market::Calendar& calendar, const std::map<std::size_t, std::int64_t>& closes,
                     const MovesWanted& wanted, std::size_t judged, const Move& move) {
    Expected expected;
    const auto& sessions = calendar.sessions();
    const auto in_scope = [&](std::int64_t days) {
        if (wanted.scope_kind == TOCSIN_SCOPE_SINCE) return days >= wanted.scope_value;
        if (wanted.scope_kind == TOCSIN_SCOPE_ALL || judged < static_cast<std::size_t>(wanted.scope_value))
            return true;
        return days >= sessions[judged - static_cast<std::size_t>(wanted.scope_value)].date.days();
    };
    std::vector<Move> moves;
    std::vector<std::int32_t> known;
    bool reaches_before = in_scope(sessions[judged].date.days() - 1), begun = false;
    for (std::size_t i = 0; i < judged; ++i) {
        const std::int32_t days = sessions[i].date.days();
        const bool has_move = i > 0 && closes.contains(i) && closes.contains(i - 1);
        if (has_move) known.push_back(days);
        if (!begun && closes.contains(i)) { // the first of the data, which ends no move
            begun = true;
            reaches_before = in_scope(days);
            continue;
        }
        if (!begun || !in_scope(days)) continue;
        if (has_move) ++expected.history, moves.push_back({days, closes.at(i - 1), closes.at(i)});
        if (!has_move) expected.exact = false;
    }
    std::optional<Fraction> smallest;
    for (const auto& seed : wanted.seeds) {
        const Move one{seed.session, seed.prev_close, seed.close};
        if (!smallest || compare(one.size(wanted), *smallest) < 0) smallest = one.size(wanted);
        if (seed.session < sessions[judged].date.days() && in_scope(seed.session) &&
            std::find(known.begin(), known.end(), seed.session) == known.end())
            moves.push_back(one);
    }
    if (reaches_before && !(smallest && compare(move.size(wanted), *smallest) > 0)) expected.exact = false;
    std::erase_if(moves, [&](const Move& one) { return one.size(wanted).over <= 0; });
    std::sort(moves.begin(), moves.end(), [&](const Move& a, const Move& b) {
        const int order = compare(a.size(wanted), b.size(wanted));
        return order != 0 ? order > 0 : a.session < b.session;
    });
    for (const auto& one : moves) {
        const int order = compare(one.size(wanted), move.size(wanted));
        expected.rank += order > 0 ? 1 : 0, expected.ties += order == 0 ? 1 : 0;
    }
    expected.largest = moves;
    return expected;
}

void check_rank(const tocsin_rank& found, const Expected& expected, std::uint32_t k) {
    CHECK(found.rank == expected.rank);
    CHECK(found.ties == expected.ties);
    CHECK(found.history == expected.history);
    CHECK((found.exact != 0) == expected.exact);
    REQUIRE((found.has_record != 0) == !expected.largest.empty());
    if (found.has_record != 0) {
        CHECK(found.record.session == expected.largest.front().session);
        CHECK(found.record.close == expected.largest.front().after);
    }
    REQUIRE((found.has_kth != 0) == (expected.largest.size() >= k));
    if (found.has_kth != 0) {
        CHECK(found.kth.session == expected.largest[k - 1].session);
        CHECK(found.kth.prev_close == expected.largest[k - 1].before);
    }
}

/// Small numbers, so that many moves are equal in points, and some in percent.
std::map<std::size_t, std::int64_t> random_walk(std::mt19937& random, std::size_t sessions, double holes) {
    std::map<std::size_t, std::int64_t> closes;
    std::uniform_int_distribution<int> step(-4, 4);
    std::bernoulli_distribution hole(holes);
    std::int64_t close = 20;
    const std::size_t first = random() % 10;
    for (std::size_t i = first; i < sessions; ++i) {
        close = std::max<std::int64_t>(close + step(random), 2);
        if (i == first || !hole(random)) closes[i] = close;
    }
    return closes;
}

} // namespace

TEST_CASE("ranks are those of a brute force over random walks") {
    const auto calendar = tokyo();
    const auto& sessions = calendar.sessions();
    std::mt19937 random{20240805};
    for (int walk = 0; walk < 40; ++walk) {
        const auto closes = random_walk(random, sessions.size(), walk % 2 == 0 ? 0.0 : 0.1);
        std::vector<std::pair<std::size_t, std::int64_t>> order{closes.begin(), closes.end()};
        if (walk % 4 == 1) std::shuffle(order.begin(), order.end(), random); // closes that come late
        Ladder ladder{calendar};
        for (const auto& [i, close] : order) ladder.put(sessions[i].date, close, false);

        for (int asked = 0; asked < 25; ++asked) {
            const std::size_t judged = 1 + random() % (sessions.size() - 1);
            MovesWanted wanted;
            wanted.direction = random() % 2 == 0 ? TOCSIN_DOWN : TOCSIN_UP;
            wanted.measure = random() % 2 == 0 ? TOCSIN_POINTS : TOCSIN_MEASURE_PERCENT;
            wanted.scope_kind = static_cast<std::uint32_t>(random() % 3);
            wanted.scope_value = wanted.scope_kind == TOCSIN_SCOPE_LAST
                                     ? 1 + static_cast<std::int64_t>(random() % 50)
                                     : sessions[random() % sessions.size()].date.days();
            wanted.k = static_cast<std::uint32_t>(1 + random() % 60);
            for (auto n = random() % 4; n > 0; --n) { // before the data, inside it, and after
                const std::int32_t days =
                    sessions[random() % sessions.size()].date.days() - (n % 2 == 0 ? 40 : 0);
                const std::int64_t size = 1 + static_cast<std::int64_t>(random() % 5);
                const std::int64_t sign = wanted.direction == TOCSIN_DOWN ? -1 : 1;
                const bool again = std::any_of(wanted.seeds.begin(), wanted.seeds.end(),
                                               [&](const tocsin_move& seed) { return seed.session == days; });
                if (!again) wanted.seeds.push_back({days, 1, 20, 20 + sign * size});
            }
            const Move move{sessions[judged].date.days(), 20,
                            20 + static_cast<std::int64_t>(random() % 11) - 5};
            CAPTURE(walk, asked, judged, wanted.scope_kind, wanted.scope_value, wanted.k,
                    wanted.seeds.size());
            check_rank(ladder.rank(wanted, sessions[judged].date, move.before, move.after),
                       brute_force(calendar, closes, wanted, judged, move), wanted.k);
        }
    }
}

TEST_CASE("a percentage is compared without rounding") {
    // 1/3 of 1e-9 percent apart, at the size of the largest prices.
    const auto calendar = tokyo();
    Ladder ladder{calendar};
    const std::int64_t base = 9'000'000'000'000'000'000;
    ladder.put(date("2025-01-06"), base, false);
    ladder.put(date("2025-01-07"), base - 1'000'000'000'000'000'000, false); // fell 1 in 9
    MovesWanted wanted;
    wanted.measure = TOCSIN_MEASURE_PERCENT;
    const auto next = date("2025-01-08");
    CHECK(ladder.rank(wanted, next, 9, 8).ties == 1);
    CHECK(ladder.rank(wanted, next, base - 1, 8'000'000'000'000'000'000 - 2).rank == 1);
    CHECK(ladder.rank(wanted, next, base - 1, 8'000'000'000'000'000'000).rank == 2);
}

TEST_CASE("a rank is exact only where nothing is missing that could be larger") {
    struct Row {
        const char *name, *scope;
        std::vector<const char*> closed; // sessions with a close, before 2025-01-20
        std::vector<std::int64_t> seeds; // sizes, at 2024-12-30 and the days before
        std::int64_t size;
        bool exact;
    };
    const std::vector<const char*> week{"2025-01-14", "2025-01-15", "2025-01-16", "2025-01-17"};
    const std::vector<const char*> holed{"2025-01-14", "2025-01-15", "2025-01-17"};
    const auto row = GENERATE_COPY(values<Row>({
        {"all time, and no seeds", "all", week, {}, 9, false},
        {"all time, larger than the smallest seed", "all", week, {9, 7}, 8, true},
        {"all time, equal to the smallest seed", "all", week, {9, 7}, 7, false},
        {"all time, smaller than the seeds", "all", week, {9, 7}, 6, false},
        {"all time, a hole in the data", "all", holed, {9, 7}, 8, false},
        {"no data at all, larger than the smallest seed", "all", {}, {9, 7}, 8, true},
        {"no data at all", "all", {}, {}, 8, false},
        {"the last 3: every move known", "last:3", week, {}, 1, true},
        {"the last 4: the first session has no move", "last:4", week, {}, 1, false},
        {"the last 4, larger than the smallest seed", "last:4", week, {9, 7}, 8, true},
        {"the last 1, after a hole: its move is not known", "last:1", holed, {}, 1, false},
        {"the last 3, with a hole", "last:3", holed, {}, 1, false},
        {"the last 9: before the data", "last:9", week, {}, 1, false},
        {"the last 999: before the calendar", "last:999", week, {}, 1, false},
        {"since a session inside the data", "2025-01-15", week, {}, 1, true},
        {"since the first of the data", "2025-01-14", week, {}, 1, false},
        {"since before the data", "2024-01-01", week, {}, 1, false},
        {"since a day without a session inside the data", "2025-01-18", week, {}, 1, true},
        {"since a time to come: an empty scope", "2025-02-01", week, {}, 1, true},
    }));
    CAPTURE(row.name);
    const auto calendar = tokyo();
    Ladder ladder{calendar};
    for (const auto* session : row.closed) ladder.put(date(session), 100, false);
    MovesWanted wanted;
    const std::string_view scope = row.scope;
    if (scope.starts_with("last:"))
        wanted.scope_kind = TOCSIN_SCOPE_LAST, wanted.scope_value = std::stoll(std::string{scope.substr(5)});
    else if (scope != "all")
        wanted.scope_kind = TOCSIN_SCOPE_SINCE, wanted.scope_value = date(scope).days();
    std::int32_t seeded = date("2024-12-30").days();
    for (const auto size : row.seeds) wanted.seeds.push_back({seeded--, 1, 100, 100 - size});
    CHECK((ladder.rank(wanted, date("2025-01-20"), 100, 100 - row.size).exact != 0) == row.exact);
}

TEST_CASE("sessions before the calendar count as the data have them, and are never called complete") {
    const auto calendar = tokyo();
    Ladder ladder{calendar};
    // Two before the calendar's first session of 2025-01-06, then its first two.
    ladder.put(date("2024-12-26"), 100, false);
    ladder.put(date("2024-12-30"), 95, false);
    ladder.put(date("2025-01-06"), 94, false);
    ladder.put(date("2025-01-07"), 91, false);
    MovesWanted wanted;
    const auto judged = date("2025-01-08");

    SECTION("moves are formed to the close before in the data, across the calendar's beginning too") {
        const auto rank = ladder.rank(wanted, judged, 91, 90);
        CHECK(rank.history == 3);
        CHECK(rank.rank == 3); // after 5 and 3, and as large as the 1 of 2025-01-06
        CHECK(rank.ties == 1);
        CHECK(rank.exact == 0);
        CHECK(rank.record.session == date("2024-12-30").days());
    }
    SECTION("a scope inside the calendar can be complete") {
        wanted.scope_kind = TOCSIN_SCOPE_LAST, wanted.scope_value = 2;
        const auto rank = ladder.rank(wanted, judged, 91, 90);
        CHECK(rank.history == 2);
        CHECK(rank.exact == 1);
    }
    SECTION("the last three reach one session before it") {
        wanted.scope_kind = TOCSIN_SCOPE_LAST, wanted.scope_value = 3;
        const auto rank = ladder.rank(wanted, judged, 91, 90);
        CHECK(rank.history == 3);
        CHECK(rank.record.session == date("2024-12-30").days());
        CHECK(rank.exact == 0);
    }
    SECTION("of a session before it, the last one is the one before in the data") {
        wanted.scope_kind = TOCSIN_SCOPE_LAST, wanted.scope_value = 1;
        ladder.put(date("2024-12-27"), 99, false);
        const auto rank = ladder.rank(wanted, date("2024-12-30"), 99, 95);
        CHECK(rank.history == 1);
        CHECK(rank.record.session == date("2024-12-27").days());
        CHECK(rank.exact == 0);
    }
}

TEST_CASE("the ladder keeps moves between neighbours, and mends them when a close comes late") {
    const auto calendar = tokyo();
    Ladder ladder{calendar};
    const auto before = [&](const char* session) {
        const tocsin_session* close = ladder.find(date(session));
        return close == nullptr                   ? std::string{"no close"}
               : close->prev_close == TOCSIN_NONE ? std::string{"none"}
                                                  : std::to_string(close->prev_close);
    };
    ladder.put(date("2025-01-08"), 80, false);
    ladder.put(date("2025-01-10"), 100, false); // 2025-01-09 is a hole
    CHECK(before("2025-01-08") == "none");
    CHECK(before("2025-01-09") == "no close");
    CHECK(before("2025-01-10") == "none");
    ladder.put(date("2025-01-14"), 110, false); // over a weekend and a holiday
    CHECK(before("2025-01-14") == "100");
    ladder.put(date("2025-01-09"), 90, true); // the hole is filled
    CHECK(before("2025-01-09") == "80");
    CHECK(before("2025-01-10") == "90");
    ladder.put(date("2025-01-09"), 91, false); // official, in place of the provisional one
    CHECK(before("2025-01-10") == "91");
    CHECK(ladder.find(date("2025-01-09"))->provisional == 0);
    REQUIRE(ladder.previous(date("2025-01-14")) != nullptr);
    CHECK(ladder.previous(date("2025-01-14"))->session == date("2025-01-10").days());
    CHECK(ladder.previous(date("2025-01-08")) == nullptr);
    CHECK(ladder.previous(date("2025-01-16")) == nullptr);
}
