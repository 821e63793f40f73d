// Archives: text as gzip(1) and zstd(1) would write it, for tests of those who read it.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>
#include <zlib.h>
#include <zstd.h>

namespace tocsin::tests {

inline std::string gzip(std::string_view text) {
    z_stream stream{};
    constexpr int gzip_header = 16;
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + gzip_header, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error{"deflateInit2 failed"};
    std::string in{text}, out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (!done) throw std::runtime_error{"deflate failed"};
    return out;
}

/// Streamed, so that the frame names its window and not its size; with a checksum, as the tool writes it.
inline std::string zstd_of_window(std::string_view text, int window_log) {
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    if (window_log != 0) ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_inBuffer from{text.data(), text.size(), 0};
    bool good = ZSTD_isError(ZSTD_compressStream2(context, &to, &from, ZSTD_e_continue)) == 0;
    good = ZSTD_compressStream2(context, &to, &from, ZSTD_e_end) == 0 && good;
    ZSTD_freeCCtx(context);
    if (!good) throw std::runtime_error{"zstd failed"};
    out.resize(to.pos);
    return out;
}

inline std::string zstd(std::string_view text) {
    return zstd_of_window(text, 0);
}

} // namespace tocsin::tests
