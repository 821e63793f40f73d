#include "base/limits.hpp"
#include "feed/line.hpp"
#include "feed/reject.hpp"

#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace tocsin;
using feed::Line;

namespace {

struct Seen {
    std::uint64_t number;
    std::string text;
    bool too_long;
    bool operator==(const Seen&) const = default;
};

/// All lines of `bytes`, which arrive in pieces of `piece` bytes.
std::vector<Seen> lines_of(std::string_view bytes, std::size_t piece) {
    feed::LineBuffer buffer;
    std::vector<Seen> seen;
    Line line;
    const auto drain = [&] {
        while (buffer.next(line)) seen.push_back({line.number, std::string{line.text}, line.too_long});
    };
    while (!bytes.empty()) {
        const std::span<char> room = buffer.room();
        const std::size_t count = std::min({piece, bytes.size(), room.size()});
        std::memcpy(room.data(), bytes.data(), count);
        buffer.filled(count);
        bytes.remove_prefix(count);
        drain();
    }
    buffer.finish();
    drain();
    return seen;
}

} // namespace

TEST_CASE("bytes are cut into numbered lines, however they arrive") {
    struct Row {
        const char *name, *bytes;
        std::vector<Seen> lines;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing", "", {}},
        {"LF", "a\nb\n", {{1, "a", false}, {2, "b", false}}},
        {"CRLF", "a\r\nb\r\n", {{1, "a", false}, {2, "b", false}}},
        {"a last line without an end", "a\nb", {{1, "a", false}, {2, "b", false}}},
        {"a last line that ends with CR", "a\nb\r", {{1, "a", false}, {2, "b", false}}},
        {"blank lines count and say nothing", "a\n\n \t\r\nb\n\n", {{1, "a", false}, {4, "b", false}}},
        {"a byte-order mark",
         "\xEF\xBB\xBF"
         "a\n\xEF\xBB\xBF"
         "b\n",
         {{1, "a", false},
          {2,
           "\xEF\xBB\xBF"
           "b",
           false}}},
        {"a CR inside", "a\rb\n", {{1, "a\rb", false}}},
    }));
    CAPTURE(row.name);
    for (const std::size_t piece : {1u, 2u, 3u, 1000u}) CHECK(lines_of(row.bytes, piece) == row.lines);
}

TEST_CASE("of a line over the limit only the beginning is kept, and the next is whole") {
    const std::string longest(limits::line_bytes, 'x'), kept(feed::kept_text, 'x');
    const std::size_t piece = GENERATE(1000u, 4096u, 1u << 20);
    for (const std::string end : {"\n", "\r\n"}) {
        CHECK(lines_of(longest + end + "b" + end, piece) ==
              std::vector<Seen>{{1, longest, false}, {2, "b", false}});
        CHECK(lines_of(longest + "x" + end + "b" + end, piece) ==
              std::vector<Seen>{{1, kept, true}, {2, "b", false}});
        CHECK(lines_of(longest + longest + longest + end + "b", piece) ==
              std::vector<Seen>{{1, kept, true}, {2, "b", false}});
    }
    CHECK(lines_of(longest + longest, piece) == std::vector<Seen>{{1, kept, true}});
}

TEST_CASE("a reader takes lines from a pipe until it is closed") {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    bool written = true; // Catch's assertions are for one thread
    std::thread writer{[&] {
        for (const std::string_view part : {"first\nsec", "ond\nthird"})
            written =
                ::write(ends[1], part.data(), part.size()) == static_cast<ssize_t>(part.size()) && written;
        ::close(ends[1]);
    }};
    const auto input = feed::input_of(ends[0], "-");
    feed::LineReader reader{*input, feed::Growth::finished};
    Line line;
    for (const char* expected : {"first", "second", "third"}) {
        REQUIRE(reader.next(line));
        CHECK(line.text == expected);
    }
    CHECK(!reader.next(line));
    CHECK(!reader.next(line));
    CHECK(input->problem().empty());
    writer.join();
    CHECK(written);
    ::close(ends[0]);
}

TEST_CASE("a read that fails is told apart from the end") {
    const int directory = ::open("/", O_RDONLY);
    const auto input = feed::input_of(directory, "/");
    feed::LineReader reader{*input, feed::Growth::finished};
    Line line;
    CHECK(!reader.next(line));
    CHECK(input->problem() == std::strerror(EISDIR));
    ::close(directory);
}
