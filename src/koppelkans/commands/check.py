"""The commands that check: raw tables, their checksums, the text of the report."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Annotated

import typer

from koppelkans.commands.arguments import DEFAULT_STUDY, AllOrOne, StudyName, shown
from koppelkans.commands.field import asked_finder, check_field_data
from koppelkans.errors import InvalidTable, by_number
from koppelkans.locale.catalogs import SOURCE_LANGUAGE
from koppelkans.study import Study, known_studies, open_study, project_root
from koppelkans.study.views import PUBLICATION

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.privacy.names import Finder


def warn_of_changed_raw_files(name: str) -> list[str]:
    """Say which raw files of a study are not those of its SHA256SUMS; return a line for each."""
    from koppelkans.study.checksums import changed_raw_files

    study = open_study(name, view=PUBLICATION)  # raw files are the same in any view
    changed = changed_raw_files(study.raw)
    if not (study.raw / "SHA256SUMS").exists():
        typer.echo(
            f"note: {shown(study.raw)}: no SHA256SUMS, so a changed raw file goes unnoticed "
            f"(to note them: make checksums STUDY={name})",
            err=True,
        )
    for line in changed:
        typer.echo(f"note: {shown(study.raw)}: {line} (if that is meant: make checksums STUDY={name})", err=True)
    return changed


def check(
    study: AllOrOne = None,
    names: Annotated[bool, typer.Option("--names", help="Also look for Dutch names and places (slow).")] = False,
) -> None:
    """Check every raw table and the rules between them; exit 1 where something is wrong."""
    from koppelkans.study.tiers import tracked_problems

    wrong = 0
    for line in tracked_problems(project_root()):
        typer.echo(line, err=True)
        wrong += 1
    for name in known_studies(project_root()) if study is None else [study]:
        lines = _problems(open_study(name), asked_finder(names))
        for line in lines:
            typer.echo(line, err=True)
        wrong += len(lines)
    if wrong:
        raise typer.Exit(1)


def _problems(study: Study, finder: Finder | None) -> list[str]:
    """Say what there is of a study, and return what is wrong with it, one line each."""
    from koppelkans.ledger.checks import check_problems
    from koppelkans.study.checksums import changed_raw_files
    from koppelkans.workflow.identifiers import identifiers, lines_of
    from koppelkans.workflow.notebooks import all_notebooks
    from koppelkans.workflow.parameters import parameter_problems
    from koppelkans.workflow.strand_notebooks import notebooks_of
    from koppelkans.workflow.tidy import context_of, published_claims, typed_tables

    name = study.name
    lines = [
        f"data/raw/{name}: {p} (if that is meant: make checksums STUDY={name})" for p in changed_raw_files(study.raw)
    ]
    tables: dict[str, pd.DataFrame] = {}
    whole = True
    try:
        tables = typed_tables(study)
        if "claims" in tables:
            lines += check_problems(tables["claims"], tables, f"data/raw/{name}/{study.tables['claims']['file']}")
        published_claims(study), context_of(study)
        for table, frame in tables.items():
            for note in frame.attrs["notes"]:
                typer.echo(f"note: data/raw/{name}/{study.tables[table]['file']}: {note}", err=True)
        counted = ", ".join(f"{table} {len(frame)}" for table, frame in tables.items())
        if tables:
            typer.echo(
                f"{name}: {by_number(len(tables), 'table holds to its', 'tables hold to their')} "
                f"rules (rows: {counted})"
            )
    except InvalidTable as error:
        lines, whole = [*error.problems, *lines], False
    try:
        tables |= check_field_data(study) if study.field_data else {}
    except InvalidTable as error:
        lines, whole = [*lines, *error.problems], False
    for line in lines_of(identifiers(study, tables, finder)) if study.field_data else []:
        typer.echo(f"{name}: {line}" if line[0] != " " else line, err=True)
    notebooks = all_notebooks(study.root)
    wrong = parameter_problems(study, notebooks, lambda: tables if whole else None)
    if "strands" in study.settings and not wrong:
        runs = notebooks_of(study, SOURCE_LANGUAGE, notebooks)
        own = [f"{run.strand} in {run.name}" for run in runs if run.strand in study.strands]
        typer.echo(f"{name}: interviews of {', '.join(own) or 'no strand'}; answers of all strands together")
    return [*lines, *wrong]


def checksums(study: StudyName = DEFAULT_STUDY) -> None:
    """Write SHA256SUMS of a study anew, after raw files were changed on purpose."""
    from koppelkans.study.checksums import write_checksums

    typer.echo(f"Written: {shown(write_checksums(open_study(study).raw))}")


def lint() -> None:
    """Check the text: no number typed, every reference there, every word translated, no people in git."""
    from koppelkans.ledger import statuses
    from koppelkans.locale import upkeep
    from koppelkans.report.passage_checks import check_passages
    from koppelkans.report.prose import check_prose, check_references
    from koppelkans.study.tiers import tracked_problems
    from koppelkans.workflow.tidy import read_tables

    root = project_root()
    problems = [str(problem) for problem in check_prose(sorted((root / "paper").rglob("*.qmd")))]
    staged = sorted(path.parent for path in (root / "build").glob("*/*/_quarto.yml"))
    problems += [str(problem) for project in staged for problem in check_references(project)]
    tables = read_tables(open_study(DEFAULT_STUDY))
    ledger = statuses.ledger(tables)
    discrepancies = set(tables["discrepancies"]["id"])
    claims = {str(claim["id"]): {str(k): v for k, v in claim.items()} for claim in ledger.to_dict("records")}
    problems += [str(problem) for problem in check_passages(root / "paper", claims, discrepancies)]
    problems += upkeep.problems(root / "notebooks")
    problems += tracked_problems(root)
    for line in problems:
        typer.echo(line, err=True)
    style = subprocess.run(["panache", "lint", str(root / "paper")], cwd=root)
    if problems or style.returncode:
        raise typer.Exit(1)
    typer.echo(f"The text of the report holds to its rules ({len(staged)} staged editions looked at).")


def words() -> None:
    """Write the catalogs of words anew from code and notebooks: sorted, complete, nothing that is not used."""
    from koppelkans.locale import upkeep

    for path in upkeep.update(project_root() / "notebooks"):
        typer.echo(f"Written: {shown(path)}")
