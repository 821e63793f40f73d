// Keys: what each map of a configuration and of a rule file may hold, said once. The readers in this folder
// take from here which keys there are, which must be there, their bounds and their words; schema.cpp makes of
// it what editors are told. A new key is a row here and the line that reads it. Calendars are calendar.cpp's
// own.
#pragma once
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::config {

/// What stands behind a key.
enum class Form : std::uint8_t {
    text,       // a scalar that is not empty
    name,       // as check_name takes it
    feed_name,  // a name that can be a file's
    address,    // host:port
    boolean,    // true or false, without quotes
    integer,    // least to most
    clock_time, // a duration of clock time, least to most
    lasting,    // a duration longer than 0, in any unit
    time,       // RFC 3339 with an offset
    expiry,     // lasting, or a time
    word,       // one of the words
    texts,      // a list of distinct texts
    some_texts, // the same, and not empty
    words,      // a list of distinct words, each one of the words
    map,        // one more map
    maps,       // a list of maps
    named_maps, // maps by name
    labels,     // scalars by name
    rule_type,  // the name of a rule type
    params      // what the rule type declares
};

struct Map;

struct Key {
    std::string_view name;
    std::string_view doc; // a sentence for people, without its end
    Form form = Form::text;
    bool required = false;
    std::string_view dflt{}, least{}, most{}; // as they would be written
    std::vector<std::string_view> words{};
    const Map* map = nullptr;
    std::vector<std::string_view> with{};    // keys that must stand beside it
    std::vector<std::string_view> without{}; // keys that may not
};

struct Map {
    std::string_view what; // in messages: `a feed`
    std::vector<Key> keys;
    std::vector<std::string_view> later{}; // documented for a later version
    /// Of each pair exactly one key must be there.
    std::vector<std::pair<std::string_view, std::string_view>> one_of{};

    /// Requires: there is such a key.
    const Key& at(std::string_view name) const;
};

/// The configuration itself, and a rule file.
const Map& configuration_map();
const Map& rule_file_map();
/// Maps inside them.
const Map& symbol_map();
const Map& feed_map();
const Map& csv_map();
const Map& store_map();
const Map& keep_map();
const Map& rule_map();

} // namespace tocsin::config
