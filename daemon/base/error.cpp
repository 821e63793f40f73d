#include "base/error.hpp"

#include <stdexcept>

namespace tocsin {

std::string Error::text() const {
    std::string text = file;
    if (line > 0) text += ':' + std::to_string(line);
    if (line > 0 && column > 0) text += ':' + std::to_string(column);
    return text.empty() ? message : text + ": " + message;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
    throw std::logic_error{"unchecked: " + error.text()};
}

} // namespace tocsin
