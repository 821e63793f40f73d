#include "push/http.hpp"

#include "store/memory_log.hpp"
#include "tests/push/alerts.hpp"

#include <catch2/catch.hpp>
#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace tocsin::push {
namespace {

Request get(std::string target, Fields more = {}) {
    Request request{"GET", std::move(target), 11, {{"Host", "127.0.0.1:8787"}}, false, 0};
    request.fields.insert(request.fields.end(), more.begin(), more.end());
    return request;
}

unsigned refused(const Request& request) {
    const auto routed = route(request);
    const auto* response = std::get_if<Response>(&routed);
    return response ? response->status : 0;
}

TEST_CASE("each endpoint has its path") {
    CHECK(std::get<Endpoint>(route(get("/v1/stream"))) == Endpoint::stream);
    CHECK(std::get<Endpoint>(route(get("/v1/alerts?since=5"))) == Endpoint::alerts);
    CHECK(std::get<Endpoint>(route(get("/v1/rules"))) == Endpoint::rules);
    CHECK(std::get<Endpoint>(route(get("/v1/feeds?"))) == Endpoint::feeds);
    CHECK(std::get<Endpoint>(route(get("/healthz"))) == Endpoint::healthz);
    CHECK(std::get<Endpoint>(route(get("/readyz"))) == Endpoint::readyz);
    CHECK(std::get<Endpoint>(route(get("http://example.com:80/metrics?x=y"))) == Endpoint::metrics);
}

TEST_CASE("a request that is not for us is refused with its status") {
    const auto with = [](auto change) {
        Request request = get("/v1/alerts");
        change(request);
        return request;
    };
    struct Row {
        const char* name;
        Request request;
        unsigned status;
    };
    const std::vector<Row> rows{
        {"the root", get("/"), 404},
        {"an unknown path", get("/v1/alerts/"), 404},
        {"a host alone", get("http://127.0.0.1"), 404},
        {"no Host", with([](Request& r) { r.fields.clear(); }), 400},
        {"no Host in HTTP/1.0", with([](Request& r) { r.fields.clear(), r.version = 10; }), 0},
        {"two Hosts", get("/v1/alerts", {{"host", "x"}}), 400},
        {"two Origins", get("/v1/alerts", {{"Origin", "http://127.0.0.1:8787"}, {"Origin", "null"}}), 400},
        {"the own origin", get("/v1/alerts", {{"Origin", "http://127.0.0.1:8787"}}), 0},
        {"another port", get("/v1/alerts", {{"Origin", "http://127.0.0.1:8788"}}), 403},
        {"another scheme", get("/v1/alerts", {{"Origin", "https://127.0.0.1:8787"}}), 403},
        {"a file's origin", get("/v1/alerts", {{"Origin", "null"}}), 403},
        {"a foreign origin", get("/v1/stream", {{"Origin", "http://127.0.0.1:8787.evil.example"}}), 403},
        {"localhost",
         {"GET", "/healthz", 11, {{"Host", "LocalHost:1"}, {"Origin", "http://localhost:1"}}, false, 0},
         0},
        {"IPv6", {"GET", "/healthz", 11, {{"Host", "[::1]:1"}, {"Origin", "http://[::1]:1"}}, false, 0}, 0},
        {"a name that was pointed at us",
         {"GET", "/healthz", 11, {{"Host", "evil.example:1"}, {"Origin", "http://evil.example:1"}}, false, 0},
         403},
        {"DELETE", with([](Request& r) { r.method = "DELETE"; }), 405},
        {"HEAD", with([](Request& r) { r.method = "HEAD"; }), 0},
        {"HEAD of the stream", {"HEAD", "/v1/stream", 11, {{"Host", "x"}}, false, 0}, 405},
        {"a body", with([](Request& r) { r.content_length = 1; }), 413},
        {"a chunked body",
         with([](Request& r) { r.chunked = true, r.fields.emplace_back("Transfer-Encoding", "chunked"); }),
         413},
        {"another coding", get("/v1/alerts", {{"Transfer-Encoding", "chunked, xyz"}}), 400},
        {"two lengths of one body", with([](Request& r) {
             r.chunked = true;
             r.fields.insert(r.fields.end(), {{"Transfer-Encoding", "chunked"}, {"Content-Length", "1"}});
         }),
         400},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(refused(row.request) == row.status);
    }
}

TEST_CASE("a refusal is a problem with details, and 405 says what is allowed") {
    const auto routed = route(Request{"PUT", "/v1/rules", 11, {{"Host", "x"}}, false, 0});
    const auto& response = std::get<Response>(routed);
    CHECK(response.content_type == "application/problem+json");
    CHECK(
        response.body ==
        R"({"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"this takes GET and HEAD"})");
    CHECK(response.fields == Fields{{"Allow", "GET, HEAD"}});
}

TEST_CASE("a handshake is held against RFC 6455") {
    const Fields good{{"upgrade", "foo, WebSocket"},
                      {"Connection", "keep-alive"},
                      {"Connection", "Upgrade"},
                      {"Sec-WebSocket-Version", "13"},
                      {"Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw=="}};
    const auto changed = [&](std::string name, const char* value) {
        Fields fields;
        for (const auto& field : good)
            if (field.first != name) fields.push_back(field);
        if (value) fields.emplace_back(name, value);
        return get("/v1/stream", fields);
    };
    CHECK_FALSE(refuse_handshake(get("/v1/stream", good)));
    struct Row {
        const char* name;
        Request request;
        unsigned status;
    };
    Request twice = get("/v1/stream", good), old = get("/v1/stream", good);
    twice.fields.emplace_back("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODw==");
    old.version = 10;
    const std::vector<Row> rows{
        {"a plain GET", get("/v1/stream"), 426},
        {"no Upgrade", changed("upgrade", nullptr), 426},
        {"another protocol", changed("upgrade", "h2c"), 426},
        {"Connection without upgrade", changed("Connection", "close"), 426},
        {"no version", changed("Sec-WebSocket-Version", nullptr), 426},
        {"another version", changed("Sec-WebSocket-Version", "8"), 426},
        {"no key", changed("Sec-WebSocket-Key", nullptr), 400},
        {"a key of 15 bytes", changed("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0O"), 400},
        {"a key that is no base64", changed("Sec-WebSocket-Key", "!AECAwQFBgcICQoLDA0ODw=="), 400},
        {"a key with bits left over", changed("Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODx=="), 400},
        {"a key twice", twice, 400},
        {"HTTP/1.0", old, 400},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto refusal = refuse_handshake(row.request);
        REQUIRE(refusal);
        CHECK(refusal->status == row.status);
        if (row.status == 426)
            CHECK(refusal->fields == Fields{{"Upgrade", "websocket"},
                                            {"Connection", "Upgrade"},
                                            {"Sec-WebSocket-Version", "13"}});
    }
}

struct Daemon {
    Daemon() = default;
    store::MemoryLog log{"00112233aabbccdd", 250};
    prometheus::Registry registry;
    std::vector<std::string> unready;
    Sources sources{
        log,
        registry,
        {},
        [] { return Time::from_nanos(nanos_per_second); },
        [] {
            return std::vector<FeedStatus>{
                {"daily", FeedState::ended, 7, 3, {{"too_long", 1}, {"price", 2}}, Time::from_nanos(0)},
                {"desk", FeedState::waiting, 0, 0, {}, Time::min()}};
        },
        [](const RulesAnswer&) {},
        [this] { return unready; }};

    Response ask(const std::string& target) const {
        const Request request = get(target);
        return answer(std::get<Endpoint>(route(request)), request, sources);
    }
    /// The seqs that an answer lists.
    std::string seqs(const std::string& query) {
        const Response response = ask("/v1/alerts" + query);
        REQUIRE(response.status == 200);
        std::string all;
        constexpr std::string_view key = "\"seq\":";
        for (std::size_t at = 0; (at = response.body.find(key, at)) != std::string::npos;) {
            at += key.size();
            all += ' ' + response.body.substr(at, response.body.find(',', at) - at);
        }
        return all;
    }
};

TEST_CASE("alerts are listed with epoch, head and oldest") {
    Daemon daemon;
    CHECK(daemon.ask("/v1/alerts").body == R"({"epoch":"00112233aabbccdd","head":0,"oldest":1,"alerts":[]})");
    daemon.log.append(events(2), std::nullopt);
    const Response response = daemon.ask("/v1/alerts");
    CHECK(response.content_type == "application/json");
    CHECK(response.body == R"({"epoch":"00112233aabbccdd","head":2,"oldest":1,"alerts":[)" +
                               daemon.log.read(0, 1).front()->json + ',' +
                               daemon.log.read(1, 1).front()->json + "]}");
}

TEST_CASE("alerts are chosen by what the query asks for") {
    Daemon daemon;
    daemon.log.append(events(1, {"drop", "N225", alert::Severity::info, alert::State::firing, "a"}),
                      std::nullopt);
    daemon.log.append(events(1, {"drop", "SPX"}), std::nullopt);
    daemon.log.append(events(1, {"my rule", "N225", alert::Severity::info, alert::State::firing, "b"}),
                      std::nullopt);
    daemon.log.append(events(1, {"drop", "N225", alert::Severity::info, alert::State::resolved, "a"}),
                      std::nullopt);
    struct Row {
        const char *query, *seqs;
    };
    const auto row = GENERATE(values<Row>({
        {"", " 1 2 3 4"},
        {"?since=2", " 3 4"},
        {"?since=4", ""},
        {"?since=18446744073709551615", ""},
        {"?limit=2", " 1 2"},
        {"?since=1&limit=1", " 2"},
        {"?symbol=SPX", " 2"},
        {"?symbol=N*", " 1 3 4"},
        {"?rule=my%20rule", " 3"},
        {"?rule=my+r%75le&", " 3"},
        {"?state=firing", " 3"},
        {"?state=firing&symbol=SPX", ""},
        {"?state=firing&since=3", ""},
    }));
    CAPTURE(row.query);
    CHECK(daemon.seqs(row.query) == row.seqs);
}

TEST_CASE("a list has 100 alerts unless told otherwise, of those that are held") {
    Daemon daemon;
    daemon.log.append(events(300), std::nullopt);
    const std::string listed = daemon.seqs("");
    CHECK(listed.starts_with(" 51 52 "));
    CHECK(listed.ends_with(" 149 150"));
    CHECK(daemon.seqs("?limit=10000").ends_with(" 299 300"));
}

TEST_CASE("a query that is wrong is refused") {
    const auto* query = GENERATE("since=-1", "since=x", "since=1.5", "since=", "since=18446744073709551616",
                                 "limit=0", "limit=10001", "limit=x", "state=resolved", "sinse=1",
                                 "since=1&since=2", "rule=%", "rule=%2", "rule=%zz");
    CAPTURE(query);
    const Response response = Daemon{}.ask(std::string{"/v1/alerts?"} + query);
    CHECK(response.status == 400);
    CHECK(response.content_type == "application/problem+json");
}

TEST_CASE("feeds say where they are and what they refused") {
    CHECK(
        Daemon{}.ask("/v1/feeds").body ==
        R"({"evaluated_through":"1970-01-01T00:00:01Z","feeds":[)"
        R"({"name":"daily","state":"ended","events":7,"rejected":3,"rejected_by_reason":{"price":2,"too_long":1},)"
        R"("newest":"1970-01-01T00:00:00Z"},)"
        R"({"name":"desk","state":"waiting","events":0,"rejected":0,"rejected_by_reason":{},"newest":null}]})");
}

TEST_CASE("rules say how far they are from firing") {
    RuleStatus rule{"drop", "session_move", alert::Severity::critical, true, {{"desk", "japan"}}, {}};
    InstanceStatus armed{"N225", "", InstanceState::armed, {}, "", {}, {}, {}};
    armed.distance.push_back({"price", alert::Value::of_decimal(102'500'000'000),
                              alert::Value::of_decimal(97'000'000'000),
                              alert::Value::of_decimal(5'500'000'000), "<="});
    InstanceStatus warming{"SPX", "s", InstanceState::warmup, alert::Value::of_int(2), "history", 3, 250, {}};
    warming.distance.push_back({"price", {}, alert::Value::of_int(7), {}, ">"});
    rule.instances = {armed, warming};
    CHECK(
        rules_json({rule}) ==
        R"({"rules":[{"name":"drop","type":"session_move","severity":"critical","enabled":true,"labels":{"desk":"japan"},)"
        R"("instances":[{"symbol":"N225","state":"armed","distance":[{"what":"price","value":102.5,"op":"<=",)"
        R"("threshold":97,"margin":5.5}]},)"
        R"({"symbol":"SPX","subject":"s","state":"warmup","level":2,"reason":"history","have":3,"need":250,)"
        R"("distance":[{"what":"price","op":">","threshold":7}]}]}]})");
    CHECK(rules_json({}) == R"({"rules":[]})");
}

TEST_CASE("readyz gives the reasons where there are any, healthz never does") {
    Daemon daemon;
    CHECK(daemon.ask("/readyz").body == R"({"status":"ready"})");
    daemon.unready = {"feed daily is being read", "feed desk failed"};
    const Response response = daemon.ask("/readyz");
    CHECK(response.status == 503);
    CHECK(response.body == R"({"type":"about:blank","title":"Service Unavailable","status":503,)"
                           R"("detail":"feed daily is being read; feed desk failed"})");
    CHECK(daemon.ask("/healthz").body == R"({"status":"ok"})");
}

TEST_CASE("metrics are the whole registry as Prometheus text") {
    Daemon daemon;
    prometheus::BuildCounter()
        .Name("tocsin_x_total")
        .Help("X")
        .Register(daemon.registry)
        .Add({})
        .Increment(3);
    const Response response = daemon.ask("/metrics");
    CHECK(response.content_type == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(response.body == "# HELP tocsin_x_total X\n# TYPE tocsin_x_total counter\ntocsin_x_total 3\n");
}

TEST_CASE("a date is the one of HTTP") {
    CHECK(http_date(Time::parse("2024-08-05T06:00:00.123Z").value) == "Mon, 05 Aug 2024 06:00:00 GMT");
    CHECK(http_date(Time::parse("1994-11-06T08:49:37Z").value) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

} // namespace
} // namespace tocsin::push
