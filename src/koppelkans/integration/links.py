"""Which codes of the interviews and which answers say the same: `links:` in study.yml, held against the tables.

A link names codes (by name or path; codes below them count too) and a question with the answers that say the same, or a
construct: all its questions. Without `answer`: of a statement the upper half of its scale (the lower half for one that
`reversed` names), of another question its first option. A construct that is called as a code is linked without being
named.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from koppelkans.coding.tree import codes_named, descendants
from koppelkans.errors import KoppelkansError, nearest
from koppelkans.locale import LANGUAGES
from koppelkans.strands.published import rows_of

COLUMNS = [
    *("link", "name_nl", "name_en", "level", "codes", "fit", "inference_nl", "inference_en"),
    *("follow_up_nl", "follow_up_en", "strand", "question", "label_nl", "label_en", "answers"),
]
_KINDS = ("single", "multiple", "likert", "ranking")


def linked(
    links: Sequence[dict[str, Any]], codes: pd.DataFrame, questions: pd.DataFrame, options: pd.DataFrame
) -> pd.DataFrame:
    """Resolve the links of a study: one row a link, strand and question (a link without a question has one row).

    Columns: link (number, from 1), name_nl, name_en (as named, else those of its codes), level ("" where not said),
    codes (list of keys, those below included), fit (the researcher's verdict by strand, under "" for all),
    inference_nl, inference_en, follow_up_nl, follow_up_en (what the researcher wrote), strand, question, label_nl,
    label_en, answers (list of options). Raises KoppelkansError, naming the entry, for a code, question, construct or
    option that the tables do not have.
    """
    if codes.empty:
        return pd.DataFrame(columns=COLUMNS)
    if questions.empty:  # interviews without answers: every link says so by a row without a question
        questions = pd.DataFrame(columns=["strand", "question", "kind", "construct", "label_nl", "label_en"])
    below = descendants(codes).groupby("ancestor", sort=False)["code"].agg(list).to_dict()
    rows = []
    for number, link in enumerate([*links, *_by_name(links, codes, questions)], start=1):
        at = f"study.yml, links, entry {number}"
        matches = [code for named in link["codes"] for code in _codes(codes, named, at)]
        names = [str(name) for name in codes.set_index("code").loc[list(dict.fromkeys(matches)), "name"]]
        judged = link.get("fit", {})
        head = {
            "link": number,
            **_in_languages(link, "name", ", ".join(names)),
            **_in_languages(link, "inference"),
            **_in_languages(link, "follow_up"),
            "fit": judged if isinstance(judged, dict) else {"": judged},
            "level": link.get("level", ""),
            "codes": list(dict.fromkeys(code for top in matches for code in below[top])),
        }
        asked = _asked(link, questions, at)
        for question in rows_of(asked):
            own = {column: question[column] for column in ("strand", "question", "label_nl", "label_en")}
            rows.append({**head, **own, "answers": _answers(link, question, options, at)})
        if asked.empty:
            rows.append({**head, "strand": "", "question": "", "label_nl": "", "label_en": "", "answers": []})
    return pd.DataFrame(rows, columns=COLUMNS)


def _in_languages(link: dict[str, Any], key: str, other: str = "") -> dict[str, str]:
    """Return words of a link in each language; those of its only language where it has no others."""
    said = link.get(key) or {}
    one = next(iter(said.values()), other)
    return {f"{key}_{language}": said.get(language) or one for language in LANGUAGES}


def _by_name(links: Sequence[dict[str, Any]], codes: pd.DataFrame, questions: pd.DataFrame) -> list[dict[str, Any]]:
    named = {link.get("construct") for link in links}
    constructs = [one for one in dict.fromkeys(questions["construct"]) if one and one not in named]
    return [{"codes": [one], "construct": one} for one in constructs if codes_named(codes, one)]


def _codes(codes: pd.DataFrame, named: str, at: str) -> list[str]:
    matches = codes_named(codes, named)
    if not matches:
        near = nearest(named, [*codes["path"], *codes["name"]])
        raise KoppelkansError(f"{at}, codes: no code {named!r} in the interviews; expected a name or path{near}")
    return matches


def _asked(link: dict[str, Any], questions: pd.DataFrame, at: str) -> pd.DataFrame:
    for column in ("question", "construct"):
        if column not in link:
            continue
        matches = questions[(questions[column] == link[column]) & questions["kind"].isin(_KINDS)]
        if matches.empty:
            known = [one for one in dict.fromkeys(questions[column]) if one]
            near = nearest(str(link[column]), known)
            raise KoppelkansError(
                f"{at}, {column}: no {column} {link[column]!r} with options; expected one of "
                f"{', '.join(known) or 'none'}{near}"
            )
        return matches
    return questions.iloc[:0]


def _answers(link: dict[str, Any], question: dict[str, Any], options: pd.DataFrame, at: str) -> list[str]:
    own = options[(options["strand"] == question["strand"]) & (options["question"] == question["question"])]
    known = list(own.sort_values("order")["option"])
    wanted = list(link.get("answer", []))
    wrong = [one for one in wanted if one not in known]
    if wrong:
        raise KoppelkansError(
            f"{at}, answer: question {question['question']} has no option {wrong[0]!r}; expected one of "
            f"{', '.join(known) or 'none'}"
        )
    if wanted:
        return wanted
    if question["kind"] != "likert":
        return known[:1]
    half = len(known) // 2
    return known[:half] if question["question"] in link.get("reversed", []) else known[len(known) - half :]
