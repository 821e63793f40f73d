// Replay: the configured files through the pipeline, as fast as it can or paced, each alert handed to a
// printer. Live feeds are not opened. The same bytes on every run: nothing here but the pace and `seconds`
// reads a clock.
#pragma once
#include "alert/alert.hpp"
#include "base/error.hpp"
#include "engine/setup.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tocsin/time.hpp>

namespace tocsin::engine {

/// `60x`: event time runs 60 times as fast as the wall clock. `1session/s`: so many sessions a second.
struct Speed {
    double times = 0;               // 0: not given
    double sessions_per_second = 0; // 0: not given
};
/// `problem` says what is wrong.
struct ParsedSpeed {
    Speed value;
    std::string problem;
};
ParsedSpeed parse_speed(std::string_view text);

struct ReplayOptions {
    Speed speed;
    std::optional<SessionDate> from, to; // print only alerts of these sessions
    bool serve = false;                  // push to subscribers meanwhile
    bool strict = false;                 // stop at the first bad line
    std::string dead_letter;             // directory; empty: none
    std::string server_name;             // as `hello` names it
};

struct ReplayStats {
    std::uint64_t events = 0, rejected = 0, alerts = 0, rule_evaluations = 0;
    double seconds = 0;
    std::int64_t peak_rss_bytes = 0;
    /// For people, in the summary: what was counted besides, and whether a signal ended it.
    std::map<std::string, std::uint64_t> rejected_by;
    bool stopped = false;
    std::uint64_t out_of_session = 0, before_calendar = 0, late = 0, corrections = 0, differing_closes = 0;
    double events_per_second() const { return seconds > 0 ? static_cast<double>(events) / seconds : 0; }
};

/// Errors: a file that cannot be read, a port that is taken, under `strict` the first bad line. A signal ends
/// it early, and is no error.
Result<ReplayStats> replay(const Setup& setup, const ReplayOptions& options,
                           const std::function<void(const alert::Alert&)>& print);

/// The date that a range of sessions is held against: the alert's session, or, where it has none, the local
/// date of its time in the first calendar.
SessionDate session_or_date(const alert::Alert& alert, const config::Config& config);

} // namespace tocsin::engine
