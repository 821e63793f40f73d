#!/usr/bin/env python3
"""The demo's alerts, recomputed from its feeds by another way than the program's, and the facts that it is there to show.

    demo_test.py PROGRAM SOURCE_DIR
"""

import datetime
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import unittest

import reference
from reference import Fraction

PROGRAM, SOURCE = sys.argv[1], pathlib.Path(sys.argv[2])
DEMO = SOURCE / "config" / "demo"


def replay(*options):
    done = subprocess.run([PROGRAM, "replay", "--config", DEMO / "tocsin.yaml", *options], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        sys.exit(f"replay ended with {done.returncode}:\n{done.stderr}")
    return done.stdout


def seeds(rule):
    """The seeds that a rule of records.yaml is given, by measure."""
    text = (DEMO / "rules" / "records.yaml").read_text(encoding="utf-8")
    mine = re.search(rf"- name: {rule}\n(.*?)(?=\n  - name:|\Z)", text, re.S).group(1)
    found = {}
    for measure, block in re.findall(r"^        (points|percent):\n((?:          .*\n?)+)", mine, re.M):
        rows = re.findall(r"session: (\S+), previous_close: ([0-9.]+), close: ([0-9.]+)", block)
        found[f"{measure}_seeds"] = [(date, Fraction(before), Fraction(close)) for date, before, close in rows]
    return found


def close_of(session):
    """Tokyo's close in UTC: 15:00 until 2024-11-01, 15:30 from 2024-11-05."""
    return f"{session}T06:30:00Z" if session >= "2024-11-05" else f"{session}T06:00:00Z"


def utc(text):
    return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc)


def episode_id(rule, symbol, subject, at, ordinal):
    nanos = int(utc(at.replace("Z", "+00:00")).timestamp()) * 10**9
    return hashlib.sha256("\0".join([rule, symbol, subject, str(nanos), str(ordinal)]).encode()).hexdigest()[:32]


class Demo(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.text = replay("--format", "ndjson")
        cls.alerts = reference.read_alerts(cls.text)
        cls.sessions = reference.read_sessions(DEMO / "n225.csv")

    def rings(self, rule, session=None):
        return [alert for alert in self.alerts if alert["rule"] == rule and session in (None, alert.get("session"))]

    def same(self, rule, expected):
        found = reference.differences(rule, self.rings(rule), expected)
        self.assertFalse(found, "\n" + "\n".join(found))

    def holds(self, alert, **values):
        for name, value in values.items():
            self.assertEqual(alert["values"].get(name), value if isinstance(value, bool) or not isinstance(value, str)
                             or "-" in value or value.isalpha() else Fraction(value), name)

    def test_two_replays_print_the_same_bytes(self):
        self.assertEqual(self.text, replay("--format", "ndjson"))

    def test_every_alert_is_numbered_timed_and_named_as_promised(self):
        order = ["type", "seq", "id", "transition", "state", "reason", "rule", "kind", "symbol", "subject", "session", "severity",
                 "at", "summary", "values", "labels", "quality"]
        self.assertEqual([alert["seq"] for alert in self.alerts], list(range(1, len(self.alerts) + 1)))
        times = [alert["at"] for alert in self.alerts]
        self.assertEqual(times, sorted(times))
        episodes, begun = {}, {}
        for alert in self.alerts:
            self.assertEqual(list(alert), [key for key in order if key in alert])
            self.assertEqual(alert["quality"], "ok")
            self.assertEqual(alert["labels"], {"desk": "japan"})
            if alert.get("symbol"):
                self.assertEqual(alert["at"], close_of(alert["session"]))
            key = (alert["rule"], alert.get("symbol", ""), alert.get("subject", ""))
            if alert["transition"] == 0:
                ordinal = begun[key, alert["at"]] = begun.get((key, alert["at"]), -1) + 1
                episodes[key] = episode_id(*key, alert["at"], ordinal), 0
            name, transition = episodes[key]
            self.assertEqual((alert["id"], alert["transition"]), (name, transition))
            episodes[key] = name, transition + 1
        lines = [json.dumps(json.loads(line), separators=(",", ":"), ensure_ascii=False) for line in self.text.splitlines()]
        self.assertEqual([len(line) for line in lines], [len(line) for line in self.text.splitlines()], "not compact")

    def test_the_record_drops_and_gains_are_those_of_the_table(self):
        for rule, direction, measure, top_k in (("nikkei-record-drop", "down", "both", 1), ("nikkei-record-gain", "up", "both", 1),
                                                ("nikkei-top-ten-gain", "up", "points", 10)):
            with self.subTest(rule):
                self.same(rule, reference.record_moves(self.sessions, direction=direction, measure=measure, top_k=top_k,
                                                       **seeds(rule)))

    def test_the_watch_rings_and_resolves_as_recomputed(self):
        rule = "nikkei-top-ten-drop-watch"
        self.same(rule, reference.record_moves(self.sessions, direction="down", measure="points", basis="live", top_k=10,
                                               **seeds(rule)))

    def test_falls_from_the_previous_close_are_those_of_the_table(self):
        self.same("nikkei-down", reference.session_moves(self.sessions, direction="down", basis="live",
                                                         levels=[Fraction(3), Fraction(5), Fraction(7)]))

    def test_crossings_of_35000_are_those_of_the_table(self):
        self.same("nikkei-35000", reference.level_crosses(self.sessions, level=Fraction(35000), basis="live",
                                                          clear=Fraction(500)))

    def test_every_tariff_event_on_japan_rings_once_at_its_own_time(self):
        lines = [json.loads(line, parse_int=Fraction) for line in (DEMO / "us-tariffs.ndjson").read_text("utf-8").splitlines()]
        expected = [(event["measure"], utc(event["ts"]), event["stage"], event["rate"]) for event in lines
                    if event["target"] in ("JP", "*")]
        self.assertEqual(len(expected), 13)
        seen = [(alert["subject"], utc(alert["at"].replace("Z", "+00:00")), alert["values"]["stage"], alert["values"]["rate"])
                for alert in self.rings("tariffs-on-japan")]
        self.assertCountEqual(seen, expected)
        for alert in self.rings("tariffs-on-japan"):
            self.assertNotIn("symbol", alert)
            self.assertNotIn("session", alert)
            self.assertEqual(alert["values"]["sources"], ["us-tariffs"])

    def test_2024_08_05_is_a_record_in_points_and_second_in_percent(self):
        (alert,) = self.rings("nikkei-record-drop", "2024-08-05")
        self.holds(alert, points="4451.28", record_points="3836.48", record_points_session="1987-10-20", percent="12.3958",
                   record_percent="14.9009", rank_points="1", rank_percent="2", broke="points", rank_exact=True)

    def test_2024_08_06_is_a_record_gain_in_points_and_fourth_in_percent(self):
        (alert,) = self.rings("nikkei-record-gain", "2024-08-06")
        self.holds(alert, points="3217.04", record_points="2676.55", record_points_session="1990-10-02", percent="10.2263",
                   rank_points="1", rank_percent="4", broke="points")

    def test_2025_03_31_is_the_eighth_largest_drop(self):
        *_, settled = self.rings("nikkei-top-ten-drop-watch", "2025-03-31")
        self.assertEqual(settled["state"], "resolved")
        self.holds(settled, points="1502.77", rank="8", stood=True)

    def test_2025_04_03_rings_the_watch_which_does_not_stick_and_no_record(self):
        first, last = self.rings("nikkei-top-ten-drop-watch", "2025-04-03")
        self.assertEqual((first["state"], last["state"], last["reason"]), ("firing", "resolved", "cleared"))
        self.holds(first, price="34102", points="1623.87", rank="7", rank_exact=True)
        self.holds(last, price="34735.93", points="989.94", stood=False)
        self.assertEqual(self.rings("nikkei-record-drop", "2025-04-03"), [])

    def test_the_sequence_rings_once_on_2025_04_03(self):
        (alert,) = self.rings("tariff-then-slide")
        self.assertEqual((alert["at"], alert["state"], alert["values"]["elapsed"]), ("2025-04-03T06:30:00Z", "event", 37800))
        tariff, slide = alert["values"]["steps"]
        (cause,) = [other for other in self.rings("nikkei-down", "2025-04-03") if other["transition"] == 0]
        self.assertEqual(tariff["at"], "2025-04-02T20:00:00Z")
        self.assertEqual((slide["rule"], slide["at"], slide["id"]), ("nikkei-down", cause["at"], cause["id"]))
        self.assertGreater(alert["seq"], cause["seq"])

    def test_2025_04_07_is_third_in_points(self):
        *_, settled = self.rings("nikkei-top-ten-drop-watch", "2025-04-07")
        self.holds(settled, points="2644", rank="3", stood=True)
        self.assertEqual(self.rings("nikkei-record-drop", "2025-04-07"), [])

    def test_2025_04_10_is_the_second_largest_gain(self):
        (alert,) = self.rings("nikkei-top-ten-gain", "2025-04-10")
        self.holds(alert, points="2894.97", rank="2")
        self.assertEqual(self.rings("nikkei-record-gain", "2025-04-10"), [])

    def test_the_summary_ends_with_each_rule_how_often_it_rang_and_when_last(self):
        text = replay("--format", "text", "--summary")
        for rule in {alert["rule"] for alert in self.alerts}:
            with self.subTest(rule):
                # An episode rings once, whatever it becomes.
                count = sum(alert["transition"] == 0 for alert in self.rings(rule))
                last = [alert for alert in self.rings(rule) if alert["transition"] == 0][-1]
                row = [line for line in text.splitlines()[-20:] if line.split() and line.split()[0] == rule]
                self.assertEqual(len(row), 1, text)
                self.assertEqual(row[0].split()[1], str(count))
                self.assertIn(last.get("session") or last["at"][:10], row[0])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
