#include "engine/supervise.hpp"

#include <systemd/sd-daemon.h>

namespace tocsin::engine::supervise {

void ready(const std::string& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}
void status(const std::string& text) {
    sd_notify(0, ("STATUS=" + text).c_str());
}
void stopping() {
    sd_notify(0, "STOPPING=1\nSTATUS=stopping");
}

} // namespace tocsin::engine::supervise
