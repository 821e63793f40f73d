#include "feed/input.hpp"

#include "feed/line.hpp"
#include "tests/support/archive.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <random>
#include <unistd.h>

using namespace tocsin;
using tests::gzip;
using tests::zstd;

namespace {

struct Read {
    std::string text, problem;
};

/// All of a file of that name with these bytes, taken in pieces of that size.
Read read(const std::string& name, std::string_view bytes, std::size_t piece = 256 << 10) {
    const tests::TempDir dir;
    const int fd = ::open(dir.write(name, bytes).c_str(), O_RDONLY);
    Read out;
    {
        const auto input = feed::input_of(fd, name);
        std::string room(piece, '\0');
        while (const std::size_t got = input->read(room)) out.text.append(room, 0, got);
        CHECK(input->read(room) == 0);
        out.problem = input->problem();
    }
    ::close(fd);
    return out;
}

/// Lines that compress as feeds do, more of them than any buffer holds.
const std::string& feed_text() {
    static const std::string text = [] {
        std::mt19937 random{7};
        std::string all;
        while (all.size() < 2'000'000)
            all += R"({"type":"quote","symbol":"N225","price":)" + std::to_string(random() % 40'000) + "}\n";
        return all;
    }();
    return text;
}

/// "a,b\n1,2\n" as `zstd -19` 1.5.4 wrote it.
constexpr std::string_view zstd_of_the_tool{
    "\x28\xb5\x2f\xfd\x04\x68\x41\x00\x00\x61\x2c\x62\x0a\x31\x2c\x32\x0a\x35\xe7\xca\xce", 21};

} // namespace

TEST_CASE("an archive is read as the text that went into it, in pieces of any size") {
    const std::string& text = feed_text();
    for (const std::size_t piece : {1009u, 65536u, 4u << 20}) {
        for (const auto& [name, bytes] :
             {std::pair{"a.gz", gzip(text)}, {"a.zst", zstd(text)}, {"a.ndjson", text}}) {
            CAPTURE(name, piece);
            const Read all = read(name, bytes, piece);
            CHECK((all.text == text));
            CHECK(all.problem.empty());
        }
    }
    CHECK(read("a.zst", zstd_of_the_tool).text == "a,b\n1,2\n");
}

TEST_CASE("archives behind each other are one text, empty ones among them") {
    CHECK(read("a.gz", gzip("one\n") + gzip("") + gzip("two\n")).text == "one\ntwo\n");
    CHECK(read("a.zst", zstd("one\n") + zstd("") + zstd("two\n")).text == "one\ntwo\n");
    for (const auto& [name, empty] : {std::pair{"a.gz", gzip("")}, {"a.zst", zstd("")}}) {
        const Read nothing = read(name, empty);
        CHECK(nothing.text.empty());
        CHECK(nothing.problem.empty());
    }
}

TEST_CASE("of an archive that is cut short, anywhere, what is there is read and the rest is told") {
    const std::string text = feed_text().substr(0, 3000);
    for (const auto& [name, whole, word] :
         {std::tuple{"a.gz", gzip(text), "gzip"}, {"a.zst", zstd(text), "zstd"}}) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            CAPTURE(name, size);
            const Read part = read(name, whole.substr(0, size));
            CHECK(text.starts_with(part.text));
            CHECK(part.problem == std::string{"the "} + word + " data ends too early, at byte " +
                                      std::to_string(size) + "; the file is cut short");
        }
        // Behind a whole one too.
        const Read second = read(name, whole + whole.substr(0, whole.size() / 2));
        CHECK(second.text.starts_with(text));
        CHECK(second.problem.find("cut short") != std::string::npos);
    }
}

TEST_CASE("an archive with a wrong byte, anywhere, gives its text or says what is wrong") {
    const std::string text = feed_text().substr(0, 3000);
    int found = 0, tried = 0;
    for (const auto& [name, whole] : {std::pair{"a.gz", gzip(text)}, {"a.zst", zstd(text)}}) {
        for (std::size_t at = 0; at < whole.size(); ++at) {
            std::string wrong = whole;
            wrong[at] = static_cast<char>(wrong[at] ^ 0x55);
            const Read outcome = read(name, wrong);
            CAPTURE(name, at, outcome.problem);
            CHECK((outcome.text == text || !outcome.problem.empty()));
            found += outcome.problem.empty() ? 0 : 1;
            ++tried;
        }
    }
    CHECK(found > tried * 9 / 10); // both carry checksums; a few bytes of a header say nothing
}

TEST_CASE("what is no archive, or has something behind it, is told with its place") {
    CHECK(read("a.gz", "Date,Close\n").problem ==
          "the gzip data is corrupt near byte 2 (incorrect header check)");
    CHECK(read("a.zst", "Date,Close\n").problem.starts_with("the zstd data is corrupt near byte 0 ("));
    const Read more = read("a.gz", gzip("one\n") + "more");
    CHECK(more.text == "one\n");
    CHECK(more.problem == "the gzip data is corrupt near byte " + std::to_string(gzip("one\n").size() + 2) +
                              " (incorrect header check)");
}

TEST_CASE("a zstd window beyond the limit is refused, and it is said what to do") {
    CHECK(read("a.zst", tests::zstd_of_window("text\n", 28)).problem ==
          "its zstd window is over 128 MiB; compress it without --long");
    CHECK(read("a.zst", tests::zstd_of_window("text\n", 27)).text == "text\n");
}
