"""pytask: the ledger of each study that has claims, and the evidence page of each edition."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.locale.catalogs import catalog_files
from koppelkans.report import evidence_page
from koppelkans.study import Study, project_root
from koppelkans.workflow import jobs, ledger_files, own_copy
from koppelkans.workflow.notebooks import modules_used

_REPORT = Path(evidence_page.__file__).parent
_ROOT = project_root()
_OWN_COPY = own_copy.own_copy()
_COMPUTING = "from koppelkans.ledger import discrepancies, statuses"
_QUOTING = "from koppelkans.ledger import verification\nfrom koppelkans.readers import source_text"
_PAGE = [
    *(_REPORT / name for name in ("evidence_page.py", "evidence_rows.py", "html_pages.py", "manuscript.py")),
    Path(ledger_files.__file__),
    *sorted((_REPORT / "templates").glob("evidence.*")),
    *(_REPORT / "templates" / name for name in ("preview.css", "theme.js")),
    jobs.source_folder() / "koppelkans" / "ledger" / "names.py",
]

for _study in jobs.selected_studies():
    if not _study.has("claims"):
        continue
    _tables = {name: _study.processed / f"{name}.csv" for name in sorted(_study.tables)}
    _computing = [*modules_used((_COMPUTING,), jobs.source_folder()), Path(ledger_files.__file__)]

    @task(
        name=f"task_ledger[{_study.name}]",  # not as id: see task_tables
        kwargs={
            "study": PythonNode(value=_study),
            "tables": list(_tables.values()),
            "modules": jobs.content_of_files(_computing),
            "produces": ledger_files.planned_files(_study),
        },
    )
    def task_ledger(
        study: Study,
        tables: list[Path],
        modules: str,
        produces: Annotated[list[Path], Product],
    ) -> None:
        """Hold every claim against the evidence and write what came out."""
        ledger_files.write_ledger(study)

    _needed = ("companion_sources", "quotations") if _OWN_COPY else ("companion_sources",)
    for _language in _study.languages if _study.has_report else ():
        _paper = sorted((_ROOT / "paper" / _language).glob("*.[qy]m[dl]"))

        @task(
            name=f"task_evidence[{_study.name}-{_language}]",  # not as id: see task_tables
            kwargs={
                "study": PythonNode(value=_study),
                "language": PythonNode(value=_language),
                "title": PythonNode(value=_study.title[_language], hash=True),
                "own_copy": PythonNode(value=_OWN_COPY),
                "quotes": PythonNode(value=own_copy.quotes_setting(), hash=True),
                "ledger": ledger_files.planned_files(_study),
                "tables": jobs.files_needed(_tables[name] for name in _needed if name in _tables),
                "paper": jobs.content_of_files(_paper),
                "modules": jobs.content_of_files(
                    [
                        *_PAGE,
                        *catalog_files(_language),
                        *(modules_used((_QUOTING,), jobs.source_folder()) if _OWN_COPY else []),
                    ]
                ),
                "produces": [_study.edition(_language) / evidence_page.FILE],
            },
        )
        def task_evidence(
            study: Study,
            language: str,
            title: str,
            own_copy: Path | None,
            quotes: str,
            ledger: list[Path],
            tables: list[Path],
            paper: str,
            modules: str,
            produces: Annotated[list[Path], Product],
        ) -> None:
            """Write the evidence page; with QUOTES=yes it holds words from the reader's copy, else it never does."""
            ledger_files.write_page(study, language, own_copy)
