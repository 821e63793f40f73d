#include "feed/file.hpp"

#include "base/limits.hpp"
#include "config/glob.hpp"

#include <filesystem>

namespace tocsin::feed {

Result<std::unique_ptr<FileFeed>> FileFeed::open(const config::Feed& feed, market::FeedId id,
                                                 const market::SymbolTable& symbols, RejectSink sink,
                                                 Growth growth, unsigned helpers) {
    if (feed.lateness.unit != DurationUnit::clock)
        return feed.place.error("lateness of feed " + in_quotes(feed.name) + " must be clock time, like 5s");
    std::unique_ptr<FileFeed> file{new FileFeed{feed, id, symbols, std::move(sink)}};
    if (auto error = file->start(growth)) return *error;
    if (growth == Growth::finished) file->helpers_ = helpers;
    file->gather_helpers();
    return file;
}

FileFeed::FileFeed(const config::Feed& feed, market::FeedId id, const market::SymbolTable& symbols,
                   RejectSink sink)
    : feed_{feed}, id_{id}, sink_{std::move(sink)}, check_{feed_, symbols} {}

std::optional<Error> FileFeed::start(Growth growth) {
    files_ = feed_.glob.empty() ? std::vector{feed_.file} : config::files_matching(feed_.glob);
    if (files_.empty()) return feed_.place.error("cannot open " + feed_.file + ": no file matches");
    std::error_code unknown;
    if (growth == Growth::growing && !std::filesystem::exists(feed_.file, unknown) && !unknown) {
        ended_ = true;
        return {};
    }
    // All of them, so that a mistake in the last shows before the first is played.
    for (auto path = files_.rbegin(); path != files_.rend(); ++path) {
        // A pipe can be opened but once.
        if (!feed_.glob.empty() && !std::filesystem::is_regular_file(*path, unknown))
            return feed_.place.error("cannot read " + *path + ": it is no plain file");
        auto opened = FileReader::open(feed_, *path, check_, growth);
        if (!opened) return opened.error();
        reader_ = std::move(*opened);
    }
    return {};
}

bool FileFeed::next(market::Event& out) {
    while (!ended_ && !first_is_due()) read_line();
    if (held_.empty()) return false;
    held_.take_first(out, line_);
    if (out.at > earliest_) earliest_ = out.at; // nothing may come before what went out early
    return true;
}

// Once it is strictly earlier than all that may still come: at the same instant another kind might go first.
bool FileFeed::first_is_due() const {
    return !held_.empty() && (held_.first().event.at < earliest_ || held_.size() >= limits::reorder_lines);
}

void FileFeed::gather_helpers() {
    std::error_code unknown;
    const bool plain = reader_ && std::filesystem::is_regular_file(reader_->path(), unknown);
    if (helpers_ > 0 && plain) crew_ = std::make_unique<Crew>(*reader_, helpers_);
}

/// Goes on with the next file, if there is one.
bool FileFeed::next_file() {
    error_ = reader_->error();
    if (error_ || file_ + 1 == files_.size()) return false;
    lines_before_ = lines_read_;
    auto opened = FileReader::open(feed_, files_[++file_], check_);
    if (!opened) {
        error_ = opened.error(); // it was there when the feed was opened
        return false;
    }
    crew_.reset();
    reader_ = std::move(*opened);
    gather_helpers();
    return true;
}

/// A line of this file, decoded.
bool FileFeed::next_line(market::Event& event, Line& line, Checked& fault) {
    if (crew_) {
        Crew::Decoded* const decoded = crew_->next();
        if (decoded == nullptr) return false;
        line = decoded->line;
        fault = std::move(decoded->fault);
        std::swap(event, decoded->event);
        return true;
    }
    if (!reader_->next(line)) return false;
    fault = decode(reader_->decoder(), line, event);
    return true;
}

void FileFeed::read_line() {
    Line line;
    Checked fault;
    Reorder::Held& held = held_.slot();
    while (!next_line(held.event, line, fault))
        if (!next_file()) {
            ended_ = true;
            return;
        }
    lines_read_ = lines_before_ + line.number;
    if (fault) return reject(line, std::move(*fault));
    const Time at = held.event.at;
    if (at < earliest_)
        return reject(line,
                      {RejectReason::out_of_order,
                       at.to_string() + " is earlier than the newest line before it, " + newest_.to_string() +
                           "; if the file begins with its newest row, turn it round (tac)"});
    if (at > newest_) {
        newest_ = at;
        earliest_ = std::max(earliest_, at.plus(-feed_.lateness.count));
    }
    held.event.feed = id_;
    held.line = lines_read_;
    held_.keep();
    ++counters_.events;
}

void FileFeed::reject(const Line& line, Fault fault) {
    ++counters_.rejected[static_cast<std::size_t>(fault.reason)];
    if (!sink_) return;
    sink_({id_, reader_->path(), line.number, fault.reason, std::move(fault.detail),
           std::string{line.text.substr(0, kept_text)}});
}

} // namespace tocsin::feed
