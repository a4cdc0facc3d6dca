"""The command that installs Quarto."""

from __future__ import annotations

import subprocess
import sys

import typer

from koppelkans.errors import KoppelkansError


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
