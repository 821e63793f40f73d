#include "config/date_format.hpp"

#include <algorithm>
#include <array>

namespace tocsin::config {
namespace {

constexpr std::string_view fields = "YmbdHMS";
constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                  "jul", "aug", "sep", "oct", "nov", "dec"};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
/// Of ASCII: what a locale takes for a letter is no matter here.
char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}

/// The month that the text begins with, from 1; 0 if with none.
std::int32_t month_named(std::string_view text) {
    for (std::size_t i = 0; i < months.size(); ++i)
        if (text.size() >= 3 && lower(text[0]) == months[i][0] && lower(text[1]) == months[i][1] &&
            lower(text[2]) == months[i][2])
            return static_cast<std::int32_t>(i + 1);
    return 0;
}

std::string missing(std::string_view text) {
    const auto has = [&](const char* field) { return text.find(field) != std::string_view::npos; };
    if (!has("%Y") || !has("%d") || (!has("%m") && !has("%b")))
        return "is no whole date: it needs %Y, %d and one of %m and %b, like %m/%d/%Y";
    if (has("%m") && has("%b")) return "has the month twice, as %m and as %b";
    if (has("%H") != has("%M") || (has("%S") && !has("%M")))
        return "is no whole time: it needs %H and %M, and may have %S";
    return "";
}

} // namespace

DateFormat::Parsed DateFormat::parse(std::string_view text) {
    const auto fails = [](std::string problem) { return Parsed{{}, std::move(problem)}; };
    DateFormat format;
    format.text_ = text;
    std::string seen;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '%') {
            if (is_digit(c) || (is_letter(c) && c != 'T'))
                return fails(std::string{"has a \""} + c +
                             "\" that belongs to no field; the fields are %Y %m %d %b %H %M %S");
            format.pieces_.push_back({'\0', c, false});
            continue;
        }
        const char field = ++i < text.size() ? text[i] : '\0';
        if (field == '\0' || fields.find(field) == std::string_view::npos) {
            const std::string_view found = text.substr(i - 1, 2);
            const bool plain = field > ' ' && field < 0x7f; // no half of a character into a message
            return fails("has \"" + std::string{plain ? found : "%"} +
                         "\", which is none of %Y %m %d %b %H %M %S");
        }
        if (seen.find(field) != std::string::npos) return fails(std::string{"has %"} + field + " twice");
        seen += field;
        format.pieces_.push_back({field, '\0', false});
    }
    if (std::string problem = missing(text); !problem.empty()) return fails(std::move(problem));
    for (std::size_t i = 0; i < format.pieces_.size(); ++i) {
        Piece& piece = format.pieces_[i];
        const char next = i + 1 < format.pieces_.size() ? format.pieces_[i + 1].field : '\0';
        piece.may_be_short =
            (piece.field == 'm' || piece.field == 'd' || piece.field == 'H') && (next == '\0' || next == 'b');
    }
    format.has_time_ = seen.find('H') != std::string::npos;
    return {std::move(format), {}};
}

DateFormat::Moment DateFormat::read(std::string_view text) const {
    constexpr std::string_view misfit = "does not fit";
    std::int32_t year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    for (const Piece& piece : pieces_) {
        if (piece.field == '\0') {
            if (text.empty() || text.front() != piece.literal) return {{}, 0, misfit};
            text.remove_prefix(1);
            continue;
        }
        if (piece.field == 'b') {
            month = month_named(text);
            if (month == 0) return {{}, 0, misfit};
            text.remove_prefix(3);
            continue;
        }
        const std::size_t most = piece.field == 'Y' ? 4 : 2;
        std::size_t count = 0;
        std::int32_t value = 0;
        while (count < most && count < text.size() && is_digit(text[count]))
            value = value * 10 + (text[count++] - '0');
        if (count < (piece.may_be_short ? 1 : most)) return {{}, 0, misfit};
        text.remove_prefix(count);
        switch (piece.field) {
        case 'Y':
            year = value;
            break;
        case 'm':
            month = value;
            break;
        case 'd':
            day = value;
            break;
        case 'H':
            hour = value;
            break;
        case 'M':
            minute = value;
            break;
        case 'S':
            second = value;
            break;
        }
    }
    if (!text.empty()) return {{}, 0, misfit};
    // A month 13 is mostly a day: the format is another one.
    if (month < 1 || month > 12) return {{}, 0, misfit};
    if (day < 1 || day > days_in_month(year, month)) return {{}, 0, "is no day of the calendar by"};
    if (hour > 23 || minute > 59 || second > 59) return {{}, 0, "is no time of the day by"};
    return {SessionDate::from_civil(year, month, day), hour * 3600 + minute * 60 + second, {}};
}

} // namespace tocsin::config
