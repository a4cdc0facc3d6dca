"""Compare what a build made with the manifest, and say what differs: which number, which row, or only the drawing."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from koppelkans.report.executed import exhibit_outputs
from koppelkans.report.manuscript import load_notebook
from koppelkans.review.manifest import Output, inputs, number_values, outputs, sha256

SAME, DIFFERS, MISSING, NEW = "same", "differs", "missing", "new"
ONLY_DRAWING = "the data are the same; only the drawing differs, for example another font or library version"
ONLY_LAYOUT = "the data are the same; only the words or the layout differ"
_NOT_AT_HAND = "its former content is not at hand; compare with a build of the commit that wrote docs/figures.yml"
_SHOWN = 5
_DRAWN = (".svg", ".png", ".md")


@dataclass(frozen=True)
class Verdict:
    """One file held against the manifest: what it is, both hashes ("" where there is none), `verdict` and `detail`."""

    kind: str
    id: str
    edition: str
    path: str
    expected: str
    found: str
    verdict: str
    detail: str = ""

    @property
    def is_drawing(self) -> bool:
        """Tell whether only the drawing or layout differs, and not the data."""
        return self.detail in (ONLY_DRAWING, ONLY_LAYOUT)


def _counted(lines: list[str]) -> str:
    more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "; ".join(lines[:_SHOWN]) + more


def numbers_detail(expected: dict[str, Any], results: str) -> str:
    """Say which numbers differ, with the expected and the found value."""
    built = number_values(results)
    lines = []
    for key in sorted({*expected, *built}):
        if key not in built:
            lines.append(f"{key}: {expected[key]!r} expected, not there")
        elif key not in expected:
            lines.append(f"{key}: {built[key]!r} is new")
        elif expected[key] != built[key]:
            lines.append(f"{key}: {expected[key]!r} expected, {built[key]!r} found")
    return _counted(lines) or "every value is the same; only how a number is written differs"


def csv_detail(expected: str, found: str) -> str:
    """Say where two CSV tables first differ, rows counted as a spreadsheet does (the header is row 1)."""
    old, new = (list(csv.reader(io.StringIO(text, newline=""))) for text in (expected, found))
    size = "" if len(old) == len(new) else f"; {len(old)} rows expected, {len(new)} found"
    header = new[0] if new else []
    for number, (before, after) in enumerate(zip(old, new, strict=False), start=1):
        if len(before) != len(after):
            return f"row {number}: {len(before)} columns expected, {len(after)} found{size}"
        for column, was, now in zip(header, before, after, strict=False):
            if was != now:
                return f"row {number}, column {column}: {was!r} expected, {now!r} found{size}"
    return size.removeprefix("; ") or "every cell is the same; only how the file is written differs"


def _former(output: Output, copy: Path, root: Path) -> str | None:
    """Return the expected content of a file, from a build that has it or from the outputs stored in the notebooks."""
    built = root / output.path
    if built.is_file() and sha256(built) == output.sha256:
        return built.read_bytes().decode("utf-8")
    if Path(output.path).parent.name == "figures":
        for notebook in sorted((copy / "notebooks").glob("*.ipynb")):
            exhibit = exhibit_outputs(load_notebook(notebook)).get(Path(output.path).stem)
            data = exhibit["metadata"]["koppelkans"]["data"] if exhibit else ""
            if hashlib.sha256(data.encode("utf-8")).hexdigest() == output.sha256:
                return str(data)
    return None


def _detail(output: Output, verdicts: dict[str, str], numbers: dict[str, Any], copy: Path, root: Path) -> str:
    path = copy / output.path
    if path.suffix in _DRAWN:
        data = f"{path.name.partition('.')[0]}.csv"  # of fig-a.svg and, drawn for a phone, of fig-a.narrow.svg
        drawn = ONLY_LAYOUT if path.suffix == ".md" else ONLY_DRAWING
        same_data = verdicts.get(str(Path(output.path).with_name(data))) == SAME
        return drawn if same_data else f"the data differ: see {data}"
    if output.path in numbers:
        return numbers_detail(numbers[output.path], path.read_text(encoding="utf-8"))
    former = _former(output, copy, root) if path.suffix == ".csv" else None
    if former is None:
        return _NOT_AT_HAND if path.suffix == ".csv" else ""
    return csv_detail(former, path.read_text(encoding="utf-8"))


def compare(manifest: dict[str, Any], copy: Path, root: Path) -> list[Verdict]:
    """Hold every file of the manifest against the build in `copy`; list what the build made beyond it as new.

    `root` is the compendium that the copy was taken from: where its own build has the expected file, the difference can
    be shown in full.
    """
    expected = outputs(manifest)
    numbers = {entry["path"]: entry["values"] for entry in manifest["numbers"]}
    built = {output.path: sha256(copy / output.path) for output in expected if (copy / output.path).is_file()}
    verdicts = {
        output.path: (SAME if built[output.path] == output.sha256 else DIFFERS) if output.path in built else MISSING
        for output in expected
    }
    rows = []
    for output in expected:
        verdict = verdicts[output.path]
        detail = _detail(output, verdicts, numbers, copy, root) if verdict == DIFFERS else ""
        reason = "the build did not make it" if verdict == MISSING else detail
        same = (output.kind, output.id, output.edition, output.path, output.sha256)
        rows.append(Verdict(*same, built.get(output.path, ""), verdict, reason))
    return rows + [_new(path, copy) for path in _made(manifest["study"], copy) if path not in verdicts]


def _made(study: str, copy: Path) -> list[str]:
    """Paths of all files that a build makes of the kinds that a manifest lists."""
    patterns = (f"build/{study}/*/figures/*", f"build/{study}/*/results/*", f"build/{study}/ledger/*")
    files = (path for pattern in (*patterns, f"data/processed/{study}/*") for path in copy.glob(pattern))
    return sorted(path.relative_to(copy).as_posix() for path in files if path.is_file())


def _new(path: str, copy: Path) -> Verdict:
    parts = path.split("/")
    kind = {"figures": "figure", "results": "numbers", "ledger": "ledger"}.get(parts[-2], "tidy table")
    if kind == "figure" and parts[-1].startswith("tbl-"):
        kind = "table"
    edition = parts[2] if kind in ("figure", "table", "numbers") else ""
    detail = "docs/figures.yml does not list it; `make manifest` does"
    return Verdict(kind, parts[-1], edition, path, "", sha256(copy / path), NEW, detail)


def changed_inputs(manifest: dict[str, Any], copy: Path) -> list[str]:
    """Return the raw files that are not those that the manifest was made from."""
    listed = sorted(inputs(manifest).items())
    return [path for path, digest in listed if not (copy / path).is_file() or sha256(copy / path) != digest]
