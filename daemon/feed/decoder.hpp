// Decoder: one line in, one event or a fault out. Implementations: ndjson.hpp, csv.hpp. One thread each.
#pragma once
#include "feed/line.hpp"
#include "feed/reject.hpp"

#include <memory>
#include <string_view>

namespace tocsin::feed {

class Decoder {
public:
    virtual ~Decoder() = default;
    /// Fills `out.at` and `out.what`; after a fault they are unspecified. Requires: LineBuffer::padding
    /// readable bytes behind the line.
    virtual Checked decode(std::string_view line, market::Event& out) = 0;
    /// Another one for the same file, for another thread.
    virtual std::unique_ptr<Decoder> clone() const = 0;
};

/// A line of a LineBuffer, whatever it is.
inline Checked decode(Decoder& decoder, const Line& line, market::Event& out) {
    if (line.too_long) return Fault{RejectReason::too_long, "a line over 1 MiB"};
    return decoder.decode(line.text, out);
}

} // namespace tocsin::feed
