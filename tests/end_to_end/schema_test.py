#!/usr/bin/env python3
"""`tocsin rules --json-schema` against `tocsin check`: what is right to one is right to the other, and what is wrong, wrong.

    schema_test.py PROGRAM SOURCE_DIR
"""

import ast
import json
import re
import sys
import unittest

import jsonschema
import yaml

import program
from program import SOURCE, Folder, run


class Core(yaml.SafeLoader):
    """YAML as editors read it: the core schema of 1.2, in which dates and `yes` are strings. Keys are text."""

    yaml_implicit_resolvers = {}


for tag, pattern, first in (("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
                            ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", "-+0123456789"),
                            ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
                             "-+.0123456789"),
                            ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""])):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0 if node.value[:2] in ("0x", "0o") else 10))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value.replace(".inf", "inf").replace(".nan",
                                                                                                                     "nan")))
Core.add_constructor("tag:yaml.org,2002:map", lambda loader, node: {key.value: loader.construct_object(value, deep=True)
                                                                    for key, value in node.value})

RULES, CONFIG = (json.loads(run("rules", f"--json-schema={which}").stdout) for which in ("rules", "config"))


def wrong(schema, text):
    """What the schema has to say against a file."""
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
            for error in jsonschema.Draft7Validator(schema).iter_errors(yaml.load(text, Core))]


def scripts_texts(name):
    """The text of that name in each script beside this one that has it."""
    for script in sorted((SOURCE / "tests" / "end_to_end").glob("*_test.py")):
        for node in ast.parse(script.read_text(encoding="utf-8")).body:
            if (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
                    and node.targets[0].id == name):
                yield script.name, node.value.value


def blocks(page):
    return re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S)


class Desk(Folder):
    """A configuration around one rule file, and around one key of its own."""

    def __init__(self):
        super().__init__(xtks__yaml=program.TOKYO, x__ndjson="", x__csv="D,C\n")
        self.write("plugins/readme", "")

    def check(self, rules=None, config=""):
        if not config.startswith("feeds"):
            config += "feeds: [{name: all, file: x.ndjson}]\n"  # or no rule could be reached
        self.write("rules.yaml", rules or "rules: []\n")
        self.write("tocsin.yaml", f"calendars: [xtks.yaml]\nsymbols: {{N225: {{calendar: XTKS}}, 7203: {{calendar: XTKS}}, "
                                  f"\"TRUE\": {{calendar: XTKS}}}}\nrules: [rules.yaml]\n{config}")
        return run("check", "--config", self / "tocsin.yaml")

    def refused(self, template, values):
        """Which of the values, each in a rule of its own, check refuses."""
        lines = [f"  - {{name: r{number}, {template.replace('VALUE', value)}}}\n" for number, value in enumerate(values)]
        done = self.check("rules:\n" + "".join(lines))
        places = {int(line) - 2 for line in re.findall(r"^[^\n]*/rules\.yaml:(\d+):\d+: (?!warning)", done.stderr, re.M)}
        assert done.returncode == bool(places), done.stderr
        return {values[place] for place in places}, done.stderr


class Schema(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.desk = Desk()
        self.addCleanup(self.desk.close)

    def test_both_are_schemas_and_the_same_bytes_each_time(self):
        for which in ("rules", "config"):
            with self.subTest(which):
                done = run("rules", f"--json-schema={which}")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertEqual(done.stdout, run("rules", f"--json-schema={which}", env={"LC_ALL": "C",
                                                                                          "TZ": "Asia/Tokyo"}).stdout)
                schema = json.loads(done.stdout)
                self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")
                jsonschema.Draft7Validator.check_schema(schema)
        self.assertEqual(run("rules", "--json-schema").stdout, run("rules", "--json-schema=rules").stdout)

    def test_no_schema_where_a_plugin_cannot_be_loaded_or_a_type_is_named(self):
        self.desk.write("broken/x.so", "not a library")
        done = run("rules", "--json-schema", "--plugins", self.desk / "broken")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("x.so", done.stderr)
        for wrong_usage in (["level_cross", "--json-schema"], ["--json-schema=calendar"]):
            done = run("rules", *wrong_usage)
            self.assertEqual((done.returncode, done.stdout), (2, ""))

    def test_it_tells_of_every_rule_type_and_parameter_that_rules_lists_and_of_no_other(self):
        listed, name = {}, None
        for line in re.sub(r"^  values:\n(?:    .*\n)*", "", run("rules").stdout, flags=re.M).splitlines():
            if re.match(r"\w", line):
                listed[name := line] = set()
            elif found := re.match(r"    (\w+)  \(.*\)$", line):
                listed[name].add(found[1])
        rule = RULES["properties"]["rules"]["items"]
        told = {branch["if"]["properties"]["type"]["const"]: set(branch["then"]["properties"]["params"]["properties"])
                for branch in rule["allOf"]}
        self.assertEqual(told, listed)
        self.assertEqual(rule["properties"]["type"]["enum"], sorted(listed))

    def test_every_key_and_parameter_that_it_tells_of_is_in_this_version(self):
        rule = RULES["properties"]["rules"]["items"]
        keys = "".join(f", {key}: {{}}" for key in rule["properties"] if key not in ("name", "type", "params"))
        for branch in rule["allOf"]:
            name = branch["if"]["properties"]["type"]["const"]
            params = ", ".join(f"{key}: {{}}" for key in branch["then"]["properties"]["params"]["properties"])
            done = self.desk.check(f"rules:\n  - {{name: a, type: {name}, params: {{{params}}}{keys}}}\n")
            for text in ("not in this version", "has no key", "unknown parameter"):
                self.assertNotIn(text, done.stderr)
        done = self.desk.check(config="".join(f"{key}: {{}}\n" for key in sorted(CONFIG["properties"], key="feeds".__ne__)))
        self.assertNotIn("has no key", done.stderr)
        self.assertNotIn("not in this version", done.stderr)

    def test_what_is_right_passes(self):
        files = [(RULES, str(path), path.read_text(encoding="utf-8"))
                 for path in sorted((SOURCE / "config").glob("**/rules/*.yaml"))]
        files += [(CONFIG, str(path),
                   path.read_text(encoding="utf-8")) for path in sorted((SOURCE / "config").glob("**/tocsin.yaml"))]
        files += [(RULES, name, text) for name, text in scripts_texts("RULES") if name != "check_test.py"]
        files += [(CONFIG, name, text.format(port=0) if "{port}" in text else text) for name,
                  text in scripts_texts("CONFIG") if name != "check_test.py"]
        pages = [SOURCE / "README.md", SOURCE / "docs" / "configuration.md", SOURCE / "docs" / "editors.md",
                 *sorted((SOURCE / "docs" / "rules").glob("*.md"))]
        for page in pages:
            for text in blocks(page):
                # A page shows a whole configuration, a whole rule file, or entries of one.
                whole = yaml.load(text, Core)
                entries = isinstance(whole, list)
                is_config = not entries and "symbols" in whole
                files.append((CONFIG if is_config else RULES, page.name, f"rules:\n{text}" if entries else text))
        self.assertGreater(len(files), 15)
        for schema, name, text in files:
            with self.subTest(name):
                self.assertEqual(wrong(schema, text), [])

    def test_the_mistakes_of_another_test_are_mistakes_here(self):
        for schema, name in ((RULES, "RULES"), (CONFIG, "CONFIG")):
            self.assertNotEqual(wrong(schema, dict(scripts_texts(name))["check_test.py"]), [])

    def test_wrong_rule_files_are_wrong_to_both(self):
        cross = "name: a, type: level_cross, symbols: [N225], params: {level: 1}"
        for text in ("", "[]", "rule: []", "rules: {}", "rules:", "{rules: [], x: 1}", "rules: [3]", "rules: [{}]",
                     f"rules: [{{{cross}, cooldwn: 1m}}]", "rules: [{name: a, symbols: [N225]}]",
                     "rules: [{type: tariff_event}]", "rules: [{name: a, type: levl}]", "rules: [{name: a, type: }]",
                     "rules: [{name: a, type: level_cross, symbols: [N225]}]",
                     "rules: [{name: a, type: level_cross, params: {level: 1}}]",
                     "rules: [{name: a, type: level_cross, symbols: N225, params: {level: 1}}]",
                     "rules: [{name: a, type: level_cross, symbols: [], params: {level: 1}}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225, N225], params: {level: 1}}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225], params: {levl: 1}}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225], params: [level]}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225], params: {level: [1]}}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225], params: {level: 1, direction: upp}}]",
                     "rules: [{name: a, type: staleness, symbols: [N225], params: {max_gap: 5m, level: 1}}]",
                     "rules: [{name: a, type: session_move, symbols: [N225], params: {direction: down, levels: [{severity: info}]}}]",
                     "rules: [{name: a, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 3, severty: info}]}}]",
                     "rules: [{name: a, type: session_move, symbols: [N225], params: {direction: down, levels: {at: 3}}}]",
                     "rules: [{name: a, type: session_move, symbols: [N225], params: {direction: down, levels: ["
                     + ", ".join(f"{{at: {at}}}" for at in range(1, 18)) + "]}}]",
                     "rules: [{name: a, type: tariff_event, params: {match: {stage: anounced}}}]",
                     "rules: [{name: a, type: tariff_event, params: {stages: [anounced]}}]",
                     f"rules: [{{{cross}, keep: soon}}]", f"rules: [{{{cross}, labels: [a]}}]",
                     f"rules: [{{{cross}, labels: {{a: [b]}}}}]", f"rules: [{{{cross}, labels: {{\" a\": b}}}}]"):
            with self.subTest(text):
                self.assertNotEqual(wrong(RULES, text), [])
                self.assertEqual(self.desk.check(f"{text}\n").returncode, 1)

    def test_configurations_are_right_or_wrong_to_both(self):
        table = [
            (True, "listen: 127.0.0.1:0"), (True, 'listen: "[::1]:8787"'), (True, "listen: localhost:1"),
            (True, "listen: 127.9.0.1:00080"),
            (False, "listen: 0.0.0.0:8787"), (False, "listen: 127.0.0.1"), (False, "listen: 127.0.0.1:65536"),
            (False, "listen: 127.0.0.256:1"),
            (False, "listen: ::1:80"), (False, "listen: 8787"), (False, "listen: []"),
            (True, "clock_lag: 0s"), (True, "clock_lag: 1h"), (True, "clock_lag: 60 m"), (True, "clock_lag: 3600000000000ns"),
            (False, "clock_lag: 61m"), (False, "clock_lag: 3600000000001ns"), (False, "clock_lag: 2"),
            (False, "clock_lag: 1 session"),
            (True, "heartbeat: 1s"), (False, "heartbeat: 999ms"), (True, "heartbeat: 1000ms"), (False, "heartbeat: 0s"),
            (True, "close_grace: 1d"), (False, "close_grace: 25h"),
            (True, "io_threads: 64"), (True, 'io_threads: "01"'), (False, "io_threads: 65"), (False, "io_threads: 0"),
            (False, 'io_threads: "65"'),
            (False, "io_threads: -1"), (False, "io_threads: many"), (False, "io_threads: 1.5"),
            (True, "store: {keep: {alerts: 10000000}}"), (False, "store: {keep: {alerts: 10000001}}"),
            (False, "store: {keep: {alert: 1}}"),
            (False, "store: 3"), (False, "store:"), (True, "plugins: [plugins]"), (False, "plugins: [a, a]"),
            (False, "plugins: plugins"),
            (False, "plugin: []"), (False, "feeds: {}"), (True, "feeds: []"), (False, "feeds: [x]"),
        ]
        feeds = [
            (True, "name: a, file: x.ndjson"), (True, 'name: a, tcp: "127.0.0.1:0"'), (False, "name: a"),
            (False, "file: x.ndjson"),
            (False, 'name: a, file: x.ndjson, tcp: "127.0.0.1:0"'), (False, "name: clock, file: x.ndjson"),
            (True, "name: clocks, file: x.ndjson"), (False, "name: .a, file: x.ndjson"), (False, "name: a/b, file: x.ndjson"),
            (False, 'name: " a", file: x.ndjson'), (False, f"name: {'a' * 101}, file: x.ndjson"),
            (True, f"name: {'a' * 100}, file: x.ndjson"),
            (True, "name: a, file: x.ndjson, types: [quote, bar], symbols: [N225, 7203]"),
            (False, "name: a, file: x.ndjson, types: [quoth]"),
            (False, "name: a, file: x.ndjson, types: [bar, bar]"), (True, "name: a, file: x.ndjson, lateness: 7d"),
            (False, "name: a, file: x.ndjson, lateness: 8d"), (False, 'name: a, tcp: "127.0.0.1:0", lateness: 1s'),
            (True, "name: a, file: x.ndjson, follow: true, max_ahead: 1s"), (True, 'name: a, tcp: "127.0.0.1:0", max_ahead: 24h'),
            (False, 'name: a, tcp: "127.0.0.1:0", max_ahead: 86401s'), (False, "name: a, file: x.ndjson, typos: 1"),
        ]
        mappings = [
            (True, "symbol: N225, session: D, close: C"), (True, "symbol: 7203, ts: D, close: C"),
            (True, "symbol_column: C, ts: D, price: C"),
            (True, "symbol: N225, ts: D, price: C, kind: C, seq: C"),
            (True, "symbol: N225, session: D, close: C, open: C, high: C, low: C, volume: C"),
            (False, "symbol: N225, symbol_column: C, session: D, close: C"), (False, "session: D, close: C"),
            (False, "symbol: N225, close: C"),
            (False, "symbol: N225, session: D, ts: D, close: C"), (False, "symbol: N225, session: D"),
            (False, "symbol: N225, session: D, price: C"),
            (False, "symbol: N225, session: D, close: C, price: C"), (False, "symbol: N225, ts: D"),
            (False, "symbol: N225, ts: D, price: C, open: C"),
            (False, "symbol: N225, session: D, close: C, kind: C"), (False, "symbol: N225, session: D, close: C, adjusted: C"),
        ]
        table += [(right, f"feeds: [{{{feed}}}]") for right, feed in feeds]
        table += [(right, f"feeds: [{{name: a, file: x.csv, csv: {{{mapping}}}}}]") for right, mapping in mappings]
        table += [(False, "feeds: [{name: a, file: x.csv, types: [bar], csv: {symbol: N225, session: D, close: C}}]"),
                  (False, 'feeds: [{name: a, tcp: "127.0.0.1:0", csv: {symbol: N225, session: D, close: C}}]')]
        for right, text in table:
            with self.subTest(text):
                self.assertEqual(not wrong(CONFIG, text), right, wrong(CONFIG, text))
                done = self.desk.check(config=text + "\n")
                self.assertEqual(done.returncode == 0, right, done.stderr)
        for right, text in [(True, "N: {calendar: XTKS, name: 225}"), (False, "N: {}"), (False, "N: XTKS"),
                            (False, "N: {calendar: XTKS, nam: x}"),
                            (False, '"a b": {calendar: XTKS}'), (False, "é: {calendar: XTKS}"),
                            (False, f"{'N' * 101}: {{calendar: XTKS}}")]:
            with self.subTest(text):
                text = f"calendars: [xtks.yaml]\nsymbols: {{{text}}}\n"
                self.assertEqual(not wrong(CONFIG, text), right, wrong(CONFIG, text))
                self.assertEqual(run("check", "--config", self.desk.write("only.yaml", text)).returncode == 0, right)

    DURATIONS = ["5m", "5 m", '"5m"', "05m", "1ns", "500ms", "90s", "2h", "7d", "1 session", "3sessions", "1000000 sessions",
                 "45 trading_minutes", "106751d", "2562047 trading_hours"]
    NO_DURATIONS = ["5", "m", "5  m", "5 minutes", "-5m", "1.5h", "1h30m", "soon", '" 5m"', '"5m "', "106752d",
                    "1000001 sessions",
                    "2562048 trading_hours", "[5m]", "{}", '""', "true", "5M"]
    TIMES = ["2025-04-03T09:00:00Z", "2025-04-03T09:00:00+09:00", "2025-04-03t09:00:00.123456789z", '"2025-04-03 09:00:00-05:00"',
             "2024-02-29T00:00:00Z", "2261-12-31T23:59:59Z"]
    NO_TIMES = ["2025-04-03T09:00:00", "2025-04-03T09:00Z", "2025-04-03", "2025-02-29T00:00:00Z", "2025-04-03T24:00:00Z",
                "2025-04-03T09:00:60Z", "2025-04-03T09:00:00.1234567890Z", "1677-12-31T00:00:00Z", "2262-01-01T00:00:00Z",
                "noon", "2025"]
    # what, a rule with VALUE in it, values that are right, values that are wrong
    LAW = [
        ("lasting", "type: level_cross, symbols: [N225], params: {level: 1, mode: is_beyond, direction: down}, for: VALUE",
         DURATIONS, NO_DURATIONS + ["0s", "00 sessions"]),
        ("expires", "type: level_cross, symbols: [N225], params: {level: 1, mode: is_beyond, direction: down}, expires: VALUE",
         DURATIONS + TIMES,
         NO_DURATIONS + NO_TIMES + ["0s"]),
        ("time", "type: level_cross, symbols: [N225], params: {level: 1}, mute_until: VALUE", TIMES, NO_TIMES + ["5m"]),
        ("duration",
         "type: sequence, symbols: [N225], params: {steps: [{match: {target: JP}}, {match: {target: CN}}], within: VALUE}",
         DURATIONS, NO_DURATIONS),
        ("scope", "type: record_session_move, symbols: [N225], params: {direction: down, scope: VALUE}",
         ["all_time", "last:250", '"last:1"', "last:00100", "last:100000", "since:2020-01-01", "since:2024-02-29"],
         ["all-time", "last:0", "last:100001", '"last:"', "last:-1", '"last: 5"', "last:5 sessions", "since:2023-02-29",
          "since:2020", "250", "ALL_TIME"]),
        ("session",
         "type: record_session_move, symbols: [N225], params: {direction: down, seeds: {points: [{session: VALUE, previous_close: 2, close: 1}]}}",
         ["1987-10-20", '"1987-10-20"', "2000-02-29", "2024-02-29"],
         ["1987-10-32", "1987-13-01", "1900-02-29", "2023-02-29", "1987-1-2", "19871020", "1987", "1987-10-20T00:00:00Z",
          "today", "[]"]),
        ("amount", "type: level_cross, symbols: [N225], params: {level: 1, clear: VALUE}",
         ["0", "-0", "100", "0.5", '"0.5"', "0.5%", '"100%"', "00.5%", "0.000000001", '"1.0000000000"', "9223372036",
          "9223372036.854775807%"],
         ["-1", '"-0.1"', "-0.1%", "50 %", '"%"', "5%%", "half", '"1.0000000001"', "0.0000000001%", "9223372037",
          '"9223372036.854775808"', "[1]", '"1e3"', '""']),
        ("decimal", "type: level_cross, symbols: [N225], params: {level: VALUE}",
         ["35000", "35000.50", '"35000"', "0.000000001", '"007.50"', "1.0"],
         ["0", "-1", '"0"', '"0.0000000001"', '"+1"', '".5"', '"5."', '"1,5"', "9223372037", "x", "35%", "1 000"]),
        ("whole number", "type: record_session_move, symbols: [N225], params: {direction: down, top_k: VALUE}",
         ["1", "1000", '"10"', "'007'"], ["0", "1001", '"1001"', "-1", "1.5", "x", '"+1"', "[1]"]),
        ("boolean",
         "type: level_cross, symbols: [N225], params: {level: 1, mode: is_beyond, direction: down, fire_if_already_beyond: VALUE}",
         ["true", "false", '"true"'], ["yes", "1", '"True"', "on", "[]"]),
        ("enabled", "type: level_cross, symbols: [N225], params: {level: 1}, enabled: VALUE", ["true", "false"],
         ["yes", '"true"', "1", "no"]),
        ("severity", "type: level_cross, symbols: [N225], params: {level: 1}, severity: VALUE", ["info", '"warning"', "critical"],
         ["grave", "INFO", '""', "1", "[info]"]),
        ("symbol", "type: level_cross, symbols: [VALUE], params: {level: 1}", ["N225", "7203", '"TRUE"'],
         ["[]", "{}", '""', "N225, N225"]),
        ("label", "type: level_cross, symbols: [N225], params: {level: 1}, labels: {a: VALUE}",
         ["b", "3", "true", '""', "1.50"], ["[]", "{}"]),
        ("summary", "type: level_cross, symbols: [N225], params: {level: 1}, summary: VALUE",
         ['"{symbol} at {price}"', '"{{a}}"', '"{{{level}}}"', "3", '"50%"', '"{at}"'],
         ['"{prise}"', '"{"', '"}"', '"{}"', '"a } b"', '"{{symbol}"', '"{symbol {price}}"', '""', "[]"]),
    ]

    def test_values_are_right_or_wrong_to_both(self):
        for what, template, right, mistakes in self.LAW:
            with self.subTest(what):
                refused, said = self.desk.refused(template, right + mistakes)
                self.assertEqual(refused, set(mistakes), said)
                for value in right + mistakes:
                    found = wrong(RULES, f"rules: [{{name: a, {template.replace('VALUE', value)}}}]")
                    self.assertEqual(bool(found), value in mistakes, (value, found))

    def test_names_are_right_or_wrong_to_both(self):
        for right, name in ((True, "a"), (True, "a b"), (True, "225"), (True, "日経平均"), (True, "x" * 100), (False, "x" * 101),
                            (False, '" a"'),
                            (False, '"a "'), (False, '"a\\tb"'), (False, '"\\x7f"'), (False, '""'), (False, "[a]"), (False, "")):
            with self.subTest(name):
                text = f"rules: [{{name: {name}, type: tariff_event}}]\n"
                self.assertEqual(not wrong(RULES, text), right, wrong(RULES, text))
                self.assertEqual(self.desk.check(text).returncode == 0, right)

    # docs/editors.md says these.
    def test_what_only_check_sees(self):
        rule = "type: level_cross, symbols: [N225], params: {level: VALUE}"
        values = ["1e3", "0x10", "+5", ".5", "5.", "1.0000000001"]
        refused, said = self.desk.refused(rule, values)
        self.assertEqual(refused, set(values), said)
        for value in values:
            self.assertEqual(wrong(RULES, f"rules: [{{name: a, {rule.replace('VALUE', value)}}}]"), [], value)
        for text in ("rules: [{name: a, type: level_cross, symbols: [N226], params: {level: 1}}]",
                     "rules: [{name: a, type: tariff_event}, {name: a, type: tariff_event}]",
                     "rules: [{name: a, type: tariff_event, for: 1m}]",
                     f"rules: [{{name: {'日' * 34}, type: tariff_event}}]",
                     "rules: [{name: a, type: level_cross, symbols: [N225], params: {level: 1}, enabled: True}]"):
            with self.subTest(text):
                self.assertEqual(wrong(RULES, text), [])
                self.assertEqual(self.desk.check(text + "\n").returncode, 1)

    def test_where_an_editor_is_stricter(self):
        for text in ("rules: [{name: a, type: tariff_event, params: }]",
                     "rules: [{name: a, type: tariff_event, params: {stages: }}]",
                     "rules: [{name: true, type: tariff_event}]",
                     "rules: [{name: a, type: level_cross, symbols: [TRUE], params: {level: 1}}]"):
            with self.subTest(text):
                self.assertNotEqual(wrong(RULES, text), [])
                done = self.desk.check(text + "\n")
                self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
