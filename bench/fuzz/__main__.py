"""Fuzz for as long as asked, and write the counts into docs/reliability.md: `make fuzz SECONDS=600`."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import sys
import textwrap
import time
from collections import Counter

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
    put("Broken files", _page(_together(asked.first, tally)))
    print(f"{tally.tried:,} inputs: {dict(tally.outcomes)}, {len(tally.failures)} failures; files in {_KEPT}")
    return 1 if tally.failures else 0


def _together(first: int, tally: Tally) -> Counter[str]:
    """Keep the counts of this run, and return them with those of earlier ones of the same sources."""
    sources = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*.py")):
        sources.update(path.read_bytes())
    counts = {**tally.outcomes, "failed": len(tally.failures)}
    _KEPT.mkdir(parents=True, exist_ok=True)
    made = {"sources": sources.hexdigest(), "counts": counts}
    (_KEPT / f"counts-{first}.json").write_text(json.dumps(made), encoding="utf-8")
    whole = Counter[str]()
    for path in _KEPT.glob("counts-*.json"):
        kept = json.loads(path.read_text(encoding="utf-8"))
        whole.update(kept["counts"] if kept["sources"] == made["sources"] else {})
    return whole


def _page(counts: Counter[str]) -> str:
    found = (
        f"`make fuzz` tried {counts.total():,} broken files, made of {len(seeds())} whole ones: every kind that is "
        f"read, `study.yml`, tables and parameters. {counts['read']:,} could be read, and what was read held together; "
        f"{counts['refused']:,} were refused in one line; {counts['failed']:,} did something else (any other "
        f"exception, more than {MOST_SECONDS} seconds, more than {MOST_BYTES / 1e9:.0f} GB of memory)."
    )
    how = (
        "Each input has a number and is always the same: `make fuzz FIRST=5000` begins with that one, and counts of "
        "the same sources are put together. `make test` tries some inputs, and what was found before."
    )
    return "\n\n".join(textwrap.fill(text, 120) for text in (found, how))


if __name__ == "__main__":
    sys.exit(main())
