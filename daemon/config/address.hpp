// Addresses to listen on: `host:port`, port 0 for any free one. Loopback only, until there is access control.
#pragma once
#include <string>
#include <string_view>

namespace tocsin::config {

/// What is wrong with it; empty if nothing is.
std::string address_problem(std::string_view text);

} // namespace tocsin::config
