"""Checks that calculate: products, shares, differences, and numbers that another statement gives."""

from __future__ import annotations

import math
import re

from koppelkans.ledger.checks.lookup import (
    fact_number,
    fact_row,
    read,
    row_of,
    rows_where,
)
from koppelkans.ledger.checks.registry import Result, Tables, WrongArgument, check
from koppelkans.ledger.checks.wording import ONLY_FITS, as_read, cell, opening, sentence, verdict_of
from koppelkans.locale import N_


@check("product")
def product(tables: Tables, *, fact: str, says: int, times_fact: str = "", times: str = "") -> Result:
    """Hold a number against the facts and work out what it makes in all: times another fact, or times the sessions.

    The report prints no total, so nothing bears the number out; a number that differs is found.
    """
    row = fact_row(tables, fact)
    value = fact_number(tables, fact)
    reads = [read("facts", row, "value")]
    notebook, figure = "", ""
    if times_fact:
        factor = fact_number(tables, times_fact, "times_fact")
        reads.append(read("facts", fact_row(tables, times_fact, "times_fact"), "value"))
    elif times == "sessions":
        items = rows_where(tables, "sessions", [])
        factor = items["session"].nunique()
        reads.append(read("sessions", items, "session"))
        notebook, figure = "01-sessions", "fig-programme-totals"
    else:
        raise WrongArgument("times", times, "times=sessions, or times_fact with a fact")
    return Result(
        agrees=None if value == says else False,
        found=f"{factor} x {value} = {factor * value}",
        expected=str(says),
        evidence=sentence(
            N_(
                "{about}: the statement says {says}, the single numbers {value}; times {factor} "
                "that makes {total}, a total that the report does not give."
            ),
            about=opening(cell(row, "about")),
            says=says,
            value=value,
            factor=factor,
            total=as_read(factor * value),
        ),
        reads=tuple(reads),
        notebook=notebook,
        figure=figure,
    )


@check("share")
def share(tables: Tables, *, part_fact: str, whole_fact: str, part: int, whole: int) -> Result:
    """Hold "part of whole" against two facts and give the share. A part larger than the whole is refused as wrong."""
    rows = [fact_row(tables, part_fact, "part_fact"), fact_row(tables, whole_fact, "whole_fact")]
    some, every = fact_number(tables, part_fact, "part_fact"), fact_number(tables, whole_fact, "whole_fact")
    agrees = (some, every) == (part, whole) and 0 < some <= every
    percent = round(100 * some / every) if every else 0
    return Result(
        agrees=None if agrees else False,
        found=f"{some} of {every} ({percent}%)",
        expected=f"{part} of {whole}",
        evidence=sentence(
            N_("{about}: {some} of {every}, {percent}%; the statement says {part} of {whole}."),
            about=opening(cell(rows[0], "about")),
            some=some,
            every=every,
            percent=percent,
            part=part,
            whole=whole,
        ),
        reads=tuple(read("facts", row, "value") for row in rows),
    )


@check("difference")
def difference(tables: Tables, *, lower: str, higher: str, says_lower: int, says_higher: int) -> Result:
    """Hold two numbers, one said to be the lower, against the facts, and work out what lies between them."""
    rows = [fact_row(tables, lower, "lower"), fact_row(tables, higher, "higher")]
    low, high = fact_number(tables, lower, "lower"), fact_number(tables, higher, "higher")
    fits = (low, high) == (says_lower, says_higher) and low < high
    gap, percent = high - low, 100 * (high - low) / high if high else math.nan
    return Result(
        agrees=None if fits else False,
        found=f"{low} < {high}; difference {gap} ({percent:.1f}%)",
        expected=f"{says_lower} and {says_higher}",
        evidence=sentence(
            N_("{about} lies {gap} ({percent}) below the other number; both stand only here, without a year."),
            about=opening(cell(rows[0], "about")),
            gap=as_read(gap),
            percent=as_read(percent, 1, "%"),
        ),
        reads=tuple(read("facts", row, "value") for row in rows),
        notebook="06-integration",
        data_set="",
    )


@check("number_in_claim", compares="places")
def number_in_claim(tables: Tables, *, claim: str, at_least: int) -> Result:
    """Hold a statement against the first number of another statement (`claim`): at least so many."""
    row = row_of(tables, "claims", "id", claim, "claim")
    numbers = re.findall(r"\d+", str(row["quantity"]))
    if not numbers:
        raise WrongArgument("claim", claim, "a claim with a number in its column quantity")
    named = int(numbers[0])
    agrees = named >= at_least
    return Result(
        agrees=agrees,
        found=str(named),
        expected=f">= {at_least}",
        evidence=sentence(
            N_("The statement says at least {at_least}; section {section} names {named} ({claim}); {verdict}."),
            at_least=at_least,
            section=row["section"],
            named=named,
            claim=claim,
            verdict=verdict_of(agrees),
        ),
        reads=(read("claims", tables["claims"][tables["claims"]["id"] == claim], "quantity"),),
    )


@check("pace")
def pace(tables: Tables, *, claim: str, per_decade: float, within: float) -> Result:
    """Hold degrees per decade against another statement on warming (its column quantity).

    That statement gives two degrees and two years ("1.5 after 2030; 2 after 2050") or degrees per decade ("0.3 degrees
    per 10 years"). Years are open ("after"), so a pace inside `within` fits and bears nothing out.
    """
    row = row_of(tables, "claims", "id", claim, "claim")
    numbers = [float(value) for value in re.findall(r"\d+(?:\.\d+)?", str(row["quantity"]))]
    if len(numbers) < 2 or (len(numbers) == 4 and numbers[1] == numbers[3]):
        raise WrongArgument("claim", claim, "a claim whose column quantity has degrees and years")
    degrees = numbers[0]
    if len(numbers) == 4:
        degrees = 10 * (numbers[2] - numbers[0]) / (numbers[3] - numbers[1])
    fits = abs(degrees - per_decade) <= within
    verdict = sentence(ONLY_FITS) if fits else verdict_of(fits)
    return Result(
        agrees=None if fits else False,
        found=f"{degrees:.2f} per decade",
        expected=f"{per_decade:g} per decade",
        evidence=sentence(
            N_("From {claim} follow {pace} degrees per decade, from this statement {stated}; {verdict}."),
            claim=claim,
            pace=as_read(degrees, 2),
            stated=as_read(per_decade, 2),
            verdict=verdict,
        ),
        reads=(read("claims", tables["claims"][tables["claims"]["id"] == claim], "quantity"),),
    )
