#include "engine/stop.hpp"

#include <atomic>
#include <csignal>
#include <ctime>

namespace tocsin::engine::stop {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may write only that");

void raise_flag(int) {
    flag = true;
}

} // namespace

void install() {
    struct sigaction action {};
    action.sa_handler = &raise_flag;
    action.sa_flags = static_cast<int>(SA_RESETHAND); // no SA_RESTART: a wait ends with the signal
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool requested() {
    return flag;
}

void wait_for(std::chrono::nanoseconds duration) {
    timespec left{};
    left.tv_sec = duration.count() / 1'000'000'000, left.tv_nsec = duration.count() % 1'000'000'000;
    while (!requested() && nanosleep(&left, &left) != 0) {
    }
}

} // namespace tocsin::engine::stop
