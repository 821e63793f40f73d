// FileReader: one file of a feed, opened, decompressed, its header understood, and read line by line. A file
// that grows may be empty when it is opened: its header is then read when it comes. One thread.
#pragma once
#include "feed/check.hpp"
#include "feed/decoder.hpp"
#include "feed/line.hpp"

#include <memory>
#include <optional>
#include <string>

namespace tocsin::feed {

class FileReader {
public:
    /// Errors, at the feed's place in the configuration or its mapping's: a file that cannot be opened or is
    /// no archive, a CSV header that does not fit the mapping, a date in the first row that does not fit a
    /// declared date_format, growth of what is no plain file. Waits for the header where the file is a pipe.
    /// Borrows `feed` and `check`. `path` is `-` for standard input.
    static Result<std::unique_ptr<FileReader>> open(const config::Feed& feed, std::string path,
                                                    const Check& check, Growth growth = Growth::finished);
    ~FileReader();
    FileReader(const FileReader&) = delete;
    FileReader& operator=(const FileReader&) = delete;

    /// A line behind the header. False at the end (of what grows, for now), or where reading failed: see
    /// error().
    bool next(Line& line) { return straight_ ? lines_.next(line) : next_at_start(line); }
    /// Requires: next() gave a line.
    Decoder& decoder() { return *decoder_; }
    std::optional<Error> error() const;
    /// What grew will grow no more: what is left without an LF is a line.
    void finish() { lines_.finish(); }

    const std::string& path() const { return path_; }
    int descriptor() const { return fd_; }

private:
    FileReader(const config::Feed& feed, std::string path, const Check& check, Growth growth, int fd);
    std::optional<Error> start();
    std::optional<Error> read_header();
    bool next_at_start(Line& line);
    Error unreadable(std::string_view problem) const;

    const config::Feed& feed_;
    const std::string path_;
    const Check& check_;
    const Growth growth_;
    const int fd_;
    const std::unique_ptr<Input> input_;
    LineReader lines_;
    std::unique_ptr<Decoder> decoder_; // none before the header
    std::optional<Line> first_;        // read ahead
    bool straight_ = false;            // neither a header nor a line read ahead stands before the rest
    std::optional<Error> error_;
};

} // namespace tocsin::feed
