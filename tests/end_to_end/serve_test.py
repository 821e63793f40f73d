#!/usr/bin/env python3
"""`tocsin serve` over real sockets: events in by TCP, alerts out by WebSocket, and all that it answers by HTTP.

    serve_test.py PROGRAM SOURCE_DIR
"""

import datetime
import gzip
import json
import os
import signal
import socket
import sys
import unittest

import program
from program import Daemon, Folder, WebSocket, run, until

CONFIG = """listen: 127.0.0.1:0
heartbeat: 1s
calendars: [always.yaml, xtks.yaml]
symbols:
  COIN: {calendar: ALWAYS}
  N225: {name: Nikkei 225, calendar: XTKS}
feeds:
  - {name: bars, file: bars.csv, csv: {symbol: N225, session: Date, open: Open, high: High, low: Low, close: Close}}
  - {name: desk, tcp: "127.0.0.1:0", max_ahead: 1h}
rules: [rules.yaml]
"""
BARS = """Date,Open,High,Low,Close
2025-04-02,1000,1000,1000,1000
2025-04-03,1000,1000,880,900
"""
RULES = """rules:
  - {name: cross, type: level_cross, symbols: [COIN], params: {level: 100, direction: any}, severity: critical}
  - {name: down, type: session_move, symbols: [N225], params: {direction: down, levels: [{at: 5}]}}
  - {name: above, type: level_cross, symbols: [COIN], params: {level: 200, direction: up, mode: is_beyond}, severity: info}
  - {name: tariffs, type: tariff_event, params: {match: {target: JP}}, enabled: false}
"""


def now(seconds=0):
    """In the same session whenever it runs, unless that is the last minute of a UTC day."""
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return at.isoformat().replace("+00:00", "Z")


class Serve(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = Folder(always__yaml=program.ALWAYS, xtks__yaml=program.TOKYO, tocsin__yaml=CONFIG, bars__csv=BARS,
                             rules__yaml=RULES)
        self.addCleanup(self.folder.close)
        self.state = self.folder.path / "state"
        self.state.mkdir()

    def start(self, **env):
        daemon = Daemon("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": str(self.state), **env})
        self.addCleanup(daemon.kill)
        return daemon.wait_until_it_serves()

    def connect(self, daemon):
        client = WebSocket(daemon.address)
        self.addCleanup(client.close)
        return client, client.expect("hello")

    def desk(self, daemon):
        connection = socket.create_connection(("127.0.0.1", daemon.ports["desk"]), timeout=program.DEADLINE)
        self.addCleanup(connection.close)
        return lambda *events: connection.sendall("".join(
            (event if isinstance(event, str) else json.dumps({"ts": now(), **event})) + "\n" for event in events).encode())

    def test_from_a_line_on_tcp_to_an_alert_on_a_websocket(self):
        daemon = self.start()
        client, hello = self.connect(daemon)
        self.assertEqual(sorted(hello), ["epoch", "head", "heartbeat_s", "server", "type"])
        self.assertEqual((hello["head"], hello["heartbeat_s"]), (2, 1))
        self.assertRegex(hello["epoch"], "^[0-9a-f]{16}$")
        self.assertRegex(hello["server"], r"^tocsin \d")
        client.send(type="subscribe", id="mine", filter={"rules": ["cross"]})
        self.assertEqual(client.expect("subscribed"), {"type": "subscribed", "id": "mine", "head": 2, "oldest": 1})
        send = self.desk(daemon)
        send({"type": "quote", "symbol": "COIN", "price": 101}, {"type": "quote", "symbol": "COIN", "price": "99.5"})
        alert = client.expect("alert")
        self.assertEqual((alert["rule"], alert["symbol"], alert["state"], alert["seq"]), ("cross", "COIN", "event", 3))
        self.assertEqual(alert["values"], {"price": 99.5, "previous_price": 101, "level": 100})
        self.assertEqual(alert["quality"], "ok")
        self.assertIn("emitted", alert)
        # What it was told, another may ask for: the log is the same for all.
        late, _ = self.connect(daemon)
        late.send(type="subscribe", id="all", since=0)
        late.expect("subscribed")
        self.assertEqual([late.expect("alert")["seq"] for _ in range(3)], [1, 2, 3])
        self.assertEqual(late.expect("caught_up")["seq"], 3)

    def test_the_history_is_in_the_log_and_live_for_nobody(self):
        daemon = self.start()
        client, _ = self.connect(daemon)
        client.send(type="subscribe", id="live")
        self.assertEqual(client.expect("subscribed")["head"], 2)
        client.send(type="ping", id="p")
        client.expect("pong")  # and no alert before it
        client.send(type="subscribe", id="all", since=0)
        client.expect("subscribed")
        served = [client.expect("alert") for _ in range(2)]
        replayed = [json.loads(line) for line in
                    run("replay", "--config", self.folder / "tocsin.yaml", "--format", "ndjson").stdout.splitlines()]
        self.assertEqual(served, replayed)

    def test_heartbeats_tell_how_far_it_has_decided_and_what_the_feeds_do(self):
        daemon = self.start()
        client, hello = self.connect(daemon)
        beat = client.expect("heartbeat")
        self.assertEqual((beat["epoch"], beat["head"]), (hello["epoch"], 2))
        self.assertEqual(beat["feeds"], {"bars": "ended", "desk": "waiting"})
        later = until(lambda: (b := client.expect("heartbeat"))["evaluated_through"] > beat["evaluated_through"] and b,
                      "the clock feed to move time")
        self.assertLess(later["evaluated_through"], now())
        self.desk(daemon)
        until(lambda: client.expect("heartbeat")["feeds"]["desk"] == "live", "the feed to be live")

    def test_everything_that_it_answers_by_http(self):
        daemon = self.start()
        for path in ("/healthz", "/readyz"):
            self.assertEqual(daemon.get(path)[0], 200, path)
        alerts = daemon.get_json("/v1/alerts")
        self.assertEqual([alert["seq"] for alert in alerts["alerts"]], [1, 2])
        self.assertEqual([alert["seq"] for alert in daemon.get_json("/v1/alerts?since=1&limit=5&symbol=N225&rule=down")["alerts"]],
                         [2])
        self.assertEqual(daemon.get_json("/v1/alerts?state=firing")["alerts"], [])

        send = self.desk(daemon)
        send({"type": "quote", "symbol": "COIN", "price": 150}, {"type": "quote", "symbol": "COIN", "price": 210},
             {"type": "quote", "symbol": "GOLD", "price": 1}, "no json")
        firing = until(lambda: daemon.get_json("/v1/alerts?state=firing")["alerts"], "the alert")
        self.assertEqual([alert["rule"] for alert in firing], ["above"])

        rules = {rule["name"]: rule for rule in daemon.get_json("/v1/rules")["rules"]}
        self.assertEqual(sorted(rules), ["above", "cross", "down", "tariffs"])
        self.assertFalse(rules["tariffs"]["enabled"])
        (above,) = rules["above"]["instances"]
        self.assertEqual((above["symbol"], above["state"]), ("COIN", "firing"))
        (cross,) = rules["cross"]["instances"]
        (distance,) = cross["distance"]
        self.assertEqual((distance["value"], distance["threshold"], distance["margin"]), (210, 100, 110))

        until(lambda: (feeds := {feed["name"]: feed for feed in daemon.get_json("/v1/feeds")["feeds"]})["desk"]["rejected"] == 2,
              "both bad lines")
        feeds = {feed["name"]: feed for feed in daemon.get_json("/v1/feeds")["feeds"]}
        self.assertEqual((feeds["bars"]["state"], feeds["bars"]["events"], feeds["bars"]["newest"]),
                         ("ended", 2, "2025-04-03T06:30:00Z"))
        self.assertEqual((feeds["desk"]["state"], feeds["desk"]["events"]), ("live", 2))
        self.assertEqual(feeds["desk"]["rejected_by_reason"], {"bad_json": 1, "unknown_symbol": 1})

        status, headers, metrics = daemon.get("/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(headers["Content-Type"].startswith("text/plain"))
        for line in ('tocsin_feed_events_total{feed="bars"} 2', 'tocsin_feed_rejected_total{feed="desk",reason="bad_json"} 1',
                     'tocsin_decided_total{what="alerts"} 3'):
            self.assertIn(line, metrics)
        status, headers, body = daemon.get("/v1/nothing")
        self.assertEqual((status, headers["Content-Type"]), (404, "application/problem+json"))
        self.assertEqual(json.loads(body)["status"], 404)

    def test_bad_lines_are_kept_in_the_state_directory(self):
        daemon = self.start()
        send = self.desk(daemon)
        send("{bad", {"type": "quote", "symbol": "COIN", "price": 1, "ts": now(7200)},
             {"type": "quote", "symbol": "COIN", "price": -1})
        path = self.state / "dead-letter" / "desk.ndjson"
        kept = until(lambda: path.exists() and len(lines := path.read_text().splitlines()) == 3 and lines, "the dead letters")
        letters = [json.loads(line) for line in kept]
        self.assertEqual([letter["reason"] for letter in letters], ["bad_json", "future", "price_not_positive"])
        self.assertEqual([letter["line"] for letter in letters], [1, 2, 3])
        self.assertEqual(letters[0]["text"], "{bad")
        self.assertEqual({letter["feed"] for letter in letters}, {"desk"})

    def follow(self):
        self.folder.write("tocsin.yaml", CONFIG.replace("  - {name: desk,", "  - {name: log, file: log.ndjson, follow: true, max_ahead: 1h}\n"
                                                        "  - {name: desk,"))
        path = self.folder / "log.ndjson"

        def write(*prices, to=path, end="\n"):
            with to.open("a", encoding="utf-8") as file:
                file.write("\n".join(json.dumps({"type": "quote", "symbol": "COIN", "ts": now(), "price": price})
                                     for price in prices) + end)
        return path, write

    def test_a_followed_file_is_history_first_and_then_live_over_rotation_and_truncation(self):
        path, write = self.follow()
        write(99, 101)  # crosses 100 upwards
        daemon = self.start()
        client, hello = self.connect(daemon)
        self.assertEqual(hello["head"], 3)
        client.send(type="subscribe", id="live", filter={"rules": ["cross"]})
        client.expect("subscribed")

        def crossing():
            alert = client.expect("alert")
            return alert["seq"], alert["values"]["previous_price"], alert["values"]["price"]

        write(98)
        self.assertEqual(crossing(), (4, 101, 98))
        # One line in two halves, in two writes.
        line = json.dumps({"type": "quote", "symbol": "COIN", "ts": now(), "price": 102}) + "\n"
        for half in (line[:30], line[30:]):
            with path.open("a", encoding="utf-8") as file:
                file.write(half)
        self.assertEqual(crossing(), (5, 98, 102))
        # Renamed and made anew, as logrotate does; the last line of the old one has no end.
        old = self.folder / "log.1"
        write(97, end="")
        path.rename(old)
        write(103, 103)
        self.assertEqual([crossing(), crossing()], [(6, 102, 97), (7, 97, 103)])
        # Truncated in place.
        with path.open("w", encoding="utf-8"):
            pass
        write(96)
        self.assertEqual(crossing(), (8, 103, 96))
        with path.open("a", encoding="utf-8") as file:
            file.write("nonsense\n")
        write(104)
        self.assertEqual(crossing(), (9, 96, 104))
        # The alert goes out first; how the feeds stand is shown after what was decided.
        feed = until(lambda: (f := {f["name"]: f for f in daemon.get_json("/v1/feeds")["feeds"]}["log"])["events"] == 9 and f,
                     "the last event to be counted")
        self.assertEqual((feed["state"], feed["rejected_by_reason"]), ("live", {"bad_json": 1}))
        letter = json.loads((self.state / "dead-letter" / "log.ndjson").read_text())
        self.assertEqual((letter["file"], letter["line"], letter["text"]), (str(path), 2, "nonsense"))
        self.assertEqual(daemon.stop()[0], 0)
        for words in (b"log.ndjson is another file now", b"log.ndjson got shorter"):
            self.assertIn(words, daemon.log)

    def test_a_followed_file_may_come_later_and_a_replay_reads_it_to_its_present_end(self):
        path, write = self.follow()
        checked = run("check", "--config", self.folder / "tocsin.yaml")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertRegex(checked.stderr, r"tocsin\.yaml:9:5: .*log\.ndjson is not there yet; serve waits for it")
        daemon = self.start()
        client, _ = self.connect(daemon)
        client.send(type="subscribe", id="live")
        client.expect("subscribed")
        feeds = {feed["name"]: feed["state"] for feed in daemon.get_json("/v1/feeds")["feeds"]}
        self.assertEqual(feeds["log"], "waiting")
        write(99, 101, end="")
        write(end="\n")
        alert = client.expect("alert")
        self.assertEqual((alert["seq"], alert["rule"]), (3, "cross"))
        write(98, end="")  # no line for the daemon, one for a replay
        replayed = run("replay", "--config", self.folder / "tocsin.yaml", "--format", "ndjson")
        self.assertEqual(replayed.returncode, 0, replayed.stderr)
        self.assertEqual([json.loads(line)["values"].get("price") for line in replayed.stdout.splitlines()
                          if '"cross"' in line], [101, 98])

    def test_an_archive_is_history_like_any_file(self):
        (self.folder / "bars.csv.gz").write_bytes(gzip.compress(BARS.encode()))
        (self.folder / "bars.csv").unlink()
        self.folder.write("tocsin.yaml", CONFIG.replace("bars.csv", "bars*.csv.gz"))
        daemon = self.start()
        self.assertEqual(self.connect(daemon)[1]["head"], 2)
        self.assertEqual(daemon.stop()[0], 0)
        data = (self.folder / "bars.csv.gz").read_bytes()
        (self.folder / "bars.csv.gz").write_bytes(data[:-9])
        done = run("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": str(self.state)})
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"tocsin\.yaml:8:5: cannot read on in \S+/bars\.csv\.gz behind line \d: the gzip data ends too early")

    def test_a_signal_ends_it_in_order(self):
        for how in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(how.name):
                daemon = self.start()
                client, _ = self.connect(daemon)
                client.send(type="subscribe", id="x")
                client.expect("subscribed")
                self.desk(daemon)({"type": "quote", "symbol": "COIN", "price": 150},
                                  {"type": "quote", "symbol": "COIN", "price": 50})
                self.assertEqual(client.expect("alert")["seq"], 3)
                daemon.process.send_signal(how)
                while isinstance(code := client.receive(), dict):
                    pass
                self.assertEqual(code, 1001)  # going away
                client.answer_close()
                self.assertEqual(client.rest(), [])
                client.close()
                status, seconds, out = daemon.wait()
                self.assertEqual((status, out), (0, ""), daemon.log)
                self.assertLess(seconds, 4)  # only a peer that does not answer is waited for
                self.assertIn(b"stopped after 3 alerts", daemon.log)

    def test_systemd_is_told_when_it_serves_and_when_it_stops(self):
        path = str(self.folder.path / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
            supervisor.bind(path)
            supervisor.settimeout(program.DEADLINE)
            daemon = self.start(NOTIFY_SOCKET=path)
            told = supervisor.recv(4096).decode()
            self.assertIn("READY=1", told.splitlines())
            # Ready means that it accepts.
            self.assertEqual(daemon.get("/readyz")[0], 200)
            daemon.process.send_signal(signal.SIGTERM)
            while "STOPPING=1" not in supervisor.recv(4096).decode().splitlines():
                pass
            self.assertEqual(daemon.process.wait(program.DEADLINE), 0)

    def test_what_cannot_run_ends_with_3_and_its_place(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for config, place in ((CONFIG.replace("listen: 127.0.0.1:0", f"listen: 127.0.0.1:{port}"), "1:9"),
                                  (CONFIG.replace('tcp: "127.0.0.1:0"', f'tcp: "127.0.0.1:{port}"'), "9:5")):
                with self.subTest(place):
                    self.folder.write("tocsin.yaml", config)
                    done = run("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": str(self.state)})
                    self.assertEqual(done.returncode, 3, done.stderr)
                    self.assertRegex(done.stderr, rf"tocsin\.yaml:{place}: .*{port}.*in use")
        self.folder.write("tocsin.yaml", CONFIG)
        (self.folder / "bars.csv").unlink()
        done = run("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": str(self.state)})
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"tocsin\.yaml:8:\d+: .*bars\.csv")
        self.folder.write("bars.csv", BARS)
        done = run("serve", "--config", self.folder / "tocsin.yaml", env={"STATE_DIRECTORY": os.devnull})
        self.assertEqual(done.returncode, 3)
        self.assertIn("dead-letter", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
