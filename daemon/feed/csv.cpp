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

/// Why a price or a volume is none, where the form of it shows how to mend that.
std::string_view hint_for(std::string_view number) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const std::size_t mark = number.find_first_not_of("0123456789");
    if (mark == 0 || mark == std::string_view::npos ||
        !std::all_of(number.begin(), number.end(),
                     [&](char c) { return is_digit(c) || c == ',' || c == '.' || c == ' ' || c == '\''; }))
        return "";
    const std::size_t comma = number.find(',');
    const bool decimal_comma = comma != std::string_view::npos && number.rfind(',') == comma &&
                               number.find('.', comma) == std::string_view::npos &&
                               number.size() - comma != 4;
    return decimal_comma ? "; write it with a decimal point" : "; write it without thousands separators";
}

class CsvDecoder final : public Decoder {
public:
    explicit CsvDecoder(const Check& check) : check_{check} { at_.fill(unmapped); }
    std::optional<Error> map(const config::CsvMapping& mapping, const std::string& file,
                             std::string_view header);
    Checked decode(std::string_view line, market::Event& out) override;
    std::unique_ptr<Decoder> clone() const override { return std::make_unique<CsvDecoder>(*this); }

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
    std::string_view number(Column column) const {
        const std::string_view text = cell(column);
        return is_no_number(text) ? std::string_view{} : text;
    }
    Checked price_present(Column column) const;
    Checked time(market::SymbolId symbol, Time& out) const;
    Checked session(market::SymbolId symbol, SessionDate& out) const;
    Checked quote(market::Event& out) const;
    Checked bar(market::Event& out) const;

    const Check& check_;
    char separator_ = ',';
    std::optional<config::DateFormat> date_format_;
    bool bars_ = false;
    market::SymbolId symbol_ = market::no_symbol; // of the whole file
    std::array<std::size_t, columns> at_;
    std::array<std::string, columns> titles_;
    std::size_t width_ = 0;
    std::vector<std::string_view> cells_; // of the row at hand
    std::string unescaped_;
};

std::optional<Error> CsvDecoder::map(const config::CsvMapping& mapping, const std::string& file,
                                     std::string_view header) {
    separator_ = mapping.separator;
    date_format_ = mapping.date_format;
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

    if (!simdjson::validate_utf8(header.data(), header.size()))
        return mapping.place.error("the header of " + file + " is not UTF-8; save the file as UTF-8");
    if (!split_row(header, separator_, cells_, unescaped_))
        return mapping.place.error("the header of " + file + " has quotes that do not match");
    width_ = cells_.size();
    for (std::size_t i = 0; i < columns; ++i) {
        const std::string& title = titles_[i];
        if (title.empty()) continue;
        const auto found = std::find(cells_.begin(), cells_.end(), title);
        if (found == cells_.end()) {
            std::string list;
            for (const auto& each : cells_) list += (list.empty() ? "" : ", ") + std::string{each};
            std::string hint = config::did_you_mean(title, cells_);
            if (cells_.size() == 1 && header.find_first_of(",;|\t") != std::string_view::npos)
                hint = R"(; is its "separator" another one?)";
            return mapping.place.error("the header of " + file + " has no column " + in_quotes(title) + hint +
                                       " (it has " + in_quotes(list) + ")");
        }
        if (std::find(found + 1, cells_.end(), title) != cells_.end())
            return mapping.place.error("the header of " + file + " has the column " + in_quotes(title) +
                                       " twice");
        at_[i] = static_cast<std::size_t>(found - cells_.begin());
    }
    return {};
}

Checked CsvDecoder::decode(std::string_view line, market::Event& out) {
    if (!simdjson::validate_utf8(line.data(), line.size())) return Fault{RejectReason::bad_utf8, "not UTF-8"};
    if (!split_row(line, separator_, cells_, unescaped_))
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

Checked CsvDecoder::price_present(Column column) const {
    if (!number(column).empty()) return {};
    const std::string_view text = cell(column);
    return Fault{RejectReason::missing_field, std::string{title(column)} + " is empty" +
                                                  (text.empty() ? "" : " (" + in_quotes(text) + ")")};
}

Checked CsvDecoder::price(Column column, Price& out) const {
    auto fault = read_price(title(column), cell(column), out);
    if (fault && fault->reason == RejectReason::bad_price) fault->detail += hint_for(cell(column));
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
    if (auto fault = time(quote.symbol, out.at)) return fault;
    if (auto fault = price_present(Column::price)) return fault;
    if (auto fault = price(Column::price, quote.price)) return fault;
    if (!cell(Column::kind).empty())
        if (auto fault = read_kind(title(Column::kind), cell(Column::kind), quote.kind)) return fault;
    if (!cell(Column::seq).empty())
        if (auto fault = check_whole(title(Column::seq), cell(Column::seq))) return fault;
    out.what = quote;
    return {};
}

Checked CsvDecoder::time(market::SymbolId symbol, Time& out) const {
    const std::string_view text = cell(Column::ts);
    if (!date_format_) return read_time(title(Column::ts), text, out);
    config::DateFormat::Moment moment;
    if (auto fault = read_moment(title(Column::ts), text, *date_format_, moment)) return fault;
    const auto found = check_.at_exchange(symbol, moment);
    if (!found)
        return Fault{RejectReason::bad_time,
                     std::string{title(Column::ts)} + " " + in_quotes(text) +
                         " is skipped or comes twice, as the exchange's clocks are changed"};
    out = *found;
    return {};
}

// A date without a time is a session, also in a column of times.
Checked CsvDecoder::session(market::SymbolId symbol, SessionDate& out) const {
    const Column column = title(Column::session).empty() ? Column::ts : Column::session;
    if (auto fault = present(column)) return fault;
    const std::string_view text = cell(column);
    if (date_format_ && (column == Column::session || !date_format_->has_time())) {
        config::DateFormat::Moment moment;
        if (auto fault = read_moment(title(column), text, *date_format_, moment)) return fault;
        out = moment.date;
        return {};
    }
    if (!date_format_ && (column == Column::session || text.size() <= 10)) {
        auto fault = read_date(title(column), text, out);
        if (fault && text.find('/') != std::string_view::npos)
            fault->detail += R"(; a date_format says how it is written, like "%m/%d/%Y")";
        return fault;
    }
    Time at;
    if (auto fault = time(symbol, at)) return fault;
    out = check_.session_of(symbol, at);
    return {};
}

Checked CsvDecoder::bar(market::Event& out) const {
    market::Bar bar;
    if (auto fault = check_.type(EventType::bar)) return fault;
    if (auto fault = symbol(bar.symbol)) return fault;
    if (auto fault = session(bar.symbol, bar.session)) return fault;
    if (auto fault = price_present(Column::close)) return fault;
    if (auto fault = price(Column::close, bar.close)) return fault;
    for (const auto& [column, member] : {std::pair{Column::open, &market::Bar::open},
                                         {Column::high, &market::Bar::high},
                                         {Column::low, &market::Bar::low}})
        if (!number(column).empty())
            if (auto fault = price(column, (bar.*member).emplace())) return fault;
    if (!number(Column::volume).empty())
        if (auto fault = check_amount(title(Column::volume), cell(Column::volume))) {
            fault->detail += hint_for(cell(Column::volume));
            return fault;
        }
    if (auto fault = check_.bar(bar, out.at)) return fault;
    out.what = bar;
    return {};
}

} // namespace

bool is_no_number(std::string_view cell) {
    constexpr std::array<std::string_view, 9> words{"null", "none", "n/a", "#n/a", "na",
                                                    "nan",  "-",    "--",  "."};
    if (cell.size() > 4 || cell.empty() || (cell.front() >= '0' && cell.front() <= '9')) return false;
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return std::equal(cell.begin(), cell.end(), word.begin(), word.end(), [](char c, char in_word) {
            return c == in_word || (c >= 'A' && c <= 'Z' && c - 'A' + 'a' == in_word);
        });
    });
}

bool split_row(std::string_view row, char separator, std::vector<std::string_view>& cells,
               std::string& unescaped) {
    const auto is_blank = [&](char c) { return (c == ' ' || c == '\t') && c != separator; };
    cells.clear();
    unescaped.clear();
    unescaped.reserve(row.size()); // so that views into it stay good
    const char* at = row.data();
    const char* const end = at + row.size();
    for (;; ++at) {
        while (at != end && is_blank(*at)) ++at;
        if (at == end || *at != '"') {
            const char* const from = at;
            at = std::find(at, end, separator);
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
            if (at != end && *at != separator) return false;
        }
        if (at == end) return true;
    }
}

Result<std::unique_ptr<Decoder>> csv_decoder(const config::CsvMapping& mapping, const std::string& file,
                                             std::string_view header, const Check& check) {
    auto decoder = std::make_unique<CsvDecoder>(check);
    if (auto error = decoder->map(mapping, file, header)) return *error;
    return decoder;
}

} // namespace tocsin::feed
