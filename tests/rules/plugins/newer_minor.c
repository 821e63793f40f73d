/* A plugin that wants a minor that is not out yet, and did not look whether the host has it. */
#include <tocsin/plugin.h>

static const tocsin_plugin plugin = {
    .size = sizeof(tocsin_plugin), .abi_major = TOCSIN_ABI_MAJOR, .abi_minor = TOCSIN_ABI_MINOR + 1};

const tocsin_plugin* tocsin_plugin_1(const tocsin_host* host) {
    (void)host;
    return &plugin;
}
