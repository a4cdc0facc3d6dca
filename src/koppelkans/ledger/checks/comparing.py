"""Checks that compare places: levels of packages, texts, companion pages; and numbers that stand alone."""

from __future__ import annotations

import re
from typing import Literal

from koppelkans.ledger.checks.lookup import (
    fact_row,
    read,
    row_of,
    rows_where,
    shown_in,
    table_of,
)
from koppelkans.ledger.checks.registry import Read, Result, Tables, Texts, Words, WrongArgument, check
from koppelkans.ledger.checks.wording import cell, in_each, opening, place_of, sentence
from koppelkans.locale import N_
from koppelkans.locale import words as catalog

Basis = Literal["stated-design", "stated-results", "stated-closing"]
LEVEL_FIGURE = ("06-integration", "fig-levels-packages")
BASIS_WORDS = {
    "stated-design": N_("the design (1.2)"),
    "stated-results": N_("the chapter on results (2)"),
    "stated-closing": N_("the closing section (5)"),
}


def _level_names(tables: Tables, levels: list[str]) -> Words:
    known = table_of(tables, "levels").set_index("level")

    def write(language: str) -> str:
        names = known[f"name_{language}"].to_dict()
        own = [str(names.get(level, level)).lower() for level in levels]
        return catalog(language).gettext(" and ").join(own) or "-"

    return in_each(write)


@check("levels_of_package", compares="places")
def levels_of_package(
    tables: Tables,
    *,
    work_package: str,
    levels: Texts,
    basis: Basis,
    against: tuple[Basis, ...],
) -> Result:
    """Compare the levels that one place of the study gives a work package with those that other places give it.

    `levels` are those of the statement, found at `basis`; `against` lists the other places, in order; the first that
    speaks of the package counts. Where none does there is nothing to compare.
    """
    if basis in against:
        raise WrongArgument("against", basis, f"other places than basis ({basis})")
    known = set(table_of(tables, "levels")["level"])
    unknown = [level for level in levels if level not in known]
    if unknown:
        raise WrongArgument("levels", unknown[0], f"one of {', '.join(sorted(known))}")
    for place in against:
        rows = rows_where(tables, "package_levels", [f"work_package:{work_package}", f"basis:{place}"])
        if len(rows):
            break
    else:
        return Result(
            None,
            "",
            ", ".join(sorted(levels)),
            sentence(N_("Nowhere else in the report is this work package given a level.")),
            notebook=LEVEL_FIGURE[0],
            figure=LEVEL_FIGURE[1],
        )
    elsewhere = sorted(set(rows["level"]))
    agrees = elsewhere == sorted(set(levels))
    same = N_("Here this work package has {here}; {place} has {there}: that is the same.")
    other = N_("Here this work package has {here}; {place} has {there}: that is not the same.")
    return Result(
        agrees=agrees,
        found=", ".join(elsewhere),
        expected=", ".join(sorted(levels)),
        evidence=sentence(
            same if agrees else other,
            here=_level_names(tables, sorted(levels)),
            place=sentence(BASIS_WORDS[place]),
            there=_level_names(tables, elsewhere),
        ),
        reads=(read("package_levels", rows, "level"),),
        notebook=LEVEL_FIGURE[0],
        figure=LEVEL_FIGURE[1],
    )


@check("levels_covered")
def levels_covered(tables: Tables, *, basis: Basis) -> Result:
    """Hold "the levels are represented in the packages" against both tables: how many levels have a package.

    Where every level has one it agrees; where some have none it cannot tell, since "the levels" need not be all.
    """
    every = table_of(tables, "levels")
    with_package = rows_where(tables, "package_levels", [f"basis:{basis}"])
    without = [level for level in every["level"] if level not in set(with_package["level"])]
    n = len(every)
    every_level = N_("Of the {n} levels {covered} have a work package.")
    some_levels = N_(
        "Of the {n} levels {covered} have a work package; without: {missing}. That goes together if not every level "
        "is meant."
    )
    return Result(
        agrees=True if n and not without else None,
        found=f"{n - len(without)} of {n}",
        expected=f"{n} of {n}",
        evidence=sentence(
            some_levels if without else every_level,
            n=n,
            covered=n - len(without),
            missing=_level_names(tables, without),
        ),
        reads=(read("levels", every), read("package_levels", with_package, "level")),
        notebook=LEVEL_FIGURE[0],
        figure=LEVEL_FIGURE[1],
    )


@check("levels_named")
def levels_named(tables: Tables, *, levels: Texts, fact: str) -> Result:
    """Hold the levels that a sentence names against those of the model, and their number against a fact."""
    model = table_of(tables, "levels")
    known = model[model["level"].isin(list(levels))]
    row = fact_row(tables, fact)
    agrees = len(known) == len(set(levels)) and str(len(known)) == str(row["value"])
    return Result(
        agrees=agrees,
        found=f"{len(known)} of {len(model)}",
        expected=f"{row['value']} of {len(model)}",
        evidence=sentence(
            N_(
                "The sentence names {named_count} levels; {known_count} of them are among the "
                "{model_count} of the model."
            ),
            named_count=len(set(levels)),
            known_count=len(known),
            model_count=len(model),
        ),
        reads=(read("levels", known, "level"), read("facts", row, "value")),
        notebook="06-integration",
        figure="fig-ecological-model",
    )


_THERE = N_("The words {terms} (Dutch) occur in {place}; that words occur bears nothing out.")
_NOT_THERE = N_("The words {terms} (Dutch) do not occur in {place}; that refutes nothing.")


@check("mentions", compares="words")
def mentions(
    tables: Tables,
    *,
    table: str,
    columns: Texts,
    words: Texts,
    where: Texts = (),
    absent: bool = False,
) -> Result:
    """Look where another place may speak of the same: rows of `table` whose texts hold every word of `words`.

    With `absent` rows that hold any of them. Case does not matter. Words alone decide nothing, so neither does this.
    """
    rows = rows_where(tables, table, where)
    unknown = [column for column in columns if column not in rows.columns]
    if unknown:
        raise WrongArgument("columns", unknown[0], f"columns of {table}")
    texts = rows[list(columns)].astype(str).agg(" ".join, axis=1).str.lower()
    wanted = any if absent else all
    hits = rows[[wanted(word.lower() in text for word in words) for text in texts]]
    notebook, figure = shown_in(table, hits if len(hits) else rows)
    text = _NOT_THERE if hits.empty else _THERE
    return Result(
        agrees=None,
        found=str(len(hits)),
        expected="0" if absent else ">= 1",
        evidence=sentence(text, terms=", ".join(words), place=place_of(table)),
        reads=tuple(Read(table, column, tuple((rows if absent else hits).index)) for column in columns),
        notebook=notebook,
        figure=figure,
    )


_ITEMS = re.compile(r", | and ")
RELATION_WORDS = {
    "agrees": N_("agrees"),
    "differs": N_("differs"),
    "in-part": N_("agrees in part"),
    "adds": N_("adds to it"),
}


@check("consistent_with_companion")
def consistent_with_companion(tables: Tables, *, source: str, holds: Texts = (), only_these: bool = False) -> Result:
    """Hold a statement against another public page (`source`, such as X-08).

    `holds` lists what the page would have to say (parts of says_en) to agree; without it the relation that the table
    gives for the page counts. With
    `only_these` a page that lists more of them (after its colon) agrees only in part.
    """
    row = row_of(tables, "companion_sources", "id", source, "source")
    page = str(row["says_en"]).lower()
    agreeing = [text for text in holds if text.lower() in page]
    listed = len(_ITEMS.split(str(row["says_en"]).partition(":")[2])) if only_these else len(holds)
    whole = len(agreeing) == len(holds) >= listed
    said = "agrees" if whole else "in-part" if agreeing else "differs"
    relation = said if holds else str(row["relation"])
    if relation not in RELATION_WORDS:
        raise WrongArgument("source", source, f"a companion source whose relation is {', '.join(RELATION_WORDS)}")
    same = sentence(
        N_("says the same on {agreeing_count} of {holds_count} points"),
        agreeing_count=len(agreeing),
        holds_count=len(holds),
    )
    if len(holds) == 1:
        same = sentence(N_("says the same")) if agreeing else sentence(N_("does not say so"))
    if listed > len(holds):
        same = sentence(
            N_("differs in part: it names {agreeing_count} of the {holds_count}, and {names} in all"),
            agreeing_count=len(agreeing),
            holds_count=len(holds),
            names=listed,
        )
    meaning = same if holds else sentence(RELATION_WORDS[relation])
    here = table_of(tables, "companion_sources")[table_of(tables, "companion_sources")["id"] == source]
    return Result(
        agrees={"agrees": True, "differs": False, "in-part": False}.get(relation),
        verdict=relation,
        found=f"{len(agreeing)} of {len(holds)}" if holds else relation,
        expected=f"{len(holds)} of {listed}" if holds else "agrees",
        evidence=sentence(
            N_("Another public source ({source}) {meaning}: {says}"),
            source=source,
            meaning=meaning,
            says=cell(row, "says"),
        ),
        reads=(read("companion_sources", here, "says_en" if holds else "relation"),),
        against="companion",
    )


WHY = {
    "only-here": N_(
        "This stands only at this place in the report; nothing else that was published can confirm or refute it."
    ),
    "no-number": N_("The report gives no number here, so there is nothing to recompute."),
    "outside": N_("This comes from a source outside the study; that source is not in these data."),
    "exception-named": N_("The next sentence names one after all; the two together force no count."),
    "not-ranked": N_("The report puts this first, but gives neither counts nor a ranking."),
}


@check("stands_alone")
def stands_alone(
    tables: Tables,
    *,
    why: Literal["only-here", "no-number", "outside", "exception-named", "not-ranked"],
    fact: str = "",
    says: str = "",
    data_set: str = "",
) -> Result:
    """Say why nothing can be held against a statement; with `fact` and `says`, find a number that was typed wrong.

    `data_set` names a data set that would settle it, where the claim names none.
    """
    if bool(fact) != bool(says):
        raise WrongArgument("says", says, "both fact and says, or neither")
    if data_set:
        row_of(tables, "data_sets", "data_set", data_set, "data_set")
    if not fact:
        return Result(None, "", says, sentence(WHY[why]), data_set=data_set)
    row = fact_row(tables, fact)
    value = str(row["value"])
    if value == says:
        return Result(None, value, says, sentence(WHY[why]), (read("facts", row, "value"),), data_set=data_set)
    return Result(
        False,
        value,
        says,
        sentence(
            N_("{about}: the statement says {says}, the single numbers {value}."),
            about=opening(cell(row, "about")),
            says=says,
            value=value,
        ),
        (read("facts", row, "value"),),
        data_set=data_set,
    )
