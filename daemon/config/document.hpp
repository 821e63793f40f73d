// Document: YAML read through yaml-cpp's event interface into a tree of nodes that keep their places. Bounded
// while it is read (limits::yaml_bytes, limits::yaml_levels). Text that is not UTF-8, control characters,
// aliases, anchors, explicit tags, duplicate keys, keys that are no text and a second document are errors.
// Nodes are plain values; they own their text. Mistakes go to a Diagnostics with file:line:column, and
// reading goes on where it can: of duplicate keys the first is kept, an alias is left out.
#pragma once
#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

/// The text in quotes, fit for one line of a message: control characters escaped, cut where it is long.
std::string in_quotes(std::string_view text);

struct Place {
    std::string file;
    int line = 0, column = 0; // from 1
    Error error(std::string message) const { return {file, line, column, std::move(message)}; }
    /// `file:line:column`
    std::string text() const;
};

class Node {
public:
    enum class Kind { null, scalar, list, map };
    struct Entry;

    Kind kind = Kind::null;
    Place place;      // of the first character; a null is placed at its key or its list, for it may have no
                      // character
    std::string text; // of a scalar
    bool quoted = false; // a scalar in quotes is a string, whatever it looks like
    std::vector<Node> items;
    std::vector<Entry> entries; // of a map, in the order of the file; keys are distinct

    bool is_map() const { return kind == Kind::map; }
    bool is_list() const { return kind == Kind::list; }
    bool is_scalar() const { return kind == Kind::scalar; }
    bool is_null() const { return kind == Kind::null; }
    /// Nothing if there is no such key.
    const Node* find(std::string_view key) const;
    /// `a map`, `a list`, `nothing`, or the text in quotes: for messages "expected …, found …".
    std::string described() const;
};

struct Node::Entry {
    std::string key;
    Place place; // of the key
    Node value;
};

/// Reads text that came from `file`. Returns a null node if nothing could be read; says why in `diagnostics`.
Node parse_document(std::string_view text, const std::string& file, Diagnostics& diagnostics);
/// Reads a file. A file that cannot be read is an error too, placed at `named_at` where that has a file.
Node load_document(const std::string& path, const Place& named_at, Diagnostics& diagnostics);

} // namespace tocsin::config
