#include "config/glob.hpp"
#include "config/sections.hpp"

#include <algorithm>
#include <set>

namespace tocsin::config {

namespace {

class RuleReader {
public:
    RuleReader(const Names& symbols, Diagnostics& diagnostics)
        : symbols_{symbols}, diagnostics_{diagnostics} {}

    void read_file(const std::string& path, const Place& named_at) {
        const std::size_t before = diagnostics_.errors().size();
        const Node root = load_document(path, named_at, diagnostics_);
        if (root.is_null() && diagnostics_.errors().size() > before) return;
        const Fields top{root, rule_file_map(), diagnostics_};
        for (const Node* node : top.list("rules")) read_rule(*node);
    }
    std::vector<Rule> take() {
        std::stable_sort(rules_.begin(), rules_.end(),
                         [](const Rule& a, const Rule& b) { return a.name < b.name; });
        return std::move(rules_);
    }

private:
    void read_rule(const Node& node) {
        const Fields fields{node, rule_map(), diagnostics_};
        if (!fields.is_map()) return;
        Rule rule;
        rule.place = node.place;
        rule.type_place = fields.place_of("type");
        rule.symbols_place = fields.place_of("symbols");
        rule.summary_place = fields.place_of("summary");
        rule.for_place = fields.place_of("for");
        rule.keep_place = fields.place_of("keep");
        rule.cooldown_place = fields.place_of("cooldown");
        rule.remind_place = fields.place_of("remind");
        rule.expires_place = fields.place_of("expires");
        rule.name = fields.text("name").value_or("");
        rule.type = fields.text("type").value_or("");
        if (!rule.name.empty()) {
            check_name(rule.name, fields.place_of("name"), diagnostics_);
            names_.add(rule.name, fields.place_of("name"), diagnostics_);
        }
        read_symbols(fields, rule);
        read_params(fields, rule);
        if (const auto word = fields.word("severity"))
            rule.severity = *word == "info"      ? alert::Severity::info
                            : *word == "warning" ? alert::Severity::warning
                                                 : alert::Severity::critical;
        read_labels(fields, rule);
        rule.summary = fields.text("summary").value_or("");
        rule.for_ = read_lasting(fields, "for");
        rule.keep = read_lasting(fields, "keep");
        rule.cooldown = read_lasting(fields, "cooldown");
        rule.remind = read_lasting(fields, "remind");
        read_expires(fields, rule);
        rule.mute_until = fields.time("mute_until");
        rule.enabled = fields.boolean("enabled").value_or(true);
        rules_.push_back(std::move(rule));
    }

    void read_symbols(const Fields& fields, Rule& rule) {
        rule.has_symbols = fields.has("symbols");
        if (!rule.has_symbols) return;
        for (const Node* item : fields.texts("symbols"))
            if (symbols_.check(*item, diagnostics_)) rule.symbols.push_back(item->text);
        if (const Node* node = fields.find("symbols"); node->is_list() && node->items.empty())
            fields.report("symbols",
                          R"("symbols" names none; leave it out, or the rule if it is not wanted)");
    }

    static void read_params(const Fields& fields, Rule& rule) {
        const Node* params = fields.find("params");
        rule.params.place = rule.place; // what is missing from no params is missing here
        if (params == nullptr) return;
        rule.params = *params;
        if (!params->is_map() && !params->is_null())
            fields.report("params", "\"params\" must be a map, found " + params->described());
    }

    void read_labels(const Fields& fields, Rule& rule) {
        const Node* labels = fields.find("labels");
        if (labels == nullptr) return;
        if (!labels->is_map())
            fields.report("labels", "\"labels\" must be a map, found " + labels->described());
        for (const Node::Entry& label : labels->entries) {
            check_name(label.key, label.place, diagnostics_);
            if (label.value.is_scalar())
                rule.labels[label.key] = label.value.text;
            else
                diagnostics_.add(label.value.place.error("the label " + in_quotes(label.key) +
                                                         " must be text, found " + label.value.described()));
        }
    }

    static std::optional<Duration> read_lasting(const Fields& fields, std::string_view key) {
        const std::optional<Duration> duration = fields.duration(key);
        if (duration && duration->count == 0) fields.report(key, in_quotes(key) + " must be longer than 0");
        return duration;
    }

    /// A time begins with its year, `2025-`; everything else is meant as a duration.
    void read_expires(const Fields& fields, Rule& rule) {
        const Node* node = fields.find("expires");
        if (node == nullptr || !node->is_scalar() || node->text.find('-') != 4) {
            rule.expires_after = read_lasting(fields, "expires");
            return;
        }
        rule.expires_at = fields.time("expires");
    }

    const Names& symbols_;
    Diagnostics& diagnostics_;
    Names names_{"rule"};
    std::vector<Rule> rules_;
};

} // namespace

std::vector<Rule> read_rules(const Fields& top, const Names& symbols, Diagnostics& diagnostics) {
    std::map<std::string, Place>
        files; // in the order of their bytes; a file that two patterns match is read once
    for (const Node* pattern : top.texts("rules")) {
        const std::vector<std::string> found = files_matching(pattern_beside(pattern->text, pattern->place));
        if (found.empty())
            diagnostics.add(pattern->place.error("no file matches " + in_quotes(pattern->text)));
        for (const std::string& file : found) files.emplace(path_beside(file, {}), pattern->place);
    }
    RuleReader reader{symbols, diagnostics};
    for (const auto& [file, named_at] : files) reader.read_file(file, named_at);
    return reader.take();
}

} // namespace tocsin::config
