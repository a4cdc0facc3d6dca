"""The command `koppelkans`: thin, one function a command; what they do stands in the package."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from koppelkans.commands import field as field_commands
from koppelkans.commands import ledger as ledger_commands
from koppelkans.commands import synthetic as synthetic_command
from koppelkans.commands.ledger import DEFAULT_STUDY, StudyName
from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.study import known_studies, open_study, project_root

if TYPE_CHECKING:
    from koppelkans.workflow.workflow import State

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.command("import")(field_commands.import_file)
app.command()(field_commands.pseudonymise)
app.command()(ledger_commands.verify)
app.command()(ledger_commands.claims)
app.command()(synthetic_command.synthesise)

_RENDERED_BY = {
    "quarto": "rendered by Quarto",
    "preview": "a preview, made without Quarto by Pandoc and Typst; `make quarto` installs Quarto",
}


def _shown(path: Path) -> str:
    return os.path.relpath(path)


def _warn_of_changed_raw_files(name: str) -> list[str]:
    from koppelkans.study.checksums import changed_raw_files

    study = open_study(name)
    changed = changed_raw_files(study.raw)
    if not (study.raw / "SHA256SUMS").exists():
        typer.echo(
            f"note: {_shown(study.raw)}: no SHA256SUMS, so a changed raw file goes unnoticed "
            f"(to note them: make checksums STUDY={name})",
            err=True,
        )
    for line in changed:
        typer.echo(f"note: {_shown(study.raw)}: {line} (if that is meant: make checksums STUDY={name})", err=True)
    return changed


def _ready(name: str, renderer: str) -> None:
    from koppelkans.locale import LANGUAGES

    study = open_study(name)
    if not study.has_report:
        typer.echo(f"The notebooks and figures of {name} are ready; study.yml names no text for a report:")
        for language in LANGUAGES:
            typer.echo(f"  {language}  {_shown(study.edition(language) / 'figures')}")
        return
    typer.echo(f"The report of {name} is ready, {_RENDERED_BY[renderer]}:")
    for language in LANGUAGES:
        report = study.edition(language) / "report"
        typer.echo(f"  {language}  {_shown(report / 'index.html')}  (index.pdf and index.docx beside it)")


@app.command()
def build(study: StudyName = DEFAULT_STUDY) -> None:
    """Check, run what is not fresh, and build the report in both languages."""
    from koppelkans.report.report import find_renderer
    from koppelkans.workflow import freshness

    root, renderer = project_root(), find_renderer()
    _warn_of_changed_raw_files(study)
    if freshness.is_known_fresh(root, study, renderer):
        typer.echo("Everything is fresh; nothing to do.")
        return _ready(study, renderer)
    from koppelkans.workflow import workflow

    before = workflow.build(study, announce=_announce)
    for failed in (root / "build" / study).glob("*/_executed/*.failed.ipynb"):
        failed.unlink()  # of an earlier run; all is well now
    freshness.remember(root, study, [product for state in before for product in state.products], renderer)
    if all(state.state == "fresh" for state in before):
        typer.echo("Everything is fresh; nothing to do.")
    return _ready(study, renderer)


def _announce(states: list[State]) -> None:
    """Say before a build what will run, and what was found changed by hand."""
    for state in states:
        for path in state.tampered:
            typer.echo(f"tampered: {path} was changed by hand; it is made anew", err=True)
    waiting = sum(state.state != "fresh" for state in states)
    if waiting:
        typer.echo(f"up to {waiting} of {len(states)} steps to do", err=True)


@app.command()
def figures(
    study: StudyName = DEFAULT_STUDY,
    exhibit: Annotated[str, typer.Option(help="A figure or table of the study, such as figure-7 or table-1.")] = "",
) -> None:
    """Make the figures and tables only, or one of them, and say where they are."""
    from koppelkans.workflow import figure_files, workflow

    opened = open_study(study)
    label, notebook = figure_files.find_exhibit(opened, exhibit) if exhibit else ("", "")
    workflow.build(study, f"task_figures and {notebook}" if exhibit else "task_figures", announce=_announce)
    for path in figure_files.figure_files(opened, label):
        typer.echo(_shown(path))


@app.command()
def tables(study: StudyName = DEFAULT_STUDY) -> None:
    """Check the raw tables and write the tidy ones."""
    from koppelkans.workflow import workflow

    _warn_of_changed_raw_files(study)
    workflow.build(study, expression="task_tables")
    typer.echo(f"Tidy tables: {_shown(open_study(study).processed)}")


@app.command()
def status(study: StudyName = DEFAULT_STUDY) -> None:
    """Say of each notebook, figure and report whether it is fresh, stale or tampered, and why."""
    from koppelkans.workflow.status import status_rows, status_table
    from koppelkans.workflow.workflow import states

    rows = status_rows(states(study))
    status_table(rows)
    if any(row.state != "fresh" for row in rows):
        raise typer.Exit(1)


@app.command()
def check(study: Annotated[str, typer.Argument(metavar="[STUDY]", help="All studies if left out.")] = "") -> None:
    """Check every raw table and the rules between them; exit 1 where something is wrong."""
    from koppelkans.ledger.checks import check_problems
    from koppelkans.study.checksums import changed_raw_files
    from koppelkans.workflow.tidy import typed_tables

    wrong = 0
    for name in [study] if study else known_studies(project_root()):
        opened = open_study(name)
        problems = changed_raw_files(opened.raw)
        lines = [f"data/raw/{name}: {p} (if that is meant: make checksums STUDY={name})" for p in problems]
        try:
            tables = typed_tables(opened)
            rows = {table: len(frame) for table, frame in tables.items()}
            if "claims" in tables:
                lines += check_problems(tables["claims"], tables, f"data/raw/{name}/{opened.tables['claims']['file']}")
            counted = ", ".join(f"{table} {count}" for table, count in rows.items())
            if rows:
                typer.echo(f"{name}: {len(rows)} tables hold to their rules ({counted} rows)")
        except InvalidTable as error:
            lines = [*error.problems, *lines]
        if opened.field_data:
            lines += field_commands.check_field_data(opened)
        for line in lines:
            typer.echo(line, err=True)
        wrong += len(lines)
    if wrong:
        raise typer.Exit(1)


@app.command()
def store() -> None:
    """Run the notebooks with their default parameters and store their outputs in them."""
    from koppelkans.workflow.execution import run_notebook
    from koppelkans.workflow.notebooks import all_notebooks

    for notebook in all_notebooks(project_root()):
        run_notebook(notebook, notebook.path, {})
        typer.echo(f"Stored: {_shown(notebook.path)}")


@app.command()
def lint() -> None:
    """Check the text of the report: no number typed, every reference there, every claim said as what it is."""
    from koppelkans.ledger import statuses
    from koppelkans.report.passage_checks import check_passages
    from koppelkans.report.prose import check_prose, check_references
    from koppelkans.workflow.tidy import read_tables

    root = project_root()
    problems = [str(problem) for problem in check_prose(sorted((root / "paper").rglob("*.qmd")))]
    staged = sorted(path.parent for path in (root / "build").glob("*/*/_quarto.yml"))
    problems += [str(problem) for project in staged for problem in check_references(project)]
    ledger = statuses.ledger(read_tables(open_study(DEFAULT_STUDY)))
    claims = {str(claim["id"]): {str(k): v for k, v in claim.items()} for claim in ledger.to_dict("records")}
    problems += [str(problem) for problem in check_passages(root / "paper", claims)]
    for line in problems:
        typer.echo(line, err=True)
    style = subprocess.run(["panache", "lint", str(root / "paper")], cwd=root)
    if problems or style.returncode:
        raise typer.Exit(1)
    typer.echo(f"The text of the report holds to its rules ({len(staged)} staged editions looked at).")


@app.command()
def checksums(study: StudyName = DEFAULT_STUDY) -> None:
    """Write SHA256SUMS of a study anew, after raw files were changed on purpose."""
    from koppelkans.study.checksums import write_checksums

    typer.echo(f"Written: {_shown(write_checksums(open_study(study).raw))}")


@app.command()
def manifest(study: StudyName = DEFAULT_STUDY) -> None:
    """Build what is not fresh and write figures.yml and codecheck.yml from it."""
    from koppelkans.review.codecheck import write_manifest
    from koppelkans.workflow import workflow
    from koppelkans.workflow.versions import other_versions

    opened = open_study(study)
    _warn_of_changed_raw_files(study)
    workflow.build(study, announce=_announce)
    for line in other_versions(opened.root / "requirements.lock"):
        typer.echo(f"note: made with {line}, which is not what others will get", err=True)
    for path in write_manifest(opened):
        typer.echo(f"Written: {_shown(path)}")


@app.command()
def export(
    study: StudyName,
    to: Annotated[Path, typer.Option(help="The file to write: a .qdpx (a project) or a .qdc (a codebook).")],
) -> None:
    """Write the coded interviews of a study as REFI-QDA, for ATLAS.ti, NVivo, MAXQDA and others."""
    from koppelkans.workflow.exporting import export as export_study

    lines = export_study(open_study(study), to)
    for line in [f"Written: {_shown(to)} ({lines[0]})", *lines[1:]]:
        typer.echo(line)


@app.command()
def reproduce(study: StudyName = DEFAULT_STUDY) -> None:
    """Build in a clean copy and compare every table, number and figure with figures.yml; exit 1 where one differs."""
    from koppelkans.review import reproduce as reproduction

    opened = open_study(study)
    typer.echo(f"Building {study} in a clean copy; this takes about a minute ...", err=True)
    found = reproduction.reproduce(opened)
    reproduction.print_verdicts(found)
    typer.echo(f"The verdicts as a page: {_shown(reproduction.page_path(opened))}")
    if not found.holds:
        raise typer.Exit(1)


@app.command()
def report_outline(
    report: Annotated[Path, typer.Argument(help="A built report, such as build/smitsveen/nl.", metavar="REPORT")],
    other: Annotated[Path | None, typer.Argument(help="Another rendering, to compare.", metavar="[OTHER]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outline as JSON.")] = False,
) -> None:
    """Print headings, figures, tables, references and links of a report, or how two differ; exit 1 if they do."""
    from koppelkans.report import outline

    found = outline.read_outlines(report)
    if other is not None:
        different = outline.differences(found, outline.read_outlines(other))
        for line in different:
            typer.echo(line)
        if different:
            raise typer.Exit(1)
        typer.echo("The outlines are the same.")
    elif as_json:
        typer.echo(json.dumps(outline.as_json(found), ensure_ascii=False, indent=1))
    else:
        for ending, one in found.items():
            typer.echo("\n".join([f"== {ending}", *one.lines()]))


@app.command()
def quarto() -> None:
    """Install Quarto with pip into the environment in use; with conda, environment.yml brings it."""
    typer.echo("Quarto renders the report with all it can do; without it the report is a preview of the same sources.")
    typer.echo("Installing quarto-cli with pip; it fetches the release from github.com ...")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "quarto-cli>=1.9,<1.10"], capture_output=True, text=True
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise KoppelkansError(
            f"Quarto could not be installed ({last}); get it from https://quarto.org/docs/get-started/, "
            "or use conda: conda env create -f environment.yml"
        )
    typer.echo("Done; type make to render the report with it.")


def main() -> None:
    """Run a command; what a user can mend is said in plain lines and ends with status 1."""
    try:
        code = app(standalone_mode=False)
    except KoppelkansError as error:
        for line in str(error).splitlines():
            typer.echo(f"koppelkans: {line}", err=True)
        sys.exit(130 if type(error).__name__ == "Interrupted" else 1)
    except TyperException as error:
        said = error.format_message()
        if said:  # without a command the help was printed, and nothing is wrong
            typer.echo(f"koppelkans: {said} (try: make help, or koppelkans --help)", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("koppelkans: interrupted; what was finished is kept, type make again to go on", err=True)
        sys.exit(130)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("koppelkans"):
            raise
        typer.echo(f"koppelkans: the library {error.name!r} is not whole; delete .venv and type make again", err=True)
        sys.exit(1)
    except UnicodeEncodeError:
        typer.echo("koppelkans: the name of a file holds bytes that are no UTF-8 text; rename the file", err=True)
        sys.exit(1)
    except OSError as error:
        said = f"{error.filename}: {error.strerror}"
        if error.errno == errno.ENOSPC:
            said = "no space left on the disk; free some and type make again"
        typer.echo(f"koppelkans: {said}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
