#!/usr/bin/env python3
"""Forty years of the Nikkei 225 through the program, and recomputed: every record, fall and crossing must be the same.

    TOCSIN_SHARED=DIR history_check.py PROGRAM      where DIR/data/n225-daily.csv has Date,Open,High,Low,Close

From 1986-09-01, since before that the vendors' tables miss the Saturday sessions.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import reference
from reference import Fraction

FIRST = "1986-09-01"
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def rules():
    """Name, type, parameters as YAML, and what recomputes them."""
    for direction in ("down", "up"):
        for measure, basis, top_k in (*((measure, "close", top_k) for measure in ("points", "percent", "both") for top_k in (1, 10)),
                                      ("points", "live", 10), ("percent", "live", 1)):
            yield (f"record-{direction}-{measure}-{basis}-{top_k}", "record_session_move",
                   f"{{direction: {direction}, measure: {measure}, basis: {basis}, scope: all_time, top_k: {top_k}}}",
                   lambda all, direction=direction, measure=measure, basis=basis, top_k=top_k: reference.record_moves(
                       all, direction=direction, measure=measure, basis=basis, top_k=top_k))
        for basis in ("close", "live"):
            levels = [Fraction(text) for text in ("1.5", "3", "4.5", "7")]
            text = ", ".join(f"{{at: {float(level):g}, severity: info}}" for level in levels)
            yield (f"move-{direction}-{basis}", "session_move",
                   f"{{direction: {direction}, measure: percent, basis: {basis}, levels: [{text}]}}",
                   lambda all, direction=direction, basis=basis, levels=levels: reference.session_moves(
                       all, direction=direction, basis=basis, levels=levels))
    for direction in ("down", "up", "any"):
        for compare_to in ("prev_close", "prev_range"):
            levels = [Fraction(text) for text in ("0.5", "1", "2.5", "5")]
            text = ", ".join(f"{{at: {float(level):g}}}" for level in levels)
            yield (f"gap-{direction}-{compare_to}", "opening_gap",
                   f"{{direction: {direction}, compare_to: {compare_to}, levels: [{text}]}}",
                   lambda all, direction=direction, compare_to=compare_to, levels=levels: reference.opening_gaps(
                       all, direction=direction, levels=levels, compare_to=compare_to))
    for direction in ("down", "up"):
        for length, flat, min_move in ((2, "breaks", "0"), (5, "continues", "0"), (8, "ignored", "0"), (4, "breaks", "50")):
            yield (f"streak-{direction}-{length}", "streak",
                   f"{{direction: {direction}, length: {length}, flat: {flat}, min_move: {min_move}}}",
                   lambda all, direction=direction, length=length, flat=flat, min_move=min_move: reference.streaks(
                       all, direction=direction, length=length, flat=flat, min_move=Fraction(min_move)))
    for side in ("low", "high"):
        for basis in ("close", "live"):
            for count in (20, 250):
                yield (f"extreme-{side}-{basis}-{count}", "extreme", f'{{side: {side}, basis: {basis}, window: "last:{count}"}}',
                       lambda all, side=side, basis=basis, count=count: reference.extremes(all, side=side, basis=basis, count=count))
    for fast, slow, band in (("price", "sma:25", "0"), ("sma:25", "sma:75", "0"), ("ema:12", "ema:26", "0.5"), ("price", "ema:200", "1")):
        for direction in ("any", "down"):
            yield (f"cross-{fast}-{slow}-{direction}".replace(":", ""), "ma_cross",
                   f'{{fast: "{fast}", slow: "{slow}", band: {band}, direction: {direction}}}',
                   lambda all, fast=fast, slow=slow, band=band, direction=direction: reference.ma_crosses(
                       all, fast=fast, slow=slow, band=Fraction(band), direction=direction))
    for falls in (True, False):
        for basis in ("close", "intraday"):
            for count, levels in ((1 if basis == "intraday" else 3, "2 4"), (60, "7.5 10 20"), (250, "10 20 30")):
                end = "peak" if falls else "trough"
                text = ", ".join(f"{{at: {level}}}" for level in levels.split())
                yield (f"{end}-{basis}-{count}", "drawdown" if falls else "rebound",
                       f'{{{end}: "last:{count}", {end}_basis: {basis}, levels: [{text}]{"" if falls else ", min_fall: 5"}}}',
                       lambda all, falls=falls, basis=basis, count=count, levels=levels: reference.excursions(
                           all, falls=falls, count=count, basis=basis, levels=[Fraction(level) for level in levels.split()],
                           min_fall=Fraction(5)))
    for direction in ("down", "up"):
        for count, least, skip in ((2, "6", "none"), (5, "8", "past_last_event"), (10, "12.5", "past_last_event")):
            yield (f"sessions-{direction}-{count}", "multi_session_move",
                   f"{{direction: {direction}, sessions: {count}, at: {least}%, skip: {skip}}}",
                   lambda all, direction=direction, count=count, least=least, skip=skip: reference.multi_session_moves(
                       all, direction=direction, count=count, least=Fraction(least), skips=skip != "none"))
    for level in ("8000", "10000", "20000", "30000", "38915.87"):
        for basis in ("close", "live"):
            for direction in ("down", "up", "any"):
                for clear in ("0", "150"):
                    yield (f"level-{level}-{direction}-{basis}-{clear}", "level_cross",
                           f"{{level: {level}, direction: {direction}, basis: {basis}, clear: {clear}}}",
                           lambda all, level=level, direction=direction, basis=basis, clear=clear: reference.level_crosses(
                               all, level=Fraction(level), direction=direction, basis=basis, clear=Fraction(clear)))
    for step in ("100", "1000", "2500.5"):
        for basis in ("close", "live"):
            for direction in ("down", "up", "any"):
                for part, least in (("0", None), ("20", None), ("100", 5)):
                    yield (f"round-{step}-{direction}-{basis}-{part}", "round_number",
                           f"{{step: {step}, direction: {direction}, basis: {basis}, clear: {part}%"
                           + (f", min_sessions_between: {least}}}" if least else "}"),
                           lambda all, step=Fraction(step), direction=direction, basis=basis, part=part, least=least:
                           reference.round_numbers(all, step=step, clear=step * int(part) / 100, basis=basis,
                                                   direction=direction, min_sessions=least))
    for measure, lookback, levels in (("percent_of_pc", None, "2 3.5 6"), ("points", None, "300 1000"), ("x_median", 20, "1.5 2 3"),
                                      ("x_median", 7, "2.5")):
        text = ", ".join(f"{{at: {level}}}" for level in levels.split())
        yield (f"range-{measure}-{lookback}", "intraday_range",
               f"{{measure: {f'x_median:{lookback}' if lookback else measure}, levels: [{text}]}}",
               lambda all, measure=measure, lookback=lookback, levels=levels: reference.intraday_ranges(
                   all, measure=measure, lookback=lookback, levels=[Fraction(level) for level in levels.split()]))
    for estimator in ("stdev", "ewma", "mad"):
        for lookback, k in ((20, "3"), (7, "4.5")):
            yield (f"shock-{estimator}-{lookback}", "volatility_shock",
                   f"{{estimator: {estimator}, lookback: {lookback}, k: {k}}}",
                   lambda all, estimator=estimator, lookback=lookback, k=Fraction(k): reference.volatility_shocks(
                       all, estimator=estimator, lookback=lookback, k=k))


def write_configuration(folder, table):
    with open(table, encoding="utf-8") as file:
        header, *rows = file.read().splitlines()
    (folder / "n225.csv").write_text("\n".join([header, *(row for row in rows if row >= FIRST)]) + "\n", encoding="utf-8")
    (folder / "tocsin.yaml").write_text(
        f"calendars: [{SOURCE}/config/calendars/xtks.yaml]\n"
        "symbols:\n  N225: {name: Nikkei 225, calendar: XTKS}\n"
        "feeds:\n  - name: history\n    file: n225.csv\n"
        "    csv: {symbol: N225, session: Date, open: Open, high: High, low: Low, close: Close}\n"
        "rules: [rules.yaml]\n", encoding="utf-8")
    (folder / "rules.yaml").write_text("rules:\n" + "".join(
        f"  - {{name: {name}, type: {kind}, symbols: [N225], severity: info, params: {params}}}\n"
        for name, kind, params, _ in rules()), encoding="utf-8")


def main():
    program, table = sys.argv[1], pathlib.Path(os.environ["TOCSIN_SHARED"]) / "data" / "n225-daily.csv"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_configuration(folder, table)
        done = subprocess.run([program, "replay", "--config", folder / "tocsin.yaml", "--format", "ndjson"], capture_output=True,
                              text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"replay ended with {done.returncode}:\n{done.stderr}")
        sessions = reference.read_sessions(folder / "n225.csv")
    alerts = {}
    for alert in reference.read_alerts(done.stdout):
        alerts.setdefault(alert["rule"], []).append(alert)
    passed = failed = 0
    for name, _, _, recompute in rules():
        found = reference.differences(name, alerts.get(name, []), recompute(sessions))
        print("\n".join(found), end="\n" if found else "")
        passed, failed = passed + (not found), failed + bool(found)
    print(f"{len(sessions)} sessions, {sum(map(len, alerts.values()))} alerts")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
