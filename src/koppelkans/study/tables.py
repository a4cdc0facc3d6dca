"""Check a table of a study against its schema, and describe it.

There is one schema a table: those of a publication stand in `koppelkans.study.schemas`, those of field data in
`koppelkans.study.field_schemas`, and what only a study of one's own has in `koppelkans.study.own_schemas`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.study.cells import Column, Schema, choice
from koppelkans.study.field_schemas import FIELD_SCHEMAS
from koppelkans.study.own_schemas import OWN_SCHEMAS
from koppelkans.study.schemas import SCHEMAS, STRANDS


def schema_of(name: str, strands: Iterable[str] = STRANDS, published: bool = True) -> Schema:
    """Return the schema of a table, for a study with these strands. Raises KeyError for a table without one.

    `published`: whether its rows are facts of a publication, which has columns that a study's own table may lack.
    """
    schema = (SCHEMAS | OWN_SCHEMAS | FIELD_SCHEMAS)[name]
    if not published:
        schema = replace(schema, columns={key: column.elsewhere() for key, column in schema.columns.items()})
    if "strand" not in schema.columns or tuple(strands) == STRANDS:
        return schema
    strand = choice(schema.columns["strand"].description, *strands)
    return replace(schema, columns={**schema.columns, "strand": strand})


def empty_table(name: str) -> pd.DataFrame:
    """Return a table without rows, with the columns of its schema and `origin`.

    Raises KoppelkansError for a table that no study has.
    """
    known = SCHEMAS | OWN_SCHEMAS | FIELD_SCHEMAS
    if name not in known:
        raise KoppelkansError(
            f"table {name!r}: no study has it; known are {', '.join(sorted(known))}{_near(name, list(known))}"
        )
    types = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}
    columns = {column: pd.Series(dtype=types.get(f.type, "str")) for column, f in known[name].columns.items()}
    return pd.DataFrame(columns | {"origin": pd.Series(dtype="str")})


def _near(word: str, options: list[str]) -> str:
    near = difflib.get_close_matches(word, options, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _header_problems(columns: list[str], expected: list[str], optional: list[str]) -> list[str]:
    missing = [column for column in expected if column not in columns]
    unknown = [column for column in columns if column not in (*expected, *optional)]
    return [
        f"row 1: column {column!r} is missing; expected the columns {', '.join(expected)}" for column in missing
    ] + [
        f"row 1: column {column!r} is not known{_near(column, [*expected, *optional])}; "
        f"expected the columns {', '.join(expected)}"
        for column in unknown
    ]


def _cell_problem(case: dict[str, Any]) -> str:
    row, column = case["index"], case["column"]
    if case["check"] == "field_uniqueness":
        return f"row {row}, column {column}: found {case['failure_case']!r} again, expected each only once"
    value = repr(case["failure_case"]) if case["failure_case"] else "an empty cell"
    return f"row {row}, column {column}: found {value}, expected {case['check']}"


def _wrong_cells(table: pd.DataFrame, schema: Schema) -> list[dict[str, Any]]:
    """Return row (index), column, cell (failure_case) and what was expected (check) of each cell that is wrong.

    pandera is imported here and not above, since a notebook only asks for the columns of a table.
    """
    import pandera.pandas as pa

    def checks(column: Column) -> list[pa.Check]:
        filled = [pa.Check(lambda cells: cells.str.len() > 0, error="a value")] if column.required else []
        if (fits := column.fits) is None:
            return filled
        return [*filled, pa.Check(lambda cells: (cells == "") | fits(cells), error=column.expected)]

    columns = {name: pa.Column(str, checks(c), unique=c.unique) for name, c in schema.columns.items()}
    try:
        pa.DataFrameSchema(columns).validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases: list[dict[str, Any]] = error.failure_cases.to_dict("records")
        return sorted(cases, key=lambda case: (case["index"], list(columns).index(case["column"])))
    return []


def _doubled_rows(table: pd.DataFrame, key: tuple[str, ...]) -> list[str]:
    """Name the rows whose key columns together repeat those of an earlier row."""
    if not key:
        return []
    doubled = table[table.duplicated(list(key))]
    return [
        f"row {row}: found {', '.join(f'{column} {cells[column]}' for column in key)} again, "
        "expected each combination only once"
        for row, cells in doubled.iterrows()
    ]


def _typed(table: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    typed = table.copy()
    for name, column in schema.columns.items():
        if column.type == "integer":
            typed[name] = pd.to_numeric(typed[name].replace("", None)).astype("Int64")
        elif column.type == "boolean":
            typed[name] = typed[name] == "1"
        elif column.type == "number":
            typed[name] = pd.to_numeric(typed[name].replace("", None)).astype("Float64")
    return typed


def validate(
    table: pd.DataFrame, name: str, file: str = "", strands: Iterable[str] = STRANDS, published: bool = True
) -> pd.DataFrame:
    """Check a table of text cells against its schema and give the columns their types.

    `table` is indexed by row number as a spreadsheet shows it (header is row 1), as `read_csv_table` gives it.
    `strands` and `published` as `schema_of` takes them. Returns the schema's columns in its order, integer columns as
    Int64, with the index kept.
    Raises InvalidTable with one line per problem (`file` in front: row, column, what was found, what was expected), and
    KeyError for a table without a schema.
    """
    schema = schema_of(name, strands, published)
    prefix = f"{file}, " if file else ""
    absent = [c for c, column in schema.columns.items() if column.optional and c not in table]
    problems = _header_problems(list(table.columns), [c for c in schema.columns if c not in absent], absent)
    if problems:
        raise InvalidTable([prefix + problem for problem in problems])
    table = table.assign(**dict.fromkeys(absent, "")).astype(dict.fromkeys(absent, "str"))[list(schema.columns)]
    problems = [_cell_problem(case) for case in _wrong_cells(table, schema)] + _doubled_rows(table, schema.key)
    if problems:
        raise InvalidTable([prefix + problem for problem in dict.fromkeys(problems)])
    return _typed(table, schema)


def fields(name: str, strands: Iterable[str] = STRANDS, published: bool = True) -> list[dict[str, Any]]:
    """Describe the columns of a table as Frictionless fields: name, type, description, constraints; with `origin`."""
    described = []
    for column_name, column in schema_of(name, strands, published).columns.items():
        constraints: dict[str, Any] = {"required": True} if column.required else {}
        if column.enum:
            constraints["enum"] = list(column.enum)
        if column.unique:
            constraints["unique"] = True
        entry = {"name": column_name, "type": column.type, "description": column.description}
        described.append({**entry, "constraints": constraints} if constraints else entry)
    origin = {"name": "origin", "type": "string", "description": "published, bounds, collected or synthetic."}
    return [*described, {**origin, "constraints": {"required": True}}]
