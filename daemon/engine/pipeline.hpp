// Pipeline: an event's way through series, rules and lifecycle, on one screen: events in, alerts out, in the
// order of decisions. The same for replay and live; it reads no clock, so time moves by the events it is
// given. Deciding thread. Its State is a plain value: copying it is a snapshot.
//
// Order at one instant (contract section 2): timers due at or before it by due time, then the event; within
// each, rules by depth, name and symbol. A session's end runs just after everything stamped at its close, and
// carries the close as `at`.
#pragma once
#include "alert/alert.hpp"
#include "config/config.hpp"
#include "engine/tariff_register.hpp"
#include "market/event.hpp"
#include "rules/host.hpp"
#include "series/series.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::engine {

class Pipeline {
public:
    struct Counters {
        std::uint64_t events = 0;
        std::uint64_t late = 0;            // ticks earlier than the newest of their symbol: not applied
        std::uint64_t out_of_session = 0;  // ticks outside any session
        std::uint64_t before_calendar = 0; // bars earlier than their calendar
        std::uint64_t duplicate_closes = 0, differing_closes = 0;
        std::uint64_t corrections = 0; // not applied in this version
    };

    /// Requires: config and plan outlive it.
    Pipeline(const config::Config& config, const rules::Plan& plan);
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Decides on an event: event time moves to it (not backwards), and what follows is appended to `alerts`.
    void take(const market::Event& event, std::vector<alert::Alert>& alerts);
    /// Moves event time on; runs what falls due.
    void advance(Time t, std::vector<alert::Alert>& alerts);
    /// The end of a replay: runs on to the end of the last session seen, or of that named, no further.
    void finish(std::optional<SessionDate> to, std::vector<alert::Alert>& alerts);

    /// Event time up to which all is decided; Time::min() before the first event.
    Time now() const { return state_.now; }
    const Counters& counters() const { return state_.counters; }
    rules::Host& host() { return host_; }
    const rules::Host& host() const { return host_; }
    const std::vector<series::Series>& series() const { return state_.series; }

    struct Snapshot;
    Snapshot save() const;
    void restore(const Snapshot& snapshot);

private:
    struct State {
        std::vector<series::Series> series; // by symbol
        TariffRegister tariffs;
        Counters counters;
        Time now = Time::min();
        Time boundary = Time::max();   // the earliest due of the series
        Time last_close = Time::min(); // of the sessions seen
        bool started = false;
    };

    void run_due(Time t, std::vector<alert::Alert>& alerts);
    void on(const market::Quote& quote, const market::Event& event, bool late,
            std::vector<alert::Alert>& alerts);
    void on(const market::Bar& bar, const market::Event& event, bool late, std::vector<alert::Alert>& alerts);
    void on(const market::Tariff& tariff, const market::Event& event, bool late,
            std::vector<alert::Alert>& alerts);
    void on(const market::Status& status, const market::Event& event, std::vector<alert::Alert>& alerts);
    void close(market::SymbolId symbol, SessionDate session, Time at, Price price, const market::Bar* bar,
               bool late, std::vector<alert::Alert>& alerts);
    void refresh_boundary();

    std::vector<std::string> feed_names_;
    State state_;
    rules::Host host_;

public:
    struct Snapshot {
        State pipeline;
        rules::Host::State host;
    };
};

} // namespace tocsin::engine
