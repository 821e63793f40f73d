#include "feed/dead_letter.hpp"

#include "alert/json.hpp"
#include "base/limits.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace tocsin::feed {
namespace {

/// Bytes of the character that `text` begins with; 0 if it is no UTF-8 (RFC 3629: no surrogates, nothing over
/// U+10FFFF, no longer form than needed).
std::size_t character_size(std::string_view text) {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80   ? 1
                             : first < 0xc2 ? 0
                             : first < 0xe0 ? 2
                             : first < 0xf0 ? 3
                             : first < 0xf5 ? 4
                                            : 0;
    for (std::size_t i = 1; i < size; ++i)
        if ((byte(i) & 0xc0) != 0x80) return 0;
    const bool bad = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                     (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
    return bad ? 0 : size;
}

std::string as_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (size > 0)
            out += text.substr(0, size);
        else
            out += "\xEF\xBF\xBD";
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return out;
}

} // namespace

std::string dead_letter(const Reject& reject, std::string_view feed) {
    std::string out = "{\"feed\":";
    alert::append_json_string(out, as_utf8(feed));
    out += ",\"file\":";
    alert::append_json_string(out, as_utf8(reject.file));
    out += ",\"line\":" + std::to_string(reject.line) + ",\"reason\":";
    alert::append_json_string(out, name(reject.reason));
    out += ",\"text\":";
    alert::append_json_string(out, as_utf8(reject.text));
    out += ",\"detail\":";
    alert::append_json_string(out, as_utf8(reject.detail));
    return out += "}\n";
}

std::string DeadLetters::file_name(const std::string& feed, market::FeedId id) {
    constexpr std::size_t longest = 200; // of the 255 that file systems take, with room for what is added
    std::string out;
    for (const char c : feed) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || (c == '.' && !out.empty());
        char code[4];
        std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
        out += plain ? std::string{c} : std::string{code};
    }
    if (out.size() > longest)
        out = out.substr(0, longest) + "%" + std::to_string(id); // cut names may be alike
    return out + ".ndjson";
}

Result<std::unique_ptr<DeadLetters>> DeadLetters::open(const std::string& directory,
                                                       std::vector<std::string> feeds, Earlier earlier) {
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    if (failed) return Error{"cannot make the directory " + directory + ": " + failed.message()};
    std::unique_ptr<DeadLetters> letters{new DeadLetters};
    for (std::string& feed : feeds) {
        const auto id = static_cast<market::FeedId>(letters->files_.size());
        std::string path = (std::filesystem::path{directory} / file_name(feed, id)).string();
        if (earlier == Earlier::remove) {
            std::filesystem::remove(path, failed);
            std::filesystem::remove(path + ".1", failed);
        }
        letters->files_.push_back({std::move(feed), std::move(path)});
    }
    return letters;
}

DeadLetters::~DeadLetters() {
    for (const File& file : files_)
        if (file.fd >= 0) ::close(file.fd);
}

std::optional<Error> DeadLetters::write(const Reject& reject) {
    const std::lock_guard lock{mutex_};
    File& file = files_.at(reject.feed);
    auto error = append(file, dead_letter(reject, file.feed), limits::dead_letter_bytes);
    const bool known = std::exchange(file.failing, error.has_value());
    if (known) return {};
    return error;
}

std::optional<Error> DeadLetters::append(File& file, std::string_view text, std::size_t most) {
    const auto failed = [&] {
        return Error{"cannot keep bad lines in " + file.path + ": " + std::strerror(errno)};
    };
    if (file.fd >= 0 && file.size + text.size() > most) {
        ::close(std::exchange(file.fd, -1));
        if (::rename(file.path.c_str(), (file.path + ".1").c_str()) != 0) return failed();
    }
    if (file.fd < 0) {
        file.fd = ::open(file.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        struct stat status {};
        if (file.fd < 0 || ::fstat(file.fd, &status) != 0) return failed();
        file.size = static_cast<std::size_t>(status.st_size);
    }
    const ssize_t written = ::write(file.fd, text.data(), text.size());
    if (written == static_cast<ssize_t>(text.size())) {
        file.size += text.size();
        return {};
    }
    if (written >= 0) errno = ENOSPC; // what a short write to a file means
    auto error = failed();
    // No half line may stand before the next one.
    if (written > 0 && ::ftruncate(file.fd, static_cast<off_t>(file.size)) != 0)
        file.size += static_cast<std::size_t>(written);
    return error;
}

} // namespace tocsin::feed
