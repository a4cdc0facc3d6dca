"""Write what a reader gave to a folder as CSV tables with a report, and nothing of it where something is wrong."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.errors import KoppelkansError
from koppelkans.privacy.pseudonyms import pseudonyms
from koppelkans.readers.known_names import nameless
from koppelkans.readers.project import RESPONDENT, Project
from koppelkans.study.plain_text import csv_of

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.readers.answers import Answers

REPORT = "import-report.json"
_TABLES = {
    "interviews": ("documents", "turns", "codes", "codings", "respondents", "coders"),
    "answers": ("respondents", "answers", "questions", "options"),
}


def write_folder(read: Project | Answers, folder: Path, **more: Any) -> list[Path]:
    """Write the tables of a project or of answers to a folder, with the report and `more` of it; return the paths.

    Names of coders and respondents are pseudonyms there, also in texts and in names of documents (`nameless`). Every
    table has the column origin, collected, and no cell is a formula (`plain_text.csv_of`). Raises KoppelkansError where
    the folder is a file or cannot be written; then nothing is written.
    """
    kind = "interviews" if isinstance(read, Project) else "answers"
    if isinstance(read, Project):
        read, _ = nameless(read)
    tables = {name: getattr(read, name).copy() for name in _TABLES[kind]}
    if isinstance(read, Project) and read.turns.empty:
        del tables["turns"]  # no transcript
    if kind == "answers":
        who = pseudonyms(_names(tables, RESPONDENT), "R")
        for table in tables.values():
            if RESPONDENT in table:
                table[RESPONDENT] = [who.get(str(name), "") for name in table[RESPONDENT]]
    tables["respondents"] = tables["respondents"].rename(columns={"origin": "origin (attribute)"})
    contents = {f"{name}.csv": csv_of(table.assign(origin="collected")) for name, table in tables.items()}
    contents[REPORT] = json.dumps(read.report | more, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    contents[".gitignore"] = "*\n"  # what people said does not get into git by accident
    encoded = {name: content.encode("utf-8") for name, content in contents.items()}
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as temporary:
            for name, content in encoded.items():
                Path(temporary, name).write_bytes(content)
            for name in encoded:
                shutil.move(Path(temporary, name), folder / name)
    except OSError as error:
        if is_new and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
        raise KoppelkansError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with --to"
        ) from None
    return [folder / name for name in contents if not name.startswith(".")]


def renamed_respondents(answers: Answers) -> pd.DataFrame:
    """Return the respondents of answers that get a pseudonym: kind, name, pseudonym; those that are one stay out."""
    import pandas as pd

    who = pseudonyms(map(str, answers.respondents[RESPONDENT]), "R")
    rows = [("respondent", name, given) for name, given in who.items() if name != given]
    return pd.DataFrame(rows, columns=["kind", "name", "pseudonym"])


def _names(tables: dict[str, pd.DataFrame], column: str) -> list[str]:
    return [str(name) for table in tables.values() if column in table for name in table[column]]
