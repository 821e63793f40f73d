#include "feed/crew.hpp"

#include <csignal>

namespace tocsin::feed {
namespace {

// Enough that the turns cost little, and little enough to stay in a core's cache.
constexpr std::size_t block_lines = 512;
constexpr std::size_t block_bytes = 64 << 10;

} // namespace

Crew::Crew(FileReader& reader, unsigned helpers) : reader_{reader}, most_blocks_{helpers + 2} {
    sigset_t all, before; // signals are for the thread that waits for them
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < helpers; ++i)
        helpers_.emplace_back([this, own = reader.decoder().clone()] { help(*own); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Crew::~Crew() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
}

Crew::Decoded* Crew::next() {
    while (!taken_ || at_ == taken_->used) {
        Lock lock{mutex_};
        if (taken_) spare_ = std::move(taken_);
        while (blocks_.empty() || !blocks_.front()->done) {
            if (may_claim())
                work(lock, reader_.decoder());
            else if (blocks_.empty() && ended_)
                return nullptr;
            else
                changed_.wait(lock);
        }
        taken_ = std::move(blocks_.front());
        blocks_.pop_front();
        at_ = 0;
        lock.unlock();
        changed_.notify_all();
    }
    return &taken_->lines[at_++];
}

void Crew::help(Decoder& decoder) {
    Lock lock{mutex_};
    for (;;) {
        changed_.wait(lock, [&] { return stopping_ || ended_ || may_claim(); });
        if (stopping_ || ended_) return;
        work(lock, decoder);
    }
}

bool Crew::may_claim() const {
    return !reading_ && !ended_ && blocks_.size() < most_blocks_;
}

/// One block: its place in the order is taken first, then it is read, then decoded beside others.
void Crew::work(Lock& lock, Decoder& decoder) {
    blocks_.push_back(spare_ ? std::move(spare_) : std::make_unique<Block>());
    Block& block = *blocks_.back();
    block.done = false;
    reading_ = true;
    lock.unlock();
    const bool more = read(block);
    lock.lock();
    reading_ = false;
    ended_ = !more;
    lock.unlock();
    changed_.notify_all();
    decode(block, decoder);
    lock.lock();
    block.done = true;
    changed_.notify_all();
}

/// Copies lines, so that the reader may go on. False: they were the last.
bool Crew::read(Block& block) {
    block.text.clear();
    block.lines.resize(block_lines);
    block.used = 0;
    bool more = true;
    Line line;
    while (block.used < block_lines && block.text.size() < block_bytes && (more = reader_.next(line))) {
        block.text.insert(block.text.end(), line.text.begin(), line.text.end());
        block.lines[block.used++].line = line;
    }
    block.text.resize(block.text.size() + LineBuffer::padding);
    const char* at = block.text.data();
    for (std::size_t i = 0; i < block.used; ++i) {
        std::string_view& text = block.lines[i].line.text;
        text = {at, text.size()};
        at += text.size();
    }
    return more;
}

void Crew::decode(Block& block, Decoder& decoder) {
    for (std::size_t i = 0; i < block.used; ++i) {
        Decoded& one = block.lines[i];
        one.fault = feed::decode(decoder, one.line, one.event);
    }
}

} // namespace tocsin::feed
