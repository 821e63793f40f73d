// Window: the most extreme price of the last stretch of trading time, one for each length and side that some
// rule asked for. Prices are kept only while nothing later is as extreme, so that looking is free and adding
// is cheap. Deciding thread. A plain value: copying it is a snapshot.
#pragma once
#include <cstddef>
#include <cstdint>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::series {

struct WindowWanted {
    std::int64_t length = 0;        // nanoseconds of trading time
    std::uint32_t side = TOCSIN_UP; // TOCSIN_UP: the highest; TOCSIN_DOWN: the lowest
    bool spans_breaks = false;      // else it ends with the phase that it began in
    bool operator==(const WindowWanted&) const = default;
};

class Window {
public:
    explicit Window(const WindowWanted& wanted) : wanted_{wanted} {}
    const WindowWanted& wanted() const { return wanted_; }

    /// `traded` is trading time since the series began; it does not go back.
    void add(std::int64_t traded, std::int64_t at, std::int64_t price) {
        while (first_ < kept_.size() && !more_extreme(kept_.back().price, price)) kept_.pop_back();
        while (first_ < kept_.size() && is_past(kept_[first_], traded)) ++first_;
        if (first_ > kept_.size() / 2) { // so that each is moved once on average
            kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        kept_.push_back({traded, at, price});
    }
    void clear() { kept_.clear(), first_ = 0; }

    /// As of that trading time.
    tocsin_window as_of(std::int64_t traded) const {
        std::size_t i = first_;
        while (i < kept_.size() && is_past(kept_[i], traded)) ++i;
        if (i == kept_.size()) return {sizeof(tocsin_window), 0, TOCSIN_NONE, TOCSIN_NONE};
        return {sizeof(tocsin_window), 0, kept_[i].price, kept_[i].at};
    }

private:
    struct Kept {
        std::int64_t traded, at, price;
    };
    bool more_extreme(std::int64_t a, std::int64_t b) const {
        return wanted_.side == TOCSIN_UP ? a > b : a < b;
    }
    /// A price exactly `length` ago is still inside.
    bool is_past(const Kept& kept, std::int64_t traded) const {
        return traded - kept.traded > wanted_.length;
    }
    WindowWanted wanted_;
    std::vector<Kept> kept_; // from first_ on, the most extreme first
    std::size_t first_ = 0;
};

} // namespace tocsin::series
