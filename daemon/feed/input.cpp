#include "feed/input.hpp"

#include "base/limits.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <unistd.h>
// Debian's zlib1g-dev and libzstd-dev: what every archive is made with.
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace tocsin::feed {
namespace {

class Plain final : public Input {
public:
    explicit Plain(int fd) : fd_{fd} {}
    std::size_t read(std::span<char> room) override {
        while (problem_.empty()) {
            const ssize_t got = ::read(fd_, room.data(), room.size());
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) problem_ = std::strerror(errno);
        }
        return 0;
    }

private:
    int fd_;
};

/// What both formats share: a piece of the archive at hand, and the words for what may be wrong with it.
class Compressed : public Input {
protected:
    Compressed(int fd, std::string_view format) : archive_{fd}, format_{format} {}

    /// Gets the next piece, once the one before is used up. False at the end of the archive, which is a
    /// problem inside of a member or frame, and before the first.
    bool refill(bool inside) {
        size_ = archive_.read(piece_);
        taken_ += size_;
        if (size_ > 0) return true;
        if (!archive_.problem().empty())
            problem_ = archive_.problem();
        else if (inside || taken_ == 0)
            problem_ = "the " + format_ + " data ends too early, at byte " + std::to_string(taken_) +
                       "; the file is cut short";
        return false;
    }
    /// `left` bytes of the piece are not used up.
    void corrupt(std::size_t left, std::string_view what) {
        problem_ = "the " + format_ + " data is corrupt near byte " + std::to_string(taken_ - left) + " (" +
                   std::string{what} + ")";
    }

    std::array<char, 64 << 10> piece_;
    std::size_t size_ = 0;    // of the piece
    std::uint64_t taken_ = 0; // of the archive, up to the end of the piece

private:
    Plain archive_;
    const std::string format_;
};

class Gzip final : public Compressed {
public:
    explicit Gzip(int fd) : Compressed{fd, "gzip"} {
        constexpr int largest_window = 15, with_gzip_header = 16;
        if (inflateInit2(&stream_, largest_window + with_gzip_header) != Z_OK)
            problem_ = "there is no memory to decompress it";
    }
    ~Gzip() override { inflateEnd(&stream_); }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    std::size_t read(std::span<char> room) override {
        while (problem_.empty()) {
            // Without input too: what found no room before may still be inside.
            stream_.next_out = reinterpret_cast<Bytef*>(room.data());
            stream_.avail_out = static_cast<uInt>(room.size());
            const uInt left = stream_.avail_in;
            const int code = inflate(&stream_, Z_NO_FLUSH);
            const std::size_t got = room.size() - stream_.avail_out;
            inside_ = inside_ || stream_.avail_in < left;
            if (code == Z_STREAM_END) {
                inside_ = false;
                inflateReset(&stream_);
            } else if (code != Z_OK && code != Z_BUF_ERROR) {
                corrupt(stream_.avail_in, stream_.msg != nullptr ? stream_.msg : zError(code));
            }
            if (got > 0) return got;
            if (problem_.empty() && stream_.avail_in == 0) {
                if (!refill(inside_)) return 0;
                stream_.next_in = reinterpret_cast<Bytef*>(piece_.data());
                stream_.avail_in = static_cast<uInt>(size_);
            }
        }
        return 0;
    }

private:
    z_stream stream_{};
    bool inside_ = false; // of a member
};

class Zstd final : public Compressed {
public:
    explicit Zstd(int fd) : Compressed{fd, "zstd"}, context_{ZSTD_createDCtx(), &ZSTD_freeDCtx} {
        if (context_ == nullptr || ZSTD_isError(ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax,
                                                                       limits::zstd_window_log)) != 0)
            problem_ = "there is no memory to decompress it";
    }

    std::size_t read(std::span<char> room) override {
        while (problem_.empty()) {
            if (inside_ || in_.pos < in_.size) {
                ZSTD_outBuffer out{room.data(), room.size(), 0};
                const std::size_t code = ZSTD_decompressStream(context_.get(), &out, &in_);
                inside_ = code != 0;
                if (ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge)
                    problem_ = "its zstd window is over 128 MiB; compress it without --long";
                else if (ZSTD_isError(code) != 0)
                    corrupt(in_.size - in_.pos, ZSTD_getErrorName(code));
                if (out.pos > 0) return out.pos;
            }
            if (problem_.empty() && in_.pos == in_.size) {
                if (!refill(inside_)) return 0;
                in_ = {piece_.data(), size_, 0};
            }
        }
        return 0;
    }

private:
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context_;
    ZSTD_inBuffer in_{nullptr, 0, 0};
    bool inside_ = false; // of a frame
};

} // namespace

std::unique_ptr<Input> input_of(int fd, std::string_view name) {
    if (name.ends_with(".gz")) return std::make_unique<Gzip>(fd);
    if (name.ends_with(".zst")) return std::make_unique<Zstd>(fd);
    return std::make_unique<Plain>(fd);
}

} // namespace tocsin::feed
