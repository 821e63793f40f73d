#include "config/pattern.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace tocsin::config {

namespace {

using Alternatives = std::vector<std::string>;

std::string any_of(const Alternatives& alternatives) {
    if (alternatives.size() == 1) return alternatives.front();
    std::string pattern = "(?:";
    for (const std::string& one : alternatives) pattern += (pattern.size() > 3 ? "|" : "") + one;
    return pattern + ')';
}

/// One digit.
std::string digit(char least, char most) {
    if (least == most) return {least};
    return std::string{"["} + least + '-' + most + ']';
}
std::string digits(std::size_t least, std::size_t most) {
    if (most == 0) return "";
    if (least == 1 && most == 1) return "[0-9]";
    std::string text = "[0-9]{";
    text += std::to_string(least);
    if (least != most) text += ',', text += std::to_string(most);
    return text += '}';
}
bool all(std::string_view text, char c) {
    return text.find_first_not_of(c) == std::string_view::npos;
}

/// Numbers of as many digits as both bounds have.
std::string same_length(const std::string& least, const std::string& most) {
    const std::size_t rest = least.size() - 1;
    if (all(least, '0') && all(most, '9')) return digits(least.size(), least.size());
    if (rest == 0) return digit(least[0], most[0]);
    if (least[0] == most[0]) return least[0] + same_length(least.substr(1), most.substr(1));
    char first = least[0], last = most[0]; // leading digits behind which anything may follow
    Alternatives alternatives;
    if (!all(least.substr(1), '0')) {
        alternatives.push_back(least[0] + same_length(least.substr(1), std::string(rest, '9')));
        ++first;
    }
    if (!all(most.substr(1), '9')) {
        alternatives.push_back(most[0] + same_length(std::string(rest, '0'), most.substr(1)));
        --last;
    }
    if (first <= last) alternatives.push_back(digit(first, last) + digits(rest, rest));
    return any_of(alternatives);
}

constexpr std::uint64_t one = 1'000'000'000; // nanos

/// The nine digits of a fraction.
std::string nine_digits(std::uint64_t fraction) {
    const std::string text = std::to_string(fraction);
    return std::string(9 - text.size(), '0') + text;
}

/// What may stand from the i-th digit of a fraction on, that is at most the bound: fewer digits are less, and
/// zeros say nothing.
std::string fraction_at_most(const std::string& bound, std::size_t i) {
    if (all(std::string_view{bound}.substr(i), '0')) return i == 0 ? "0+" : "0*";
    Alternatives alternatives;
    if (bound[i] > '0')
        alternatives.push_back(digit('0', static_cast<char>(bound[i] - 1)) + digits(0, 8 - i) + "0*");
    alternatives.push_back(bound[i] + fraction_at_most(bound, i + 1));
    return i == 0 ? any_of(alternatives) : "(?:" + any_of(alternatives) + ")?";
}
/// The same, at least the bound.
std::string fraction_at_least(const std::string& bound, std::size_t i) {
    if (all(std::string_view{bound}.substr(i), '0')) return digits(0, 9 - i) + "0*";
    Alternatives alternatives;
    if (bound[i] < '9')
        alternatives.push_back(digit(static_cast<char>(bound[i] + 1), '9') + digits(0, 8 - i) + "0*");
    alternatives.push_back(bound[i] + fraction_at_least(bound, i + 1));
    return any_of(alternatives);
}

const std::string any_fraction = "(?:\\.[0-9]{1,9}0*)?";

/// A fraction with its point, from least to most (nanos below one). `behind` ends what look-ahead looks at.
std::string fraction(std::uint64_t least, std::uint64_t most, const std::string& behind) {
    std::string at_least = least == 0 ? any_fraction : "\\." + fraction_at_least(nine_digits(least), 0);
    if (most == one - 1) return at_least;
    const std::string at_most = "(?:\\." + fraction_at_most(nine_digits(most), 0) + ")?";
    return least == 0 ? at_most : "(?=" + at_least + behind + "$)" + at_most;
}

/// Decimals without a sign, from least to most (nanos).
std::string magnitude(std::uint64_t least, std::uint64_t most, const std::string& behind) {
    const std::uint64_t from = least / one, to = most / one;
    if (from == to) return number_pattern(from, to) + fraction(least % one, most % one, behind);
    Alternatives alternatives;
    std::uint64_t first = from, last = to; // wholes behind which any fraction may follow
    if (least % one != 0) {
        alternatives.push_back(number_pattern(from, from) + fraction(least % one, one - 1, behind));
        ++first;
    }
    if (most % one != one - 1) {
        alternatives.push_back(number_pattern(to, to) + fraction(0, most % one, behind));
        --last;
    }
    if (first <= last) alternatives.push_back(number_pattern(first, last) + any_fraction);
    return any_of(alternatives);
}

/// How large a number is; the smallest has no positive twin.
std::uint64_t size_of(std::int64_t value) {
    return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

/// The numbers from least to most by `sizes(least, most)`, with a minus where they are negative. -0 is 0.
template <class Sizes> std::string with_sign(std::int64_t least, std::int64_t most, const Sizes& sizes) {
    Alternatives alternatives;
    if (least <= 0)
        alternatives.push_back('-' + sizes(size_of(std::min<std::int64_t>(most, 0)), size_of(least)));
    if (most >= 0) alternatives.push_back(sizes(size_of(std::max<std::int64_t>(least, 0)), size_of(most)));
    return any_of(alternatives);
}

} // namespace

std::string number_pattern(std::uint64_t least, std::uint64_t most) {
    const std::string from = std::to_string(least), to = std::to_string(most);
    if (from.size() == to.size()) return "0*" + same_length(from, to);
    Alternatives alternatives{same_length(from, std::string(from.size(), '9'))};
    // All numbers of the lengths between.
    if (from.size() + 1 < to.size()) alternatives.push_back("[1-9]" + digits(from.size(), to.size() - 2));
    alternatives.push_back(same_length('1' + std::string(to.size() - 1, '0'), to));
    return "0*" + any_of(alternatives);
}

std::string integer_pattern(std::int64_t least, std::int64_t most) {
    return with_sign(least, most, number_pattern);
}

std::string decimal_pattern(Price least, Price most, std::string_view behind) {
    const std::string end{behind};
    return with_sign(least.nanos(), most.nanos(),
                     [&](std::uint64_t from, std::uint64_t to) { return magnitude(from, to, end); }) +
           end;
}

std::string date_pattern() {
    // Months of 31 days, of 30, and February; its 29th in years that 4 divides, but in centuries only 400.
    const std::string most_28 = "0[1-9]|1[0-9]|2[0-8]";
    const std::string leap = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";
    return "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:" + most_28 + "|29|3[01])|(?:0[469]|11)-(?:" + most_28 +
           "|29|30)|02-(?:" + most_28 + "))|" + leap + "-02-29)";
}

std::string time_pattern() {
    const std::string hour = "(?:[01][0-9]|2[0-3])", sixty = "[0-5][0-9]";
    return "(?=" + same_length("1678", "2261") + ")" + date_pattern() + "[Tt ]" + hour + ':' + sixty + ':' +
           sixty + R"((?:\.[0-9]{1,9})?(?:[Zz]|[+\-])" + hour + ':' + sixty + ')';
}

std::string name_pattern() {
    return R"((?! )[^\x00-\x1f\x7f]{0,99}[^\x00-\x20\x7f])";
}

std::string word_pattern() {
    return "[!-~]{1,100}";
}

std::string address_pattern() {
    const std::string octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    return "(?:localhost|127(?:\\." + octet +
           "){3}|\\[[0-9A-Fa-f:.]+\\]):" + number_pattern(0, std::numeric_limits<std::uint16_t>::max());
}

std::string escaped(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (std::string_view{"^$\\.*+?()[]{}|/"}.find(c) != std::string_view::npos) pattern += '\\';
        pattern += c;
    }
    return pattern;
}

} // namespace tocsin::config
