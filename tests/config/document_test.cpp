#include "base/limits.hpp"
#include "config/document.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace tocsin;
using namespace tocsin::config;

namespace {

std::string repeated(std::string_view text, std::size_t bytes) {
    std::string result;
    while (result.size() + text.size() <= bytes) result += text;
    return result;
}

std::string at(const Place& place) {
    return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::vector<std::string> mistakes(std::string_view text) {
    Diagnostics diagnostics;
    parse_document(text, "f", diagnostics);
    std::vector<std::string> texts;
    for (const Error& error : diagnostics.errors()) texts.push_back(error.text());
    return texts;
}

} // namespace

TEST_CASE("a document keeps the places of its keys and values") {
    Diagnostics diagnostics;
    const Node root = parse_document("# tocsin\n"
                                     "a: one\n"
                                     "map:\n"
                                     "  k: 'two'\n"
                                     "list:\n"
                                     "  - x: 1\n"
                                     "    y: [p, {q: r}]\n"
                                     "  - \"é\": ü\n"
                                     "empty:\n"
                                     "null: |\n"
                                     "  text\n",
                                     "f", diagnostics);
    // `null` as a key is no text.
    REQUIRE(diagnostics.errors().size() == 1);
    CHECK(diagnostics.errors()[0].text() == "f:10:1: a key must be text, found nothing");
    REQUIRE(root.is_map());
    CHECK(at(root.place) == "2:1");
    REQUIRE(root.entries.size() == 4);
    CHECK(root.entries[0].key == "a");
    CHECK(at(root.entries[0].place) == "2:1");
    CHECK(at(root.entries[0].value.place) == "2:4");
    CHECK_FALSE(root.entries[0].value.quoted);
    const Node& two = *root.find("map")->find("k");
    CHECK(two.text == "two");
    CHECK(two.quoted);
    CHECK(at(two.place) == "4:6");
    const Node& list = *root.find("list");
    REQUIRE(list.items.size() == 2);
    CHECK(at(list.items[0].place) == "6:5");
    const Node& y = *list.items[0].find("y");
    CHECK(at(y.place) == "7:8");
    CHECK(at(y.items[0].place) == "7:9");
    CHECK(at(y.items[1].place) == "7:12");
    CHECK(at(y.items[1].entries[0].place) == "7:13");
    CHECK(at(y.items[1].entries[0].value.place) == "7:16");
    CHECK(at(list.items[1].entries[0].place) == "8:5");
    CHECK(at(list.items[1].entries[0].value.place) == "8:11"); // bytes: é is two
    const Node& empty = *root.find("empty");
    CHECK(empty.is_null());
    CHECK(at(empty.place) == "9:1"); // its key's
    CHECK(root.find("nothing") == nullptr);
}

TEST_CASE("a document reports what it does not take, with its place") {
    struct Row {
        const char *name, *text;
        std::vector<std::string> errors;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing at all", "", {}},
        {"a comment", "# x\n", {}},
        {"one document with marks", "---\na: 1\n...\n", {}},
        {"a duplicate key", "a: 1\nb: 2\na: 3\n", {R"(f:3:1: duplicate key "a", first at f:1:1)"}},
        {"a duplicate key in quotes", "{a: 1, 'a': 2}", {R"(f:1:8: duplicate key "a", first at f:1:2)"}},
        {"the same key in two maps", "- {a: 1}\n- {a: 1}\n", {}},
        {"an anchor", "a: &x 1\n", {R"(f:1:4: anchors are not allowed; leave out "&x")"}},
        {"an alias",
         "a: &x 1\nb: *x\n",
         {R"(f:1:4: anchors are not allowed; leave out "&x")",
          "f:2:4: aliases are not allowed; write the value out"}},
        {"an alias of nothing",
         "b: *x\n",
         {"f:1:4: is not YAML: the referenced anchor is not defined (and aliases are not allowed)"}},
        {"a merge key",
         "a: &x {b: 1}\nc:\n  <<: *x\n",
         {R"(f:1:4: anchors are not allowed; leave out "&x")",
          "f:3:7: aliases are not allowed; write the value out"}},
        {"a tag",
         "a: !!binary x\n",
         {R"(f:1:4: tags are not allowed; leave out "tag:yaml.org,2002:binary")"}},
        {"a tag of one's own", "a: !x [1]\n", {R"(f:1:4: tags are not allowed; leave out "!x")"}},
        {"two documents",
         "a: 1\n---\nb: 1\n",
         {"f:2:1: the file must end here: it may hold one YAML document only"}},
        {"a stray bracket", "]\n", {"f:1:1: is not YAML: illegal flow end"}},
        {"a stray comma", ",\n", {"f:1:1: the file must end here: it may hold one YAML document only"}},
        {"a list as a key", "? [a]\n: 1\n", {"f:1:3: a key must be text, found a list"}},
        {"a map as a key", "{{a: 1}: 1}\n", {"f:1:2: a key must be text, found a map"}},
        {"bad indentation",
         "a:\n  b: 1\n c: 2\n",
         {"f:3:2: is not YAML: end of map not found (is this line indented like its neighbours? A text with "
          "`: ` in it, or that begins with { or [, wants quotes)"}},
        {"an open bracket", "a: [1, 2\n", {"f:2:1: is not YAML: end of sequence flow not found"}},
        {"an open quote at the end", "a: \"b", {"f:1:6: is not YAML: illegal EOF in scalar"}},
        {"an open quote",
         "c: \"d\"\na: \"b\\\"\ne: f\n",
         {"f:2:4: the quote is opened here and never closed"}},
        {"an open single quote", "a: 'b''\n", {"f:1:4: the quote is opened here and never closed"}},
        {"closed quotes at the end", "a: ['it''s', \"\\\"\"]\n", {}},
        {"a byte order mark",
         "\xef\xbb\xbf{a: 1, a: 'b'}\n",
         {R"(f:1:8: duplicate key "a", first at f:1:2)"}},
        {"a block that begins with a quote", "a: |\n  'b\n", {}},
        {"a tab for indentation",
         "a:\n\tb: 1\n",
         {"f:2:3: is not YAML: illegal map value (a tab: indent with spaces)"}},
        {"no UTF-8", "a: b\nc: x\xff\n", {"f:2:5: is not UTF-8"}},
        {"an overlong form", "a: \xc0\xaf", {"f:1:4: is not UTF-8"}},
        {"a surrogate", "a: \xed\xa0\x80", {"f:1:4: is not UTF-8"}},
        {"a character cut short", "a: \xe2\x82", {"f:1:4: is not UTF-8"}},
        {"a control character", "a: b\x04\n", {R"(f:1:5: has a control character, "\x04")"}},
        {"all at once",
         "a: &x 1\na: 2\nb: !y z\n",
         {R"(f:1:4: anchors are not allowed; leave out "&x")", R"(f:2:1: duplicate key "a", first at f:1:1)",
          R"(f:3:4: tags are not allowed; leave out "!y")"}},
    }));
    CAPTURE(row.name);
    CHECK(mistakes(row.text) == row.errors);
}

TEST_CASE("of duplicate keys the first is kept") {
    Diagnostics diagnostics;
    const Node root = parse_document("{a: 1, a: {b: 2}, c: 3}", "f", diagnostics);
    REQUIRE(root.entries.size() == 2);
    CHECK(root.find("a")->text == "1");
    CHECK(root.find("c")->text == "3");
}

TEST_CASE("a document may nest as deep as the limit and no deeper") {
    const std::size_t deepest = limits::yaml_levels;
    CHECK(mistakes(std::string(deepest, '[') + std::string(deepest, ']')).empty());
    CHECK(mistakes(std::string(deepest + 1, '[') + std::string(deepest + 1, ']')) ==
          std::vector<std::string>{"f:1:65: is nested deeper than 64 levels"});
}

TEST_CASE("a document may be as large as the limit and no larger") {
    const std::string largest = "a: " + std::string(limits::yaml_bytes - 3, 'x');
    CHECK(mistakes(largest).empty());
    CHECK(mistakes(largest + "x") == std::vector<std::string>{"f:1:1: is larger than 1 MiB"});
}

// Each of these makes one of yaml-cpp's loops or recursions go round once a character or two.
TEST_CASE(
    "a full document of one construct over and over is refused or read, and never overflows the stack") {
    const auto piece =
        GENERATE(as<std::string>{}, "[", "{", "- ", "? ", "[a: ", "{a: ", "[? ", "? - ", "- ? ", "k: [",
                 "!a ", "&a ", "*a ", "\"", "|\n", "%a\n", "---\n", "a: b\n", ",", "]", "[]", ": ");
    CAPTURE(piece);
    Diagnostics diagnostics;
    parse_document(repeated(piece, limits::yaml_bytes), "f", diagnostics);
    const auto& errors = diagnostics.errors();
    CHECK(
        std::all_of(errors.begin(), errors.end(), [](const Error& e) { return e.line > 0 && e.column > 0; }));
}

// A tree of maps and lists is written as flow YAML on lines of its own, and where each scalar was put is
// remembered.
TEST_CASE("places are those where a random document was written") {
    std::mt19937 random{4};
    struct Writer {
        std::mt19937& random;
        std::string text{};
        int line = 1, column = 1;
        std::vector<std::pair<std::string, std::string>> scalars{}, keys{}; // text, place
        void put(std::string_view piece) {
            for (const char c : piece) {
                column = c == '\n' ? 1 : column + 1;
                line += c == '\n' ? 1 : 0;
            }
            text += piece;
        }
        std::string here() const { return std::to_string(line) + ":" + std::to_string(column); }
        void value(int depth) {
            const std::uint_fast32_t kind = depth == 0 ? 0 : random() % 3;
            if (kind == 0) {
                const std::string word = "w" + std::to_string(random() % 1000);
                scalars.emplace_back(word, here());
                return put(random() % 2 == 0 ? word : "\"" + word + "\"");
            }
            put(kind == 1 ? "[" : "{");
            for (std::uint_fast32_t i = 0, count = 1 + random() % 4; i < count; ++i) {
                put(random() % 3 == 0 ? "\n  " : " ");
                if (kind == 2) {
                    keys.emplace_back("k" + std::to_string(i), here());
                    put(keys.back().first + ": ");
                }
                value(depth - 1);
                put(",");
            }
            put(kind == 1 ? "]" : "}");
        }
    };
    struct Reader {
        std::vector<std::pair<std::string, std::string>> scalars{}, keys{};
        void value(const Node& node) {
            if (node.is_scalar()) scalars.emplace_back(node.text, at(node.place));
            for (const Node& item : node.items) value(item);
            for (const Node::Entry& entry : node.entries) {
                keys.emplace_back(entry.key, at(entry.place));
                value(entry.value);
            }
        }
    };
    for (int round = 0; round < 200; ++round) {
        Writer written{random};
        written.value(5);
        Diagnostics diagnostics;
        Reader read;
        read.value(parse_document(written.text, "f", diagnostics));
        CAPTURE(written.text);
        REQUIRE(diagnostics.ok());
        REQUIRE(read.scalars == written.scalars);
        REQUIRE(read.keys == written.keys);
    }
}

TEST_CASE("a file that cannot be read is an error where it is named") {
    const tests::TempDir dir;
    Diagnostics diagnostics;
    const std::string missing = dir.at("x.yaml");
    load_document(missing, {"main.yaml", 3, 9}, diagnostics);
    load_document(missing, {}, diagnostics);
    load_document(dir.path().string(), {"main.yaml", 4, 9}, diagnostics);
    REQUIRE(diagnostics.errors().size() == 3);
    CHECK(diagnostics.errors()[0].text() ==
          "main.yaml:3:9: cannot read \"" + missing + "\": No such file or directory");
    CHECK(diagnostics.errors()[1].text() == missing + ": cannot be read: No such file or directory");
    CHECK(diagnostics.errors()[2].text() ==
          "main.yaml:4:9: cannot read \"" + dir.path().string() + "\": it is a directory");
}

TEST_CASE("a file is read with its name in every place") {
    const tests::TempDir dir;
    const std::string file = dir.write("a.yaml", "a: b\n");
    Diagnostics diagnostics;
    const Node root = load_document(file, {}, diagnostics);
    REQUIRE(root.find("a") != nullptr);
    CHECK(root.find("a")->place.text() == file + ":1:4");
    const std::string large = dir.write("large.yaml", std::string(limits::yaml_bytes + 1, '#'));
    load_document(large, {"main.yaml", 1, 1}, diagnostics);
    REQUIRE(diagnostics.errors().size() == 1);
    CHECK(diagnostics.errors()[0].text() == large + ":1:1: is larger than 1 MiB");
}

TEST_CASE("text in a message stays on one line and short") {
    CHECK(in_quotes("a b") == "\"a b\"");
    CHECK(in_quotes("a\nb\x01\x7f") == R"("a\nb\x01\x7f")");
    CHECK(in_quotes(std::string(79, 'x') + "éé") == "\"" + std::string(79, 'x') + "…\"");
}
