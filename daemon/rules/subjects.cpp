#include "rules/subjects.hpp"

#include "base/limits.hpp"

#include <algorithm>

namespace tocsin::rules {

Lifecycle& Subjects::of(std::uint32_t instance, std::string_view name) {
    Named& all = instances_[instance];
    auto at = all.find(name);
    if (at == all.end()) {
        if (all.size() >= limits::subjects) {
            all.erase(std::min_element(all.begin(), all.end(), [](const auto& a, const auto& b) {
                return a.second.used < b.second.used;
            }));
            ++evicted_;
        }
        at = all.try_emplace(std::string{name}).first;
    }
    at->second.used = ++uses_;
    return at->second.life;
}

} // namespace tocsin::rules
