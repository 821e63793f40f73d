// Supervise: what systemd is told (sd_notify(3)). Does nothing where nobody listens (NOTIFY_SOCKET is not
// set).
#pragma once
#include <string>

namespace tocsin::engine::supervise {

/// The listener accepts.
void ready(const std::string& status);
void status(const std::string& text);
void stopping();

} // namespace tocsin::engine::supervise
