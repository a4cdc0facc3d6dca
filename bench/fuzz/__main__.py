"""Fuzz for as long as asked, and write the counts into docs/reliability.md: `make fuzz SECONDS=600`."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time

from bench.fuzz.run import MOST_BYTES, MOST_SECONDS, Tally, tried
from bench.fuzz.seeds import ROOT, seeds
from bench.reliability import put

_KEPT = ROOT / "build" / "fuzz"


def main() -> int:
    """Try inputs; end with 1 where one of them failed."""
    ask = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    ask.add_argument("--seconds", type=float, default=600)
    ask.add_argument("--inputs", type=int, default=10**9)
    ask.add_argument("--first", type=int, default=1, help="number of the first input")
    asked = ask.parse_args()
    tally, began = Tally(), time.monotonic()
    last = asked.first + asked.inputs - 1
    with contextlib.suppress(KeyboardInterrupt):
        for number, what, seed, trace in tried(asked.first, last, began + asked.seconds, _KEPT):
            tally.by_seed[seed] += 1
            if what == "failed":
                tally.failures.append((number, seed, trace))
                print(f"input {number} ({seed}): {trace.strip().splitlines()[-1]}\n{trace}", file=sys.stderr)
            else:
                tally.outcomes[what] += 1
            if tally.tried % 1_000 == 0:
                print(
                    f"{tally.tried:,} inputs, {len(tally.failures)} failures, {time.monotonic() - began:.0f} s",
                    flush=True,
                )
    put("Broken files", _page(tally, time.monotonic() - began))
    print(f"{tally.tried:,} inputs: {dict(tally.outcomes)}, {len(tally.failures)} failures; files in {_KEPT}")
    return 1 if tally.failures else 0


def _page(tally: Tally, seconds: float) -> str:
    return (
        f"`make fuzz` tried {tally.tried:,} broken files in {seconds / 60:,.0f} minutes, made of\n"
        f"{len(seeds())} whole ones: every kind that is read, `study.yml`, tables and parameters.\n"
        f"{tally.outcomes['read']:,} could be read, and what was read held together;\n"
        f"{tally.outcomes['refused']:,} were refused in one line;\n"
        f"{len(tally.failures)} did something else (any other exception, more than {MOST_SECONDS} seconds, more than\n"
        f"{MOST_BYTES / 1e9:.0f} GB of memory). Each input has a number and is always the same;\n"
        "`make test` tries some of them, and what was found before."
    )


if __name__ == "__main__":
    sys.exit(main())
