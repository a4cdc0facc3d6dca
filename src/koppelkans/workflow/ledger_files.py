"""The ledger of a study as files: its rows for people and programs, and the evidence page of each edition."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from koppelkans.study import Study, write_atomically
from koppelkans.study.plain_text import csv_of

if TYPE_CHECKING:
    import pandas as pd

    from koppelkans.report.evidence_rows import Quotations

FILES = ("ledger.csv", "ledger.json", "discrepancies.csv")


def folder_of(study: Study) -> Path:
    """Folder of the ledger's files."""
    return study.root / "build" / study.name / "ledger"


def planned_files(study: Study) -> list[Path]:
    """List the files that `write_ledger` writes: none where the study has no claims."""
    return [folder_of(study) / name for name in FILES] if study.has("claims") else []


def write_ledger(study: Study) -> list[Path]:
    """Compute the ledger and the discrepancies from the tidy tables and write them; return the paths.

    Equal tables give equal bytes. Raises KoppelkansError where a table has not been built, or a check is not known.
    """
    from koppelkans.ledger import discrepancies, statuses

    tables = {name: study.table(name) for name in sorted(study.tables)}
    return export(statuses.ledger(tables), discrepancies.checked(tables), folder_of(study))


def export(claims: pd.DataFrame, discrepancies: pd.DataFrame, folder: Path) -> list[Path]:
    """Write claims as ledger.csv and ledger.json (a list of records), discrepancies as CSV; return the paths."""
    records = json.loads(claims.to_json(orient="records"))
    texts = (
        csv_of(claims),
        json.dumps(records, ensure_ascii=False, indent=1) + "\n",
        csv_of(discrepancies),
    )
    paths = [folder / name for name in FILES]
    for path, text in zip(paths, texts, strict=True):
        write_atomically(path, text)
    return paths


def write_page(study: Study, language: str, own_copy: Path | None) -> Path:
    """Write evidence.html into the Quarto project of an edition and return its path.

    Read are the files of `write_ledger`, companion_sources of the study, the sources of the paper and, where it is
    given, the reader's own copy of the report, whose quotations are then on the page and in no other file.
    """
    from koppelkans.report import evidence_page
    from koppelkans.report.evidence_rows import Ledger
    from koppelkans.report.manuscript import load_manuscript

    claims, discrepancies = (evidence_page.read_rows(folder_of(study) / name) for name in FILES[1:])
    companions = study.processed / "companion_sources.csv"
    ledger = Ledger(
        title=study.title,
        claims=claims,
        discrepancies=discrepancies,
        companions=evidence_page.read_rows(companions) if study.has("companion_sources") else [],
        quotations=quotations_of(study, own_copy) if own_copy else None,
    )
    where = evidence_page.places(load_manuscript(study.root / "paper" / language))
    path = study.edition(language) / evidence_page.FILE
    write_atomically(path, evidence_page.page(ledger, language, where))
    return path


def quotations_of(study: Study, own_copy: Path) -> Quotations:
    """Take the recorded quotations from the reader's copy, in memory; those that do not stand there are left out."""
    from koppelkans.ledger.verification import quotation_texts
    from koppelkans.readers.source_text import read_source
    from koppelkans.report.evidence_rows import Quotation, Quotations

    if not study.has("quotations"):
        return Quotations((), 0)
    recorded = study.table("quotations")
    texts = quotation_texts(read_source(own_copy)[0], recorded)
    claims = dict(zip(recorded["id"], recorded["claims"], strict=True))
    present = (
        Quotation(key, tuple(claim.strip() for claim in claims[key].split(";") if claim.strip()), words)
        for key, words in texts.items()
    )
    return Quotations(tuple(present), len(recorded))
