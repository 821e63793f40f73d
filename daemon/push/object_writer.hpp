// ObjectWriter: compact JSON, a member at a time, for frames and HTTP answers. Keys are literals that need no
// escaping; what is not closed is closed by `finish`.
#pragma once
#include "alert/json.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::push {

class ObjectWriter {
public:
    ObjectWriter& text(std::string_view key, std::string_view value) {
        alert::append_json_string(begin(key), value);
        return *this;
    }
    ObjectWriter& number(std::string_view key, std::uint64_t value) {
        begin(key) += std::to_string(value);
        return *this;
    }
    ObjectWriter& boolean(std::string_view key, bool value) {
        begin(key) += value ? "true" : "false";
        return *this;
    }
    ObjectWriter& value(std::string_view key, const alert::Value& value) {
        alert::append_json(begin(key), value);
        return *this;
    }
    ObjectWriter& time_or_null(std::string_view key, Time time) {
        if (time == Time::min()) return raw(key, "null");
        return text(key, time.to_string());
    }
    /// `json` is a value already written.
    ObjectWriter& raw(std::string_view key, std::string_view json) {
        begin(key) += json;
        return *this;
    }
    /// A key that is data: escaped, in the form of the above with a text value.
    ObjectWriter& entry(std::string_view key, std::string_view value) {
        alert::append_json_string(out_ += out_.size() > 1 ? "," : "", key);
        alert::append_json_string(out_ += ':', value);
        return *this;
    }
    ObjectWriter& entry(std::string_view key, std::uint64_t value) {
        alert::append_json_string(out_ += out_.size() > 1 ? "," : "", key);
        (out_ += ':') += std::to_string(value);
        return *this;
    }
    std::string finish() { return std::move(out_ += '}'); }

private:
    std::string& begin(std::string_view key) {
        if (out_.size() > 1) out_ += ',';
        return ((out_ += '"') += key) += "\":";
    }
    std::string out_ = "{";
};

/// `[…]` of what `write_one` makes of each.
template <class Items, class WriteOne> std::string json_list(const Items& items, WriteOne write_one) {
    std::string out = "[";
    for (const auto& item : items) (out += out.size() > 1 ? "," : "") += write_one(item);
    return out += ']';
}

} // namespace tocsin::push
