"""Put the pages of one edition together, as Sphinx reads them.

The pages stand in docs/ as people read them in the repository: English in docs/, the Dutch ones under the same name in
docs/nl/. An edition has every page: one that there is no Dutch text for is the English one, and says so. Links between
files become links between pages.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from docs.site import reference
from koppelkans.locale import LANGUAGES

FROM_ROOT = ("SECURITY.md", "CONTRIBUTING.md")
ENGLISH_ONLY = "*Deze pagina is er alleen in het Engels.*"
_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?![a-z]+:|#)([^()\s#]+)(#[^()\s]*)?\)")
_FENCED = re.compile(r"(^```.*?^```[ ]*$)", re.MULTILINE | re.DOTALL)
_DRAWN_ELSEWHERE = re.compile(r"^```mermaid\n.*?^```\n", re.MULTILINE | re.DOTALL)  # by a script of another host
_GENERATED = re.compile(r"^<!-- (\w+) -->$", re.MULTILINE)


def stage(root: Path, language: str, to: Path) -> None:
    """Write the pages of an edition to a folder, and the pictures in them."""
    shutil.rmtree(to, ignore_errors=True)
    pages, places = pages_of(root, language), _places(root, language)
    for place, source in pages.items():
        text = _DRAWN_ELSEWHERE.sub("", source.read_text(encoding="utf-8"))
        text = _GENERATED.sub(lambda found: reference.MADE[found[1]](root, language), text)
        text = _with_links(text, source.parent, place, places)
        if place == "index.md":
            text += _contents(text)
        elif language != "en" and not source.is_relative_to(root / "docs" / language):
            title, _, rest = text.partition("\n")
            text = f"---\ntext_language: en\n---\n{title}\n\n{ENGLISH_ONLY}\n{rest}"
        (to / place).parent.mkdir(parents=True, exist_ok=True)
        (to / place).write_text(text, encoding="utf-8")
    shutil.copytree(root / "docs" / "images", to / "images")


def pages_of(root: Path, language: str) -> dict[str, Path]:
    """Return the pages of an edition: place in the site -> file in the repository."""
    docs = root / "docs"
    english = [path for path in docs.rglob("*.md") if path.relative_to(docs).parts[0] not in ("nl", "site")]
    pages = {_place(path, docs): path for path in sorted(english)}
    pages |= {name.lower(): root / name for name in FROM_ROOT}
    if language != "en":
        own = docs / language
        pages |= {_place(path, own): path for path in sorted(own.rglob("*.md"))}
    return pages


def _place(path: Path, folder: Path) -> str:
    place = path.relative_to(folder).as_posix()
    return "index.md" if place == "README.md" else place


def _places(root: Path, language: str) -> dict[Path, str]:
    """Return where links to a file lead: to its page in this edition, or where it has none, to that in another one."""
    others = {
        file: f"../{other}/{place.removesuffix('.md')}.html"
        for other in LANGUAGES
        for place, file in pages_of(root, other).items()
    }
    english = {file: place for place, file in pages_of(root, "en").items()} if language != "en" else {}
    pictures = {path: path.relative_to(root / "docs").as_posix() for path in (root / "docs" / "images").rglob("*.png")}
    return {**others, **english, **{file: place for place, file in pages_of(root, language).items()}, **pictures}


def _with_links(text: str, folder: Path, place: str, places: dict[Path, str]) -> str:
    """Return a text of a folder with links to pages in place of files; what is no page gets no link."""

    def link(found: re.Match[str]) -> str:
        image, words, path, anchor = found[1], found[2], found[3], found[4] or ""
        file = Path(os.path.normpath(folder / path))
        if file not in places:
            return words if words.startswith("`") else f"{words} (`{path.lstrip('./')}`)"
        to = os.path.relpath(places[file], Path(place).parent)
        return f'<a href="{to}">{words}</a>' if to.endswith(".html") else f"{image}[{words}]({to}{anchor})"

    parts = _FENCED.split(text)
    return "".join(part if n % 2 else _LINK.sub(link, part) for n, part in enumerate(parts))


def _contents(index: str) -> str:
    """Return the contents at the side of each page: the headings of the front page, and the pages that it names."""
    made = ""
    for section in re.split("^## ", index, flags=re.MULTILINE)[1:]:
        caption, _, body = section.partition("\n")
        listed = [found[3] for found in _LINK.finditer(body) if found[3].endswith(".md")]
        if listed:
            made += f"\n```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(listed) + "\n```\n"
    return made
