/* A plugin of the minor before, whose structs were shorter. */
#include <stddef.h>
#include <tocsin/plugin.h>

static const tocsin_plugin plugin = {.size = offsetof(tocsin_plugin, rules),
                                     .abi_major = TOCSIN_ABI_MAJOR,
                                     .abi_minor = TOCSIN_ABI_MINOR - 1,
                                     .n_rules = 1};

const tocsin_plugin* tocsin_plugin_0(const tocsin_host* host) {
    (void)host;
    return &plugin;
}
