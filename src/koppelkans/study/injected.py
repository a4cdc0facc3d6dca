"""Parameters that Papermill sets in a notebook by its own command, which only warns of one that is misspelt."""

from __future__ import annotations

import ast
import sys
from itertools import pairwise

from koppelkans.errors import KoppelkansError, nearest

_HEAD = "# Parameters\n"
"""The first line of the cell that Papermill puts behind the one with the parameters."""


def check_injected() -> None:
    """Refuse parameters that the notebook which is being run does not have; elsewhere this does nothing.

    Raises KoppelkansError, one line each.
    """
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    cells = list(shell.user_ns.get("In", [])) if shell is not None else []
    problems: list[str] = []
    for declaring, injected in pairwise(cells):
        if injected.startswith(_HEAD):
            known = _assigned(declaring)
            problems += [
                f"parameter {name!r}: this notebook has none of that name; expected one of {', '.join(known)}"
                f"{nearest(name, known)}"
                for name in _assigned(injected)
                if name not in known
            ]
    if problems:
        raise KoppelkansError("\n".join(problems))


def _assigned(code: str) -> list[str]:
    targets = [
        target
        for node in ast.parse(code).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    ]
    return [target.id for target in targets if isinstance(target, ast.Name)]
