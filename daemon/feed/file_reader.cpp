#include "feed/file_reader.hpp"

#include "feed/csv.hpp"
#include "feed/ndjson.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::feed {

Result<std::unique_ptr<FileReader>> FileReader::open(const config::Feed& feed, std::string path,
                                                     const Check& check, Growth growth) {
    const bool grows = growth == Growth::growing;
    // A pipe must not hold up one who would refuse it.
    const int flags = O_RDONLY | O_CLOEXEC | (grows ? O_NONBLOCK : 0);
    const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), flags);
    if (fd < 0) return feed.place.error("cannot open " + path + ": " + std::strerror(errno));
    std::unique_ptr<FileReader> reader{new FileReader{feed, std::move(path), check, growth, fd}};
    struct stat status {};
    if (::fstat(fd, &status) == 0) {
        if (S_ISDIR(status.st_mode)) return reader->unreadable(std::strerror(EISDIR));
        if (grows && !S_ISREG(status.st_mode))
            return feed.place.error("cannot follow " + reader->path_ + ": it is no plain file");
    }
    if (auto error = reader->start()) return *error;
    return reader;
}

FileReader::FileReader(const config::Feed& feed, std::string path, const Check& check, Growth growth, int fd)
    : feed_{feed}, path_{std::move(path)}, check_{check}, growth_{growth}, fd_{fd},
      input_{input_of(fd, path_)}, lines_{*input_, growth} {}

FileReader::~FileReader() {
    if (fd_ != STDIN_FILENO) ::close(fd_);
}

std::optional<Error> FileReader::start() {
    if (feed_.csv) return read_header();
    decoder_ = ndjson_decoder(check_);
    straight_ = true;
    if (!config::is_compressed(path_)) return {};
    // Whether it is an archive shows at its first bytes.
    Line line;
    if (lines_.next(line))
        first_ = line, straight_ = false;
    else if (!input_->problem().empty())
        return unreadable(input_->problem());
    return {};
}

/// Nothing is known where it is still to come.
std::optional<Error> FileReader::read_header() {
    const config::CsvMapping& mapping = *feed_.csv;
    Line line;
    if (!lines_.next(line)) {
        if (!input_->problem().empty()) return unreadable(input_->problem());
        if (growth_ == Growth::growing) return {};
        return feed_.place.error(path_ + " is empty; a CSV file begins with a header row");
    }
    if (line.too_long) return mapping.place.error("the header of " + path_ + " is over 1 MiB long");
    auto decoder = csv_decoder(mapping, path_, line.text, check_);
    if (!decoder) return decoder.error();
    decoder_ = std::move(*decoder);
    straight_ = true;
    if (!mapping.date_format || !lines_.next(line)) return {};
    // A format that is not the file's would refuse every row: better said once.
    market::Event ignored;
    const auto fault = decode(*decoder_, line, ignored);
    if (fault && fault->reason == RejectReason::bad_time)
        return mapping.date_format_place.error(path_ + ":" + std::to_string(line.number) + ": " +
                                               fault->detail);
    first_ = line;
    straight_ = false;
    return {};
}

bool FileReader::next_at_start(Line& line) {
    if (error_) return false;
    if (!decoder_) error_ = read_header();
    if (error_ || !decoder_) return false;
    straight_ = true;
    if (!first_) return lines_.next(line);
    line = *first_;
    first_.reset();
    return true;
}

std::optional<Error> FileReader::error() const {
    if (error_ || input_->problem().empty()) return error_;
    return feed_.place.error("cannot read on in " + path_ + " behind line " +
                             std::to_string(lines_.number()) + ": " + input_->problem());
}

Error FileReader::unreadable(std::string_view problem) const {
    return feed_.place.error("cannot read " + path_ + ": " + std::string{problem});
}

} // namespace tocsin::feed
