// Patterns: regular expressions for exactly those texts that the parsers take, for schemas. Written in what
// ECMA-262 (with its `u` flag) and Python have in common: ASCII classes, groups, look-ahead. None is
// anchored.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tocsin/price.hpp>

namespace tocsin::config {

/// Digits, with zeros before them as from_chars takes them. Requires: least <= most.
std::string number_pattern(std::uint64_t least, std::uint64_t most);
/// The same with a minus where it is negative.
std::string integer_pattern(std::int64_t least, std::int64_t most);
/// What Price::parse reads as a value from least to most. `behind` is a pattern of what may follow it.
/// Requires: least <= most.
std::string decimal_pattern(Price least, Price most, std::string_view behind = "");
/// What parse_duration takes. The bounds are written as a duration; one binds only durations of its own unit.
std::string duration_pattern(std::string_view least = "", std::string_view most = "");
/// The same, and longer than 0.
std::string lasting_pattern();
/// The same as duration_pattern, and clock time only.
std::string clock_time_pattern(std::string_view least, std::string_view most);
/// What SessionDate::parse and Time::parse take.
std::string date_pattern();
std::string time_pattern();
/// What check_name and check_word take; a name that is not ASCII may be too long in bytes still.
std::string name_pattern();
std::string word_pattern();
/// What address_problem takes, with any form of an IPv6 address.
std::string address_pattern();
/// A text as a pattern that takes it alone.
std::string escaped(std::string_view text);

} // namespace tocsin::config
