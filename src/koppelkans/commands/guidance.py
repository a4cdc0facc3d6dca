"""The commands for who makes a study: new, preregister, lab, doctor."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from koppelkans.commands.arguments import DEFAULT_STUDY, StudyName, shown
from koppelkans.errors import InvalidTable, KoppelkansError
from koppelkans.guidance import new_study
from koppelkans.locale import LANGUAGES, words
from koppelkans.locale.language import own_language
from koppelkans.study import Study, open_study, project_root

if TYPE_CHECKING:
    import pandas as pd


def new(
    name: Annotated[str, typer.Argument(metavar="[STUDY]", help="Name of the new folder under data/raw.")] = "",
    title: Annotated[str, typer.Option(help="What the neighbourhood is called in the report.")] = "",
    language: Annotated[
        str, typer.Option(help=f"Language of the report and of the files: {', '.join(LANGUAGES)}.")
    ] = "",
    group: Annotated[list[str] | None, typer.Option(help="Whom you interview; once for each group.")] = None,
    quotes: Annotated[bool | None, typer.Option("--quotes/--no-quotes", help="Words of people may be shown.")] = None,
) -> None:
    """Start a study: a folder with study.yml, tables and templates. In a terminal it asks what is not given."""
    root = project_root()
    language = language or own_language()
    if sys.stdin.isatty():
        _ = words(language if language in LANGUAGES else "en").gettext
        name = name or typer.prompt(_("Name of the folder (small letters and hyphens)"))
        if problem := new_study.name_problem(name, root):
            raise KoppelkansError(problem)
        title = title or typer.prompt(_("What is the neighbourhood called"), default=name.capitalize())
        group = group or typer.prompt(_("Whom do you interview (commas between groups)"), default=_("residents")).split(
            ","
        )
        quotes = (
            typer.confirm(_("May words of people stand in the report"), default=False) if quotes is None else quotes
        )
    if not name:
        raise KoppelkansError("no name given; expected make new STUDY=naam, or koppelkans new naam")
    files = new_study.start(name, root, title=title, language=language, groups=group or (), quotes=bool(quotes))
    _ = words(language).gettext
    for path in files:
        typer.echo(shown(path))
    typer.echo(_("{folder} is there. Next: make STUDY={name}").format(folder=f"data/raw/{name}", name=name))


def preregister(study: StudyName = DEFAULT_STUDY) -> None:
    """Seal the expectations of a study with checksum and time, so that all can see whether they were changed later."""
    import datetime

    from koppelkans.study import sealing
    from koppelkans.workflow.tidy import typed_tables

    opened = open_study(study)
    if "expectations" not in opened.typed_tables:
        raise KoppelkansError(
            f"data/raw/{study}/study.yml, tables: no expectations; expected a line such as "
            "expectations: {file: verwachtingen.xlsx, origin: collected}"
        )
    made = sealing.seal(opened, typed_tables(opened)["expectations"], datetime.datetime.now(datetime.UTC))
    lang = words(opened.own_language)
    _, n, files = lang.gettext, len(made["expectations"]), made["data_files"]
    said = lang.ngettext("{n} expectation is sealed: {file}", "{n} expectations are sealed: {file}", n)
    typer.echo(said.format(n=n, file=f"data/raw/{study}/{sealing.FILE}"))
    typer.echo(_("Checksum: {checksum}, {time}").format(checksum=made["sha256"], time=made["time"]))
    if files:
        said = lang.ngettext("There is {n} file of data already, and the seal says so.",
                             "There are {n} files of data already, and the seal says so.", files)  # fmt: skip
        typer.echo(said.format(n=files))
    typer.echo(_("Send the checksum to somebody now, or put the file into git (git add -f): that bears the time out."))


def context(study: StudyName = DEFAULT_STUDY) -> None:
    """Ask Statistics Netherlands for the figures of the neighbourhood (`cbs:` in study.yml), and keep the answer."""
    import datetime

    from koppelkans.readers import statline

    if find_spec("cbsodata") is None:
        raise KoppelkansError("cbsodata is not installed, so CBS cannot be asked; expected it: pip install cbsodata")
    opened = open_study(study)
    if not opened.cbs:
        raise KoppelkansError(
            f"data/raw/{study}/study.yml: no cbs; expected the code of the neighbourhood: cbs: BU03420204"
        )
    _ = words(opened.own_language).gettext
    try:
        answer = statline.fetch(opened.cbs)
    except KoppelkansError as error:
        if not opened.has("context"):
            raise KoppelkansError(f"{error}; there are no figures of before") from None
        day = statline.read(opened.raw, opened.cbs)["fetched"].iloc[0]
        typer.echo(f"koppelkans: {error}", err=True)
        typer.echo(_("The figures of {day} stay: {file}").format(day=day, file=f"data/raw/{study}/{statline.FILE}"))
        return
    path = statline.write(opened.raw, answer, datetime.date.today())
    missing = sum(one["value"] is None for one in answer["figures"])
    typer.echo(_("{region}: {n} figures, of which CBS does not publish {missing}: {file}").format(
        region=answer["region"], n=len(answer["figures"]), missing=missing, file=shown(path)))  # fmt: skip


def lab(study: StudyName = DEFAULT_STUDY) -> None:
    """Print the folder of the notebooks of a study, with its parameters in them, to be opened in JupyterLab."""
    from koppelkans.workflow.lab import lab_folder

    typer.echo(shown(lab_folder(open_study(study))))


def doctor(
    study: StudyName = DEFAULT_STUDY,
    add: Annotated[
        bool, typer.Option("--add", help="Write the lines for files that are not named to study.yml.")
    ] = False,
) -> None:
    """Say what there is of a study, what is missing, what is odd, and what comes next, in the order of the work."""
    from koppelkans.guidance import offers, standing

    opened = open_study(study)
    language = opened.own_language
    _ = words(language).gettext
    unnamed = offers.offers(opened)
    if add:
        for offer in offers.add(opened, unnamed):
            typer.echo(_("Added to study.yml: {line}").format(line=offer.line))
        opened = open_study(study)
        unnamed = offers.offers(opened)
    tables, problems = _tables_so_far(opened)
    steps = standing.standing(opened, tables, unnamed, language)
    typer.echo(opened.title[language])
    for state, mark in (("there", "✓"), ("odd", "!"), ("missing", "–")):
        heading = {"there": _("What is there"), "odd": _("What is odd"), "missing": _("What is missing")}[state]
        lines = [f"{step.sentence} {step.next}".strip() for step in steps if step.state == state]
        lines = [*problems, *lines] if state == "odd" else lines
        if lines:
            typer.echo(f"\n{heading}")
        for line in lines:
            typer.echo(f"  {mark} {line}")
    following = standing.next_step(steps)
    if problems or following:
        todo = _("mend what is odd, the first line first") if problems else following
        typer.echo(f"\n{_('Next')}: {todo}")


def _tables_so_far(study: Study) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Read what can be read of a study, and say what is wrong with the rest, one line each."""
    from koppelkans.workflow.tidy import context_of, field_data, typed_tables

    tables: dict[str, pd.DataFrame] = {}
    problems: list[str] = []
    for read in (typed_tables, context_of, lambda one: field_data(one).tables if one.field_data else {}):
        try:
            tables |= read(study)
        except InvalidTable as error:
            problems += error.problems
    return tables, problems
