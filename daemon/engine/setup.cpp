#include "engine/setup.hpp"

#include "config/load.hpp"

#include <filesystem>

namespace tocsin::engine {

std::string installed_plugins() {
    namespace fs = std::filesystem;
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    const fs::path here = program.parent_path();
    for (const fs::path& directory : {here / "plugins", here / ".." / "lib" / "tocsin" / "plugins"})
        if (fs::is_directory(directory, failed)) return fs::weakly_canonical(directory, failed).string();
    return (here / "plugins").string(); // so that the error names a place
}

std::unique_ptr<Setup> load_setup(const std::string& config_file, Diagnostics& diagnostics) {
    auto setup = std::make_unique<Setup>();
    setup->config = config::load_config(config_file, diagnostics);
    setup->plugins.load_directory(installed_plugins(), rules::host_table(), diagnostics);
    for (const auto& directory : setup->config.plugin_dirs)
        setup->plugins.load_directory(directory, rules::host_table(), diagnostics);
    setup->plan = rules::make_plan(setup->config, setup->plugins, diagnostics);
    return setup;
}

} // namespace tocsin::engine
