"""Whole files of every kind that is read, of which fuzzing breaks one: those of the tests and of the examples."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bench.fuzz import attempts

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "tests"), str(ROOT / "tests" / "readers")]  # whose small files of every program are the seeds

REAL_DATA = "KOPPELKANS_REAL_DATA"
"""In the environment: a folder with files of real programs, which the project may not hold itself."""
_STUDY = "data/raw/school"


@dataclass(frozen=True)
class Seed:
    """Files by name, which of them are broken, how the first is read, and how often it is taken beside the others."""

    name: str
    files: dict[str, bytes]
    broken: list[str]
    main: str
    attempt: Callable[[Path], None]
    weight: float = 1.0
    links: dict[str, Path] = field(default_factory=dict)

    def write(self, folder: Path, content: dict[str, bytes]) -> Path:
        """Write the files, with other contents for some, and return the path of the one to read."""
        for name, whole in (self.files | content).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(whole)
        for name, target in self.links.items():
            (folder / name).symlink_to(target)
        return folder / self.main


def seeds() -> list[Seed]:
    """Return all seeds."""
    return [*_of_cases(), *_of_examples(), *_of_mappings(), *_of_studies(), *_of_others()]


def _weight(name: str) -> float:
    return 0.02 if name.endswith((".sav", ".zsav")) else 1.0  # each is read in a process of its own


def _of_cases() -> list[Seed]:
    from test_recognised import SECTIONS

    found = []
    for section, cases in SECTIONS.items():
        attempt = attempts.answers if "nswers" in section or "surveys" in section else attempts.interviews
        for number, case in enumerate(cases):
            with tempfile.TemporaryDirectory() as folder:
                case.write(Path(folder, case.file))
                files = {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}
            name = f"{section.split()[0]}-{number}-{case.file}"
            found.append(Seed(name, files, list(files), case.file, attempt, _weight(case.file)))
    return found


def _of_examples() -> list[Seed]:
    example = ROOT / "data" / "raw" / "voorbeeldwijk"
    of_real = Path(os.environ[REAL_DATA]) if REAL_DATA in os.environ else None
    paths = [
        *(example / "interviews" / name for name in ("evaluatie-a.qdpx", "evaluatie-b.qdpx")),
        *sorted((example / "transcripts").iterdir())[:4],
        *sorted((example / "answers").iterdir()),
        *(
            sorted(path for path in of_real.iterdir() if path.suffix in (".qdpx", ".qde", ".atlproj"))
            if of_real
            else ()
        ),
    ]
    return [
        Seed(
            path.name,
            {path.name: path.read_bytes()},
            [path.name],
            path.name,
            attempts.answers if path.parent.name == "answers" else attempts.interviews,
            _weight(path.name) if path.stat().st_size < 30_000 else 0.02,
        )
        for path in paths
    ]


_OPTIONS = {
    "columns": "columns: {document: Bron, code: [Thema, Deel], text: Tekst, start: van, coder: wie, separator: ';'}\n",
    "presence": "columns: {unit: Bron, presence: [Thema, Deel], coder: wie}\n",
    "questions": "questions:\n"
    "  q1: {columns: [Thema, Deel], kind: multiple, label: {nl: Wat?}, options: {a: {nl: A}}}\n"
    "  q2: {columns: {x: van}, kind: number, other: wie, missing: {99: weet niet}, construct: c}\n",
}


def _of_mappings() -> list[Seed]:
    table = b"Bron;Thema;Deel;Tekst;van;wie\ng1;1;0;het is koud;0;AB\ng2;0;1;de huur;4;CD\n"
    return [
        Seed(f"mapped-{name}", {"t.csv": table, "options.yml": text.encode()}, ["t.csv", "options.yml", "options.yml"],
             "t.csv", attempts.mapped, 2)
        for name, text in _OPTIONS.items()
    ]  # fmt: skip


def _of_studies() -> list[Seed]:
    import school_study

    with tempfile.TemporaryDirectory() as folder:
        school_study.write_school(Path(folder))
        raw = Path(folder, _STUDY)
        for name in ("sessions.csv", "levels.csv", "claims.csv", "traces.csv"):
            shutil.copy(ROOT / "data" / "raw" / "smitsveen" / name, raw)
        with (raw / "study.yml").open("a", encoding="utf-8") as settings:
            settings.write(
                "tables:\n  sessions: {file: sessions.csv, origin: published}\n  levels: {file: levels.csv, origin: "
                "published}\nparameters:\n  05-preferences: {n_max: 40}\n  04-homeowners: {seed: 3, share_clear: 0.6}\n"
                "population: {docenten: 310}\nreaders: {een: all}\n"
            )
        files = {str(path.relative_to(folder)): path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    main = f"{_STUDY}/study.yml"
    broken = [main] * (2 * len(files)) + list(files)
    links = {"notebooks": ROOT / "notebooks"}
    whole = Seed("study", files, broken, main, attempts.study, 0.3, links)
    example = (ROOT / "data" / "raw" / "voorbeeldwijk" / "study.yml").read_bytes().partition(b"field_data:")[0]
    large = {main: example.replace(b"name: voorbeeldwijk", b"name: school")}
    return [whole, Seed("study.yml", large, [main], main, attempts.study, 3, links)]


def _of_others() -> list[Seed]:
    import pandas as pd
    import typst

    from koppelkans.coding.disagreements import PLACE
    from koppelkans.readers.decisions import write_decisions

    row = ["g1:0-4:koud", "g1", 0, 4, "koud", "kou", "huur", "AB", ""]
    book = write_decisions(
        pd.DataFrame([row], columns=[*PLACE, "AB", "CD", "decision", "remark"]), ["AB", "CD", "both"]
    )
    return [
        Seed("decisions", {"d.xlsx": book}, ["d.xlsx"], "d.xlsx", attempts.decisions),
        Seed("report.pdf", {"r.pdf": typst.compile(b"= Kou\nHet is koud.")}, ["r.pdf"], "r.pdf", attempts.source, 0.3),
        Seed("report.txt", {"r.txt": "Het is één graad.".encode("cp1252")}, ["r.txt"], "r.txt", attempts.source, 0.3),
    ]
