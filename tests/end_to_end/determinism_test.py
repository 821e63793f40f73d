#!/usr/bin/env python3
"""Two replays of the same data tell the same bytes, whatever the order of rules, the number of files, feeds and threads, the
time zone and the locale of the process.

    determinism_test.py PROGRAM SOURCE_DIR
"""

import datetime
import json
import random
import subprocess
import sys
import unittest

from program import SOURCE, Folder, run

CALENDARS = SOURCE / "config" / "calendars"
SYMBOLS = """symbols:
  N225: {name: Nikkei 225, calendar: XTKS}
  TPX: {calendar: XTKS}
  SPX: {calendar: XNYS}
"""
# Every type, several rules on the same prices, and what one tells heard by others at the same instant.
RULES = [
    "{name: cross-b, type: level_cross, symbols: [SPX, N225, TPX], params: {level: 1000, direction: any}}",
    "{name: cross-a, type: level_cross, symbols: [TPX, N225], params: {level: 1000, direction: any, clear: 3}}",
    "{name: beyond, type: level_cross, symbols: [N225], for: 5m, cooldown: 20m, params: {level: 1003, direction: up, mode: is_beyond}}",
    "{name: down, type: session_move, symbols: [N225, SPX], params: {direction: down, levels: [{at: 0.3}, {at: 0.7}]}, labels: {z: 1, a: é}}",
    "{name: up-close, type: session_move, symbols: [TPX, SPX], params: {direction: up, basis: close, levels: [{at: 0.2}]}}",
    "{name: record, type: record_session_move, symbols: [N225, TPX, SPX], params: {direction: down, measure: both, history: {min_sessions: 2}}}",
    "{name: watch, type: record_session_move, symbols: [N225, TPX, SPX], params: {direction: up, basis: live, top_k: 3, history: {min_sessions: 2}}}",
    "{name: quiet, type: staleness, symbols: [SPX, N225, TPX], params: {max_gap: 4m}}",
    "{name: tariffs, type: tariff_event, params: {match: {target: JP}}}",
    "{name: a-then, type: sequence, symbols: [N225], params: {within: 2 sessions, steps: [{match: {target: JP}}, {rule: down}]}}",
    "{name: b-then, type: sequence, symbols: [TPX], params: {within: 1h, after_match: no_skip, steps: [{rule: cross-b}, {rule: cross-a}]}}",
    "{name: aa-then, type: sequence, symbols: [N225], params: {within: 3d, steps: [{rule: a-then}, {rule: record}]}}",
]


def lines():
    """Three weeks of ticks, closes, bars, halts and tariffs, in order; many at the same instant."""
    dice = random.Random(20250403)
    stamped = []

    def add(at, **event):
        stamped.append((at, json.dumps({"ts": at.isoformat().replace("+00:00", "Z"), **event})))

    for day in (datetime.date(2025, 3, 24) + datetime.timedelta(n) for n in range(19)):
        if day.weekday() >= 5:
            continue
        midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.timezone.utc)
        for symbol, opens, closes in (("N225", 0, 390), ("TPX", 0, 390), ("SPX", 810, 1200)):
            price = 1000 + dice.randint(-4, 4)
            for minute in range(opens, closes):
                if dice.random() < 0.8 or minute % 60 > 45:
                    price += dice.choice((-2, -1, 0, 0, 0.5, 1, 1.5))
                    add(midnight + datetime.timedelta(minutes=minute), type="quote", symbol=symbol, price=price)
            if dice.random() < 0.7:
                add(midnight + datetime.timedelta(minutes=closes), type="quote", kind="close", symbol=symbol, price=price + 0.25)
        halt = midnight + datetime.timedelta(minutes=dice.randint(0, 300))
        add(halt, type="status", state="halted", venue="XTKS")
        add(halt + datetime.timedelta(minutes=9), type="status", state="resumed", venue="XTKS")
        add(midnight + datetime.timedelta(minutes=dice.randint(0, 1200)), type="tariff", measure=f"m{dice.randint(1, 3)}",
            stage="announced", imposer="US", target="JP", rate=dice.choice((10, 24)))
    return stamped


def kind(line):
    """Where equal times are ordered by kind (contract, section 2, Order)."""
    event = json.loads(line)
    word = event.get("kind", "tick") if event["type"] == "quote" else event["type"]
    return ("status", "tariff", "correction", "open", "tick", "close", "heartbeat").index(word)


def locales():
    found = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return next((name for name in found if name.startswith(("de_DE", "fr_FR", "tr_TR"))), "C.UTF-8")


class Determinism(unittest.TestCase):
    def replay(self, rule_files, feeds, io_threads, env):
        """`feeds` are lists of lines; each becomes a file."""
        folder = Folder()
        self.addCleanup(folder.close)
        for i, feed in enumerate(feeds):
            folder.write(f"feed{i}.ndjson", "".join(line + "\n" for line in feed))
        for i, rules in enumerate(rule_files):
            folder.write(f"rules/{9 - i}.yaml", "rules:\n" + "".join(f"  - {rule}\n" for rule in rules))
        config = folder.write("tocsin.yaml", f"io_threads: {io_threads}\nlisten: 127.0.0.1:0\n"
                              f"calendars: [{CALENDARS}/xtks.yaml, {CALENDARS}/xnys.yaml]\n{SYMBOLS}feeds:\n" +
                              "".join(f"  - {{name: f{i}, file: feed{i}.ndjson}}\n" for i in range(len(feeds))) +
                              "rules: [rules/*.yaml]\n")
        done = run("replay", "--config", config, "--format", "ndjson", env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(" 0 rejected", done.stderr)
        return done.stdout

    def test_the_same_bytes(self):
        stamped = sorted(lines(), key=lambda pair: (pair[0], kind(pair[1])))
        whole = [line for _, line in stamped]
        plain = self.replay([RULES], [whole], 1, {"TZ": "UTC", "LC_ALL": "C"})
        told = [json.loads(line) for line in plain.splitlines()]
        self.assertGreater(len(told), 200)
        self.assertEqual({alert["rule"] for alert in told}, {rule.split(",")[0].split(": ")[1] for rule in RULES})

        # Four feeds: by symbol, and the rest. What is equal in time and kind keeps its order: N225, TPX, SPX, as above.
        split = [[], [], [], []]
        for line in whole:
            symbol = json.loads(line).get("symbol")
            split[("N225", "TPX", "SPX", None).index(symbol)].append(line)
        shuffled = RULES[:]
        random.Random(7).shuffle(shuffled)
        other = self.replay([shuffled[:5], shuffled[5:6], shuffled[6:]], split, 4,
                            {"TZ": "America/St_Johns", "LC_ALL": locales(), "LANG": locales()})
        self.maxDiff = 4000
        # The name of the feed that brought a tariff is told, and it is another one here.
        self.assertEqual(other.replace('"sources":["f3"]', '"sources":["f0"]'), plain)

    def test_twice_the_demo(self):
        demo = SOURCE / "config" / "demo" / "tocsin.yaml"
        plain = run("replay", "--config", demo, "--format", "ndjson", env={"TZ": "UTC", "LC_ALL": "C"})
        other = run("replay", "--config", demo, "--format", "ndjson", "--speed", "100000sessions/s", env={"TZ": "Asia/Tokyo"})
        self.assertEqual((plain.returncode, other.returncode), (0, 0))
        self.assertEqual(plain.stdout, other.stdout)
        self.assertGreater(len(plain.stdout), 1000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
