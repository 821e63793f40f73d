// Fields: a map of the configuration, read key by key. It says once what keys there are, so that a key nobody
// knows is an error with a suggestion and nothing is parsed and ignored. A reader of a key gives nothing
// where the key is absent or its value is wrong; what is wrong stands in the diagnostics then, with its
// place. Names: names that must be distinct and that others refer to. For the loaders in this folder; on
// their stack.
#pragma once
#include "config/config.hpp"
#include "config/keys.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

/// What a map may hold: the keys of this version, and those of the documents that a later one brings.
struct Keys {
    std::vector<std::string_view> known;
    std::vector<std::string_view> later{};
};

class Fields {
public:
    /// `what` names the map in messages: `a feed`. Reports a node that is no map, and keys that it may not
    /// have.
    Fields(const Node& node, std::string_view what, const Keys& keys, Diagnostics& diagnostics);
    /// The same by the table of keys.hpp; reports required keys that are not there, too. `map` must outlive
    /// it.
    Fields(const Node& node, const Map& map, Diagnostics& diagnostics);
    bool is_map() const { return node_.is_map(); }
    const Place& place() const { return node_.place; }

    const Node* find(std::string_view key) const { return node_.find(key); }
    bool has(std::string_view key) const { return find(key) != nullptr; }
    /// Reports a key that is not there.
    const Node* need(std::string_view key) const;
    /// The place of a key's value; the map's own if there is none.
    const Place& place_of(std::string_view key) const;
    void report(std::string_view key, std::string message) const;

    /// A scalar that is not empty.
    std::optional<std::string> text(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;
    /// Within the bounds of the table.
    std::optional<std::int64_t> integer(std::string_view key) const;
    std::optional<Duration> duration(std::string_view key) const;
    /// Nanoseconds of clock time, within the bounds of the table.
    std::optional<std::int64_t> clock_time(std::string_view key) const;
    /// RFC 3339 with an offset.
    std::optional<Time> time(std::string_view key) const;
    std::optional<SessionDate> date(std::string_view key) const;
    /// One of the table's words; a suggestion where it is none.
    std::optional<std::string> word(std::string_view key) const;
    /// The items of a list; the single ones are the caller's to check.
    std::vector<const Node*> list(std::string_view key) const;
    /// The items of a list of distinct texts, none of them empty.
    std::vector<const Node*> texts(std::string_view key) const;

private:
    /// Requires: made by a table.
    const Key& declared(std::string_view key) const;

    const Node& node_;
    const Map* map_ = nullptr;
    std::string_view what_;
    Diagnostics& diagnostics_;
};

/// Reports a node that is none of the words.
bool is_one_of(const Node& node, std::string_view what, const std::vector<std::string_view>& words,
               Diagnostics& diagnostics);
std::optional<SessionDate> read_date(const Node& node, Diagnostics& diagnostics);

class Names {
public:
    /// `what` is what they name: `symbol`.
    explicit Names(std::string_view what) : what_{what} {}
    /// Reports a name that is there already, and where it was first; false then.
    bool add(const std::string& name, const Place& at, Diagnostics& diagnostics);
    /// Reports a name that nobody added.
    bool check(const Node& name, Diagnostics& diagnostics) const;

private:
    std::string_view what_;
    std::map<std::string, Place, std::less<>> places_;
};

/// Reports a name that is longer than 100 bytes, or has control characters, or a blank at an end.
void check_name(const std::string& name, const Place& at, Diagnostics& diagnostics);
/// The stricter form, for what feeds and subscribers must write as one word: printable ASCII without blanks.
void check_word(const std::string& name, const Place& at, Diagnostics& diagnostics);

/// A path as it would be written where the program runs: relative ones lie beside the file that names them.
std::string path_beside(const std::string& path, const Place& named_at);
std::string absolute_path(const std::string& path);

} // namespace tocsin::config
