#include "config/glob.hpp"

#include "config/fields.hpp"

#include <algorithm>
#include <glob.h>

namespace tocsin::config {

bool is_pattern(std::string_view name) {
    return name.find_first_of("*?[") != std::string_view::npos;
}

std::string pattern_beside(const std::string& pattern, const Place& named_at) {
    std::string quoted;
    if (!pattern.starts_with('/'))
        for (const char c : path_beside("", named_at)) {
            if (std::string_view{"*?[\\"}.find(c) != std::string_view::npos) quoted += '\\';
            quoted += c;
        }
    return quoted + pattern;
}

std::vector<std::string> files_matching(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> files;
    // GLOB_NOSORT: glob would sort as the locale does.
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    ::globfree(&found);
    std::sort(files.begin(), files.end());
    return files;
}

} // namespace tocsin::config
