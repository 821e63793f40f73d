// Schema: the JSON Schema of rule files, from the keys of a rule (config/keys.hpp) and what the rule types
// declare.
#pragma once
#include "rules/plugin.hpp"

#include <string>

namespace tocsin::rules {

/// Knows the rule types given and no others. The same bytes for the same plugins.
std::string rule_file_schema(const Plugins& plugins);

} // namespace tocsin::rules
