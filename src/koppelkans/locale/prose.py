"""The Markdown of notebooks, paragraph by paragraph: each paragraph or heading is one text to translate."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from koppelkans.locale.catalogs import prose

_FENCE = re.compile(r"\s*(```|~~~)")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_TAG = re.compile(r"</?[a-z]+>")
_LINE_COUNTS = re.compile(r"\s*([-*+>|]|\d+[.)])(\s|$)")  # a list, a quotation or a table: its lines are kept


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Cut Markdown into paragraphs (True) and what stands between them: blank lines, fences and code (False)."""
    paragraph, fence = "", ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        between = bool(fence or mark or not line.strip())
        if mark:
            fence = "" if fence == mark[1] else fence or mark[1]
        if paragraph and (between or _HEADING.match(line) or _HEADING.match(paragraph)):
            yield paragraph, True
            paragraph = ""
        if between:
            yield line, False
        else:
            paragraph += line
    if paragraph:
        yield paragraph, True


def _message(paragraph: str) -> tuple[str, str]:
    """Return the marks of a heading and the text to translate; how a paragraph is cut into lines does not matter."""
    heading = _HEADING.match(paragraph)
    marks = heading[0] if heading else ""
    body = paragraph[len(marks) :].rstrip()
    lines = body.split("\n")
    joined = body if any(_LINE_COUNTS.match(line) for line in lines) else " ".join(line.strip() for line in lines)
    return marks, joined


def messages(text: str) -> list[str]:
    """Return the texts to translate of a Markdown cell; one without letters, but for tags of HTML, is none."""
    found = (_message(part)[1] for part, is_paragraph in _parts(text) if is_paragraph)
    return [message for message in found if any(letter.isalpha() for letter in _TAG.sub("", message))]


def translated(text: str, gettext: Callable[[str], str]) -> str:
    """Return a Markdown cell in another language; a paragraph without a translation stays as it is."""

    def of(paragraph: str) -> str:
        marks, message = _message(paragraph)
        translation = gettext(message) if message else message
        end = paragraph[len(paragraph.rstrip()) :]
        return paragraph if translation == message else f"{marks}{translation}{end}"

    return "".join(of(part) if is_paragraph else part for part, is_paragraph in _parts(text))


def in_language(notebook: dict[str, Any], language: str) -> dict[str, Any]:
    """Return a notebook (as JSON) whose Markdown cells are in a language, their source as one string."""
    gettext = prose(language).gettext

    def of(cell: dict[str, Any]) -> dict[str, Any]:
        return {**cell, "source": translated("".join(cell["source"]), gettext)}

    return {**notebook, "cells": [of(c) if c["cell_type"] == "markdown" else c for c in notebook["cells"]]}


def extract(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, None, str, list[str]]]:
    """Give Babel the texts of a notebook's Markdown cells: (line, function, message, comments)."""
    for number, cell in enumerate(json.loads(file.read().decode("utf-8"))["cells"], start=1):
        if cell["cell_type"] == "markdown":
            for message in messages("".join(cell["source"])):
                yield number, None, message, []
