// AlertLog: the log of alerts that subscribers are cursors into. Appended to by the deciding side, in order
// of seq, dense from 1 within an epoch; read by any thread. This interface is what a durable store will
// implement too; MemoryLog holds the newest `keep` alerts in memory, older ones are gone (a reader sees
// `oldest`).
#pragma once
#include "alert/alert.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::store {

/// An alert and its ready-made bytes, shared by all who read it and changed by nobody.
struct Entry {
    alert::Alert alert;
    std::string json; // with `emitted` on live frames; no newline
};
using EntryPtr = std::shared_ptr<const Entry>;

class AlertLog {
public:
    virtual ~AlertLog() = default;
    /// Names one life of the log: 16 hex digits.
    virtual const std::string& epoch() const = 0;
    /// The newest seq that is durable; 0 if there is none.
    virtual std::uint64_t head() const = 0;
    /// The oldest seq that can still be read; head() + 1 if none can.
    virtual std::uint64_t oldest() const = 0;
    /// Up to `most` entries with seq > after, ascending; begins at oldest() where that is later.
    virtual std::vector<EntryPtr> read(std::uint64_t after, std::size_t most) const = 0;
    /// The newest transition of every episode that is firing now, by seq.
    virtual std::vector<EntryPtr> firing() const = 0;
    /// Appends alerts, numbering them from head() + 1 on, and makes them visible together. `emitted` is the
    /// wall time to stamp, or nothing.
    virtual void append(std::vector<alert::Alert> alerts, std::optional<Time> emitted) = 0;
};

} // namespace tocsin::store
