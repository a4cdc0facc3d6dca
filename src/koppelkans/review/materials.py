"""What the compendium stands on: every library of the lock, with its version and licence.

docs/materials.cdx.json is a bill of materials in CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), docs/licences.md
the same for people. Licences are those that the installed libraries state; checksums stand in requirements.lock.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path
from typing import Any

from koppelkans.study import write_atomically

BILL, LICENCES = "docs/materials.cdx.json", "docs/licences.md"
_ENTRY = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)
NOT_SAID = "not stated"


def locked(lock: Path) -> list[tuple[str, str]]:
    """Return name and version of every library of requirements.lock, for all systems and Pythons."""
    return sorted(set(_ENTRY.findall(lock.read_text(encoding="utf-8"))))


def licence_of(name: str) -> str:
    """Return the licence that an installed library states; "" where it is not installed here."""
    try:
        about: Any = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classifiers = [one.split("::")[-1].strip() for one in about.get_all("Classifier") or [] if "License ::" in one]
    first_line = (about.get("License") or "").strip().split("\n")[0]
    return about.get("License-Expression") or ", ".join(classifiers) or first_line[:80] or NOT_SAID


def bill_of_materials(libraries: list[tuple[str, str]], licences: dict[str, str]) -> dict[str, Any]:
    """Return the bill of materials; it holds no time and no random number, so it is the same each time."""
    components = [
        {
            "type": "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            **({"licenses": [{"license": {"name": licences[name]}}]} if licences.get(name) else {}),
        }
        for name, version in libraries
    ]
    about = {"component": {"type": "application", "name": "koppelkans"}}
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": about, "components": components}


def licences_page(libraries: list[tuple[str, str]], licences: dict[str, str]) -> str:
    """Write the licences for people: first those that ask something of who passes them on."""
    by_name = sorted({name for name, _ in libraries})
    shared = [name for name in by_name if re.search("GPL|MPL|Mozilla", licences.get(name, ""))]
    lines = ["# Licences of what Koppelkans stands on", ""]
    lines += ["Written by `koppelkans materials` from requirements.lock and what the installed libraries state.", ""]
    lines += [
        "Koppelkans installs these libraries and calls them; it holds no code of theirs. Whoever passes on one of the"
    ]
    lines += ["following, changed or in a bundle, has to offer its source under the same licence:"]
    lines += ["", *(f"- {name}: {licences[name]}" for name in shared), "", "| library | licence |", "|---|---|"]
    lines += [
        f"| {name} | {licences.get(name) or 'not installed here (another system or Python)'} |" for name in by_name
    ]
    return "\n".join(lines) + "\n"


def write_materials(root: Path) -> list[Path]:
    """Write docs/materials.cdx.json and docs/licences.md; return both paths."""
    libraries = locked(root / "requirements.lock")
    licences = {name: licence_of(name) for name, _ in libraries}
    bill = json.dumps(bill_of_materials(libraries, licences), ensure_ascii=False, indent=1) + "\n"
    texts = {root / BILL: bill, root / LICENCES: licences_page(libraries, licences)}
    for path, text in texts.items():
        write_atomically(path, text)
    return list(texts)
