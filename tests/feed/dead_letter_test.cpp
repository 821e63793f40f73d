#include "feed/dead_letter.hpp"

#include "base/limits.hpp"
#include "feed/reject_log.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <thread>

using namespace tocsin;
using feed::DeadLetters;
using feed::Reject;
using feed::RejectReason;

namespace {

std::string content(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream{path, std::ios::binary}.rdbuf();
    return out.str();
}

Reject reject(std::uint64_t line, std::string text = "x") {
    return {0, "f", line, RejectReason::bad_json, "why", std::move(text)};
}

} // namespace

TEST_CASE("a dead letter is one JSON object, whatever the line was") {
    const Reject given{
        0, "feeds/a.csv", 17, RejectReason::bad_utf8, "not \"UTF-8\"", "a\xff\"\\\t\xe6\x97\xa5\xe6\x97"};
    CHECK(feed::dead_letter(given, "n225") ==
          R"({"feed":"n225","file":"feeds/a.csv","line":17,"reason":"bad_utf8","text":"a)"
          "\xEF\xBF\xBD"
          R"(\"\\\t)"
          "\xe6\x97\xa5"
          "\xEF\xBF\xBD\xEF\xBF\xBD"
          R"(","detail":"not \"UTF-8\""})"
          "\n");
}

TEST_CASE("what is no UTF-8 is replaced, byte by byte") {
    struct Row {
        const char *bytes, *written;
    };
    const auto row = GENERATE(values<Row>({
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"\xc0\xaf", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                 // longer than needed
        {"\xed\xa0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},                 // a surrogate
        {"\xf4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, // beyond U+10FFFF
        {"\xe2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},                                 // cut
        {"\x80z", "\xEF\xBF\xBDz"},
    }));
    CHECK(feed::dead_letter(reject(1, row.bytes), "n") ==
          R"({"feed":"n","file":"f","line":1,"reason":"bad_json","text":")" + std::string{row.written} +
              R"(","detail":"why"})"
              "\n");
}

TEST_CASE("each feed has its file, whose name is safe") {
    CHECK(DeadLetters::file_name("nikkei-daily_1.5", 0) == "nikkei-daily_1.5.ndjson");
    CHECK(DeadLetters::file_name("../a b", 0) == "%2E.%2Fa%20b.ndjson");
    CHECK(DeadLetters::file_name("日", 0) == "%E6%97%A5.ndjson");
    CHECK(DeadLetters::file_name(std::string(300, 'a'), 7) == std::string(200, 'a') + "%7.ndjson");
}

TEST_CASE("dead letters are appended, and an earlier run's are kept or removed") {
    const tests::TempDir dir;
    const std::string place = dir.at("store/dead-letter");
    const auto run = [&](DeadLetters::Earlier earlier, std::uint64_t line) {
        auto letters = DeadLetters::open(place, {"a", "b"}, earlier);
        REQUIRE(letters.has_value());
        CHECK(!(*letters)->write(reject(line)));
    };
    const auto written = [](std::uint64_t line) { return feed::dead_letter(reject(line), "a"); };
    run(DeadLetters::Earlier::keep, 1);
    run(DeadLetters::Earlier::keep, 2);
    CHECK(content(place + "/a.ndjson") == written(1) + written(2));
    run(DeadLetters::Earlier::remove, 3);
    CHECK(content(place + "/a.ndjson") == written(3));
    CHECK(!std::ifstream{place + "/b.ndjson"}); // nothing was wrong there
}

TEST_CASE("a full file is moved away once, so the disk holds two at most") {
    const tests::TempDir dir;
    auto letters = DeadLetters::open(dir.path().string(), {"a"}, DeadLetters::Earlier::keep);
    REQUIRE(letters.has_value());
    const std::string text(feed::kept_text, 'x');
    const std::size_t size = feed::dead_letter(reject(1'000'000, text), "a").size();
    const std::uint64_t in_a_file = limits::dead_letter_bytes / size;
    for (std::uint64_t i = 0; i < 2 * in_a_file + 1; ++i)
        CHECK(!(*letters)->write(reject(1'000'000 + i, text)));
    CHECK(content(dir.at("a.ndjson")) == feed::dead_letter(reject(1'000'000 + 2 * in_a_file, text), "a"));
    const std::string moved = content(dir.at("a.ndjson.1"));
    CHECK(moved.size() == in_a_file * size);
    CHECK(moved.starts_with(feed::dead_letter(reject(1'000'000 + in_a_file, text), "a")));
}

TEST_CASE("a disk that refuses is reported once, and again after it has worked") {
    const tests::TempDir dir;
    auto letters = DeadLetters::open(dir.path().string(), {"a"}, DeadLetters::Earlier::keep);
    REQUIRE(letters.has_value());
    ::mkdir(dir.at("a.ndjson").c_str(), 0755); // in the way
    const auto error = (*letters)->write(reject(1));
    REQUIRE(error);
    CHECK(error->text() == "cannot keep bad lines in " + dir.at("a.ndjson") + ": Is a directory");
    CHECK(!(*letters)->write(reject(2)));
    ::rmdir(dir.at("a.ndjson").c_str());
    CHECK(!(*letters)->write(reject(3)));
    CHECK(content(dir.at("a.ndjson")) == feed::dead_letter(reject(3), "a"));

    const std::string file = dir.write("file", "");
    CHECK(DeadLetters::open(file + "/below", {"a"}, DeadLetters::Earlier::keep).has_error());
}

TEST_CASE("threads share dead letters") {
    const tests::TempDir dir;
    auto letters = DeadLetters::open(dir.path().string(), {"a"}, DeadLetters::Earlier::keep);
    REQUIRE(letters.has_value());
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (std::uint64_t line = 0; line < 200; ++line) (void)(*letters)->write(reject(line));
        });
    for (std::thread& thread : threads) thread.join();
    std::istringstream written{content(dir.at("a.ndjson"))};
    int whole = 0;
    for (std::string line; std::getline(written, line);)
        whole += line.starts_with('{') && line.ends_with('}') ? 1 : 0;
    CHECK(whole == 800);
}

TEST_CASE("people hear of the first rejects of a kind, then of every tenfold") {
    std::vector<std::string> said;
    feed::RejectLog log{{"nikkei-daily", "desk"}, [&](std::string_view line) { said.emplace_back(line); }};
    for (std::uint64_t line = 1; line <= 1000; ++line)
        log.add({0, "feeds/n225.csv", line, RejectReason::price_not_positive, "price is -3", ""});
    log.add({1, "127.0.0.1:4711", 1, RejectReason::price_not_positive, "price is 0", ""});
    log.add({0, "feeds/n225.csv", 1001, RejectReason::bad_time, "Date is odd", ""});
    const auto line = [](std::uint64_t number) {
        return "feeds/n225.csv:" + std::to_string(number) +
               ": rejected (price_not_positive): price is -3 [feed nikkei-daily]";
    };
    CHECK(said == std::vector<std::string>{
                      line(1), line(2), line(3), line(4),
                      line(5) + "; of more, only the 10th, 100th … are told",
                      line(10) + ", number 10 of its kind", line(100) + ", number 100 of its kind",
                      line(1000) + ", number 1000 of its kind",
                      "127.0.0.1:4711:1: rejected (price_not_positive): price is 0 [feed desk]",
                      "feeds/n225.csv:1001: rejected (bad_time): Date is odd [feed nikkei-daily]"});
}
