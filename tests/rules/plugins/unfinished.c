/* A plugin of the time before the interface was frozen. */
__attribute__((visibility("default"))) const void* tocsin_plugin_0(const void* host) {
    return host;
}
