"""Write a whole study of a synthetic neighbourhood: study.yml, the truth, and files as the field delivers them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from koppelkans.errors import KoppelkansError
from koppelkans.readers.refi_qda import write_project
from koppelkans.study import read_text
from koppelkans.study.checksums import write_checksums
from koppelkans.study.schemas import ELEMENTS
from koppelkans.study.tables import fields
from koppelkans.study.zips import repacked
from koppelkans.synthetic import people as residents_of
from koppelkans.synthetic import survey_files
from koppelkans.synthetic.answers import answers
from koppelkans.synthetic.linked import links
from koppelkans.synthetic.office import document
from koppelkans.synthetic.projects import project
from koppelkans.synthetic.talk import MARK, Interview, interviews
from koppelkans.synthetic.truth import RESIDENTS, Truth, read_truth

TYPED = {"sessions": "een onderdeel van een sessie", "change_stories": "een element van een veranderverhaal"}
KINDS_OF_CODES = (
    ("hoge energierekening", "motive"),
    ("tocht en vocht", "motive"),
    ("overlast van het werk", "barrier"),
    ("onduidelijke informatie", "barrier"),
    ("wachten op anderen", "discouraging"),
    ("uitleg van een persoon", "positive"),
    ("vertrouwen in de organisatie", "positive"),
    ("onduidelijke informatie", "negative"),
    ("twijfel over beloften", "negative"),
    ("informatie", "knowing"),
    ("samen", "seeing"),
    ("subsidie en lening", "wanting"),
    ("wachten op anderen", "wanting"),
    ("kleine maatregelen", "doing"),
)
"""What codes are about, as the notebook on homeowners compares them."""
_STRANDS = {"tenants": "tenants", "homeowners": "homeowners", "partners": "evaluation"}
_FILES = {"tenants": "huurders", "homeowners": "woningeigenaren", "partners": "evaluatie"}
_LETTERS = ("a", "b")
_FIRST_STORY = 5  # the notebook draws stories 5 to 8
_SECTION = "synthetisch"


@dataclass(frozen=True)
class Sizes:
    """How large a neighbourhood is to be, and the seed that fixes it."""

    respondents: int
    interviews: int
    seed: int


def write_study(truth_file: Path, sizes: Sizes, folder: Path) -> list[Path]:
    """Write a study to a folder that does not exist yet or is empty; return the paths of its files.

    The folder gives the study its name; `truth_file` goes along as truth.yml. Raises KoppelkansError where the folder
    holds something or cannot be written; then nothing is left behind.
    """
    truth, name = read_truth(truth_file), folder.resolve().name
    if sizes.interviews > sizes.respondents:
        raise KoppelkansError(
            f"found {sizes.interviews} interviews and {sizes.respondents} respondents; those who are interviewed are "
            "respondents too, so ask for as many or fewer interviews"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise KoppelkansError(f"{folder}: there is something already; name a new folder, or empty this one first")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{name}-") as temporary:
            made = Path(temporary) / name
            _write_files(truth, sizes, name, made)
            _write_truth(truth_file, made)
            write_checksums(made)
            if folder.exists():
                folder.rmdir()
            made.replace(folder)
    except OSError as error:
        raise KoppelkansError(
            f"{folder}: cannot be written ({error.strerror}); name another folder with --to"
        ) from None
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write_files(truth: Truth, sizes: Sizes, name: str, folder: Path) -> None:
    people = residents_of.residents(truth, sizes.respondents, sizes.seed)
    given = answers(truth, people, sizes.seed)
    interviewed = residents_of.interviewed(truth, sizes.interviews)
    talks = interviews(truth, pd.concat([interviewed, residents_of.partners(truth)]), sizes.seed)
    for part in ("interviews", "transcripts", "answers"):
        (folder / part).mkdir(parents=True)
    for talk in talks:
        content = document(talk.text.split("\n"), f"{talk.respondent}, {MARK}")
        (folder / "transcripts" / f"{talk.respondent}.docx").write_bytes(content)
    entries = _projects(truth, sizes, talks, people, folder)
    for group, ending in (("tenants", "xlsx"), ("homeowners", "sav")):
        file = f"answers/{_FILES[group]}.{ending}"
        own = people[people["group"] == group]
        write = survey_files.as_spss if ending == "sav" else survey_files.as_workbook
        (folder / file).write_bytes(write(truth, own, given))
        how = survey_files.settings(truth, spss=ending == "sav")
        entries.append({"file": file, "kind": "answers", "strand": group, "origin": "synthetic", **how})
    tables = {"sessions": _sessions(truth), "change_stories": _change_stories(truth)}
    for table, rows in tables.items():
        _write(folder / f"{table}.csv", rows.to_csv(index=False, lineterminator="\n"))
    frame = _respondents(people, given, interviewed)
    _write(folder / "respondents.csv", frame.to_csv(index=False, lineterminator="\n"))
    _write(folder / "datapackage.json", _descriptor(name))
    _write(
        folder / "study.yml",
        _study(name, sizes, entries, survey_files.of_answers(truth, people) | {"links": links(truth)}),
    )


def _write_truth(truth_file: Path, folder: Path) -> None:
    """Write the truth as its author did, with the remarks in it."""
    text = read_text(truth_file)
    _write(folder / "truth.yml", text if text.startswith(f"# {MARK}") else f"# {MARK}\n{text}")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _made_by(sizes: Sizes) -> str:
    return (
        f"koppelkans synthesise --respondents {sizes.respondents} --interviews {sizes.interviews} --seed {sizes.seed}"
    )


def _projects(
    truth: Truth, sizes: Sizes, talks: Sequence[Interview], people: pd.DataFrame, folder: Path
) -> list[dict[str, Any]]:
    """Write the coded projects: one for each group and coder; the second coder reads part of the evaluation."""
    entries = []
    for group in (*RESIDENTS, "partners"):
        own = [talk for talk in talks if talk.group == group]
        for letter, coder in zip(_LETTERS, truth.coders, strict=True):
            read = own
            if group == "partners" and letter == "b":
                read = own[: truth.interviews.double_coded_partners]
            if not read:
                continue
            file = f"interviews/{_FILES[group]}-coder-{letter}.qdpx" if group in RESIDENTS else ""
            file = file or f"interviews/{_FILES[group]}-{letter}.qdpx"
            made = project(truth, read, people, coder, f"{MARK} ({_FILES[group]}, {coder})", sizes.seed)
            write_project(made, folder / file)
            (folder / file).write_bytes(repacked((folder / file).read_bytes()))
            entries.append({"file": file, "kind": "interviews", "strand": _STRANDS[group], "origin": "synthetic"})
    return entries


def _sessions(truth: Truth) -> pd.DataFrame:
    rows = []
    for number, session in enumerate(truth.sessions, start=1):
        for kind in ("theme", "work_form", "outcome"):
            for item, words in enumerate(getattr(session, kind), start=1):
                rows.append(
                    {
                        **{"session": number, "month": session.month, "kind": kind, "item": item},
                        **{"text_nl": words.nl, "text_en": words.en, "category": words.category},
                        **{"mode": session.mode, "mode_basis": "synthetic", "section": _SECTION, "anchor": MARK},
                    }
                )
    return pd.DataFrame(rows, columns=_columns("sessions"))


def _change_stories(truth: Truth) -> pd.DataFrame:
    rows = [
        {
            **{"story": number, "section": _SECTION, "theme_nl": story.theme.nl, "theme_en": story.theme.en},
            **{"element": element, "text_nl": getattr(story, element).nl, "text_en": getattr(story, element).en},
            **{"in_source": "yes", "running_text_nl": "", "running_text_en": "", "anchor": MARK},
        }
        for number, story in enumerate(truth.change_stories, start=_FIRST_STORY)
        for element in ELEMENTS
    ]
    return pd.DataFrame(rows, columns=_columns("change_stories"))


def _columns(table: str) -> list[str]:
    return [field["name"] for field in fields(table) if field["name"] != "origin"]


def _respondents(people: pd.DataFrame, given: pd.DataFrame, interviewed: pd.DataFrame) -> pd.DataFrame:
    """List all respondents: what is known of them, which version they got, whether they were interviewed."""
    table = people.drop(columns="number").merge(given[["respondent", "version"]], on="respondent")
    return table.assign(
        interviewed=table["respondent"].isin(interviewed["respondent"]).map({True: "yes", False: "no"}),
        origin="synthetic",
    )


def _descriptor(name: str) -> str:
    """Describe the typed tables: a Frictionless tabular data package."""
    resources = [
        {
            **{"name": table, "path": f"{table}.csv", "profile": "tabular-data-resource", "encoding": "utf-8"},
            "schema": {"fields": [f for f in fields(table) if f["name"] != "origin"], "missingValues": [""]},
        }
        for table in TYPED
    ]
    package = {"profile": "tabular-data-package", "name": name, "title": MARK, "resources": resources}
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _study(name: str, sizes: Sizes, entries: list[dict[str, Any]], more: dict[str, Any]) -> str:
    title = f"{name.capitalize()} (synthetisch)"
    settings = {
        "name": name,
        "title": {"nl": title, "en": f"{name.capitalize()} (synthetic)"},
        "languages": ["nl", "en"],
        "left_aside": ["transcripts"],
        "origin": "synthetic",
        "tier": "public",
        "quotes": True,
        "made_with": {"respondents": sizes.respondents, "interviews": sizes.interviews, "seed": sizes.seed},
        "tables": {
            table: {"file": f"{table}.csv", "origin": "synthetic", "what": what} for table, what in TYPED.items()
        },
        "parameters": {"04-homeowners": {"kinds": [list(pair) for pair in KINDS_OF_CODES]}},
        **more,
        "field_data": entries,
    }
    head = (
        f"# {MARK}.\n# All people, words and numbers of this study are invented by a program:\n#   {_made_by(sizes)}\n"
        "# truth.yml says what was put in. respondents.csv lists everybody; transcripts/ holds the same interviews as\n"
        "# interviews/, as Word documents without codes.\n\n"
    )
    return head + yaml.dump(settings, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=110)


class _Plain(yaml.SafeDumper):
    """YAML that writes everything out, without references from one entry to another."""

    def ignore_aliases(self, data: Any) -> bool:
        """Say that nothing is to be written as a reference."""
        return True
