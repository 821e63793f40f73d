#include "feed/file.hpp"

#include "base/limits.hpp"
#include "feed_support.hpp"
#include "tests/support/archive.hpp"
#include "tests/support/temp_dir.hpp"

#include <unistd.h>

using namespace tocsin;
using feed::RejectReason;

namespace {

/// Everything that a feed gives: events with their lines, and rejects.
struct Outcome {
    std::vector<std::pair<std::uint64_t, std::string>> events;
    std::vector<feed::Reject> rejects;
    feed::Counters counters;
    std::optional<Error> error;
};

config::Feed feed_of(std::string file, std::optional<config::CsvMapping> csv = {}) {
    config::Feed feed;
    feed.name = "a-feed";
    feed.file = std::move(file);
    feed.csv = std::move(csv);
    feed.place = {"tocsin.yaml", 3, 5};
    return feed;
}

Outcome read_with(const config::Feed& feed, unsigned helpers) {
    Outcome outcome;
    auto file = feed::FileFeed::open(
        feed, 4, tests::symbols(), [&](const feed::Reject& reject) { outcome.rejects.push_back(reject); },
        feed::Growth::finished, helpers);
    if (!file) {
        outcome.error = file.error();
        return outcome;
    }
    market::Event event;
    while ((*file)->next(event)) {
        CHECK(event.feed == 4);
        outcome.events.emplace_back((*file)->line(), tests::described(event));
    }
    CHECK(!(*file)->next(event));
    outcome.counters = (*file)->counters();
    outcome.error = (*file)->error();
    return outcome;
}

/// However many threads decode, nothing about it may differ.
Outcome read(const config::Feed& feed) {
    Outcome outcome = read_with(feed, 0);
    if (!std::filesystem::is_regular_file(feed.file)) return outcome;
    for (const unsigned helpers : {1u, 3u}) {
        CAPTURE(helpers);
        const Outcome crew = read_with(feed, helpers);
        CHECK(crew.events == outcome.events);
        CHECK(crew.counters.events == outcome.counters.events);
        CHECK(crew.counters.rejected == outcome.counters.rejected);
        CHECK(crew.error.has_value() == outcome.error.has_value());
        REQUIRE(crew.rejects.size() == outcome.rejects.size());
        for (std::size_t i = 0; i < outcome.rejects.size(); ++i) {
            CHECK(crew.rejects[i].line == outcome.rejects[i].line);
            CHECK(crew.rejects[i].detail == outcome.rejects[i].detail);
            CHECK(crew.rejects[i].text == outcome.rejects[i].text);
        }
    }
    return outcome;
}

Outcome read_text(std::string_view text, std::int64_t lateness_s = 0) {
    const tests::TempDir dir;
    config::Feed feed = feed_of(dir.write("feed.ndjson", text));
    feed.lateness.count = lateness_s * nanos_per_second;
    return read(feed);
}

std::vector<std::uint64_t> lines(const Outcome& outcome) {
    std::vector<std::uint64_t> out;
    for (const auto& [line, event] : outcome.events) out.push_back(line);
    return out;
}

/// A quote of the N225, so many seconds after the open.
std::string quote(int second, const char* kind = "tick") {
    const std::string digits = std::to_string(second);
    return R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:)" +
           std::string(2 - digits.size(), '0') + digits + R"(Z","price":34102,"kind":")" + kind + "\"}\n";
}

std::string status(int second) {
    std::string text = quote(second);
    return R"({"type":"status","venue":"XTKS","state":"halted","ts":)" +
           text.substr(text.find("ts") + 4, 22) + "}\n";
}

} // namespace

TEST_CASE("a bad line is counted and kept, and its neighbours stand untouched") {
    const std::string good =
        R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:05.25Z","price":34102.25})";
    const auto with = [&](std::string_view what, std::string_view instead) {
        std::string line = good;
        return line.replace(line.find(what), what.size(), instead);
    };
    struct Row {
        std::string name, line;
        RejectReason reason;
    };
    const std::vector<Row> rows{
        {"syntax", good.substr(0, good.size() - 1), RejectReason::bad_json},
        {"negative price", with("34102.25", "-34102.25"), RejectReason::price_not_positive},
        {"zero price", with("34102.25", "0.00"), RejectReason::price_not_positive},
        {"unknown symbol", with("N225", "NOSUCH"), RejectReason::unknown_symbol},
        {"not UTF-8", with("N225", "N22\xff\xfe"), RejectReason::bad_utf8},
        {"time goes back", with("T00:00:05", "T00:00:04"), RejectReason::out_of_order},
        {"missing price", with(",\"price\":34102.25", ""), RejectReason::missing_field},
        {"bad time", with("04-03T", "13-45T"), RejectReason::bad_time},
        {"too many digits", with("34102.25", "34102.2512345678"), RejectReason::bad_price},
        {"price out of range", with("34102.25", "99999999999.25"), RejectReason::bad_price},
        {"overlong", with("}", ",\"note\":\"" + std::string(limits::line_bytes, 'x') + "\"}"),
         RejectReason::too_long},
    };
    std::string all = good + "\n";
    for (const Row& row : rows) all += row.line + "\n" + good + "\n";
    const Outcome outcome = read_text(all);

    CHECK(!outcome.error);
    CHECK(outcome.events.size() == rows.size() + 1);
    for (std::size_t i = 0; i < outcome.events.size(); ++i)
        CHECK(outcome.events[i] ==
              std::pair{std::uint64_t{2 * i + 1}, std::string{"2025-04-03T00:00:05.25Z tick N225 34102.25"}});
    CHECK(outcome.counters.events == rows.size() + 1);
    CHECK(outcome.counters.all_rejected() == rows.size());
    REQUIRE(outcome.rejects.size() == rows.size());
    std::map<RejectReason, std::uint64_t> expected;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(rows[i].name);
        const feed::Reject& reject = outcome.rejects[i];
        CHECK(name(reject.reason) == name(rows[i].reason));
        CHECK(reject.line == 2 * i + 2);
        CHECK(reject.feed == 4);
        CHECK(reject.text == rows[i].line.substr(0, feed::kept_text));
        CHECK(!reject.detail.empty());
        ++expected[rows[i].reason];
    }
    for (const auto& [reason, count] : expected) CHECK(outcome.counters.rejected_for(reason) == count);
}

TEST_CASE("without lateness a line earlier than the newest is refused, and does not move it") {
    const Outcome outcome = read_text(quote(5) + quote(3) + quote(4) + quote(5) + quote(6));
    CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 4, 5});
    REQUIRE(outcome.rejects.size() == 2);
    CHECK(outcome.rejects[0].reason == RejectReason::out_of_order);
    CHECK(outcome.rejects[0].detail ==
          "2025-04-03T00:00:03Z is earlier than the newest line before it, 2025-04-03T00:00:05Z; if the file "
          "begins with its newest row, turn it round (tac)");
}

TEST_CASE("lines of one instant go by kind, wherever they stand") {
    const std::string heartbeat = R"({"type":"heartbeat","ts":"2025-04-03T00:00:05Z"})"
                                  "\n";
    const Outcome outcome = read_text(quote(4) + heartbeat + quote(5, "close") + quote(5) + quote(5, "open") +
                                      quote(5) + status(5) + quote(6));
    CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 7, 5, 4, 6, 3, 2, 8});
    CHECK(outcome.rejects.empty());
}

TEST_CASE("with a lateness lines are put in order, and earlier ones refused") {
    const Outcome outcome = read_text(quote(10) + quote(12) + quote(11) + quote(10) + quote(20) + quote(15) +
                                          quote(14) + quote(18) + status(20) + quote(20),
                                      5);
    CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 4, 3, 2, 6, 8, 9, 5, 10});
    REQUIRE(outcome.rejects.size() == 1);
    CHECK(outcome.rejects[0].line == 7); // 14 is 6 s before 20; 15 was just in time
}

TEST_CASE("the time of a bar is its session's close, also for the order") {
    const auto bar = [](const char* session) {
        return std::string{R"({"type":"bar","symbol":"N225","close":1,"session":")"} + session + "\"}\n";
    };
    const Outcome outcome =
        read_text(bar("2025-04-02") + quote(5) + bar("2025-04-03") + quote(6) + bar("2025-03-31"));
    CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(outcome.counters.rejected_for(RejectReason::out_of_order) == 2);
}

namespace {
/// `Date,Close` of N225, mapped at tocsin.yaml:5:10.
config::CsvMapping daily_closes() {
    config::CsvMapping mapping;
    mapping.symbol = "N225";
    mapping.session = "Date";
    mapping.close = "Close";
    mapping.place = {"tocsin.yaml", 5, 10};
    return mapping;
}
} // namespace

TEST_CASE("a CSV file is read behind its header") {
    const tests::TempDir dir;
    const config::CsvMapping mapping = daily_closes();
    const std::string file = dir.write(
        "daily.csv", "\xEF\xBB\xBF"
                     "Date,Close\r\n2025-04-01,35624.48\r\n\r\n2025-04-02,null\r\n2025-04-03,34735.93");
    const Outcome outcome = read(feed_of(file, mapping));
    CHECK(outcome.events ==
          decltype(outcome.events){{2, "2025-04-01T06:30:00Z bar N225 2025-04-01 - - - 35624.48"},
                                   {5, "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 34735.93"}});
    REQUIRE(outcome.rejects.size() == 1);
    CHECK(outcome.rejects[0].line == 4);
    CHECK(outcome.rejects[0].file == file);
    CHECK(outcome.rejects[0].text == "2025-04-02,null");
}

TEST_CASE("a file that cannot be read is an error where the configuration names it") {
    const tests::TempDir dir;
    const config::CsvMapping mapping = daily_closes();
    const auto error_of = [](const config::Feed& feed) {
        const Outcome outcome = read(feed);
        REQUIRE(outcome.error);
        return outcome.error->text();
    };
    const std::string missing = dir.at("missing.ndjson"), folder = dir.path().string();
    CHECK(error_of(feed_of(missing)) ==
          "tocsin.yaml:3:5: cannot open " + missing + ": No such file or directory");
    CHECK(error_of(feed_of(folder)) == "tocsin.yaml:3:5: cannot read " + folder + ": Is a directory");
    CHECK(error_of(feed_of(folder, mapping)) ==
          "tocsin.yaml:3:5: cannot read " + folder + ": Is a directory");
    const std::string empty = dir.write("empty.csv", "");
    CHECK(error_of(feed_of(empty, mapping)) ==
          "tocsin.yaml:3:5: " + empty + " is empty; a CSV file begins with a header row");
    const std::string other = dir.write("other.csv", "Day,Close\n");
    CHECK(error_of(feed_of(other, mapping)) ==
          "tocsin.yaml:5:10: the header of " + other + " has no column \"Date\" (it has \"Day, Close\")");
    config::Feed late = feed_of(dir.write("good.ndjson", quote(1)));
    late.lateness = {3, DurationUnit::sessions};
    CHECK(error_of(late) == "tocsin.yaml:3:5: lateness of feed \"a-feed\" must be clock time, like 5s");
}

TEST_CASE("an archive is read as the file that went into it") {
    const tests::TempDir dir;
    const std::string text = quote(1) + "nonsense\n" + quote(2) + quote(1);
    for (const auto& [name, bytes] :
         {std::pair{"a.ndjson.gz", tests::gzip(text)}, {"a.ndjson.zst", tests::zstd(text)}}) {
        const Outcome outcome = read(feed_of(dir.write(name, bytes)));
        CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 3});
        REQUIRE(outcome.rejects.size() == 2);
        CHECK(outcome.rejects[0].line == 2);
        CHECK(outcome.rejects[1].line == 4);
        CHECK(!outcome.error);
    }
    CHECK(lines(read(feed_of(dir.write("nothing.ndjson.gz", tests::gzip(""))))).empty());
}

TEST_CASE("of an archive that is cut short the lines before are kept, and one error says where it ends") {
    const tests::TempDir dir;
    std::string text;
    for (int second = 0; second < 60; ++second) text += quote(second);
    const std::string whole = tests::gzip(text);
    const std::string file =
        dir.write("a.ndjson.gz", whole.substr(0, whole.size() - 12)); // of data and checksum
    const Outcome outcome = read(feed_of(file));
    CHECK(outcome.rejects.empty()); // half a line is none
    REQUIRE(outcome.events.size() > 30);
    REQUIRE(outcome.error);
    CHECK(outcome.error->text() == "tocsin.yaml:3:5: cannot read on in " + file + " behind line " +
                                       std::to_string(outcome.events.size()) +
                                       ": the gzip data ends too early, at byte " +
                                       std::to_string(whole.size() - 12) + "; the file is cut short");
    const Outcome none = read(feed_of(dir.write("b.ndjson.gz", "no archive\n")));
    REQUIRE(none.error);
    CHECK(none.error->text() == "tocsin.yaml:3:5: cannot read " + dir.at("b.ndjson.gz") +
                                    ": the gzip data is corrupt near byte 2 (incorrect header check)");
}

TEST_CASE("files that a pattern matches are one feed, in the order of their names") {
    const tests::TempDir dir;
    const auto write = [&](std::string_view name, const std::string& text) {
        return dir.write(name, name.ends_with(".gz") ? tests::gzip(text) : text);
    };
    write("day-2.ndjson", quote(12) + quote(14));
    const std::string tenth = write("day-10.ndjson.gz", quote(11) + "nonsense\n"); // '1' is before '2'
    const std::string last = write("day-3.ndjson", quote(13) + quote(15));
    write("other.ndjson", quote(9));
    config::Feed feed = feed_of(dir.at("day-*"));
    feed.glob = feed.file;
    const Outcome outcome = read(feed);
    CHECK(outcome.events == decltype(outcome.events){{1, "2025-04-03T00:00:11Z tick N225 34102"},
                                                     {3, "2025-04-03T00:00:12Z tick N225 34102"},
                                                     {4, "2025-04-03T00:00:14Z tick N225 34102"},
                                                     {6, "2025-04-03T00:00:15Z tick N225 34102"}});
    REQUIRE(outcome.rejects.size() == 2);
    CHECK(outcome.rejects[0].file == tenth);
    CHECK(outcome.rejects[0].line == 2);
    CHECK(outcome.rejects[1].file == last); // the order goes across the files
    CHECK(outcome.rejects[1].line == 1);
    CHECK(name(outcome.rejects[1].reason) == "out_of_order");
    feed.lateness.count = nanos_per_second;
    CHECK(lines(read(feed)) == std::vector<std::uint64_t>{1, 3, 5, 4, 6}); // and so does the lateness
}

TEST_CASE("lines of one instant and kind keep the order of their files") {
    const tests::TempDir dir;
    const auto line = [](const char* price) {
        return R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:05Z","price":)" +
               std::string{price} + "}\n";
    };
    dir.write("1", quote(3) + line("1"));
    dir.write("2", line("2"));
    config::Feed feed = feed_of(dir.at("?"));
    feed.glob = feed.file;
    CHECK(read(feed).events == decltype(Outcome::events){{1, "2025-04-03T00:00:03Z tick N225 34102"},
                                                         {2, "2025-04-03T00:00:05Z tick N225 1"},
                                                         {3, "2025-04-03T00:00:05Z tick N225 2"}});
}

TEST_CASE(
    "every file of a pattern has a header of its own, and a mistake in the last shows before the first") {
    const tests::TempDir dir;
    const config::CsvMapping mapping = daily_closes();
    dir.write("2024.csv", "\xEF\xBB\xBF"
                          "Date,Close\n2025-04-01,1\n");
    dir.write("2025.csv", "\xEF\xBB\xBF"
                          "Close,Date\n2,2025-04-02\n");
    config::Feed feed = feed_of(dir.at("*.csv"), mapping);
    feed.glob = feed.file;
    CHECK(read(feed).events ==
          decltype(Outcome::events){{2, "2025-04-01T06:30:00Z bar N225 2025-04-01 - - - 1"},
                                    {4, "2025-04-02T06:30:00Z bar N225 2025-04-02 - - - 2"}});
    const auto error_of = [&] {
        const Outcome outcome = read(feed);
        CHECK(outcome.events.empty());
        REQUIRE(outcome.error);
        return outcome.error->text();
    };
    const std::string wrong = dir.write("2026.csv", "Day,Close\n");
    CHECK(error_of() ==
          "tocsin.yaml:5:10: the header of " + wrong + " has no column \"Date\" (it has \"Day, Close\")");
    std::filesystem::remove(wrong);
    std::filesystem::create_directory(wrong);
    CHECK(error_of() == "tocsin.yaml:3:5: cannot read " + wrong + ": it is no plain file");
    feed.file = feed.glob = dir.at("*.txt");
    CHECK(error_of() == "tocsin.yaml:3:5: cannot open " + feed.file + ": no file matches");
}

TEST_CASE("a date format that is not the file's is one error, where it is declared") {
    const tests::TempDir dir;
    config::CsvMapping mapping = daily_closes();
    mapping.date_format = config::DateFormat::parse("%m/%d/%Y").value;
    mapping.date_format_place = {"tocsin.yaml", 5, 40};
    const std::string other = dir.write("other.csv", "Date,Close\n2025-04-01,1\n2025-04-02,2\n");
    const Outcome outcome = read(feed_of(other, mapping));
    REQUIRE(outcome.error);
    CHECK(outcome.error->text() ==
          "tocsin.yaml:5:40: " + other + ":2: Date \"2025-04-01\" does not fit the date_format \"%m/%d/%Y\"");
    CHECK(outcome.rejects.empty());
    // Where the first row fits, a row that does not is a bad line like any other.
    const Outcome good =
        read(feed_of(dir.write("good.csv", "Date,Close\n4/1/2025,1\n14/1/2025,2\n4/2/2025,3\n"), mapping));
    CHECK(lines(good) == std::vector<std::uint64_t>{2, 4});
    CHECK(good.counters.rejected_for(RejectReason::bad_time) == 1);
    CHECK(!good.error);
    CHECK(!read(feed_of(dir.write("empty.csv", "Date,Close\n"), mapping)).error);
}

TEST_CASE("an empty NDJSON file has no events and no errors") {
    const Outcome outcome = read_text("");
    CHECK(outcome.events.empty());
    CHECK(outcome.rejects.empty());
    CHECK(!outcome.error);
}

TEST_CASE("standard input is a file like any other") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const std::string text = quote(1) + quote(2);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    const Outcome outcome = read(feed_of("-"));
    ::dup2(before, STDIN_FILENO);
    ::close(before);
    ::close(ends[0]);
    CHECK(lines(outcome) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("threads that decode beside each other lose nothing of a long file, good or bad") {
    std::string text;
    std::size_t bad = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto second = std::to_string(100 + i % 600 / 10).substr(1);
        if (i % 97 == 0)
            text += "{\"type\":\"quote\"\n", ++bad;
        else if (i % 1'501 == 0)
            text += std::string(limits::line_bytes + 7, 'x') + '\n', ++bad;
        else
            text += R"({"type":"quote","symbol":"N225","ts":"2025-04-02T00:)" +
                    std::to_string(100 + i / 600).substr(1) + ':' + second + R"(Z","price":)" +
                    std::to_string(30'000 + i) + "}\n";
    }
    const Outcome outcome = read_text(text);
    CHECK(outcome.rejects.size() == bad);
    CHECK(outcome.events.size() == 20'000 - bad);
}

TEST_CASE("a feed that is given up in the middle ends its threads") {
    std::string text;
    for (int i = 0; i < 10'000; ++i)
        text += R"({"type":"quote","symbol":"N225","ts":"2025-04-02T00:00:00Z","price":1})"
                "\n";
    const tests::TempDir dir;
    const config::Feed feed = feed_of(dir.write("feed.ndjson", text));
    for (int pulled = 0; pulled < 3'000; pulled += 700) {
        auto file = feed::FileFeed::open(feed, 4, tests::symbols(), {}, feed::Growth::finished, 3);
        market::Event event;
        for (int i = 0; i < pulled; ++i) REQUIRE((*file)->next(event));
    }
}
