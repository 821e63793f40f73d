// Json: a JSON value that is built piece by piece and printed for people, always to the same bytes. Members
// keep their order; numbers keep their digits, as a decimal must not pass through a double.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::config {

class Json {
public:
    using Members = std::vector<std::pair<std::string, Json>>;

    /// A string.
    Json(std::string_view text);
    Json(const std::string& text) : Json{std::string_view{text}} {}
    Json(const char* text) : Json{std::string_view{text}} {}
    /// Requires: `digits` is a JSON number, true, false or null.
    static Json literal(std::string_view digits);
    static Json boolean(bool value) { return literal(value ? "true" : "false"); }
    static Json list(std::vector<Json> items);
    static Json strings(const std::vector<std::string_view>& texts);
    static Json object(Members members = {});

    /// Of an object: sets a member, in its place if it is there already.
    Json& set(std::string_view key, Json value);
    /// Of an object. Requires: it has that member.
    Json& at(std::string_view key);
    /// Of a list.
    Json& push(Json item);
    const Members& members() const { return members_; }
    /// A list or an object with nothing in it.
    bool empty() const { return members_.empty() && items_.empty(); }
    bool operator==(const Json&) const = default;
    /// Indented by two; what fits into a line stands on one. Ends with a line feed.
    std::string print() const;

private:
    Json() = default;
    std::string compact() const;
    void print(std::string& out, std::size_t indent, std::size_t before) const;

    enum class Kind { scalar, list, object } kind_ = Kind::scalar;
    std::string text_; // of a scalar, as JSON
    std::vector<Json> items_;
    Members members_;
};

} // namespace tocsin::config
