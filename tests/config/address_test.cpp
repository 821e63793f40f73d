#include "config/address.hpp"

#include <catch2/catch.hpp>

using tocsin::config::address_problem;

TEST_CASE("an address to listen on is a loopback host and a port") {
    struct Row {
        const char *text, *problem;
    };
    const char* const elsewhere = "is not a loopback address; listening elsewhere waits for access control";
    const char* const no_port = "has no port between 0 and 65535";
    const auto row = GENERATE_COPY(values<Row>({
        {"127.0.0.1:8787", ""},
        {"127.0.0.1:0", ""},
        {"127.255.255.254:65535", ""},
        {"localhost:1", ""},
        {"[::1]:8787", ""},
        {"[0:0:0:0:0:0:0:1]:8787", ""},
        {"0.0.0.0:8787", elsewhere},
        {"192.168.1.2:8787", elsewhere},
        {"128.0.0.1:8787", elsewhere},
        {"127.0.0.1.example.com:8787", elsewhere},
        {"127.1:8787", elsewhere},
        {"[::]:8787", elsewhere},
        {"[127.0.0.1]:8787", elsewhere},
        {"[::ffff:127.0.0.1]:8787", elsewhere},
        {"example.com:80", elsewhere},
        {":8787", elsewhere},
        {"*:8787", elsewhere},
        {"127.0.0.1", "has no port; write host:port, like 127.0.0.1:8787"},
        {"[::1]", "has no port; write host:port, like 127.0.0.1:8787"},
        {"127.0.0.1:", no_port},
        {"127.0.0.1:65536", no_port},
        {"127.0.0.1:-1", no_port},
        {"127.0.0.1:http", no_port},
        {"127.0.0.1:80 ", no_port},
        {"::1:8787", "needs brackets around the host, like [::1]:8787"},
    }));
    CAPTURE(row.text);
    CHECK(address_problem(row.text) == row.problem);
}
