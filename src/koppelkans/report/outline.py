"""The outline of a built report: headings, figures, tables, references and links, whoever rendered it.

Quarto and the preview write different HTML for the same sources. Both are brought to one form here, so that two
renderings can be compared line by line. Of the PDF the bookmarks are read, of the Word file the headings and captions.

Quarto 1.9 marks a numbered heading with `data-number` and `span.header-section-number`, a figure or table with
`div.quarto-float` around a `figure` and its `figcaption`, a reference with `a.quarto-xref` (quarto.org,
"Cross-References"); it puts appendix sections of its own (`#quarto-appendix`) after the text.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError

NUMBER = re.compile(r"^(\d+(?:\.\d+)*)\.?[\s\u2002]+(?=\S)")
CAPTION = re.compile(r"^(?P<name>\S+) (?P<number>\d+): ?(?P<caption>.*)$")
OUTSIDE = "ancestor::nav or ancestor::header or ancestor::*[@id='quarto-appendix' or @id='quarto-margin-sidebar']"
HEADINGS = "//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6]"


@dataclass(frozen=True)
class Outline:
    """What a rendering holds; every entry is a list of texts, so that two can be compared.

    `headings`: level, number ("" where there is none), text. `exhibits`: label ("" in a Word file), name and number as
    the caption has them, caption. `references`: label, text shown. `links`: target, once for each in its order.
    """

    headings: list[list[str]] = field(default_factory=list)
    exhibits: list[list[str]] = field(default_factory=list)
    references: list[list[str]] = field(default_factory=list)
    links: list[list[str]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return the outline as lines of text."""
        return [
            *("  " * (int(level) - 1) + f"{number} {text}".strip() for level, number, text in self.headings),
            *(f"{name} {number} #{label}: {text}" for label, name, number, text in self.exhibits),
            *(f"@{label}: {text}" for label, text in self.references),
            *(f"link {target}" for (target,) in self.links),
        ]


def read_outlines(report: Path) -> dict[str, Outline]:
    """Return the outline of each file of a report: "html", "pdf" (bookmarks) and "docx" (headings and captions).

    `report` is a project's folder (build/<study>/<language>), the folder of its report, or one of the three files.
    Raises KoppelkansError where none is there.
    """
    readers = {"html": html_outline, "pdf": pdf_outline, "docx": word_outline}
    if report.is_file() and report.suffix[1:] in readers:
        return {report.suffix[1:]: readers[report.suffix[1:]](report)}
    folder = report / "report" if (report / "report").is_dir() else report
    paths = {ending: folder / f"index.{ending}" for ending in readers}
    outlines = {ending: readers[ending](path) for ending, path in paths.items() if path.is_file()}
    if not outlines:
        raise KoppelkansError(f"{folder}: no index.html, index.pdf or index.docx; expected a built report (`make`)")
    return outlines


def differences(one: dict[str, Outline], other: dict[str, Outline]) -> list[str]:
    """Return how two reports differ, as lines marked - (only in the first) and + (only in the second).

    Files that only one of the two has are passed over; where they share none, that is the difference.
    """
    shared = [ending for ending in one if ending in other]
    if not shared:
        return [f"- {', '.join(one)}", f"+ {', '.join(other)}"]
    lines = []
    for ending in shared:
        changes = difflib.ndiff(one[ending].lines(), other[ending].lines())
        lines += [f"{ending} {line}" for line in changes if line[:2] in ("- ", "+ ")]
    return lines


def as_json(outlines: dict[str, Outline]) -> dict[str, Any]:
    """Return outlines as values that JSON can hold."""
    return {ending: asdict(outline) for ending, outline in outlines.items()}


def html_outline(path: Path) -> Outline:
    """Read the outline of a page, as Quarto or the preview wrote it. Raises KoppelkansError where it is no HTML."""
    from lxml import etree, html

    try:
        page = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
    except (OSError, etree.LxmlError) as error:
        raise KoppelkansError(f"{path}: cannot be read as a page ({error}); build the report again (`make`)") from None
    main = page.find(".//main")
    text = page if main is None else main
    return Outline(_headings(text), _exhibits(text), _references(text), _links(text))


def _headings(page: Any) -> list[list[str]]:
    headings = []
    for heading in page.xpath(f".{HEADINGS}[not({OUTSIDE})]"):
        span = next(iter(heading.xpath(".//span[contains(@class, 'header-section-number')]")), None)
        number = _text(span) if span is not None else heading.get("data-number", "")
        headings.append((int(heading.tag[1]), number, _text(heading).removeprefix(number).strip()))
    top = min((level for level, _, _ in headings), default=1)  # the preview has its first chapters at h2
    return [[str(level - top + 1), number, text] for level, number, text in headings]


def _exhibits(page: Any) -> list[list[str]]:
    exhibits = []
    for caption in page.xpath(".//figcaption | .//table/caption"):
        holders = caption.xpath("ancestor::*[starts-with(@id, 'fig-') or starts-with(@id, 'tbl-')]/@id")
        labels = [label for label in holders if "-caption-" not in label]
        parts = CAPTION.match(_text(caption))
        if labels and parts:
            exhibits.append([labels[-1], parts["name"], parts["number"], parts["caption"]])
    return exhibits


def _references(page: Any) -> list[list[str]]:
    marks = ("crossref", "quarto-xref")
    links = page.xpath(".//a[starts-with(@href, '#')]")
    return [[a.get("href")[1:], _text(a)] for a in links if set(marks) & set(a.get("class", "").split())]


def _links(page: Any) -> list[list[str]]:
    """List where links lead, but for references, the anchors of sections and what Quarto adds of itself."""
    targets = []
    for link in page.xpath(f".//a[@href][not({OUTSIDE})]"):
        classes = set(link.get("class", "").split())
        if not classes & {"crossref", "quarto-xref", "anchorjs-link", "quarto-notebook-link"}:
            targets.append([link.get("href")])
    return targets


def pdf_outline(path: Path) -> Outline:
    """Read the bookmarks of a PDF as headings. Raises KoppelkansError where it is no PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except (OSError, pypdfium2.PdfiumError) as error:
        raise KoppelkansError(f"{path}: cannot be read as PDF ({error}); build the report again (`make`)") from None
    headings = []
    for bookmark in document.get_toc():
        text = _clean(bookmark.get_title())
        number = NUMBER.match(text)
        rest = text[number.end() :] if number else text
        headings.append([str(bookmark.level + 1), number[1] if number else "", rest])
    return Outline(headings=headings)


def word_outline(path: Path) -> Outline:
    """Read headings and captions of a Word file. Raises KoppelkansError where it is no Word file."""
    import zipfile

    import docx

    from koppelkans.report.word_edition import headings

    try:
        document = docx.Document(str(path))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise KoppelkansError(f"{path}: cannot be read as Word ({error}); build the report again (`make`)") from None
    all_headings = []
    for paragraph, level, number in headings(document):
        text = _clean(paragraph.text)
        typed = NUMBER.match(text)  # Quarto writes the number into the heading
        if not number and typed:
            number, text = typed[1], text[typed.end() :]
        all_headings.append([str(level), number, text])
    exhibits = []
    for paragraph in document.paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        parts = CAPTION.match(_clean(paragraph.text)) if "Caption" in str(style) else None
        if parts:
            exhibits.append(["", parts["name"], parts["number"], parts["caption"]])
    return Outline(headings=all_headings, exhibits=exhibits)


def _text(element: Any) -> str:
    return _clean(element.text_content())


def _clean(text: str) -> str:
    return " ".join(text.split()).replace("'", "’")  # bookmarks of a PDF have straight ones
