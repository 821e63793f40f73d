// FileFeed: the events of a file, or of the files that a pattern matches one behind the other, pulled in
// order: time, then kind, then line. Lines of one instant are put in the order of their kinds; with a
// `lateness`, so are lines that come that much too early, held back in memory (at most limits::reorder_lines:
// then the first goes out early). A line earlier than the newest accepted one less `lateness` is a reject.
// One file is open at a time; O(1) memory beyond that. One thread.
#pragma once
#include "base/error.hpp"
#include "feed/crew.hpp"
#include "feed/file_reader.hpp"
#include "feed/reorder.hpp"
#include "feed/source.hpp"

#include <memory>
#include <vector>

namespace tocsin::feed {

class FileFeed final : public Source {
public:
    /// Errors: those of FileReader::open, for every file of a pattern; a pattern that matches none; a
    /// lateness that is not in clock time. A file that grows need not be there yet: it has no events then.
    /// Borrows `symbols` and keeps a copy of `feed`. `helpers`: so many threads decode beside the one that
    /// pulls, where the files are plain ones that grow no more. Requires: feed.file.
    static Result<std::unique_ptr<FileFeed>> open(const config::Feed& feed, market::FeedId id,
                                                  const market::SymbolTable& symbols, RejectSink sink,
                                                  Growth growth = Growth::finished, unsigned helpers = 0);
    FileFeed(const FileFeed&) = delete;
    FileFeed& operator=(const FileFeed&) = delete;

    bool next(market::Event& out) override;
    /// Counted on from one file of a pattern to the next.
    std::uint64_t line() const override { return line_; }
    /// Set where next() said false because reading failed.
    const std::optional<Error>& error() const { return error_; }
    const Counters& counters() const { return counters_; }
    const config::Feed& configured() const { return feed_; }
    market::FeedId id() const { return id_; }

    /// A file that grows, to be read on behind its present end; null if it is not there yet. It borrows from
    /// this feed. Requires: next() said false.
    std::unique_ptr<FileReader> take_reader() { return std::move(reader_); }
    const Check& check() const { return check_; }

private:
    FileFeed(const config::Feed& feed, market::FeedId id, const market::SymbolTable& symbols,
             RejectSink sink);
    std::optional<Error> start(Growth growth);
    bool first_is_due() const;
    void gather_helpers();
    bool next_line(market::Event& event, Line& line, Checked& fault);
    bool next_file();
    void read_line();
    void reject(const Line& line, Fault fault);

    const config::Feed feed_;
    const market::FeedId id_;
    const RejectSink sink_;
    const Check check_;
    std::vector<std::string> files_;
    std::size_t file_ = 0; // of files_, the one that is read
    std::unique_ptr<FileReader> reader_;
    std::unique_ptr<Crew> crew_; // where there are helpers; borrows the reader
    unsigned helpers_ = 0;
    std::uint64_t lines_before_ = 0; // in the files before
    std::uint64_t lines_read_ = 0;   // in all
    Reorder held_;
    Time newest_ = Time::min();
    Time earliest_ = Time::min(); // that a line may have
    std::uint64_t line_ = 0;
    bool ended_ = false;
    std::optional<Error> error_;
    Counters counters_;
};

} // namespace tocsin::feed
