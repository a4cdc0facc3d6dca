"""What follows from several quantifiers together, though no single one says it.

Each statement is about a set of people out of the same n, and its words allow some sizes of that set (a range).
together.py finds which sizes are possible at once; statements credited to one person each are counted with the
pigeonhole principle. How statements hang together is our reading, and every consequence names it as its premise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from koppelkans.ledger.bounds import bounds
from koppelkans.ledger.together import Relation, smallest_n, solve
from koppelkans.ledger.together import parse_relations as parse_relations
from koppelkans.locale import N_, words
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, rows_of
from koppelkans.strands.quantifiers import RULES, feasible_counts

COLUMNS = (
    "id",
    "kind",
    "group",
    "statements",
    "n",
    "premise_nl",
    "premise_en",
    "conclusion_nl",
    "conclusion_en",
    "low",
    "high",
)


def consequences(
    quantifiers: pd.DataFrame, relations: Sequence[Relation] = (), outside: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return what follows across the published quantifiers, one row each.

    `quantifiers` is the table quantifiers; `relations` how some of its statements hang together (those about other
    ids are left out); `outside`: id -> how many of its n are known from elsewhere to fall outside it.
    Columns: id (K-01 ...), kind (voices, repeats, busiest, fewest-people, conflict, narrowed, together, smallest-n,
    outside), group, statements (ids with ; between), n (Int64), premise and conclusion in both languages, low, high
    (Int64; of what the conclusion counts).
    """
    if quantifiers.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    strict = bounds(quantifiers)
    known = set(strict["id"])
    used = [relation for relation in relations if {relation.first, relation.second} <= known]
    rows: list[dict[str, Any]] = []
    for group, statements in strict.groupby("group", sort=False):
        counted_rows = [row for row in rows_of(statements) if row["rule"] in RULES and row["rule"] != "unbounded"]
        rows += _voices(str(group), counted_rows, used)
        rows += _fewest_people(str(group), counted_rows, used)
    for ids in _components(used):
        rows += _related([row for row in rows_of(strict) if row["id"] in ids], used)
    for quantifier, count in (outside or {}).items():
        rows += _outside([row for row in rows_of(strict) if row["id"] == quantifier], count)
    result = pd.DataFrame(rows, columns=list(COLUMNS[1:]))
    result.insert(0, "id", [f"K-{number:02d}" for number in range(1, len(result) + 1)])
    return result.astype({"n": "Int64", "low": "Int64", "high": "Int64"})


def _row(kind: str, group: str, ids: Sequence[str], n: int | None, low: int | None, high: int | None) -> dict[str, Any]:
    """Begin a row; premise and conclusion are filled in by `_with_texts`."""
    sizes = {"n": n, "low": low, "high": high}
    missing: dict[str, Any] = {key: pd.NA if size is None else size for key, size in sizes.items()}
    return {"kind": kind, "group": group, "statements": ";".join(ids), **missing}


_ONLY_LINKS = "{links}"
_RANGE = N_("{low} to {high}")
_TEXTS = {
    "voices": (
        N_("Each of the {m} statements comes from one person, who is one of the same {n} each time."),
        N_("Behind the {m} statements are at least {low} and at most {high} different people."),
    ),
    "repeats": (
        N_("Each of the {m} statements comes from one person, who is one of the same {n} each time."),
        N_("At least {low} of the {m} statements come from someone who was heard before."),
    ),
    "busiest": (
        N_("Each of the {m} statements comes from one person, who is one of the same {n} each time."),
        N_("Someone is heard at least {low} times."),
    ),
    "fewest-people": (
        N_("The {m} statements are about the same {n} people; nothing rules out the same ones each time."),
        N_("Together the words ask for no more than {low} different people."),
    ),
    "conflict": (
        _ONLY_LINKS,
        N_("Taken literally they do not go together; one of them makes an exception or is about something else."),
    ),
    "narrowed": (
        _ONLY_LINKS,
        N_("{ids}: {low} to {high} of {n}; by itself it would be {alone}."),
    ),
    "together": (
        _ONLY_LINKS,
        N_("Together they are at most n, whatever n is."),
    ),
    "smallest-n": (
        N_("{links} How many people there were is not published or rests on an assumption."),
        N_("All statements together can be true only from {low} people upwards."),
    ),
    "outside": (
        N_("For {outside} of the {n} it is published elsewhere that they fall outside."),
        N_("{ids}: {low} to {high} of {n}; by itself it would be {alone}."),
    ),
}
_LINKS = {
    "same": N_("{first} and {second} are about the same people."),
    "within": N_("Whoever {first} is about, {second} is about too."),
    "apart": N_("Nobody is counted in both {first} and {second}."),
}


def _with_texts(row: dict[str, Any], relations: Sequence[Relation] = (), **numbers: Any) -> dict[str, Any]:
    """Fill in premise and conclusion; `alone` among the numbers is the row by itself, with low and high."""
    texts: dict[str, str] = {}
    for language in ("nl", "en"):
        _ = words(language).gettext
        filled = {**row, **numbers, "ids": row["statements"].replace(";", ", ")}
        filled["links"] = " ".join(_(_LINKS[one.kind]).format(first=one.first, second=one.second) for one in relations)
        if "alone" in numbers:
            filled["alone"] = _(_RANGE).format(low=numbers["alone"]["low"], high=numbers["alone"]["high"])
        premise, conclusion = _TEXTS[row["kind"]]
        texts[f"premise_{language}"] = _(premise).format(**filled)
        texts[f"conclusion_{language}"] = _(conclusion).format(**filled)
    return {**row, **texts}


def _published_n(rows: Sequence[Mapping[str, Any]]) -> int | None:
    sizes = {row["n"] for row in rows if not pd.isna(row["n"])}
    return int(sizes.pop()) if len(sizes) == 1 and all(not pd.isna(row["n"]) for row in rows) else None


def _voices(group: str, rows: Sequence[Mapping[str, Any]], relations: Sequence[Relation]) -> list[dict[str, Any]]:
    """Count the people behind statements that are credited to one person each (the pigeonhole principle).

    A statement about the same person as another one is no voice of its own.
    """
    repeated = {relation.first for relation in relations if relation.kind == "same"}
    voices = [row for row in rows if row["rule"] == "one" and row["id"] not in repeated]
    n, m = _published_n(voices), len(voices)
    if n is None or m < 2:
        return []
    ids = [row["id"] for row in voices]
    follows = [_row("voices", group, ids, n, 1, min(m, n))]
    if m > n:
        follows += [_row("repeats", group, ids, n, m - n, m - 1), _row("busiest", group, ids, n, math.ceil(m / n), m)]
    return [_with_texts(row, m=m) for row in follows]


def _fewest_people(
    group: str, rows: Sequence[Mapping[str, Any]], relations: Sequence[Relation]
) -> list[dict[str, Any]]:
    """Say how few people all statements about a group can rest on: as many as the largest smallest count.

    Sets that nothing keeps apart can lie within each other, so the largest set may hold everyone who is needed.
    """
    n = _published_n(rows)
    apart = {name for relation in relations if relation.kind == "apart" for name in (relation.first, relation.second)}
    ids = [row["id"] for row in rows]
    if n is None or len(rows) < 2 or apart & set(ids):
        return []
    low = max(int(row["low"]) for row in rows)
    return [_with_texts(_row("fewest-people", group, ids, n, low, n), m=len(rows))]


def _components(relations: Sequence[Relation]) -> list[set[str]]:
    """Group the ids that hang together, in the order in which they are first named."""
    components: list[set[str]] = []
    for relation in relations:
        joined = {relation.first, relation.second}
        for other in [ids for ids in components if ids & joined]:
            joined |= other
            components.remove(other)
        components.append(joined)
    return components


def _related(rows: Sequence[Mapping[str, Any]], relations: Sequence[Relation]) -> list[dict[str, Any]]:
    """Say what follows for statements that hang together: a conflict, narrower ranges, or the smallest n."""
    ids = [row["id"] for row in rows]
    between = [relation for relation in relations if relation.first in ids]
    group = str(rows[0]["group"])
    rules = {row["id"]: row["rule"] for row in rows}
    if any(rule not in RULES for rule in rules.values()):
        return []
    n = _published_n(rows)
    follows = []
    if n is not None:
        solutions = solve({name: feasible_counts(rule, n) for name, rule in rules.items()}, between, n)
        if not solutions:
            return [_with_texts(_row("conflict", group, ids, n, None, None), between)]
        for row in rows:
            sizes = [solution[row["id"]] for solution in solutions]
            if (min(sizes), max(sizes)) != (row["low"], row["high"]):
                narrower = _row("narrowed", group, [row["id"]], n, min(sizes), max(sizes))
                follows.append(_with_texts(narrower, between, alone=row))
    elif any(relation.kind == "apart" for relation in between):
        follows.append(_with_texts(_row("together", group, ids, None, None, None), between))
    if n is None or any(row["n_basis"].startswith("if-") for row in rows):
        smallest = smallest_n(rules, between)
        if smallest is not None and smallest > 1:
            follows.append(_with_texts(_row("smallest-n", group, ids, None, smallest, None), between))
    return follows


def _outside(rows: Sequence[Mapping[str, Any]], count: int) -> list[dict[str, Any]]:
    """Narrow one statement by a number that is known to fall outside it."""
    follows = []
    for row in rows:
        if pd.isna(row["n"]) or row["rule"] not in RULES:
            continue
        n = int(row["n"])
        low, high = int(row["low"]), min(int(row["high"]), n - count)
        narrower = _row("outside", str(row["group"]), [row["id"]], n, low, high)
        follows.append(_with_texts(narrower, outside=count, alone=row))
    return follows


def shown(consequences: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick what a reader wants to see of `consequences`: id, statements, premise, conclusion, low, high."""
    texts = {f"premise_{language}": "premise", f"conclusion_{language}": "conclusion"}
    return consequences.rename(columns=texts)[["id", "statements", "premise", "conclusion", "low", "high"]]


def numbers(consequences: pd.DataFrame, group: str, language: str) -> dict[str, Number]:
    """Return the numbers of the report from `consequences` for one group of people; a dash where nothing follows.

    single_voices: statements credited to one person; single_voices_people: most different people behind them;
    single_voices_min_repeat: how many at least come from someone heard before; single_voices_busiest: how often at
    least one person is heard; fewest_people: how few people all statements about the group can rest on;
    consequences: how many there are in all.
    """
    here = consequences if consequences.empty else consequences[consequences["group"] == group].set_index("kind")

    def end(kind: str, column: str) -> int | None:
        return int(here[column][kind]) if kind in here.index and not pd.isna(here[column][kind]) else None

    voices = len(str(here["statements"]["voices"]).split(";")) if "voices" in here.index else None
    return {
        "single_voices": counted(voices, language),
        "single_voices_people": counted(end("voices", "high"), language),
        "single_voices_min_repeat": counted(end("repeats", "low"), language),
        "single_voices_busiest": counted(end("busiest", "low"), language),
        "fewest_people": counted(end("fewest-people", "low"), language),
        "consequences": counted(len(consequences) or None, language),
    }
