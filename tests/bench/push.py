#!/usr/bin/env python3
"""How fast alerts reach their subscribers, beside the least that a server must do: many at once, one by one, what that costs, and what an
idle subscriber holds.

    push.py --build DIR [--pairs N] [--subscribers N,N]

The server, its floor and the load share this machine's cores, and run in turns. The numbers are reported and nothing is asserted.
"""

import argparse
import datetime
import json
import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PORT, LINES_PORT = 28787, 28788
SUBSCRIBE = '{"type":"subscribe","id":"a"}'
TICKS = os.sysconf("SC_CLK_TCK")


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")


def tariff(number):
    """An event that rings, and no two are equal."""
    return (f'{{"type":"tariff","ts":"{now()}","measure":"m{number:07}","stage":"announced","imposer":"US","target":"JP","rate":24,'
            f'"tier":"official","title":"24 percent tariff on goods of Japan"}}\n')


def alert(number):
    """What tocsin makes of it, for the floor to pass on."""
    return (f'{{"type":"alert","seq":{number},"id":"9f2c41d08a7be6359f2c41d08a7be635","transition":0,"state":"event","reason":"entered",'
            f'"rule":"tariffs-on-japan","kind":"tariff_event","severity":"info","at":"{now()}","summary":"m{number:07} announced: US on JP, 24 '
            f'percent on all (official)","values":{{"measure":"m{number:07}","stage":"announced","imposer":"US","target":"JP","rate":24,'
            f'"scope":"all","tier":"official","title":"24 percent tariff on goods of Japan"}},"labels":{{}},"quality":"ok","emitted":"{now()}"}}\n')


class Server:
    """A server under load: a process, what makes its lines, and how one subscribes."""

    def __init__(self, command, line, path, subscribe):
        self.command, self.line, self.path, self.subscribe = command, line, path, subscribe

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in (PORT, LINES_PORT):
            for _ in range(200):
                if self.process.poll() is not None:
                    sys.exit(f"{self.command[0]} ended with {self.process.returncode}")
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) * 1024


def load(server, build, subscribers, count, rate=None, stamp="emitted"):
    """What the subscribers had of `count` alerts: all at once, or `rate` a second."""
    with server:
        before = server.memory()
        with subprocess.Popen([build / "bin" / "push_load", str(PORT), server.path, str(subscribers), str(count), stamp,
                               *server.subscribe],
                              stdout=subprocess.PIPE, text=True) as run:
            if run.stdout.readline() != "ready\n":
                sys.exit("the subscribers do not get ready")
            idle, cpu = server.memory(), server.cpu_seconds()
            with socket.create_connection(("127.0.0.1", LINES_PORT)) as lines:
                lines.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                if rate is None:
                    lines.sendall("".join(map(server.line, range(count))).encode())
                else:
                    begin = time.monotonic()
                    for number in range(count):
                        time.sleep(max(0, begin + number / rate - time.monotonic()))
                        lines.sendall(server.line(number).encode())
                told = json.loads(run.stdout.readline())
            cpu = server.cpu_seconds() - cpu
    if told["complete"] != subscribers:
        sys.exit(f"{server.command[0]}: {told['complete']} of {subscribers} subscribers got everything, {told['closed']} were closed")
    return {**told, "rate": told["alerts"] / max(told["seconds"], 1e-6), "cpu_us": cpu / told["alerts"] * 1e6,
            "idle_kib": (idle - before) / subscribers / 1024}


def row(name, value, remark=""):
    print(f"  {name:<46}{value:>16}   {remark}", flush=True)


def against(floors, runs, key):
    each = [run[key] / floor[key] for floor, run in zip(floors, runs) if floor[key]]
    return f"{statistics.median(each):.2f} of the floor ({min(each):.2f} to {max(each):.2f})" if each else ""


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--subscribers", default="1000,10000")
    given = options.parse_args()
    build = given.build.resolve()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a socket a subscriber, on both sides

    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        config = pathlib.Path(name) / "tocsin.yaml"
        config.write_text(f'listen: 127.0.0.1:{PORT}\ncalendars: [{SOURCE}/config/calendars/xtks.yaml]\nsymbols: {{N225: {{calendar: XTKS}}}}\n'
                          f'feeds:\n  - {{name: desk, tcp: "127.0.0.1:{LINES_PORT}"}}\nrules: [rules.yaml]\nstore: {{keep: {{alerts: 100000}}}}\n',
                          encoding="ascii")
        (pathlib.Path(name) / "rules.yaml").write_text(
            "rules:\n  - {name: tariffs-on-japan, type: tariff_event, severity: info, params: {match: {target: JP}}}\n", encoding="ascii")
        tocsin = Server([build / "tocsin", "serve", "--config", config], tariff, "/v1/stream", [SUBSCRIBE])
        floor = Server([build / "bin" / "push_floor", str(PORT), str(LINES_PORT)], alert, "/", [])

        def pairs(subscribers, count, rate=None):
            runs = [(load(floor, build, subscribers, count, rate), load(tocsin, build, subscribers, count, rate)) for _ in range(given.pairs)]
            return [a for a, _ in runs], [b for _, b in runs]

        for subscribers in map(int, given.subscribers.split(",")):
            print(f"\n{subscribers:,} subscribers of everything, {given.pairs} pairs of runs in turns, medians")
            floors, runs = pairs(subscribers, 3_000_000 // subscribers)
            row("at once: deliveries a second", f"{statistics.median(run['rate'] for run in runs):,.0f}", against(floors, runs, "rate"))
            row("memory of an idle subscriber", f"{statistics.median(run['idle_kib'] for run in runs):.1f} KiB")
            floors, runs = pairs(subscribers, 50, rate=10)
            row("ten a second: p99 from `emitted`", f"{statistics.median(run['p99_ms'] for run in runs):.1f} ms", against(floors, runs, "p99_ms"))
            row("the same: CPU of a delivered alert", f"{statistics.median(run['cpu_us'] for run in runs):.1f} us", against(floors, runs, "cpu_us"))
        print("\nOne subscriber, 1,000 lines a second")
        runs = [load(tocsin, build, 1, 5_000, rate=1_000, stamp="at") for _ in range(given.pairs)]
        row("p99 from its line, as it is sent, to the alert", f"{statistics.median(run['p99_ms'] for run in runs):.2f} ms")


if __name__ == "__main__":
    main()
