// Document: YAML read through yaml-cpp's event interface into a tree of nodes that keep their places. Bounded while it is
// read (limits::yaml_bytes, limits::yaml_levels); aliases, anchors, duplicate keys, several documents and tags other than
// the plain ones are errors. Nodes are plain values; they own their text. Mistakes go to a Diagnostics with
// file:line:column, and reading goes on where it can.
#pragma once
#include "base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

struct Place {
    std::string file;
    int line = 0, column = 0; // from 1
    Error error(std::string message) const { return {file, line, column, std::move(message)}; }
};

class Node {
public:
    enum class Kind { null, scalar, list, map };
    struct Entry;

    Kind kind = Kind::null;
    Place place;
    std::string text;    // of a scalar
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
