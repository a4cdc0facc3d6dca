"""From raw files to the tidy tables of a study: read, check, write. Raw files are only read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.study import Study, write_atomically
from koppelkans.study.keys import key_path, write_key
from koppelkans.study.plain_text import csv_of
from koppelkans.study.sealing import seals, with_seals

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.readers.field_data import FieldData

REPORT = "import-report.json"
"""What was read of each file of field data, beside the tidy tables."""


def read_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Read and check every table of a study, those of its field data included.

    Raises InvalidTable with all problems, one line each: file, row, column, found, expected.
    """
    return (
        typed_tables(study)
        | (field_data(study).tables if study.field_data else {})
        | published_claims(study)
        | context_of(study)
    )


def context_of(study: Study) -> dict[str, pd.DataFrame]:
    """Return the figures of CBS that were fetched for a study, as the table context; {} for none."""
    if not study.has("context"):
        return {}
    from koppelkans.readers import statline

    try:
        return {"context": statline.read(study.raw, study.cbs)}
    except KoppelkansError as error:
        raise InvalidTable([str(error)]) from None


def published_files(study: Study) -> list[Path]:
    """Return the raw files of Smitsveen that a study's tables rest on: none, or its statements and their words."""
    folder = study.root / "data" / "raw" / "smitsveen"
    return [folder / "claims.csv", folder / "quantifiers.csv"] if study.smitsveen else []


def published_claims(study: Study) -> dict[str, pd.DataFrame]:
    """Return the table published_claims of a study that says where its data show statements of Smitsveen; {} else.

    Raises InvalidTable where it names what is no such statement.
    """
    if not study.smitsveen:
        return {}
    from koppelkans.ledger.expectations import elsewhere
    from koppelkans.readers.csv_tables import read_csv_table

    claims, quantifiers = (read_csv_table(path) for path in published_files(study))
    try:
        return {"published_claims": elsewhere(claims, quantifiers, study.smitsveen)}
    except InvalidTable as error:
        raise InvalidTable([f"data/raw/{study.name}/study.yml, {line}" for line in error.problems]) from None


def field_data(study: Study) -> FieldData:
    """Read the field data of a study, with the pseudonyms that were given before. Raises InvalidTable as its reader."""
    from koppelkans.readers.csv_tables import read_csv_table
    from koppelkans.readers.field_data import read_field_data
    from koppelkans.readers.field_tables import KEY

    known = {}
    key = key_path(study)
    if key:
        rows = read_csv_table(key)[list(KEY)]
        known = {(kind, name): pseudonym for kind, name, pseudonym in rows.itertuples(index=False)}
    return read_field_data(study, known)


def typed_tables(study: Study) -> dict[str, pd.DataFrame]:
    """Read and check every table that people typed; the index holds row numbers of the file.

    Raises InvalidTable with all problems of all tables, one line each: file, row, column, found, expected.
    """
    from koppelkans.readers.csv_tables import read_csv_table
    from koppelkans.readers.typed_tables import as_typed, completed
    from koppelkans.study.consistency import cross_check
    from koppelkans.study.own_schemas import OWN_SCHEMAS
    from koppelkans.study.schemas import SCHEMAS
    from koppelkans.study.tables import validate

    tables: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    typed, known = study.typed_tables, SCHEMAS | OWN_SCHEMAS
    shown = {name: f"data/raw/{study.name}/{entry['file']}" for name, entry in typed.items()}
    for name in sorted(typed):
        if name not in known:
            problems.append(
                f"data/raw/{study.name}/study.yml, tables: {name!r} is not known; expected one of {', '.join(known)}"
            )
            continue
        try:
            table = read_csv_table(study.raw / typed[name]["file"], shown_as=shown[name])
            published, notes = typed[name]["origin"] == "published", table.attrs["notes"]
            if not published:
                table = as_typed(table, name, study.own_language, shown[name])
            tables[name] = completed(validate(table, name, shown[name], study.strands, published), name, published)
            tables[name].attrs["notes"] = notes
        except InvalidTable as error:
            problems += error.problems
        except KoppelkansError as error:
            problems.append(str(error))
    problems += [
        f"{shown[name]}, {problem}"
        for name, problem in cross_check(tables, {name for name in tables if typed[name]["origin"] == "published"})
    ]
    if "expectations" in tables:
        from koppelkans.ledger import expectations

        problems += expectations.problems(tables["expectations"], list(study.strands), shown["expectations"])
    if problems:
        raise InvalidTable(problems)
    return tables


def _descriptor(study: Study) -> str:
    """Describe the tidy tables for people and programs: a Frictionless tabular data package."""
    from koppelkans.study.tables import fields, schema_of

    resources = [
        {
            "name": name,
            "path": f"{name}.csv",
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "description": schema_of(name).description,
            "schema": {
                "fields": fields(name, study.strands, study.tables[name]["origin"] == "published"),
                "missingValues": [""],
            },
        }
        for name in sorted(study.tables)
    ]
    package = {
        "profile": "tabular-data-package",
        "name": f"{study.name}-tidy",
        "title": study.title["en"],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def write_tables(study: Study) -> list[Path]:
    """Check the tables of a study and write them to data/processed/<study>/ with their descriptor; return the paths.

    Nothing is written where anything is wrong. With field data, import-report.json says what was read of each file, and
    the names behind the pseudonyms go to `study.keys`. Raises InvalidTable as `read_tables` does.
    """
    tables, written = typed_tables(study) | published_claims(study) | context_of(study), []
    if "expectations" in tables:
        tables["expectations"] = with_seals(tables["expectations"], seals(study.raw))
    if study.field_data:
        read = field_data(study)
        tables |= read.tables
        report = study.processed / REPORT
        write_atomically(report, json.dumps(read.reports, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        written.append(report)
        renamed = read.key[read.key["name"] != read.key["pseudonym"]]
        if not renamed.empty:
            write_key(study, renamed.to_csv(index=False, lineterminator="\n"))
    for name, table in tables.items():
        table = table.assign(origin=study.tables[name]["origin"])
        path = study.processed / f"{name}.csv"
        write_atomically(path, csv_of(table))
        written.append(path)
    descriptor = study.processed / "datapackage.json"
    write_atomically(descriptor, _descriptor(study))
    return [*written, descriptor]
