"""Break a file as accidents and attackers do: in its bytes, its numbers, its markup, or the parts of its zip."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from random import Random

NASTY = [
    token.encode("utf-8", "surrogatepass")
    for token in (
        *(
            "",
            "0",
            "-1",
            "1e9",
            "1e999",
            "NaN",
            "inf",
            "-inf",
            "10" * 15,
            "9" * 5_000,
            "0xffff",
            "1_000",
            "²",
            "١٢",
            "1:30",
        ),
        *("<", ">", "&", "&#0;", "&#xD800;", "&amp;", "]]>", "<!--", "<?x ", "<![CDATA[", "<!DOCTYPE a>", "<CodeRef/>"),
        *(
            "\0",
            "\x01",
            "\x1b[31m",
            "\x1e",
            "\x7f",
            "\x85",
            "\u2028",
            "\u200b",
            "\ufeff",
            "\ufffe",
            "\ud800",
            "\U0001f600",
        ),
        *("'", '"', '""', ";", ",", "\t", "|", "\n", "\r", "\r\n\r\n", "\\", "::", "::" * 300, " > " * 250, "/" * 50),
        *(
            "=1+1",
            "@SUM(1)",
            "{{7*7}}",
            "$x$",
            "${X}",
            "%s",
            "../../../etc/passwd",
            "file:///etc/passwd",
            "internal://",
        ),
        *(
            "[",
            "]",
            "{",
            "}",
            "*a",
            "&a ",
            "!!python/object:os.system",
            "---",
            "- ",
            ": ",
            "yes",
            "null",
            "~",
            "2021-13-45",
        ),
        *("a" * 3_000, "é" * 2_000, "<a>" * 300, "I: " * 500, "-->", "00:00:01.000 --> 00:00:02.000", "<v X>", "</v>"),
    )
]


def mutated(content: bytes, chance: Random, others: list[bytes]) -> bytes:
    """Return the content with one to four things changed; `others` are contents that pieces may come from."""
    if content.startswith(b"PK") and chance.random() < 0.85:
        try:
            return _zip(content, chance, others)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
            pass
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(_WAYS)(content, chance, others)
    return content[:2_000_000]


def _place(content: bytes, chance: Random) -> int:
    return chance.randrange(len(content) + 1)


def _flip(content: bytes, chance: Random, _: list[bytes]) -> bytes:
    made = bytearray(content or b"\0")
    for _n in range(chance.choice((1, 2, 10))):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def _cut(content: bytes, chance: Random, _: list[bytes]) -> bytes:
    start = _place(content, chance)
    return content[:start] + content[start + chance.choice((1, 5, 50, len(content))) :]


def _again(content: bytes, chance: Random, _: list[bytes]) -> bytes:
    start = _place(content, chance)
    piece = content[start : start + chance.choice((1, 10, 100, 1_000))]
    return content[:start] + piece * chance.choice((2, 3, 20)) + content[start:]


def _insert(content: bytes, chance: Random, _: list[bytes]) -> bytes:
    start = _place(content, chance)
    return content[:start] + chance.choice(NASTY) + content[start:]


def _splice(content: bytes, chance: Random, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    start, end = _place(content, chance), _place(other, chance)
    return content[:start] + other[end : end + chance.choice((20, 500))] + content[start:]


def _replaced(pattern: bytes):  # type: ignore[no-untyped-def]
    def replace(content: bytes, chance: Random, _: list[bytes]) -> bytes:
        found = list(re.finditer(pattern, content[:300_000]))
        if not found:
            return _insert(content, chance, _)
        start, end = chance.choice(found).span(1)
        return content[:start] + chance.choice(NASTY) + content[end:]

    return replace


def _lines(content: bytes, chance: Random, _: list[bytes]) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = chance.choice(((lines[other], lines[one]), (b"", lines[other]), (lines[other],) * 2))
    return b"\n".join(lines)


_WAYS = [
    *(_flip, _cut, _again, _insert, _splice, _lines),
    *(_replaced(rb"(\d+)"), _replaced(rb'"([^"<>]{0,80})"'), _replaced(rb"(?:^|[,;\t\n])([^,;\t\n]{1,60})")),
    *(_replaced(rb'(\s[\w:.-]+="[^"]*")'), _replaced(rb"(</?[^<>]{1,200}>)"), _replaced(rb"<([\w:.-]+)[\s>]")),
]


def _zip(content: bytes, chance: Random, others: list[bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        members = [(info.filename, opened.read(info)) for info in opened.infolist()]
    if not members:
        return content
    at = chance.randrange(len(members))
    name, inside = members[at]
    what = chance.random()
    if what < 0.85:
        members[at] = (name, mutated(inside, chance, others))
    elif what < 0.9:
        members.append((name, inside))
    elif what < 0.95:
        members.pop(at)
    else:
        members[at] = (chance.choice(("../x", "x" * 300, name.upper(), "a\\b", "é.xml", "Sources/")), inside)
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", chance.choice((0, 8))) as written:
        warnings.simplefilter("ignore")  # a name twice is meant
        for name, inside in members:
            written.writestr(name, inside)
    return made.getvalue()
