/* A plugin of a major that is not out yet. */
__attribute__((visibility("default"))) const void* tocsin_plugin_2(const void* host) {
    return host;
}
