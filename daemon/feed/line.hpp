// Lines: bytes cut at LF or CRLF and numbered from 1; a last line without LF is one too. Blank lines are
// counted and passed over; a byte-order mark before the first line is dropped. Memory is bounded: of a line
// over limits::line_bytes only the beginning is kept. LineBuffer does no I/O, so that files and sockets share
// it; LineReader feeds one from an Input. One thread.
#pragma once
#include "feed/input.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace tocsin::feed {

struct Line {
    /// Without its end; at least LineBuffer::padding bytes behind it may be read (not used). Of a line that
    /// is too long, the first kept_text bytes.
    std::string_view text;
    std::uint64_t number = 0;
    bool too_long = false;
};

class LineBuffer {
public:
    /// What simdjson wants to be readable behind a document.
    static constexpr std::size_t padding = 64;
    /// A read of this size costs little more than none; mmap was measured slower, and its memory is the
    /// file's.
    static constexpr std::size_t read_bytes = 256 << 10;

    LineBuffer();
    /// Where the next bytes go, read_bytes long. Requires: next() said false. Ends the life of earlier lines.
    std::span<char> room();
    /// So many bytes were put there.
    void filled(std::size_t count) { end_ += count; }
    /// No more bytes will come: what is left is a line.
    void finish() { finished_ = true; }
    /// False if there is no whole line yet. The line lives until room() is called.
    bool next(Line& line);
    /// Of the newest line, blank ones counted.
    std::uint64_t number() const { return number_; }

private:
    bool give(std::size_t size, std::size_t step, Line& line);
    std::unique_ptr<char[]> bytes_;
    std::size_t begin_ = 0, end_ = 0; // what is not yet given out
    std::size_t searched_ = 0;        // bytes from begin_ on that hold no LF
    std::uint64_t number_ = 0;
    bool skipping_ = false; // inside a line that was reported as too long
    bool finished_ = false;
};

/// What the end of an input means: that it is done, or that there is no more so far.
enum class Growth : std::uint8_t { finished, growing };

class LineReader {
public:
    /// Borrows `input`.
    LineReader(Input& input, Growth growth) : input_{input}, growth_{growth} {}
    /// False at the end, or where reading failed: see Input::problem(). Of what grows, false for now: a line
    /// without its LF is then not yet one.
    bool next(Line& line);
    /// What grew will grow no more.
    void finish() { growth_ = Growth::finished; }
    std::uint64_t number() const { return buffer_.number(); }

private:
    Input& input_;
    Growth growth_;
    bool ended_ = false;
    LineBuffer buffer_;
};

} // namespace tocsin::feed
