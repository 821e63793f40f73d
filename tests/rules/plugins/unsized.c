/* A plugin that does not say how large its struct is. */
#include <tocsin/plugin.h>

static const tocsin_plugin plugin = {.abi_major = TOCSIN_ABI_MAJOR, .abi_minor = TOCSIN_ABI_MINOR};

const tocsin_plugin* tocsin_plugin_1(const tocsin_host* host) {
    (void)host;
    return &plugin;
}
