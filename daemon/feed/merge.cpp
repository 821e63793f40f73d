#include "feed/merge.hpp"

#include <utility>

namespace tocsin::feed {

Merge::Merge(const std::vector<Source*>& sources) {
    heads_.reserve(sources.size());
    for (Source* source : sources) {
        Head head{source, {}, 0};
        if (!source->next(head.event)) continue;
        head.line = source->line();
        heads_.push_back(std::move(head));
    }
    choose();
}

bool Merge::next(market::Event& out) {
    if (heads_.empty()) return false;
    Head& head = heads_[first_];
    out = std::move(head.event);
    line_ = head.line;
    if (!head.source->next(head.event)) {
        heads_.erase(heads_.begin() + static_cast<std::ptrdiff_t>(first_));
        choose();
        return true;
    }
    head.line = head.source->line();
    // Mostly the same source goes on, or there is no other.
    if (first_ != second_ && before(heads_[second_], head)) choose();
    return true;
}

void Merge::choose() {
    first_ = second_ = 0;
    for (std::size_t i = 1; i < heads_.size(); ++i) {
        if (before(heads_[i], heads_[first_]))
            second_ = std::exchange(first_, i);
        else if (second_ == first_ || before(heads_[i], heads_[second_]))
            second_ = i;
    }
}

bool Merge::before(const Head& a, const Head& b) {
    if (a.event.at != b.event.at) return a.event.at < b.event.at;
    const int kind_a = market::order_of_kind(a.event), kind_b = market::order_of_kind(b.event);
    return kind_a != kind_b ? kind_a < kind_b : a.event.feed < b.event.feed;
}

} // namespace tocsin::feed
