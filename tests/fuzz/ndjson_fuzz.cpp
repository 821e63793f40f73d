// Any bytes as an NDJSON feed. Beside "no crash": a line gives an event or a fault with a detail, a blank
// before it changes nothing (so the two ways to read it agree), what is refused can be kept, and prices that
// pass are positive.
#include "feed/dead_letter.hpp"
#include "feed/line.hpp"
#include "feed/ndjson.hpp"
#include "market/calendar.hpp"

#include <algorithm>
#include <cstdlib>

using namespace tocsin;

namespace {

void require(bool so) {
    if (!so) std::abort();
}

const market::SymbolTable& symbols() {
    static const market::SymbolTable table = [] {
        market::CalendarDefinition tokyo;
        tokyo.name = "XTKS";
        tokyo.zone = "Asia/Tokyo";
        tokyo.from = SessionDate::from_civil(2025, 4, 1);
        tokyo.to = SessionDate::from_civil(2025, 4, 30);
        tokyo.regimes = {{tokyo.from, {540, 690, 750, 925, 930}, {0, 1, 2, 3, 4}}};
        const auto calendar = std::make_shared<const market::Calendar>(market::Calendar::make(tokyo).value());
        return market::SymbolTable{{{"N225", "Nikkei 225", calendar}}};
    }();
    return table;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const feed::Check check{config::Feed{}, symbols()};
    static const auto decoder = feed::ndjson_decoder(check), other = feed::ndjson_decoder(check);
    feed::LineBuffer buffer;
    const std::span<char> room = buffer.room();
    size = std::min(size, room.size());
    std::copy(data, data + size, room.begin());
    buffer.filled(size);
    buffer.finish();
    for (feed::Line line; buffer.next(line);) {
        if (line.too_long) continue;
        market::Event event, again;
        const auto fault = decoder->decode(line.text, event);
        std::string padded = " " + std::string{line.text};
        padded.append(feed::LineBuffer::padding, '\0');
        const auto same = other->decode(std::string_view{padded}.substr(0, line.text.size() + 1), again);
        require(fault.has_value() == same.has_value());
        if (fault) {
            require(!fault->detail.empty() && fault->reason == same->reason);
            (void)feed::dead_letter(
                {0, "-", line.number, fault->reason, fault->detail, std::string{line.text}}, "f");
            continue;
        }
        require(event.at == again.at && event.what.index() == again.what.index());
        if (const auto* quote = std::get_if<market::Quote>(&event.what)) require(quote->price > Price{});
        if (const auto* bar = std::get_if<market::Bar>(&event.what)) require(bar->close > Price{});
    }
    return 0;
}
