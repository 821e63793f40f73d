#include "rules/plugin.hpp"

#include <algorithm>
#include <cstddef>
#include <dlfcn.h>
#include <filesystem>
#include <tocsin/rule.hpp>

namespace tocsin::rules {
namespace {

constexpr const char* symbol = "tocsin_plugin_1";

std::string interface(std::uint32_t major, std::uint32_t minor) {
    return std::to_string(major) + '.' + std::to_string(minor);
}

// The sizes of interface 1.0: what an older plugin has at the least, whatever ours have grown to.
constexpr std::size_t least_plugin = offsetof(tocsin_plugin, rules) + sizeof(void*);
constexpr std::size_t least_rule = offsetof(tocsin_rule, report) + sizeof(void*);
constexpr std::size_t least_param = offsetof(tocsin_param, fields) + sizeof(void*);
constexpr std::size_t least_reported = offsetof(tocsin_reported, fields) + sizeof(void*);

bool is_whole(const tocsin_rule& rule) {
    return rule.size >= least_rule && (rule.n_params == 0 || rule.param_stride >= least_param) &&
           (rule.n_values == 0 || rule.value_stride >= least_reported);
}

/// Why a library without our symbol has none: of another major, or no plugin at all.
std::string missing_symbol(void* library) {
    if (dlsym(library, "tocsin_plugin_0") != nullptr)
        return "was built before the plugin interface was finished (it exports tocsin_plugin_0, this tocsin "
               "wants " +
               std::string{symbol} + "): rebuild it";
    for (const char* other : {"tocsin_plugin_2", "tocsin_plugin_3"})
        if (dlsym(library, other) != nullptr)
            return "was built for a newer major of the plugin interface (it exports " + std::string{other} +
                   ", this tocsin wants " + symbol + "): install a newer tocsin, or an older plugin";
    return "exports no " + std::string{symbol} +
           ": it is no tocsin plugin (TOCSIN_PLUGIN in its source exports it)";
}

} // namespace

void Plugins::load_directory(const std::string& directory, const tocsin_host& host,
                             Diagnostics& diagnostics) {
    std::error_code failed;
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator{directory, failed})
        if (entry.path().extension() == ".so") files.push_back(entry.path().string());
    if (failed) {
        diagnostics.add(Error{directory + ": cannot look for plugins here: " + failed.message()});
        return;
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) load_file(file, host, diagnostics);
}

void Plugins::load_file(const std::string& path, const tocsin_host& host, Diagnostics& diagnostics) {
    const auto refuse = [&](const std::string& why) { diagnostics.add(Error{path + ": plugin " + why}); };
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* why = dlerror();
        return refuse("cannot be loaded: " + std::string{why != nullptr ? why : "unknown error"});
    }
    void* found = dlsym(library, symbol);
    if (found == nullptr) return refuse(missing_symbol(library));
    using Entry = const tocsin_plugin* (*)(const tocsin_host*);
    add(reinterpret_cast<Entry>(found)(&host), path, diagnostics);
}

void Plugins::add(const tocsin_plugin* plugin, const std::string& file, Diagnostics& diagnostics) {
    const auto refuse = [&](const std::string& why) { diagnostics.add(Error{file + ": plugin " + why}); };
    const std::string ours = interface(TOCSIN_ABI_MAJOR, TOCSIN_ABI_MINOR);
    if (plugin == nullptr)
        return refuse("cannot serve this tocsin (interface " + ours + "): it was built for a newer one");
    const std::string its = interface(plugin->abi_major, plugin->abi_minor);
    if (plugin->abi_major != TOCSIN_ABI_MAJOR || plugin->abi_minor > TOCSIN_ABI_MINOR)
        return refuse("wants interface " + its + ", this tocsin has " + ours);
    if (plugin->size < least_plugin)
        return refuse("says that its tocsin_plugin has " + std::to_string(plugin->size) +
                      " bytes; in the first interface there were " + std::to_string(least_plugin));
    for (std::uint32_t i = 0; i < plugin->n_rules; ++i) {
        const tocsin_rule* rule = plugin->rules[i];
        if (rule == nullptr || !is_whole(*rule))
            return refuse(
                "declares a rule type in less than the first interface has (tocsin_rule.size, the strides): "
                "is its `size` set?");
        const std::string name{view(rule->name)};
        if (name.empty() || !rule->plan || !rule->start || !rule->evaluate || !rule->report)
            return refuse("declares the rule type \"" + name + "\" without a name or one of its functions");
        const auto [at, fresh] = types_.try_emplace(
            name, RuleType{rule, std::string{view(plugin->name)}, std::string{view(plugin->version)}, file});
        if (!fresh)
            refuse("brings the rule type \"" + name + "\", which " + at->second.file +
                   " has brought already");
    }
}

const RuleType* Plugins::find(std::string_view type) const {
    const auto at = types_.find(type);
    return at == types_.end() ? nullptr : &at->second;
}

std::vector<std::string_view> Plugins::names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, type] : types_) names.push_back(name);
    return names;
}

} // namespace tocsin::rules
