"""Nobody is pointed at in the publication view: what notebooks show is looked through before anything is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.privacy.personal_data import masked
from koppelkans.report.manuscript import joined
from koppelkans.study import Study
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.identifiers import pointers, words_in

_LABEL = "#| label:"


def look_through(study: Study, output: Path) -> Callable[[dict[str, Any]], None] | None:
    """Return a function that refuses an executed notebook which points at people; None where nothing is looked for.

    Only field data that were collected are of people; texts that no notebook shows are not looked at. `output`: the
    file that the notebook becomes. The function raises KoppelkansError, a line for each piece of personal data with the
    first place where it stands, and what can be done.
    """
    if study.view != PUBLICATION or all(entry["origin"] != "collected" for entry in study.field_data):
        return None

    def refuse(notebook: dict[str, Any]) -> None:
        find, said_at, places = pointers(study), dict[str, list[str]](), dict[tuple[str, str], str]()
        for place, text in _shown(notebook):
            said_at.setdefault(place, []).append(words_in(text))
        for place, said in said_at.items():
            for found in find(" | ".join(said)):
                places.setdefault(found, place)
        if places:
            where = output.relative_to(study.root).as_posix()
            raise KoppelkansError(
                "\n".join(
                    f"{where}, {place}: shows a likely {kind}, {masked(words)}; take it out of the data, or allow it "
                    f"(may_be_named in study.yml), or build with VIEW=working, which is for yourselves"
                    for (kind, words), place in places.items()
                )
            )

    return refuse


def _shown(notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the cells of an executed notebook show, as text, each with the place: its label, else its number."""
    for number, cell in enumerate(notebook["cells"], start=1):
        first = joined(cell["source"]).partition("\n")[0]
        place = first.removeprefix(_LABEL).strip() if first.startswith(_LABEL) else f"cell {number}"
        for output in cell.get("outputs", []):
            yield place, joined(output.get("text", ""))
            for kind, content in output.get("data", {}).items():
                if kind.startswith("text/") or kind == "image/svg+xml":
                    yield place, joined(content)
            for said in output.get("metadata", {}).get("koppelkans", {}).values():
                yield place, said if isinstance(said, str) else ""
