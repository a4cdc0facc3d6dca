"""Read YAML as people mean it: what is written is what is read, each key once, and nothing that unfolds without end.

YAML 1.1 reads 1:30 as 90, 010 as 8 and 2021-01-01 as a day; here these stay text, as YAML 1.2 has it. Its words for yes
and no stay, since people write `quotes: yes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from koppelkans.errors import KoppelkansError

_MOST_SIGNS, _MOST_NODES, _MOST_DEPTH = 5_000_000, 200_000, 100
_INTEGER, _NUMBER = r"[-+]?(?:0|[1-9][0-9]{0,17})", r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?"
_TAG = "tag:yaml.org,2002:"
_PLAIN = {
    "bool": (r"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF", "yYnNtTfFoO"),
    "int": (_INTEGER, "-+0123456789"),
    "float": (_NUMBER, "-+0123456789."),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "merge": (r"<<", "<"),
}
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """Knows the kinds of _PLAIN, text, lists and mappings; of `!!int 0xfff` and the like only what _PLAIN allows."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012
    yaml_constructors = {  # noqa: RUF012
        tag: make
        for tag, make in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.removeprefix(_TAG) in ("bool", "int", "float", "null", "str", "seq", "map")
    }


def _of_kind(kind: str, make: Any) -> Any:
    def construct(loader: Any, node: Any) -> Any:
        if not isinstance(node.value, str) or not re.fullmatch(_PLAIN[kind][0], node.value):
            raise yaml.constructor.ConstructorError(None, None, f"found no {kind}", node.start_mark)
        return make(node.value)

    return construct


for _kind, (_form, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(rf"^(?:{_form})$"), list(_first))
_Loader.add_constructor(f"{_TAG}int", _of_kind("int", int))
_Loader.add_constructor(f"{_TAG}float", _of_kind("float", float))
_Loader.add_constructor(f"{_TAG}bool", _of_kind("bool", lambda word: word.lower() in ("yes", "true", "on")))


def parse_yaml(text: str, name: str) -> dict[str, Any]:
    """Return the mapping that a YAML text holds; `name` is how errors name its file.

    Raises KoppelkansError, one line, where the text is broken, too large or holds something else.
    """
    if len(text) > _MOST_SIGNS:
        raise KoppelkansError(
            f"{name}: found {len(text):,} characters, expected at most {_MOST_SIGNS:,}; take data out"
        )
    try:
        _refuse_depth(text, name)
        loader = _Loader(text)
        root = loader.get_single_node()
        if _size(root) > _MOST_NODES:
            raise KoppelkansError(
                f"{name}: found references (&, *) that unfold without end, or to more than {_MOST_NODES:,} values; "
                "write it out without them"
            )
        doubled = next(_doubled_keys(root), None)
        settings = loader.construct_document(root) if root is not None and doubled is None else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
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


def _refuse_depth(text: str, name: str) -> None:
    """Raise KoppelkansError for values within values within values, over which the library itself falls over."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MOST_DEPTH:
            raise KoppelkansError(f"{name}: found more than {_MOST_DEPTH} values within one another; write fewer")


def _children(node: Any) -> list[Any]:
    value = getattr(node, "value", None)
    return [one for child in value for one in (child if isinstance(child, tuple) else (child,))] if isinstance(
        value, list
    ) else []  # fmt: skip


def _size(root: Any) -> float:
    """Return how many values a document has once its references are unfolded; infinite where one leads to itself."""
    sizes: dict[int, float] = {}
    waiting, within = [(root, False)], set[int]()
    while waiting:
        node, is_done = waiting.pop()
        if is_done:
            within.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(child)] for child in _children(node))
        elif id(node) in within:
            return float("inf")
        elif id(node) not in sizes:
            within.add(id(node))
            waiting += [(node, True), *((child, False) for child in _children(node))]
    return sizes[id(root)]


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
