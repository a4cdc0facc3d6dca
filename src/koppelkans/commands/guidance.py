"""The commands for who makes a study: new."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from koppelkans.commands.arguments import shown
from koppelkans.errors import KoppelkansError
from koppelkans.guidance import new_study
from koppelkans.locale import LANGUAGES, words
from koppelkans.locale.language import own_language
from koppelkans.study import project_root


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
