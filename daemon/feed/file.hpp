// FileFeed: a file's events, pulled in order: time, then kind, then line. Lines of one instant are put in the
// order of their kinds; with a `lateness`, so are lines that come that much too early, held back in memory
// (at most limits::reorder_lines: then the first goes out early). A line earlier than the newest accepted one
// less `lateness` is a reject. O(1) memory beyond that. One thread.
#pragma once
#include "base/error.hpp"
#include "feed/check.hpp"
#include "feed/decoder.hpp"
#include "feed/line.hpp"
#include "feed/reorder.hpp"
#include "feed/source.hpp"

#include <memory>

namespace tocsin::feed {

class FileFeed final : public Source {
public:
    /// Errors, at the feed's place in the configuration: a file that cannot be opened, a CSV header that does
    /// not fit the mapping, a lateness that is not in clock time. Borrows `symbols` and keeps a copy of
    /// `feed`. Waits for the header where the file is a pipe. Requires: feed.file.
    static Result<std::unique_ptr<FileFeed>> open(const config::Feed& feed, market::FeedId id,
                                                  const market::SymbolTable& symbols, RejectSink sink);
    ~FileFeed() override;
    FileFeed(const FileFeed&) = delete;
    FileFeed& operator=(const FileFeed&) = delete;

    bool next(market::Event& out) override;
    std::uint64_t line() const override { return line_; }
    /// Set where next() said false because reading failed.
    const std::optional<Error>& error() const { return error_; }
    const Counters& counters() const { return counters_; }
    const config::Feed& configured() const { return feed_; }
    market::FeedId id() const { return id_; }

private:
    FileFeed(const config::Feed& feed, market::FeedId id, const market::SymbolTable& symbols, RejectSink sink,
             int fd);
    std::optional<Error> start();
    bool first_is_due() const;
    void read_line();
    void reject(const Line& line, Fault fault);
    std::string failed(std::string_view what, int code) const;

    const config::Feed feed_;
    const market::FeedId id_;
    const RejectSink sink_;
    const Check check_;
    const int fd_;
    LineReader reader_;
    std::unique_ptr<Decoder> decoder_;
    Reorder held_;
    Time newest_ = Time::min();
    Time earliest_ = Time::min(); // that a line may have
    std::uint64_t line_ = 0;
    bool ended_ = false;
    std::optional<Error> error_;
    Counters counters_;
};

} // namespace tocsin::feed
