#include "feed/ndjson.hpp"

#include "feed/line.hpp"
#include "feed/value.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <simdjson.h>

namespace tocsin::feed {
namespace {

namespace json = simdjson::ondemand;
static_assert(LineBuffer::padding >= simdjson::SIMDJSON_PADDING);

enum class Field : std::uint8_t {
    type,
    symbol,
    ts,
    price,
    kind,
    seq,
    session,
    open,
    high,
    low,
    close,
    volume,
    measure,
    stage,
    imposer,
    target,
    rate,
    scope,
    effective,
    expires,
    title,
    url,
    tier,
    venue,
    state,
    reason
};
constexpr std::size_t fields = static_cast<std::size_t>(Field::reason) + 1;
/// The last, empty, stands for the fields that nobody knows.
constexpr std::array<std::string_view, fields + 1> field_names{
    "type",      "symbol",  "ts",     "price",   "kind",  "seq",     "session", "open",   "high",
    "low",       "close",   "volume", "measure", "stage", "imposer", "target",  "rate",   "scope",
    "effective", "expires", "title",  "url",     "tier",  "venue",   "state",   "reason", ""};
constexpr std::string_view name(Field field) {
    return field_names[static_cast<std::size_t>(field)];
}

std::size_t field_named(std::string_view key) {
    const auto known_end = field_names.begin() + fields;
    return static_cast<std::size_t>(std::find(field_names.begin(), known_end, key) - field_names.begin());
}

/// The first eight bytes of `name"`, as a key stands in a line, and which of them count.
struct Start {
    std::uint64_t text, mask;
};
constexpr std::array<Start, fields> key_starts = [] {
    std::array<Start, fields> all{};
    for (std::size_t i = 0; i < fields; ++i) {
        std::array<char, 8> text{}, mask{};
        for (std::size_t at = 0; at < 8 && at <= field_names[i].size(); ++at)
            text[at] = at < field_names[i].size() ? field_names[i][at] : '"', mask[at] = '\xff';
        all[i] = {std::bit_cast<std::uint64_t>(text), std::bit_cast<std::uint64_t>(mask)};
    }
    return all;
}();
/// Whether `name"` stands there. Requires: eight readable bytes.
bool stands(std::size_t which, std::string_view at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at.data(), sizeof eight);
    if ((eight & key_starts[which].mask) != key_starts[which].text) return false;
    const std::string_view name = field_names[which];
    return at.size() > name.size() && (name.size() < 8 || (at.starts_with(name) && at[name.size()] == '"'));
}

using Mask = std::uint32_t;
constexpr Mask bit(Field field) {
    return Mask{1} << static_cast<unsigned>(field);
}
template <class... Fields> constexpr Mask mask(Fields... of) {
    return (bit(of) | ...);
}

/// What each type of event knows, beside `type`: other fields are none of its business.
constexpr std::array<Mask, event_types> known_fields{
    mask(Field::symbol, Field::ts, Field::price, Field::kind, Field::seq),
    mask(Field::symbol, Field::session, Field::ts, Field::open, Field::high, Field::low, Field::close,
         Field::volume),
    mask(Field::measure, Field::ts, Field::stage, Field::imposer, Field::target, Field::rate, Field::scope,
         Field::effective, Field::expires, Field::title, Field::url, Field::tier),
    mask(Field::symbol, Field::venue, Field::ts, Field::state, Field::reason),
    mask(Field::symbol, Field::session, Field::ts, Field::close, Field::reason),
    mask(Field::ts)};

/// How deep a line may nest, its object counted; the walk below is recursive.
constexpr int most_levels = 64;

enum class Form : std::uint8_t { string, number, other };
struct Value {
    Form form = Form::other;
    std::string_view text; // of a string without its quotes, of a number its digits
};

Fault not_json(std::string_view what) {
    return {RejectReason::bad_json, std::string{what}};
}

Fault not_json(simdjson::error_code code) {
    if (code == simdjson::UTF8_ERROR) return {RejectReason::bad_utf8, "not UTF-8"};
    if (code == simdjson::INCORRECT_TYPE) return not_json("not a JSON object");
    return not_json("not well-formed JSON: " + std::string{simdjson::error_message(code)});
}

/// The grammar of RFC 8259, section 6. simdjson leaves a number that nobody converts unchecked.
bool is_number(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    const auto digits = [&] {
        const char* const from = at;
        while (at != end && *at >= '0' && *at <= '9') ++at;
        return at != from;
    };
    if (at != end && *at == '-') ++at;
    const bool leading_zero = at != end && *at == '0';
    const char* const whole = at;
    if (!digits() || (leading_zero && at - whole > 1)) return false;
    if (at != end && *at == '.' && (++at, !digits())) return false;
    if (at != end && (*at == 'e' || *at == 'E')) {
        if (++at != end && (*at == '+' || *at == '-')) ++at;
        if (!digits()) return false;
    }
    return at == end;
}

std::string_view trimmed(std::string_view token) {
    const std::size_t last = token.find_last_not_of(" \t\r\n");
    return token.substr(0, last + 1);
}

/// ASCII without control characters and backslashes. In bytes, so that the compiler can do sixteen at once.
bool is_plain(std::string_view text) {
    std::uint8_t strange = 0;
    for (const char c : text)
        strange |= static_cast<std::uint8_t>((static_cast<signed char>(c) < ' ') | (c == '\\'));
    return strange == 0;
}

class NdjsonDecoder final : public Decoder {
public:
    explicit NdjsonDecoder(const Check& check) : check_{check} {}
    Checked decode(std::string_view line, market::Event& out) override;
    std::unique_ptr<Decoder> clone() const override { return std::make_unique<NdjsonDecoder>(check_); }

private:
    // The walk over the line.
    bool read_plain(std::string_view line);
    Checked read_any(std::string_view line);
    static Checked read(json::value value, int level, Value& out);
    template <class Container> static Checked walk(Container container, int level);
    void found(std::size_t which);

    // What it found.
    bool has(Field field) const { return (seen_ & bit(field)) != 0; }
    Checked form(Field field, bool number_allowed, std::string_view& out) const;
    Checked string(Field field, std::string_view& out) const { return form(field, false, out); }
    Checked decimal(Field field, std::string_view& out) const { return form(field, true, out); }
    Checked optional_string(Field field, std::string& out) const;
    Checked time(Field field, Time& out) const;
    Checked price(Field field, Price& out) const;
    Checked symbol(market::SymbolId& out) const;
    template <class T> Checked word(Field field, std::optional<T> (*named)(std::string_view), T& out) const;

    Checked quote(market::Event& out) const;
    Checked bar(market::Event& out) const;
    Checked tariff(market::Event& out) const;
    Checked status(market::Event& out) const;
    Checked correction(market::Event& out) const;

    const Check& check_;
    json::parser parser_;
    Mask seen_ = 0, twice_ = 0;
    std::array<Value, fields + 1> values_; // those in seen_ are of this line; the last is for unknown fields
    std::array<std::size_t, fields> order_{}; // which field stood where in the line before
};

Checked NdjsonDecoder::decode(std::string_view line, market::Event& out) {
    if (!read_plain(line))
        if (auto fault = read_any(line)) return fault;
    std::string_view word;
    if (auto fault = string(Field::type, word)) return fault;
    const auto type = event_type_named(word);
    if (!type)
        return Fault{RejectReason::unknown_type,
                     "type " + in_quotes(word) +
                         " is none of quote, bar, tariff, status, correction, heartbeat"};
    const Mask twice = twice_ & (known_fields[static_cast<std::size_t>(*type)] | bit(Field::type));
    if (twice != 0)
        return Fault{RejectReason::duplicate_key,
                     "key \"" + std::string{field_names[static_cast<std::size_t>(std::countr_zero(twice))]} +
                         "\" stands twice"};
    if (auto fault = check_.type(*type)) return fault;
    if (*type != EventType::bar)
        if (auto fault = time(Field::ts, out.at)) return fault;
    switch (*type) {
    case EventType::quote:
        return quote(out);
    case EventType::bar:
        return bar(out);
    case EventType::tariff:
        return tariff(out);
    case EventType::status:
        return status(out);
    case EventType::correction:
        return correction(out);
    case EventType::heartbeat:
        out.what = market::Heartbeat{};
    }
    return {};
}

void NdjsonDecoder::found(std::size_t which) {
    const Mask this_bit = Mask{1} << which;
    twice_ |= seen_ & this_bit;
    seen_ |= this_bit;
}

// Reads a line as nearly all are: one flat object of strings and numbers, ASCII, without escapes or blanks.
// False where it is anything else, which is for simdjson to judge; so nothing is refused here. It doubles the
// speed of a feed of quotes.
bool NdjsonDecoder::read_plain(std::string_view line) {
    if (!line.starts_with('{') || !is_plain(line)) return false;
    seen_ = twice_ = 0;
    const char* at = line.data() + 1;
    const char* const end = line.data() + line.size();
    const auto is = [&](char c) { return at != end && *at == c; };
    for (std::size_t position = 0; is('"') && position < fields; ++position) {
        ++at;
        const std::string_view rest{at, static_cast<std::size_t>(end - at)};
        std::size_t& which = order_[position];
        std::size_t size = field_names[which].size();
        // Lines are alike: mostly this key stood here in the line before.
        if (which == fields || !stands(which, rest)) {
            size = rest.find('"');
            if (size == std::string_view::npos) return false;
            which = field_named(rest.substr(0, size));
        }
        at += size + 1;
        if (!is(':')) return false;
        Value value{Form::number, {}};
        const char* from = ++at;
        if (is('"')) {
            value.form = Form::string;
            at = std::find(++from, end, '"');
            if (at == end) return false;
        } else {
            while (at != end && *at != ',' && *at != '}') ++at;
        }
        value.text = {from, static_cast<std::size_t>(at - from)};
        if (value.form == Form::string)
            ++at;
        else if (!is_number(value.text))
            return false;
        values_[which] = value;
        found(which);
        if (is('}')) return at + 1 == end;
        if (!is(',')) return false;
        ++at;
    }
    return false;
}

// Visits every value, for On-Demand checks nothing else.
Checked NdjsonDecoder::read_any(std::string_view line) {
    seen_ = twice_ = 0;
    json::document document;
    if (const auto code =
            parser_.iterate(line.data(), line.size(), line.size() + LineBuffer::padding).get(document))
        return not_json(code);
    json::object object;
    if (const auto code = document.get_object().get(object)) return not_json(code);
    for (auto result : object) {
        json::field field;
        if (const auto code = std::move(result).get(field)) return not_json(code);
        std::string_view key;
        if (const auto code = field.unescaped_key().get(key)) return not_json(code);
        const std::size_t which = field_named(key);
        if (auto fault = read(field.value(), 1, values_[which])) return fault;
        found(which);
    }
    // get_object looks at the last bracket of the line, not at whether it is this object's.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
        return not_json("something follows the object");
    return {};
}

Checked NdjsonDecoder::read(json::value value, int level, Value& out) {
    const std::string_view token = trimmed(value.raw_json_token());
    switch (token.front()) {
    case '"': {
        out.form = Form::string;
        if (const auto code = value.get_string().get(out.text)) return not_json(code);
        return {};
    }
    case '{': {
        out.form = Form::other;
        json::object object;
        if (const auto code = value.get_object().get(object)) return not_json(code);
        return walk(object, level);
    }
    case '[': {
        out.form = Form::other;
        json::array array;
        if (const auto code = value.get_array().get(array)) return not_json(code);
        return walk(array, level);
    }
    default:
        break;
    }
    if (is_number(token)) {
        out = {Form::number, token};
        return {};
    }
    out.form = Form::other;
    if (token == "true" || token == "false" || token == "null") return {};
    return not_json(in_quotes(token) + " is no JSON value");
}

template <class Container> Checked NdjsonDecoder::walk(Container container, int level) {
    if (level >= most_levels) return not_json("nests deeper than 64 levels");
    Value ignored;
    for (auto result : container) {
        json::value value;
        if constexpr (std::is_same_v<Container, json::object>) {
            json::field field;
            if (const auto code = std::move(result).get(field)) return not_json(code);
            std::string_view key;
            if (const auto code = field.unescaped_key().get(key)) return not_json(code);
            value = field.value();
        } else {
            if (const auto code = std::move(result).get(value)) return not_json(code);
        }
        if (auto fault = read(value, level + 1, ignored)) return fault;
    }
    return {};
}

Checked NdjsonDecoder::form(Field field, bool number_allowed, std::string_view& out) const {
    if (!has(field)) return Fault{RejectReason::missing_field, std::string{name(field)} + " is missing"};
    const Value& value = values_[static_cast<std::size_t>(field)];
    if (value.form == Form::string || (number_allowed && value.form == Form::number)) {
        out = value.text;
        return {};
    }
    return Fault{RejectReason::bad_field,
                 std::string{name(field)} +
                     (number_allowed ? " is neither a number nor a string of digits" : " is not a string")};
}

Checked NdjsonDecoder::optional_string(Field field, std::string& out) const {
    if (!has(field)) return {};
    std::string_view text;
    if (auto fault = string(field, text)) return fault;
    out = text;
    return {};
}

Checked NdjsonDecoder::time(Field field, Time& out) const {
    std::string_view text;
    if (auto fault = string(field, text)) return fault;
    return read_time(name(field), text, out);
}

Checked NdjsonDecoder::price(Field field, Price& out) const {
    std::string_view text;
    if (auto fault = decimal(field, text)) return fault;
    return read_price(name(field), text, out);
}

Checked NdjsonDecoder::symbol(market::SymbolId& out) const {
    std::string_view text;
    if (auto fault = string(Field::symbol, text)) return fault;
    return check_.symbol(text, out);
}

template <class T>
Checked NdjsonDecoder::word(Field field, std::optional<T> (*named)(std::string_view), T& out) const {
    std::string_view text;
    if (auto fault = string(field, text)) return fault;
    const auto found = named(text);
    if (!found)
        return Fault{RejectReason::bad_field,
                     std::string{name(field)} + " " + in_quotes(text) + " is no such word"};
    out = *found;
    return {};
}

Checked NdjsonDecoder::quote(market::Event& out) const {
    market::Quote quote;
    std::string_view text;
    if (auto fault = symbol(quote.symbol)) return fault;
    if (auto fault = price(Field::price, quote.price)) return fault;
    if (has(Field::kind)) {
        if (auto fault = string(Field::kind, text)) return fault;
        if (auto fault = read_kind("kind", text, quote.kind)) return fault;
    }
    if (has(Field::seq)) {
        if (auto fault = decimal(Field::seq, text)) return fault;
        if (auto fault = check_whole("seq", text)) return fault;
    }
    out.what = quote;
    return {};
}

// `ts` only names the session; where `session` does that, it is merely a time.
Checked NdjsonDecoder::bar(market::Event& out) const {
    market::Bar bar;
    Time ts;
    std::string_view text;
    if (auto fault = symbol(bar.symbol)) return fault;
    if (has(Field::ts) || !has(Field::session)) {
        if (!has(Field::ts)) return Fault{RejectReason::missing_field, "session or ts is missing"};
        if (auto fault = time(Field::ts, ts)) return fault;
        bar.session = check_.session_of(bar.symbol, ts);
    }
    if (has(Field::session)) {
        if (auto fault = string(Field::session, text)) return fault;
        if (auto fault = read_date("session", text, bar.session)) return fault;
    }
    if (auto fault = price(Field::close, bar.close)) return fault;
    for (const auto& [field, member] : {std::pair{Field::open, &market::Bar::open},
                                        {Field::high, &market::Bar::high},
                                        {Field::low, &market::Bar::low}})
        if (has(field))
            if (auto fault = price(field, (bar.*member).emplace())) return fault;
    if (has(Field::volume)) {
        if (auto fault = decimal(Field::volume, text)) return fault;
        if (auto fault = check_amount("volume", text)) return fault;
    }
    if (auto fault = check_.bar(bar, out.at)) return fault;
    out.what = bar;
    return {};
}

Checked NdjsonDecoder::tariff(market::Event& out) const {
    auto tariff = std::make_shared<market::Tariff>();
    for (const auto& [field, member] : {std::pair{Field::measure, &market::Tariff::measure},
                                        {Field::imposer, &market::Tariff::imposer},
                                        {Field::target, &market::Tariff::target}}) {
        std::string_view text;
        if (auto fault = string(field, text)) return fault;
        tariff.get()->*member = text;
    }
    if (tariff->measure.empty()) return Fault{RejectReason::bad_field, "measure is empty"};
    for (const auto& [field, text] :
         {std::pair{Field::imposer, &tariff->imposer}, {Field::target, &tariff->target}}) {
        const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
        if (*text == "*" || (text->size() == 2 && is_capital((*text)[0]) && is_capital((*text)[1]))) continue;
        return Fault{RejectReason::bad_field, std::string{name(field)} + " " + in_quotes(*text) +
                                                  " is no ISO 3166-1 alpha-2 code, EU or *"};
    }
    if (auto fault = word(Field::stage, market::stage_named, tariff->stage)) return fault;
    if (has(Field::tier))
        if (auto fault = word(Field::tier, market::tier_named, tariff->tier)) return fault;
    if (has(Field::rate)) {
        std::string_view text;
        if (auto fault = decimal(Field::rate, text)) return fault;
        if (auto fault = read_percent("rate", text, tariff->rate.emplace())) return fault;
    }
    if (has(Field::effective))
        if (auto fault = time(Field::effective, tariff->effective.emplace())) return fault;
    if (has(Field::expires))
        if (auto fault = time(Field::expires, tariff->expires.emplace())) return fault;
    if (auto fault = optional_string(Field::scope, tariff->scope)) return fault;
    if (auto fault = optional_string(Field::title, tariff->title)) return fault;
    if (auto fault = optional_string(Field::url, tariff->url)) return fault;
    out.what = std::shared_ptr<const market::Tariff>{std::move(tariff)};
    return {};
}

// Where both are given, the symbol says it more exactly.
Checked NdjsonDecoder::status(market::Event& out) const {
    auto status = std::make_shared<market::Status>();
    if (!has(Field::symbol) && !has(Field::venue))
        return Fault{RejectReason::missing_field, "symbol or venue is missing"};
    if (has(Field::venue)) {
        std::string_view text;
        if (auto fault = string(Field::venue, text)) return fault;
        if (auto fault = check_.venue(text)) return fault;
        if (!has(Field::symbol)) status->venue = text;
    }
    if (has(Field::symbol))
        if (auto fault = symbol(status->symbol)) return fault;
    if (auto fault = word(Field::state, market::trading_state_named, status->state)) return fault;
    if (auto fault = optional_string(Field::reason, status->reason)) return fault;
    out.what = std::shared_ptr<const market::Status>{std::move(status)};
    return {};
}

Checked NdjsonDecoder::correction(market::Event& out) const {
    auto correction = std::make_shared<market::Correction>();
    std::string_view text;
    if (auto fault = symbol(correction->symbol)) return fault;
    if (auto fault = string(Field::session, text)) return fault;
    if (auto fault = read_date("session", text, correction->session)) return fault;
    if (auto fault = price(Field::close, correction->close)) return fault;
    if (auto fault = optional_string(Field::reason, correction->reason)) return fault;
    out.what = std::shared_ptr<const market::Correction>{std::move(correction)};
    return {};
}

} // namespace

std::unique_ptr<Decoder> ndjson_decoder(const Check& check) {
    return std::make_unique<NdjsonDecoder>(check);
}

} // namespace tocsin::feed
