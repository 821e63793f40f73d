#include "cli/text.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <unistd.h>

namespace tocsin::cli {
namespace {

std::string_view colour_of(std::string_view severity, std::string_view state) {
    if (state == "resolved") return "\x1b[32m";
    if (severity == "critical") return "\x1b[1;31m";
    if (severity == "warning") return "\x1b[33m";
    return "\x1b[36m";
}

} // namespace

std::string to_text(const TextLine& line, bool coloured) {
    std::string what = line.state;
    if (line.reason != "entered" && line.state != "resolved") what = line.reason;
    if (line.state == "resolved" && line.reason != "cleared") what += " (" + line.reason + ')';
    std::string text =
        fmt::format("{}  {:<8}  {:<8}  {}: {}", line.when, line.severity, what, line.rule, line.summary);
    if (line.quality != "ok") text += " [" + line.quality + ']';
    if (line.muted) text += " [muted]";
    return coloured ? fmt::format("{}{}\x1b[0m", colour_of(line.severity, line.state), text) : text;
}

TextLine text_line(const alert::Alert& alert, std::string when) {
    return {std::move(when),
            std::string{name(alert.severity)},
            std::string{name(alert.state)},
            std::string{name(alert.reason)},
            std::string{name(alert.quality)},
            alert.rule,
            alert.summary,
            alert.muted};
}

bool colours_wanted(std::FILE* stream) {
    return isatty(fileno(stream)) != 0 && std::getenv("NO_COLOR") == nullptr;
}

} // namespace tocsin::cli
