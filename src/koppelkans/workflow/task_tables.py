"""pytask: the tidy tables of each study."""

from pathlib import Path
from typing import Annotated

from pytask import Product, PythonNode, task

from koppelkans.study import Study
from koppelkans.workflow.jobs import content_of_files, raw_files, selected_studies, source_folder
from koppelkans.workflow.notebooks import modules_used
from koppelkans.workflow.tidy import REPORT, published_files

_MODULES = (
    "study/consistency",
    "errors",
    "readers/csv_tables",
    "readers/statline",
    "readers/typed_tables",
    "study/own_schemas",
    "study/schemas",
    "study/sealing",
    "study/tables",
    "workflow/tidy",
    "study/study",
)
_READING = ("from koppelkans.readers import field_data",)  # and all that it imports
_LAYING_BESIDE = ("from koppelkans.ledger import expectations",)

for _study in selected_studies():
    # pytask leaves the id out where only one study is built; by its name it is this study's own in any build
    @task(
        name=f"task_tables[{_study.name}]",
        kwargs={
            "study": PythonNode(value=_study),
            "raw": content_of_files([*raw_files(_study.raw), *filter(Path.exists, published_files(_study))]),
            "modules": content_of_files(
                sorted(
                    {
                        *(source_folder() / "koppelkans" / f"{name}.py" for name in _MODULES),
                        *(modules_used(_READING, source_folder()) if _study.field_data else ()),
                        *(
                            modules_used(_LAYING_BESIDE, source_folder())
                            if _study.smitsveen or _study.has("expectations")
                            else ()
                        ),
                    }
                )
            ),
            "produces": [
                *(_study.processed / f"{name}.csv" for name in sorted(_study.tables)),
                _study.processed / "datapackage.json",
                *([_study.processed / REPORT] if _study.field_data else []),
            ],
        },
    )
    def task_tables(
        study: Study,
        raw: str,
        modules: str,
        produces: Annotated[list[Path], Product],
    ) -> None:
        """Read, check and write the tables."""
        from koppelkans.workflow.tidy import write_tables

        write_tables(study)
