#include "feed/ndjson.hpp"

#include "feed_support.hpp"

#include <random>

using namespace tocsin;
using tests::reason_of;
using tests::verdict;

namespace {

const feed::Check& check_of_all() {
    static const feed::Check check{config::Feed{}, tests::symbols()};
    return check;
}

std::string decoded(std::string_view line) {
    return verdict(*feed::ndjson_decoder(check_of_all()), line);
}

} // namespace

TEST_CASE("a good line becomes its event") {
    struct Row {
        const char *line, *event;
    };
    const auto row = GENERATE(values<Row>({
        // quotes
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":34102})",
         "2025-04-03T00:00:00Z tick N225 34102"},
        {R"({"price":"34102.50","ts":"2025-04-03T09:00:00.25+09:00","symbol":"TPX","type":"quote"})",
         "2025-04-03T00:00:00.25Z tick TPX 34102.5"},
        {R"( { "kind" : "close" , "type" : "quote", "symbol":"N225","ts":"2025-04-03T06:30:00Z","price":0.000000001 } )",
         "2025-04-03T06:30:00Z close N225 0.000000001"},
        {R"({"type":"quote","kind":"open","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":"007","seq":12})",
         "2025-04-03T00:00:00Z open N225 7"},
        {R"({"type":"quote","symbol":"N\u003225","ts":"2025-04-03T00:00:00Z","pri\u0063e":1,"kind":"tick","seq":"0012"})",
         "2025-04-03T00:00:00Z tick N225 1"},
        // bars
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","open":2,"high":"3","low":1,"close":2.5,"volume":12345678901234567890.5})",
         "2025-04-03T06:30:00Z bar N225 2025-04-03 2 3 1 2.5"},
        {R"({"type":"bar","symbol":"N225","ts":"2025-04-03T03:00:00Z","close":2})",
         "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 2"},
        {R"({"type":"bar","symbol":"N225","ts":"2025-04-03T15:30:00Z","session":"2025-04-03","close":2})",
         "2025-04-03T06:30:00Z bar N225 2025-04-03 - - - 2"},
        // tariffs
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T16:00:00-04:00","stage":"signed","imposer":"US","target":"*"})",
         "2025-04-02T20:00:00Z tariff m signed US>* - all - - official '' ''"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"rumoured","imposer":"EU","target":"JP","rate":"0","scope":"cars","effective":"2025-04-05T04:01:00Z","expires":"2025-07-09T04:01:00Z","title":"\u00e9\n","url":"https://x.invalid/a","tier":"rumour","precision":"hour"})",
         "2025-04-02T20:00:00Z tariff m rumoured EU>JP 0 cars 2025-04-05T04:01:00Z 2025-07-09T04:01:00Z "
         "rumour 'é\n' 'https://x.invalid/a'"},
        // the rest
        {R"({"type":"status","symbol":"N225","ts":"2025-04-03T00:00:00Z","state":"halted","reason":"limit"})",
         "2025-04-03T00:00:00Z status N225 '' halted 'limit'"},
        {R"({"type":"status","venue":"XTKS","ts":"2025-04-03T00:00:00Z","state":"resumed"})",
         "2025-04-03T00:00:00Z status - 'XTKS' resumed ''"},
        {R"({"type":"status","venue":"XTKS","symbol":"TPX","ts":"2025-04-03T00:00:00Z","state":"closed"})",
         "2025-04-03T00:00:00Z status TPX '' closed ''"},
        {R"({"type":"correction","symbol":"N225","session":"2025-04-02","ts":"2025-04-03T00:00:00Z","close":35725.87,"reason":"typo"})",
         "2025-04-03T00:00:00Z correction N225 2025-04-02 35725.87 'typo'"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"})", "2025-04-03T00:00:00Z heartbeat"},
        // fields of no concern
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":{"a":[1,-2.5e+10,"x",null,true,false,{}],"b":{"c":[]}},"note":1})",
         "2025-04-03T00:00:00Z heartbeat"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","price":null,"price":[],"":1,"symbol":7})",
         "2025-04-03T00:00:00Z heartbeat"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","名":"日経"})", "2025-04-03T00:00:00Z heartbeat"},
    }));
    CAPTURE(row.line);
    CHECK(decoded(row.line) == row.event);
}

TEST_CASE("a bad line has its reason") {
    struct Row {
        const char *line, *reason;
    };
    const auto row = GENERATE(values<Row>({
        // no JSON object, or more than one
        {"x", "bad_json"},
        {"{", "bad_json"},
        {"}", "bad_json"},
        {"[]", "bad_json"},
        {"17", "bad_json"},
        {"\"quote\"", "bad_json"},
        {"{}", "missing_field"},
        {"null", "bad_json"},
        {"\xEF\xBB\xBF{}", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z")", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z)", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z",})", "bad_json"},
        {R"({"type":"heartbeat" "ts":"2025-04-03T00:00:00Z"})", "bad_json"},
        {R"({"type":"heartbeat","ts" "2025-04-03T00:00:00Z"})", "bad_json"},
        {R"({"type":"heartbeat","ts":})", "bad_json"},
        {R"({"type":"heartbeat","ts"})", "bad_json"},
        {R"({'type':'heartbeat'})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"}{"type":"heartbeat","ts":"2025-04-03T00:00:00Z"})",
         "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"} {})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"}})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"}])", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"} x)", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"},)", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"} // a heartbeat)", "bad_json"},
        // what nobody asked for must be JSON all the same
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":tru})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":nulL})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":NaN})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":01})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":1.})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":.5})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":+1})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":1e})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":-})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":1 2})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":[1,]})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":[1 2]})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":[1})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":{"a":[tru]}})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":{"a"}})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":{a:1}})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":"\x"})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":"\u12"})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","\q":1})", "bad_json"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","a":{"\q":1}})", "bad_json"},
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\",\"note\":\"a\tb\"}", "bad_json"},
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\",\"note\":1\x01}", "bad_json"},
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\"\x01}", "bad_json"},
        // UTF-8
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\",\"note\":\"\xff\xfe\"}", "bad_utf8"},
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\",\"note\":\"\xc0\xaf\"}", "bad_utf8"},
        {"{\"type\":\"heartbeat\",\"ts\":\"2025-04-03T00:00:00Z\",\"note\":\"\xed\xa0\x80\"}", "bad_utf8"},
        // type
        {R"({"ts":"2025-04-03T00:00:00Z"})", "missing_field"},
        {R"({"type":"qoute","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1})", "unknown_type"},
        {R"({"type":"Quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1})", "unknown_type"},
        {R"({"type":null,"ts":"2025-04-03T00:00:00Z"})", "bad_field"},
        {R"({"type":["quote"],"ts":"2025-04-03T00:00:00Z"})", "bad_field"},
        // a key twice
        {R"({"type":"heartbeat","type":"heartbeat","ts":"2025-04-03T00:00:00Z"})", "duplicate_key"},
        {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","ts":"2025-04-03T00:00:00Z"})", "duplicate_key"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"price":2})",
         "duplicate_key"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"pric\u0065":1})",
         "duplicate_key"},
        // quotes
        {R"({"type":"quote","ts":"2025-04-03T00:00:00Z","price":1})", "missing_field"},
        {R"({"type":"quote","symbol":"N225","price":1})", "missing_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z"})", "missing_field"},
        {R"({"type":"quote","symbol":"NOSUCH","ts":"2025-04-03T00:00:00Z","price":1})", "unknown_symbol"},
        {R"({"type":"quote","symbol":"","ts":"2025-04-03T00:00:00Z","price":1})", "unknown_symbol"},
        {R"({"type":"quote","symbol":225,"ts":"2025-04-03T00:00:00Z","price":1})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":1743638400,"price":1})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-13-45T00:00:00Z","price":1})", "bad_time"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00","price":1})", "bad_time"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03","price":1})", "bad_time"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":-1})", "price_not_positive"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":0.00})",
         "price_not_positive"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1e3})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":"1e3"})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1.0000000001})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":99999999999.25})",
         "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":""})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":" 1"})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":"1,000"})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":"+1"})", "bad_price"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":+1})", "bad_json"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":007})", "bad_json"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":null})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":true})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":{"value":1}})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"kind":"last"})",
         "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"kind":null})",
         "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"seq":-1})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"seq":"a"})", "bad_field"},
        {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1,"seq":[1]})", "bad_field"},
        // bars
        {R"({"type":"bar","symbol":"N225","close":1})", "missing_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03"})", "missing_field"},
        {R"({"type":"bar","session":"2025-04-03","close":1})", "missing_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-31","close":1})", "bad_time"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03T00:00:00Z","close":1})", "bad_time"},
        {R"({"type":"bar","symbol":"N225","session":20250403,"close":1})", "bad_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","ts":"noon","close":1})", "bad_time"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":0})", "price_not_positive"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":1,"open":-1})",
         "price_not_positive"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":1,"high":null})", "bad_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":1,"volume":-1})", "bad_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":1,"volume":"1,000"})", "bad_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":1,"volume":{}})", "bad_field"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-03","close":2,"high":3,"low":4})", "bad_bar"},
        {R"({"type":"bar","symbol":"N225","session":"2025-04-05","close":2})", "no_session"},
        // tariffs
        {R"({"type":"tariff","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP"})",
         "missing_field"},
        {R"({"type":"tariff","measure":"","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","stage":"signed","imposer":"US","target":"JP"})", "missing_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","imposer":"US","target":"JP"})",
         "missing_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","target":"JP"})",
         "missing_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US"})",
         "missing_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"threatened","imposer":"US","target":"JP"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"USA","target":"JP"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"jp"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","rate":-1})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","rate":"24%"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","rate":null})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","effective":"2025-04-09"})",
         "bad_time"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","expires":0})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","tier":"blog"})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","title":1})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","url":{}})",
         "bad_field"},
        {R"({"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"signed","imposer":"US","target":"JP","scope":[]})",
         "bad_field"},
        // status, correction, heartbeat
        {R"({"type":"status","ts":"2025-04-03T00:00:00Z","state":"halted"})", "missing_field"},
        {R"({"type":"status","symbol":"N225","state":"halted"})", "missing_field"},
        {R"({"type":"status","symbol":"N225","ts":"2025-04-03T00:00:00Z"})", "missing_field"},
        {R"({"type":"status","symbol":"N225","ts":"2025-04-03T00:00:00Z","state":"asleep"})", "bad_field"},
        {R"({"type":"status","symbol":"N224","ts":"2025-04-03T00:00:00Z","state":"halted"})",
         "unknown_symbol"},
        {R"({"type":"status","venue":"XNYS","ts":"2025-04-03T00:00:00Z","state":"halted"})",
         "unknown_symbol"},
        {R"({"type":"status","venue":"XTKS","ts":"2025-04-03T00:00:00Z","state":"halted","reason":1})",
         "bad_field"},
        {R"({"type":"correction","symbol":"N225","ts":"2025-04-03T00:00:00Z","close":1})", "missing_field"},
        {R"({"type":"correction","symbol":"N225","session":"2025-04-02","close":1})", "missing_field"},
        {R"({"type":"correction","symbol":"N225","session":"2025-04-02","ts":"2025-04-03T00:00:00Z"})",
         "missing_field"},
        {R"({"type":"correction","symbol":"N225","session":"2025-04-02","ts":"2025-04-03T00:00:00Z","close":-1})",
         "price_not_positive"},
        {R"({"type":"heartbeat"})", "missing_field"},
        {R"({"type":"heartbeat","ts":"today"})", "bad_time"},
    }));
    CAPTURE(row.line);
    CHECK(reason_of(decoded(row.line)) == row.reason);
}

TEST_CASE("an unknown field may nest 64 levels deep, the object counted, and no deeper") {
    const auto nested = [](std::size_t levels) {
        const std::string start = R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z","note":)";
        return start + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
    };
    CHECK(decoded(nested(64)) == "2025-04-03T00:00:00Z heartbeat");
    CHECK(decoded(nested(65)) == "bad_json: nests deeper than 64 levels");
    CHECK(reason_of(decoded(nested(100'000))) == "bad_json");
}

TEST_CASE("a message names the field and shows what was found") {
    struct Row {
        const char *fields, *verdict;
    };
    const auto row = GENERATE(values<Row>({
        {R"("symbol":"N225","price":-3)", "price_not_positive: price is -3"},
        {R"("symbol":"N225","price":1e3)", "bad_price: price \"1e3\" is not a decimal number"},
        {R"("symbol":"N2\u000725","price":1)", "unknown_symbol: symbol \"N2?25\" is not configured"},
        {R"("symbol":"N225")", "missing_field: price is missing"},
        {R"("symbol":7)", "bad_field: symbol is not a string"},
        {R"("symbol":"N225","price":1,"seq":2,"seq":2)", "duplicate_key: key \"seq\" stands twice"},
        {R"("symbol":"N225","price":1,"kind":"last")",
         "bad_field: kind \"last\" is none of tick, open, close"},
    }));
    CHECK(decoded(R"({"type":"quote","ts":"2025-04-03T00:00:00Z",)" + std::string{row.fields} + "}") ==
          row.verdict);
}

TEST_CASE("a feed carries only what it declares") {
    config::Feed feed;
    feed.symbols = std::vector<std::string>{"TPX"};
    feed.types = std::vector<std::string>{"quote", "status"};
    const feed::Check check{feed, tests::symbols()};
    const auto decoder = feed::ndjson_decoder(check);
    struct Row {
        const char *line, *verdict;
    };
    for (const Row& row : std::vector<Row>{
             {R"({"type":"quote","symbol":"TPX","ts":"2025-04-03T00:00:00Z","price":1})",
              "2025-04-03T00:00:00Z tick TPX 1"},
             {R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00Z","price":1})",
              "undeclared: the feed's `symbols` do not name \"N225\""},
             {R"({"type":"quote","symbol":"N22","ts":"2025-04-03T00:00:00Z","price":1})",
              "unknown_symbol: symbol \"N22\" is not configured"},
             {R"({"type":"status","venue":"XTKS","ts":"2025-04-03T00:00:00Z","state":"halted"})",
              "2025-04-03T00:00:00Z status - 'XTKS' halted ''"},
             {R"({"type":"bar","symbol":"TPX","session":"2025-04-03","close":1})",
              "undeclared: the feed's `types` do not name bar"},
             {R"({"type":"heartbeat","ts":"2025-04-03T00:00:00Z"})", "2025-04-03T00:00:00Z heartbeat"},
         })
        CHECK(verdict(*decoder, row.line) == row.verdict);
}

// Flat lines are read without simdjson. A blank in front sends the same line through it: both must say the
// same.
TEST_CASE("a line reads the same with and without simdjson") {
    const std::string good[] = {
        R"({"type":"quote","symbol":"N225","ts":"2025-04-03T00:00:00.123Z","price":34102.25,"kind":"close"})",
        R"({"note":"a","price":"1","symbol":"TPX","type":"quote","ts":"2025-04-03T00:00:00Z","seq":1})",
        R"({"type":"bar","symbol":"N225","session":"2025-04-03","open":2,"high":3,"low":1,"close":2,"volume":1e5})",
        R"({"type":"status","venue":"XTKS","ts":"2025-04-03T00:00:00Z","state":"halted","":0})"};
    const std::string_view bytes = "{}[]\":,\\ .-+eE019atns\t\x01\x7f\xc3";
    std::mt19937 random{20250403};
    const auto below = [&](std::size_t count) { return random() % count; };
    const auto decoder = feed::ndjson_decoder(check_of_all());
    int accepted = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::string line = good[below(std::size(good))];
        for (auto changes = below(3); changes > 0; --changes) {
            const std::size_t place = below(line.size());
            switch (below(3)) {
            case 0:
                line[place] = bytes[below(bytes.size())];
                break;
            case 1:
                line.erase(place, 1 + below(4));
                break;
            default:
                line.insert(place, 1, bytes[below(bytes.size())]);
            }
        }
        CAPTURE(line);
        const std::string plain = verdict(*decoder, line), with_simdjson = verdict(*decoder, " " + line);
        REQUIRE(plain == with_simdjson);
        accepted += plain.starts_with("20") ? 1 : 0;
    }
    CHECK(accepted > 5'000); // both sorts were tried
    CHECK(accepted < 15'000);
}
