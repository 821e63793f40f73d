#include "config/address.hpp"

#include <arpa/inet.h>
#include <charconv>
#include <cstdint>
#include <netinet/in.h>

namespace tocsin::config {

static bool is_loopback(const std::string& host, bool bracketed) {
    in6_addr six{};
    if (bracketed) return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six) != 0;
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    return host == "localhost";
}

std::string address_problem(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || text.ends_with(']'))
        return "has no port; write host:port, like 127.0.0.1:8787";
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);

    std::uint16_t number = 0;
    const auto [stopped, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (failed != std::errc{} || stopped != port.data() + port.size())
        return "has no port between 0 and 65535";

    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    else if (host.find(':') != std::string_view::npos)
        return "needs brackets around the host, like [::1]:8787";
    if (is_loopback(std::string{host}, bracketed)) return {};
    return "is not a loopback address; listening elsewhere waits for access control";
}

} // namespace tocsin::config
