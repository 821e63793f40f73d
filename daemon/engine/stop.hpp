// Stop: SIGINT and SIGTERM as a flag, for a replay, which reads files on the main thread. A second signal
// ends the program at once.
#pragma once
#include <chrono>

namespace tocsin::engine::stop {

void install();
bool requested();
/// Waits that long, or until a signal comes.
void wait_for(std::chrono::nanoseconds duration);

} // namespace tocsin::engine::stop
