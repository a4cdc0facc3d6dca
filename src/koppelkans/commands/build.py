"""The commands that build: tables, figures, the report, and what is fresh of them."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from koppelkans.commands.arguments import DEFAULT_STUDY, StudyName, shown
from koppelkans.commands.check import warn_of_changed_raw_files
from koppelkans.errors import Interrupted, KoppelkansError, by_number
from koppelkans.study import known_studies, open_study, project_root
from koppelkans.study.views import asked_view

if TYPE_CHECKING:
    from koppelkans.workflow.states import State


_RENDERED_BY = {
    "quarto": "rendered by Quarto",
    "preview": "a preview, made without Quarto by Pandoc and Typst; `make quarto` installs Quarto",
}


def _ready(name: str, renderer: str) -> None:
    from koppelkans.report.rendering import warnings_of

    study = open_study(name)
    if not study.has_report:
        from koppelkans.workflow.own_report import front_page

        typer.echo(f"{name} is ready. Open first: {shown(front_page(study))}")
        return
    typer.echo(f"The report of {name} is ready, {_RENDERED_BY[renderer]}:")
    for language in study.languages:
        report = study.edition(language) / "report"
        beside = "index.pdf, index.docx, dossier.pdf and brief.pdf"
        typer.echo(f"  {language}  {shown(report / 'index.html')}  ({beside} beside it)")
        for line in warnings_of(report.parent) if renderer == "quarto" else []:
            typer.echo(f"      Quarto: {line}", err=True)


def build(study: StudyName = DEFAULT_STUDY) -> None:
    """Check, run what is not fresh, and build the report in both languages."""
    from koppelkans.report.rendering import find_renderer
    from koppelkans.workflow import freshness

    root, renderer = project_root(), find_renderer()
    warn_of_changed_raw_files(study)
    if freshness.is_known_fresh(root, study, freshness.shared(root, f"{renderer} {asked_view()}")):
        typer.echo("Everything is fresh; nothing to do.")
        return _ready(study, renderer)
    from koppelkans.workflow import workflow

    before = workflow.build(study, announce=announce)
    _remember([study], before)
    if all(state.state == "fresh" for state in before):
        typer.echo("Everything is fresh; nothing to do.")
    else:
        _say_changes(study)
        _say_identifiers(study)
    return _ready(study, renderer)


def _remember(studies: Iterable[str], before: list[State]) -> None:
    """Note that these studies are fresh now, so that the next build need not ask pytask; all is well with them."""
    from koppelkans.report.rendering import find_renderer
    from koppelkans.workflow import freshness

    products: dict[str, list[str]] = {}
    for state in before:
        products.setdefault(state.study, []).extend(state.products)
    root = project_root()
    shared = freshness.shared(root, f"{find_renderer()} {asked_view()}")
    for study in studies:
        for failed in open_study(study).build.glob("*/_executed/*.failed.ipynb"):
            failed.unlink()  # of an earlier run
        freshness.remember(root, study, products.get(study, []), shared)


def studies(
    names: Annotated[list[str] | None, typer.Argument(metavar="[STUDY]...", help="All studies if left out.")] = None,
    scheduler: Annotated[
        str, typer.Option(envvar="SCHEDULER", help="Address of a Dask scheduler, whose workers do the work.")
    ] = "",
) -> None:
    """Build several studies at once; one that fails is named and leaves the others alone. Exit 1 if any did.

    What was finished is kept: the next run does only what is missing.
    """
    from koppelkans.report.rendering import find_renderer
    from koppelkans.workflow import freshness

    root, renderer = project_root(), find_renderer()
    wanted = list(dict.fromkeys(" ".join(names or []).split() or known_studies(root)))
    shared = freshness.shared(root, f"{renderer} {asked_view()}")
    waiting = [name for name in wanted if not freshness.is_known_fresh(root, name, shared)]
    failed: dict[str, list[str]] = {}
    if waiting:
        from koppelkans.workflow import workflow

        before, failed = workflow.build_studies(waiting, scheduler=scheduler, announce=announce)
        built = [name for name in waiting if name not in failed]
        _remember(built, before)
        for name in built:
            _say_changes(name)
            _say_identifiers(name)
    for name in wanted:
        if name not in failed:
            warn_of_changed_raw_files(name)
            _ready(name, renderer)
    for name, lines in sorted(failed.items()):
        for line in lines:
            typer.echo(f"koppelkans: {name}: {line}", err=True)
    done = by_number(len(wanted) - len(failed), "study is", "studies are")
    typer.echo(f"{done} ready." if not failed else f"{done} ready; failed: {', '.join(failed)}.")
    if failed:
        raise typer.Exit(1)


def compare(
    names: Annotated[list[str] | None, typer.Argument(metavar="[STUDY]...", help="All studies if left out.")] = None,
) -> None:
    """Set several studies side by side: check them, make their tables, and build a report of the comparison."""
    from koppelkans.study.comparison import COMPARISON, names_compared, open_comparison
    from koppelkans.workflow import workflow

    given = [name for part in names or () for name in part.split()]
    compared = names_compared(given, project_root())
    for name in compared:
        warn_of_changed_raw_files(name)
    before = workflow.build(" ".join([*compared, COMPARISON]), COMPARISON, announce=announce)
    if all(state.state == "fresh" for state in before):
        typer.echo("Everything is fresh; nothing to do.")
    typer.echo(f"The comparison of {by_number(len(compared), 'study', 'studies')} is ready:")
    across = open_comparison(compared)
    for language in across.languages:
        typer.echo(f"  {language}  {shown(across.edition(language) / 'report' / 'index.html')}")


def watch(study: StudyName = DEFAULT_STUDY) -> None:
    """Build, and again each time that a chapter, a notebook or a raw file is saved, until Ctrl-C."""
    from koppelkans.workflow.watching import saved_files

    signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell takes from what it runs in the background
    root = project_root()
    folders = [root / "paper", root / "notebooks", open_study(study).raw]
    with suppress(Interrupted, KeyboardInterrupt):
        for saved in saved_files(folders):
            for path in saved:
                typer.echo(f"saved: {shown(path)}", err=True)
            _build_and_wait(study)


def _build_and_wait(study: str) -> None:
    """Build; what a user can mend is said, and does not end the waiting."""
    started = time.perf_counter()
    try:
        build(study)
    except Interrupted:
        raise
    except KoppelkansError as error:
        for line in str(error).splitlines():
            typer.echo(f"koppelkans: {line}", err=True)
    typer.echo(f"{time.perf_counter() - started:.1f} s; waiting for a file to be saved, Ctrl-C ends ...", err=True)


def _say_identifiers(name: str) -> None:
    """Say how much in the field data that were collected likely points at people."""
    study = open_study(name)
    if study.tables and any(entry["origin"] == "collected" for entry in study.field_data):
        from koppelkans.workflow.identifiers import LOOKED_AT, identifiers, lines_of

        tables = {table: study.table(table) for table in LOOKED_AT if study.has(table)}
        for line in lines_of(identifiers(study, tables))[:1]:
            typer.echo(f"note: {name}: {line}; koppelkans check {name} says where", err=True)


def _say_changes(name: str) -> None:
    """Say what the build changed in the findings, where a manifest of this study is committed."""
    from koppelkans.review.changes import changes

    try:
        differing = changes(open_study(name))
    except KoppelkansError:
        return  # another study's manifest, or none: nothing to hold the build against
    if differing:
        typer.echo(f"{differing.summary()} `make diff` shows them.")


def announce(states: list[State]) -> None:
    """Say before a build what will run, and what was found changed by hand."""
    for state in states:
        for path in state.tampered:
            typer.echo(f"tampered: {path} was changed by hand; it is made anew", err=True)
    waiting = sum(state.state != "fresh" for state in states)
    if waiting:
        typer.echo(f"up to {waiting} of {len(states)} steps to do", err=True)


def figures(
    study: StudyName = DEFAULT_STUDY,
    exhibit: Annotated[str, typer.Option(help="A figure or table of the study, such as figure-7 or table-1.")] = "",
) -> None:
    """Make the figures and tables only, or one of them, and say where they are."""
    from koppelkans.workflow import figure_files, workflow

    opened = open_study(study)
    label, notebook = figure_files.find_exhibit(opened, exhibit) if exhibit else ("", "")
    workflow.build(study, f"task_figures and {notebook}" if exhibit else "task_figures", announce=announce)
    files = figure_files.figure_files(opened, label)
    if not exhibit:
        for path in files:
            typer.echo(shown(path))
        return
    typer.echo(f"{exhibit.replace('-', ' ').capitalize()} of {study} is {label} here, from notebook {notebook}:")
    for language in opened.languages:
        first, *beside = [path for path in files if path.is_relative_to(opened.edition(language))]
        endings = ", ".join(path.name.removeprefix(label) for path in beside)
        typer.echo(f"  {language}  {shown(first)}  ({endings} beside it)")


def tables(study: StudyName = DEFAULT_STUDY) -> None:
    """Check the raw tables and write the tidy ones."""
    from koppelkans.workflow import workflow

    warn_of_changed_raw_files(study)
    workflow.build(study, expression="task_tables")
    typer.echo(f"Tidy tables: {shown(open_study(study).processed)}")


def status(study: StudyName = DEFAULT_STUDY) -> None:
    """Say of each notebook, figure and report whether it is fresh, stale or tampered, and why."""
    from koppelkans.workflow.status import status_rows, status_table
    from koppelkans.workflow.workflow import states

    rows = status_rows(states(study))
    status_table(rows)
    if any(row.state != "fresh" for row in rows):
        raise typer.Exit(1)


def store() -> None:
    """Run the notebooks with their default parameters and store their outputs in them."""
    from koppelkans.workflow.execution import run_notebook
    from koppelkans.workflow.notebooks import every_notebook

    for notebook in every_notebook(project_root()):
        run_notebook(notebook, notebook.path, {})
        typer.echo(f"Stored: {shown(notebook.path)}")
