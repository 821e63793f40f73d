// DeadLetters: rejects kept on disk, one JSON object a line in DIRECTORY/FEED.ndjson:
//   {"feed":"desk","file":"127.0.0.1:40112","line":17,"reason":"bad_price","text":"…","detail":"price …"}
// `text` is the line as it came, cut at kept_text bytes; what is not UTF-8 in it is replaced by U+FFFD.
// Bounded: a file that would grow over limits::dead_letter_bytes is moved to FEED.ndjson.1, in place of the
// one before. Any thread.
#pragma once
#include "base/error.hpp"
#include "feed/reject.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace tocsin::feed {

class DeadLetters {
public:
    /// What to do with files of an earlier run: `serve` goes on behind them, `replay` shows its own run
    /// alone.
    enum class Earlier { keep, remove };
    /// Makes the directory where it is missing. `feeds` are the names by FeedId. Errors: no such directory
    /// can be made.
    static Result<std::unique_ptr<DeadLetters>> open(const std::string& directory,
                                                     std::vector<std::string> feeds, Earlier earlier);
    ~DeadLetters();
    DeadLetters(const DeadLetters&) = delete;
    DeadLetters& operator=(const DeadLetters&) = delete;

    /// An error if the disk refuses, once a feed: the rejects that follow are lost in silence until it takes
    /// them again.
    [[nodiscard]] std::optional<Error> write(const Reject& reject);

    /// The file of a feed: bytes other than letters, digits, `-`, `_` and inner `.` as %XX, and not too long.
    static std::string file_name(const std::string& feed, market::FeedId id);

private:
    struct File {
        std::string feed, path;
        int fd = -1;
        std::size_t size = 0;
        bool failing = false;
    };
    DeadLetters() = default;
    static std::optional<Error> append(File& file, std::string_view text, std::size_t most);

    std::mutex mutex_;
    std::vector<File> files_; // by FeedId, opened at the first reject
};

/// The line that is written, with its newline.
std::string dead_letter(const Reject& reject, std::string_view feed);

} // namespace tocsin::feed
