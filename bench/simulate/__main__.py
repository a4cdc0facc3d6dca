"""Measure all, write docs/statistics.md, and end with 1 where something lies outside its limits: `make simulate`."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before numpy is imported: a process for each core is enough

from bench.simulate.page import failures, page, stale
from bench.simulate.suite import measured

PAGE = Path(__file__).resolve().parents[2] / "docs" / "statistics.md"


def main() -> int:
    """Run the suite."""
    began = time.monotonic()
    with ProcessPoolExecutor() as pool:
        cells = measured(pool.map)
    PAGE.write_text(page(cells), encoding="utf-8")
    wrong = failures(cells) + stale(cells)
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(cells)} settings in {time.monotonic() - began:.0f} s: {len(wrong)} wrong; written to {PAGE.name}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
