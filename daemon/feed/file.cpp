#include "feed/file.hpp"

#include "base/limits.hpp"
#include "feed/csv.hpp"
#include "feed/ndjson.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::feed {

Result<std::unique_ptr<FileFeed>> FileFeed::open(const config::Feed& feed, market::FeedId id,
                                                 const market::SymbolTable& symbols, RejectSink sink) {
    if (feed.lateness.unit != DurationUnit::clock)
        return feed.place.error("lateness of feed " + in_quotes(feed.name) + " must be clock time, like 5s");
    const int fd = feed.file == "-" ? STDIN_FILENO : ::open(feed.file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return feed.place.error("cannot open " + feed.file + ": " + std::strerror(errno));
    std::unique_ptr<FileFeed> file{new FileFeed{feed, id, symbols, std::move(sink), fd}};
    if (auto error = file->start()) return *error;
    return file;
}

FileFeed::FileFeed(const config::Feed& feed, market::FeedId id, const market::SymbolTable& symbols,
                   RejectSink sink, int fd)
    : feed_{feed}, id_{id}, sink_{std::move(sink)}, check_{feed_, symbols}, fd_{fd}, reader_{fd} {}

FileFeed::~FileFeed() {
    if (fd_ != STDIN_FILENO) ::close(fd_);
}

std::optional<Error> FileFeed::start() {
    if (!feed_.csv) {
        // A directory opens, and fails only when read.
        struct stat status {};
        if (::fstat(fd_, &status) == 0 && S_ISDIR(status.st_mode))
            return feed_.place.error(failed("cannot read", EISDIR));
        decoder_ = ndjson_decoder(check_);
        return {};
    }
    Line header;
    if (!reader_.next(header)) {
        if (reader_.error() != 0) return feed_.place.error(failed("cannot read", reader_.error()));
        return feed_.place.error(feed_.file + " is empty; a CSV file begins with a header row");
    }
    if (header.too_long) return feed_.csv->place.error("the header of " + feed_.file + " is over 1 MiB long");
    auto decoder = csv_decoder(feed_, header.text, check_);
    if (!decoder) return decoder.error();
    decoder_ = std::move(*decoder);
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

void FileFeed::read_line() {
    Line line;
    if (!reader_.next(line)) {
        ended_ = true;
        if (reader_.error() != 0) error_ = feed_.place.error(failed("cannot read on in", reader_.error()));
        return;
    }
    if (line.too_long) return reject(line, {RejectReason::too_long, "a line over 1 MiB"});
    Reorder::Held& held = held_.slot();
    if (auto fault = decoder_->decode(line.text, held.event)) return reject(line, std::move(*fault));
    const Time at = held.event.at;
    if (at < earliest_)
        return reject(
            line, {RejectReason::out_of_order,
                   at.to_string() + " is earlier than the newest line before it, " + newest_.to_string()});
    if (at > newest_) {
        newest_ = at;
        earliest_ = std::max(earliest_, at.plus(-feed_.lateness.count));
    }
    held.event.feed = id_;
    held.line = line.number;
    held_.keep();
    ++counters_.events;
}

void FileFeed::reject(const Line& line, Fault fault) {
    ++counters_.rejected[static_cast<std::size_t>(fault.reason)];
    if (!sink_) return;
    sink_({id_, feed_.file, line.number, fault.reason, std::move(fault.detail),
           std::string{line.text.substr(0, kept_text)}});
}

std::string FileFeed::failed(std::string_view what, int code) const {
    return std::string{what} + " " + feed_.file + ": " + std::strerror(code);
}

} // namespace tocsin::feed
