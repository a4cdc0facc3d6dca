"""Checks that compare places: levels of packages, texts, companion pages; and numbers that stand alone."""

from __future__ import annotations

from typing import Literal

from koppelkans.ledger.checks.lookup import (
    TABLE_WORDS,
    both,
    fact_row,
    first_upper,
    read,
    row_of,
    rows_where,
    shown_in,
    table_of,
)
from koppelkans.ledger.checks.registry import Read, Result, Tables, Texts, WrongArgument, check

Basis = Literal["stated-design", "stated-results", "stated-closing"]
LEVEL_FIGURE = ("06-integration", "fig-levels-packages")
BASIS_WORDS = {
    "stated-design": both("de opzet (1.2)", "the design (1.2)"),
    "stated-results": both("de resultaten (hoofdstuk 2)", "the chapter on results (2)"),
    "stated-closing": both("de slotbeschouwing (5)", "the closing section (5)"),
}


def _level_names(tables: Tables, levels: list[str], language: str) -> str:
    names = dict(zip(table_of(tables, "levels")["level"], table_of(tables, "levels")[f"name_{language}"], strict=True))
    joined = [str(names.get(level, level)).lower() for level in levels]
    return (" en " if language == "nl" else " and ").join(joined) or "-"


@check("levels_of_package")
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
            both(
                "Nergens anders in het rapport krijgt dit werkpakket een niveau.",
                "Nowhere else in the report is this work package given a level.",
            ),
            notebook=LEVEL_FIGURE[0],
            figure=LEVEL_FIGURE[1],
        )
    found = sorted(set(rows["level"]))
    agrees = found == sorted(set(levels))
    here = {lang: _level_names(tables, sorted(levels), lang) for lang in ("nl", "en")}
    there = {lang: _level_names(tables, found, lang) for lang in ("nl", "en")}
    return Result(
        agrees=agrees,
        found=", ".join(found),
        expected=", ".join(sorted(levels)),
        evidence=both(
            f"Hier staat bij dit werkpakket {here['nl']}; bij {BASIS_WORDS[place]['nl']} {there['nl']}: "
            + ("dat is hetzelfde." if agrees else "dat is niet hetzelfde."),
            f"Here this work package has {here['en']}; {BASIS_WORDS[place]['en']} has {there['en']}: "
            + ("that is the same." if agrees else "that is not the same."),
        ),
        reads=(read("package_levels", rows, "level"),),
        notebook=LEVEL_FIGURE[0],
        figure=LEVEL_FIGURE[1],
    )


@check("levels_covered")
def levels_covered(tables: Tables, *, basis: Basis) -> Result:
    """Hold "the levels are represented in the packages" against both tables: every level has a package."""
    every = table_of(tables, "levels")
    held = rows_where(tables, "package_levels", [f"basis:{basis}"])
    without = [level for level in every["level"] if level not in set(held["level"])]
    n = len(every)
    agrees = n > 0 and not without
    missing = {lang: _level_names(tables, without, lang) for lang in ("nl", "en")}
    return Result(
        agrees=agrees,
        found=f"{n - len(without)} of {n}",
        expected=f"{n} of {n}",
        evidence=both(
            f"Van de {n} niveaus hebben er {n - len(without)} een werkpakket"
            + (f"; zonder: {missing['nl']}." if without else "."),
            f"Of the {n} levels {n - len(without)} have a work package"
            + (f"; without: {missing['en']}." if without else "."),
        ),
        reads=(read("levels", every), read("package_levels", held, "level")),
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
        evidence=both(
            f"De zin noemt {len(set(levels))} niveaus; {len(known)} daarvan staan onder de {len(model)} van het model.",
            f"The sentence names {len(set(levels))} levels; {len(known)} of them are among the {len(model)} of "
            "the model.",
        ),
        reads=(read("levels", known, "level"), read("facts", row, "value")),
        notebook="06-integration",
        figure="fig-ecological-model",
    )


@check("mentions")
def mentions(
    tables: Tables,
    *,
    table: str,
    columns: Texts,
    words: Texts,
    where: Texts = (),
    absent: bool = False,
    only_fits: bool = False,
) -> Result:
    """Look whether another place speaks of the same: a row of `table` whose texts hold every word of `words`.

    With `absent` no row may hold any of them. Case does not matter.
    """
    rows = rows_where(tables, table, where)
    unknown = [column for column in columns if column not in rows.columns]
    if unknown:
        raise WrongArgument("columns", unknown[0], f"columns of {table}")
    texts = rows[list(columns)].astype(str).agg(" ".join, axis=1).str.lower()
    wanted = any if absent else all
    hits = rows[[wanted(word.lower() in text for word in words) for text in texts]]
    agrees = hits.empty if absent else not hits.empty
    notebook, figure = shown_in(table, hits if len(hits) else rows)
    place = TABLE_WORDS.get(table, both(f"de tabel {table}", f"the table {table}"))
    quoted = ", ".join(words)
    open_ = both("; dat past erbij, maar bewijst de uitspraak niet", "; that fits, but does not bear it out")
    tail = open_ if agrees and only_fits else both("", "")
    return Result(
        agrees=None if agrees and only_fits else agrees,
        found=str(len(hits)),
        expected="0" if absent else ">= 1",
        evidence=both(
            f"Gezocht op {quoted} in {place['nl']}, een andere plaats in het rapport: "
            f"{'gevonden' if len(hits) else 'niet gevonden'}{tail['nl']}.",
            f"Looked for {quoted} (Dutch) in {place['en']}, another place in the report: "
            f"{'found' if len(hits) else 'not found'}{tail['en']}.",
        ),
        reads=tuple(Read(table, column, tuple((rows if absent else hits).index)) for column in columns),
        notebook=notebook,
        figure=figure,
    )


RELATION_WORDS = {
    "agrees": both("stemt overeen", "agrees"),
    "differs": both("wijkt af", "differs"),
    "adds": both("vult aan", "adds to it"),
}


@check("consistent_with_companion")
def consistent_with_companion(tables: Tables, *, source: str, holds: Texts = ()) -> Result:
    """Hold a statement against another public page (`source`, such as X-08).

    `holds` lists what the page would have to say (parts of says_en) to agree; without it the relation that the table
    gives for the page counts.
    """
    row = row_of(tables, "companion_sources", "id", source, "source")
    said = str(row["says_en"]).lower()
    held = [text for text in holds if text.lower() in said]
    relation = str(row["relation"]) if not holds else ("agrees" if len(held) == len(holds) else "differs")
    if relation not in RELATION_WORDS:
        raise WrongArgument("source", source, f"a companion source whose relation is {', '.join(RELATION_WORDS)}")
    words = RELATION_WORDS[relation]
    same = both(
        f"zegt hetzelfde op {len(held)} van {len(holds)} punten", f"says the same on {len(held)} of {len(holds)} points"
    )
    if len(holds) == 1:
        same = both("zegt hetzelfde", "says the same") if held else both("zegt dit niet", "does not say so")
    words = same if holds else words
    here = table_of(tables, "companion_sources")[table_of(tables, "companion_sources")["id"] == source]
    return Result(
        agrees={"agrees": True, "differs": False}.get(relation),
        found=f"{len(held)} of {len(holds)}" if holds else relation,
        expected=f"{len(holds)} of {len(holds)}" if holds else "agrees",
        evidence=both(
            f"Een andere openbare bron ({source}) {words['nl']}: {row['says_nl']}",
            f"Another public source ({source}) {words['en']}: {row['says_en']}",
        ),
        reads=(read("companion_sources", here, "says_en" if holds else "relation"),),
        against="companion",
    )


WHY = {
    "only-here": both(
        "Dit staat alleen op deze plaats in het rapport; niets anders dat gepubliceerd is, kan het bevestigen of "
        "weerleggen.",
        "This stands only at this place in the report; nothing else that was published can confirm or refute it.",
    ),
    "no-number": both(
        "Het rapport geeft hier geen aantal, dus er is niets om na te rekenen.",
        "The report gives no number here, so there is nothing to recompute.",
    ),
    "outside": both(
        "Dit komt uit een bron buiten het onderzoek; die bron staat niet in deze gegevens.",
        "This comes from a source outside the study; that source is not in these data.",
    ),
    "not-ranked": both(
        "Het rapport zet dit op de eerste plaats, maar geeft geen aantallen of rangorde.",
        "The report puts this first, but gives neither counts nor a ranking.",
    ),
}


@check("stands_alone")
def stands_alone(
    tables: Tables,
    *,
    why: Literal["only-here", "no-number", "outside", "not-ranked"],
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
        return Result(None, "", says, WHY[why], data_set=data_set)
    row = fact_row(tables, fact)
    value = str(row["value"])
    if value == says:
        return Result(None, value, says, WHY[why], (read("facts", row, "value"),), data_set=data_set)
    return Result(
        False,
        value,
        says,
        both(
            f"{first_upper(str(row['about_nl']))}: de uitspraak zegt {says}, de losse getallen {value}.",
            f"{first_upper(str(row['about_en']))}: the statement says {says}, the single numbers {value}.",
        ),
        (read("facts", row, "value"),),
        data_set=data_set,
    )
