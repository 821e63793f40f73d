// Follower: a client's memory of what it has seen, without I/O. It says what to ask for on each new
// connection, so that after a break nothing is missed, and which alerts are news, so that nothing comes
// twice.
//
// It follows one subscription, named `tail`. Its position is the newest seq up to which all was seen; that,
// with the epoch, is what it resumes from. What is firing (`active`) comes out of order: until that is over,
// the position stays and the seqs that were seen are kept, at most as many as the server holds.
#pragma once
#include "push/filter.hpp"
#include "push/received.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>

namespace tocsin::push {

struct Following {
    Filter filter;
    std::optional<std::uint64_t> since; // absent: only what is new
    bool active = false;                // first what is firing now
};

class Follower {
public:
    explicit Follower(Following wanted);

    /// The message that asks for what is still to come: the first on every new connection, and again after a
    /// `reset`.
    std::string subscribe();

    /// Takes a frame. True if it is for the user: an alert that was not seen yet, a gap, a reset.
    bool take(const Received& frame);

private:
    bool take_alert(std::uint64_t seq);
    void move_to(std::uint64_t seq);
    void end_opening();

    Filter filter_;
    std::optional<std::uint64_t> position_;
    std::optional<std::string> epoch_; // that the position is of, once that is known
    std::string server_epoch_;         // of this connection
    bool opening_;                     // what is firing is not yet known to be complete
    std::set<std::uint64_t> seen_;     // while opening
};

} // namespace tocsin::push
