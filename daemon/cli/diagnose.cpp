#include "cli/diagnose.hpp"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <vector>

namespace tocsin::cli {
namespace {

std::vector<Error> by_place(std::vector<Error> errors) {
    std::stable_sort(errors.begin(), errors.end(), [](const Error& a, const Error& b) {
        return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    });
    return errors;
}

} // namespace

void complain(const Error& error) {
    std::fprintf(stderr, "%s\n", error.text().c_str());
}

bool diagnose(const Diagnostics& diagnostics) {
    for (const auto& error : by_place(diagnostics.errors())) complain(error);
    for (auto warning : by_place(diagnostics.warnings())) {
        warning.message = "warning: " + warning.message;
        complain(warning);
    }
    const auto count = diagnostics.errors().size();
    if (count != 0) std::fprintf(stderr, "%zu mistake%s\n", count, count == 1 ? "" : "s");
    return diagnostics.ok();
}

} // namespace tocsin::cli
