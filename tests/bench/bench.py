#!/usr/bin/env python3
"""How fast a replay is, beside how fast its feed can be read at all; as CSV, with bad lines, on two cores; what sleeping rules cost;
what memory grows with.

    bench.py --build DIR [--pairs N] [--quotes N]

Everything runs pinned to one core, but for what is measured on two, and what is compared runs in turns, so that a machine that slows down slows both. The numbers
are reported and nothing is asserted: they are this machine's.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import make_feed

SOURCE = pathlib.Path(__file__).resolve().parents[2]
PINNED = ["taskset", "-c", "0"]
SYMBOLS = make_feed.symbol_names(100)
RULES_A_FILE = 8_000  # a configuration file may have 1 MiB


def sleeping(count):
    """Rules whose level lies far below or above all that the feed brings, spread over the symbols."""
    for number in range(count):
        index = number % len(SYMBOLS)
        first = make_feed.first_price(index)
        depth = number // len(SYMBOLS) % 1000  # each a level of its own
        level, direction = (first // 2 - depth, "down") if number // len(SYMBOLS) % 2 else (first * 2 + depth, "up")
        yield f"r{number:06}", [SYMBOLS[index]], level, direction


def ten_for_all():
    """Ten sleeping rules, each on every symbol."""
    for number in range(10):
        level, direction = (40_000 - number, "down") if number % 2 else (4_000_000 + number, "up")
        yield f"r{number:06}", SYMBOLS, level, direction


def as_csv(line):
    """A quote of the feed as a row of CSV: time, symbol, price, kind."""
    quote = json.loads(line, parse_float=str)
    return f'{quote["ts"]},{quote["symbol"]},{quote["price"]},{quote.get("kind", "tick")}\n'


def spoiled(lines):
    """One line in a hundred cut short."""
    for number, line in enumerate(lines):
        yield line[:20] + "\n" if number % 100 == 50 else line


def configuration(folder, name, feed, rules, csv=""):
    path = folder / name
    path.mkdir()
    symbols = "".join(f"  {symbol}: {{calendar: XTKS}}\n" for symbol in SYMBOLS)
    (path / "tocsin.yaml").write_text(
        f"calendars: [{SOURCE}/config/calendars/xtks.yaml]\nsymbols:\n{symbols}"
        f"feeds:\n  - {{name: quotes, file: {feed}{csv}}}\nrules: ['*.rules.yaml']\n", encoding="ascii")
    lines = [f"  - {{name: {rule}, type: level_cross, symbols: [{', '.join(on)}], severity: info, "
             f"params: {{level: {level // 100}.{level % 100:02}, direction: {direction}}}}}\n" for rule, on, level, direction in rules]
    for part in range(0, len(lines), RULES_A_FILE):
        (path / f"{part:06}.rules.yaml").write_text("rules:\n" + "".join(lines[part:part + RULES_A_FILE]), encoding="ascii")
    return path / "tocsin.yaml"


class Bench:
    def __init__(self, build, folder):
        self.build, self.folder = build, folder

    def floor(self, feed):
        done = subprocess.run([*PINNED, self.build / "bin" / "ingest_floor", feed], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def bounds(self):
        done = subprocess.run([*PINNED, self.build / "bin" / "bounds"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def replay(self, config, rejected=0, cores=1):
        stats = self.folder / "stats.json"
        done = subprocess.run([*(PINNED if cores == 1 else []), self.build / "tocsin", "replay", "--config", config, "--stats", stats],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"replay of {config} ended with {done.returncode}:\n{done.stderr}")
        told = json.loads(stats.read_text(encoding="utf-8"))
        if told["alerts"] or told["rejected"] != rejected:
            sys.exit(f"replay of {config}: the rules should sleep and {rejected} lines be bad, but {told}")
        return told


def in_turns(pairs, one, other):
    """Runs both, one after the other, `pairs` times, after a run of each that only warms up."""
    one(), other()
    runs = [(one(), other()) for _ in range(pairs)]
    return [a for a, _ in runs], [b for _, b in runs]


def rate(runs):
    return statistics.median(run["events_per_second"] for run in runs)


def ratio(ones, others):
    """Of the rates, pair by pair: what slows one for a moment is the same for both."""
    each = [other["events_per_second"] / one["events_per_second"] for one, other in zip(ones, others)]
    return statistics.median(each), min(each), max(each)


def row(name, value, remark=""):
    print(f"  {name:<46}{value:>16}   {remark}")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--pairs", type=int, default=5)
    options.add_argument("--quotes", type=int, default=2_000_000)
    given = options.parse_args()

    if (load := os.getloadavg()[0]) > 0.5:
        print(f"this machine is at work already (load {load:.1f}): what follows says less than it could")
    with tempfile.TemporaryDirectory(prefix="tocsin-bench-") as name:
        folder = pathlib.Path(name)
        feed, long_feed = folder / "quotes.ndjson", folder / "quotes-4x.ndjson"
        print(f"writing {given.quotes:,} quotes of {len(SYMBOLS)} symbols, and four times as many ...", flush=True)
        for path, count in ((feed, given.quotes), (long_feed, 4 * given.quotes)):
            with open(path, "w", encoding="ascii", newline="\n") as file:
                file.writelines(make_feed.quotes(count, len(SYMBOLS)))
        with open(feed, encoding="ascii") as lines, open(folder / "quotes.csv", "w", encoding="ascii", newline="\n") as file:
            file.write("ts,symbol,price,kind\n")
            file.writelines(map(as_csv, lines))
        with open(feed, encoding="ascii") as lines, open(folder / "spoiled.ndjson", "w", encoding="ascii", newline="\n") as file:
            file.writelines(spoiled(lines))
        bench = Bench(given.build.resolve(), folder)
        thousand = configuration(folder, "thousand", feed, sleeping(1_000))
        ten = configuration(folder, "ten", feed, ten_for_all())
        many = configuration(folder, "many", feed, sleeping(100_000))
        longer = configuration(folder, "longer", long_feed, sleeping(1_000))
        columns = ", csv: {symbol_column: symbol, ts: ts, price: price, kind: kind}"
        in_csv = configuration(folder, "csv", folder / "quotes.csv", sleeping(1_000), columns)
        bad = configuration(folder, "bad", folder / "spoiled.ndjson", sleeping(1_000))

        print(f"\nReading and deciding, {given.pairs} pairs of runs in turns, medians, events a second on one core")
        floors, replays = in_turns(given.pairs, lambda: bench.floor(feed), lambda: bench.replay(thousand))
        middle, least, most = ratio(floors, replays)
        row("the floor: read, parse, compare two bounds", f"{rate(floors):,.0f}")
        row("a replay with 1,000 sleeping rules", f"{rate(replays):,.0f}",
            f"{middle:.2f} of the floor ({least:.2f} to {most:.2f})")

        print("\nOther ways to read the same")
        floors, replays = in_turns(given.pairs, lambda: bench.floor(feed), lambda: bench.replay(thousand, cores=2))
        middle, least, most = ratio(floors, replays)
        row("on both cores: decoding apart from deciding", f"{rate(replays):,.0f}",
            f"{middle:.2f} of the floor ({least:.2f} to {most:.2f})")
        plain, rows = in_turns(given.pairs, lambda: bench.replay(thousand), lambda: bench.replay(in_csv))
        middle, least, most = ratio(plain, rows)
        row("as CSV", f"{rate(rows):,.0f}", f"{middle:.2f} of NDJSON ({least:.2f} to {most:.2f})")
        lines_bad = sum(1 for number in range(plain[0]["events"]) if number % 100 == 50)
        plain, holed = in_turns(given.pairs, lambda: bench.replay(thousand), lambda: bench.replay(bad, rejected=lines_bad))
        middle, least, most = ratio(plain, holed)
        row("one line in a hundred bad", f"{rate(holed):,.0f}", f"{middle:.2f} of clean ({least:.2f} to {most:.2f})")

        print("\nWhat sleeping rules cost")
        tens, manys = in_turns(given.pairs, lambda: bench.replay(ten), lambda: bench.replay(many))
        middle, least, most = ratio(tens, manys)
        row("10 level_cross rules, each on all symbols", f"{rate(tens):,.0f}")
        row("100,000 level_cross rules on the same symbols", f"{rate(manys):,.0f}",
            f"{(middle - 1) * 100:+.1f} % ({(least - 1) * 100:+.1f} to {(most - 1) * 100:+.1f})")

        runs = [bench.bounds() for _ in range(given.pairs)]
        row("to arm a million bounds", f"{statistics.median(run['arm_seconds'] for run in runs):.3f} s")
        row("one wake among them, the plugin's own time apart", f"{statistics.median(run['wake_us'] for run in runs):.2f} us")

        print("\nPeak memory, 1,000 rules")
        short, long = bench.replay(thousand), bench.replay(longer)
        row(f"{short['events']:,} events", f"{short['peak_rss_bytes'] / 2**20:.1f} MiB")
        row(f"{long['events']:,} events", f"{long['peak_rss_bytes'] / 2**20:.1f} MiB",
            f"{(long['peak_rss_bytes'] - short['peak_rss_bytes']) / 2**20:+.1f} MiB")


if __name__ == "__main__":
    main()
