// ingest_floor FILE: how fast a feed of quotes can be read at all, to hold a replay against. Reads the file
// in blocks, parses each line by itself with simdjson, takes symbol, time and price from the digits, compares
// the price with two bounds of its symbol, and does nothing else: no merge, no sessions, no rules. Prints one
// line of JSON: events, woken, seconds, events_per_second, peak_rss_bytes. Ends with 1 if a line is no quote:
// a floor over other work would say nothing.
#include <simdjson.h>

#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::int64_t nanos = 1'000'000'000;
constexpr std::size_t block_bytes = 256 << 10;

// Digits up to the first other byte; nothing if there is none or there are too many to hold.
std::optional<std::int64_t> number(std::string_view& text) {
    std::int64_t value = 0;
    std::size_t length = 0;
    while (length < text.size() && text[length] >= '0' && text[length] <= '9')
        value = value * 10 + (text[length++] - '0');
    if (length == 0 || length > 10) return {};
    text.remove_prefix(length);
    return value;
}

bool take(std::string_view& text, char wanted) {
    if (text.empty() || text.front() != wanted) return false;
    text.remove_prefix(1);
    return true;
}

// What follows a point, as a count of 1e-9.
std::optional<std::int64_t> fraction(std::string_view& text) {
    const std::size_t before = text.size();
    std::optional<std::int64_t> value = number(text);
    if (!value) return {};
    for (std::size_t digits = before - text.size(); digits < 9; ++digits) *value *= 10;
    return value;
}

std::optional<std::int64_t> price(std::string_view text) {
    const auto whole = number(text);
    if (!whole || *whole > 9'223'372'035) return {};
    const auto part = take(text, '.') ? fraction(text) : std::optional<std::int64_t>{0};
    if (!part || !text.empty()) return {};
    return *whole * nanos + *part;
}

// Days since 1970-01-01 in the proleptic Gregorian calendar, from the number of days in whole years, months
// and days.
std::int64_t days(std::int64_t year, std::int64_t month, std::int64_t day) {
    static constexpr std::array<int, 12> before{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    const std::int64_t past = year - 1;
    const std::int64_t leaps = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    return (year - 1970) * 365 + leaps + before[static_cast<std::size_t>(month - 1)] + (leap && month > 2) +
           day - 1;
}

// Two digits, or a number far from any that a time may have.
int two(const char* text) {
    const int tens = text[0] - '0', ones = text[1] - '0';
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10'000;
}

// RFC 3339 with Z or an offset.
std::optional<std::int64_t> time(std::string_view text) {
    if (text.size() < 20) return {};
    const char* at = text.data();
    const int year = two(at) * 100 + two(at + 2), month = two(at + 5), day = two(at + 8);
    const int hour = two(at + 11), minute = two(at + 14), second = two(at + 17);
    if (at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' || at[16] != ':') return {};
    if (year < 0 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59)
        return {};
    text.remove_prefix(19);
    const auto part = take(text, '.') ? fraction(text) : std::optional<std::int64_t>{0};
    if (!part) return {};
    std::int64_t offset = 0;
    if (!take(text, 'Z')) {
        if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return {};
        offset = (two(text.data() + 1) * 3600 + two(text.data() + 4) * 60) * (text[0] == '+' ? -1 : 1);
    } else if (!text.empty()) {
        return {};
    }
    return (days(year, month, day) * 86'400 + hour * 3600 + minute * 60 + second + offset) * nanos + *part;
}

struct Bounds {
    std::int64_t low = 0, high = 0, newest = 0;
};

class Floor {
public:
    // One line of the feed, with simdjson's padding behind it. False if it is no quote.
    bool line(const char* text, std::size_t size) {
        simdjson::ondemand::document document;
        simdjson::ondemand::object object;
        if (parser_.iterate(text, size, size + simdjson::SIMDJSON_PADDING).get(document) ||
            document.get_object().get(object))
            return false;
        std::string_view symbol, at, value;
        for (auto field : object) {
            simdjson::ondemand::raw_json_string key;
            if (field.key().get(key)) return false;
            if (key == "price") {
                value = field.value().raw_json_token();
                while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
                continue;
            }
            std::string_view content;
            if (field.value().get_string().get(content)) return false;
            if (key == "symbol")
                symbol = content;
            else if (key == "ts")
                at = content;
        }
        const auto when = time(at);
        const auto what = price(value);
        if (symbol.empty() || !when || !what) return false;
        auto found = bounds_.find(symbol);
        // Half and twice the first price: a walk of a few percent never gets there.
        if (found == bounds_.end())
            found = bounds_.emplace(symbol, Bounds{*what / 2, *what * 2, *when}).first;
        Bounds& mine = found->second;
        if (*what <= mine.low || *what >= mine.high) ++woken_;
        if (*when > mine.newest) mine.newest = *when;
        ++events_;
        return true;
    }
    std::uint64_t events() const { return events_; }
    std::uint64_t woken() const { return woken_; }

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    simdjson::ondemand::parser parser_;
    std::unordered_map<std::string, Bounds, Hash, std::equal_to<>> bounds_;
    std::uint64_t events_ = 0, woken_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{argc == 2 ? std::fopen(argv[1], "rb") : nullptr,
                                                         &std::fclose};
    if (!file) {
        std::fputs("usage: ingest_floor FILE, with a feed of quotes, one JSON object a line\n", stderr);
        return 2;
    }
    const auto began = std::chrono::steady_clock::now();
    Floor floor;
    std::string buffer(block_bytes + simdjson::SIMDJSON_PADDING, '\0');
    std::size_t held = 0; // bytes of a line that the block before broke off
    for (;;) {
        const std::size_t got = std::fread(buffer.data() + held, 1, block_bytes - held, file.get());
        if (got == 0) break;
        const std::size_t filled = held + got;
        std::size_t from = 0;
        while (const void* end = std::memchr(buffer.data() + from, '\n', filled - from)) {
            const auto size =
                static_cast<std::size_t>(static_cast<const char*>(end) - (buffer.data() + from));
            if (!floor.line(buffer.data() + from, size)) {
                std::fprintf(stderr, "ingest_floor: no quote: %.*s\n", static_cast<int>(size),
                             buffer.data() + from);
                return 1;
            }
            from += size + 1;
        }
        held = filled - from;
        if (from == 0) {
            std::fputs("ingest_floor: a line is longer than a block\n", stderr);
            return 1;
        }
        std::memmove(buffer.data(), buffer.data() + from, held);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("{\"events\":%llu,\"woken\":%llu,\"seconds\":%.6f,\"events_per_second\":%.0f,\"peak_rss_"
                "bytes\":%lld}\n",
                static_cast<unsigned long long>(floor.events()),
                static_cast<unsigned long long>(floor.woken()), took.count(),
                static_cast<double>(floor.events()) / took.count(),
                static_cast<long long>(usage.ru_maxrss) * 1024);
    return 0;
}
