"""The command that installs Quarto."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from koppelkans.errors import KoppelkansError
from koppelkans.report.fitting_quarto import QUARTO, fitting_quarto
from koppelkans.workflow.quarto_setup import install_quarto


def quarto() -> None:
    """Install Quarto with pip into the environment in use; with conda, environment.yml brings it."""
    there = fitting_quarto()
    if there:
        typer.echo(f"{there} is of version {QUARTO} and renders the report; nothing to do.")
        return
    typer.echo("Installing quarto-cli with pip; it fetches the release from github.com ...")
    failed = install_quarto(Path(sys.executable))
    if failed:
        raise KoppelkansError(
            f"Quarto could not be installed: {failed}; get it from https://quarto.org/docs/get-started/, "
            "or use conda: conda env create -f environment.yml"
        )
    typer.echo("Done; type make to render the report with it.")
