// Serve: the daemon. Finished files play first, then the listener answers, and what comes on TCP is decided
// in the order of its arrival. Threads: this one decides; one reads TCP feeds, the clock and signals; the
// push server has its own.
#pragma once
#include "base/error.hpp"
#include "engine/setup.hpp"

#include <string>

namespace tocsin::engine {

struct ServeOptions {
    std::string server_name; // as `hello` names it
};

/// Returns when SIGINT or SIGTERM has ended it in order. Errors: a port that is taken, a file that cannot be
/// read, a directory for dead letters that cannot be made.
Result<void> serve(const Setup& setup, const ServeOptions& options);

} // namespace tocsin::engine
