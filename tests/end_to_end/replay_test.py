#!/usr/bin/env python3
"""`tocsin replay`, option by option, as the program that people run.

    replay_test.py PROGRAM SOURCE_DIR
"""

import base64
import gzip
import json
import sys
import unittest
from random import Random

import program
from program import Daemon, Folder, WebSocket, run

CONFIG = """listen: 127.0.0.1:0
calendars: [xtks.yaml]
symbols:
  N225: {name: Nikkei 225, calendar: XTKS}
feeds:
  - {name: bars, file: bars.csv, csv: {symbol: N225, session: Date, open: Open, high: High, low: Low, close: Close}}
  - {name: news, file: news.ndjson}
rules: [rules.yaml]
"""
# A Tuesday to the next Tuesday: down 10 percent on the 3rd, up on the 4th, down again on the 8th.
BARS = """Date,Open,High,Low,Close
2025-04-01,1000,1000,1000,1000
2025-04-02,1000,1010,990,1000
2025-04-03,1000,1000,880,900
2025-04-04,900,1000,900,1000
2025-04-07,1000,1000,1000,1000
2025-04-08,1000,1000,850,950
"""
# BARS as `zstd -19` wrote them.
BARS_ZST = base64.b64decode("KLUv/STMtQIAEgQOEZB9UA9I/NUSMpPtEF7rHwclwM23G3T+u3w7QuS/XQx3Fy08FA9m+ADv1pk6V9YRytX02dYPOxUKAFxwoo"
                            "d4W5js5+uA4m8rQwSFFBAWarNAV8p4RdXz")
NEWS = '{"type":"tariff","measure":"m","ts":"2025-04-02T20:00:00Z","stage":"announced","imposer":"US","target":"JP","rate":24}\n'
RULES = """rules:
  - {name: down, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 5}, {at: 10, severity: critical}]}}
  - {name: tariffs, type: tariff_event, params: {match: {target: JP}}, severity: info}
"""
# at, rule, state, reason: the low of the 3rd goes through both levels at once, the close stays on the second; on the 8th the
# low is beyond the second, and the close comes back to the first.
EXPECTED = [("2025-04-02T20:00:00Z", "tariffs", "event", "entered"),
            ("2025-04-03T06:30:00Z", "down", "firing", "entered"),
            ("2025-04-03T06:30:00Z", "down", "resolved", "session_end"),
            ("2025-04-08T06:30:00Z", "down", "firing", "entered"),
            ("2025-04-08T06:30:00Z", "down", "firing", "deescalated"),
            ("2025-04-08T06:30:00Z", "down", "resolved", "session_end")]


def brief(alert):
    return alert["at"], alert["rule"], alert["state"], alert["reason"]


class Replay(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Folder(xtks__yaml=program.TOKYO, tocsin__yaml=CONFIG, bars__csv=BARS, news__ndjson=NEWS, rules__yaml=RULES)
        self.addCleanup(self.folder.close)

    def replay(self, *options, status=0, **also):
        done = run("replay", "--config", self.folder / "tocsin.yaml", *options, **also)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def alerts(self, *options):
        return [json.loads(line) for line in self.replay("--format", "ndjson", *options).stdout.splitlines()]

    def test_ndjson_is_one_alert_a_line_and_nothing_else(self):
        alerts = self.alerts()
        self.assertEqual([brief(alert) for alert in alerts], EXPECTED)
        self.assertEqual([alert["seq"] for alert in alerts], [1, 2, 3, 4, 5, 6])
        self.assertEqual([alert["severity"] for alert in alerts], ["info", "critical", "critical", "critical", "warning", "warning"])

    def test_text_is_the_default_and_shows_the_exchanges_time_and_zone(self):
        done = self.replay()
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 6)
        self.assertEqual(done.stdout, self.replay("--format", "text").stdout)
        self.assertIn("2025-04-03 05:00 JST", lines[0])
        self.assertIn("2025-04-03 15:30 JST", lines[1])
        self.assertIn("Nikkei 225", lines[1] + self.replay("--format", "ndjson").stdout.splitlines()[1].replace("N225", "Nikkei 225"))
        self.assertNotIn("\x1b", done.stdout)
        # One line for people on standard error, whatever else is logged there.
        self.assertRegex(done.stderr, r"(?m)^replayed 7 events, 0 rejected, 6 alerts in \d+\.\d+ s$")

    def test_from_and_to_print_a_range_of_the_whole_run(self):
        cut = self.alerts("--from", "2025-04-03", "--to", "2025-04-07")
        # The tariff is of the 3rd too: 05:00 in Tokyo.
        self.assertEqual([alert["seq"] for alert in cut], [1, 2, 3])
        last = self.alerts("--from", "2025-04-08")
        self.assertEqual([(alert["seq"], alert["transition"]) for alert in last], [(4, 0), (5, 1), (6, 2)])
        self.assertEqual(self.alerts("--to", "2025-04-02"), [])

    def test_to_runs_on_to_the_close_of_its_session(self):
        # Below since the close of the 8th, the last in the file: two sessions later it is the close of the 10th.
        self.folder.write("rules.yaml", RULES + "  - {name: low, type: level_cross, symbols: [N225], for: 2 sessions, "
                          "params: {level: 960, direction: down, mode: is_beyond}}\n")
        for options, expected in (([], []), (["--to", "2025-04-09"], []),
                                  (["--to", "2025-04-10"], [("2025-04-10T06:30:00Z", "low", "firing", "entered")])):
            with self.subTest(options):
                self.assertEqual([brief(alert) for alert in self.alerts(*options) if alert["rule"] == "low"], expected)

    def test_stats(self):
        path = self.folder / "stats.json"
        self.folder.write("bars.csv", BARS + "2025-04-09,1,2,3,4\n")
        self.replay("--stats", path)
        stats = json.loads(path.read_text())
        self.assertEqual(list(stats), ["events", "rejected", "alerts", "seconds", "events_per_second", "rule_evaluations",
                                       "peak_rss_bytes"])
        self.assertEqual((stats["events"], stats["rejected"], stats["alerts"]), (7, 1, 6))
        self.assertGreater(stats["seconds"], 0)
        self.assertAlmostEqual(stats["events_per_second"], 7 / stats["seconds"], delta=1 + 7 / stats["seconds"] / 100)
        self.assertGreaterEqual(stats["rule_evaluations"], 6)
        self.assertGreater(stats["peak_rss_bytes"], 1 << 20)

    def test_stats_that_cannot_be_written_are_an_error(self):
        self.assertIn("cannot be written", self.replay("--stats", self.folder / "no" / "stats.json", status=3).stderr)

    def test_a_bad_line_is_counted_logged_and_kept_and_its_neighbours_are_untouched(self):
        text = BARS.replace("2025-04-04", "2025-04-05,1,1,1,1\n2025-04-04")  # a Saturday
        self.folder.write("bars.csv", text)
        self.folder.write("news.ndjson", "{oops\n" + NEWS)
        letters = self.folder / "letters"
        done = self.replay("--format", "ndjson", "--dead-letter", letters)
        self.assertEqual([brief(json.loads(line)) for line in done.stdout.splitlines()], EXPECTED)
        self.assertIn("2 rejected", done.stderr)
        self.assertRegex(done.stderr, r"\bbars\.csv:5\b.*\bbars\b")
        kept = {path.name: [json.loads(line) for line in path.read_text().splitlines()] for path in letters.iterdir()}
        self.assertEqual(set(kept), {"bars.ndjson", "news.ndjson"})
        for name, line, reason, what in (("bars", 5, "no_session", "2025-04-05,1,1,1,1"), ("news", 1, "bad_json", "{oops")):
            (letter,) = kept[f"{name}.ndjson"]
            self.assertEqual((letter["feed"], letter["line"], letter["reason"], letter["text"]), (name, line, reason, what))
            self.assertTrue(letter["file"].endswith(("bars.csv", "news.ndjson")))

    def test_strict_stops_at_the_first_bad_line_and_says_where(self):
        self.folder.write("bars.csv", BARS.replace("2025-04-04,900,1000,900", "2025-04-04,900,1000,950"))
        done = self.replay("--strict", status=3)
        self.assertRegex(done.stderr, r"bars\.csv:5: .*bad_bar.*open 900 is below low 950")

    def test_speed_paces_it(self):
        self.replay("--speed", "1000sessions/s")
        self.assertGreater(self.timed("--speed", "10sessions/s"), 0.4)  # six sessions: the last begins after half a second
        self.assertGreater(self.timed("--speed", "1000000x"), 0.5)  # six days and a half

    def timed(self, *options):
        path = self.folder / "stats.json"
        self.replay("--stats", path, *options)
        return json.loads(path.read_text())["seconds"]

    def test_a_feed_may_be_standard_input(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("file: news.ndjson", 'file: "-"'))
        done = self.replay("--format", "ndjson", stdin=NEWS)
        self.assertEqual([brief(json.loads(line)) for line in done.stdout.splitlines()], EXPECTED)

    def test_an_archive_plays_as_the_file_that_went_into_it(self):
        for name, data in (("bars.csv.gz", gzip.compress(BARS.encode())), ("bars.csv.zst", BARS_ZST)):
            with self.subTest(name):
                (self.folder / name).write_bytes(data)
                self.folder.write("tocsin.yaml", CONFIG.replace("bars.csv", name))
                self.assertEqual([brief(alert) for alert in self.alerts()], EXPECTED)

    def test_of_a_truncated_archive_the_lines_before_play_and_one_line_says_where_it_ends(self):
        # Incompressible notes, so that the cut is in the last row.
        random = Random(7)
        rows = "".join(f"{line},{random.randbytes(64).hex() if line[0] == '2' else 'Note'}\n" for line in BARS.splitlines())
        data = gzip.compress(rows.encode())
        (self.folder / "bars.csv.gz").write_bytes(data[:-40])
        self.folder.write("tocsin.yaml", CONFIG.replace("bars.csv", "bars.csv.gz"))
        done = self.replay("--format", "ndjson", status=3)
        self.assertEqual([brief(json.loads(line)) for line in done.stdout.splitlines()], EXPECTED[:3])
        self.assertRegex(done.stderr, rf"(?m)^\S*tocsin\.yaml:6:5: cannot read on in \S+bars\.csv\.gz behind line 6: the gzip data ends too "
                                      rf"early, at byte {len(data) - 40}; the file is cut short$")

    def test_a_pattern_plays_its_files_one_behind_the_other_as_one_feed(self):
        header, *rows = BARS.splitlines(keepends=True)
        days = self.folder / "days"
        days.mkdir()
        for name, part in (("2025-a.csv.gz", rows[:2]), ("2025-b.csv", ["2025-04-01,1,1,1,1\n", *rows[2:4]]), ("2025-c.csv.gz", rows[4:])):
            text = (header + "".join(part)).encode()
            (days / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        (days / "2026.csv").write_text("not,matched\n")
        self.folder.write("tocsin.yaml", CONFIG.replace("file: bars.csv", 'file: "days/2025-*"'))
        done = self.replay("--format", "ndjson", "--dead-letter", self.folder / "letters")
        self.assertEqual([brief(json.loads(line)) for line in done.stdout.splitlines()], EXPECTED)
        self.assertRegex(done.stderr, r"days/2025-b\.csv:2: rejected \(out_of_order\): .*\[feed bars\]")
        letter = json.loads((self.folder / "letters" / "bars.ndjson").read_text())
        self.assertEqual((letter["file"], letter["line"]), (str(days / "2025-b.csv"), 2))
        self.folder.write("tocsin.yaml", CONFIG.replace("file: bars.csv", 'file: "days/2024-*"'))
        for command, status in (("replay", 3), ("check", 1)):
            done = run(command, "--config", self.folder / "tocsin.yaml")
            self.assertEqual(done.returncode, status)
            self.assertRegex(done.stderr, r"(?m)^\S*tocsin\.yaml:6:5: cannot open \S+days/2024-\*: no file matches$")

    def test_a_file_as_a_vendor_writes_it(self):
        text = "\ufeff" + BARS.replace("Date", '"Date"').replace("1010", "N/A").replace(",", ";").replace("\n", "\r\n")
        for day in range(1, 10):
            text = text.replace(f"2025-04-0{day}", f"0{day}.04.2025")
        self.folder.write("bars.csv", text)
        written = CONFIG.replace("csv: {", 'csv: {separator: ";", date_format: "%d.%m.%Y", ')
        self.folder.write("tocsin.yaml", written)
        self.assertEqual([brief(alert) for alert in self.alerts()], EXPECTED)
        # The wrong format is one mistake, not one a row.
        self.folder.write("tocsin.yaml", written.replace("%d.%m", "%m/%d"))
        for command, status in (("replay", 3), ("check", 1)):
            done = run(command, "--config", self.folder / "tocsin.yaml")
            self.assertEqual(done.returncode, status)
            self.assertEqual(done.stderr.count("date_format"), 1, done.stderr)
            self.assertRegex(done.stderr, r'(?m)^\S*tocsin\.yaml:6:\d+: \S+bars\.csv:2: Date "01\.04\.2025" does not fit the date_format '
                                          r'"%m/%d\.%Y"$')

    def test_a_live_feed_is_not_opened(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("rules:", '  - {name: desk, tcp: "127.0.0.1:1"}\nrules:'))
        self.assertEqual([brief(alert) for alert in self.alerts()], EXPECTED)

    def test_wrong_usage_a_wrong_configuration_and_what_cannot_run(self):
        config = self.folder / "tocsin.yaml"
        for status, arguments, message in (
                (2, ["replay"], "--config is required"),
                (2, ["replay", "--config", config, "--speed", "fast"], 'fast" is no speed: write 60x, 1x or 1session/s'),
                (2, ["replay", "--config", config, "--from", "2025-02-30"], "2025-02-30"),
                (2, ["replay", "--config", config, "--format", "xml"], "xml not in"),
                (2, ["replay", "--config", config, "--loud"], "--loud"),
                (2, [], "A subcommand is required"),
                (2, ["play"], "subcommand"),
                (1, ["replay", "--config", self.folder / "none.yaml"], "none.yaml"),
        ):
            with self.subTest(arguments=arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
                self.assertIn(message, done.stderr)
        (self.folder / "bars.csv").unlink()
        done = self.replay(status=3)
        self.assertRegex(done.stderr, r"tocsin\.yaml:6:\d+: .*bars\.csv: No such file")
        self.folder.write("bars.csv", "Day,Open\n")
        done = self.replay(status=3)
        self.assertRegex(done.stderr, r"Date")

    def test_help_on_every_level_and_the_version(self):
        for arguments in ([], ["serve"], ["replay"], ["check"], ["rules"], ["tail"]):
            with self.subTest(arguments):
                done = run(*arguments, "--help")
                self.assertEqual(done.returncode, 0)
                self.assertIn("Usage: tocsin" + "".join(" " + word for word in arguments), done.stdout)
        self.assertRegex(run("--version").stdout, r"^tocsin \d+\.\d+\.\d+\n$")

    def test_serve_pushes_while_it_plays(self):
        daemon = Daemon("replay", "--config", self.folder / "tocsin.yaml", "--serve", "--speed", "3sessions/s", "--format", "ndjson")
        self.addCleanup(daemon.kill)
        daemon.wait_until_it_serves()
        client = WebSocket(daemon.address)
        self.addCleanup(client.close)
        self.assertEqual(client.expect("hello")["heartbeat_s"], 15)
        client.send(type="subscribe", id="all", since=0)
        client.expect("subscribed")
        # Asked while it waits for the next session to be due.
        rules = daemon.get_json("/v1/rules")["rules"]
        self.assertEqual([rule["name"] for rule in rules], ["down", "tariffs"])
        messages = client.rest()
        alerts = [message for message in messages if message["type"] == "alert"]
        self.assertEqual([brief(alert) for alert in alerts], EXPECTED)
        self.assertIn("emitted", alerts[-1])
        out, _ = daemon.process.communicate(timeout=program.DEADLINE)
        self.assertEqual(daemon.process.returncode, 0)
        printed = [json.loads(line) for line in out.decode().splitlines()]
        for alert in alerts:
            alert.pop("emitted", None)
        self.assertEqual(alerts, printed)
        self.assertTrue(all("epoch" not in alert for alert in printed))

    def test_a_signal_ends_a_paced_replay_in_order(self):
        # The first event rings, and the next is due hours later.
        self.folder.write("news.ndjson", NEWS.replace("2025-04-02", "2025-03-31"))
        for options in ([], ["--serve"]):
            with self.subTest(options):
                daemon = Daemon("replay", "--config", self.folder / "tocsin.yaml", "--speed", "1x", "--format", "ndjson", *options)
                self.addCleanup(daemon.kill)
                self.assertEqual(json.loads(daemon.process.stdout.readline())["rule"], "tariffs")
                if options:
                    daemon.wait_until_it_serves()
                    self.assertEqual(len(daemon.get_json("/v1/rules")["rules"]), 2)
                status, seconds, rest = daemon.stop()
                self.assertEqual((status, rest), (0, ""), daemon.log)
                self.assertLess(seconds, 5)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
