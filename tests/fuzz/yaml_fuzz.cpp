// Any bytes as YAML: read alone, and then as a configuration that names itself as its calendar and its rule
// file.
#include "config/load.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tocsin;
    static const tests::TempDir dir;
    const std::string text(data, data + size);

    Diagnostics alone;
    config::parse_document(text, "fuzz.yaml", alone);
    // Whatever is wrong has a place: `check` has nothing else to offer.
    for (const Error& error : alone.errors())
        if (error.line < 1 || error.column < 1 || error.message.empty()) std::abort();

    const std::string file = dir.write("fuzz.yaml", text);
    Diagnostics whole, calendar, rules;
    config::load_config(file, whole);
    config::load_calendar(file, {}, calendar);
    static const std::string around = dir.write("around.yaml", "rules: [fuzz.yaml]\n");
    config::load_config(around, rules);
    return 0;
}
