"""Rules between the rows and tables of a study: what one schema cannot see."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

import pandas as pd

from koppelkans.study.schemas import CLAIM_KINDS, SESSION_CATEGORIES

Tables = dict[str, pd.DataFrame]
Rule = Callable[[Tables], Iterator[tuple[str, str]]]


def _sessions_in_order(tables: Tables) -> Iterator[tuple[str, str]]:
    items = tables["sessions"]
    for session, rows in items.groupby("session"):
        usual = rows["month"].mode()
        month_of = usual.iloc[0] if len(usual) == 1 else rows["month"].iloc[0]
        like = rows.index[rows["month"] == month_of][0]
        for row, month in rows.loc[rows["month"] != month_of, "month"].items():
            yield "sessions", f"row {row}: session {session} in month {month}, expected {month_of} as in row {like}"
    first_rows = items.drop_duplicates("session").sort_values("session")
    months: dict[int, str] = dict(zip(first_rows["session"], first_rows["month"], strict=True))
    for (before, month_before), (session, month) in pairwise(months.items()):
        if month < month_before:
            row = items.index[items["session"] == session][0]
            yield (
                "sessions",
                f"row {row}: session {session} in {month} comes before session {before} in {month_before}; "
                "expected the sessions in order of time",
            )
    numbers = sorted(months)
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
    if missing:
        yield "sessions", f"session {', '.join(map(str, missing))} has no row; expected sessions numbered from 1 on"


def _session_categories(tables: Tables) -> Iterator[tuple[str, str]]:
    for row, kind, category in tables["sessions"][["kind", "category"]].itertuples():
        if category not in SESSION_CATEGORIES[kind]:
            expected = ", ".join(SESSION_CATEGORIES[kind])
            yield "sessions", f"row {row}, column category: found {category!r} for a {kind}, expected one of {expected}"


def _sessions_have_a_theme(tables: Tables) -> Iterator[tuple[str, str]]:
    items = tables["sessions"]
    themed = set(items.loc[items["kind"] == "theme", "session"])
    for session in sorted(set(items["session"]) - themed):
        yield "sessions", f"session {session} has no row of kind theme; expected at least one"


def _theme_parents(tables: Tables) -> Iterator[tuple[str, str]]:
    themes = tables["themes"]
    level_of = dict(zip(themes["id"], themes["level"], strict=True))
    strand_of = dict(zip(themes["id"], themes["strand"], strict=True))
    themed = themes[themes["level"] == "theme"].groupby("strand")["section"].agg(set).to_dict()
    above = {"category": ("theme",), "subcategory": ("category", "theme")}
    for row, key, strand, level, parent, section in themes[["id", "strand", "level", "parent", "section"]].itertuples():
        if level == "theme":
            if parent:
                yield "themes", f"row {row}, column parent: found {parent!r} for a theme, expected an empty cell"
        elif level == "category" and not parent and section not in themed.get(strand, set()):
            continue  # stands in a section of its own beside the themes
        elif parent not in level_of:
            yield "themes", f"row {row}, column parent: {key} belongs to {parent!r}, expected the id of a row of themes"
        elif level_of[parent] not in above[level] or strand_of[parent] != strand:
            wanted = " or ".join(above[level])
            yield (
                "themes",
                f"row {row}, column parent: {parent} is a {level_of[parent]}, expected a {wanted} of {strand}",
            )


def _quote_counts(tables: Tables) -> Iterator[tuple[str, str]]:
    themes = tables["themes"]
    wrong = themes[themes["n_block_quotes"] + themes["n_inline_quotes"] != themes["n_quotes"]]
    for row, block, inline, total in wrong[["n_block_quotes", "n_inline_quotes", "n_quotes"]].itertuples():
        yield (
            "themes",
            f"row {row}, column n_quotes: found {total}, expected {block + inline} ({block} block + {inline} inline)",
        )


def _story_boxes(tables: Tables) -> Iterator[tuple[str, str]]:
    for row, status, dutch, english in tables["change_stories"][["in_source", "text_nl", "text_en"]].itertuples():
        if (status == "no") != (not dutch and not english):
            content = "text" if dutch or english else "no text"
            yield "change_stories", f"row {row}: in_source is {status!r} but the box has {content}"


def _known_claims(tables: Tables) -> Iterator[tuple[str, str]]:
    known = set(tables["claims"]["id"])
    for table, columns in (
        ("traces", ("from_claim", "to_claim")),
        ("trace_readings", ("from_claim", "to_claim")),
        ("discrepancies", ("claims",)),
        ("companion_sources", ("claims",)),
        ("quotations", ("claims",)),
        ("themes", ("claims",)),
    ):
        for column in columns if table in tables else ():
            for row, cell in tables[table][column].items():
                for claim in filter(None, cell.split(";")):
                    if claim not in known:
                        yield table, f"row {row}, column {column}: {claim!r} is not the id of a claim; see claims.csv"


def _findings_of_themes(tables: Tables) -> Iterator[tuple[str, str]]:
    """Hold what a theme says was found against its claims: of its section, with most of its words in theirs."""
    claims, themes = tables["claims"].set_index("id"), tables["themes"]
    for row, theme in themes[(themes["finding_nl"] != "") | (themes["finding_en"] != "")].iterrows():
        ids = [claim for claim in theme["claims"].split(";") if claim in claims.index]
        if not ids or set(claims.loc[ids, "section"]) != {theme["section"]}:
            expected = f"findings of section {theme['section']} in claims.csv"
            yield "themes", f"row {row}, column claims: found {theme['claims']!r} behind a finding, expected {expected}"
            continue
        for language in ("nl", "en"):
            of_claims = _stems(" ".join(claims.loc[ids, f"statement_{language}"]))
            own = _stems(theme[f"finding_{language}"])
            absent = sorted(own - of_claims)
            if 2 * len(absent) > len(own):
                yield (
                    "themes",
                    f"row {row}, column finding_{language}: most of its words are not in the statements of "
                    f"{theme['claims']} (not there: {', '.join(absent)}); expected what these claims say",
                )


def _stems(text: str) -> set[str]:
    """Return the beginnings of the words that carry a sentence, so that forms of one word are alike."""
    return {word[:5].lower() for word in _WORD.findall(text)}


def _traces_run_forward(tables: Tables) -> Iterator[tuple[str, str]]:
    graph: dict[str, list[str]] = {}
    for source, target in tables["traces"][["from_claim", "to_claim"]].itertuples(index=False):
        graph.setdefault(source, []).append(target)
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        stack = [(start, iter(graph.get(start, ())))]
        while stack:
            node, following = stack[-1]
            if node not in path:
                path.append(node)
            target = next((t for t in following if t not in done), None)
            if target is None:
                done.add(node)
                stack.pop()
                path.pop()
            elif target in path:
                circle = " -> ".join([*path[path.index(target) :], target])
                yield (
                    "traces",
                    f"the links run in a circle ({circle}); expected finding to conclusion to recommendation",
                )
                return
            else:
                stack.append((target, iter(graph.get(target, ()))))


def _rows(links: pd.DataFrame, column: str) -> list[tuple[str, str, str]]:
    """Return both ends of links, and what a column says of them."""
    return [tuple(row) for row in links[["from_claim", "to_claim", column]].astype(str).to_numpy()]


def _traces_as_read(tables: Tables) -> Iterator[tuple[str, str]]:
    """Hold the links against the readings they rest on: those settled as whole or partly are links, and no others."""
    links = {(source, target): relation for source, target, relation in _rows(tables["traces"], "relation")}
    readings = _rows(tables["trace_readings"], "settled")
    read = {(source, target) for source, target, _ in readings}
    for source, target in links:
        if (source, target) not in read:
            yield "traces", f"{source} -> {target} has no reading, expected its row in trace_readings.csv"
    for source, target, settled in readings:
        relation = links.get((source, target), "")
        expected = {"none": relation == "", "partly": relation.startswith("partly")}.get(settled, relation in _WHOLE)
        if not expected:
            yield (
                "traces",
                f"{source} -> {target} is {relation or 'no link'}, but trace_readings.csv settles it as {settled!r}",
            )


def _claim_kinds(tables: Tables) -> Iterator[tuple[str, str]]:
    for row, key, kind in tables["claims"][["id", "kind"]].itertuples():
        if CLAIM_KINDS.get(key[0]) != kind:
            yield (
                "claims",
                f"row {row}: {key} is of kind {kind!r}, expected {CLAIM_KINDS.get(key[0], 'a known letter')!r}",
            )


def _package_levels(tables: Tables) -> Iterator[tuple[str, str]]:
    known = set(tables["work_packages"]["work_package"])
    for table in ("package_levels", "research_questions"):
        for row, package in tables.get(table, pd.DataFrame(columns=["work_package"]))["work_package"].items():
            if package and package not in known:
                yield table, f"row {row}: work package {package!r} is not in work_packages.csv"


_WHOLE = ("supports", "leads-to")
_OF_PUBLICATIONS = (_session_categories, _sessions_have_a_theme, _findings_of_themes)
"""Rules that tables of a study's own need not keep."""
_WORD = re.compile(r"[^\W\d_]{5,}")
RULES: tuple[tuple[tuple[str, ...], Rule], ...] = (
    (("sessions",), _sessions_in_order),
    (("sessions",), _session_categories),
    (("sessions",), _sessions_have_a_theme),
    (("themes",), _theme_parents),
    (("themes",), _quote_counts),
    (("change_stories",), _story_boxes),
    (("claims",), _claim_kinds),
    (("claims",), _known_claims),
    (("claims", "themes"), _findings_of_themes),
    (("claims", "traces"), _traces_run_forward),
    (("traces", "trace_readings"), _traces_as_read),
    (("work_packages",), _package_levels),
)


def cross_check(tables: Tables, published: Collection[str] | None = None) -> list[tuple[str, str]]:
    """Return (table, what is wrong) for every broken rule between rows and tables.

    `tables` maps a table name to its validated rows, indexed by row number in the file. A rule whose tables are not
    all there is passed over. `published`: the tables that hold facts of a publication; all if left out.
    """
    return [
        problem
        for needed, rule in RULES
        if all(name in tables for name in needed)
        and (rule not in _OF_PUBLICATIONS or published is None or set(needed) <= set(published))
        for problem in rule(tables)
    ]
