"""The command `koppelkans`: one function a command; what they do stands in the package."""

from __future__ import annotations

import errno
import io
import sys

import typer
from typer.exceptions import TyperException

from koppelkans.commands import build, check, coders, field, guidance, ledger, review, setup, synthetic
from koppelkans.errors import Interrupted, KoppelkansError

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
app.command("import")(field.import_file)
for _command in (
    field.pseudonymise,
    ledger.verify,
    ledger.claims,
    guidance.new,
    guidance.doctor,
    guidance.preregister,
    guidance.context,
    guidance.lab,
    synthetic.synthesise,
    build.build,
    build.studies,
    build.compare,
    build.watch,
    build.figures,
    build.tables,
    build.status,
    check.check,
    build.store,
    check.lint,
    check.words,
    check.checksums,
    review.manifest,
    field.export,
    coders.disagreements,
    review.reproduce,
    review.release,
    review.forget,
    review.archive,
    review.rerun,
    review.materials,
    review.diff,
    review.report_outline,
    setup.quarto,
):
    app.command()(_command)


def main() -> None:
    """Run a command; what a user can mend is said in plain lines and ends with status 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and sys.platform == "win32":
            stream.reconfigure(encoding="utf-8")  # a pipe has the code page of Windows there, which lacks signs of ours
    try:
        code = app(standalone_mode=False)
    except KoppelkansError as error:
        for line in str(error).splitlines():
            typer.echo(f"koppelkans: {line}", err=True)
        sys.exit(130 if isinstance(error, Interrupted) else 1)
    except TyperException as error:
        message = error.format_message()
        if message:  # without a command the help was printed, and nothing is wrong
            typer.echo(f"koppelkans: {message} (try: make help, or koppelkans --help)", err=True)
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
        message = f"{error.filename}: {error.strerror}"
        if error.errno == errno.ENOSPC:
            message = "no space left on the disk; free some and type make again"
        typer.echo(f"koppelkans: {message}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
