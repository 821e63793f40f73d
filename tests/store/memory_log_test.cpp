#include "store/memory_log.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

namespace tocsin::store {
namespace {

alert::Alert made(std::string id, alert::State state, std::uint32_t transition = 0) {
    alert::Alert alert;
    alert.id = std::move(id);
    alert.state = state;
    alert.transition = transition;
    alert.rule = "r";
    alert.kind = "session_move";
    return alert;
}

std::vector<alert::Alert> events(std::size_t count) {
    return std::vector<alert::Alert>(count, made("e", alert::State::event));
}

std::vector<std::uint64_t> seqs(const std::vector<EntryPtr>& entries) {
    std::vector<std::uint64_t> found;
    for (const EntryPtr& entry : entries) found.push_back(entry->alert.seq);
    return found;
}
using Seqs = std::vector<std::uint64_t>;

TEST_CASE("an empty log has head 0 and nothing to read") {
    const MemoryLog log{"0123456789abcdef", 3};
    CHECK(log.epoch() == "0123456789abcdef");
    CHECK(log.head() == 0);
    CHECK(log.oldest() == 1);
    CHECK(log.read(0, 10).empty());
    CHECK(log.firing().empty());
}

TEST_CASE("the log numbers alerts densely from 1 and makes their bytes once") {
    MemoryLog log{"e", 10};
    log.append(events(2), std::nullopt);
    log.append(events(1), Time::from_nanos(nanos_per_second));
    const auto entries = log.read(0, 10);
    REQUIRE(seqs(entries) == Seqs{1, 2, 3});
    CHECK(entries[1]->json.find(R"("seq":2,)") != std::string::npos);
    CHECK(entries[1]->json.find("emitted") == std::string::npos);
    CHECK(entries[2]->json.find(R"("emitted":"1970-01-01T00:00:01Z")") != std::string::npos);
    CHECK(log.read(2, 1).front() == entries[2]); // the very same, shared
}

TEST_CASE("a read returns what lies after a seq and is still held") {
    MemoryLog log{"e", 3};
    log.append(events(5), std::nullopt);
    CHECK(log.head() == 5);
    CHECK(log.oldest() == 3);
    struct Row {
        std::uint64_t after;
        std::size_t most;
        Seqs expected;
    };
    const auto row = GENERATE(values<Row>({
        {0, 10, {3, 4, 5}},
        {2, 10, {3, 4, 5}},
        {3, 10, {4, 5}},
        {3, 1, {4}},
        {0, 2, {3, 4}},
        {0, 0, {}},
        {5, 10, {}},
        {99, 10, {}},
        {~std::uint64_t{0}, 10, {}},
    }));
    CAPTURE(row.after, row.most);
    CHECK(seqs(log.read(row.after, row.most)) == row.expected);
}

TEST_CASE("firing holds the newest transition of each episode, also of those that left the ring") {
    MemoryLog log{"e", 2};
    log.append({made("a", alert::State::firing), made("b", alert::State::firing),
                made("c", alert::State::event), made("a", alert::State::firing, 1)},
               std::nullopt);
    CHECK(seqs(log.firing()) == Seqs{2, 4});
    log.append({made("b", alert::State::resolved, 1), made("d", alert::State::firing)}, std::nullopt);
    CHECK(log.oldest() == 5);
    CHECK(seqs(log.firing()) == Seqs{4, 6});
    log.append({made("d", alert::State::retracted, 1)}, std::nullopt);
    CHECK(seqs(log.firing()) == Seqs{4});
}

TEST_CASE("readers see dense runs while the log grows") {
    MemoryLog log{"e", 50};
    std::atomic<int> broken{0};
    const auto read = [&] {
        for (std::uint64_t at = 0; at < 2000;) {
            for (const EntryPtr& entry : log.read(at, 7)) {
                if (entry->alert.seq <= at) ++broken;
                at = entry->alert.seq;
            }
            if (log.oldest() > log.head() + 1) ++broken;
        }
    };
    std::thread one{read}, two{read};
    for (int i = 0; i < 400; ++i) log.append(events(5), std::nullopt);
    one.join();
    two.join();
    CHECK(broken == 0);
}

} // namespace
} // namespace tocsin::store
