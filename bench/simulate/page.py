"""The page docs/statistics.md: what each interval and test was measured to do, in tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from bench.simulate.exceptions import EXCEPTIONS, SECTIONS, exception_of
from bench.simulate.experiments import LEAST, MOST, MOST_REJECTED, SEED, Cell, Settings

_MOST_COLUMNS = 6
_HEAD = """# How often intervals and tests hold

How often does an interval of 95% hold the true value, and how often does a test at 5% reject what is true? `make
simulate` measures both for the intervals and tests of Koppelkans and writes this page; nothing in it is typed by
hand. An interval has to hold the true value in {least:.0%} to {most:.0%} of studies, and a test may reject what is true
in at most {rejected:.0%}. Outside these limits `make simulate` fails, but for the exceptions listed at the end, each
with its reason and with limits of its own. `make test` measures some of the settings with fewer studies each time.

**How to read it.** A study is made up of which the truth is known, the method is applied to it, and this is done many
times. *Exact*: all outcomes that a study can have were gone through, each with its chance, so that there is no error
of simulation. Else the number of simulated studies stands above the table, with the largest Monte Carlo standard error
in it: the rates are that uncertain. The seed is {seed}: who runs it again gets the same page. [1] points at an
exception. "(3% without)": in 3% of studies the method gives no interval or p, and says why; the rate of an interval is
about the others, and a study without p rejects nothing.

People, sentences and interviews are drawn at random here, which real ones rarely are. The page says how a method
behaves where its assumptions hold, and for documents, weights and skewed numbers what happens where they do not. What
each method answers stands in [Analysis of field data](analysis.md).

{cells} settings of {methods} methods. Within the limits: {within}. Exceptions: {excepted}. {failed}
"""


def page(cells: Sequence[Cell]) -> str:
    """Write the page."""
    numbers = {id(cell): exception_of(cell) for cell in cells}
    failed = failures(cells)
    outside = sum(not cell.within() for cell in cells)
    parts = [
        _HEAD.format(
            least=LEAST, most=MOST, rejected=MOST_REJECTED, seed=SEED, cells=len(cells),
            methods=len({(cell.section, cell.method) for cell in cells}), within=len(cells) - outside,
            excepted=outside - len(failed), failed=f"**Failed: {len(failed)}.**" if failed else "Failed: none.",
        ),
        "## In one table\n",
        _table(
            ("", "method", "rate, lowest to highest", "settings", "outside the limits"),
            [_summary(section, method, list(own)) for (section, method), own in _by_method(cells)],
        ),
    ]  # fmt: skip
    for section, of_section in groupby(cells, key=lambda cell: cell.section):
        parts.append(f"\n## {section}\n\n{SECTIONS[section]}\n")
        for method, own in groupby(of_section, key=lambda cell: cell.method):
            parts.append(_of_method(method, list(own)))
    parts.append("\n## Exceptions\n")
    for number, exception in enumerate(EXCEPTIONS, 1):
        rates = [cell.rate.value for cell in cells if numbers[id(cell)] == number and not cell.within()]
        if rates:
            many = "setting" if len(rates) == 1 else "settings"
            span = f"{_rate(min(rates))} to {_rate(max(rates))}, {len(rates)} {many}"
            parts.append(f"{number}. *{exception.section}, {exception.what}* ({span}). {exception.reason}")
    return "\n".join(parts) + "\n"


def failures(cells: Iterable[Cell], slack: float = 0) -> list[str]:
    """Name the settings that lie outside the limits and are no exception, with their rates."""
    return [
        f"{cell.name}: {_rate(cell.rate.value)}"
        for cell in cells
        if not cell.within(slack) and exception_of(cell, slack) is None
    ]


def stale(cells: Sequence[Cell]) -> list[str]:
    """Name the exceptions that no setting needs any more."""
    used = {exception_of(cell) for cell in cells if not cell.within()}
    return [
        f"exception {number} ({one.section}, {one.what}): all its settings are within the limits"
        for number, one in enumerate(EXCEPTIONS, 1)
        if number not in used
    ]


def _by_method(cells: Iterable[Cell]) -> Iterable[tuple[tuple[str, str], Iterable[Cell]]]:
    return groupby(cells, key=lambda cell: (cell.section, cell.method))


def _rate(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}".removeprefix("0")


def _summary(section: str, method: str, cells: list[Cell]) -> tuple[str, ...]:
    rates = [cell.rate.value for cell in cells]
    outside = sum(not cell.within() for cell in cells)
    kind = {"interval": "holds", "test": "wrong in", "rate": "comes out in"}[cells[0].kind]
    return section, method, f"{kind} {_rate(min(rates))} to {_rate(max(rates))}", str(len(cells)), str(outside or "")


def _of_method(method: str, cells: list[Cell]) -> str:
    settings = [cell.settings for cell in cells]
    across = _across(settings)
    rest = [name for name in settings[0] if name != across]
    columns = list(dict.fromkeys(_value(one[across]) for one in settings))
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    for cell in cells:
        row = rows.setdefault(tuple(_value(cell.settings[name]) for name in rest), {})
        row[_value(cell.settings[across])] = _shown(cell)
    runs = max(cell.rate.runs or 0 for cell in cells)
    error = max(cell.rate.error for cell in cells)
    how = f"{runs:,} studies, error at most {_rate(error)}" if runs else "exact"
    kind = cells[0].kind
    body = [(*key, *(row.get(column, "") for column in columns)) for key, row in rows.items()]
    head = (*rest, *(f"{across} {column}" for column in columns))
    return f"**{method[0].upper()}{method[1:]}** ({kind}; {how})\n\n{_table(head, body)}\n"


def _across(settings: Sequence[Settings]) -> str:
    """Choose the setting whose values become columns: the one with most values of which every row has all."""
    sizes = {}
    for name in settings[0]:
        values = {str(one[name]) for one in settings}
        rows = {str([value for key, value in one.items() if key != name]) for one in settings}
        if len(values) <= _MOST_COLUMNS and len(values) * len(rows) == len(settings):
            sizes[name] = len(values)
    return max(sizes, key=lambda name: sizes[name]) if sizes else list(settings[0])[-1]


def _value(value: object) -> str:
    return " and ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _shown(cell: Cell) -> str:
    text = _rate(cell.rate.value)
    if cell.rate.without >= 0.005:
        text += f" ({cell.rate.without:.0%} without)"
    if cell.within():
        return text
    number = exception_of(cell)
    return f"{text} [{number}]" if number else f"**{text}**"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
