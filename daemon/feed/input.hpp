// Input: the bytes of a file from its first to its last, decompressed on the way where its name ends in .gz
// (RFC 1952, by zlib) or .zst (RFC 8878, by libzstd); several members or frames behind each other are one
// text. Nothing is decompressed further than asked for: memory is a buffer, and the window that the archive
// wants (gzip 32 KiB, zstd at most limits::zstd_window_log). One thread.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tocsin::feed {

class Input {
public:
    virtual ~Input() = default;
    /// How many bytes were put into `room`; 0 at the end, at the present end of what grows, and where reading
    /// failed: see problem(). Requires: room.
    virtual std::size_t read(std::span<char> room) = 0;
    /// Why reading failed, for people; empty while it did not. Ever after read() gives 0.
    const std::string& problem() const { return problem_; }

protected:
    std::string problem_;
};

/// As `name` says. Borrows the descriptor, which may be a pipe.
std::unique_ptr<Input> input_of(int fd, std::string_view name);

} // namespace tocsin::feed
