// The sections of a configuration, each read by a file of its own and put together by load.cpp. What they
// refer to comes in as Names; what is wrong goes to the diagnostics and reading goes on. Used in this folder
// only.
#pragma once
#include "config/fields.hpp"

#include <memory>
#include <string>
#include <vector>

namespace tocsin::config {

/// A calendar's definition with the places that are still of use once it was read.
struct PlacedCalendar {
    market::CalendarDefinition definition;
    Place name_place, zone_place;
};
/// Nothing if the file could not be read; with mistakes in it, what could be made of it.
std::optional<PlacedCalendar> read_calendar(const std::string& path, const Place& named_at,
                                            Diagnostics& diagnostics);

/// `listen` and the feeds' `tcp` may not take the same address: `addresses` has those that are taken.
std::vector<Feed> read_feeds(const Fields& top, const Names& symbols, Names& addresses,
                             Diagnostics& diagnostics);
/// The address at `key`, checked and added to those taken.
std::optional<std::string> read_address(const Fields& fields, std::string_view key, Names& addresses,
                                        Diagnostics& diagnostics);

/// The rules of all files that the configuration's globs match, by name.
std::vector<Rule> read_rules(const Fields& top, const Names& symbols, Diagnostics& diagnostics);

} // namespace tocsin::config
