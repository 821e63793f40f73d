// Loads a configuration with all that it names: calendars, rule files. Goes on after a mistake, so that
// `diagnostics` holds every one. The result is usable only if diagnostics.ok().
#pragma once
#include "config/config.hpp"

namespace tocsin::config {

Config load_config(const std::string& path, Diagnostics& diagnostics);
/// A calendar from its YAML (docs/calendars.md). Used by load_config, and by tests alone.
std::optional<market::CalendarDefinition> load_calendar(const std::string& path, const Place& named_at,
                                                        Diagnostics& diagnostics);

} // namespace tocsin::config
