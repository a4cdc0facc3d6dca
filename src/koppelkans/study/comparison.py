"""Several studies side by side: which, in which order, and where what is made of them stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.study.origin import joined
from koppelkans.study.settings import RESERVED
from koppelkans.study.study import ORIGINS, Study, known_studies, open_study, project_root
from koppelkans.study.views import PUBLICATION, asked_view

COMPARISON = RESERVED[0]
"""Folder of a comparison in build/."""
SHOWN_FIRST = ("published", "collected", "synthetic")


@dataclass(frozen=True)
class Comparison(Study):
    """A comparison, which is shown as a study is: with a language, a view and numbers, and without tables of its own.

    `studies`: those that are compared, by origin: published, then collected, then synthetic ones.
    """

    studies: tuple[Study, ...] = ()

    @property
    def origins(self) -> str:
        """The origins of its studies, for what names them all."""
        return joined({origin_of_study(study) for study in self.studies})


def origin_of_study(study: Study) -> str:
    """Return where a study comes from: synthetic where any table is, else collected where any is, else published."""
    origins = {entry["origin"] for entry in study.tables.values()}
    return next((origin for origin in ("synthetic", "collected") if origin in origins), ORIGINS[0])


def names_compared(names: Sequence[str], root: Path) -> list[str]:
    """Return the studies to compare: those named, each once, else all that have tables.

    Raises KoppelkansError for an unknown study, and where there are not two of them.
    """
    wanted = list(dict.fromkeys(names)) or [
        name for name in known_studies(root) if open_study(name, root, view=PUBLICATION).tables
    ]
    for name in wanted:
        open_study(name, root, view=PUBLICATION)
    if len(wanted) < 2:
        raise KoppelkansError(
            f"STUDIES={' '.join(wanted)}: found {len(wanted)}, expected two or more studies to compare; known: "
            f"{', '.join(known_studies(root)) or 'none'}"
        )
    return wanted


def open_comparison(names: Sequence[str], root: Path | None = None, *, language: str = "en") -> Comparison:
    """Open studies to compare them in a language, in the view that VIEW asks for.

    A study with a text in paper/ hides nothing and has one view. Raises KoppelkansError as `names_compared`.
    """
    root = root or project_root()
    view = asked_view()
    opened = [
        replace(study, view=PUBLICATION if study.has_report else view)
        for study in (open_study(name, root, language=language, view=PUBLICATION) for name in names)
    ]
    ordered = sorted(opened, key=lambda study: SHOWN_FIRST.index(origin_of_study(study)))
    return Comparison(
        name=COMPARISON, title={}, root=root, tables={}, parameters={}, settings={}, language=language, view=view,
        studies=tuple(ordered),
    )  # fmt: skip
