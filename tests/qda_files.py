"""Small coded projects in the manner of each program, made here: nothing in them comes from a real file."""

from __future__ import annotations

import uuid
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

SPACE = uuid.UUID("9d1b1a0e-57c8-4c55-9f42-0e0a6a5a6f10")
EMOJI, COMBINED, RIGHT_TO_LEFT = "😀👍🏽", "e\u0301én a\u0308", "שלום עולם"
TEXT = (
    f"Wat vindt u van de wijk? {EMOJI} Ik woon hier graag.\nDe buurman {COMBINED} zegt dat het koud is.\n"
    f"{RIGHT_TO_LEFT} klinkt het op de trap {EMOJI}.\n\nSamen isoleren lukt beter 🏠 dan alleen, zegt zij.\n"
    "Niemand weet wie er belt. De huur gaat omhoog, denkt hij."
)
PHRASES = [
    "Ik woon hier graag",
    "dat het koud is",
    RIGHT_TO_LEFT,
    "Samen isoleren",
    "dan alleen",
    "wie er belt",
    "De huur",
]


@dataclass(frozen=True)
class Manner:
    """How a program writes: who it says it is, how it writes GUIDs, files and paths, and how it counts."""

    origin: str
    unit: str = "code points"
    end: str = "exclusive"
    line_ends: str = "CRLF as two"
    counts_mark: bool = False
    newline: str = "\n"
    mark: str = ""
    names: str = "none"  # none, cut (at 100 with an ellipsis), full, file (says nothing of the words)
    guids: str = "lower"  # lower, upper, braces
    xml: str = "project.qde"
    folder: str = "sources"
    path: str = "internal://{}"
    inline: bool = False
    namespace: str = "urn:QDA-XML:project:1.0"

    def guid(self, what: str) -> str:
        made = str(uuid.uuid5(SPACE, what))
        return {"lower": made, "upper": made.upper(), "braces": f"{{{made}}}"}[self.guids]

    def stored(self, text: str) -> str:
        return self.mark + text.replace("\n", self.newline)

    def offset(self, text: str, position: int) -> int:
        """Count up to a position of the tidy text as this program does."""
        before = text[:position]
        if self.line_ends == "every line end as two":
            before = before.replace("\n", "\r\n")
        elif self.line_ends == "CRLF as two":
            before = before.replace("\n", self.newline)
        before = self.mark + before if self.counts_mark else before
        return {
            "code points": len(before),
            "UTF-16 units": len(before.encode("utf-16-le")) // 2,
            "UTF-8 bytes": len(before.encode()),
        }[self.unit]

    def span(self, text: str, start: int, end: int) -> tuple[int, int]:
        return self.offset(text, start), self.offset(text, end) - (self.end == "inclusive")


NVIVO = Manner("NVivo for Windows 12.6", "UTF-16 units", newline="\r\n", mark="\ufeff", folder="Sources")
NVIVO_MAC = replace(NVIVO, origin="NVivo for Mac 14.23", newline="\n", mark="")
ATLAS_8 = Manner(
    "ATLAS.ti 8.4.0 573 , macOS Version 10.14.3",
    line_ends="CRLF as one",
    newline="\r\n",
    names="cut",
    guids="upper",
    xml="Project.qde",
)
ATLAS_23 = replace(ATLAS_8, origin="ATLAS.ti 23.2.1 Windows", mark="\ufeff", xml="wijk.qde")
MAXQDA = Manner("MAXQDA Pro 2024 24.2", newline="\r\n", guids="upper", path="{}", names="full")
QUALCODER = Manner("QualCoder 3.8", guids="braces", names="file")
QC = Manner("qc 1.6", inline=True)
MANNERS = {
    "NVivo Windows": NVIVO,
    "NVivo Mac": NVIVO_MAC,
    "ATLAS.ti 8": ATLAS_8,
    "ATLAS.ti 23": ATLAS_23,
    "MAXQDA": MAXQDA,
    "QualCoder": QUALCODER,
    "qc": QC,
}


@dataclass
class Coded:
    """A text and what is coded in it: start and end in code points of the text, and the number of the code."""

    text: str
    spans: list[tuple[int, int, int]] = field(default_factory=list)
    comment: str = ""


def phrases(text: str = TEXT, what: list[str] = PHRASES, repeat: int = 1) -> Coded:
    """Code each of these phrases, in turn with code 0, 1 and 2."""
    spans = [(text.index(p), text.index(p) + len(p), n % 3) for n, p in enumerate(what)]
    return Coded(text, spans * repeat)


def _name(manner: Manner, words: str) -> str:
    if manner.names == "cut":
        return words if len(words) <= 100 else words[:100] + "…"
    return {"none": "", "full": words, "file": "bron.txt [12-40]"}[manner.names]


def deep_codes(manner: Manner, depth: int = 7, codes: int = 3) -> str:
    """Return codes: one in the other `depth` deep, then more beside it; the first and last have the same name."""
    inside = ""
    for level in reversed(range(depth)):
        guid, name = quoteattr(manner.guid(f"code {level}")), quoteattr("thema" if level else "wijk & buurt")
        inside = (
            f'<Code guid={guid} name={name} isCodable="true" color="#ff0000">'
            f"<Description>diepte {level}</Description>{inside}</Code>"
        )
    beside = "".join(
        f'<Code guid={quoteattr(manner.guid(f"code {n}"))} name="thema" isCodable="true"/>' for n in range(depth, codes)
    )
    return inside + beside


def write(
    path: Path,
    manner: Manner,
    documents: list[Coded],
    codes: str = "",
    before: str = "",
    sources: str = "",
    after: str = "",
    drop_texts: bool = False,
) -> Path:
    """Write a .qdpx with these documents; `before`, `sources` and `after` are more XML, put where they belong."""
    user = manner.guid("user")
    parts = []
    files = {}
    for number, document in enumerate(documents):
        key = manner.guid(f"document {number}")
        file = f"{key.strip('{}')}.txt"
        selections = []
        for n, (start, end, code) in enumerate(document.spans):
            first, last = manner.span(document.text, start, end)
            comment = f"<Description>{escape(document.comment)}</Description>" if document.comment else ""
            selection, coding, of = (
                quoteattr(manner.guid(what))
                for what in (f"selection {number} {n}", f"coding {number} {n}", f"code {code}")
            )
            by = f"creatingUser={quoteattr(user)}"
            selections.append(
                f"<PlainTextSelection guid={selection} name={quoteattr(_name(manner, document.text[start:end]))} "
                f"startPosition='{first}' endPosition='{last}' {by}>{comment}<Coding guid={coding} {by}>"
                f"<CodeRef targetGUID={of}/></Coding></PlainTextSelection>"
            )
        at, inside = f"plainTextPath={quoteattr(manner.path.format(file))}", ""
        if manner.inline:
            at, inside = "", f"<PlainTextContent>{escape(document.text)}</PlainTextContent>"
        elif not drop_texts:
            files[f"{manner.folder}/{file}"] = manner.stored(document.text).encode()
        name = quoteattr(f"gesprek {number}")
        parts.append(f"<TextSource guid={quoteattr(key)} name={name} {at}>{inside}{''.join(selections)}</TextSource>")
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{manner.namespace}" name="wijk" '
        f'origin={quoteattr(manner.origin)} basePath="C:\\Users\\jansen\\wijk"><Users><User guid={quoteattr(user)} '
        f'name="M. Jansen"/></Users><CodeBook><Codes>{codes or deep_codes(manner)}</Codes></CodeBook>'
        f"{before}<Sources>{''.join(parts)}{sources}</Sources>{after}</Project>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(manner.xml, xml)
        for name, content in files.items():
            archive.writestr(name, content)
    return path
