// Loads a configuration with all that it names: calendars, rule files; plugin directories are looked for,
// feed files are left to those who open them. Goes on after a mistake, so that `diagnostics` holds every one,
// in the order of the files: the configuration from top to bottom, then the others by name. The result is
// usable only if diagnostics.ok(); otherwise it has what could be read, for checks that come after (a rule
// without a name or type has them empty, a symbol may lack its calendar).
//
// Names are up to 100 bytes, without control characters or a blank at an end. Those of symbols and calendars
// are printable ASCII without blanks; those of feeds have no slash and no dot in front, as rejected lines go
// to a file of that name, and are not `clock`, the built-in feed. Patterns in `rules` are those of glob(7).
#pragma once
#include "config/config.hpp"

namespace tocsin::config {

Config load_config(const std::string& path, Diagnostics& diagnostics);
/// A calendar from its YAML (docs/calendars.md). Used by load_config, and by tests alone.
std::optional<market::CalendarDefinition> load_calendar(const std::string& path, const Place& named_at,
                                                        Diagnostics& diagnostics);

} // namespace tocsin::config
