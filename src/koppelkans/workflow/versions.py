"""Which installed libraries differ from requirements.lock: the usual reason why a figure is drawn differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

# Libraries that can change a number or the look of a figure; others are only counted.
_LOOKED_AT = ("ipykernel", "matplotlib", "numpy", "pandas", "papermill", "pillow", "scipy", "seaborn", "statsmodels")


def _locked(lock: Path) -> Iterable[tuple[str, str]]:
    """Name and version of every library that the lock has for this Python."""
    from packaging.requirements import Requirement

    for line in lock.read_text(encoding="utf-8").splitlines():
        if re.match("[A-Za-z0-9]", line):
            requirement = Requirement(line.partition("\\")[0].strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement.name, str(requirement.specifier).removeprefix("==")


def other_versions(lock: Path, version: Callable[[str], str] = metadata.version) -> list[str]:
    """Say which installed libraries differ from requirements.lock: those that can change a result by name and version.

    A compendium without a lock has nothing to differ from.
    """
    named, others = [], 0
    for name, locked in sorted(_locked(lock)) if lock.is_file() else ():
        try:
            installed = version(name)
        except metadata.PackageNotFoundError:
            continue
        if installed != locked and name.lower() in _LOOKED_AT:
            named.append(f"{name} {installed} (requirements.lock: {locked})")
        elif installed != locked:
            others += 1
    return named + ([f"{others} other libraries"] if others else [])


def libraries(version: Callable[[str], str] = metadata.version) -> str:
    """Name the versions of the libraries that can change a result, for the record."""
    named = []
    for name in _LOOKED_AT:
        try:
            named.append(f"{name} {version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(named)
