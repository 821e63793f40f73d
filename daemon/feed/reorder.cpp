#include "feed/reorder.hpp"

#include <algorithm>
#include <utility>

namespace tocsin::feed {
namespace {

bool before(const Reorder::Held& a, const Reorder::Held& b) {
    if (a.event.at != b.event.at) return a.event.at < b.event.at;
    const int kind_a = market::order_of_kind(a.event), kind_b = market::order_of_kind(b.event);
    return kind_a != kind_b ? kind_a < kind_b : a.line < b.line;
}

bool after(const Reorder::Held& a, const Reorder::Held& b) {
    return before(b, a);
}

} // namespace

Reorder::Held& Reorder::slot() {
    if (end_ - begin_ == ring_.size()) {
        std::vector<Held> wider(ring_.size() * 2);
        for (std::size_t i = begin_; i != end_; ++i) wider[i - begin_] = std::move(at(i));
        end_ -= begin_;
        begin_ = 0;
        ring_ = std::move(wider);
    }
    return at(end_);
}

void Reorder::keep() {
    if (begin_ == end_ || !before(at(end_), at(end_ - 1))) {
        ++end_;
        return;
    }
    stragglers_.push_back(std::move(at(end_)));
    std::push_heap(stragglers_.begin(), stragglers_.end(), after);
}

bool Reorder::first_straggles() const {
    return !stragglers_.empty() && (begin_ == end_ || before(stragglers_.front(), at(begin_)));
}

const Reorder::Held& Reorder::first() const {
    return first_straggles() ? stragglers_.front() : at(begin_);
}

void Reorder::take_first(market::Event& event, std::uint64_t& line) {
    const bool straggles = first_straggles();
    if (straggles) std::pop_heap(stragglers_.begin(), stragglers_.end(), after);
    Held& first = straggles ? stragglers_.back() : at(begin_++);
    event = std::move(first.event);
    line = first.line;
    if (straggles) stragglers_.pop_back();
}

} // namespace tocsin::feed
