// Crew: the lines of a file, decoded by whoever pulls them and by threads of its own, block by block, so that
// a replay has every core to decode on; and given out in the file's order, as one decoder alone would give
// them. The memory is that of a few blocks. `next` belongs to one thread.
#pragma once
#include "feed/file_reader.hpp"

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace tocsin::feed {

class Crew {
public:
    struct Decoded {
        market::Event event; // unless there is a fault
        Checked fault;
        Line line; // lives until next() is called again
    };

    /// Starts the helpers. Borrows `reader`, which is this crew's until it ends. Requires: a plain file that
    /// grows no more, since who waits for a pipe cannot be stopped.
    Crew(FileReader& reader, unsigned helpers);
    /// Ends the helpers, each at most a block away.
    ~Crew();
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    /// The next line. Null: there is none any more, or reading failed.
    Decoded* next();

private:
    struct Block {
        std::vector<char> text;
        std::vector<Decoded> lines;
        std::size_t used = 0; // of the lines, which are kept for their memory
        bool done = false;
    };
    using Lock = std::unique_lock<std::mutex>;
    bool may_claim() const;
    void work(Lock& lock, Decoder& decoder);
    bool read(Block& block);
    static void decode(Block& block, Decoder& decoder);
    void help(Decoder& decoder);

    FileReader& reader_;
    const std::size_t most_blocks_;
    std::unique_ptr<Block> taken_; // the puller's own
    std::size_t at_ = 0;           // of its lines

    std::mutex mutex_; // guards the rest
    std::condition_variable changed_;
    std::deque<std::unique_ptr<Block>> blocks_; // in the file's order
    std::unique_ptr<Block> spare_;
    bool reading_ = false; // one reads at a time, without the lock
    bool ended_ = false, stopping_ = false;
    std::vector<std::thread> helpers_;
};

} // namespace tocsin::feed
