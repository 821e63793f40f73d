// What the loader takes, and what it says of what it does not take. The libraries are built from plugins/.
#include "rules/plan.hpp"
#include "rules/plugin.hpp"
#include "tests/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

using namespace tocsin;
using namespace tocsin::rules;

namespace {

const std::string built = TOCSIN_BINARY_DIR "/tests/rules/plugins/";

std::vector<std::string> messages(const Diagnostics& diagnostics) {
    std::vector<std::string> all;
    for (const auto& error : diagnostics.errors()) all.push_back(error.text());
    return all;
}

} // namespace

TEST_CASE("what is no plugin for this version is refused, and it is said why") {
    struct Row {
        const char *file, *why;
    };
    const auto row = GENERATE(values<Row>({
        {"no_symbol.so", "exports no tocsin_plugin_1: it is no tocsin plugin (TOCSIN_PLUGIN in its source "
                         "exports it)"},
        {"newer_major.so", "was built for a newer major of the plugin interface (it exports tocsin_plugin_2, "
                           "this tocsin wants tocsin_plugin_1): install a newer tocsin, or an older plugin"},
        {"newer_minor.so", "wants interface 1.1, this tocsin has 1.0"},
        {"unfinished.so", "was built before the plugin interface was finished (it exports tocsin_plugin_0, "
                          "this tocsin wants tocsin_plugin_1): rebuild it"},
        {"unsized.so", "says that its tocsin_plugin has 0 bytes; in the first interface there were 56"},
        {"refuses.so", "cannot serve this tocsin (interface 1.0): it was built for a newer one"},
    }));
    CAPTURE(row.file);
    Plugins plugins;
    Diagnostics diagnostics;
    plugins.load_file(built + row.file, host_table(), diagnostics);
    CHECK(messages(diagnostics) == std::vector<std::string>{built + row.file + ": plugin " + row.why});
    CHECK(plugins.types().empty());
}

TEST_CASE("what is no library, or not there, is refused in the loader's words") {
    const tests::TempDir directory;
    const auto text = directory.write("text.so", "name: no library\n");
    for (const auto& file : {text, directory.at("missing.so")}) {
        CAPTURE(file);
        Plugins plugins;
        Diagnostics diagnostics;
        plugins.load_file(file, host_table(), diagnostics);
        REQUIRE(diagnostics.errors().size() == 1);
        CHECK_THAT(messages(diagnostics).front(), Catch::StartsWith(file + ": plugin cannot be loaded: "));
    }
}

TEST_CASE("a directory's libraries are loaded in the order of their names, and nothing else in it") {
    const tests::TempDir directory;
    namespace fs = std::filesystem;
    fs::copy(built + "twin.so", directory.at("b.so"));
    fs::copy(built + "twin.so", directory.at("a.so"));
    directory.write("README.md", "not a library\n");
    Plugins plugins;
    Diagnostics diagnostics;
    plugins.load_directory(directory.path().string(), host_table(), diagnostics);
    CHECK(messages(diagnostics) ==
          std::vector<std::string>{directory.at("b.so") + ": plugin brings the rule type \"twin\", which " +
                                   directory.at("a.so") + " has brought already"});
    REQUIRE(plugins.find("twin") != nullptr);
    CHECK(plugins.find("twin")->plugin == "twin");
    CHECK(plugins.find("twin")->version == "1.2");
    CHECK(plugins.find("twin")->file == directory.at("a.so"));
    CHECK(plugins.names() == std::vector<std::string_view>{"twin"});
    CHECK(plugins.find("twins") == nullptr);
}

TEST_CASE("a directory that is not there is an error") {
    const tests::TempDir directory;
    Plugins plugins;
    Diagnostics diagnostics;
    plugins.load_directory(directory.at("none"), host_table(), diagnostics);
    CHECK(messages(diagnostics) ==
          std::vector<std::string>{directory.at("none") +
                                   ": cannot look for plugins here: No such file or directory"});
}

TEST_CASE("a rule type that is half there is refused") {
    Plugins plugins;
    Diagnostics diagnostics;
    plugins.load_file(built + "twin.so", host_table(), diagnostics);
    REQUIRE(diagnostics.ok());
    const tocsin_rule whole = *plugins.find("twin")->rule;
    const auto refused = [&](const tocsin_rule* rule) {
        const tocsin_rule* const rules[] = {rule};
        const tocsin_plugin plugin{
            sizeof plugin, TOCSIN_ABI_MAJOR, TOCSIN_ABI_MINOR, 1, {"half", 4}, {"1", 1}, rules};
        Plugins fresh;
        Diagnostics said;
        fresh.add(&plugin, "half.so", said);
        CHECK(fresh.types().size() + said.errors().size() == 1);
        return said.ok() ? "" : said.errors().front().text();
    };
    const std::string incomplete =
        "half.so: plugin declares the rule type \"twin\" without a name or one of its functions";
    CHECK(refused(&whole) == "");
    const std::string less = "half.so: plugin declares a rule type in less than the first interface has "
                             "(tocsin_rule.size, the strides): is its `size` set?";
    CHECK(refused(nullptr) == less);
    tocsin_rule half = whole;
    half.size -= 8;
    CHECK(refused(&half) == less);
    half = whole, half.n_params = 1, half.param_stride -= 8;
    CHECK(refused(&half) == less);
    half = whole, half.n_values = 1, half.value_stride -= 8;
    CHECK(refused(&half) == less);
    half = whole, half.plan = nullptr;
    CHECK(refused(&half) == incomplete);
    half = whole, half.start = nullptr;
    CHECK(refused(&half) == incomplete);
    half = whole, half.evaluate = nullptr;
    CHECK(refused(&half) == incomplete);
    half = whole, half.report = nullptr;
    CHECK(refused(&half) == incomplete);
    half = whole, half.name.n = 0;
    CHECK(refused(&half) ==
          "half.so: plugin declares the rule type \"\" without a name or one of its functions");
}
