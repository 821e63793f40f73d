#include "config/json.hpp"

#include "alert/json.hpp"

#include <algorithm>
#include <cassert>

namespace tocsin::config {

Json::Json(std::string_view text) {
    alert::append_json_string(text_, text);
}

Json Json::literal(std::string_view digits) {
    Json json;
    json.text_ = digits;
    return json;
}

Json Json::list(std::vector<Json> items) {
    Json json;
    json.kind_ = Kind::list;
    json.items_ = std::move(items);
    return json;
}

Json Json::strings(const std::vector<std::string_view>& texts) {
    return list({texts.begin(), texts.end()});
}

Json Json::object(Members members) {
    Json json;
    json.kind_ = Kind::object;
    json.members_ = std::move(members);
    return json;
}

Json& Json::set(std::string_view key, Json value) {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const auto& member) { return member.first == key; });
    if (found != members_.end())
        found->second = std::move(value);
    else
        members_.emplace_back(key, std::move(value));
    return *this;
}

Json& Json::at(std::string_view key) {
    const auto found = std::find_if(members_.begin(), members_.end(),
                                    [&](const auto& member) { return member.first == key; });
    assert(found != members_.end());
    return found->second;
}

Json& Json::push(Json item) {
    items_.push_back(std::move(item));
    return *this;
}

std::string Json::compact() const {
    if (kind_ == Kind::scalar) return text_;
    std::string out = kind_ == Kind::list ? "[" : "{";
    for (const Json& item : items_) out += (out.size() > 1 ? ", " : "") + item.compact();
    for (const auto& [key, value] : members_) {
        alert::append_json_string(out += out.size() > 1 ? ", " : "", key);
        out += ": " + value.compact();
    }
    return out += kind_ == Kind::list ? ']' : '}';
}

void Json::print(std::string& out, std::size_t indent, std::size_t before) const {
    constexpr std::size_t longest = 100;
    const std::string line = compact();
    if (kind_ == Kind::scalar || empty() || indent + before + line.size() <= longest) {
        out += line;
        return;
    }
    const std::string begin = '\n' + std::string(indent + 2, ' ');
    std::string_view separator;
    out += kind_ == Kind::list ? '[' : '{';
    for (const Json& item : items_) {
        out.append(separator).append(begin);
        item.print(out, indent + 2, 0);
        separator = ",";
    }
    for (const auto& [key, value] : members_) {
        alert::append_json_string(out.append(separator).append(begin), key);
        value.print(out += ": ", indent + 2, key.size() + 4);
        separator = ",";
    }
    (out += '\n').append(indent, ' ');
    out += kind_ == Kind::list ? ']' : '}';
}

std::string Json::print() const {
    std::string out;
    print(out, 0, 0);
    return out += '\n';
}

} // namespace tocsin::config
