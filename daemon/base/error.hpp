// Errors that can be expected, as values. Error: one line for people (where, what, how to mend it).
// Result<T>: a value or an Error. Diagnostics: what a loader collects so that `check` prints every mistake,
// not only the first. Thread-free.
#pragma once
#include <boost/system/result.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tocsin {

/// `file` may be empty; line and column count from 1, 0 means that there is none. Columns count bytes.
struct Error {
    Error() {} // no aggregate: boost::system::result wants to tell it from T
    explicit Error(std::string what) : message{std::move(what)} {}
    Error(std::string where, int at_line, int at_column, std::string what)
        : file{std::move(where)}, line{at_line}, column{at_column}, message{std::move(what)} {}
    /// `file:line:column: message`, with what is known of the place.
    std::string text() const;
    std::string file;
    int line = 0, column = 0;
    std::string message;
};

/// Thrown only where a Result is read without a look at it: a bug, not an error of the user's.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

template <class T> using Result = boost::system::result<T, Error>;

class Diagnostics {
public:
    void add(Error error) { errors_.push_back(std::move(error)); }
    /// Worth saying, but no mistake: printed, changes no exit status.
    void warn(Error error) { warnings_.push_back(std::move(error)); }
    bool ok() const { return errors_.empty(); }
    const std::vector<Error>& errors() const { return errors_; }
    const std::vector<Error>& warnings() const { return warnings_; }

private:
    std::vector<Error> errors_, warnings_;
};

} // namespace tocsin
