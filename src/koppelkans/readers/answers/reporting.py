"""The report of what was read of a file of answers: counts, what was made of the columns, and what was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import by_number
from koppelkans.privacy.personal_data import scan
from koppelkans.readers.answers.model import Question, Source
from koppelkans.readers.project import counted


def report_of(
    source: Source, asked: list[Question], answers: pd.DataFrame, attributes: set[str], mapped: bool, lines: list[str]
) -> dict[str, Any]:
    """Return the report, ready for JSON.

    Of the cells of the file, cells.in_file = cells.read + cells.left_out, where left_out counts what the lines of
    left_out name. `attributes` are the columns that became attributes, `lines` warnings on cells that did not fit.
    """
    of_questions = {column for q in asked for column in (*q.columns.values(), *q.others.values())}
    used = (of_questions | attributes | {source.respondent}) & set(source.columns)
    given = answers[answers["missing"] == ""]
    missing = answers.loc[answers["missing"] != "", "missing"].value_counts().sort_index()
    read = sum(source.filled.get(name, 0) for name in used)
    return {
        "file": Path(source.file).name,
        "program": source.program,
        "version": source.version,
        "recognised_by": source.why,
        "structure": source.structure,
        "encoding": source.encoding,
        "separator": source.separator,
        "sheet": source.sheet,
        "questions_from": "mapping" if mapped else "the file's own labels and codes",
        "respondent_column": source.respondent,
        "counts": counted(
            {
                "rows": len(source.rows),
                "columns": len(used),
                "questions": len(asked),
                "respondents": len(source.rows),
                "answers": len(given),
                "cells": read,
            },
            in_file={"rows": len(source.rows) + source.previews, "columns": source.width, "cells": source.cells},
        ),
        "cells": {"in_file": source.cells, "read": read, "left_out": source.cells - read},
        "missing": {str(reason): int(count) for reason, count in missing.items()},
        "questions": [
            {"question": q.name, "kind": q.kind, "read_as": q.layout, "columns": list(q.columns.values())}
            | ({"words": list(q.others.values())} if q.others else {})
            for q in asked
        ],
        "left_out": _left_out(source, used),
        "warnings": list(dict.fromkeys([*source.warnings, *lines, *_personal_data(answers)])),
    }


def _personal_data(answers: pd.DataFrame) -> list[str]:
    """Name the questions in whose answers people wrote what tells who they are: how many answers, and of what kind."""
    texts = answers.loc[answers["text"] != "", ["question", "text"]].reset_index(drop=True)
    places = scan(texts.assign(document=texts.index))
    lines = []
    for question, own in places.groupby(places["document"].map(texts["question"]), sort=False):
        n = own["document"].nunique()
        kinds = ", ".join(f"{kind} {count}" for kind, count in own["kind"].value_counts().sort_index().items())
        lines.append(
            f"question {question}: {by_number(n, 'answer holds', 'answers hold')} likely personal data ({kinds}); "
            "take it out of the file before anybody else sees it"
        )
    return lines


def _left_out(source: Source, used: set[str]) -> list[str]:
    """Return what stood in the file and not in the tables, with the reason: a line for each reason."""
    by_reason: dict[str, list[str]] = {}
    unused = {name: "no question names it" for name in source.columns if name not in used}
    for name, why in {**source.left_out, **unused}.items():
        by_reason.setdefault(why, []).append(name.removeprefix("column "))
    columns = [f"column{'s' * (len(names) > 1)} {', '.join(names)}: {why}" for why, names in by_reason.items()]
    return [*columns, *source.skipped]
