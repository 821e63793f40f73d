// A session date as an option of the command line.
#pragma once
#include <string>
#include <tocsin/time.hpp>

namespace tocsin::cli {

/// What is wrong with the text, for CLI::Option::check; empty if it is a date like 2025-04-03.
inline std::string date_problem(const std::string& text) {
    const auto parsed = SessionDate::parse(text);
    return parsed ? "" : '"' + text + "\" " + std::string{parsed.problem};
}

} // namespace tocsin::cli
