"""Which program wrote a project, from what the file says of its origin."""

from __future__ import annotations

import re

_PROGRAMS = {
    "nvivo": "NVivo",
    "atlas.ti": "ATLAS.ti",
    "atlasti": "ATLAS.ti",
    "maxqda": "MAXQDA",
    "qualcoder": "QualCoder",
    "taguette": "Taguette",
    "koppelkans": "Koppelkans",
    "quirkos": "Quirkos",
    "dedoose": "Dedoose",
    "qda miner": "QDA Miner",
    "transana": "Transana",
    "f4analyse": "f4analyse",
    "opencode": "OpenCode",
    "requal": "requal",
    "qualitative coding": "qc",
    "qualitative-coding": "qc",
}
_VERSION = re.compile(r"\d+(?:\.\d+)*")


def program_of(origin: str) -> tuple[str, str]:
    """Return the name and version of a program from an `origin`, such as "NVivo for Windows 12.6": ("NVivo", "12.6").

    What else stands there (operating system, user) is left out. An unknown program gives ("unknown", "").
    """
    folded = origin.casefold()
    for sign, name in _PROGRAMS.items():
        if sign in folded:
            version = _VERSION.search(folded, folded.index(sign) + len(sign))
            return name, version.group() if version else ""
    if re.match(r"qc\b", folded):
        version = _VERSION.search(folded)
        return "qc", version.group() if version else ""
    return "unknown", ""
