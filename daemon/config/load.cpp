#include "config/load.hpp"

#include "config/sections.hpp"

#include <algorithm>
#include <filesystem>
#include <tuple>

namespace tocsin::config {

namespace {

class ConfigReader {
public:
    ConfigReader(const Fields& top, Config& config, Diagnostics& diagnostics)
        : top_{top}, config_{config}, diagnostics_{diagnostics} {}

    void read() {
        config_.listen_place = top_.place_of("listen");
        config_.listen = read_address(top_, "listen", addresses_, diagnostics_).value_or(config_.listen);
        config_.clock_lag = top_.clock_time("clock_lag").value_or(config_.clock_lag);
        config_.close_grace = top_.clock_time("close_grace").value_or(config_.close_grace);
        config_.heartbeat = top_.clock_time("heartbeat").value_or(config_.heartbeat);
        config_.io_threads = static_cast<int>(top_.integer("io_threads").value_or(config_.io_threads));
        read_store();
        read_plugin_dirs();
        for (const Node* path : top_.texts("calendars")) read_calendar_at(*path);
        read_symbols();
        config_.feeds = read_feeds(top_, symbols_, addresses_, diagnostics_);
        config_.rules = read_rules(top_, symbols_, diagnostics_);
    }

private:
    void read_store() {
        const Node* store = top_.find("store");
        if (store == nullptr) return;
        const Fields fields{*store, store_map(), diagnostics_};
        const Node* keep = fields.is_map() ? fields.find("keep") : nullptr;
        if (keep == nullptr) return;
        const Fields kept{*keep, keep_map(), diagnostics_};
        if (const auto alerts = kept.integer("alerts"))
            config_.keep_alerts = static_cast<std::size_t>(*alerts);
    }

    void read_plugin_dirs() {
        for (const Node* item : top_.texts("plugins")) {
            const std::string path = path_beside(item->text, item->place);
            std::error_code failed;
            if (std::filesystem::is_directory(path, failed))
                config_.plugin_dirs.push_back(absolute_path(path));
            else
                diagnostics_.add(item->place.error("there is no directory " + in_quotes(path)));
        }
    }

    void read_calendar_at(const Node& path) {
        const std::size_t before = diagnostics_.errors().size();
        std::optional<PlacedCalendar> read =
            read_calendar(path_beside(path.text, path.place), path.place, diagnostics_);
        if (!read || read->definition.name.empty()) {
            unnamed_calendars_ = true;
            return;
        }
        calendar_names_.add(read->definition.name, read->name_place, diagnostics_);
        if (diagnostics_.errors().size() > before) return;
        Result<market::Calendar> calendar = market::Calendar::make(std::move(read->definition));
        // What else make() refuses was looked for above: what is left is a zone that this machine does not
        // have.
        if (calendar)
            config_.calendars.push_back(std::make_shared<market::Calendar>(std::move(*calendar)));
        else
            diagnostics_.add(read->zone_place.error(calendar.error().message));
    }

    void read_symbols() {
        const Node* node = top_.find("symbols");
        if (node == nullptr) return;
        if (!node->is_map()) top_.report("symbols", "\"symbols\" must be a map, found " + node->described());
        std::vector<market::Symbol> symbols;
        for (const Node::Entry& entry : node->entries) {
            check_word(entry.key, entry.place, diagnostics_);
            symbols_.add(entry.key, entry.place, diagnostics_);
            symbols.push_back(read_symbol(entry));
        }
        config_.symbols = market::SymbolTable{std::move(symbols)};
    }

    market::Symbol read_symbol(const Node::Entry& entry) {
        const Fields fields{entry.value, symbol_map(), diagnostics_};
        market::Symbol symbol{entry.key, fields.text("name").value_or(""), nullptr};
        const std::optional<std::string> name = fields.text("calendar");
        // A calendar that could not be read may have had any name: that was one mistake, and is reported.
        if (!name || unnamed_calendars_ || !calendar_names_.check(*fields.find("calendar"), diagnostics_))
            return symbol;
        for (const auto& calendar : config_.calendars)
            if (calendar->name() == *name) symbol.calendar = calendar;
        return symbol;
    }

    const Fields& top_;
    Config& config_;
    Diagnostics& diagnostics_;
    Names calendar_names_{"calendar"}, symbols_{"symbol"}, addresses_{"listener on"};
    bool unnamed_calendars_ = false;
};

} // namespace

Config load_config(const std::string& path, Diagnostics& diagnostics) {
    Config config;
    config.file = path;
    Diagnostics found;
    const Node root = load_document(path, {}, found);
    if (!root.is_null() || found.ok()) {
        const Fields top{root, configuration_map(), found};
        if (top.is_map()) ConfigReader{top, config, found}.read();
    }
    // As a person goes through them: the configuration from top to bottom, then the other files, each so too.
    std::vector<Error> errors = found.errors();
    std::stable_sort(errors.begin(), errors.end(), [&](const Error& a, const Error& b) {
        return std::tuple{a.file != path, a.file, a.line, a.column} <
               std::tuple{b.file != path, b.file, b.line, b.column};
    });
    for (Error& error : errors) diagnostics.add(std::move(error));
    return config;
}

} // namespace tocsin::config
