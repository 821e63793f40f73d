#!/usr/bin/env python3
"""`tocsin check` and `tocsin rules`, as the program that people run.

    check_test.py PROGRAM SOURCE_DIR
"""

import datetime
import sys
import unittest
import zoneinfo

import program
from program import SOURCE, Folder, run

CONFIG = """listen: 0.0.0.0:8787
calendars: [xtks.yaml]
symbols:
  N225: {name: Nikkei 225, calendar: XTSK}
feeds:
  - {name: desk, tcp: "127.0.0.1:9100", typos: 1}
rules: [rules.yaml]
"""
RULES = """rules:
  - name: down
    type: sesion_move
    symbols: [N225]
  - name: cross
    type: level_cross
    symbols: [N226]
    params: {level: 35000, direktion: down}
    summary: "{symbol} at {prise}"
"""


class Check(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Folder(xtks__yaml=program.TOKYO, tocsin__yaml=CONFIG, rules__yaml=RULES)
        self.addCleanup(self.folder.close)

    def check(self):
        return run("check", "--config", self.folder / "tocsin.yaml")

    def test_a_key_that_can_never_be_fulfilled_is_a_mistake(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("0.0.0.0", "127.0.0.1"))
        self.folder.write("rules.yaml", "rules:\n  - name: down\n    type: session_move\n    symbols: [N225]\n    for: 5m\n"
                                        "    params: {direction: down, basis: close, levels: [{at: 3}]}\n")
        self.assertIn("rules.yaml:5:10: `for` can never be fulfilled here: an episode of this session_move ends at the instant",
                      self.check().stderr)

    def test_every_mistake_is_printed_with_its_place_and_a_near_name(self):
        done = self.check()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        expected = [("tocsin.yaml:1:9", "not a loopback address"),
                    ("tocsin.yaml:4:38", 'did you mean "XTKS"'),
                    ("tocsin.yaml:6:41", "typos"),
                    ("rules.yaml:3:11", 'did you mean "session_move"'),
                    ("rules.yaml:7:15", 'did you mean "N225"'),
                    ("rules.yaml:8:28", 'did you mean "direction"'),
                    ("rules.yaml:9:14", 'did you mean "price"')]
        lines = done.stderr.splitlines()
        for place, message in expected:
            with self.subTest(place):
                found = [line for line in lines if line.startswith(f"{self.folder.path}/{place}: ")]
                self.assertEqual(len(found), 1, done.stderr)
                self.assertIn(message, found[0])
        self.assertEqual(lines[-1], "7 mistakes")
        self.assertEqual(len(lines), 8)

    def test_serve_and_replay_say_the_same_and_do_not_begin(self):
        expected = self.check().stderr
        for command in ("serve", "replay"):
            with self.subTest(command):
                done = run(command, "--config", self.folder / "tocsin.yaml")
                self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "", expected))

    def test_what_is_right_is_said_too(self):
        done = run("check", "--config", SOURCE / "config" / "demo" / "tocsin.yaml")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("no mistakes", done.stdout)
        self.assertEqual(done.stderr, "")

    def test_a_feed_that_no_run_could_open_is_a_mistake_too(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("0.0.0.0", "127.0.0.1").replace("XTSK", "XTKS").replace(
            '{name: desk, tcp: "127.0.0.1:9100", typos: 1}', "{name: gone, file: gone.ndjson}\n"
            "  - {name: bars, file: bars.csv, csv: {symbol: N225, session: Date, close: Close}}"))
        self.folder.write("bars.csv", "Day,Close\n")
        done = self.check()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"tocsin\.yaml:6:\d+: .*gone\.ndjson: No such file")
        self.assertRegex(done.stderr, r'tocsin\.yaml:7:\d+: .*"Date"')

    def test_a_rule_on_ticks_that_only_bars_can_reach_is_a_warning(self):
        self.folder.write("bars.csv", "Date,Close\n")
        self.folder.write("tocsin.yaml", CONFIG.replace("0.0.0.0", "127.0.0.1").replace("XTSK", "XTKS").replace(
            '{name: desk, tcp: "127.0.0.1:9100", typos: 1}', "{name: bars, file: bars.csv, csv: {symbol: N225, session: Date, "
            "close: Close}}"))
        self.folder.write("rules.yaml", "rules:\n  - {name: quiet, type: staleness, symbols: [N225], params: {max_gap: 5m}}\n")
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"rules\.yaml:2:5: warning: .*only bars reach it")

    def test_corrections_are_said_to_be_counted_only(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("0.0.0.0", "127.0.0.1").replace("XTSK", "XTKS").replace(
            "typos: 1", "types: [quote, correction]"))
        self.folder.write("rules.yaml", "rules: []\n")
        done = self.check()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"tocsin\.yaml:6:\d+: warning: .*corrections")


class Upcoming(unittest.TestCase):
    """What `check` says of each calendar once all is right."""
    maxDiff = None

    def lines(self, today, *names, **files):
        calendars = ", ".join(name if name in files else str(SOURCE / "config" / "calendars" / name) for name in names)
        folder = Folder(tocsin__yaml=f"calendars: [{calendars}]\n")
        self.addCleanup(folder.close)
        for name, text in files.items():
            folder.write(name, text)
        done = run("check", "--config", folder / "tocsin.yaml", *([] if today is None else ["--today", today]))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        first, *rest = done.stdout.splitlines()
        self.assertIn("no mistakes", first)
        return rest

    def test_the_next_three_sessions_with_their_hours_and_the_next_special_day(self):
        self.assertEqual(self.lines("2025-12-24", "xtks.yaml", "xlon.yaml", "xetr.yaml"), [
            "XTKS  Wed 2025-12-24  09:00-11:30, 12:30-15:25, auction until 15:30 JST",
            "XTKS  Thu 2025-12-25  09:00-11:30, 12:30-15:25, auction until 15:30 JST",
            "XTKS  Fri 2025-12-26  09:00-11:30, 12:30-15:25, auction until 15:30 JST",
            "XTKS  next special day: Wed 2025-12-31, no session",
            "XLON  Wed 2025-12-24  08:00-12:30, auction until 12:35 GMT",
            "XLON  Mon 2025-12-29  08:00-16:30, auction until 16:35 GMT",
            "XLON  Tue 2025-12-30  08:00-16:30, auction until 16:35 GMT",
            "XLON  next special day: Wed 2025-12-24, 08:00-12:30, auction until 12:35 GMT",
            "XETR  Mon 2025-12-29  09:00-17:30, auction until 17:35 CET",
            "XETR  Tue 2025-12-30  09:00-14:00, auction until 14:05 CET",
            "XETR  Fri 2026-01-02  09:00-17:30, auction until 17:35 CET",
            "XETR  next special day: Wed 2025-12-24, no session"])

    def test_a_calendar_that_ends_says_so(self):
        tokyo = {"tokyo.yaml": program.TOKYO}
        last = "XTKS  Tue 2030-12-31  09:00-11:30, 12:30-15:25, auction until 15:30 JST"
        self.assertEqual(self.lines("2030-12-31", "tokyo.yaml", **tokyo), [
            last, "XTKS  no more: the calendar ends on 2030-12-31; extend it in time",
            "XTKS  next special day: none, and the calendar ends on 2030-12-31"])
        self.assertEqual(self.lines("2031-01-01", "tokyo.yaml", **tokyo),
                         ["XTKS  no session: the calendar ends on 2030-12-31; extend it in time"])

    def test_a_calendar_that_has_not_begun_shows_its_first_sessions(self):
        self.assertEqual(self.lines("1999-01-01", "xhkg.yaml"), [
            "XHKG  Mon 2000-01-03  10:00-12:30, 14:30-16:00 HKT",
            "XHKG  Tue 2000-01-04  10:00-12:30, 14:30-16:00 HKT",
            "XHKG  Wed 2000-01-05  10:00-12:30, 14:30-16:00 HKT",
            "XHKG  next special day: Fri 2000-02-04, no session"])

    def test_today_is_the_exchanges_own_where_none_is_given(self):
        # Far ahead of UTC, so that UTC's date fails half the day. The date may change while the program runs.
        always = program.ALWAYS.replace("Etc/UTC", "Pacific/Auckland")
        zone = zoneinfo.ZoneInfo("Pacific/Auckland")
        before = datetime.datetime.now(zone).date()
        line = self.lines(None, "always.yaml", **{"always.yaml": always})[0]
        after = datetime.datetime.now(zone).date()
        self.assertIn(line.split()[2], {before.isoformat(), after.isoformat()})

    def test_what_is_no_date_is_wrong_usage(self):
        done = run("check", "--config", SOURCE / "config" / "demo" / "tocsin.yaml", "--today", "2025-02-30")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('"2025-02-30" is no day of the calendar', done.stderr)


class Rules(unittest.TestCase):
    def test_the_rule_types_with_parameters_and_values(self):
        done = run("rules")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("level_cross", "record_session_move", "sequence", "session_move", "staleness", "tariff_event", "trading_status",
                     "max_gap", "fire_if_already_beyond", "rank_exact"):
            self.assertIn(word, done.stdout)

    def test_one_of_them(self):
        done = run("rules", "level_cross")
        self.assertEqual(done.returncode, 0)
        self.assertIn("previous_price", done.stdout)
        self.assertNotIn("max_gap", done.stdout)
        done = run("rules", "levelcross")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn('did you mean "level_cross"', done.stderr)

    def test_what_is_no_plugin_is_an_error_that_names_the_file(self):
        folder = Folder(plugins__so="not a library")
        self.addCleanup(folder.close)
        done = run("rules", "--plugins", folder.path)
        self.assertEqual(done.returncode, 1)
        self.assertIn("plugins.so", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
