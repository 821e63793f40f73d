// NDJSON: one JSON object a line, one event an object (contract, section 2). Fields come in any order;
// unknown ones are ignored, but the line must be well-formed JSON all through. simdjson underneath, a
// document a line: its iterate_many loses a whole batch to one bad byte. A quote allocates nothing.
#pragma once
#include "feed/check.hpp"
#include "feed/decoder.hpp"

#include <memory>

namespace tocsin::feed {

/// Borrows `check`. A null, and an object or a list where text or a number belongs, is a value of the wrong
/// form.
std::unique_ptr<Decoder> ndjson_decoder(const Check& check);

} // namespace tocsin::feed
