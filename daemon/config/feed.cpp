#include "config/address.hpp"
#include "config/glob.hpp"
#include "config/sections.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tocsin::config {

namespace {

constexpr std::string_view standard_input = "-";

void refuse_keys(const Fields& fields, const std::vector<std::string_view>& keys, std::string_view why) {
    for (const std::string_view key : keys)
        if (fields.has(key)) fields.report(key, in_quotes(key) + " " + std::string{why});
}

/// A row is a bar if it has a session or a close, and a quote otherwise; what belongs to the other is a
/// mistake.
bool rows_are_bars(const CsvMapping& mapping) {
    return !mapping.session.empty() || !mapping.close.empty();
}

void check_row(const Fields& fields, const CsvMapping& mapping) {
    if (fields.has("session") && fields.has("ts"))
        fields.report("ts", R"("csv" needs one of "session" and "ts", not both)");
    if (!fields.has("session") && !fields.has("ts"))
        fields.report("csv", R"("csv" needs "session", a column of dates, or "ts", a column of times)");
    if (rows_are_bars(mapping)) {
        fields.need("close");
        refuse_keys(fields, {"price", "kind", "seq"}, "belongs to a quote, but these rows are bars");
    } else if (fields.has("ts") && !fields.has("close")) {
        if (!fields.has("price"))
            fields.report("csv", R"("csv" with "ts" needs "price", for quotes, or "close", for bars)");
        refuse_keys(fields, {"open", "high", "low", "volume"}, R"(belongs to a bar, which needs "close")");
    }
}

void read_separator(const Fields& fields, CsvMapping& mapping) {
    const Node* separator = fields.find("separator");
    if (separator == nullptr) return;
    if (separator->text.size() == 1 &&
        std::string_view{",;|\t"}.find(separator->text) != std::string_view::npos)
        mapping.separator = separator->text.front();
    else
        fields.report("separator", R"("separator" must be one of "," ";" "|" and "\t", a tab, found )" +
                                       separator->described());
}

void read_date_format(const Fields& fields, CsvMapping& mapping) {
    const std::optional<std::string> text = fields.text("date_format");
    if (!text) return;
    mapping.date_format_place = fields.place_of("date_format");
    DateFormat::Parsed parsed = DateFormat::parse(*text);
    if (!parsed.problem.empty())
        fields.report("date_format", in_quotes(*text) + " " + parsed.problem);
    else if (!rows_are_bars(mapping) && !parsed.value.has_time())
        fields.report("date_format",
                      in_quotes(*text) + " has no time, which a quote needs: %H:%M or %H:%M:%S");
    else
        mapping.date_format = std::move(parsed.value);
}

CsvMapping read_mapping(const Node& node, const Names& symbols, Diagnostics& diagnostics) {
    const Fields fields{node, csv_map(), diagnostics};
    CsvMapping mapping;
    mapping.place = node.place;
    if (!fields.is_map()) return mapping;
    for (const auto& [key, into] : {std::pair{"symbol", &mapping.symbol},
                                    {"symbol_column", &mapping.symbol_column},
                                    {"session", &mapping.session},
                                    {"ts", &mapping.ts},
                                    {"open", &mapping.open},
                                    {"high", &mapping.high},
                                    {"low", &mapping.low},
                                    {"close", &mapping.close},
                                    {"volume", &mapping.volume},
                                    {"price", &mapping.price},
                                    {"kind", &mapping.kind},
                                    {"seq", &mapping.seq}})
        *into = fields.text(key).value_or("");
    if (fields.has("symbol") && fields.has("symbol_column"))
        fields.report("symbol_column", R"("csv" needs one of "symbol" and "symbol_column", not both)");
    if (!fields.has("symbol") && !fields.has("symbol_column"))
        fields.report("csv", R"("csv" needs "symbol", or "symbol_column" where the file holds several)");
    if (!mapping.symbol.empty()) symbols.check(*fields.find("symbol"), diagnostics);
    check_row(fields, mapping);
    read_separator(fields, mapping);
    read_date_format(fields, mapping);
    return mapping;
}

/// A file feed's path, absolute. Whether it can be read shows when it is opened, and so does what a pattern
/// matches.
void read_file_name(const Fields& fields, const std::string& name, Feed& feed) {
    feed.file = name;
    if (name == standard_input) return;
    const Place& place = fields.place_of("file");
    const std::string path = path_beside(name, place);
    feed.file = absolute_path(path);
    std::error_code failed;
    if (is_pattern(name))
        feed.glob = pattern_beside(name, {absolute_path(place.file), 0, 0});
    else if (std::filesystem::is_directory(path, failed))
        fields.report("file", "cannot read " + in_quotes(path) + ": it is a directory");
}

bool is_csv(std::string_view name) {
    if (is_compressed(name)) name.remove_suffix(name.size() - name.rfind('.'));
    return name.ends_with(".csv");
}

void read_follow(const Fields& fields, Feed& feed) {
    feed.follow = fields.boolean("follow").value_or(false);
    if (!feed.follow || !fields.has("file")) return;
    const std::string_view what = feed.file == standard_input ? "standard input, which is read as it comes"
                                  : !feed.glob.empty()        ? "a pattern"
                                  : is_compressed(feed.file)  ? "a compressed file"
                                                              : "";
    if (!what.empty())
        fields.report("follow", R"("follow" is for one plain file, and not for )" + std::string{what});
}

class FeedReader {
public:
    FeedReader(const Names& symbols, Names& addresses, Diagnostics& diagnostics)
        : symbols_{symbols}, addresses_{addresses}, diagnostics_{diagnostics} {}

    std::optional<Feed> read(const Node& node) {
        const Fields fields{node, feed_map(), diagnostics_};
        if (!fields.is_map()) return {};
        Feed feed;
        feed.place = node.place;
        feed.name = fields.text("name").value_or("");
        if (!feed.name.empty()) add_name(feed.name, fields.place_of("name"));
        read_source(fields, feed);
        read_declared(fields, feed);
        return feed;
    }

private:
    void add_name(const std::string& name, const Place& at) {
        check_name(name, at, diagnostics_);
        // Rejected lines go to a file of that name.
        if (name.starts_with('.') || name.find('/') != std::string::npos)
            diagnostics_.add(
                at.error("the name " + in_quotes(name) + " must not begin with a dot or hold a slash"));
        if (name == "clock")
            diagnostics_.add(at.error(R"(the name "clock" is taken by the built-in feed that moves time)"));
        names_.add(name, at, diagnostics_);
    }

    void read_source(const Fields& fields, Feed& feed) {
        if (fields.has("file") == fields.has("tcp"))
            fields.report(fields.has("file") ? "tcp" : "",
                          R"(a feed needs one of "file" and "tcp")" +
                              std::string{fields.has("file") ? ", not both" : ""});
        if (const std::optional<std::string> name = fields.text("file")) {
            read_file_name(fields, *name, feed);
            if (*name == standard_input) take_standard_input(fields.place_of("file"));
        }
        feed.tcp = read_address(fields, "tcp", addresses_, diagnostics_).value_or("");
        if (const Node* csv = fields.find("csv")) {
            feed.csv = read_mapping(*csv, symbols_, diagnostics_);
        } else if (is_csv(feed.file)) {
            fields.report("file", R"(a CSV file needs "csv", which maps its columns)");
        }
        read_follow(fields, feed);
        if (fields.has("tcp"))
            refuse_keys(fields, {"csv", "lateness", "follow"},
                        "is for files; a TCP feed brings NDJSON as it comes");
        else if (!feed.follow)
            refuse_keys(fields, {"max_ahead"},
                        "is for TCP feeds and files that are followed; a finished file is not measured "
                        "against the clock");
        feed.lateness.count = fields.clock_time("lateness").value_or(0);
        if (const std::optional<std::int64_t> ahead = fields.clock_time("max_ahead"))
            feed.max_ahead = Duration{*ahead, DurationUnit::clock};
    }

    void take_standard_input(const Place& at) {
        if (standard_input_at_)
            diagnostics_.add(at.error("only one feed may read standard input, and " +
                                      standard_input_at_->text() + " does"));
        else
            standard_input_at_ = at;
    }

    /// What the feed carries: as it says, or as its mapping does.
    void read_declared(const Fields& fields, Feed& feed) {
        if (fields.has("symbols")) {
            feed.symbols.emplace();
            for (const Node* item : fields.texts("symbols"))
                if (symbols_.check(*item, diagnostics_)) feed.symbols->push_back(item->text);
        }
        if (fields.has("types")) {
            feed.types.emplace();
            for (const Node* item : fields.texts("types"))
                if (is_one_of(*item, "types", feed_map().at("types").words, diagnostics_))
                    feed.types->push_back(item->text);
        }
        if (!feed.csv) return;
        refuse_keys(fields, {"types"}, "is told by the mapping of a CSV file; leave it out");
        feed.types = {rows_are_bars(*feed.csv) ? "bar" : "quote"};
        if (feed.csv->symbol.empty()) return;
        refuse_keys(fields, {"symbols"}, "is told by the mapping of this CSV file; leave it out");
        feed.symbols = {feed.csv->symbol};
    }

    const Names& symbols_;
    Names& addresses_;
    Names names_{"feed"};
    std::optional<Place> standard_input_at_;
    Diagnostics& diagnostics_;
};

} // namespace

bool is_compressed(std::string_view file) {
    return file.ends_with(".gz") || file.ends_with(".zst");
}

std::optional<std::string> read_address(const Fields& fields, std::string_view key, Names& addresses,
                                        Diagnostics& diagnostics) {
    std::optional<std::string> address = fields.text(key);
    if (!address) return {};
    if (const std::string problem = address_problem(*address); !problem.empty()) {
        fields.report(key, in_quotes(*address) + " " + problem);
        return {};
    }
    // Port 0 is any free one, so it may be asked for often.
    if (!address->ends_with(":0")) addresses.add(*address, fields.place_of(key), diagnostics);
    return address;
}

std::vector<Feed> read_feeds(const Fields& top, const Names& symbols, Names& addresses,
                             Diagnostics& diagnostics) {
    std::vector<Feed> feeds;
    FeedReader reader{symbols, addresses, diagnostics};
    for (const Node* node : top.list("feeds"))
        if (std::optional<Feed> feed = reader.read(*node)) feeds.push_back(std::move(*feed));
    return feeds;
}

} // namespace tocsin::config
