#include "engine/serve.hpp"

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/queue.hpp"
#include "engine/pipeline.hpp"
#include "engine/serving.hpp"
#include "engine/supervise.hpp"
#include "feed/dead_letter.hpp"
#include "feed/file.hpp"
#include "feed/follow.hpp"
#include "feed/merge.hpp"
#include "feed/reject_log.hpp"
#include "feed/tcp.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace tocsin::engine {
namespace {

namespace net = boost::asio;

/// What waits for the deciding thread: an event, or a question that only it can answer.
struct Question {};
using Item = std::variant<market::Event, Question>;

/// Where state goes: systemd's, or `var/` beside the configuration.
std::string state_directory(const config::Config& config) {
    if (const char* given = std::getenv("STATE_DIRECTORY"); given != nullptr && *given != '\0') return given;
    return (std::filesystem::path{config.file}.parent_path() / "var").string();
}

/// The built-in clock feed: a heartbeat each second, stamped wall time less clock_lag. The feed id is one
/// past the others.
void tick(net::steady_timer& timer, Queue<Item>& queue, std::int64_t lag, market::FeedId feed) {
    timer.expires_after(std::chrono::seconds{1});
    timer.async_wait([&timer, &queue, lag, feed](boost::system::error_code stopped) {
        if (stopped) return;
        Item beat = market::Event{wall_now().plus(-lag), feed, market::Heartbeat{}};
        queue.try_push(beat); // a full queue moves time by its events
        tick(timer, queue, lag, feed);
    });
}

class Daemon {
public:
    Daemon(const Setup& setup, const ServeOptions& options)
        : setup_{setup}, config_{setup.config}, options_{options}, names_{names_of(setup.config)},
          reject_log_{names_, [](std::string_view line) { log::warn(line); }},
          queue_{limits::live_queue_events}, work_{net::make_work_guard(io_)}, signals_{io_, SIGINT, SIGTERM},
          clock_{io_}, pipeline_{config_, *setup.plan}, newest_(config_.feeds.size(), Time::min()) {}

    Result<void> run() {
        if (auto prepared = prepare(); !prepared) return prepared;
        std::thread io{[this] { io_.run(); }};
        auto outcome = play_history();
        if (outcome && !stopping_) live();
        supervise::stopping();
        log::info("stopping");
        net::post(io_, [this] {
            signals_.cancel();
            clock_.cancel();
            for (const auto& feed : tcp_)
                if (feed) feed->stop();
            for (const auto& feed : followed_)
                if (feed) feed->stop();
            work_.reset();
        });
        queue_.close();
        io.join();
        if (serving_) serving_->stop();
        log::info("stopped after " + std::to_string(serving_->head()) + " alerts");
        return outcome;
    }

private:
    static std::vector<std::string> names_of(const config::Config& config) {
        std::vector<std::string> names;
        for (const auto& feed : config.feeds) names.push_back(feed.name);
        return names;
    }

    void rejected(const feed::Reject& reject) {
        reject_log_.add(reject);
        if (const auto failed = dead_letters_->write(reject)) log::error(failed->text());
    }

    /// Opens all that can fail, so that a mistake shows before the history plays.
    Result<void> prepare() {
        const auto directory = std::filesystem::path{state_directory(config_)} / "dead-letter";
        auto letters = feed::DeadLetters::open(directory.string(), names_, feed::DeadLetters::Earlier::keep);
        if (!letters) return letters.error();
        dead_letters_ = std::move(*letters);
        const auto sink = [this](const feed::Reject& reject) { rejected(reject); };
        const auto take = [this](market::Event& event) { return take_in(event); };
        files_.resize(config_.feeds.size()), tcp_.resize(config_.feeds.size());
        followed_.resize(config_.feeds.size());
        for (market::FeedId id = 0; id < config_.feeds.size(); ++id) {
            const auto& feed = config_.feeds[id];
            if (feed.live()) {
                auto opened =
                    feed::TcpFeed::open(feed, id, config_.symbols, sink, take, wall_now, io_.get_executor());
                if (!opened) return opened.error();
                tcp_[id] = std::move(*opened);
                log::info("feed " + feed.name + " listens on port " + std::to_string(tcp_[id]->port()));
            } else if (feed.follow) {
                auto opened = feed::FollowFeed::open(feed, id, config_.symbols, sink, take, wall_now,
                                                     io_.get_executor());
                if (!opened) return opened.error();
                followed_[id] = std::move(*opened);
            } else {
                auto opened = feed::FileFeed::open(feed, id, config_.symbols, sink);
                if (!opened) return opened.error();
                files_[id] = std::move(*opened);
            }
        }
        auto serving = Serving::open(setup_, options_.server_name);
        if (!serving) return serving.error();
        serving_ = std::move(*serving);
        serving_->on_question([this] {
            Item question = Question{};
            queue_.try_push(question);
        });
        signals_.async_wait([this](boost::system::error_code failed, int) {
            if (failed) return;
            stopping_ = true;
            queue_.close();
        });
        tick(clock_, queue_, config_.clock_lag, static_cast<market::FeedId>(config_.feeds.size()));
        return {};
    }

    bool take_in(market::Event& event) {
        Item item = std::move(event);
        if (queue_.try_push(item)) return true;
        event = std::move(std::get<market::Event>(item));
        return false;
    }

    /// Finished files, and what the others hold by now, play before the listener answers; live events wait
    /// meanwhile, bounded.
    Result<void> play_history() {
        std::vector<feed::FileFeed*> files;
        for (market::FeedId id = 0; id < config_.feeds.size(); ++id) {
            if (files_[id]) files.push_back(files_[id].get());
            if (followed_[id]) files.push_back(&followed_[id]->history());
        }
        feed::Merge merge{{files.begin(), files.end()}};
        std::vector<alert::Alert> alerts;
        market::Event event;
        while (!stopping_ && merge.next(event)) {
            newest_[event.feed] = std::max(newest_[event.feed], event.at);
            pipeline_.take(event, alerts);
            remember(alerts);
        }
        for (const auto* file : files)
            if (file->error()) return *file->error();
        // What was due between the last line and now is history too: subscribers hear of what comes.
        if (pipeline_.now() != Time::min()) pipeline_.advance(wall_now().plus(-config_.clock_lag), alerts);
        remember(alerts);
        return {};
    }

    void remember(std::vector<alert::Alert>& alerts) {
        auto seq = serving_->head();
        for (const auto& alert : alerts)
            log::info("history: seq " + std::to_string(++seq) + ' ' + alert.at.to_string() + ' ' +
                      alert.rule + ' ' + std::string{name(alert.state)} + ' ' +
                      std::string{name(alert.reason)} + ": " + alert.summary);
        serving_->record(std::exchange(alerts, {}));
    }

    void live() {
        std::vector<alert::Alert> alerts;
        show_feeds();
        serving_->publish(pipeline_, {});
        serving_->start();
        for (const auto& feed : followed_)
            if (feed) feed->start();
        log::info("serving on " + serving_->address());
        supervise::ready("serving on " + serving_->address());
        // Stopping closes the queue: what had been read by then is still decided.
        for (auto items = queue_.pop_all(); !items.empty(); items = queue_.pop_all()) {
            for (auto& item : items) {
                const auto* event = std::get_if<market::Event>(&item);
                if (event == nullptr) continue;
                if (event->feed < newest_.size())
                    newest_[event->feed] = std::max(newest_[event->feed], event->at);
                // The clock only ever moves time on; behind what the feeds have brought it says nothing.
                if (event->feed < newest_.size() || event->at > pipeline_.now())
                    pipeline_.take(*event, alerts);
                if (!alerts.empty()) serving_->publish(pipeline_, std::exchange(alerts, {}));
            }
            show_feeds();
            serving_->publish(pipeline_, {});
        }
    }

    static push::FeedState state_of(const feed::FollowFeed& feed) {
        switch (feed.state()) {
        case feed::FollowFeed::State::waiting:
            return push::FeedState::waiting;
        case feed::FollowFeed::State::reading:
            return push::FeedState::live;
        case feed::FollowFeed::State::failed:
            return push::FeedState::failed;
        }
        return push::FeedState::failed;
    }

    void show_feeds() {
        std::vector<push::FeedStatus> all;
        for (market::FeedId id = 0; id < config_.feeds.size(); ++id) {
            if (tcp_[id])
                all.push_back(feed_status(config_.feeds[id],
                                          tcp_[id]->connections() > 0 ? push::FeedState::live
                                                                      : push::FeedState::waiting,
                                          tcp_[id]->counters(), newest_[id]));
            else if (followed_[id])
                all.push_back(feed_status(config_.feeds[id], state_of(*followed_[id]),
                                          followed_[id]->counters(), newest_[id]));
            else
                all.push_back(feed_status(config_.feeds[id], push::FeedState::ended, files_[id]->counters(),
                                          newest_[id]));
        }
        serving_->set_feeds(std::move(all));
        serving_->set_queue(queue_.size());
    }

    const Setup& setup_;
    const config::Config& config_;
    const ServeOptions& options_;
    const std::vector<std::string> names_;
    feed::RejectLog reject_log_;
    std::unique_ptr<feed::DeadLetters> dead_letters_;
    Queue<Item> queue_;
    std::atomic<bool> stopping_{false};
    net::io_context io_{1};
    net::executor_work_guard<net::io_context::executor_type> work_;
    net::signal_set signals_;
    net::steady_timer clock_;
    // By FeedId; nothing for a feed of another kind.
    std::vector<std::unique_ptr<feed::FileFeed>> files_;
    std::vector<std::unique_ptr<feed::FollowFeed>> followed_;
    std::vector<std::unique_ptr<feed::TcpFeed>> tcp_;
    Pipeline pipeline_;
    std::vector<Time> newest_; // by FeedId
    std::unique_ptr<Serving> serving_;
};

} // namespace

Result<void> serve(const Setup& setup, const ServeOptions& options) {
    return Daemon{setup, options}.run();
}

} // namespace tocsin::engine
