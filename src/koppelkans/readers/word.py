"""The text of a Word document: its paragraphs and its tables, in order, and nothing of who wrote it.

What the document holds besides that (text boxes, notes, comments, deletions, ...) is counted by kind, with its words.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError
from koppelkans.readers.files import open_office_file, read_bytes
from koppelkans.readers.line_ends import with_line_feeds
from koppelkans.readers.turns import is_word_for_speaker, key_of

_KIND = "Word document (.docx)"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its text, and how many characters at its start are bold."""

    text: str
    bold: int = 0


@dataclass(frozen=True)
class WordText:
    """paragraphs: those outside tables and inside them, in order; a row of a table is one.

    header: names and values of the first table that stands before any other text ({} where there is none); they are not
    among `paragraphs`. left_out: what -> how many of it and how many words. hidden: words that Word hides, and that are
    read.
    """

    paragraphs: list[Paragraph]
    header: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, tuple[int, int]] = field(default_factory=dict)
    hidden: int = 0


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRAPPERS = frozenset(
    _W + name
    for name in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "hyperlink", "fldSimple", "dir", "bdo")
)
"""What stands around text without being deleted: content controls, accepted or new insertions, links, fields."""
_MARKS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LONGEST_NAME = 4  # words beside "Interviewer" in a table of attributes: a name, and no sentence
_STRONG = ("strong", "zwaar", "fett", "nadruk")


def read_word(path: Path) -> WordText:
    """Return the text of a .docx as it reads with all tracked changes accepted.

    A two-column table of attributes before any other text (but a title) is the header. In other tables, a row becomes a
    paragraph with a tab between its cells; what stands in a table within a cell comes behind the words of that cell.
    Raises KoppelkansError, one line, for a file with a password, damaged, or of another kind.
    """
    import docx

    content = read_bytes(path, f"a {_KIND}")
    open_office_file(content, str(path), "word/document.xml", _KIND)
    try:
        part = docx.Document(io.BytesIO(content)).part
        body = part.element.body
        left_out = _beside_text(body) + _other_parts(part)
    except MemoryError:
        raise
    except Exception as error:  # python-docx raises whatever its parts raise on a damaged file
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise KoppelkansError(f"{path}: the document is damaged ({reason}); save it again from Word") from None
    paragraphs: list[Paragraph] = []
    header: dict[str, str] = {}
    for block in _inside(body, "p", "tbl"):
        if block.tag == f"{_W}p":
            paragraphs.append(_paragraph(block))
            continue
        rows = [_cells(row) for row in _inside(block, "tr")]
        if not header and _is_header(rows) and sum(bool(p.text.strip()) for p in paragraphs) <= 2:
            header = {name: row[1] for row in rows if len(row) == 2 and (name := _name(row))}
            rows = [row for row in rows if len(row) != 2 or not _name(row)]  # a title above the attributes
        paragraphs += [Paragraph("\t".join(cells)) for cells in rows if any(cells)]
    hidden = [run for run in body.iter(f"{_W}r") if run.find(f"{_W}rPr/{_W}vanish") is not None and _is_read(run)]
    words = sum(len(_text_of_run(run).split()) for run in hidden)
    return WordText(paragraphs, header, {what: (n, words) for what, n, words in left_out}, words)


_LETTERS = re.compile(r"\{.*\}(t|delText|sym)$")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOT_READ = {
    "txbxContent": "text boxes",
    "del": "tracked deletions",
    "moveFrom": "tracked deletions",
    "oMath": "formulas",
}
_PARTS = {
    "comments": "comments",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "header": "headers of pages",
    "footer": "footers of pages",
    "diagramData": "diagrams",
    "chart": "charts",
}
_READ_AROUND = _WRAPPERS | {_W + name for name in ("document", "body", "p", "r", "tbl", "tr", "tc")}


_EACH = ("comments", "footnotes", "endnotes")  # of which a part holds many


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _is_read(element: Any) -> bool:
    """Tell whether all that stands around an element is read."""
    return all(above.tag in _READ_AROUND for above in element.iterancestors())


def _beside_text(body: Any) -> list[tuple[str, int, int]]:
    """Return what of the body is not read: what, how many of it, how many words; whatever it stands in."""
    words: Counter[str] = Counter()
    within: dict[str, set[Any]] = {}
    for letters in body.iter():
        if not isinstance(letters.tag, str) or not _LETTERS.match(letters.tag):
            continue
        around = list(letters.iterancestors())
        is_symbol = letters.tag == f"{_W}sym"
        if any(above.tag == _FALLBACK for above in around):  # once more, for older programs
            continue
        if not is_symbol and letters.tag != f"{_W}delText" and _is_read(letters):
            continue
        above = next((one for one in around if _local(one) in _NOT_READ), letters)
        what = _NOT_READ.get(_local(above), "symbols of a font" if is_symbol else "other texts")
        within.setdefault(what, set()).add(above)
        words[what] += len((letters.text or "").split())
    return [(what, len(places), words[what]) for what, places in within.items()]


def _other_parts(part: Any) -> list[tuple[str, int, int]]:
    """Return what stands beside the text: notes, comments, headers and footers with their words; pictures, files."""
    from lxml import etree

    n: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for other in part.package.iter_parts():
        name = other.content_type.removesuffix("+xml").rpartition(".")[2]
        if what := _PARTS.get(name):
            root = etree.fromstring(other.blob)
            said = [_words(block) for block in (root.iterchildren("{*}*") if name in _EACH else [root])]
            n[what] += sum(map(bool, said))
            words[what] += sum(said)
        n["pictures"] += str(other.partname).startswith("/word/media/")
    kinds = [link.reltype.rpartition("/")[2] for link in part.rels.values()]
    n["files within the document"] = sum(kind in ("aFChunk", "package", "oleObject") for kind in kinds)
    return [(what, times, words[what]) for what, times in n.items() if times]


def _words(block: Any) -> int:
    """Count the words in a comment, note, header or diagram, paragraph by paragraph."""
    texts: dict[Any, str] = {}
    for letters in block.iter("{*}t"):
        around = list(letters.iterancestors())
        if not any(above.tag == _FALLBACK for above in around):
            paragraph = next((above for above in around if _local(above) == "p"), block)
            texts[paragraph] = texts.get(paragraph, "") + (letters.text or "")
    return sum(len(text.split()) for text in texts.values())


def _inside(element: Any, *names: str) -> Iterator[Any]:
    """Yield the children of these names, also those within wrappers, in order."""
    wanted = {_W + name for name in names}
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, *names)


def _paragraph(paragraph: Any) -> Paragraph:
    text, bold, still = "", 0, True
    for run in _inside(paragraph, "r"):
        piece = _text_of_run(run)
        still = still and (_is_bold(run) or not piece.strip())
        text += piece
        bold = len(text) if still else bold
    return Paragraph(text, bold)


def _text_of_run(run: Any) -> str:
    pieces = [child.text or "" if child.tag == f"{_W}t" else _MARKS.get(child.tag, "") for child in run]
    return with_line_feeds("".join(pieces).replace("\u00a0", " "))


def _is_bold(run: Any) -> bool:
    properties = run.find(f"{_W}rPr")
    if properties is None:
        return False
    bold, style = properties.find(f"{_W}b"), properties.find(f"{_W}rStyle")
    if bold is not None:
        return bold.get(f"{_W}val", "1") not in ("0", "false", "off")
    return style is not None and (style.get(f"{_W}val") or "").casefold() in _STRONG


def _cells(row: Any) -> list[str]:
    return ["\n".join(_lines(cell)).strip() for cell in _inside(row, "tc")]


def _lines(cell: Any) -> list[str]:
    """Return the paragraphs of a cell; a row of a table within it is one line."""
    lines = []
    for block in _inside(cell, "p", "tbl"):
        if block.tag == f"{_W}p":
            lines.append(_paragraph(block).text)
        else:
            lines += ["\t".join(cells) for cells in map(_cells, _inside(block, "tr")) if any(cells)]
    return lines


def _name(row: list[str]) -> str:
    return row[0].rstrip(" :")


def _is_header(rows: list[list[str]]) -> bool:
    """Tell whether a table names attributes: two columns, short names on the left, each once, no speakers' turns."""
    names = [_name(row) for row in rows if len(row) == 2 and _name(row)]
    values = [row[1] for row in rows if len(row) == 2 and _name(row)]
    of_speakers = all(is_word_for_speaker(key_of(name)) for name in names)
    is_talk = of_speakers and max((len(value.split()) for value in values), default=0) > _LONGEST_NAME
    return (
        len(names) >= max(1, len(rows) - 2)
        and len({name.casefold() for name in names}) == len(names)
        and all(len(name) <= 40 and "\n" not in name for name in names)
        and not is_talk
    )
