"""Intervals hold and tests keep their level: a short run of the suite behind docs/statistics.md, which says it all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from bench.simulate.exceptions import EXCEPTIONS, SECTIONS
from bench.simulate.experiments import SLACK, Cell, Experiment, Rate, grid, holds, rejects
from bench.simulate.page import failures, page, stale
from bench.simulate.suite import EXPERIMENTS, measured
from bench.simulate.verdicts import SAME_SHARES
from koppelkans.strands.comparisons import exact_test

pytestmark = pytest.mark.slow


def test_intervals_hold_and_tests_keep_their_level_and_the_page_says_so(root: Path) -> None:
    cells = measured(short=True)
    assert failures(cells, SLACK) == []
    written = rates_of((root / "docs/statistics.md").read_text(encoding="utf-8"))
    exact = [cell for cell in cells if cell.rate.runs is None]
    assert len(exact) > 20
    shown = {key_of(cell): f"{cell.rate.value:.3f}".removeprefix("0") for cell in exact}
    assert {key: written.get(key) for key in shown} == shown


Key = tuple[str, str, frozenset[tuple[str, str]]]


def key_of(cell: Cell) -> Key:
    settings = {
        name: " and ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        for name, value in cell.settings.items()
    }
    return cell.section, cell.method.casefold(), frozenset(settings.items())


def rates_of(page: str) -> dict[Key, str]:
    """Read the page back: the rate in each cell of its tables, by section, method and settings."""
    rates: dict[Key, str] = {}
    section, method, head = "", "", list[str]()
    for line in page.splitlines():
        if line.startswith("## "):
            section, method = line.removeprefix("## "), ""
        elif line.startswith("**") and "** (" in line:
            method, head = line[2:].partition("** (")[0].casefold(), []
        elif line.startswith("| ") and method:
            row = [cell.strip() for cell in line.strip("|").split("|")]
            if not head:
                head = row
                continue
            fixed = {name: cell for name, cell in zip(head, row, strict=True) if " " not in name}
            for name, cell in zip(head, row, strict=True):
                across, between, value = name.partition(" ")
                if between and cell:
                    rates[section, method, frozenset({**fixed, across: value}.items())] = cell.partition(" ")[0]
    return rates


def test_the_page_has_every_method_and_setting_of_the_suite(root: Path) -> None:
    written = (root / "docs/statistics.md").read_text(encoding="utf-8")
    methods = [one for e in EXPERIMENTS for one in ([e.methods] if isinstance(e.methods, str) else e.methods)]
    assert [one for one in methods if f"**{one[0].upper()}{one[1:]}** (" not in written] == []
    settings = sum(len(e.grid) * (1 if isinstance(e.methods, str) else len(e.methods)) for e in EXPERIMENTS)
    assert f"\n{settings} settings of " in written and "Failed: none." in written
    assert [one.what for one in EXCEPTIONS if f"*{one.section}, {one.what}*" not in written] == []
    assert [name for name in SECTIONS if f"\n## {name}\n" not in written] == []


def test_the_rates_of_the_joint_display_in_the_docs_are_those_that_are_measured(root: Path) -> None:
    rates = rates_of((root / "docs/statistics.md").read_text(encoding="utf-8"))
    own = {key: float(rate) for key, rate in rates.items() if key[0] == "Joint display"}

    def measured_of(start: str, **settings: object) -> list[float]:
        wanted = {(name, str(value)) for name, value in settings.items()}
        return [rate for key, rate in own.items() if key[1].startswith(start) and wanted <= key[2]]

    at = {"interviews": 12, "answers": 60}
    same = [measured_of("confirm, with the same share", **at, share=share)[0] for share in SAME_SHARES]
    said = (
        f"discord comes out in at most {100 * max(measured_of('discord')):.1f}% of studies "
        f"({100 * max(measured_of('discord', **at)):.0f}% for 12 interviews and 60 answers); with shares that lie 0.40 "
        f"apart, confirm in at most {100 * max(measured_of('confirm, with shares')):.1f}%. With 12 interviews and 60 "
        f"answers and the same share, confirm comes out in "
        + ", ".join(f"{100 * rate:.0f}" for rate in same[:-1])
        + f" and {100 * same[-1]:.0f}% of studies at shares of "
        + ", ".join(map(str, SAME_SHARES[:-1]))
        + f" and {SAME_SHARES[-1]}"
    )
    assert said in " ".join((root / "docs/analysis.md").read_text(encoding="utf-8").split())


def wald(n: int, share: float) -> Rate:
    counts = np.arange(n + 1)
    reach = stats.norm.ppf(0.975) * np.sqrt(counts * (n - counts) / n**3)
    chance = stats.binom.pmf(counts, n, share)
    return Rate(float(chance[np.abs(counts / n - share) <= reach].sum()))


def always(generator: np.random.Generator, runs: int, n: int) -> Rate:
    """Test as if people were twice as many."""
    yes = generator.binomial(n, 0.5, size=(runs, 2))
    return rejects(exact_test(2 * int(a), 2 * n, 2 * int(b), 2 * n, "fisher").p for a, b in yes)


TOO_NARROW = Experiment("Shares", "Wald", "interval", wald, grid(n=(12, 3000), share=(0.3,)))
TOO_OFTEN = Experiment("Exact tests", "doubled", "test", always, grid(n=(40,)), 400)


def cells_of(*experiments: Experiment) -> list[Cell]:
    return [cell for one in experiments for job in one.cells() for cell in job()]


def test_an_interval_that_is_too_narrow_and_a_test_that_rejects_too_often_are_named() -> None:
    wrong = failures(cells_of(TOO_NARROW, TOO_OFTEN), SLACK)
    assert [line.rsplit(":", 1)[0] for line in wrong] == [
        "Shares: Wald (n 12, share 0.3)",
        "Exact tests: doubled (n 40)",
    ]
    text = page(cells_of(TOO_NARROW, TOO_OFTEN))
    assert "**Failed: 2.**" in text and "exact)" in text and "400 studies, error at most" in text


def test_the_same_seed_gives_the_same_page_and_one_more_setting_changes_no_other() -> None:
    again = Experiment("Exact tests", "doubled", "test", always, grid(n=(20, 40)), 400)
    assert page(cells_of(TOO_OFTEN)) == page(cells_of(TOO_OFTEN))
    assert cells_of(again)[1] == cells_of(TOO_OFTEN)[0]


def test_an_exception_that_nothing_needs_any_more_is_named() -> None:
    assert len(stale(cells_of(TOO_NARROW))) == len(EXCEPTIONS)


def test_rates_count_studies_without_an_interval_apart() -> None:
    rate = holds([(0, 1), (None, None), (2, 3), (0.5, 0.5)], 0.5)
    assert (rate.value, rate.runs, rate.without) == (pytest.approx(2 / 3), 3, 0.25)
    assert math.isnan(holds([(None, None)], 0).value)
    assert rejects([0.05, 0.2, None, 0.01]) == Rate(0.5, 4, 0.25)
