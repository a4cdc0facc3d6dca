"""The commands for the ledger: verify and claims."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from koppelkans.commands.arguments import DEFAULT_STUDY, StudyName, shown
from koppelkans.errors import KoppelkansError
from koppelkans.study import open_study
from koppelkans.study.plain_text import csv_of


def verify(
    study: StudyName = DEFAULT_STUDY,
    source: Annotated[
        Path | None, typer.Option(envvar="SOURCE", help="Your own copy of the report, a .pdf or a .txt.")
    ] = None,
) -> None:
    """Hold every anchor and quotation against your own copy of the report; exit 1 where one is not in it."""
    from koppelkans.ledger import verification
    from koppelkans.readers.source_text import read_source
    from koppelkans.workflow.tidy import read_tables

    if source is None or not str(source).strip(". "):
        raise KoppelkansError("no copy of the report given; expected make verify SOURCE=report.pdf (or .txt)")
    text, notes = read_source(source.expanduser())
    for note in notes:
        typer.echo(f"note: {source}: {note}", err=True)
    tables = read_tables(open_study(study))
    findings = verification.verify(text, verification.anchors_of(tables), tables.get("quotations"))
    typer.echo(verification.totals(findings).to_string(index=False))
    wanting = findings[findings["status"].isin(["missing", "differs"]) | (findings["note"] != "")]
    for row in wanting.to_dict("records"):
        note = f" ({row['note']})" if row["note"] else ""
        place = f"{row['table']} {row['id']}, section {row['section'] or '-'}"
        typer.echo(f"{row['status']}: {place}: {row['anchor']}{note}", err=True)
    wrong = int(findings["status"].isin(["missing", "differs"]).sum())
    typer.echo(f"{len(findings) - wrong} of {len(findings)} anchors and quotations stand in {source}")
    if wrong:
        raise typer.Exit(1)


def claims(
    study: StudyName = DEFAULT_STUDY,
    summary: Annotated[bool, typer.Option("--summary", help="Count the statements by status and by section.")] = False,
    export: Annotated[Path | None, typer.Option(help="Write ledger.csv and ledger.json to this folder.")] = None,
) -> None:
    """Say of every published statement how far it is borne out; exit 1 where a claim or its check is wrong."""
    from koppelkans.ledger import statuses
    from koppelkans.ledger.claims import with_part
    from koppelkans.study import write_atomically
    from koppelkans.workflow.tidy import read_tables

    tables = read_tables(open_study(study))
    if "claims" not in tables:
        raise KoppelkansError(f"study {study!r} has no table 'claims'; add it to data/raw/{study}/study.yml")
    made = statuses.ledger(tables)
    if export is not None:
        write_atomically(export / "ledger.csv", csv_of(made))
        write_atomically(export / "ledger.json", made.to_json(orient="records", force_ascii=False, indent=1) + "\n")
        typer.echo(f"Written: {shown(export / 'ledger.csv')} and {shown(export / 'ledger.json')}")
    if summary:
        import pandas as pd

        whole = statuses.summary(made).assign(part="all")
        parts = statuses.summary(with_part(made), by=["part"])
        typer.echo(pd.concat([parts, whole]).to_string(index=False))
    elif export is None:
        typer.echo(made[["id", "status", "found", "evidence_en"]].to_string(index=False, max_colwidth=90))
    empty = int((made["status"] == "").sum())
    typer.echo(f"{len(made)} statements, each with one status; {empty} without")
