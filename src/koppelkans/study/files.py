"""Read and write the text files of a study: whole or not at all, and what is wrong with one in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError, why_unreadable


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either there whole or not at all; makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_text(path: Path, shown_as: str = "") -> str:
    """Read a text file, with any line ends. `shown_as` is how errors name the file.

    Raises KoppelkansError, one line, for a file that is missing, cannot be read or is not UTF-8.
    """
    name = shown_as or str(path)
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise KoppelkansError(f"{name}: {why_unreadable(error)}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise KoppelkansError(f"{name}, line {line}: found bytes that are not UTF-8 text; save it as UTF-8") from None


def _doubled_keys(root: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the first and the second node of each key that a mapping of a YAML document holds twice."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or not isinstance(getattr(node, "value", None), list):
            continue
        seen.add(id(node))
        keys: dict[tuple[str, str], Any] = {}
        for child in node.value:
            key, value = child if isinstance(child, tuple) else (None, child)
            waiting.append(value)
            if key is not None and isinstance(key.value, str) and key.value != "<<":
                if (key.tag, key.value) in keys:
                    yield keys[key.tag, key.value], key
                keys[key.tag, key.value] = key


def parse_yaml(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that a YAML text holds; `name` is how errors name its file.

    Raises KoppelkansError, one line, where the text is broken or holds something else.
    """
    import yaml

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        root = loader.get_single_node()
        doubled = next(_doubled_keys(root), None)
        settings = loader.construct_document(root) if root is not None and doubled is None else None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date that does not exist, such as 2021-13-01
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        what = getattr(error, "problem", None) or (str(error).splitlines() or ["unknown"])[0]
        raise KoppelkansError(
            f"{name}{where}: not valid YAML ({what}); put quotation marks around text with a colon and look at the "
            "spaces in front of the line"
        ) from None
    if doubled is not None:
        first, again = doubled
        raise KoppelkansError(
            f"{name}, line {again.start_mark.line + 1}: found {again.value!r} a second time, after line "
            f"{first.start_mark.line + 1}; expected it once, for the first would be lost"
        )
    if not isinstance(settings, dict):
        raise KoppelkansError(f"{name}: found {type(settings).__name__}, expected keys with values, such as name: ...")
    return settings
