"""What a build changed in the findings, held against the committed manifest: verdicts, numbers, figures.

`make` says it in one line after a run, `make diff` in full; `make reproduce` compares every file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koppelkans.review.comparison import DIFFERS, MISSING, NEW, compare
from koppelkans.review.manifest import MANIFEST, number_values, read_manifest, verdicts_of
from koppelkans.study import Study

_SHOWN = 3


@dataclass(frozen=True)
class Changes:
    """What differs from the manifest.

    `verdicts` (id, former, present; "" where the statement was or is not there), `numbers` (notebook, edition, name,
    former, present), `figures` (labels of figures and tables with other data) and `drawings` (those of which only the
    drawing or the words differ).
    """

    verdicts: tuple[tuple[str, str, str], ...]
    numbers: tuple[tuple[str, str, str, Any, Any], ...]
    figures: tuple[str, ...]
    drawings: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything differs."""
        return bool(self.verdicts or self.numbers or self.figures or self.drawings)

    def summary(self) -> str:
        """Say in one line what differs."""
        first = ", ".join(f"{one}: {was or 'not there'} to {now or 'gone'}" for one, was, now in self.verdicts[:_SHOWN])
        more = f" and {len(self.verdicts) - _SHOWN} more" if len(self.verdicts) > _SHOWN else ""
        named = {(notebook, name) for notebook, _, name, _, _ in self.numbers}
        parts = [
            f"{len(self.verdicts)} statements changed verdict" + (f" ({first}{more})" if first else ""),
            f"{len(named)} numbers",
            f"{len(self.figures)} figures and tables differ",
        ]
        drawn = f"; of {len(self.drawings)} more only the drawing or the words" if self.drawings else ""
        return f"Against {MANIFEST}: {', '.join(parts)}{drawn}."

    def lines(self) -> list[str]:
        """Say in full what differs, one line each."""
        return [
            *(f"verdict {one}: {was or 'not there'} to {now or 'gone'}" for one, was, now in self.verdicts),
            *(
                f"number {book}.{name} ({edition}): {was!r} to {now!r}"
                for book, edition, name, was, now in self.numbers
            ),
            *(f"data of {label}" for label in self.figures),
            *(f"only drawing or words of {label}" for label in self.drawings),
        ]


def changes(study: Study) -> Changes:
    """Compare the build of a study as it stands with the committed manifest.

    Raises KoppelkansError where there is no manifest of this study.
    """
    manifest = read_manifest(study.root / MANIFEST, study.name)
    former: dict[str, str] = next(
        (entry.get("verdicts", {}) for entry in manifest["ledger"] if entry.get("verdicts")), {}
    )
    present = verdicts_of(study)
    verdicts = [(one, former.get(one, ""), present.get(one, "")) for one in sorted({*former, *present})]
    numbers = []
    for entry in manifest["numbers"]:
        path = study.root / entry["path"]
        values = number_values(path.read_text(encoding="utf-8")) if path.is_file() else {}
        numbers += [
            (entry["id"], entry["edition"], name, entry["values"].get(name), values.get(name))
            for name in sorted({*entry["values"], *values})
            if entry["values"].get(name) != values.get(name)
        ]
    rows = [row for row in compare(manifest, study.root, study.root) if row.kind in ("figure", "table")]
    differing = [row for row in rows if row.verdict in (DIFFERS, MISSING, NEW)]
    data = {_label(row.path) for row in differing if not row.is_drawing}
    return Changes(
        tuple(row for row in verdicts if row[1] != row[2]),
        tuple(numbers),
        tuple(sorted(data)),
        tuple(sorted({_label(row.path) for row in differing} - data)),
    )


def _label(path: str) -> str:
    return Path(path).name.partition(".")[0]
