// Prints what a loader found, one mistake a line, on standard error.
#pragma once
#include "base/error.hpp"

namespace tocsin::cli {

/// Every error, every warning, then a count where there were errors. True if there was none.
bool diagnose(const Diagnostics& diagnostics);
void complain(const Error& error);

} // namespace tocsin::cli
