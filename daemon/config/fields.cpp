#include "config/fields.hpp"

#include "config/nearest.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <filesystem>
#include <set>

namespace tocsin::config {

Fields::Fields(const Node& node, std::string_view what, const Keys& keys, Diagnostics& diagnostics)
    : node_{node}, what_{what}, diagnostics_{diagnostics} {
    if (!node.is_map()) {
        diagnostics.add(node.place.error(std::string{what} + " must be a map, found " + node.described()));
        return;
    }
    const auto holds = [](const std::vector<std::string_view>& list, std::string_view key) {
        return std::find(list.begin(), list.end(), key) != list.end();
    };
    for (const Node::Entry& entry : node.entries) {
        if (holds(keys.known, entry.key)) continue;
        if (holds(keys.later, entry.key))
            diagnostics.add(entry.place.error(in_quotes(entry.key) + " is not in this version"));
        else
            diagnostics.add(entry.place.error(std::string{what} + " has no key " + in_quotes(entry.key) +
                                              did_you_mean(entry.key, keys.known)));
    }
}

static Keys keys_of(const Map& map) {
    Keys keys{{}, map.later};
    for (const Key& key : map.keys) keys.known.push_back(key.name);
    return keys;
}

Fields::Fields(const Node& node, const Map& map, Diagnostics& diagnostics)
    : Fields{node, map.what, keys_of(map), diagnostics} {
    map_ = &map;
    for (const Key& key : map.keys)
        if (key.required) need(key.name);
}

const Key& Fields::declared(std::string_view key) const {
    assert(map_ != nullptr);
    return map_->at(key);
}

const Node* Fields::need(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr && is_map()) report(key, std::string{what_} + " needs " + in_quotes(key));
    return node;
}

const Place& Fields::place_of(std::string_view key) const {
    const Node* node = find(key);
    return node == nullptr ? node_.place : node->place;
}

void Fields::report(std::string_view key, std::string message) const {
    diagnostics_.add(place_of(key).error(std::move(message)));
}

std::optional<std::string> Fields::text(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return {};
    if (node->is_scalar() && !node->text.empty()) return node->text;
    report(key, in_quotes(key) + " must be text, found " + node->described());
    return {};
}

std::optional<bool> Fields::boolean(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return {};
    if (node->is_scalar() && !node->quoted && (node->text == "true" || node->text == "false"))
        return node->text == "true";
    report(key, in_quotes(key) + " must be true or false, found " + node->described());
    return {};
}

static std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t value = 0;
    const auto [stopped, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || stopped != text.data() + text.size()) return {};
    return value;
}

std::optional<std::int64_t> Fields::integer(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return {};
    const auto [least, most] = std::pair{declared(key).least, declared(key).most};
    const std::optional<std::int64_t> value = node->is_scalar() ? whole_number(node->text) : std::nullopt;
    if (value && value >= whole_number(least) && value <= whole_number(most)) return value;
    report(key, in_quotes(key) + " must be a whole number between " + std::string{least} + " and " +
                    std::string{most} + ", found " + node->described());
    return {};
}

std::optional<Duration> Fields::duration(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_scalar()) {
        report(key, in_quotes(key) + " must be a duration like 90s, found " + node->described());
        return {};
    }
    const ParsedDuration parsed = parse_duration(node->text);
    if (parsed.problem.empty()) return parsed.value;
    report(key, in_quotes(node->text) + " " + parsed.problem);
    return {};
}

std::optional<std::int64_t> Fields::clock_time(std::string_view key) const {
    const std::optional<Duration> found = duration(key);
    if (!found) return {};
    const auto [least, most] = std::pair{declared(key).least, declared(key).most};
    if (found->unit == DurationUnit::clock && found->count >= parse_duration(least).value.count &&
        found->count <= parse_duration(most).value.count)
        return found->count;
    report(key, in_quotes(key) + " must be clock time between " + std::string{least} + " and " +
                    std::string{most} + ", found " + find(key)->described());
    return {};
}

std::optional<Time> Fields::time(std::string_view key) const {
    const std::optional<std::string> given = text(key);
    if (!given) return {};
    const Time::Parsed time = Time::parse(*given);
    if (time) return time.value;
    report(key, in_quotes(*given) + " " + std::string{time.problem});
    return {};
}

std::optional<SessionDate> Fields::date(std::string_view key) const {
    const Node* node = find(key);
    return node == nullptr ? std::nullopt : read_date(*node, diagnostics_);
}

std::optional<std::string> Fields::word(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr || !is_one_of(*node, key, declared(key).words, diagnostics_)) return {};
    return node->text;
}

std::vector<const Node*> Fields::list(std::string_view key) const {
    const Node* node = find(key);
    if (node == nullptr) return {};
    if (!node->is_list()) report(key, in_quotes(key) + " must be a list, found " + node->described());
    std::vector<const Node*> items;
    for (const Node& item : node->items) items.push_back(&item);
    return items;
}

std::vector<const Node*> Fields::texts(std::string_view key) const {
    std::vector<const Node*> items;
    std::set<std::string_view> seen;
    for (const Node* item : list(key)) {
        if (!item->is_scalar() || item->text.empty())
            diagnostics_.add(
                item->place.error(in_quotes(key) + " must list text, found " + item->described()));
        else if (!seen.insert(item->text).second)
            diagnostics_.add(
                item->place.error(in_quotes(key) + " lists " + in_quotes(item->text) + " twice"));
        else
            items.push_back(item);
    }
    return items;
}

bool is_one_of(const Node& node, std::string_view what, const std::vector<std::string_view>& words,
               Diagnostics& diagnostics) {
    if (node.is_scalar() && std::find(words.begin(), words.end(), node.text) != words.end()) return true;
    std::string message = in_quotes(what) + " must be one of ";
    for (const std::string_view word : words) message.append(word == words.front() ? "" : ", ").append(word);
    message += ", found " + node.described();
    if (node.is_scalar()) message += did_you_mean(node.text, words);
    diagnostics.add(node.place.error(std::move(message)));
    return false;
}

std::optional<SessionDate> read_date(const Node& node, Diagnostics& diagnostics) {
    const SessionDate::Parsed parsed = SessionDate::parse(node.text);
    if (node.is_scalar() && parsed) return parsed.value;
    const std::string_view problem = node.is_scalar() ? parsed.problem : "is not a date like 2025-04-03";
    diagnostics.add(node.place.error(node.described() + " " + std::string{problem}));
    return {};
}

bool Names::add(const std::string& name, const Place& at, Diagnostics& diagnostics) {
    const auto [seen, is_new] = places_.emplace(name, at);
    if (!is_new)
        diagnostics.add(at.error("there is a " + std::string{what_} + " " + in_quotes(name) +
                                 " already, at " + seen->second.text()));
    return is_new;
}

bool Names::check(const Node& name, Diagnostics& diagnostics) const {
    if (places_.contains(name.text)) return true;
    std::vector<std::string_view> known;
    for (const auto& [text, place] : places_) known.push_back(text);
    diagnostics.add(name.place.error("there is no " + std::string{what_} + " " + in_quotes(name.text) +
                                     did_you_mean(name.text, known)));
    return false;
}

void check_name(const std::string& name, const Place& at, Diagnostics& diagnostics) {
    constexpr std::size_t longest = 100; // it stands in every alert, on terminals, in names of metrics
    const bool control = std::any_of(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
    if (name.empty())
        diagnostics.add(at.error("a name must not be empty"));
    else if (name.size() > longest)
        diagnostics.add(at.error("the name " + in_quotes(name) + " is longer than " +
                                 std::to_string(longest) + " bytes"));
    else if (control)
        diagnostics.add(at.error("the name " + in_quotes(name) + " has a control character"));
    else if (name.front() == ' ' || name.back() == ' ')
        diagnostics.add(at.error("the name " + in_quotes(name) + " begins or ends with a blank"));
}

void check_word(const std::string& name, const Place& at, Diagnostics& diagnostics) {
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) { return c > 0x20 && c < 0x7F; });
    if (plain) return check_name(name, at, diagnostics);
    diagnostics.add(
        at.error("the name " + in_quotes(name) + " may have printable ASCII only, and no blanks"));
}

std::string path_beside(const std::string& path, const Place& named_at) {
    return (std::filesystem::path{named_at.file}.parent_path() / path).lexically_normal().string();
}

std::string absolute_path(const std::string& path) {
    std::error_code failed; // no current directory: the path stays as it is, and opening it says so
    const std::filesystem::path absolute = std::filesystem::absolute(path, failed);
    return (failed ? std::filesystem::path{path} : absolute).lexically_normal().string();
}

} // namespace tocsin::config
