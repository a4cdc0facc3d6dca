"""Subtitles to turns with speaker and time: .vtt and .srt, and what Teams, Zoom and Webex write in that manner.

WebVTT as https://www.w3.org/TR/webvtt1/ has it, SubRip as programs write it. What a file is, its lines tell: it begins
with WEBVTT, or times with an arrow between them stand above the words.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from koppelkans.readers.line_ends import UNSEEN
from koppelkans.readers.turns import Line, Turn, clock, is_word_for_speaker, key_of, may_be_label, openings, with_roles

_TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_TIMES = re.compile(rf"^\s*[\[(]?({_TIME})\s*(?:[-–—]{{1,2}}>|→)\s*({_TIME})(?!\d)[\])]?(.*)$")
_SETTING = re.compile(r"(?<!\S)(?:(?:vertical|line|position|size|align|region):|[XY][12]:\d)\S*")
_BLOCK = re.compile(r"^(?:(NOTE)(?:[ \t].*)?|(STYLE|REGION)[ \t]*)$")
_NAME_IN_ID = re.compile(r'^\s*\d+\s+"(?P<name>[^"]+)"(?:\s+\(\d+\))?\s*$')  # 1 "Anna" (3205), of Webex
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>|</v\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|ruby|rt|lang|font|span)(?:[.\s][^>]*)?>|<\d+(?::\d+)+(?:[.,]\d+)?>|\{\\[^}]*\}", re.IGNORECASE
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|\w+);")
_NAMED = re.compile(r"^\s*(?P<label>[^\s:<>][^:<>]{0,59}?)\s*:\s+(?=\S)")
_MOSTLY = 0.8  # of the cues, in a file in which every cue names its speaker


@dataclass
class _Cue:
    begins: str
    ends: str
    speaker: str
    lines: list[str] = field(default_factory=list)


@dataclass
class Subtitles:
    """A text of one line a turn, "speaker: words"; its turns, how speakers were found, and what else the file has.

    left_out: what -> how many of it and how many words. cues: how many there are. doubtful: lines (from 1) with an
    arrow and no times, which stand among the words.
    """

    text: str
    turns: list[Turn]
    how: str
    cues: int
    left_out: dict[str, tuple[int, int]]
    doubtful: list[int]


_Part = tuple[_Cue, str, str]  # cue, speaker, words


def read_subtitles(lines: list[str]) -> Subtitles | None:
    """Read the lines of subtitles; None where they are something else."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    is_vtt = bool(filled) and bool(re.match(r"WEBVTT(?:\s|$)", lines[filled[0]].strip()))
    times = {place: times for place, line in enumerate(lines) if (times := _TIMES.match(line))}
    if not times or not (is_vtt or len(times) > 1 or min(times) in filled[:2]):
        return None
    left, words = Counter[str](), Counter[str]()
    cues = _cues(lines, times, is_vtt, left, words)
    parts, how = _by_voice(cues) or _by_name_above(cues) or _by_label(cues)
    left["empty cues"] = len(cues) - len({id(cue) for cue, _, said in parts if said})
    text, turns = _joined(parts)
    doubtful = [n for n, line in enumerate(lines, start=1) if "-->" in line and n - 1 not in times]
    left_out = {what: (max(left[what], 1), words[what]) for what in {**left, **words} if left[what] or words[what]}
    return Subtitles(text, turns, how, len(cues), left_out, doubtful)


def _cues(
    lines: list[str], times: dict[int, re.Match[str]], is_vtt: bool, left: Counter[str], words: Counter[str]
) -> list[_Cue]:
    """Return the cues, and count what is left out; lines that belong to no block go with the cue before them."""
    names = _identifiers(lines, times, is_vtt)
    cues: list[_Cue] = []
    block, after_blank = "", True
    for place, line in enumerate(lines):
        plain, what = line.strip(), ""
        if place in times:
            begins, ends, rest = times[place].groups()
            cues.append(_Cue(clock(begins), clock(ends), names.get(place - 1, ""), [_SETTING.sub("", rest)]))
            block, what, plain = "", "settings of cues", " ".join(_SETTING.findall(rest))
        elif place in names:
            block, what = "", "cue numbers" if plain.isdecimal() else "names of cues"
        elif not plain:
            block = ""
        elif is_vtt and after_blank and (opened := _BLOCK.match(plain)):
            block = what = f"{opened[1] or opened[2]} blocks"
        elif is_vtt and not any((cues, block, left)):
            block = what = "header of the file"
            plain = plain.removeprefix("WEBVTT")
        elif block:
            words[block] += len(plain.split())
        elif not cues:
            what = "lines before the first cue"
        else:
            cues[-1].lines.append(line)
        if what and plain:
            left[what] += 1
            words[what] += len(plain.split())
        after_blank = not plain and place not in times
    return cues


def _identifiers(lines: list[str], times: dict[int, re.Match[str]], is_vtt: bool) -> dict[int, str]:
    """Return which lines are the number or name of a cue, right above its times, with the speaker that they name."""
    above = {place - 1: lines[place - 1].strip() for place in times if place and place - 1 not in times}
    numbered = above.get(min(times) - 1, "").isdecimal()
    often = Counter(above.values())
    parted = {place for place in above if place == 0 or not lines[place - 1].strip()}
    every = sum(may_be_label(above[place], ":") for place in parted) >= _MOSTLY * len(times)
    names = {}
    for place, line in above.items():
        named = _NAME_IN_ID.match(line)
        speaks = may_be_label(line, ":") and (every or often[line] > 1 or is_word_for_speaker(key_of(line)))
        if line.isdecimal() and (place in parted or numbered):
            names[place] = ""
        elif place in parted and line and (is_vtt or named or speaks) and not re.match("WEBVTT|NOTE", line):
            names[place] = named["name"] if named else line if speaks else ""
    return names


def _plain(words: str) -> str:
    """Return words without marks of lay-out, on one line."""
    bare = _TAG.sub("", _BREAK.sub(" ", words))
    seen = UNSEEN.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), bare))
    return " ".join(seen.split())


def _by_voice(cues: list[_Cue]) -> tuple[list[_Part], str] | None:
    """Return what each speaker says by voice tags, <v Name>, or by names in the numbers of cues.

    Words behind a closed tag are of the voice around it, or of whom the cue names; else of nobody.
    """
    parts: list[_Part] = []
    for cue in cues:
        said = _VOICE.split("\n".join(cue.lines))
        voices, around = [cue.speaker], [cue.speaker]
        for name in said[1::2]:
            if name is not None:
                around.append(_plain(name).replace(":", " "))
            elif len(around) > 1:
                around.pop()
            voices.append(around[-1])
        parts += [(cue, who, _plain(words)) for who, words in zip(voices, said[::2], strict=True)]
    return (parts, "voices of subtitles") if any(who for _, who, _ in parts) else None


def _by_name_above(cues: list[_Cue]) -> tuple[list[_Part], str] | None:
    """Return what each speaker says where a name stands on a line of its own above most words, as in Teams' .docx."""
    filled = [[line for line in map(_plain, cue.lines) if line] for cue in cues]
    above = Counter(lines[0] for lines in filled if len(lines) > 1 and may_be_label(lines[0], ":"))
    names = {name for name, times in above.items() if times > 1 or is_word_for_speaker(key_of(name))}
    if sum(lines[0] in names for lines in filled if len(lines) > 1) * 2 < max(sum(map(bool, filled)), 1):
        return None
    names = set(above) if above.total() >= _MOSTLY * sum(map(bool, filled)) else names
    parts, who = list[_Part](), ""
    for cue, lines in zip(cues, filled, strict=True):
        is_named = len(lines) > 1 and lines[0] in names
        who = lines[0] if is_named else who
        parts.append((cue, who, " ".join(lines[is_named:])))
    return parts, "names above the words of subtitles"


def _by_label(cues: list[_Cue]) -> tuple[list[_Part], str]:
    """Return what each speaker says by labels, "Name: words"; without those, who speaks is unknown in every cue."""
    lines = [(cue, words) for cue in cues for line in cue.lines if (words := _plain(line))]
    firsts = {id(cue): place for place, (cue, _) in reversed(list(enumerate(lines)))}
    named = {place: found for place in firsts.values() if (found := _NAMED.match(lines[place][1]))}
    labels: dict[int, tuple[str, int]] = {}
    if len(named) > 1 and len(named) >= _MOSTLY * len(firsts):
        labels = {place: (found["label"], found.end()) for place, found in named.items()}
    opened = openings([Line(0, words) for _, words in lines])
    labels = {place: (o.label, o.words) for place, o in enumerate(opened) if o} | labels
    if not labels:
        parts = [(cue, "", _plain(" ".join(cue.lines))) for cue in cues]
        return parts, "subtitles without names of speakers: each cue is a turn"
    parts, who = [], ""
    for place, (cue, words) in enumerate(lines):
        who, start = labels.get(place, (who, 0))
        parts.append((cue, who, words[start:].strip()))
    return parts, "labels of speakers in subtitles"


def _joined(parts: list[_Part]) -> tuple[str, list[Turn]]:
    """Return the text and its turns: what one speaker says in cues that follow one another is one turn."""
    runs: list[tuple[str, str, str, list[str]]] = []  # speaker, begins, ends, words
    last: _Cue | None = None
    for cue, who, words in (part for part in parts if part[2]):
        if runs and runs[-1][0] == who and (who or cue is last):
            who, begins, _, said = runs.pop()
            runs.append((who, begins, cue.ends, [*said, words]))
        else:
            runs.append((who, cue.begins, cue.ends, [words]))
        last = cue
    texts, turns, opens = [], [], 0
    for who, begins, ends, said in runs:
        texts.append((f"{who}: " if who else "") + " ".join(said))
        end = opens + len(texts[-1])
        turns.append(Turn(who, "", end - len(" ".join(said)), end, begins, ends, opens))
        opens = end + 1
    return "\n".join(texts), with_roles(turns)
