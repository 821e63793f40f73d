#!/usr/bin/env python3
"""Writes a feed of quotes, the same bytes for the same arguments: make_feed.py QUOTES FILE [SYMBOLS].

Each symbol walks in steps of 0.01 to 0.16 around its first price and stays within a fifth of it. Quotes are spread over four Tokyo
sessions, in order of time, and each session ends with an official close of every symbol.
"""

import sys

SESSIONS = ("2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08")
MORNING, LUNCH, TRADING = 150 * 60_000, 60 * 60_000, 325 * 60_000  # milliseconds; the auction of the last five minutes is left out


def symbol_names(count):
    return [f"S{index:03}" for index in range(count)]


def first_price(index):
    """In hundredths."""
    return 100_000 + index * 7_919 % 900_000


def quotes(count, symbols):
    names = symbol_names(symbols)
    start = [first_price(index) for index in range(symbols)]
    price = list(start)
    state = 1
    per_session = -(-count // len(SESSIONS))
    written = 0
    for session in SESSIONS:
        share = min(per_session, count - written)
        for number in range(share):
            # A linear congruential generator (Knuth's MMIX constants): a fixed seed, no library whose numbers may change.
            state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
            index = number % symbols if number < symbols else (state >> 33) % symbols
            step = (state >> 45 & 15) + 1
            moved = price[index] + (step if state >> 60 & 1 else -step)
            if abs(moved - start[index]) * 5 <= start[index]:
                price[index] = moved
            at = number * TRADING // share
            at += LUNCH if at >= MORNING else 0
            clock = f"{at // 3_600_000:02}:{at // 60_000 % 60:02}:{at // 1000 % 60:02}.{at % 1000:03}"
            yield (f'{{"type":"quote","symbol":"{names[index]}","ts":"{session}T{clock}Z","price":{price[index] // 100}.'
                   f"{price[index] % 100:02}}}\n")
        written += share
        for index, name in enumerate(names):
            yield (f'{{"type":"quote","symbol":"{name}","ts":"{session}T06:30:00Z","price":{price[index] // 100}.'
                   f'{price[index] % 100:02},"kind":"close"}}\n')


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    with open(path, "w", encoding="ascii", newline="\n") as file:
        file.writelines(quotes(count, int(sys.argv[3]) if len(sys.argv) > 3 else 100))


if __name__ == "__main__":
    main()
