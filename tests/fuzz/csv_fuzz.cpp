// Any bytes as a CSV feed; as bars and as quotes. The first line is the header, unless it does not fit.
#include "feed/csv.hpp"
#include "feed/line.hpp"
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

config::Feed feed_of(bool quotes) {
    config::Feed feed;
    feed.file = "f.csv";
    config::CsvMapping& mapping = feed.csv.emplace();
    if (quotes) {
        mapping.symbol_column = "symbol";
        mapping.ts = "ts";
        mapping.price = "price";
    } else {
        mapping.symbol = "N225";
        mapping.session = "Date";
        mapping.open = "Open";
        mapping.close = "Close";
    }
    return feed;
}

void read(std::string_view bytes, bool quotes) {
    const config::Feed feed = feed_of(quotes);
    const feed::Check check{feed, symbols()};
    feed::LineBuffer buffer;
    const std::span<char> room = buffer.room();
    bytes = bytes.substr(0, room.size());
    std::copy(bytes.begin(), bytes.end(), room.begin());
    buffer.filled(bytes.size());
    buffer.finish();
    feed::Line line;
    if (!buffer.next(line) || line.too_long) return;
    auto decoder = feed::csv_decoder(*feed.csv, feed.file, line.text, check);
    if (!decoder) {
        require(!decoder.error().message.empty());
        decoder =
            feed::csv_decoder(*feed.csv, feed.file, quotes ? "symbol,ts,price" : "Date,Open,Close", check);
    }
    while (buffer.next(line)) {
        if (line.too_long) continue;
        market::Event event;
        if (const auto fault = (*decoder)->decode(line.text, event))
            require(!fault->detail.empty());
        else if (quotes)
            require(std::get<market::Quote>(event.what).price > Price{});
        else
            require(std::get<market::Bar>(event.what).close > Price{});
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const bool quotes : {false, true}) read({reinterpret_cast<const char*>(data), size}, quotes);
    return 0;
}
