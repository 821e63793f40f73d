#include "push/io_thread.hpp"

#include "base/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <prometheus/gauge.h>

namespace tocsin::push {
namespace {

namespace net = boost::asio;
constexpr auto as_result = net::as_tuple(net::use_awaitable);
// The deciding thread answers between two batches of events; this long means that it is stuck.
constexpr std::chrono::seconds rules_patience{10};
// After this, connections that did not end are dropped: a stop must not depend on a peer.
constexpr std::chrono::seconds stop_patience{6};

} // namespace

struct IoThread::Question {
    net::steady_timer answered;
    std::optional<std::vector<RuleStatus>> rules;
};

IoThread::IoThread(const ServerOptions& options, const Sources& sources, Metrics& metrics)
    : options_{options}, sources_{sources}, metrics_{metrics} {
    door_->context = &context_;
}

IoThread::~IoThread() {
    alive_ = false;
    const std::lock_guard lock{door_->mutex};
    door_->context = nullptr;
}

void IoThread::start() {
    net::co_spawn(context_, beat(), net::detached);
    thread_ = std::thread{&IoThread::run, this};
}

void IoThread::run() {
    try {
        context_.run();
    } catch (const std::exception& unexpected) {
        log::error(std::string{"an I/O thread ended: "} + unexpected.what());
    }
}

void IoThread::join() {
    if (thread_.joinable()) thread_.join();
}

void IoThread::published() {
    if (news_posted_.exchange(true)) return;
    net::post(context_, [this] {
        news_posted_ = false; // before they look at the log, so that what comes later wakes them again
        for (Connection* connection : connections_) connection->news();
    });
}

void IoThread::adopt(net::ip::tcp::socket socket) {
    net::post(context_, [this, moved = std::move(socket)]() mutable {
        if (!stopping_) start_connection(std::move(moved), *this);
    });
}

void IoThread::stop() {
    net::post(context_, [this] {
        stopping_ = true;
        heartbeat_.cancel();
        patience_.expires_after(stop_patience);
        patience_.async_wait([this](boost::system::error_code error) {
            if (!error) context_.stop();
        });
        work_.reset();
        const auto all = connections_; // going away may remove them
        for (Connection* connection : all) connection->go_away();
        for (Question* question : questions_) question->answered.cancel(); // who decides may be gone already
        end_if_empty();
    });
}

void IoThread::end_if_empty() {
    if (alive_ && stopping_ && connections_.empty()) patience_.cancel();
}

void IoThread::add(Connection& connection) {
    connections_.insert(&connection);
    metrics_.connections.Increment();
}

void IoThread::remove(Connection& connection) {
    connections_.erase(&connection);
    metrics_.connections.Decrement();
    end_if_empty();
}

net::awaitable<void> IoThread::beat() {
    auto due = net::steady_timer::clock_type::now();
    while (!stopping_) {
        due += options_.heartbeat;
        heartbeat_.expires_at(due);
        co_await heartbeat_.async_wait(as_result);
        if (stopping_ || connections_.empty()) continue;
        const Frame frame = heartbeat_frame(sources_.log.epoch(), sources_.log.head(),
                                            sources_.evaluated_through(), sources_.feeds());
        for (Connection* connection : connections_) connection->heartbeat(frame);
    }
}

std::shared_ptr<IoThread::Question> IoThread::ask() {
    auto question = std::make_shared<Question>(Question{net::steady_timer{context_}, {}});
    question->answered.expires_after(rules_patience);
    // Weak, so that an answer that is never given, or late, holds nothing of this thread's.
    sources_.rules([door = door_, weak = std::weak_ptr{question}](std::vector<RuleStatus> rules) {
        const std::lock_guard lock{door->mutex};
        if (!door->context) return;
        net::post(*door->context, [weak, rules = std::move(rules)]() mutable {
            const auto asked = weak.lock();
            if (!asked) return;
            asked->rules = std::move(rules);
            asked->answered.cancel();
        });
    });
    return question;
}

net::awaitable<std::optional<std::vector<RuleStatus>>> IoThread::ask_rules() {
    const auto question = ask();
    questions_.insert(question.get());
    co_await question->answered.async_wait(as_result);
    questions_.erase(question.get());
    co_return std::move(question->rules);
}

} // namespace tocsin::push
