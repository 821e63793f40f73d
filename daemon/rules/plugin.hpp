// Plugins: the rule types found in shared libraries. Loading is RTLD_NOW | RTLD_LOCAL and for ever: a plugin
// is never unloaded. What is no plugin, too old, too new, or lacks its symbol, is an error that says so; two
// plugins that bring the same rule type are one too.
#pragma once
#include "base/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <tocsin/plugin.h>
#include <vector>

namespace tocsin::rules {

struct RuleType {
    const tocsin_rule* rule = nullptr;
    std::string plugin, version, file;
};

class Plugins {
public:
    /// Loads every `*.so` of the directory, in byte order of the names.
    void load_directory(const std::string& directory, const tocsin_host& host, Diagnostics& diagnostics);
    void load_file(const std::string& path, const tocsin_host& host, Diagnostics& diagnostics);
    /// Takes in what a plugin's entry returned (null: it cannot serve this host). `file` is for messages.
    void add(const tocsin_plugin* plugin, const std::string& file, Diagnostics& diagnostics);
    /// Nothing if no plugin brings that type.
    const RuleType* find(std::string_view type) const;
    const std::map<std::string, RuleType, std::less<>>& types() const { return types_; }
    std::vector<std::string_view> names() const;

private:
    std::map<std::string, RuleType, std::less<>> types_;
};

} // namespace tocsin::rules
