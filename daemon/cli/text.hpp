// Alerts as lines for people: time at the exchange, severity, what happened, rule, sentence. Coloured on a
// terminal.
#pragma once
#include "alert/alert.hpp"

#include <cstdio>
#include <string>

namespace tocsin::cli {

struct TextLine {
    std::string when, severity, state, reason, quality, rule, summary;
    bool muted = false;
};

/// One line, without its end.
std::string to_text(const TextLine& line, bool coloured);
TextLine text_line(const alert::Alert& alert, std::string when);
/// A terminal, and NO_COLOR is not set (no-color.org).
bool colours_wanted(std::FILE* stream);

} // namespace tocsin::cli
