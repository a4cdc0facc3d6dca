"""Check a table of a study against its schema, and describe it.

There is one schema a table: those that people type stand in `koppelkans.study.schemas`, those of field data in
`koppelkans.study.field_schemas`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pandera.pandas as pa

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.study.field_schemas import FIELD_SCHEMAS
from koppelkans.study.schemas import SCHEMAS, STRANDS, choice


def schema_of(name: str, strands: Iterable[str] = STRANDS) -> pa.DataFrameSchema:
    """Return the schema of a table, for a study with these strands. Raises KeyError for a table without one."""
    schema = SCHEMAS[name] if name in SCHEMAS else FIELD_SCHEMAS[name]
    if "strand" not in schema.columns or tuple(strands) == STRANDS:
        return schema
    return schema.add_columns({"strand": choice(schema.columns["strand"].description, *strands)})


def empty_table(name: str) -> pd.DataFrame:
    """Return a table without rows, with the columns of its schema and `origin`.

    Raises KoppelkansError for a table that no study has.
    """
    known = SCHEMAS | FIELD_SCHEMAS
    if name not in known:
        raise KoppelkansError(
            f"table {name!r}: no study has it; known are {', '.join(sorted(known))}{_near(name, list(known))}"
        )
    types = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
    columns = {
        column: pd.Series(dtype=types.get(f.metadata["type"], "str")) for column, f in known[name].columns.items()
    }
    return pd.DataFrame(columns | {"origin": pd.Series(dtype="str")})


def _near(word: str, options: list[str]) -> str:
    near = difflib.get_close_matches(word, options, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _header_problems(columns: list[str], expected: list[str]) -> list[str]:
    missing = [column for column in expected if column not in columns]
    unknown = [column for column in columns if column not in expected]
    return [
        f"row 1: column {column!r} is missing; expected the columns {', '.join(expected)}" for column in missing
    ] + [
        f"row 1: column {column!r} is not known{_near(column, expected)}; expected the columns {', '.join(expected)}"
        for column in unknown
    ]


def _cell_problem(case: dict[str, Any]) -> str:
    row, column = case["index"], case["column"]
    if case["check"] == "field_uniqueness":
        return f"row {row}, column {column}: found {case['failure_case']!r} again, expected each only once"
    value = repr(case["failure_case"]) if case["failure_case"] else "an empty cell"
    return f"row {row}, column {column}: found {value}, expected {case['check']}"


def _doubled_rows(table: pd.DataFrame, key: list[str]) -> list[str]:
    """Name the rows whose key columns together repeat those of an earlier row."""
    if not key:
        return []
    doubled = table[table.duplicated(key)]
    return [
        f"row {row}: found {', '.join(f'{column} {cells[column]}' for column in key)} again, "
        "expected each combination only once"
        for row, cells in doubled.iterrows()
    ]


def _typed(table: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    typed = table.copy()
    for name, column in schema.columns.items():
        if column.metadata["type"] == "integer":
            typed[name] = pd.to_numeric(typed[name].replace("", None)).astype("Int64")
        elif column.metadata["type"] == "boolean":
            typed[name] = typed[name] == "1"
        elif column.metadata["type"] == "number":
            typed[name] = pd.to_numeric(typed[name].replace("", None)).astype("Float64")
    return typed


def validate(table: pd.DataFrame, name: str, file: str = "", strands: Iterable[str] = STRANDS) -> pd.DataFrame:
    """Check a table of text cells against its schema and give the columns their types.

    `table` is indexed by row number as a spreadsheet shows it (header is row 1), as `read_csv_table` gives it.
    `strands`: keys of the strands of the study. Returns the schema's columns in its order, integer columns as Int64,
    with the index kept.
    Raises InvalidTable with one line per problem (`file` in front: row, column, what was found, what was expected), and
    KeyError for a table without a schema.
    """
    schema = schema_of(name, strands)
    prefix = f"{file}, " if file else ""
    expected = list(schema.columns)
    absent = [c for c, column in schema.columns.items() if column.metadata.get("optional") and c not in table]
    table = table.assign(**dict.fromkeys(absent, "")).astype(dict.fromkeys(absent, "str")) if absent else table
    problems = _header_problems(list(table.columns), expected)
    if problems:
        raise InvalidTable([prefix + problem for problem in problems])
    table = table[expected]
    cases: list[dict[str, Any]] = []
    try:
        schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.to_dict("records")
        cases.sort(key=lambda case: (case["index"], expected.index(case["column"])))
    problems = [_cell_problem(case) for case in cases] + _doubled_rows(table, (schema.metadata or {}).get("key", []))
    if problems:
        raise InvalidTable([prefix + problem for problem in dict.fromkeys(problems)])
    return _typed(table, schema)


def fields(name: str, strands: Iterable[str] = STRANDS) -> list[dict[str, Any]]:
    """Describe the columns of a table as Frictionless fields: name, type, description, constraints; with `origin`."""
    described = []
    for column_name, column in schema_of(name, strands).columns.items():
        constraints: dict[str, Any] = {"required": True} if column.metadata["required"] else {}
        if "enum" in column.metadata:
            constraints["enum"] = column.metadata["enum"]
        if column.unique:
            constraints["unique"] = True
        entry = {"name": column_name, "type": column.metadata["type"], "description": column.description}
        described.append({**entry, "constraints": constraints} if constraints else entry)
    origin = {"name": "origin", "type": "string", "description": "published, bounds, collected or synthetic."}
    return [*described, {**origin, "constraints": {"required": True}}]
