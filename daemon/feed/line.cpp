#include "feed/line.hpp"

#include "base/limits.hpp"
#include "feed/reject.hpp"

#include <cstring>

namespace tocsin::feed {
namespace {

// What may be held of a line without LF: the longest line, and a CR.
constexpr std::size_t most_held = limits::line_bytes + 1;

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t") == std::string_view::npos;
}

} // namespace

LineBuffer::LineBuffer() : bytes_{std::make_unique_for_overwrite<char[]>(most_held + read_bytes + padding)} {}

std::span<char> LineBuffer::room() {
    std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return {bytes_.get() + end_, read_bytes};
}

bool LineBuffer::next(Line& line) {
    for (;;) {
        const char* const from = bytes_.get() + begin_;
        const std::size_t left = end_ - begin_;
        if (const void* const found = std::memchr(from + searched_, '\n', left - searched_)) {
            const auto size = static_cast<std::size_t>(static_cast<const char*>(found) - from);
            if (give(size, size + 1, line)) return true;
            continue;
        }
        searched_ = left;
        if (finished_) return left > 0 && give(left, left, line);
        if (skipping_ || left > most_held) return give(left, left, line);
        return false;
    }
}

// Takes `step` bytes off the front, of which `size` are the line's. False if they are nothing to show.
bool LineBuffer::give(std::size_t size, std::size_t step, Line& line) {
    const bool ends = step > size || finished_;
    std::string_view text{bytes_.get() + begin_, size};
    begin_ += step;
    searched_ = 0;
    if (skipping_) {
        skipping_ = !ends;
        return false;
    }
    ++number_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (number_ == 1 && text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (is_blank(text) && ends) return false;
    const bool too_long = text.size() > limits::line_bytes || !ends;
    skipping_ = !ends;
    line = {too_long ? text.substr(0, kept_text) : text, number_, too_long};
    return true;
}

bool LineReader::next(Line& line) {
    while (!buffer_.next(line)) {
        if (ended_) return false;
        if (const std::size_t got = input_.read(buffer_.room())) {
            buffer_.filled(got);
            continue;
        }
        const bool failed = !input_.problem().empty();
        if (!failed && growth_ == Growth::growing) return false;
        ended_ = true;
        if (!failed) buffer_.finish(); // of what could not be read on, the last piece is no line
    }
    return true;
}

} // namespace tocsin::feed
