#include "feed/csv.hpp"

#include "feed_support.hpp"

using namespace tocsin;
using tests::reason_of;
using tests::verdict;

namespace {

config::Feed feed_of(config::CsvMapping mapping) {
    config::Feed feed;
    feed.name = "daily";
    feed.file = "daily.csv";
    mapping.place = {"tocsin.yaml", 7, 10};
    feed.csv = std::move(mapping);
    return feed;
}

config::CsvMapping bars() {
    config::CsvMapping mapping;
    mapping.symbol = "N225";
    mapping.session = "Date";
    mapping.open = "Open";
    mapping.high = "High";
    mapping.low = "Low";
    mapping.close = "Close";
    mapping.volume = "Volume";
    return mapping;
}

config::CsvMapping quotes() {
    config::CsvMapping mapping;
    mapping.symbol_column = "symbol";
    mapping.ts = "ts";
    mapping.price = "price";
    mapping.kind = "kind";
    mapping.seq = "seq";
    return mapping;
}

config::CsvMapping bars_by_time() {
    config::CsvMapping mapping;
    mapping.symbol = "TPX";
    mapping.ts = "time";
    mapping.close = "close";
    return mapping;
}

/// What one row of a file with that mapping and header says.
std::string row_of(const config::CsvMapping& mapping, std::string_view header, std::string_view row) {
    const config::Feed feed = feed_of(mapping);
    const feed::Check check{feed, tests::symbols()};
    auto decoder = feed::csv_decoder(*feed.csv, feed.file, header, check);
    REQUIRE(decoder.has_value());
    return verdict(**decoder, row);
}

std::string error_of(const config::CsvMapping& mapping, std::string_view header) {
    const config::Feed feed = feed_of(mapping);
    const feed::Check check{feed, tests::symbols()};
    const auto decoder = feed::csv_decoder(*feed.csv, feed.file, header, check);
    return decoder ? "" : decoder.error().text();
}

} // namespace

TEST_CASE("a row of bars") {
    struct Row {
        const char *row, *verdict;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-04-03,2,3,1,2.5,900", "2025-04-03T06:30:00Z bar N225 2025-04-03 2 3 1 2.5"},
        {"2025-04-03,,,,2.5,", "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 2.5"},
        {"\"2025-04-03\",\"2\",\"\",\"1\",\"2.50\",\"\"",
         "2025-04-03T06:30:00Z bar N225 2025-04-03 2 - 1 2.5"},
        {" 2025-04-03 , 2 ,\t, \"1\" ,2.5 , 9 ", "2025-04-03T06:30:00Z bar N225 2025-04-03 2 - 1 2.5"},
        {",2,3,1,2.5,900", "missing_field: Date is empty"},
        {"2025-04-03,2,3,1,,900", "missing_field: Close is empty"},
        {"03/04/2025,2,3,1,2.5,900",
         "bad_time: Date \"03/04/2025\" is not a date like 2025-04-03; a date_format says how it is written, "
         "like \"%m/%d/%Y\""},
        {"1012-04-03,2,3,1,2.5,900", "bad_time: Date \"1012-04-03\" is out of range (1678 to 2261)"},
        {"1677-12-31,2,3,1,2.5,900", "bad_time: Date \"1677-12-31\" is out of range (1678 to 2261)"},
        {"1678-01-01,2,3,1,2.5,900", "1678-01-01T06:11:01Z bar N225 1678-01-01 2 3 1 2.5 before"},
        {"2262-01-01,2,3,1,2.5,900", "bad_time: Date \"2262-01-01\" is out of range (1678 to 2261)"},
        {"2025-04-03 00:00:00,2,3,1,2.5,900",
         "bad_time: Date \"2025-04-03 00:00:00\" is not a date like 2025-04-03"},
        {"2025-04-03,2,3,1,\"34102,5\",900",
         "bad_price: Close \"34102,5\" is not a decimal number; write it with a decimal point"},
        {"2025-04-03,2,3,1,34 102.5,900",
         "bad_price: Close \"34 102.5\" is not a decimal number; write it without thousands separators"},
        {"2025-04-03,2,3,1,2.5,\"1,234,567\"",
         "bad_field: Volume \"1,234,567\" is not a decimal number of 0 or more; write it without thousands "
         "separators"},
        {"2025-04-03,2,3,1,\"34,102.5\",900",
         "bad_price: Close \"34,102.5\" is not a decimal number; write it without thousands separators"},
        {"2025-04-03,2,3,1,2.5e0,900", "bad_price: Close \"2.5e0\" is not a decimal number"},
        {"2025-04-03,2,3,1,-2.5,900", "price_not_positive: Close is -2.5"},
        {"2025-04-03,2,3,1,2.5,much", "bad_field: Volume \"much\" is not a decimal number of 0 or more"},
        {"2025-04-03,2,3,4,2.5,900", "bad_bar: low 4 is above high 3"},
        {"2025-04-05,2,3,1,2.5,900", "no_session: 2025-04-05 is no session of XTKS"},
        {"2025-04-03,2,3,1,34,102.5,900", "bad_csv: the row has 7 cells, the header 6"},
        {"2025-04-03,2,3,1,2.5", "bad_csv: the row has 5 cells, the header 6"},
        {"2025-04-03", "bad_csv: the row has 1 cells, the header 6"},
        {"\"2025-04-03,2,3,1,2.5,900", "bad_csv: quotes do not match; a quoted cell ends on its line"},
        {"2025-04-03\",2,3,1,2.5,900", "bad_csv: quotes do not match; a quoted cell ends on its line"},
        {"\"2025\"-04-03,2,3,1,2.5,900", "bad_csv: quotes do not match; a quoted cell ends on its line"},
        {"2025-04-03,2,3,1,2.5,\xff", "bad_utf8: not UTF-8"},
    }));
    CAPTURE(row.row);
    CHECK(row_of(bars(), "Date,Open,High,Low,Close,Volume", row.row) == row.verdict);
}

TEST_CASE("a row of quotes") {
    struct Row {
        const char *row, *verdict;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-04-03T00:00:00Z,N225,34102,,,x", "2025-04-03T00:00:00Z tick N225 34102"},
        {"2025-04-03T15:30:00+09:00,TPX,\"2568.61\",close,12,", "2025-04-03T06:30:00Z close TPX 2568.61"},
        {",N225,1,,,", "missing_field: ts is empty"},
        {"2025-04-03T00:00:00Z,,1,,,", "missing_field: symbol is empty"},
        {"2025-04-03T00:00:00Z,N225,,,,", "missing_field: price is empty"},
        {"2025-04-03T00:00:00Z,n225,1,,,", "unknown_symbol: symbol \"n225\" is not configured"},
        {"2025-04-03T00:00:00Z,N225,1,last,,", "bad_field: kind \"last\" is none of tick, open, close"},
        {"2025-04-03T00:00:00Z,N225,1,,1.5,", "bad_field: seq \"1.5\" is not a whole number"},
        {"2025-04-03,N225,1,,,", "bad_time: ts \"2025-04-03\" is not an RFC 3339 time with an offset, like "
                                 "2025-04-03T09:00:00+09:00"},
        {"2025-04-03T00:00:00,N225,1,,,", "bad_time: ts \"2025-04-03T00:00:00\" has no offset (Z or +09:00)"},
    }));
    CAPTURE(row.row);
    CHECK(row_of(quotes(), "ts,symbol,price,kind,seq,note", row.row) == row.verdict);
}

TEST_CASE("a row of bars that are named by a time, or by a date where a time may stand") {
    struct Row {
        const char *row, *verdict;
    };
    const auto row = GENERATE(values<Row>({
        {"2025-04-03T06:30:00Z,5", "2025-04-03T06:30:00Z bar TPX 2025-04-03 - - - 5"},
        {"2025-04-02T16:00:00Z,5",
         "2025-04-03T06:30:00Z bar TPX 2025-04-03 - - - 5"}, // after midnight in Tokyo
        {"2025-04-03,5", "2025-04-03T06:30:00Z bar TPX 2025-04-03 - - - 5"},
        {"2025-04-05T03:00:00Z,5", "no_session: 2025-04-05 is no session of XTKS"},
        {"yesterday,5", "bad_time: time \"yesterday\" is not a date like 2025-04-03"},
    }));
    CAPTURE(row.row);
    CHECK(row_of(bars_by_time(), "time,close", row.row) == row.verdict);
}

TEST_CASE("a word for no number is an empty cell, where a number may be missing") {
    const std::string header = "Date,Open,High,Low,Close,Volume", day = "2025-04-03";
    for (const std::string word : {"null", "NULL", "None", "N/A", "n/a", "#N/A", "NA", "NaN", "nan", "-",
                                   "--", ".", "\"N/A\"", " null "}) {
        CAPTURE(word);
        CHECK(row_of(bars(), header, day + "," + word + "," + word + "," + word + ",2.5," + word) ==
              "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 2.5");
        CHECK(reason_of(row_of(bars(), header, day + ",2,3,1," + word + ",900")) == "missing_field");
    }
    CHECK(row_of(bars(), header, "2025-04-03,2,3,1,null,900") == "missing_field: Close is empty (\"null\")");
    CHECK(row_of(quotes(), "ts,symbol,price,kind,seq", "2025-04-03T00:00:00Z,N225,N/A,,") ==
          "missing_field: price is empty (\"N/A\")");
    // What is no number's place is taken as it is.
    CHECK(row_of(quotes(), "ts,symbol,price,kind,seq", "2025-04-03T00:00:00Z,NA,1,,") ==
          "unknown_symbol: symbol \"NA\" is not configured");
    CHECK(reason_of(row_of(bars(), header, "null,2,3,1,2.5,900")) == "bad_time");
    for (const std::string word : {"nil", "none at all", "---", "..", "#"})
        CHECK(reason_of(row_of(bars(), header, day + "," + word + ",3,1,2.5,900")) == "bad_price");
}

TEST_CASE("a separator is what is declared") {
    config::CsvMapping mapping = bars();
    struct Row {
        char separator;
        const char *header, *row;
    };
    const auto row = GENERATE(values<Row>({
        {';', "Date;Open;High;Low;Close;Volume;Note", "2025-04-03;2;3;\"1\" ; 2.5;;\"a;b\""},
        {'|', "Date|Open|High|Low|Close|Volume|Note", "2025-04-03|2|3|1|2.5|900|a,b"},
        {'\t', "Date\tOpen\tHigh\tLow\tClose\tVolume\tNote", "2025-04-03\t 2\t3 \t1\t2.5\t\t"},
    }));
    mapping.separator = row.separator;
    CHECK(row_of(mapping, row.header, row.row) == "2025-04-03T06:30:00Z bar N225 2025-04-03 2 3 1 2.5");
    CHECK(error_of(bars(), row.header).find("; is its \"separator\" another one?") != std::string::npos);
}

TEST_CASE("a date is written as its format says") {
    struct Row {
        const char *format, *date, *verdict;
    };
    const std::string bar = "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 5";
    const auto row = GENERATE(values<Row>({
        {"%m/%d/%Y", "04/03/2025", ""},
        {"%m/%d/%Y", "4/3/2025", ""},
        {"%d.%m.%Y", "03.04.2025", ""},
        {"%d %b %Y", "3 APR 2025", ""},
        {"%b %d, %Y", "\"Apr 03, 2025\"", ""},
        {"%Y%m%d", "20250403", ""},
        {"%m/%d/%Y %H:%M:%S", "4/3/2025 16:00:00", ""}, // the date names the session, whatever the hour
        {"%m/%d/%Y", "2025-04-03", "bad_time: Date \"2025-04-03\" does not fit the date_format \"%m/%d/%Y\""},
        {"%m/%d/%Y", "13/04/2025", "bad_time: Date \"13/04/2025\" does not fit the date_format \"%m/%d/%Y\""},
        {"%m/%d/%Y", "02/30/2025",
         "bad_time: Date \"02/30/2025\" is no day of the calendar by the date_format \"%m/%d/%Y\""},
        {"%m/%d/%Y", "04/03/1492", "bad_time: Date \"04/03/1492\" is out of range (1678 to 2261)"},
        {"%m/%d/%Y", "", "missing_field: Date is empty"},
    }));
    CAPTURE(row.format, row.date);
    config::CsvMapping mapping = bars();
    mapping.open = mapping.high = mapping.low = mapping.volume = "";
    mapping.date_format = config::DateFormat::parse(row.format).value;
    CHECK(row_of(mapping, "Date,Close", std::string{row.date} + ",5") ==
          (*row.verdict == '\0' ? bar : row.verdict));
}

TEST_CASE("a time of a format is the exchange's") {
    config::CsvMapping mapping = quotes();
    mapping.date_format = config::DateFormat::parse("%Y-%m-%d %H:%M:%S").value;
    const char* header = "ts,symbol,price,kind,seq";
    CHECK(row_of(mapping, header, "2025-04-03 09:00:05,N225,34102,,") ==
          "2025-04-03T00:00:05Z tick N225 34102");
    CHECK(row_of(mapping, header, "2025-04-03T00:00:00Z,N225,34102,,") ==
          "bad_time: ts \"2025-04-03T00:00:00Z\" does not fit the date_format \"%Y-%m-%d %H:%M:%S\"");
    mapping = bars_by_time();
    mapping.date_format = config::DateFormat::parse("%d/%m/%Y %H:%M").value;
    CHECK(row_of(mapping, "time,close", "03/04/2025 00:30,5") ==
          "2025-04-03T06:30:00Z bar TPX 2025-04-03 - - - 5");
    mapping.date_format = config::DateFormat::parse("%d/%m/%Y").value;
    CHECK(row_of(mapping, "time,close", "03/04/2025,5") == "2025-04-03T06:30:00Z bar TPX 2025-04-03 - - - 5");
}

TEST_CASE("a header may be quoted, padded and in any order") {
    for (const char* header :
         {"Volume,Close,Low,High,Open,Date", "\"Volume\",\"Close\",\"Low\",\"High\",\"Open\",\"Date\"",
          " Volume , Close , Low , High , Open , Date "})
        CHECK(row_of(bars(), header, "900,2.5,1,3,2,2025-04-03") ==
              "2025-04-03T06:30:00Z bar N225 2025-04-03 2 3 1 2.5");
}

TEST_CASE("a header that does not fit the mapping is an error of the configuration") {
    CHECK(
        error_of(bars(), "Date,Open,High,Low,Clsoe,Volume") ==
        "tocsin.yaml:7:10: the header of daily.csv has no column \"Close\", did you mean \"Clsoe\"? (it has "
        "\"Date, Open, High, Low, Clsoe, Volume\")");
    CHECK(error_of(bars(), "Date,Open,High,Low,Close,Close,Volume") ==
          "tocsin.yaml:7:10: the header of daily.csv has the column \"Close\" twice");
    CHECK(error_of(bars(), "Date,Open,High,Low,\"Close,Volume") ==
          "tocsin.yaml:7:10: the header of daily.csv has quotes that do not match");
    CHECK(error_of(bars(),
                   "\xff\xfe"
                   "D") == "tocsin.yaml:7:10: the header of daily.csv is not UTF-8; save the file as UTF-8");
    CHECK(error_of(bars(), "note,note,Date,Open,High,Low,Close,Volume") == ""); // nobody reads the notes
    config::CsvMapping nothing;
    nothing.symbol = "N225";
    CHECK(error_of(nothing, "Date") ==
          "tocsin.yaml:7:10: csv maps neither bars (session or ts, and close) nor quotes (ts and price)");
    config::CsvMapping stranger = bars();
    stranger.symbol = "N224";
    CHECK(error_of(stranger, "Date,Open,High,Low,Close,Volume") ==
          "tocsin.yaml:7:10: symbol \"N224\" is not configured");
}

TEST_CASE("cells are cut as RFC 4180 has them") {
    struct Row {
        const char* row;
        std::vector<std::string> cells;
    };
    const auto row = GENERATE(values<Row>({
        {"", {""}},
        {",", {"", ""}},
        {"a,b,", {"a", "b", ""}},
        {"\"a,b\",c", {"a,b", "c"}},
        {"\"a\"\"b\",\"\"\"\",\"\"", {"a\"b", "\"", ""}},
        {"\"\"\"a\"\"\",b", {"\"a\"", "b"}},
        {" a b , \" c \" ", {"a b", " c "}},
    }));
    CAPTURE(row.row);
    std::vector<std::string_view> cells;
    std::string unescaped;
    REQUIRE(feed::split_row(row.row, ',', cells, unescaped));
    CHECK(std::vector<std::string>(cells.begin(), cells.end()) == row.cells);
}
