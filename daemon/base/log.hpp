// The log: lines for the operator on standard error, through spdlog. Any thread. Libraries return errors;
// only engine/ and cli/ log (and feed/, push/ where a peer's mistake has no caller to be returned to).
#pragma once
#include <string>
#include <string_view>

namespace tocsin::log {

enum class Level { debug, info, warning, error };

/// Sets up the one logger, once, before threads start. Lines go to standard error; under systemd
/// (JOURNAL_STREAM is set) they carry a `<N>` priority instead of a time.
void open(Level least);
void write(Level level, std::string_view line);
inline void debug(std::string_view line) {
    write(Level::debug, line);
}
inline void info(std::string_view line) {
    write(Level::info, line);
}
inline void warn(std::string_view line) {
    write(Level::warning, line);
}
inline void error(std::string_view line) {
    write(Level::error, line);
}
void flush();

} // namespace tocsin::log
