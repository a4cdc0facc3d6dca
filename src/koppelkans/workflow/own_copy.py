"""The setting QUOTES=yes SOURCE=file: whether, and from which copy of the report, participants' words are shown.

Only the standard library is imported here: this is on the path of a `make` that has nothing to do.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from koppelkans.errors import KoppelkansError

_WANTED = {"yes": True, "ja": True, "1": True, "true": True, "": False, "no": False, "nee": False, "0": False}


def own_copy() -> Path | None:
    """Return the reader's copy whose quotations are to be shown (QUOTES=yes SOURCE=file), or None where they are not.

    Raises KoppelkansError for another value of QUOTES, and for a copy that is not given or not there.
    """
    wanted = os.environ.get("QUOTES", "").strip().lower()
    if wanted not in _WANTED:
        raise KoppelkansError(f"QUOTES={wanted}: expected QUOTES=yes, or nothing")
    if not _WANTED[wanted]:
        return None
    source = os.environ.get("SOURCE", "").strip()
    if not source:
        raise KoppelkansError("QUOTES=yes needs your own copy of the report: make report QUOTES=yes SOURCE=report.pdf")
    path = Path(source).expanduser().resolve()
    if not path.is_file():
        raise KoppelkansError(f"{source}: no such file; give the path of your own copy of the report")
    return path


def quotes_setting() -> str:
    """Return what a build with or without quotations hangs on: "" without, else the SHA-256 of the reader's copy."""
    path = own_copy()
    return hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
