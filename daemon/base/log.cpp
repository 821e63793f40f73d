#include "base/log.hpp"

#include <cstdlib>
#include <memory>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace tocsin::log {
namespace {

/// syslog's numbers, which journald reads off the start of a line (sd-daemon(3)).
constexpr std::string_view priority(Level level) {
    switch (level) {
    case Level::debug:
        return "<7>";
    case Level::info:
        return "<6>";
    case Level::warning:
        return "<4>";
    case Level::error:
        return "<3>";
    }
    return "<6>";
}

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
    case Level::debug:
        return spdlog::level::debug;
    case Level::info:
        return spdlog::level::info;
    case Level::warning:
        return spdlog::level::warn;
    case Level::error:
        return spdlog::level::err;
    }
    return spdlog::level::info;
}

bool to_journal() {
    static const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    return journal;
}

} // namespace

void open(Level least) {
    auto logger = spdlog::stderr_color_mt("tocsin");
    logger->set_pattern(to_journal() ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v",
                        spdlog::pattern_time_type::utc);
    logger->set_level(spdlog_level(least));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void write(Level level, std::string_view line) {
    if (to_journal())
        spdlog::log(spdlog_level(level), "{}{}", priority(level), line);
    else
        spdlog::log(spdlog_level(level), "{}", line);
}

void flush() {
    spdlog::default_logger()->flush();
}

} // namespace tocsin::log
