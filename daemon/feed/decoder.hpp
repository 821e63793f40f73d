// Decoder: one line in, one event or a fault out. Implementations: ndjson.hpp, csv.hpp. One thread each.
#pragma once
#include "feed/reject.hpp"

#include <string_view>

namespace tocsin::feed {

class Decoder {
public:
    virtual ~Decoder() = default;
    /// Fills `out.at` and `out.what`; after a fault they are unspecified. Requires: LineBuffer::padding
    /// readable bytes behind the line.
    virtual Checked decode(std::string_view line, market::Event& out) = 0;
};

} // namespace tocsin::feed
