"""The command `synthesise`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koppelkans.commands.arguments import shown

_MOST_INTERVIEWS = 27


def synthesise(
    to: Annotated[Path, typer.Option(help="A new folder, such as data/raw/naam; it names the study.")],
    respondents: Annotated[int, typer.Option(min=5, max=9999, help="How many people answer the survey.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another neighbourhood with the same truth.")] = 1,
    interviews: Annotated[
        int | None, typer.Option(min=2, max=999, help="How many residents are interviewed; 27, or all if fewer.")
    ] = None,
    truth: Annotated[Path | None, typer.Option(help="Your own truth.yml.")] = None,
) -> None:
    """Make up a neighbourhood whose truth is known: interviews by two coders, answers, sessions, change stories.

    Everything in it is marked synthetic; nothing in it says anything about people who live somewhere.
    """
    from koppelkans.synthetic.truth import DEFAULT
    from koppelkans.synthetic.write import Sizes, write_study

    interviewed = min(_MOST_INTERVIEWS, respondents) if interviews is None else interviews
    for path in write_study(truth or DEFAULT, Sizes(respondents, interviewed, seed), to):
        typer.echo(f"Written: {shown(path)}")
