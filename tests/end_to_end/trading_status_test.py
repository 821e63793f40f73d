#!/usr/bin/env python3
"""Halts and unscheduled closes, through the whole program.

    trading_status_test.py PROGRAM SOURCE_DIR
"""

import json
import sys
import unittest

import program
from program import Folder, run

CONFIG = """listen: 127.0.0.1:0
calendars: [xtks.yaml]
symbols:
  N225: {name: Nikkei 225, calendar: XTKS}
feeds:
  - {name: news, file: news.ndjson}
rules: [rules.yaml]
"""
RULES = """rules:
  - {name: status, type: trading_status, symbols: [N225], params: {}}
"""
TICK = {"type": "quote", "symbol": "N225", "ts": "2025-04-02T00:10:00Z", "price": 1000}
NEXT = {"type": "quote", "symbol": "N225", "ts": "2025-04-03T01:00:00Z", "price": 1001}


def status(state, ts, day="02"):
    return {"type": "status", "symbol": "N225", "ts": f"2025-04-{day}T{ts}Z", "state": state}


def told(at, state, reason, kind, since, seconds):
    return at, state, reason, kind, since, seconds


# Tokyo trades from 00:00Z to 02:30Z and from 03:30Z to 06:25Z; the session ends at 06:30Z.
ROWS = [
    ("a halt ends when trading resumes", [status("halted", "01:00:00"), status("resumed", "01:10:00")],
     [told("2025-04-02T01:00:00Z", "firing", "entered", "halted", "2025-04-02T01:00:00Z", 0),
      told("2025-04-02T01:10:00Z", "resolved", "cleared", "resumed", "2025-04-02T01:00:00Z", 600)]),
    ("said twice, it rings once", [status("halted", "01:00:00"), status("halted", "01:05:00"), status("resumed", "01:10:00")],
     [told("2025-04-02T01:00:00Z", "firing", "entered", "halted", "2025-04-02T01:00:00Z", 0),
      told("2025-04-02T01:10:00Z", "resolved", "cleared", "resumed", "2025-04-02T01:00:00Z", 600)]),
    ("lunch is no trading time", [status("halted", "02:20:00"), status("resumed", "03:40:00")],
     [told("2025-04-02T02:20:00Z", "firing", "entered", "halted", "2025-04-02T02:20:00Z", 0),
      told("2025-04-02T03:40:00Z", "resolved", "cleared", "resumed", "2025-04-02T02:20:00Z", 1200)]),
    ("a second halt begins anew", [status("halted", "01:00:00"), status("resumed", "01:10:00"),
                                   status("halted", "02:00:00"), status("resumed", "02:01:00")],
     [told("2025-04-02T01:00:00Z", "firing", "entered", "halted", "2025-04-02T01:00:00Z", 0),
      told("2025-04-02T01:10:00Z", "resolved", "cleared", "resumed", "2025-04-02T01:00:00Z", 600),
      told("2025-04-02T02:00:00Z", "firing", "entered", "halted", "2025-04-02T02:00:00Z", 0),
      told("2025-04-02T02:01:00Z", "resolved", "cleared", "resumed", "2025-04-02T02:00:00Z", 60)]),
    ("closed for the day, it ends with the session", [status("closed", "06:00:00")],
     [told("2025-04-02T06:00:00Z", "firing", "entered", "closed_unscheduled", "2025-04-02T06:00:00Z", 0),
      told("2025-04-02T06:30:00Z", "resolved", "session_end", "session_ended", "2025-04-02T06:00:00Z", 1500)]),
    ("never resumed, it ends with the session, and begins anew at the next open",
     [status("halted", "06:00:00"), status("resumed", "00:30:00", "03")],
     [told("2025-04-02T06:00:00Z", "firing", "entered", "halted", "2025-04-02T06:00:00Z", 0),
      told("2025-04-02T06:30:00Z", "resolved", "session_end", "session_ended", "2025-04-02T06:00:00Z", 1500),
      told("2025-04-03T00:00:00Z", "firing", "entered", "halted", "2025-04-03T00:00:00Z", 0),
      told("2025-04-03T00:30:00Z", "resolved", "cleared", "resumed", "2025-04-03T00:00:00Z", 1800)]),
    ("a halt at night waits for the open", [status("halted", "12:00:00"), status("resumed", "00:30:00", "03")],
     [told("2025-04-03T00:00:00Z", "firing", "entered", "halted", "2025-04-03T00:00:00Z", 0),
      told("2025-04-03T00:30:00Z", "resolved", "cleared", "resumed", "2025-04-03T00:00:00Z", 1800)]),
    ("over at night, it was none", [status("halted", "12:00:00"), status("resumed", "13:00:00")], []),
    ("resumed alone is nothing", [status("resumed", "01:00:00")], []),
]


class TradingStatus(unittest.TestCase):
    maxDiff = None

    def test_rows(self):
        for name, events, expected in ROWS:
            with self.subTest(name):
                lines = "".join(json.dumps(event) + "\n" for event in [TICK, *events, NEXT])
                folder = Folder(xtks__yaml=program.TOKYO, tocsin__yaml=CONFIG, news__ndjson=lines, rules__yaml=RULES)
                self.addCleanup(folder.close)
                done = run("replay", "--config", folder / "tocsin.yaml", "--format", "ndjson", "--strict")
                self.assertEqual(done.returncode, 0, done.stderr)
                seen = []
                for alert in map(json.loads, done.stdout.splitlines()):
                    values = alert["values"]
                    self.assertEqual((values["last_price"], values["last_at"]), (1000, "2025-04-02T00:10:00Z"))
                    seen.append((alert["at"], alert["state"], alert["reason"], values["status"], values["since"],
                                 float(values["trading_seconds"])))
                self.assertEqual(seen, expected)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
