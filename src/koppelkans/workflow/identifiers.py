"""What likely points at people in the field data of a study: in texts, answers, notes, names of codes and of files."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from koppelkans.errors import by_number
from koppelkans.privacy.personal_data import masked, scan
from koppelkans.study import Study
from koppelkans.study.keys import key_path

if TYPE_CHECKING:
    import pandas as pd

Finder = Callable[[str], Iterator[tuple[str, int, int]]]
LOOKED_AT = {
    "documents": ("document", ("name", "text")),
    "codes": ("name", ("name", "description")),
    "codings": ("coding", ("memo",)),
    "answers": ("question", ("text",)),
    "attributes": ("attribute", ("value",)),
}
"""Table -> what names a row, and the columns that hold people's or researchers' own words."""
_SHORTEST_NAME = 3
_IN_OUTPUTS = ("name", "e-mail", "iban", "bsn", "telephone", "postcode", "date-of-birth")
"""Kinds that are looked for in what others may have; streets and places are what a neighbourhood is about."""
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]+>", re.DOTALL)
_SAID_IN_TAG = re.compile(r'\b(?:alt|title|content|aria-label)="([^"]*)"')
_OF_MACHINES = re.compile(
    r"(?<![\w.])-?\d+\.\d+(?:e[+-]?\d+)?(?![\w.])"
    r"|(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)|(?<!\w)[0-9a-f]{32,}(?!\w)",
    re.IGNORECASE,
)
"""Decimal numbers, GUIDs of codes and checksums, whose digits are nobody's telephone."""
_HOUSE_NUMBER = re.compile(r"[A-Z]{2}\b.*\d")


def key_names(study: Study) -> list[str]:
    """Return the names of people that the key of a study holds; none where it has no key."""
    from koppelkans.readers.csv_tables import read_csv_table

    key = key_path(study)
    if key is None:
        return []
    return sorted(
        {str(name).strip() for name in read_csv_table(key)["name"] if len(str(name).strip()) >= _SHORTEST_NAME}
    )


def name_finder(names: list[str]) -> Finder:
    """Return a function that finds these names in a text, as whole words: ("name", start, end)."""
    longest_first = sorted(names, key=len, reverse=True)  # of Jan and Jan de Vries the whole name, if both are known
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(n)}(?!\w)" for n in longest_first) or "(?!)", re.IGNORECASE)

    def find(text: str) -> Iterator[tuple[str, int, int]]:
        for match in pattern.finditer(text):
            yield "name", match.start(), match.end()

    return find


def may_be_named(study: Study, words: str) -> bool:
    """Tell whether study.yml allows these words by name (`may_be_named`)."""
    return words.casefold() in {str(one).casefold() for one in study.settings.get("may_be_named") or ()}


def words_in(text: str) -> str:
    """Return the words of a page or picture in one line: without tags, and what stands in tags for readers."""
    if "<" in text:
        text = html.unescape(" ".join([_TAG.sub(" ", text), *_SAID_IN_TAG.findall(text)]))
    return " ".join(text.split())


def pointers(study: Study) -> Callable[[str], list[tuple[str, str]]]:
    """Return a function that finds what likely points at a person in words that others may have: (kind, words) each.

    A postcode counts with a house number. What study.yml allows is left out.
    """
    import pandas as pd

    names = name_finder(key_names(study))

    def find(words: str) -> list[tuple[str, str]]:
        found = scan(pd.DataFrame([("", _OF_MACHINES.sub("#", words))], columns=["document", "text"]), names)
        return [
            (kind, said)
            for kind, said in found[["kind", "words"]].drop_duplicates().itertuples(index=False)
            if kind in _IN_OUTPUTS
            and (kind != "postcode" or _HOUSE_NUMBER.search(said))
            and not may_be_named(study, said)
        ]

    return find


def identifiers(study: Study, tables: dict[str, pd.DataFrame], more: Finder | None = None) -> pd.DataFrame:
    """Find what likely points at people: the columns of `personal_data.scan`, with the place as document.

    `tables`: those of the study. `more` finds names as `privacy.names.finder` does. What study.yml allows is left out.
    """
    import pandas as pd

    rows = [(f"name of the file {entry['file']}", entry["file"]) for entry in study.field_data]
    for table, (name, columns) in LOOKED_AT.items():
        for column in columns:
            if column in tables.get(table, ()):
                texts = tables[table][[name, column]].dropna()
                rows += [(f"{table}, {column} of {key}", str(text)) for key, text in texts.itertuples(index=False)]
    known = name_finder(key_names(study))

    def names(text: str) -> Iterator[tuple[str, int, int]]:
        yield from known(text)
        yield from more(text) if more else ()

    found = scan(pd.DataFrame([row for row in rows if row[1]], columns=["document", "text"]), names)
    return found[[not may_be_named(study, words) for words in found["words"]]].reset_index(drop=True)


def lines_of(places: pd.DataFrame, most: int = 10) -> list[str]:
    """Say what was found and where, without printing it: a line that counts, then a line for each of the first."""
    if places.empty:
        return []
    kinds = ", ".join(f"{kind} {count}" for kind, count in places["kind"].value_counts().sort_index().items())
    lines = [f"likely personal data in {by_number(len(places), 'place', 'places')} of the field data ({kinds})"]
    for place, kind, start, end, words in places.head(most).itertuples(index=False):
        lines.append(f"  {place}, characters {start}-{end}: {kind} {masked(words)}")
    return [*lines, f"  and {len(places) - most} more"] if len(places) > most else lines
