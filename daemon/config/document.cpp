#include "config/document.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <system_error>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace tocsin::config {

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::size_t end = text.size();
    if (end > longest) {
        end = longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
            --end; // not inside a character
    }
    std::string result = "\"";
    for (const char c : text.substr(0, end)) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n') {
            result += "\\n";
        } else if (byte < 0x20 || byte == 0x7F) {
            result += "\\x";
            result += digits[byte >> 4U];
            result += digits[byte & 0xFU];
        } else {
            result += c;
        }
    }
    return result + (end < text.size() ? "…\"" : "\"");
}

std::string Place::text() const {
    std::string text = error("").text();
    text.resize(text.size() - 2); // the colon and blank before an empty message
    return text;
}

const Node* Node::find(std::string_view key) const {
    const auto found =
        std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.key == key; });
    return found == entries.end() ? nullptr : &found->value;
}

std::string Node::described() const {
    switch (kind) {
    case Kind::null:
        return "nothing";
    case Kind::scalar:
        return in_quotes(text);
    case Kind::list:
        return "a list";
    case Kind::map:
        return "a map";
    }
    return {};
}

namespace {

/// Thrown out of yaml-cpp to stop reading; the reason is in the diagnostics.
struct Stop {};

/// Builds the tree from yaml-cpp's events. `open_` are the lists and maps that have begun and not ended: its
/// size is bounded here, which also ends yaml-cpp's own recursion, as it tells of each level before it
/// descends.
class Builder : public YAML::EventHandler {
public:
    Builder(const std::string& file, Diagnostics& diagnostics) : file_{file}, diagnostics_{diagnostics} {}
    Node take() { return std::move(root_); }
    /// yaml-cpp takes the end of the file for the end of a quote, if a line break comes before it.
    void check_last_quote(std::string_view text) {
        const auto begin = static_cast<std::size_t>(last_quoted_.pos);
        if (begin >= text.size() || (text[begin] != '"' && text[begin] != '\'')) return;
        for (std::size_t i = begin + 1; i < text.size(); ++i) {
            const bool escapes = text[begin] == '"' && text[i] == '\\';
            const bool doubled = text[begin] == '\'' && text.substr(i, 2) == "''";
            if (escapes || doubled)
                ++i;
            else if (text[i] == text[begin])
                return;
        }
        refuse(place(last_quoted_), "the quote is opened here and never closed");
    }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (begun_) stop(place(mark), "the file must end here: it may hold one YAML document only");
        begun_ = true;
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { attach(Node{}, place(mark)); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        refuse(place(mark), "aliases are not allowed; write the value out");
        attach(std::nullopt, place(mark));
    }
    void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
        refuse(place(mark), "anchors are not allowed; leave out " + in_quotes("&" + name));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& value) override {
        check_tag(mark, tag);
        Node node;
        node.kind = Node::Kind::scalar;
        node.place = place(mark);
        node.text = value;
        if (tag == "!") last_quoted_ = mark;
        node.quoted = tag == "!"; // how yaml-cpp marks what is not plain: quotes and block scalars
        attach(std::move(node), place(mark));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        begin(Node::Kind::list, mark, tag);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        begin(Node::Kind::map, mark, tag);
    }
    void OnMapEnd() override { end(); }

private:
    struct Open {
        Node node;
        std::map<std::string, Place> keys; // of a map: those seen
        std::optional<Node::Entry> entry;  // of a map: its key was read, its value comes next
        bool keep_entry = true;            // false if the key was refused
    };

    Place place(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }
    void refuse(const Place& at, std::string message) { diagnostics_.add(at.error(std::move(message))); }
    [[noreturn]] void stop(const Place& at, std::string message) {
        refuse(at, std::move(message));
        throw Stop{};
    }
    void check_tag(const YAML::Mark& mark, const std::string& tag) {
        if (!tag.empty() && tag != "?" && tag != "!")
            refuse(place(mark), "tags are not allowed; leave out " + in_quotes(tag));
    }
    void begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag) {
        check_tag(mark, tag);
        if (open_.size() == limits::yaml_levels)
            stop(place(mark), "is nested deeper than " + std::to_string(limits::yaml_levels) + " levels");
        Open& opened = open_.emplace_back();
        opened.node.kind = kind;
        opened.node.place = place(mark);
    }
    void end() {
        Node node = std::move(open_.back().node);
        open_.pop_back();
        const Place at = node.place;
        attach(std::move(node), at);
    }
    /// Puts what was read where it belongs. Nothing stands for something that was refused.
    void attach(std::optional<Node> node, const Place& at) {
        if (open_.empty()) {
            if (node) root_ = std::move(*node);
            if (root_.is_null()) root_.place = at;
            return;
        }
        Open& parent = open_.back();
        if (parent.node.is_list()) {
            if (!node) return;
            if (node->is_null()) node->place = parent.node.place;
            parent.node.items.push_back(std::move(*node));
        } else if (!parent.entry) {
            take_key(parent, std::move(node), at);
        } else {
            if (node && parent.keep_entry) {
                if (node->is_null()) node->place = parent.entry->place;
                parent.entry->value = std::move(*node);
                parent.node.entries.push_back(std::move(*parent.entry));
            }
            parent.entry.reset();
        }
    }
    void take_key(Open& parent, std::optional<Node> node, const Place& at) {
        parent.entry = Node::Entry{{}, at, {}};
        parent.keep_entry = node && node->is_scalar();
        if (node && !node->is_scalar()) refuse(at, "a key must be text, found " + node->described());
        if (!parent.keep_entry) return;
        const auto [seen, is_new] = parent.keys.emplace(node->text, at);
        if (!is_new) {
            refuse(at, "duplicate key " + in_quotes(node->text) + ", first at " + seen->second.text());
            parent.keep_entry = false;
        }
        parent.entry->key = std::move(node->text);
    }

    const std::string& file_;
    Diagnostics& diagnostics_;
    std::vector<Open> open_;
    Node root_;
    bool begun_ = false;
    YAML::Mark last_quoted_;
};

/// Length of the UTF-8 character that begins at `text`, 0 if none does (RFC 3629: no overlong forms, no
/// surrogates).
std::size_t character_length(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80; };
    const unsigned first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first < 0xE0) return follows(1) ? 2 : 0;
    if (first >= 0xE0 && first < 0xF0) {
        const bool in_range = (first != 0xE0 || second >= 0xA0) && (first != 0xED || second < 0xA0);
        return in_range && follows(1) && follows(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first < 0xF5) {
        const bool in_range = (first != 0xF0 || second >= 0x90) && (first != 0xF4 || second < 0x90);
        return in_range && follows(1) && follows(2) && follows(3) ? 4 : 0;
    }
    return 0;
}

/// yaml-cpp passes on any bytes, takes 0x04 for the end and reads UTF-16: so the text is looked through
/// first.
bool is_plain_text(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
    Place at{file, 1, 1};
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = character_length(text.substr(i));
        if (length == 0) {
            diagnostics.add(at.error("is not UTF-8"));
            return false;
        }
        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F) {
            diagnostics.add(at.error("has a control character, " + in_quotes(text.substr(i, 1))));
            return false;
        }
        i += length;
        at.column += static_cast<int>(length);
        if (byte == '\n') at = {file, at.line + 1, 1};
    }
    return true;
}

} // namespace

namespace {

/// What is most often wrong where the parser gives up, which it tells in its own words.
std::string hint_for(const std::string& problem, std::string_view text, int number) {
    std::string_view line, before;
    for (int i = 0; i < number && !text.empty(); ++i) {
        const auto end = std::min(text.find('\n'), text.size());
        before = line, line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto indented_by_tab = [](std::string_view given) {
        return given.substr(0, given.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
    };
    if (indented_by_tab(line) || indented_by_tab(before)) return " (a tab: indent with spaces)";
    if (problem == "the referenced anchor is not defined") return " (and aliases are not allowed)";
    if (problem != "end of map not found" && problem != "illegal map value") return {};
    return " (is this line indented like its neighbours? A text with `: ` in it, or that begins with { or [, "
           "wants "
           "quotes)";
}

} // namespace

Node parse_document(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
    const Place begin{file, 1, 1};
    if (text.size() > limits::yaml_bytes) {
        diagnostics.add(begin.error("is larger than " + std::to_string(limits::yaml_bytes >> 20U) + " MiB"));
        return {};
    }
    if (!is_plain_text(text, file, diagnostics)) return {};
    if (constexpr std::string_view mark = "\xEF\xBB\xBF"; text.starts_with(mark))
        text.remove_prefix(mark.size());
    Builder builder{file, diagnostics};
    try {
        std::istringstream in{std::string{text}};
        YAML::Parser parser{in};
        if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
        builder.check_last_quote(text);
    } catch (const Stop&) {
        return {};
    } catch (const YAML::Exception& e) {
        const Place at = e.mark.is_null() ? begin : Place{file, e.mark.line + 1, e.mark.column + 1};
        diagnostics.add(at.error("is not YAML: " + e.msg + hint_for(e.msg, text, at.line)));
        return {};
    }
    Node root = builder.take();
    if (root.place.line == 0) root.place = begin;
    return root;
}

Node load_document(const std::string& path, const Place& named_at, Diagnostics& diagnostics) {
    const auto unreadable = [&](const std::string& why) {
        const bool named = !named_at.file.empty();
        diagnostics.add(named ? named_at.error("cannot read " + in_quotes(path) + ": " + why)
                              : Error{path, 0, 0, "cannot be read: " + why});
        return Node{};
    };
    std::error_code failed;
    if (std::filesystem::is_directory(path, failed)) return unreadable("it is a directory");
    errno = 0;
    std::ifstream in{path, std::ios::binary};
    if (!in) return unreadable(std::generic_category().message(errno));
    std::string text;
    // Past the limit parse_document sees the excess and says so; the rest need not be read.
    for (std::array<char, 16 << 10> part{}; in && text.size() <= limits::yaml_bytes;) {
        in.read(part.data(), part.size());
        text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (in.bad()) return unreadable(std::generic_category().message(errno));
    return parse_document(text, path, diagnostics);
}

} // namespace tocsin::config
