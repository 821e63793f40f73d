#!/usr/bin/env python3
"""The pages of docs/rules: their tables say what the plugins declare, and their examples are rules that `check` takes.

    rule_pages_test.py PROGRAM SOURCE_DIR            compares
    rule_pages_test.py PROGRAM SOURCE_DIR --write    writes the tables anew
"""

import re
import sys
import unittest

import program
from program import Folder, run

PAGES = program.SOURCE / "docs" / "rules"
PLUGINS = program.SOURCE / "plugins"
TABLES = re.compile(r"<!-- tables -->\n(?:.*?<!-- end of tables -->\n)?", re.S)
PARAMETER = re.compile(r"(\S+)  \((.*)\)$")
VALUE = re.compile(r"(\S+)  \((.*)\)  (.*)$")


def declared(rule_type):
    """Parameters as (name, form, meaning) and values as (name, meaning), from what `tocsin rules` prints."""
    parameters, values, part, outer = [], [], None, ""
    for line in run("rules", rule_type).stdout.splitlines():
        depth, text = (len(line) - len(line.lstrip())) // 2, line.strip()
        if depth == 1:
            part = text
        elif part == "params:" and depth % 2 == 0 and (found := PARAMETER.match(text)):
            name = f"{outer}.{found[1]}" if depth == 4 else found[1]
            outer = name if depth == 2 else outer
            parameters.append([name, found[2], ""])
        elif part == "params:" and parameters:
            parameters[-1][2] = text
        elif part == "values:" and depth == 2 and (found := VALUE.match(text)):
            values.append((found[1], found[3]))
    return parameters, values


def tables(rule_type):
    parameters, values = declared(rule_type)
    lines = ["<!-- tables -->", ""]
    if parameters:
        lines += ["| parameter | | |", "|---|---|---|", *(f"| `{name}` | {form} | {meaning} |" for name, form, meaning in parameters), ""]
    lines += ["| value | |", "|---|---|", *(f"| `{name}` | {meaning} |" for name, meaning in values), "", "<!-- end of tables -->"]
    return "".join(line + "\n" for line in lines)


def pages():
    """Of the rule types; README.md lists them."""
    return sorted(page for page in PAGES.glob("*.md") if page.stem != "README")


def overview():
    """The table of README.md: each type, what it is, and how long its source is (`wc -l`)."""
    lines = ["<!-- tables -->", "", "| rule type | | lines |", "|---|---|---|"]
    for name, what in re.findall(r"^(\w+)\n? +(.*)$", run("rules").stdout, re.M):
        length = len((PLUGINS / f"{name}.cpp").read_text(encoding="utf-8").splitlines())
        lines.append(f"| [{name}]({name}.md) | {what} | {length} |")
    for header in sorted(PLUGINS.glob("*.hpp")):
        lines.append(f"| | shared by some of these: `plugins/{header.name}` | {len(header.read_text(encoding='utf-8').splitlines())} |")
    return "".join(line + "\n" for line in [*lines, "", "<!-- end of tables -->"])


def example(page):
    """The first YAML of a page, as a rule file."""
    text = re.search(r"```yaml\n(.*?)```", page, re.S)[1]
    return "rules:\n" + "".join("  " + line + "\n" for line in text.splitlines())


class RulePages(unittest.TestCase):
    maxDiff = None

    def test_every_rule_type_has_a_page(self):
        types = re.findall(r"^(\w+)$", run("rules").stdout, re.M)
        self.assertGreater(len(types), 6)
        self.assertEqual([page.stem for page in pages()], sorted(types))

    def test_tables_are_those_of_the_declaration(self):
        for page in pages():
            text = page.read_text(encoding="utf-8")
            for found in TABLES.finditer(text):
                with self.subTest(page.name):
                    self.assertEqual(found[0], tables(page.stem), "write them anew with --write")

    def test_the_overview_is_true(self):
        found = TABLES.search((PAGES / "README.md").read_text(encoding="utf-8"))
        self.assertEqual(found[0], overview(), "write it anew with --write")

    def test_examples_are_rules(self):
        for page in pages():
            rule = example(page.read_text(encoding="utf-8"))
            heard = "".join(f"  - {{name: {name}, type: session_move, symbols: [N225], params: {{direction: down, levels: [{{at: 3}}]}}}}\n"
                            for name in sorted(set(re.findall(r"rule: ([\w-]+)", rule))))
            folder = Folder(xtks__yaml=program.TOKYO, rules__yaml=rule + heard, tocsin__yaml=(
                "calendars: [xtks.yaml]\nsymbols: {N225: {calendar: XTKS}, SPX: {calendar: XTKS}}\nfeeds: [{name: desk, tcp: '127.0.0.1:9'}]\n"
                "rules: [rules.yaml]\n"))
            self.addCleanup(folder.close)
            with self.subTest(page.name):
                done = run("check", "--config", folder / "tocsin.yaml")
                self.assertEqual((done.returncode, done.stderr), (0, ""), rule)


if __name__ == "__main__":
    if sys.argv[3:] == ["--write"]:
        for page in pages():
            text = page.read_text(encoding="utf-8")
            page.write_text(TABLES.sub(lambda _, page=page: tables(page.stem), text), encoding="utf-8")
        page = PAGES / "README.md"
        page.write_text(TABLES.sub(lambda _: overview(), page.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        unittest.main(argv=sys.argv[:1], verbosity=2)
