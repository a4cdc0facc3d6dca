"""What a study shows of itself, taken for a comparison with others.

Nothing else goes in: what a study hides of small groups in its own publication is hidden here too, so that the
comparison can be worked out from what is published, and gives nothing away. In the working view nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from koppelkans.coding.tree import depths
from koppelkans.statistics.estimate import Reason
from koppelkans.statistics.proportions import proportion
from koppelkans.strands import coded_patterns, sessions, stories
from koppelkans.strands.coded import Coded, by_strand, counts
from koppelkans.strands.published import rows_of
from koppelkans.strands.quantifiers import feasible_counts
from koppelkans.strands.questionnaire import Questionnaire
from koppelkans.study import Study
from koppelkans.study.comparison import origin_of_study

PRESENT, HIDDEN, ABSENT, NAMED = "present", "hidden", "absent", "named"
"""What is known of a theme in a study: raised, raised by too few to show, looked for and not raised, named in print."""
NOT_LOOKED_FOR, NO_DATA = "not-looked-for", "no-data"
THEMES = [
    *("study", "origin", "strand", "theme", "name", "depth", "kind", "state"),
    *("cases", "of_cases", "share", "low", "high"),
]
_ROLES = coded_patterns.KINDS["role"]
_DEPTHS = {"theme": 1, "category": 2, "subcategory": 3}


@dataclass(frozen=True)
class Neighbourhood:
    """What one study shows: tables with the columns `study` and `origin` in front.

    themes as THEMES; choices as `survey.choices`, and answered as `survey.response`, with hidden; agreement: strand,
    name (of the code), value, low, high; programme: a row for sessions and one for stories. titles, strand_names: by
    language. settings: parameters of notebook 05. interviewed: strand -> people whose interviews were read.
    why_no_agreement: strand -> reason.
    """

    key: str
    titles: Mapping[str, str]
    origin: str
    minimum: int
    settings: Mapping[str, object]
    strand_names: Mapping[str, Mapping[str, str]]
    interviewed: Mapping[str, int]
    themes: pd.DataFrame
    choices: pd.DataFrame
    answered: pd.DataFrame
    agreement: pd.DataFrame
    why_no_agreement: Mapping[str, Reason]
    programme: pd.DataFrame

    @property
    def name(self) -> str:
        """The short name of a study, for figures: that of its folder, with a capital."""
        return f"{self.key[:1].upper()}{self.key[1:]}"


def of_study(study: Study, published_kinds: Sequence[Sequence[str]] = ()) -> Neighbourhood:
    """Take what a study shows. `published_kinds`: [id of a published theme, kind of those below it]."""
    coded = by_strand(study)
    themes = pd.concat([_coded_themes(study, coded), _published_themes(study, published_kinds)], ignore_index=True)
    agreement, reasons = _agreement(coded)
    answers, questions, options = study.table("answers"), study.table("questions"), study.table("options")
    attributes = study.table("attributes")
    survey = Questionnaire(answers, questions, options, attributes, study.minimum_cell, study.population)
    chosen = [table for kind in ("single", "multiple") if len(table := survey.choices(kind))]

    def own(table: pd.DataFrame, origin: str) -> pd.DataFrame:
        return _with_source(table, study.name, origin)

    answers_origin = _origin(study, "answers")
    return Neighbourhood(
        key=study.name,
        titles=study.title,
        origin=origin_of_study(study),
        minimum=study.minimum_cell,
        settings=study.parameters.get("05-preferences", {}),
        strand_names={key: dict(strand.names) for key, strand in study.strands.items()},
        interviewed={strand: one.n_cases for strand, one in coded.items() if one.n_cases},
        themes=themes[THEMES],
        choices=own(pd.concat(chosen, ignore_index=True) if chosen else survey.choices("single"), answers_origin),
        answered=own(survey.response(), answers_origin),
        agreement=own(agreement, _origin(study, "codings")),
        why_no_agreement=reasons,
        programme=_programme(study),
    )


def _origin(study: Study, table: str) -> str:
    return study.tables[table]["origin"] if study.has(table) else origin_of_study(study)


def _with_source(table: pd.DataFrame, study: str, origin: str) -> pd.DataFrame:
    bare = table.drop(columns=["study", "origin"], errors="ignore").reset_index(drop=True)
    bare.attrs = {}
    bare.insert(0, "study", study)
    bare.insert(1, "origin", origin)
    return bare


def _coded_themes(study: Study, coded: Mapping[str, Coded]) -> pd.DataFrame:
    """Return the codes of each strand that was coded: raised, hidden, or looked for and raised by nobody.

    A code was looked for in a strand where it is in the code tree and was used of no strand, or of one of the same
    kind: what only partners were asked is not absent in residents.
    """
    tree = study.table("codes")
    kinds = coded_patterns.kinds_of(tree, study.parameters.get("04-homeowners", {}).get("kinds", []))
    roles = kinds[kinds["kind"].isin(_ROLES)].drop_duplicates("code").set_index("code")["kind"]
    path, depth = dict(zip(tree["code"], tree["path"], strict=True)), depths(tree)
    used = {strand: counts(one) for strand, one in coded.items() if one.n_cases}
    everywhere = {code for found in used.values() for code in found["code"]}
    tables = []
    for strand, found in used.items():
        alike = [other for other in used if study.strands[other].kind == study.strands[strand].kind]
        looked_for = {code for other in alike for code in used[other]["code"]} | (set(tree["code"]) - everywhere)
        unused = tree[tree["code"].isin(looked_for - set(found["code"]))]
        n = coded[strand].n_cases
        none: dict[str, Any] = {
            "state": ABSENT,
            "cases": 0,
            "of_cases": n,
            "share": 0.0,
            "low": 0.0,
            "high": proportion(0, n).high,
        }
        known = found.assign(state=[HIDDEN if reason else PRESENT for reason in found["hidden"]])
        table = together([known, unused[["code", "name"]].assign(**none)])
        doubled = table["name"].str.casefold().duplicated(keep=False)
        table["name"] = table["name"].mask(doubled, table["code"].map(path))
        named = {"theme": table["name"].map(theme_key), "kind": table["code"].map(roles).fillna("")}
        tables.append(table.assign(strand=strand, depth=table["code"].map(depth), **named))
    if not tables:
        return pd.DataFrame(columns=THEMES)
    return _with_source(pd.concat(tables, ignore_index=True), study.name, _origin(study, "codings"))[THEMES]


def theme_key(name: str) -> str:
    """Return the name by which themes of studies are taken for the same: small letters, single spaces."""
    return " ".join(str(name).casefold().split())


def _published_themes(study: Study, kinds: Sequence[Sequence[str]]) -> pd.DataFrame:
    """Return the themes that a study named in print: without counts, and without what it did not name."""
    table = study.table("themes")
    if table.empty:
        return pd.DataFrame(columns=THEMES)
    below = {str(theme): str(kind) for theme, kind in kinds}
    rows = table.assign(
        name=table[f"name_{study.language}"].where(table[f"name_{study.language}"] != "", table["name_nl"]),
        theme=[theme_key(name) for name in table["name_nl"]],
        kind=table["parent"].map(below).fillna(""),
        depth=table["level"].map(_DEPTHS),
        state=NAMED,
    )
    return _with_source(rows, study.name, _origin(study, "themes")).reindex(columns=THEMES)


def _agreement(coded: Mapping[str, Coded]) -> tuple[pd.DataFrame, dict[str, Reason]]:
    """Return Krippendorff's alpha of each code over all sentences, strand by strand, and why there is none."""
    tables, reasons = [], {}
    for strand, one in coded.items():
        if one.codings.empty:
            continue
        agreed = coded_patterns.alphas(one, "sentence")
        if isinstance(agreed, Reason):
            reasons[strand] = agreed
            continue
        tables.append(agreed.assign(strand=strand))
    columns = ["strand", "name", "value", "low", "high"]
    return pd.concat(tables, ignore_index=True)[columns] if tables else pd.DataFrame(columns=columns), reasons


def _programme(study: Study) -> pd.DataFrame:
    """Return the sessions and change stories of a study: one row for each that it has, with its origin."""
    facts, rows = study.table("facts"), []
    held = sessions.programme(study.table("sessions"), facts)
    if len(held):
        rows.append(
            {
                **{"part": "sessions", "n": len(held), "first": held["month"].min(), "last": held["month"].max()},
                "origin": _origin(study, "sessions"),
            }
        )
    told = stories.completeness(study.table("change_stories"))
    if len(told):
        boxes = {"boxes": int(told["in_text"].sum()), "boxes_of": len(told) * len(stories.ELEMENTS)}
        rows.append({"part": "stories", "n": len(told), **boxes, "origin": _origin(study, "change_stories")})
    columns = ["part", "n", "first", "last", "boxes", "boxes_of", "origin"]
    table = pd.DataFrame(rows, columns=columns)
    table.insert(0, "study", study.name)
    return table


def published_shares(
    study: Study, said: Sequence[Sequence[str]], n_max: int, convention: str | None = None
) -> pd.DataFrame:
    """Return which shares published words allow, for any number of people up to `n_max`: bounds, never a point.

    `said`: [strand, question, option, id of a quantifier] of which the words are about that answer. Columns: study,
    origin (bounds), strand, question, option, low, high, word_nl, word_en.
    """
    words = study.table("quantifiers")
    known = {row["id"]: row for row in rows_of(words)}
    rows = []
    for strand, question, option, quantifier in said:
        if (row := known.get(quantifier)) is None:
            continue
        sizes = range(1, n_max + 1) if pd.isna(row["n"]) else [int(row["n"])]
        counted = [(n, allowed) for n in sizes if len(allowed := feasible_counts(row["rule"], n, convention))]
        low, high = (choose(end(k) / n for n, k in counted) for choose, end in ((min, min), (max, max)))
        rows.append((study.name, "bounds", strand, question, option, low, high, row["word_nl"], row["word_en"]))
    columns = ["study", "origin", "strand", "question", "option", "low", "high", "word_nl", "word_en"]
    return pd.DataFrame(rows, columns=columns)


def together(tables: Collection[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of several studies beneath one another; each row keeps the study and the origin it has."""
    filled = [table for table in tables if len(table)]
    result = pd.concat(filled, ignore_index=True) if filled else next(iter(tables)).head(0)
    result.attrs = {}
    return result


@dataclass(frozen=True)
class Names:
    """What readers see in place of keys: studies (key -> short name, origin), strands (key -> language -> name)."""

    studies: Mapping[str, tuple[str, str]]
    strands: Mapping[str, Mapping[str, str]]

    def strand(self, key: str, language: str) -> str:
        """Name a strand in a language, or in the only one that its study has for it."""
        names = self.strands[key]
        return names.get(language) or next(iter(names.values()))


def names_of(studies: Sequence[Neighbourhood]) -> Names:
    """Return the names of studies and of their strands; a strand of several is called as in the first."""
    strands: dict[str, Mapping[str, str]] = {}
    for one in studies:
        strands = dict(one.strand_names) | strands
    return Names({one.key: (one.name, one.origin) for one in studies}, strands)
