/* A plugin that cannot serve this host. */
#include <stddef.h>
#include <tocsin/plugin.h>

const tocsin_plugin* tocsin_plugin_1(const tocsin_host* host) {
    (void)host;
    return NULL;
}
