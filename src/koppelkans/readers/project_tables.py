"""Read back the tables of a coded project that were written as CSV: one file a table, in one folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from koppelkans.errors import KoppelkansError, why_unreadable
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, RESPONDENT, Project
from koppelkans.study.plain_text import texts_from_csv

_COLUMNS = {
    "documents": DOCUMENTS,
    "codes": CODES,
    "codings": CODINGS,
    "respondents": (RESPONDENT,),
    "coders": ("coder", "name"),
}
_MAY_BE_ABSENT = ("respondents", "coders")
_LONG = (RESPONDENT, "attribute", "value")  # attributes.csv of a study, one row an attribute
_TRUE = ("true", "1")
_NOT_OF_A_RESPONDENT = ["origin", "strand"]  # where the row comes from, which the processed tables say


def _table(folder: Path, name: str) -> pd.DataFrame:
    path, columns = folder / f"{name}.csv", list(_COLUMNS[name])
    if not path.exists() and name in _MAY_BE_ABSENT:
        return pd.DataFrame(columns=columns, dtype="str")
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8", lineterminator="\n")
        table = table.apply(texts_from_csv)
    except OSError as error:
        raise KoppelkansError(f"{path}: {why_unreadable(error)}") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise KoppelkansError(f"{path}: not a CSV table in UTF-8 ({str(error).strip()})") from None
    missing = [column for column in columns if column not in table]
    if missing:
        raise KoppelkansError(f"{path}, row 1: column {missing[0]!r} is missing; expected {', '.join(columns)}")
    if name == "respondents":
        return table.drop(columns=_NOT_OF_A_RESPONDENT, errors="ignore").drop_duplicates(RESPONDENT, ignore_index=True)
    return table[columns]


def _with_attributes(respondents: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Add the attributes of a study, one row each in attributes.csv, as columns in the order in which they occur."""
    path = folder / "attributes.csv"
    if not path.exists():
        return respondents
    long = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8", lineterminator="\n")
    long = long.apply(texts_from_csv)
    missing = [column for column in _LONG if column not in long]
    if missing:
        raise KoppelkansError(f"{path}, row 1: column {missing[0]!r} is missing; expected {', '.join(_LONG)}")
    wide = long.drop_duplicates([RESPONDENT, "attribute"]).pivot(index=RESPONDENT, columns="attribute", values="value")
    order = [name for name in dict.fromkeys(long["attribute"]) if name not in respondents]
    return respondents.merge(wide[order].reset_index(), on=RESPONDENT, how="left").fillna("")


def _numbers(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    numbers = pd.to_numeric(table[column].replace("", None), errors="coerce")
    wrong = table.index[numbers.isna() & (table[column] != "")]
    if len(wrong):
        found = table[column][wrong[0]]
        raise KoppelkansError(f"{path}, row {wrong[0] + 2}, column {column}: found {found!r}, expected a whole number")
    return numbers.astype("Int64")


def project_from_tables(folder: Path) -> Project:
    """Read documents.csv, codes.csv and codings.csv, and respondents.csv, attributes.csv and coders.csv if there.

    Each has the columns of `Project`, attributes one row an attribute; without coders.csv, coders are those of the
    codings. Raises KoppelkansError, one line, for a table that is missing or breaks this.
    """
    tables = {name: _table(folder, name) for name in _COLUMNS}
    documents, codes, codings = tables["documents"], tables["codes"], tables["codings"]
    documents = documents.assign(
        has_text=documents["has_text"].str.lower().isin(_TRUE), n_characters=documents["text"].str.len().astype("int64")
    )
    codes = codes.assign(is_codable=codes["is_codable"].str.lower().isin(_TRUE))
    path = folder / "codings.csv"
    codings = codings.assign(**{column: _numbers(codings, column, path) for column in ("start", "end")})
    respondents, coders = _with_attributes(tables["respondents"], folder), tables["coders"]
    if coders.empty:
        named = sorted({coder for coder in codings["coder"] if coder})
        coders = pd.DataFrame({"coder": named, "name": named}, dtype="str")
    return Project(documents, codes, codings, respondents, coders)
