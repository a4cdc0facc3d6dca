"""What of a build may be given to others: looked through for people, then put into one file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from koppelkans.errors import KoppelkansError
from koppelkans.privacy.personal_data import masked
from koppelkans.study import Study, write_atomically
from koppelkans.study.tiers import people_lines, tier_of
from koppelkans.study.views import PUBLICATION
from koppelkans.workflow.identifiers import pointers, words_in

SHARED = ("report", "figures", "results")
"""Folders of an edition that are given to others."""
_DATE = (1980, 1, 1, 0, 0, 0)


def files_of(study: Study) -> list[Path]:
    """Return the files of a build that are given to others, in order."""
    folders = [study.edition(language) / name for language in study.languages for name in SHARED]
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())


def problems_of(study: Study) -> list[str]:
    """Return a line for each place in what would be given to others that holds a person, a path or a hidden number."""
    found_in, words = pointers(study), set[str]()
    if not study.quotes_allowed and any(tier_of(study, entry["file"]) != "public" for entry in study.field_data):
        words = people_lines(study)
    paths = [str(folder) for folder in dict.fromkeys((study.root.resolve(), Path.home())) if len(folder.parts) > 1]
    problems = []
    for path in files_of(study):
        shown = path.relative_to(study.root).as_posix()
        for place, text in texts_in(path.name, path.read_bytes()):
            where = f"{shown}, {place}" if place else shown
            problems += [f"{where}: holds a path of this computer ({one})" for one in paths if one in text]
            flat = words_in(text)
            problems += [
                f"{where}: holds words of a person, and study.yml allows no quotes" for _ in _first(words, flat)
            ]
            problems += [
                f"{where}: holds a likely {kind}, {masked(said)} (may_be_named in study.yml allows it)"
                for kind, said in found_in(flat)
            ]
    return [*problems, *hidden_numbers_found(study)]


def _first(words: set[str], text: str) -> list[str]:
    return [word for word in words if word in text][:1]


def texts_in(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts in a file, each with its place within it: also properties of Word files, PDFs and pictures."""
    ending = Path(name).suffix.lower()
    if ending in (".docx", ".xlsx", ".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                for place, text in texts_in(member, archive.read(member)):
                    yield f"{member} {place}".strip(), text
    elif ending == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(content)
        yield "properties", " ".join(document.get_metadata_dict().values())
        for number, page in enumerate(document, start=1):
            yield f"page {number}", page.get_textpage().get_text_bounded()
    elif ending == ".png":
        at = 8  # behind the signature stand chunks: length, kind, content, checksum
        while at < len(content):
            length, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
            if kind in (b"tEXt", b"iTXt", b"eXIf"):
                yield "properties", content[at + 8 : at + 8 + length].decode("latin-1")
            at += 12 + length
    elif b"\0" not in content:
        yield "", content.decode("utf-8", errors="replace")


def hidden_numbers_found(study: Study) -> list[str]:
    """Attack the tables of a study as a reader could, and return a line for each hidden number that can be told."""
    if study.minimum_cell < 2 or not study.field_data:
        return []
    from koppelkans.review.attack import on_study

    attacked = on_study(study)
    return [
        f"{one.what}: the number is hidden, and follows from others ({one.low:.0f} to {one.high:.0f})"
        for one in attacked
        if not one.is_safe
    ]


def release(study: Study) -> Path:
    """Write build/release/<study>.zip from a build that holds nothing of people; the same build gives the same bytes.

    Raises KoppelkansError, a line for each place, where it does, or where nothing is built.
    """
    if study.view != PUBLICATION:
        raise KoppelkansError(f"VIEW={study.view} is for those who work on {study.name}; make and release without it")
    files = files_of(study)
    if not files:
        raise KoppelkansError(f"{study.name}: nothing is built; type make STUDY={study.name} first")
    if problems := problems_of(study):
        raise KoppelkansError("\n".join([*problems, f"{study.name} is not released; mend these and make it anew"]))
    path = study.root / "build" / "release" / f"{study.name}.zip"
    base = study.root / "build" / study.name
    write_atomically(path, zipped({file.relative_to(base).as_posix(): file.read_bytes() for file in files}))
    return path


def zipped(contents: dict[str, bytes]) -> bytes:
    """Return a ZIP file of names -> contents; equal contents give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            archive.writestr(entry, contents[name])
    return buffer.getvalue()
