// Any bytes as an archive, of either kind: they are read to an end or to a problem, in bounded steps.
#include "feed/input.hpp"
#include "feed/line.hpp"

#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <unistd.h>

using namespace tocsin;

namespace {

void require(bool so) {
    if (!so) std::abort();
}

void read(const std::uint8_t* data, std::size_t size, std::string_view name) {
    const int fd = ::memfd_create("archive", MFD_CLOEXEC);
    require(fd >= 0 && ::write(fd, data, size) == static_cast<ssize_t>(size) &&
            ::lseek(fd, 0, SEEK_SET) == 0);
    {
        const auto input = feed::input_of(fd, name);
        feed::LineReader lines{*input, feed::Growth::finished};
        feed::Line line;
        std::uint64_t newest = 0;
        // A bomb of a few bytes unpacks to no end of lines.
        for (int count = 0; count < 10'000 && lines.next(line); ++count) {
            require(line.number > newest);
            newest = line.number;
        }
        if (size == 0) require(!input->problem().empty());
    }
    ::close(fd);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const char* name : {"a.gz", "a.zst"}) read(data, size, name);
    return 0;
}
