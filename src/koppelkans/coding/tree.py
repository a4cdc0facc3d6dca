"""The code tree: how deep a code lies, whether it is an open, axial or selective code, and rolling up to a level.

`codes`: code (key), name, parent (key, or "" at the top); other columns are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.study.columns import require

Level = Literal["selective", "axial", "open"]
LEVELS: tuple[Level, ...] = ("selective", "axial", "open")
"""From the top of the tree to the bottom (Strauss & Corbin 1990; Boeije 2010)."""


def depths(codes: pd.DataFrame) -> pd.Series:
    """Return the depth of each code (1 at the top), indexed by code.

    Raises KoppelkansError for a key that is there twice, a parent that is not in the table and a code above itself.
    """
    return pd.Series({code: len(line) for code, line in _lines(codes).items()}, dtype="int64", name="depth")


def _lines(codes: pd.DataFrame) -> dict[str, list[str]]:
    """Return for each code its ancestors from the top, the code itself last."""
    require(codes, "codes", ("code", "parent"))
    twice = codes.loc[codes["code"].duplicated(), "code"]
    if len(twice):
        raise KoppelkansError(f"table codes: code {twice.iloc[0]!r} is there twice; expected a key of its own for each")
    parent_of = dict(zip(codes["code"], codes["parent"].fillna(""), strict=True))
    lines: dict[str, list[str]] = {}
    for code in parent_of:
        line = [code]
        while (parent := parent_of[line[-1]]) != "":
            if parent not in parent_of:
                raise KoppelkansError(f"table codes, code {line[-1]!r}: parent {parent!r} is not in the table")
            if parent in line:
                raise KoppelkansError(f"table codes, code {code!r}: it lies below itself ({' < '.join(line)})")
            line.append(parent)
        lines[code] = line[::-1]
    return lines


def levels(codes: pd.DataFrame, override: Mapping[str, Level] | None = None) -> pd.DataFrame:
    """Say of each code how deep it lies and at which level of analysis.

    The columns of `codes`, and depth, level, level_basis.

    By depth: 1 selective, 2 axial, 3 and deeper open. In a shallower tree the levels count from the bottom: two layers
    are axial and open, one layer is open codes only. `override` names other levels by code key; level_basis says
    "depth" or "stated". Raises ValueError for a level or a code that does not exist.
    """
    stated = dict(override or {})
    wrong = [level for level in stated.values() if level not in LEVELS]
    if wrong:
        raise ValueError(f"level {wrong[0]!r} is not one of {', '.join(LEVELS)}")
    unknown = sorted(set(stated) - set(codes["code"]))
    if unknown:
        raise ValueError(f"override names code {unknown[0]!r}; expected a code of the table")
    depth = codes["code"].map(depths(codes)).astype("int64")
    shift = max(0, len(LEVELS) - int(depth.max())) if len(depth) else 0
    levels = [
        stated.get(code, LEVELS[min(layer - 1 + shift, 2)]) for code, layer in zip(codes["code"], depth, strict=True)
    ]
    basis = ["stated" if code in stated else "depth" for code in codes["code"]]
    return codes.assign(depth=depth, level=levels, level_basis=basis)


def descendants(codes: pd.DataFrame) -> pd.DataFrame:
    """List which code lies below which: ancestor, code, distance. A code is its own at distance 0.

    In the order of `codes`, nearest first.
    """
    rows = [
        (ancestor, code, distance)
        for code, line in _lines(codes).items()
        for distance, ancestor in enumerate(reversed(line))
    ]
    place = {code: row for row, code in enumerate(codes["code"])}
    rows.sort(key=lambda row: (place[row[0]], row[2], place[row[1]]))
    return pd.DataFrame(rows, columns=["ancestor", "code", "distance"])


def codes_named(codes: pd.DataFrame, named: str) -> list[str]:
    """Return the keys of the codes with this key, name or path, in any case; [] for none."""
    wanted = named.strip().casefold()
    same = (
        (codes["code"] == named) | (codes["name"].str.casefold() == wanted) | (codes["path"].str.casefold() == wanted)
    )
    return list(codes.loc[same, "code"])


def roll_up(
    codings: pd.DataFrame, codes: pd.DataFrame, to: int | Level, override: Mapping[str, Level] | None = None
) -> pd.DataFrame:
    """Put each coding under the code above it at a depth (1 is the top) or a level.

    The code it had stays in `own_code`. A coding whose code lies at or above that place keeps its code. At a level: the
    nearest code at or above with that level, else the one at the top. The number of codings does not change: two
    codings of one passage with codes below the same theme stay two codings, while `frequencies` counts their characters
    once. Raises KoppelkansError for a code that is not in the table, ValueError for a depth below 1 or another level.
    """
    lines = _lines(codes)
    unknown = codings.loc[~codings["code"].isin(set(lines)), "code"]
    if len(unknown):
        raise KoppelkansError(f"table codings: code {unknown.iloc[0]!r} is not in the table codes")
    if isinstance(to, int):
        if to < 1:
            raise ValueError(f"depth is {to}; expected 1 (the top) or more")
        target = {code: line[min(to, len(line)) - 1] for code, line in lines.items()}
    else:
        if to not in LEVELS:
            raise ValueError(f"level {to!r} is not one of {', '.join(LEVELS)}")
        level_of = levels(codes, override).set_index("code")["level"].to_dict()
        at = LEVELS.index(to)
        target = {}
        for code, line in lines.items():
            fitting = [above for above in line if level_of[above] == to]
            keeps = LEVELS.index(level_of[code]) < at
            target[code] = code if keeps else (fitting[-1] if fitting else line[0])
    return codings.assign(own_code=codings["code"], code=codings["code"].map(target))
