// The id of an episode: the first 128 bits, in hex, of SHA-256 over rule name, symbol, subject, the first
// transition's time in nanoseconds and an ordinal among the episodes of that rule, symbol and subject that
// began at that instant, each as text, NUL between (contract section 5). Nothing of feeds, lines or
// processes.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tocsin/time.hpp>

namespace tocsin::alert {

/// 32 lower-case hex digits.
std::string episode_id(std::string_view rule, std::string_view symbol, std::string_view subject, Time at,
                       std::uint32_t ordinal);

} // namespace tocsin::alert
