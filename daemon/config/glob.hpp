// Patterns of file names, those of glob(7): `*`, `?`, `[…]`, and `\` before one that is meant as it is; no
// braces, no `**`.
#pragma once
#include "config/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

bool is_pattern(std::string_view name);
/// The pattern with the folder of the file that names it in front, unless it is absolute. The folder is a
/// name, whatever characters it has.
std::string pattern_beside(const std::string& pattern, const Place& named_at);
/// The names that match, in the order of their bytes. None if nothing matches.
std::vector<std::string> files_matching(const std::string& pattern);

} // namespace tocsin::config
