#include "config/nearest.hpp"

#include "config/document.hpp"

#include <algorithm>

namespace tocsin::config {

// Edit distance in which swapping two neighbours counts as one step (optimal string alignment): three rows of
// the usual table are enough. Bytes, not characters: close enough for keys and names.
static std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = a[i - 1] == b[j - 1];
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0U : 1U)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
    const std::size_t allowed = std::max<std::size_t>(1, word.size() / 3);
    std::string_view found;
    std::size_t smallest = allowed + 1;
    for (const std::string_view candidate : candidates) {
        // No edit is cheaper than the difference in length; long names that cannot win are not worth a table.
        const std::size_t longer = std::max(word.size(), candidate.size());
        if (longer - std::min(word.size(), candidate.size()) >= smallest) continue;
        if (const std::size_t steps = distance(word, candidate); steps < smallest) {
            smallest = steps;
            found = candidate;
        }
    }
    return found;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
    const std::string_view found = nearest(word, candidates);
    return found.empty() ? std::string{} : ", did you mean " + in_quotes(found) + "?";
}

} // namespace tocsin::config
