#include "feed/csv.hpp"

#include "config/nearest.hpp"
#include "feed/value.hpp"

#include <algorithm>
#include <simdjson.h>

namespace tocsin::feed {
namespace {

enum class Column : std::uint8_t { symbol, session, ts, open, high, low, close, volume, price, kind, seq };
constexpr std::size_t columns = static_cast<std::size_t>(Column::seq) + 1;
constexpr std::size_t unmapped = static_cast<std::size_t>(-1);

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

class CsvDecoder final : public Decoder {
public:
    explicit CsvDecoder(const Check& check) : check_{check} { at_.fill(unmapped); }
    std::optional<Error> map(const config::Feed& feed, std::string_view header);
    Checked decode(std::string_view line, market::Event& out) override;

private:
    std::string_view cell(Column column) const {
        const std::size_t at = at_[static_cast<std::size_t>(column)];
        return at == unmapped ? std::string_view{} : cells_[at];
    }
    /// The column's name in the file, which is what its owner knows.
    std::string_view title(Column column) const { return titles_[static_cast<std::size_t>(column)]; }
    Checked present(Column column) const;
    Checked price(Column column, Price& out) const;
    Checked symbol(market::SymbolId& out) const;
    Checked session(market::SymbolId symbol, SessionDate& out) const;
    Checked quote(market::Event& out) const;
    Checked bar(market::Event& out) const;

    const Check& check_;
    bool bars_ = false;
    market::SymbolId symbol_ = market::no_symbol; // of the whole file
    std::array<std::size_t, columns> at_;
    std::array<std::string, columns> titles_;
    std::size_t width_ = 0;
    std::vector<std::string_view> cells_; // of the row at hand
    std::string unescaped_;
};

std::optional<Error> CsvDecoder::map(const config::Feed& feed, std::string_view header) {
    const config::CsvMapping& mapping = *feed.csv;
    titles_ = {mapping.symbol_column, mapping.session, mapping.ts,    mapping.open, mapping.high, mapping.low,
               mapping.close,         mapping.volume,  mapping.price, mapping.kind, mapping.seq};
    bars_ = !mapping.session.empty() || mapping.price.empty();
    const bool whole = bars_ ? !mapping.close.empty() && (!mapping.session.empty() || !mapping.ts.empty())
                             : !mapping.ts.empty();
    if (!whole)
        return mapping.place.error(
            "csv maps neither bars (session or ts, and close) nor quotes (ts and price)");
    if (mapping.symbol_column.empty())
        if (auto fault = check_.symbol(mapping.symbol, symbol_)) return mapping.place.error(fault->detail);

    if (!split_row(header, cells_, unescaped_))
        return mapping.place.error("the header of " + feed.file + " has quotes that do not match");
    width_ = cells_.size();
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string& title = titles_[i];
        if (title.empty()) continue;
        const auto found = std::find(cells_.begin(), cells_.end(), title);
        if (found == cells_.end()) {
            std::string list;
            for (const auto& each : cells_) list += (list.empty() ? "" : ", ") + std::string{each};
            return mapping.place.error("the header of " + feed.file + " has no column " + in_quotes(title) +
                                       config::did_you_mean(title, cells_) + " (it has " + in_quotes(list) +
                                       ")");
        }
        if (std::find(found + 1, cells_.end(), title) != cells_.end())
            return mapping.place.error("the header of " + feed.file + " has the column " + in_quotes(title) +
                                       " twice");
        at_[i] = static_cast<std::size_t>(found - cells_.begin());
    }
    return {};
}

Checked CsvDecoder::decode(std::string_view line, market::Event& out) {
    if (!simdjson::validate_utf8(line.data(), line.size())) return Fault{RejectReason::bad_utf8, "not UTF-8"};
    if (!split_row(line, cells_, unescaped_))
        return Fault{RejectReason::bad_csv, "quotes do not match; a quoted cell ends on its line"};
    if (cells_.size() != width_)
        return Fault{RejectReason::bad_csv, "the row has " + std::to_string(cells_.size()) +
                                                " cells, the header " + std::to_string(width_)};
    return bars_ ? bar(out) : quote(out);
}

Checked CsvDecoder::present(Column column) const {
    if (!cell(column).empty()) return {};
    return Fault{RejectReason::missing_field, std::string{title(column)} + " is empty"};
}

Checked CsvDecoder::price(Column column, Price& out) const {
    const std::string_view text = cell(column);
    auto fault = read_price(title(column), text, out);
    if (!fault || fault->reason != RejectReason::bad_price) return fault;
    if (text == "null") fault->detail += "; leave the cell empty where there is no price";
    if (text.find(',') != std::string_view::npos) fault->detail += "; write it without thousands separators";
    return fault;
}

Checked CsvDecoder::symbol(market::SymbolId& out) const {
    out = symbol_;
    if (symbol_ != market::no_symbol) return {};
    if (auto fault = present(Column::symbol)) return fault;
    return check_.symbol(cell(Column::symbol), out);
}

Checked CsvDecoder::quote(market::Event& out) const {
    market::Quote quote;
    if (auto fault = check_.type(EventType::quote)) return fault;
    if (auto fault = symbol(quote.symbol)) return fault;
    if (auto fault = present(Column::ts)) return fault;
    if (auto fault = read_time(title(Column::ts), cell(Column::ts), out.at)) return fault;
    if (auto fault = present(Column::price)) return fault;
    if (auto fault = price(Column::price, quote.price)) return fault;
    if (!cell(Column::kind).empty())
        if (auto fault = read_kind(title(Column::kind), cell(Column::kind), quote.kind)) return fault;
    if (!cell(Column::seq).empty())
        if (auto fault = check_whole(title(Column::seq), cell(Column::seq))) return fault;
    out.what = quote;
    return {};
}

// A date without a time is a session, also in a column of times.
Checked CsvDecoder::session(market::SymbolId symbol, SessionDate& out) const {
    const Column column = title(Column::session).empty() ? Column::ts : Column::session;
    if (auto fault = present(column)) return fault;
    const std::string_view text = cell(column);
    if (column == Column::session || text.size() <= 10) return read_date(title(column), text, out);
    Time time;
    if (auto fault = read_time(title(column), text, time)) return fault;
    out = check_.session_of(symbol, time);
    return {};
}

Checked CsvDecoder::bar(market::Event& out) const {
    market::Bar bar;
    if (auto fault = check_.type(EventType::bar)) return fault;
    if (auto fault = symbol(bar.symbol)) return fault;
    if (auto fault = session(bar.symbol, bar.session)) return fault;
    if (auto fault = present(Column::close)) return fault;
    if (auto fault = price(Column::close, bar.close)) return fault;
    for (const auto& [column, member] : {std::pair{Column::open, &market::Bar::open},
                                         {Column::high, &market::Bar::high},
                                         {Column::low, &market::Bar::low}})
        if (!cell(column).empty())
            if (auto fault = price(column, (bar.*member).emplace())) return fault;
    if (!cell(Column::volume).empty())
        if (auto fault = check_amount(title(Column::volume), cell(Column::volume))) return fault;
    if (auto fault = check_.bar(bar, out.at)) return fault;
    out.what = bar;
    return {};
}

} // namespace

bool split_row(std::string_view row, std::vector<std::string_view>& cells, std::string& unescaped) {
    cells.clear();
    unescaped.clear();
    unescaped.reserve(row.size()); // so that views into it stay good
    const char* at = row.data();
    const char* const end = at + row.size();
    for (;; ++at) {
        while (at != end && is_blank(*at)) ++at;
        if (at == end || *at != '"') {
            const char* const from = at;
            at = std::find(at, end, ',');
            const char* to = at;
            while (to != from && is_blank(to[-1])) --to;
            if (std::find(from, to, '"') != to) return false;
            cells.emplace_back(from, static_cast<std::size_t>(to - from));
        } else {
            const char* from = ++at;
            const std::size_t start = unescaped.size();
            for (;;) {
                at = std::find(at, end, '"');
                if (at == end) return false;
                if (at + 1 == end || at[1] != '"') break;
                unescaped.append(from, ++at); // one of the two quotes
                from = ++at;
            }
            if (unescaped.size() == start) {
                cells.emplace_back(from, static_cast<std::size_t>(at - from));
            } else {
                unescaped.append(from, at);
                cells.emplace_back(unescaped.data() + start, unescaped.size() - start);
            }
            ++at;
            while (at != end && is_blank(*at)) ++at;
            if (at != end && *at != ',') return false;
        }
        if (at == end) return true;
    }
}

Result<std::unique_ptr<Decoder>> csv_decoder(const config::Feed& feed, std::string_view header,
                                             const Check& check) {
    auto decoder = std::make_unique<CsvDecoder>(check);
    if (auto error = decoder->map(feed, header)) return *error;
    return decoder;
}

} // namespace tocsin::feed
