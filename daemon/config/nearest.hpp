// nearest: the known word that a mistyped one probably meant, for "did you mean".
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

/// The candidate with the smallest edit distance (transpositions count as one), if it is at most a third of
/// the word's length, and at least 1; the first of equals. Empty if there is none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);
/// `, did you mean "level"?` or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace tocsin::config
