"""The commands of a reviewer: the manifest, reproducing it, comparing two reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from koppelkans.commands.arguments import DEFAULT_STUDY, StudyName, shown
from koppelkans.commands.build import announce
from koppelkans.commands.check import warn_of_changed_raw_files
from koppelkans.errors import KoppelkansError
from koppelkans.study import open_study, project_root
from koppelkans.study.views import PUBLICATION


def manifest(study: StudyName = DEFAULT_STUDY) -> None:
    """Build what is not fresh and write docs/figures.yml and codecheck.yml from it."""
    from koppelkans.review.codecheck import write_manifest
    from koppelkans.workflow import workflow
    from koppelkans.workflow.versions import other_versions

    opened = open_study(study)
    warn_of_changed_raw_files(study)
    workflow.build(study, announce=announce)
    for line in other_versions(opened.root / "requirements.lock"):
        typer.echo(f"note: made with {line}, which is not what others will get", err=True)
    for path in write_manifest(opened):
        typer.echo(f"Written: {shown(path)}")


def reproduce(study: StudyName = DEFAULT_STUDY) -> None:
    """Build in a clean copy and compare every table, number and figure with docs/figures.yml.

    Exit 1 where one differs.
    """
    from koppelkans.review import reproduce as reproduction

    opened = open_study(study)
    typer.echo(f"Building {study} in a clean copy; this takes about a minute ...", err=True)
    outcome = reproduction.reproduce(opened)
    reproduction.print_verdicts(outcome)
    typer.echo(f"The verdicts as a page: {shown(reproduction.page_path(opened))}")
    if not outcome.holds:
        raise typer.Exit(1)


def release(study: StudyName = DEFAULT_STUDY) -> None:
    """Put what others may have into one file, if it holds nothing of people; exit 1, naming each place, if not."""
    from koppelkans.review.release import release as release_study

    opened = open_study(study)
    if opened.view != PUBLICATION:
        raise KoppelkansError(
            f"VIEW={opened.view}: in this view nothing is hidden, so it is not released; leave VIEW out"
        )
    _refuse_stale(study)
    typer.echo(f"Written: {shown(release_study(opened))}")


def forget(
    study: Annotated[str, typer.Argument(metavar="STUDY")],
    respondent: Annotated[str, typer.Argument(help="The pseudonym as the tables have it, or the name in the key.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it: what is deleted cannot be had back.")] = False,
) -> None:
    """Take one person out of raw files, tables, key and builds, and list what cannot be reached."""
    from koppelkans.review.forgetting import forget as forget_person

    opened = open_study(study)
    if not yes:
        raise KoppelkansError(
            f"this takes {respondent} out of the raw files of {study} for good, and removes its tables and builds; "
            "if that is meant: --yes"
        )
    done = forget_person(opened, respondent)
    for what, lines in (("changed", done.changed), ("removed", done.removed), ("not reached", done.left)):
        for line in lines:
            typer.echo(f"{what}: {line}")


def archive(study: StudyName = DEFAULT_STUDY) -> None:
    """Write an archive for a repository (RO-Crate): sources, public data, what was built, and how."""
    from koppelkans.review.archive import archive as write_archive

    opened = open_study(study)
    _refuse_stale(study)
    typer.echo(f"Written: {shown(write_archive(opened))}")


def _refuse_stale(study: str) -> None:
    """Raise KoppelkansError unless all that is built of a study is as its inputs have it."""
    from koppelkans.workflow.workflow import states

    if any(state.state != "fresh" for state in states(study)):
        raise KoppelkansError(f"{study}: not all is fresh; type make STUDY={study} first")


def materials() -> None:
    """For developers: write which libraries this stands on, with their licences (CycloneDX)."""
    from koppelkans.review.materials import write_materials

    for path in write_materials(project_root()):
        typer.echo(f"Written: {shown(path)}")


def rerun(archive: Annotated[Path, typer.Argument(help="A ZIP file that make archive wrote.")]) -> None:
    """Unpack an archive, build it anew with its own code, and compare every file; exit 1 where one differs."""
    from koppelkans.review.archive import rerun as rerun_archive

    typer.echo(f"Building what {archive.name} holds, with the code in it ...", err=True)
    files, different = rerun_archive(archive)
    for line in different:
        typer.echo(line)
    typer.echo(f"{files} files were built: {files - len(different)} the same, {len(different)} not")
    if different:
        raise typer.Exit(1)


def diff(study: StudyName = DEFAULT_STUDY) -> None:
    """Say what the build as it stands changes in verdicts, numbers and figures against docs/figures.yml."""
    from koppelkans.review.changes import changes

    differing = changes(open_study(study))
    for line in differing.lines():
        typer.echo(line)
    typer.echo(differing.summary() if differing else "The build is as docs/figures.yml has it.")


def report_outline(
    report: Annotated[Path, typer.Argument(help="A built report, such as build/smitsveen/nl.", metavar="REPORT")],
    other: Annotated[Path | None, typer.Argument(help="Another rendering, to compare.", metavar="[OTHER]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outline as JSON.")] = False,
) -> None:
    """Print headings, figures, tables, references and links of a report, or how two differ; exit 1 if they do."""
    from koppelkans.report import outline

    outlines = outline.read_outlines(report)
    if other is not None:
        different = outline.differences(outlines, outline.read_outlines(other))
        for line in different:
            typer.echo(line)
        if different:
            raise typer.Exit(1)
        typer.echo("The outlines are the same.")
    elif as_json:
        typer.echo(json.dumps(outline.as_json(outlines), ensure_ascii=False, indent=1))
    else:
        for ending, one in outlines.items():
            typer.echo("\n".join([f"== {ending}", *one.lines()]))
