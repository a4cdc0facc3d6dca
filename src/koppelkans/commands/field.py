"""The commands for field data: import, pseudonymise, export, and what `check` says of it."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from koppelkans.commands.arguments import StudyName, not_among_raw, shown
from koppelkans.errors import KoppelkansError, by_number
from koppelkans.study import Study, open_study, project_root
from koppelkans.study.keys import key_beside, write_secret
from koppelkans.study.plain_text import csv_of

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.privacy.names import Finder
    from koppelkans.readers.answers import Answers
    from koppelkans.readers.project import Project

SourceFile = Annotated[Path, typer.Argument(metavar="FILE", help="A coded project, segments, a transcript or answers.")]


class Kind(StrEnum):
    """What a file holds."""

    interviews = "interviews"
    answers = "answers"


def import_file(
    file: SourceFile,
    to: Annotated[Path, typer.Option(help="Folder to write the tables to.")],
    kind: Annotated[Kind | None, typer.Option(help="What the file holds; found out by itself for most files.")] = None,
    names: Annotated[bool, typer.Option("--names", help="Also look for Dutch names and places (slow).")] = False,
) -> None:
    """Read one file of field data and write it as CSV tables with import-report.json; the file stays as it is.

    Names of people become pseudonyms; who is who is written to a file that ends in .key.csv and that you alone can
    read, beside the folder or outside the compendium.
    """
    from koppelkans.readers.folder import renamed_respondents, write_folder
    from koppelkans.readers.known_names import nameless
    from koppelkans.readers.project import Project

    _not_onto_raw(file, to)
    read = _read(file, kind)
    if isinstance(read, Project):
        read, people = nameless(read)
    else:
        people = renamed_respondents(read)
    places = _personal_data(read, names)
    written = write_folder(read, to, personal_data=_counted(places))
    if len(people):
        key = key_beside(to, _compendium())
        write_secret(key, csv_of(people))
        written.append(key)
    say_report(file.name, read.report)
    _say_personal_data(places, names)
    for path in written:
        typer.echo(f"Written: {shown(path)}")


def pseudonymise(
    file: SourceFile,
    to: Annotated[Path, typer.Option(help="Folder for the tables, or a .qdpx file.")],
    names: Annotated[bool, typer.Option("--names/--no-names", help="Names and places too, with deduce.")] = True,
) -> None:
    """Replace personal data in the texts by marks such as [NAAM 1], and move the codings along.

    Names of respondents, coders and speakers become pseudonyms; notes, links and sets stay behind. What became what is
    written to a file that ends in .key.csv and that you alone can read, outside the compendium: keep it apart.
    """
    import dataclasses

    import pandas as pd

    from koppelkans.privacy.personal_data import replacements
    from koppelkans.privacy.pseudonyms import replace_in_documents
    from koppelkans.readers.folder import write_folder
    from koppelkans.readers.known_names import nameless
    from koppelkans.readers.project import Project

    _not_onto_raw(file, to)
    read = _read(file, Kind.interviews)
    assert isinstance(read, Project)
    read, people = nameless(read)
    places = replacements(_personal_data(read, names))
    documents, codings = replace_in_documents(read.documents, read.codings, places)
    _, turns = replace_in_documents(read.documents, read.turns, places)
    clean = dataclasses.replace(read, documents=documents, codings=codings, turns=turns)
    key = key_beside(to, _compendium())
    marks = places[["replacement", "kind", "words"]].drop_duplicates("replacement")
    renamed = people.rename(columns={"pseudonym": "replacement", "name": "words"})[list(marks.columns)]
    if to.suffix.lower() == ".qdpx":
        from koppelkans.readers.refi_qda import write_project

        write_project(clean, to)
        written = [to]
    else:
        written = write_folder(clean, to, personal_data=_counted(places))
    write_secret(key, csv_of(pd.concat([marks, renamed])))
    typer.echo(
        f"{by_number(len(places), 'place', 'places')} replaced in "
        f"{by_number(places['document'].nunique(), 'document', 'documents')}, "
        f"{by_number(len(marks), 'different mark', 'different marks')}"
    )
    if len(people):
        typer.echo(f"{by_number(len(people), 'name', 'names')} of respondents, coders and documents replaced")
    for path in [*written, key]:
        typer.echo(f"Written: {shown(path)}")
    typer.echo("Read the texts as well: rules and lists find likely places, not all.")


def export(
    study: StudyName,
    to: Annotated[Path, typer.Option(help="The file to write: a .qdpx (a project) or a .qdc (a codebook).")],
) -> None:
    """Write the coded interviews of a study as REFI-QDA, for ATLAS.ti, NVivo, MAXQDA and others."""
    from koppelkans.workflow.exporting import export as export_study

    lines = export_study(open_study(study), to)
    for line in [f"Written: {shown(to)} ({lines[0]})", *lines[1:]]:
        typer.echo(line)


def _compendium() -> Path | None:
    try:
        return project_root()
    except KoppelkansError:
        return None


def _not_onto_raw(file: Path, to: Path) -> None:
    """Refuse a target that is a file that came in, or stands among those of a study: they are never changed."""
    if str(to) in ("", "."):
        raise KoppelkansError("--to: names no folder of its own; give one, such as --to tables")
    target, source = (Path(os.path.realpath(path)) for path in (to, file))
    if target == source or source in target.parents:
        raise KoppelkansError(f"{to}: is the file that is read, which is never changed; name another with --to")
    not_among_raw(to)


def _read(file: Path, kind: Kind | None) -> Project | Answers:
    """Read a file as what it is. Raises KoppelkansError where it cannot be read, or may be two things."""
    from koppelkans.readers import read_project
    from koppelkans.readers.answers import read_answers
    from koppelkans.readers.answers.other_files import refuse_other_files

    if kind != Kind.interviews and file.is_file():
        refuse_other_files(file)
    if kind == Kind.answers or (kind is None and file.suffix.lower() in (".sav", ".zsav")):
        return read_answers(file)
    try:
        return read_project(file)
    except KoppelkansError as error:
        if kind is None and file.suffix.lower() in (".csv", ".tsv", ".xlsx") and file.is_file():
            raise KoppelkansError(f"{error}; if it holds answers, say so: --kind answers") from None
        raise


def asked_finder(with_names: bool) -> Finder | None:
    """Return what finds Dutch names and places, where that is asked for and there; else None."""
    from koppelkans.privacy import names

    if with_names and names.is_available():
        typer.echo(
            "Looking for names; the first time deduce builds its lists, which takes one to two minutes ...", err=True
        )
        return names.finder()
    if with_names:
        typer.echo("note: deduce is not installed, so names are not looked for: pip install deduce", err=True)
    return None


def _personal_data(read: Project | Answers, with_names: bool) -> pd.DataFrame:
    """Find likely personal data in the texts of documents, or in the open answers."""
    from koppelkans.privacy import personal_data
    from koppelkans.readers.project import Project

    finder = asked_finder(with_names)
    if isinstance(read, Project):
        texts = read.documents[["document", "text"]]
    else:
        texts = read.answers[["question", "text"]].rename(columns={"question": "document"})
    return personal_data.scan(texts[texts["text"] != ""], finder)


def _counted(places: pd.DataFrame) -> dict[str, int]:
    return {str(kind): int(count) for kind, count in places["kind"].value_counts().sort_index().items()}


def _say_personal_data(places: pd.DataFrame, with_names: bool, most: int = 10) -> None:
    """Say how much likely personal data there is and where the first of it stands, without printing it."""
    from koppelkans.privacy.personal_data import masked

    if places.empty:
        looked = "forms and names" if with_names else "forms only; --names looks for names too"
        typer.echo(f"No likely personal data found ({looked}).")
        return
    kinds = ", ".join(f"{kind} {count}" for kind, count in _counted(places).items())
    typer.echo(
        f"Likely personal data in {by_number(len(places), 'place', 'places')} "
        f"({kinds}); koppelkans pseudonymise replaces them:",
        err=True,
    )
    for document, kind, start, end, words in places.head(most).itertuples(index=False):
        typer.echo(f"  {document}, characters {start}-{end}: {kind} {masked(words)}", err=True)
    if len(places) > most:
        typer.echo(f"  and {len(places) - most} more", err=True)


def say_report(name: str, report: dict[str, Any]) -> None:
    """Print what was read of a file: counts in the file and counts read, how offsets were counted, and warnings."""
    program = " ".join(str(report[key]) for key in ("program", "version") if report.get(key))
    typer.echo(f"{name}: {program or report.get('format', 'read')}")
    for what, counts in report.get("counts", {}).items():
        in_file = f"{counts['in_file']} in the file, " if "in_file" in counts else ""
        typer.echo(f"  {what}: {in_file}{counts.get('read', 0)} read")
    for question in report.get("questions", []):
        typer.echo(f"  question {_of_question(question)}")
    offsets = report.get("offsets")
    if isinstance(offsets, dict):
        typer.echo(
            f"  offsets: in {offsets['unit']}, end {offsets['end']}, {offsets['line_ends']}, byte order mark "
            f"{offsets['byte_order_mark']}; {offsets['certainty']}: {offsets['evidence']}"
        )
    elif offsets:
        typer.echo(f"  offsets: {offsets}")
    absent = report.get("absent", [])
    if absent:
        more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
        typer.echo(f"  named in the project but not in it: {', '.join(map(str, absent[:3]))}{more}", err=True)
    for line in _left_out(report):
        typer.echo(f"  left out: {line}", err=True)
    for warning in [*report.get("warnings", []), *_nothing(report)]:
        typer.echo(f"  note: {warning}", err=True)


def _of_question(question: dict[str, Any]) -> str:
    """Say what was made of the columns of a question: its kind, and the columns in which it stands."""
    columns = question["columns"]
    shown = ", ".join(columns if len(columns) <= 6 else [*columns[:3], "...", *columns[-2:]])
    number = f"{len(columns)} columns " if len(columns) > 1 else "column "
    words = f"; words in {', '.join(question['words'])}" if question.get("words") else ""
    return f"{question['question']}: {question['kind']}, {number}{shown}{words}"


def _left_out(report: dict[str, Any], most: int = 3) -> list[str]:
    """Say what was not read of a file, the first few; import-report.json has the whole list."""
    left = report.get("left_out", [])
    if isinstance(left, dict):
        left = [f"{count} elements <{name}>, which REFI-QDA does not have" for name, count in
                left.get("unknown_elements", {}).items()]  # fmt: skip
    more = [f"and {len(left) - most} more"] if len(left) > most else []
    return [*map(str, left[:most]), *more]


def _nothing(report: dict[str, Any]) -> list[str]:
    """Say what a coded project has nothing of, so that no zero passes unseen."""
    expected = {"REFI-QDA codebook": ("codes",), "REFI-QDA project": ("sources", "codes", "codings")}
    empty = [
        what for what in expected.get(str(report.get("format")), ()) if not report["counts"].get(what, {}).get("read")
    ]
    return [f"found no {what} in it; look whether the program exported them" for what in empty[:1]]


def check_field_data(study: Study) -> dict[str, pd.DataFrame]:
    """Read the field data of a study, print what was read, and return its tables. Raises InvalidTable as its reader."""
    from koppelkans.workflow.tidy import field_data

    read = field_data(study)
    for file, report in read.reports.items():
        say_report(file, report)
    return read.tables
