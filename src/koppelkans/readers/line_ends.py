"""What ends a line in a text that came in, and which signs nobody sees: one answer for every reader.

Besides the line feed: the soft breaks of Word (vertical tab) and of Qt and NVivo (line and paragraph separator), the
form feed of a page, and the next line of Unicode. A text with codings is only looked at in this way, never changed:
positions count in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from koppelkans.errors import by_number

LINE_END = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
UNSEEN = re.compile("[\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Soft hyphens, blanks without width, marks of direction and byte order marks within a text."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """Return a text without the characters that XML, and so Word and Excel, cannot hold, such as a form feed."""
    return _NO_XML.sub("", text)


def without_controls(text: str) -> tuple[str, int]:
    """Return a text with a blank for each control character that is no line end or tab, and how many there were.

    Positions stay as they are, whatever they count.
    """
    return (text, 0) if text.isprintable() else _CONTROL.subn(" ", text)


def note_on_controls(number: int) -> list[str]:
    """Say that control characters were read as blanks, where there were any."""
    return [f"{by_number(number, 'control character', 'control characters')}, read as blanks"] if number else []


def with_line_feeds(text: str) -> str:
    r"""Return a text in which every line ends in \n."""
    return LINE_END.sub("\n", text)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each line of a text starts (code points), and the line without its end."""
    start = 0
    for end in LINE_END.finditer(text):
        yield start, text[start : end.start()]
        start = end.end()
    yield start, text[start:]
