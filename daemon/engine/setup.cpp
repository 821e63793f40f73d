#include "engine/setup.hpp"

#include "config/load.hpp"
#include "feed/file.hpp"

#include <algorithm>
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

void check_feeds(const config::Config& config, Diagnostics& diagnostics) {
    const auto is_here = [&](const Error& error) { return error.file == config.file; };
    if (std::any_of(diagnostics.errors().begin(), diagnostics.errors().end(), is_here)) return;
    for (market::FeedId id = 0; id < config.feeds.size(); ++id) {
        const auto& feed = config.feeds[id];
        std::error_code failed;
        const auto kind = std::filesystem::status(feed.file, failed).type();
        if (feed.live() || feed.file == "-" || (kind == std::filesystem::file_type::fifo && !feed.follow))
            continue;
        const auto growth = feed.follow ? feed::Growth::growing : feed::Growth::finished;
        if (auto opened = feed::FileFeed::open(feed, id, config.symbols, {}, growth); !opened)
            diagnostics.add(opened.error());
        else if (kind == std::filesystem::file_type::not_found && feed.follow)
            diagnostics.warn(feed.place.error(feed.file + " is not there yet; serve waits for it"));
    }
}

} // namespace tocsin::engine
