// DateFormat: how a file writes its dates and times, where that is not RFC 3339: `%m/%d/%Y`, `%d %b %Y`,
// `%Y%m%d %H:%M:%S`. Of strptime's fields only those whose meaning no locale changes:
//   %Y four digits · %m %d %H two, or one where no digit can follow · %M %S two · %b Jan to Dec, in any case
// Everything between must stand in the text as it does in the format. A value; reading allocates nothing.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <tocsin/time.hpp>
#include <vector>

namespace tocsin::config {

class DateFormat {
public:
    struct Parsed;
    /// A whole date (%Y, %d and one of %m and %b), and perhaps a time (%H %M, perhaps %S). Letters and digits
    /// of no field are refused, but for a T: an offset, AM or PM would be passed over as if it said nothing.
    static Parsed parse(std::string_view text);

    struct Moment {
        SessionDate date{};
        std::int32_t second = 0;    // of the day, on a clock that says nothing of its zone
        std::string_view problem{}; // empty if there is none
    };
    /// All of the text must be used up, and the date and the time must exist.
    Moment read(std::string_view text) const;

    bool has_time() const { return has_time_; }
    const std::string& text() const { return text_; }

private:
    struct Piece {
        char field = '\0'; // 0: a literal
        char literal = '\0';
        bool may_be_short = false; // one digit will do
    };
    std::string text_;
    std::vector<Piece> pieces_;
    bool has_time_ = false;
};

struct DateFormat::Parsed {
    DateFormat value;
    std::string problem; // empty if there is none
};

} // namespace tocsin::config
