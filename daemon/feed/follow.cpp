#include "feed/follow.hpp"

#include "base/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tocsin::feed {
namespace net = boost::asio;

namespace {

constexpr auto as_result = net::as_tuple(net::use_awaitable);
/// How long a full queue is left alone before it is asked again: short beside what it takes to empty it.
constexpr std::chrono::milliseconds full_queue_wait{2};
/// Lines after which others on the thread get their turn.
constexpr int lines_at_once = 1000;

/// Whether two names are one file's. A file that is open exists, so its number is no other's.
bool is_same(const struct stat& a, const struct stat& b) {
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
/// And whether nothing has changed about it.
bool is_unchanged(const struct stat& a, const struct stat& b) {
    return is_same(a, b) && a.st_size == b.st_size && a.st_ctim.tv_sec == b.st_ctim.tv_sec &&
           a.st_ctim.tv_nsec == b.st_ctim.tv_nsec;
}

} // namespace

// Shared with the coroutine, which may outlive the FollowFeed until it sees that it was cancelled.
struct FollowFeed::Follower {
    Follower(std::unique_ptr<FileFeed> file, RejectSink sink, TryPush try_push, Clock now,
             const net::any_io_executor& executor)
        : history{std::move(file)}, path{history->configured().file}, intake{history->configured(),
                                                                             history->id(), std::move(sink),
                                                                             std::move(try_push),
                                                                             std::move(now)},
          timer{executor} {}

    static net::awaitable<void> follow(std::shared_ptr<Follower> self);
    net::awaitable<void> read_on();
    net::awaitable<void> wait(std::chrono::milliseconds time);
    bool is_cut() const;
    bool is_replaced() const;
    void open_anew();
    void complain(const Error& error);
    std::string named(std::string_view what) const;

    const std::unique_ptr<FileFeed> history; // whose configuration and checks the readers borrow
    const std::string path;
    Intake intake;
    net::steady_timer timer;
    std::unique_ptr<FileReader> reader; // none: nothing was there yet, or it cannot be opened
    struct stat unopened {};            // what cannot be: not tried again before it changes
    std::string complaint;              // told last
    bool stopping = false;
    std::atomic<State> state{State::waiting};
};

Result<std::unique_ptr<FollowFeed>> FollowFeed::open(const config::Feed& feed, market::FeedId id,
                                                     const market::SymbolTable& symbols, RejectSink sink,
                                                     TryPush try_push, Clock now,
                                                     net::any_io_executor executor) {
    if (feed.max_ahead && feed.max_ahead->unit != DurationUnit::clock)
        return feed.place.error("max_ahead of feed " + in_quotes(feed.name) + " must be clock time, like 5s");
    auto file = FileFeed::open(feed, id, symbols, sink, Growth::growing);
    if (!file) return file.error();
    auto follower = std::make_shared<Follower>(std::move(*file), std::move(sink), std::move(try_push),
                                               std::move(now), std::move(executor));
    return std::unique_ptr<FollowFeed>{new FollowFeed{std::move(follower)}};
}

FollowFeed::FollowFeed(std::shared_ptr<Follower> follower) : follower_{std::move(follower)} {}
FollowFeed::~FollowFeed() {
    stop();
}
FileFeed& FollowFeed::history() {
    return *follower_->history;
}
FollowFeed::State FollowFeed::state() const {
    return follower_->state;
}

Counters FollowFeed::counters() const {
    Counters out = follower_->intake.counters();
    const Counters& before = follower_->history->counters();
    out.events += before.events;
    for (std::size_t i = 0; i < reject_reasons; ++i) out.rejected[i] += before.rejected[i];
    return out;
}

void FollowFeed::start() {
    follower_->reader = follower_->history->take_reader();
    follower_->state = follower_->reader ? State::reading : State::waiting;
    if (!follower_->reader) log::info(follower_->named("is not there yet; it is waited for"));
    net::co_spawn(follower_->timer.get_executor(), Follower::follow(follower_),
                  [follower = follower_](const std::exception_ptr& thrown) {
                      if (!thrown) return;
                      follower->state = State::failed;
                      log::error(follower->named("is followed no more: unexpectedly"));
                  });
}

void FollowFeed::stop() {
    net::post(follower_->timer.get_executor(), [follower = follower_] {
        follower->stopping = true;
        follower->timer.cancel();
    });
}

net::awaitable<void> FollowFeed::Follower::follow(std::shared_ptr<Follower> self) {
    while (!self->stopping) {
        co_await self->read_on();
        if (self->stopping) break;
        if (self->is_cut()) {
            log::info(self->named("got shorter; it is read from its start again"));
            self->open_anew();
        } else if (self->is_replaced()) {
            if (!self->reader) {
                if (self->state == State::waiting) log::info(self->named("is there now"));
            } else {
                log::info(self->named("is another file now; it is read from its start"));
                self->reader->finish(); // what the old one has gained since, and its last line
                co_await self->read_on();
                if (self->stopping) break;
            }
            self->open_anew();
        } else {
            co_await self->wait(look_every);
        }
    }
}

// All whole lines that are there.
net::awaitable<void> FollowFeed::Follower::read_on() {
    Line line;
    market::Event event;
    for (int count = 1; reader && !stopping && reader->next(line); ++count) {
        if (intake.accept(reader->decoder(), line, path, event)) {
            while (!intake.try_push(event)) {
                co_await wait(full_queue_wait);
                if (stopping) co_return;
            }
        }
        if (count % lines_at_once == 0) co_await net::post(timer.get_executor(), net::use_awaitable);
    }
    // It stays open, so that another that takes its name is known from it.
    if (const auto error = reader ? reader->error() : std::nullopt) complain(*error);
}

net::awaitable<void> FollowFeed::Follower::wait(std::chrono::milliseconds time) {
    timer.expires_after(time);
    co_await timer.async_wait(as_result);
}

/// Shorter than what was read of it.
bool FollowFeed::Follower::is_cut() const {
    struct stat status {};
    if (!reader || ::fstat(reader->descriptor(), &status) != 0) return false;
    return status.st_size < ::lseek(reader->descriptor(), 0, SEEK_CUR);
}

bool FollowFeed::Follower::is_replaced() const {
    struct stat there {
    }, open{};
    if (::stat(path.c_str(), &there) != 0) return false; // between two names
    if (!reader) return !is_unchanged(there, unopened);
    return ::fstat(reader->descriptor(), &open) == 0 && !is_same(there, open) && there.st_size > 0;
}

void FollowFeed::Follower::open_anew() {
    reader.reset();
    // Before it is opened: what changes in between is seen then.
    if (::stat(path.c_str(), &unopened) != 0) unopened = {};
    auto opened = FileReader::open(history->configured(), path, history->check(), Growth::growing);
    if (opened) {
        reader = std::move(*opened);
        complaint.clear();
        state = State::reading;
    } else if (unopened.st_ino == 0) {
        state = State::waiting; // gone again
    } else {
        complain(opened.error());
    }
}

void FollowFeed::Follower::complain(const Error& error) {
    state = State::failed;
    if (std::exchange(complaint, error.text()) != error.text()) log::error(error.text());
}

std::string FollowFeed::Follower::named(std::string_view what) const {
    return "feed " + history->configured().name + ": " + path + " " + std::string{what};
}

} // namespace tocsin::feed
