"""One transcript: the text of a file, its turns, what is left out of it, and what it seems to lack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.files import decode, read_bytes
from koppelkans.readers.limits import hold
from koppelkans.readers.line_ends import UNSEEN, lines_of
from koppelkans.readers.nvivo_reports import is_coded_text
from koppelkans.readers.subtitles import read_subtitles
from koppelkans.readers.turns import INTERVIEWER, PERSON, UNKNOWN, Line, Turn, find_turns, is_word_for_speaker, key_of
from koppelkans.readers.word import read_word

ENDINGS = (".docx", ".txt", ".vtt", ".srt")
_SUBTITLES = (".vtt", ".srt")
EXPECTED = "a transcript (.docx, .txt, .vtt or .srt)"


class CodedText(KoppelkansError):
    """A file is no transcript but what NVivo writes of the text coded with a code."""


@dataclass(frozen=True)
class Transcript:
    """What a file holds. left_out: what -> how many of it and how many words; notes: what to look at."""

    text: str
    turns: list[Turn]
    how: str
    head: dict[str, str]
    about: dict[str, Any]
    left_out: dict[str, tuple[int, int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_file(path: Path) -> Transcript:
    """Read one file. Raises KoppelkansError, one line, where it cannot be read; CodedText for an export of NVivo."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise KoppelkansError(
            f"{path}: found a file ending in {ending or 'nothing'!r}, expected {EXPECTED}; save it as one of these"
        )
    head, encoding, notes, unread = dict[str, str](), "", list[str](), dict[str, tuple[int, int]]()
    if ending == ".docx":
        word = read_word(path)
        raw = "".join(paragraph.text for paragraph in word.paragraphs)
        pieces = [piece for paragraph in word.paragraphs for piece in _pieces(paragraph.text, paragraph.bold)]
        head, unread = word.header, word.left_out
        if word.hidden:
            notes.append(f"{by_number(word.hidden, 'word is', 'words are')} hidden in Word, and read all the same")
    else:
        raw, encoding, notes = decode(read_bytes(path, EXPECTED), str(path))
        pieces = list(_pieces(raw, 0))
    hold("rows", len(pieces), str(path))
    text = "\n".join(line for line, _ in pieces)
    if not text.strip():
        raise KoppelkansError(f"{path}: the document holds no text; expected what was said in the interview")
    if is_coded_text([line for line, _ in pieces]):
        raise CodedText(
            f"{path}: this is what NVivo writes of the text coded with one code, expected {EXPECTED}; put it outside "
            "the folder of transcripts and name it as a file of its own"
        )
    unread |= {"signs that nobody sees": (n, 0)} if (n := len(UNSEEN.findall(raw))) else {}
    subtitles = read_subtitles([line for line, _ in pieces])
    if subtitles:
        if where := ", ".join(map(str, subtitles.doubtful[:3])):
            notes.append(f"line {where}: an arrow without two times, so it stands among the words")
        about = {"encoding": encoding, "cues": subtitles.cues}
        return Transcript(
            subtitles.text, subtitles.turns, subtitles.how, head, about, subtitles.left_out | unread, notes
        )
    if ending in _SUBTITLES:
        raise KoppelkansError(
            f"{path}: found no times in it such as 00:00:01.000 --> 00:00:04.000, expected subtitles; export it again, "
            "or save it as .txt if it is a transcript"
        )
    turns, how = find_turns(text, _lines(pieces))
    before = [line for line in text[: turns[0].opens].split("\n") if line.strip()]
    n_words = sum(len(line.split()) for line in before)
    left_out = {"lines before the first turn": (len(before), n_words)} if before else {}
    return Transcript(text, turns, how, head, {"encoding": encoding}, left_out | unread, notes)


def _pieces(text: str, bold: int) -> Iterator[tuple[str, int]]:
    """Yield the lines of a text without signs that nobody sees, and how many characters at the start are bold."""
    for start, line in lines_of(text):
        thick = max(0, min(bold - start, len(line)))
        yield UNSEEN.sub("", line), len(UNSEEN.sub("", line[:thick]))


def _lines(pieces: list[tuple[str, int]]) -> list[Line]:
    lines, start = [], 0
    for text, bold in pieces:
        lines.append(Line(start, text, bold))
        start += len(text) + 1
    return lines


_WITHIN = re.compile(r"(?<=[.?!…)\"”’] )(?P<label>\w{1,14}\.?(?: ?\d{1,2})?) ?:\s")
_ALMOST_ALL = 0.95  # of the words, by one speaker among others


def doubts(read: Transcript) -> list[str]:
    """Return what a transcript seems to lack, which is how turns that were missed show; nobody is named."""
    turns = read.turns
    roles = {turn.role for turn in turns}
    said: Counter[str] = Counter()
    for turn in turns:
        said[key_of(turn.speaker) or turn.role] += len(read.text[turn.start : turn.end].split())
    within = [m for turn in turns for m in _WITHIN.finditer(read.text, turn.start, turn.end)]
    glued = sum(is_word_for_speaker(key_of(m["label"])) for m in within)
    is_named = any(turn.speaker for turn in turns)
    often = by_number(glued, "time", "times")
    notes = [f"{often} a word for a speaker and a colon stand within a line, where no turn starts"] * bool(glued)
    if INTERVIEWER in roles and PERSON not in roles:
        notes.append("an interviewer speaks and no respondent; look whether each turn starts on a line of its own")
    elif is_named and len(said) == 1:
        notes.append("one speaker only; look whether each turn starts on a line of its own")
    elif roles == {UNKNOWN}:
        notes.append("no speaker has a known role" if is_named else read.how)
    if len(said) > 1 and (share := max(said.values()) / max(said.total(), 1)) >= _ALMOST_ALL:
        notes.append(f"one speaker says {share:.0%} of the words; look whether turns of others were missed")
    return notes
