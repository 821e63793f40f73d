"""The rules of the demo and of the history checks, recomputed from a table of sessions by another way than the program's: whole
lists of exact fractions, no bounds, no state but what the definition of the rule names.

Each function yields the alerts of one rule in order, as dicts of the alert's keys; `values` are exact.
"""

import bisect
import csv
import dataclasses
import fractions
import json
import statistics

Fraction = fractions.Fraction


@dataclasses.dataclass(frozen=True)
class Session:
    date: str
    open: Fraction | None
    high: Fraction | None
    low: Fraction | None
    close: Fraction

    def live_prices(self, direction):
        """What a rule on basis `live` sees of a bar, in order: open, extremes, close."""
        if direction == "any":
            rising = self.open is None or self.close >= self.open
            extremes = [self.low, self.high] if rising else [self.high, self.low]
        else:
            extremes = [self.low if direction == "down" else self.high]
        return [price for price in (self.open, *extremes, self.close) if price is not None]


def read_sessions(path, first="0000-00-00"):
    """Rows Date,Open,High,Low,Close from `first` on; an empty cell is no value."""
    with open(path, encoding="utf-8", newline="") as file:
        return [Session(row["Date"], *(Fraction(row[name]) if row[name] else None for name in ("Open", "High", "Low", "Close")))
                for row in csv.DictReader(file) if row["Date"] >= first]


def read_alerts(text):
    """The alerts of `replay --format ndjson`, numbers as exact fractions."""
    return [json.loads(line, parse_float=Fraction, parse_int=Fraction) for line in text.splitlines()]


def percent(points, previous):
    """As printed: half away from zero, 4 decimals."""
    scaled = abs(points) * 100 / previous * 10**4
    rounded = Fraction(int(scaled + Fraction(1, 2)), 10**4)
    return rounded if points >= 0 else -rounded


class Ladder:
    """The moves known before a session, in one direction and measure."""

    def __init__(self, seeds):
        self.sizes = []
        self.largest, self.largest_date = None, None  # the earliest session that had it
        for size, date in sorted(seeds, key=lambda seed: seed[1]):
            self.add(size, date)
        self.smallest_seed = self.sizes[0] if seeds else None

    def add(self, size, date):
        if size > 0:
            bisect.insort(self.sizes, size)
            if self.largest is None or size > self.largest:
                self.largest, self.largest_date = size, date

    def qualifies(self, size, top_k):
        return size > 0 and (len(self.sizes) < top_k or size > self.sizes[-top_k])

    def rank(self, size):
        return len(self.sizes) - bisect.bisect_right(self.sizes, size) + 1


def record_moves(sessions, *, direction, measure, basis="close", top_k=1, points_seeds=(), percent_seeds=(), min_sessions=250):
    """record_session_move over all time. Seeds: (session, previous close, close)."""
    sign = -1 if direction == "down" else 1
    points = Ladder([(sign * (close - before), date) for date, before, close in points_seeds])
    share = Ladder([(sign * (close - before) / before, date) for date, before, close in percent_seeds])
    measures = {"points": [("points", points)], "percent": [("percent", share)],
                "both": [("points", points), ("percent", share)]}[measure]
    seeded = bool(points_seeds or percent_seeds)

    def sizes(price, before):
        move = sign * (price - before)
        return {"points": move, "percent": move / before}

    def broken(price, before, known):
        size = sizes(price, before)
        return [name for name, ladder in measures if (seeded or known >= min_sessions) and ladder.qualifies(size[name], top_k)]

    def values(price, before, known):
        size = sizes(price, before)
        broke = broken(price, before, known)
        ranks = {"points": points.rank(size["points"]), "percent": share.rank(size["percent"])}
        exact = all(ladder.smallest_seed is not None and size[name] > ladder.smallest_seed
                    for name, ladder in measures if not broke or name in broke)
        told = {
            "close" if basis == "close" else "price": price,
            "previous_close": before,
            "change": price - before,
            "points": size["points"],
            "percent": percent(size["points"], before),
            "history_sessions": known,
        }
        if size["points"] > 0:
            told |= {"rank": min(ranks[name] for name, _ in measures), "rank_points": ranks["points"],
                     "rank_percent": ranks["percent"], "rank_exact": exact}
        else:  # on the other side of the close before, a price has no rank among the moves
            told |= {"rank": None, "rank_points": None, "rank_percent": None, "rank_exact": None}
        if points.largest is not None:
            told |= {"record_points": points.largest, "record_points_session": points.largest_date}
        if share.largest is not None:
            told |= {"record_percent": percent(share.largest, Fraction(1)), "record_percent_session": share.largest_date}
        if broke:
            told["broke"] = "both" if len(broke) == 2 else broke[0]
        return told

    for known, (previous, session) in enumerate(zip(sessions, sessions[1:])):
        before = previous.close
        if basis == "close":
            if broken(session.close, before, known):
                yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0,
                       "values": values(session.close, before, known)}
        else:
            transition = None
            for price in session.live_prices(direction):
                if transition is None and broken(price, before, known):
                    transition = 0
                    yield {"session": session.date, "state": "firing", "reason": "entered", "transition": transition,
                           "values": values(price, before, known) | {"from": "bar"}}
            if transition is not None:
                stood = bool(broken(session.close, before, known))
                yield {"session": session.date, "state": "resolved", "reason": "session_end" if stood else "cleared",
                       "transition": 1, "values": values(session.close, before, known) | {"stood": stood}}
        for name, ladder in (("points", points), ("percent", share)):
            ladder.add(sizes(session.close, before)[name], session.date)


def session_moves(sessions, *, direction, levels, basis, clear_part=Fraction(1, 5)):
    """session_move in percent; `levels` ascend, each clears a fifth of itself below."""
    sign = -1 if direction == "down" else 1
    for previous, session in zip(sessions, sessions[1:]):
        before = previous.close
        active, transition, worst = None, 0, None

        def alert(state, reason, price, **more):
            move = sign * (price - before)
            return {"session": session.date, "state": state, "reason": reason, "transition": transition,
                    "values": {"price": price, "previous_close": before, "change": price - before, "points": move,
                               "percent": percent(move, before), "worst_percent": percent(worst, before)} | more}

        for price in session.live_prices(direction) if basis == "live" else [session.close]:
            move = sign * (price - before)
            worst = move if worst is None else max(worst, move)
            share = move * 100 / before
            reached = [level for level in levels if share >= level]
            held = [level for level in levels if active is not None and level <= active and share >= level * (1 - clear_part)]
            entered = reached and (active is None or reached[-1] > active)
            if entered:
                skipped = [level for level in reached[:-1] if active is None or level > active]
                state, reason = "firing", "entered" if active is None else "escalated"
                active, more = reached[-1], {"level": reached[-1]}
                if skipped:
                    more["skipped"] = skipped
                yield alert(state, reason, price, **more)
                transition += 1
            elif active is not None and not held:
                active = None
                yield alert("resolved", "cleared", price)
                transition = 0
            elif active is not None and held[-1] < active:
                active = held[-1]
                yield alert("firing", "deescalated", price, level=active)
                transition += 1
        if active is not None:
            yield alert("resolved", "session_end", session.close)


def level_crosses(sessions, *, level, basis, clear=Fraction(0), direction="any"):
    """level_cross in mode `cross`. After ringing, a direction is armed again once the value was beyond level and clear."""
    armed = {"down": True, "up": True}
    last, last_session = None, None  # the newest value that was not the level itself
    for session in sessions:
        for price in session.live_prices(direction) if basis == "live" else [session.close]:
            down = last is not None and last > level >= price
            up = last is not None and last < level <= price
            for side, crossed in (("down", down), ("up", up)):
                if crossed and armed[side] and direction in (side, "any"):
                    armed[side] = False
                    values = {"price": price, "previous_price": last, "level": level}
                    if last_session != session.date:
                        values["gap"] = True
                    yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0, "values": values}
            if price > level + clear:
                armed["down"] = True
            if price < level - clear:
                armed["up"] = True
            if price != level:
                last, last_session = price, session.date


def round_numbers(sessions, *, step, clear, basis, direction="any", min_sessions=None):
    """round_number; `clear` in points. A milestone of a direction rings again once a value was `clear` away from it, or so many
    sessions later."""
    latched = {}  # (direction, milestone) -> index of the session in which that direction rang last
    last = None
    for index, session in enumerate(sessions):
        for price in session.live_prices(direction) if basis == "live" else [session.close]:
            way, passed = "", []
            if last is not None and price > last:
                way, passed = "up", [step * k for k in range(last // step + 1, price // step + 1)]
            elif last is not None and price < last:
                way, passed = "down", [step * k for k in range(last // step, price // step, -1)]
            rings = [milestone for milestone in passed if (way, milestone) not in latched or (
                min_sessions is not None and index - latched[way, milestone] >= min_sessions)]
            if rings and direction in (way, "any"):
                latched |= {(way, milestone): index for milestone in rings}
                yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0,
                       "values": {"price": price, "previous_price": last, "milestone": rings[-1], "milestones": rings,
                                  "crossed": len(rings)}}
            latched = {key: when for key, when in latched.items() if abs(price - key[1]) < clear}
            last = price


def intraday_ranges(sessions, *, measure, levels, lookback=None):
    """intraday_range over bars; `lookback`: of x_median, at least half of which must be known."""
    for index, session in enumerate(sessions):
        before = sessions[index - 1].close if index else None
        if measure == "x_median":
            earlier = [known for one in sessions[max(0, index - lookback):index]
                       if len(known := [price for price in (one.open, one.high, one.low, one.close) if price is not None]) > 1]
            if len(earlier) < max(lookback // 2, 1):
                continue
            unit = statistics.median(max(known) - min(known) for known in earlier)
        elif measure == "percent_of_pc":
            if before is None:
                continue
            unit = before / 100
        else:
            unit = Fraction(1)
        high = low = level = None
        transition = 0

        def alert(state, reason, price, **more):
            values = {"price": price, "high": high, "low": low, "points": high - low, "level": level}
            if before is not None:
                values |= {"previous_close": before, "percent": percent(high - low, before)}
            return {"session": session.date, "state": state, "reason": reason, "transition": transition, "values": values | more}

        for price in session.live_prices("any"):
            high, low = max(price, high or price), min(price, low or price)
            reached = [one for one in levels if high - low >= one * unit and high > low]
            if reached and (level is None or reached[-1] > level):
                reason = "entered" if level is None else "escalated"
                level = reached[-1]
                yield alert("firing", reason, price)
                transition += 1
        if level is not None:
            yield alert("resolved", "session_end", session.close)


def volatility_shocks(sessions, *, estimator, lookback, k, floor=Fraction(1, 10), lam=Fraction(94, 100)):
    """volatility_shock. Squares are compared, so that no root is taken; sigma is not recomputed as a value. Returns are cut to 1e-24,
    for the sums of exact ones have denominators of hundreds of digits."""
    unit = 10**24
    returns = [Fraction(int((one.close - before.close) / before.close * unit), unit) for before, one in zip(sessions, sessions[1:])]
    for index in range(lookback, len(returns)):
        earlier = returns[index - lookback:index]
        if estimator == "stdev":
            mean = sum(earlier) / lookback
            square = sum((one - mean) ** 2 for one in earlier) / (lookback - 1)
        elif estimator == "mad":
            middle = statistics.median(earlier)
            square = (statistics.median(abs(one - middle) for one in earlier) * Fraction(14826, 10000)) ** 2
        else:
            square = earlier[0] ** 2
            for one in earlier[1:]:  # of floats: exact fractions would grow without end
                square = Fraction(float(lam * square + (1 - lam) * one ** 2))
        floored = square < (floor / 100) ** 2
        if returns[index] ** 2 >= k ** 2 * max(square, (floor / 100) ** 2):
            before, session = sessions[index], sessions[index + 1]
            move = abs(session.close - before.close)
            yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0,
                   "values": {"close": session.close, "previous_close": before.close, "points": move,
                              "percent": percent(move, before.close), "sigma_floored": True if floored else None}}


def opening_gaps(sessions, *, direction, levels, compare_to="prev_close"):
    """opening_gap in percent, of bars: the open against the close, or the low or high, of the session before."""
    for previous, session in zip(sessions, sessions[1:]):
        if session.open is None:
            continue
        down = direction == "down" or (direction == "any" and session.open < previous.close)
        reference = previous.close if compare_to == "prev_close" else previous.low if down else previous.high
        if reference is None:
            continue
        gap = (session.open - reference) * (-1 if down else 1)
        reached = [level for level in levels if gap * 100 / reference >= level]
        if reached:
            values = {"open": session.open, "previous_close": previous.close, "points": gap,
                      "percent": percent(gap, reference), "level": reached[-1], "from": "bar"}
            if previous.low is not None and previous.high is not None:
                values["full"] = session.open < previous.low or session.open > previous.high
            yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0, "values": values}


def streaks(sessions, *, direction, length, flat="breaks", min_move=Fraction(0)):
    """streak, with each further session told; `min_move` in points."""
    sign = -1 if direction == "down" else 1
    run, transition = [], 0  # (session before, session) of each that counted

    def alert(state, reason, close):
        start = run[0][0].close
        move = sign * (last - start)
        return {"state": state, "reason": reason, "transition": transition,
                "values": {"length": len(run), "first_session": run[0][1].date, "points": move,
                           "percent": percent(move, start), "close": close}}

    last = None  # the newest close of the streak, sessions that did not count included
    for previous, session in zip(sessions, sessions[1:]):
        move = sign * (session.close - previous.close)
        if move == 0 and flat == "ignored" or move != 0 and abs(move) < min_move:
            last = session.close
            continue
        if move > 0 or move == 0 and flat == "continues":
            run.append((previous, session))
            last = session.close
            if len(run) >= length:
                yield alert("firing", "entered" if transition == 0 else "escalated", session.close) | {"session": session.date}
                transition += 1
            continue
        if transition > 0:
            yield alert("resolved", "cleared", session.close) | {"session": session.date}
        run, transition, last = [], 0, None


def extremes(sessions, *, side, basis, count):
    """extreme of the last `count` sessions, once a session."""
    sign = -1 if side == "low" else 1

    def reached(session):
        extreme = session.low if side == "low" else session.high
        return session.close if basis == "close" or extreme is None else extreme

    for index in range(count, len(sessions)):
        session, earlier = sessions[index], sessions[index - count:index]
        best = max(earlier, key=lambda one: (sign * reached(one), one.date))
        for price in session.live_prices("down" if side == "low" else "up") if basis == "live" else [session.close]:
            if sign * (price - reached(best)) > 0:
                since = next((one.date for one in reversed(sessions[:index]) if sign * (price - reached(one)) <= 0), None)
                yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0,
                       "values": {"price": price, "previous_extreme": reached(best), "previous_extreme_session": best.date,
                                  "window_sessions": count, "since": since}}
                break


def excursions(sessions, *, falls, count, basis, levels, min_fall=Fraction(0), clear_part=Fraction(1, 5)):
    """drawdown (falls) and rebound: percent from the peak (trough) of the last `count` sessions, 0: of all."""
    def gone(extreme, price):
        return (extreme - price if falls else price - extreme) * 100 / extreme

    def ends(session):
        if basis == "close":
            return session.close, session.close
        return (session.close if session.high is None else session.high), (session.close if session.low is None else session.low)

    active, transition, rested, best = None, 0, None, None
    for index, session in enumerate(sessions):
        window = [(*ends(one), one.date) for one in sessions[max(0, index - count + 1) if count else 0:index]]
        high = low = high_before_low = None
        for price in session.live_prices("down" if falls else "up") if basis == "intraday" else [session.close]:
            high = price if high is None else max(high, price)
            if low is None or price < low:
                low, high_before_low = price, high
            today = (price, price, session.date) if basis == "close" else (high, low, session.date)
            rows = window + [today]
            if falls:
                extreme, date = max((row[0], row[2]) for row in rows)
                fell = True
            else:
                extreme = min(row[1] for row in rows)
                date = max(row[2] for row in rows if row[1] == extreme)
                before = [row[0] for row in window if row[2] < date]
                if basis == "intraday" and date == session.date:
                    before.append(high_before_low)
                fell = bool(before) and (max(before) - extreme) * 100 >= min_fall * max(before)
            share = gone(extreme, price)
            reached = [level for level in levels if fell and share >= level]
            held = [level for level in levels if active is not None and level <= active and share >= level * (1 - clear_part)]
            if price == extreme:
                reached, held = [], []
            level = max(reached + held, default=None)
            if level is not None and (active is None or gone(*best) < share):
                best = (extreme, price)
            values = {"price": price, "peak" if falls else "trough": extreme, "peak_session" if falls else "trough_session": date,
                      "percent": percent(abs(extreme - price), extreme)}
            state = reason = None
            if level is None and active is not None:
                left = (rested > extreme if falls else rested < extreme) and gone(rested, price) >= levels[0] * (1 - clear_part)
                state, reason = "resolved", "peak_expired" if left else "cleared"
            elif level is not None and level != active:
                state = "firing"
                reason = "entered" if active is None else "escalated" if level > active else "deescalated"
            if state:
                values["deepest_percent" if falls else "highest_percent"] = percent(abs(best[0] - best[1]), best[0])
                values["level"] = active if level is None else level
                yield {"session": session.date, "state": state, "reason": reason, "transition": transition, "values": values}
            transition = 0 if level is None else transition + (1 if state else 0)
            active, rested = level, extreme


def ma_crosses(sessions, *, fast, slow, direction="any", band=Fraction(0)):
    """ma_cross in whole numbers of 1e-9, each step rounded half away from zero."""
    def rounded(value):
        return int(abs(value) + Fraction(1, 2)) * (1 if value >= 0 else -1)

    def averages(text):
        kind, _, count = text.partition(":")
        closes = [int(session.close * 10**9) for session in sessions]
        if kind == "price":
            return closes, 1
        count = int(count)
        if kind == "sma":
            return [rounded(Fraction(sum(closes[index - count + 1:index + 1]), count)) if index + 1 >= count else None
                    for index in range(len(closes))], count
        result = [None] * (count - 1) + [rounded(Fraction(sum(closes[:count]), count))]
        for close in closes[count:]:
            result.append(result[-1] + rounded(Fraction((close - result[-1]) * 2, count + 1)))
        return result, 3 * count

    (quick, needs), (tardy, needs_too) = averages(fast), averages(slow)
    side = 0
    for index in range(max(needs, needs_too) - 1, len(sessions)):
        one, other = quick[index], tardy[index]
        now = 1 if one * 100 > other * (100 + band) else -1 if one * 100 < other * (100 - band) else 0
        if now != 0 and side not in (0, now) and direction in ("any", "up" if now > 0 else "down"):
            yield {"session": sessions[index].date, "state": "event", "reason": "entered", "transition": 0,
                   "values": {"close": sessions[index].close, "fast": Fraction(one, 10**9), "slow": Fraction(other, 10**9),
                              "direction": "up" if now > 0 else "down", "distance_percent": percent(one - other, other)}}
        side = now or side


def multi_session_moves(sessions, *, direction, count, least, skips):
    """multi_session_move of at least so many percent."""
    sign = -1 if direction == "down" else 1
    last = None  # the index that rang
    for index in range(count, len(sessions)):
        before, session = sessions[index - count], sessions[index]
        move = sign * (session.close - before.close)
        if move * 100 < least * before.close or (skips and last is not None and index - count < last):
            continue
        last = index
        yield {"session": session.date, "state": "event", "reason": "entered", "transition": 0,
               "values": {"close": session.close, "from_close": before.close, "from_session": before.date, "points": move,
                          "percent": percent(move, before.close)}}


def differences(name, seen, expected):
    """Lines that say where the alerts of a rule differ from what was recomputed; keys that are not recomputed are not compared."""
    def brief(alert):
        if alert is None:
            return "nothing"
        values = {key: float(value) if isinstance(value, Fraction) else value for key, value in alert["values"].items()}
        return f"{alert['session']} {alert['state']}/{alert['reason']} #{alert['transition']} {values}"

    seen, expected, found = list(seen), list(expected), []
    for index in range(max(len(seen), len(expected))):
        one = seen[index] if index < len(seen) else None
        other = expected[index] if index < len(expected) else None
        same = one is not None and other is not None and all(
            one.get(key) == other[key] for key in other if key != "values") and all(
            one["values"].get(key) == value for key, value in other["values"].items())
        if not same:
            found.append(f"{name}, alert {index}:\n  the program: {brief(one)}\n  recomputed:  {brief(other)}")
            if len(found) == 5:
                return found + [f"{name}: {len(seen)} alerts, {len(expected)} recomputed; the rest is not shown"]
    return found
