#!/usr/bin/env python3
"""`tocsin tail` beside a running daemon: what it prints, how it comes back, how it ends.

    tail_test.py PROGRAM SOURCE_DIR
"""

import json
import re
import signal
import socket
import subprocess
import sys
import unittest

import program
from program import Daemon, Folder, run

CONFIG = """listen: 127.0.0.1:{port}
calendars: [xtks.yaml]
symbols: {{N225: {{name: Nikkei 225, calendar: XTKS}}}}
feeds:
  - {{name: bars, file: bars.csv, csv: {{symbol: N225, session: Date, close: Close}}}}
rules: [rules.yaml]
"""
BARS = "Date,Close\n2025-04-02,1000\n2025-04-03,940\n2025-04-04,1000\n2025-04-07,900\n"
RULES = """rules:
  - {name: down, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 5}]}}
  - {name: quiet, type: level_cross, symbols: [N225], params: {level: 950, basis: close}, mute_until: "2025-04-04T00:00:00Z"}
"""
# As the pages say: 940 of 1000 is a fall of 6 %, 900 one of 10 %; the level is crossed down, up and down, the first time muted.
LINES = [
    r"2025-04-03T06:30:00Z  warning   firing    down: .*6%.*",
    r"2025-04-03T06:30:00Z  warning   resolved \(session_end\)  down: .*",
    r"2025-04-04T06:30:00Z  warning   event     quiet: N225 rose through 950 to 1000",
    r"2025-04-07T06:30:00Z  warning   firing    down: .*10%.*",
    r"2025-04-07T06:30:00Z  warning   event     quiet: N225 fell through 950 to 900",
    r"2025-04-07T06:30:00Z  warning   resolved \(session_end\)  down: .*",
]


class Tail:
    def __init__(self, test, daemon_address, *arguments):
        self.process = subprocess.Popen([program.PROGRAM, "tail", "%s:%d" % daemon_address, *arguments], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        test.addCleanup(self.close)

    def lines(self, count):
        """The next lines; a test's own deadline ends a wait in vain."""
        return [self.process.stdout.readline().rstrip("\n") for _ in range(count)]

    def warning(self, pattern):
        """Reads on until a warning matches."""
        for line in self.process.stderr:
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"it ended without saying {pattern}")

    def stop(self, how):
        self.process.send_signal(how)
        return self.process.wait(program.DEADLINE)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class TailTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Folder(xtks__yaml=program.TOKYO, bars__csv=BARS, rules__yaml=RULES)
        self.addCleanup(self.folder.close)

    def start(self, port=0):
        self.folder.write("tocsin.yaml", CONFIG.format(port=port))
        daemon = Daemon("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": str(self.folder.path)})
        self.addCleanup(daemon.kill)
        return daemon.wait_until_it_serves()

    def test_all_that_is_held_as_lines_for_people(self):
        tail = Tail(self, self.start().address, "--since", "0")
        for line, expected in zip(tail.lines(len(LINES)), LINES):
            self.assertRegex(line, f"^{expected}$")
        self.assertEqual(tail.stop(signal.SIGINT), 0)

    def test_a_muted_alert_is_in_the_log_and_on_no_stream(self):
        daemon = self.start()
        alerts = daemon.get_json("/v1/alerts")["alerts"]
        self.assertEqual([alert["seq"] for alert in alerts if alert.get("muted")], [2])
        self.assertEqual((alerts[1]["rule"], alerts[1]["at"]), ("quiet", "2025-04-03T06:30:00Z"))
        tail = Tail(self, daemon.address, "--since", "0", "--format", "ndjson")
        self.assertEqual([json.loads(line)["seq"] for line in tail.lines(6)], [1, 3, 4, 5, 6, 7])
        replayed = run("replay", "--config", self.folder / "tocsin.yaml").stdout
        self.assertIn("fell through 950 to 940 [muted]\n", replayed)

    def test_ndjson_is_what_the_log_has(self):
        daemon = self.start()
        tail = Tail(self, daemon.address, "--since", "0", "--format", "ndjson", "--rule", "q*", "--severity", "warning")
        printed = [json.loads(line) for line in tail.lines(2)]
        self.assertEqual(printed, [alert for alert in daemon.get_json("/v1/alerts?rule=quiet")["alerts"] if "muted" not in alert])
        self.assertEqual(tail.stop(signal.SIGTERM), 0)

    def test_it_follows_through_a_restart(self):
        daemon = self.start()
        port = daemon.address[1]
        tail = Tail(self, daemon.address, "--since", "4", "--format", "ndjson")
        self.assertEqual([json.loads(line)["seq"] for line in tail.lines(3)], [5, 6, 7])
        daemon.stop()
        self.assertEqual(tail.warning(r"trying again in (\S+) s")[1], "0.25")
        self.start(port)
        tail.warning("began anew")  # the log is another: all of it is news
        self.assertEqual([json.loads(line)["seq"] for line in tail.lines(6)], [1, 3, 4, 5, 6, 7])

    def test_what_cannot_work_is_said(self):
        daemon = self.start()
        refused = run("tail", "%s:%d" % daemon.address, "--symbol", "HSI")
        self.assertEqual((refused.returncode, refused.stdout), (3, ""))
        self.assertIn("no_match: no configured symbol matches the filter's symbols", refused.stderr)
        wrong = run("tail", "https://localhost")
        self.assertEqual(wrong.returncode, 2)
        self.assertRegex(wrong.stderr, '"https://localhost" .*')
        with socket.create_server(("127.0.0.1", 0)) as listener:
            silent = Tail(self, listener.getsockname()[:2])
            connection, _ = listener.accept()  # and then no answer
            self.assertEqual(silent.stop(signal.SIGINT), 0)
            connection.close()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
