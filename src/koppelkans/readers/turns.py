"""Who says what in a transcript: turns of speakers, found by labels, time stamps and bold names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

INTERVIEWER, PERSON, UNKNOWN = "interviewer", "respondent", "unknown"

_CLOCK = r"\d{1,2}:\d{1,2}(?::\d{1,2})?(?:[.,-]\d{1,3})?"
_LABEL = r"[^\W\d_][^:\t\n\[\]{}#<>]{0,39}?|[^\W\d_]"


def _stamp(name: str) -> str:
    """Return a pattern for a time stamp, with or without brackets, as a group of this name."""
    return rf"[\[({{#<]?\s*(?P<{name}>{_CLOCK})\s*(?:-->\s*{_CLOCK})?\s*[\])}}#>]?"


_SPOKEN = re.compile(  # [00:01:23] R1 (00:01:23): words
    rf"^\s*(?:{_stamp('before')}[\s,:–-]*)?[\[<]?(?P<label>{_LABEL})[\]>]?\s*(?:{_stamp('after')})?\s*"
    r"(?P<mark>:(?!\d)|\t)\s*"
)
_HEADING = re.compile(  # R1 00:01:23, [R1] 00:01:23 or 00:01:23 R1, alone on a line
    rf"^\s*(?:{_stamp('before')}[\s,–-]+\[?(?P<label>{_LABEL})\]?|"
    rf"\[?(?P<name>{_LABEL})\]?[\s,–-]+{_stamp('after')})\s*$"
)
_ALONE = re.compile(rf"^\s*{_stamp('time')}\s*$")
_ANYWHERE = re.compile(r"[\[({#]\s*(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:[.,-]\d{1,3})?)\s*[\])}#]")
_LEADING = re.compile(rf"^\s*{_stamp('time')}[\s–-]+")

_ASKS = re.compile(
    r"(?i)^(i|int|itv|interviewer|interviewster|interviewers?|onderzoeker|researcher|moderator|mod|gespreksleider|"
    r"facilitator|vr|vraagsteller|begeleider)\s*\.?\s*\d{0,2}$"
)
_ANSWERS = re.compile(
    r"(?i)^(r|resp|respondente?|p|pp|participant|deelnemer|deelneemster|bewoner|bewoonster|ge[iï]nterviewde|interviewee|"
    r"huurder|woningeigenaar|eigenaar|tenant|resident|homeowner|informant|b|g|befragter?)\s*\.?\s*\d{0,3}\s*[a-z]?$"
)
_PAIRS = ({"v": INTERVIEWER, "a": PERSON}, {"q": INTERVIEWER, "a": PERSON}, {"vraag": INTERVIEWER, "antwoord": PERSON},
          {"question": INTERVIEWER, "answer": PERSON})  # fmt: skip
_SPEAKER = re.compile(
    r"(?i)^(spreker|speaker|sprecher|persoon|stem|onbekende spreker|unknown speaker)[\s_]*(\d{1,3}\s?[a-z]?|[a-z])?$"
)
_MOST_WORDS = 5
_LONGEST = 200  # how far into a line, or into what is said, a label or time stamp is looked for


@dataclass(frozen=True)
class Line:
    """A line of a transcript: where it starts in the text, its words, and how many characters at its start are bold."""

    start: int
    text: str
    bold: int = 0


@dataclass(frozen=True)
class Turn:
    """A turn: speaker as the transcript has it, role, where the words stand (end exclusive), time (hh:mm:ss or "").

    until: when it ends, where that is known. opens: where its label or time stamp stands, before the words.
    """

    speaker: str
    role: str
    start: int
    end: int
    time: str
    until: str = ""
    opens: int = 0


@dataclass(frozen=True)
class Opening:
    """A line that may open a turn: the label, where the words begin in the line, the time, and how sure it is."""

    label: str
    words: int
    time: str
    alone: bool


def find_turns(text: str, lines: list[Line]) -> tuple[list[Turn], str]:
    """Return the turns of a transcript and how they were found.

    A label opens a turn where it is a word for a speaker (I, R1, Interviewer, Respondent 2, Spreker 1), is bold, stands
    with a time on a line of its own as others do, or stands before words at least twice. Without labels, bold
    paragraphs are the interviewer's; without those, the whole text is one turn of an unknown speaker.
    """
    found = openings(lines)
    if not any(found):
        return _turns_by_bold(text, lines)
    return with_roles(_join(text, lines, found)), "labels of speakers"


def openings(lines: list[Line]) -> list[Opening | None]:
    """Return for each line the opening of a turn in it, None where it opens none."""
    maybe = [_opening(line) for line in lines]
    times = Counter(key_of(opening.label) for opening in maybe if opening)
    bold = {key_of(o.label) for o, line in zip(maybe, lines, strict=True) if o and _is_bold(o, line)}
    alone = [key_of(opening.label) for opening in maybe if opening and opening.alone]
    sure = bold | set(alone if len(alone) > 1 else ())
    labels = {key for key in times if is_word_for_speaker(key) or times[key] > 1 or key in sure}
    return [o if o and key_of(o.label) in labels else None for o in maybe]


def with_roles(turns: list[Turn]) -> list[Turn]:
    """Return turns with the roles that their speakers have beside one another."""
    roles = _roles({key_of(turn.speaker) for turn in turns if turn.speaker})
    return [replace(turn, role=roles.get(key_of(turn.speaker), UNKNOWN)) for turn in turns]


def key_of(label: str) -> str:
    """Return the label of a speaker in small letters, to compare it."""
    return " ".join(label.split()).casefold()


def _is_bold(opening: Opening, line: Line) -> bool:
    return line.bold >= line.text.find(opening.label) + len(opening.label) and line.bold < len(line.text.rstrip())


def is_word_for_speaker(key: str) -> bool:
    """Tell whether a label, in small letters, is a common word for a speaker, such as i, r1 or spreker 1."""
    in_pair = any(key in pair for pair in _PAIRS)
    return bool(_ASKS.match(key) or _ANSWERS.match(key) or _SPEAKER.match(key) or in_pair)


def _opening(line: Line) -> Opening | None:
    spoken = _SPOKEN.match(line.text[:_LONGEST])
    if spoken and may_be_label(spoken["label"], spoken["mark"]):
        return Opening(spoken["label"].strip(), spoken.end(), clock(spoken["before"] or spoken["after"]), False)
    heading = _HEADING.match(line.text) if len(line.text) <= _LONGEST else None
    if heading:
        label = heading["label"] or heading["name"]
        if may_be_label(re.sub(r"[,()]|\.(?!\w)", "", label), ":"):  # Jansen, A. (Anna)
            return Opening(label.strip(), len(line.text), clock(heading["before"] or heading["after"]), True)
    if 0 < line.bold < len(line.text.rstrip()) and may_be_label(line.text[: line.bold].strip(), ":"):
        return Opening(line.text[: line.bold].strip(), line.bold, "", False)
    return None


def may_be_label(label: str, mark: str) -> bool:
    """Tell whether words before a colon can name a speaker: few, with a capital, and no sentence."""
    words = label.split()
    named = bool(words) and (words[0][0].isupper() or is_word_for_speaker(key_of(label)))
    plain = not re.search(r"[?!,;“”\"/]|\.\s+[a-z]|\.$", label.removesuffix("."))
    return named and plain and len(words) <= (_MOST_WORDS if mark == ":" else 3)


def clock(text: str | None) -> str:
    """Return a time stamp as hh:mm:ss, with tenths or milliseconds after a point (00:01:23-5 -> 00:01:23.5)."""
    if not text:
        return ""
    whole, _, part = text.replace(",", ".").replace("-", ".").partition(".")
    numbers = [int(number) for number in whole.split(":")]
    hours, minutes, seconds = ([0] * 3 + numbers)[-3:]
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}" + (f".{part}" if part else "")


def seconds(time: str) -> float | None:
    """Return a time of `clock` in seconds, None for ""."""
    hours, minutes, rest = time.split(":") if time else ("", "", "")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(rest), 3) if time else None


def _join(text: str, lines: list[Line], found: list[Opening | None]) -> list[Turn]:
    """Return turns from an opening to the next; a time alone on a line belongs to what follows it."""
    starts: list[tuple[Opening, int, int, str]] = []  # opening, where it stands, where its words start, time before it
    waiting = ""
    waiting_at: int | None = None
    for line, opening in zip(lines, found, strict=True):
        alone = _ALONE.match(line.text) if len(line.text) <= _LONGEST else None
        if alone:
            waiting, waiting_at = clock(alone["time"]), line.start
        elif opening:
            at = line.start if waiting_at is None else waiting_at
            starts.append((opening, at, line.start + opening.words, waiting))
            waiting, waiting_at = "", None
        elif line.text.strip():
            waiting, waiting_at = "", None
    turns = []
    for number, (opening, at, start, before) in enumerate(starts):
        stop = starts[number + 1][1] if number + 1 < len(starts) else len(text)
        words = text[start:stop]
        leading = _LEADING.match(words[:_LONGEST])
        time = opening.time or before
        if leading and not time:
            time, start = clock(leading["time"]), start + leading.end()
            words = text[start:stop]
        inside = _ANYWHERE.search(words)
        time = time or (clock(inside["time"]) if inside else "")
        first = start + len(words) - len(words.lstrip())
        turns.append(Turn(opening.label, UNKNOWN, first, max(first, start + len(words.rstrip())), time, "", at))
    return turns


def _roles(keys: set[str]) -> dict[str, str]:
    """Return the role of each speaker; the only other voice beside one interviewer is the respondent."""
    roles = {key: INTERVIEWER if _ASKS.match(key) else PERSON if _ANSWERS.match(key) else UNKNOWN for key in keys}
    for pair in _PAIRS:
        if set(pair) <= keys:
            roles.update(pair)
    unknown = [key for key, role in roles.items() if role == UNKNOWN]
    if len(unknown) == 1 and list(roles.values()).count(INTERVIEWER) >= 1 and PERSON not in roles.values():
        roles[unknown[0]] = PERSON
    return roles


def _turns_by_bold(text: str, lines: list[Line]) -> tuple[list[Turn], str]:
    """Return turns of bold (interviewer) and plain (respondent) paragraphs, else one turn of the whole text."""
    spoken = [line for line in lines if line.text.strip()]
    is_bold = [line.bold >= len(line.text.rstrip()) for line in spoken]
    changes = sum(left != right for left, right in pairwise(is_bold))
    if changes >= 3:
        turns: list[Turn] = []
        for line, bold in zip(spoken, is_bold, strict=True):
            role = INTERVIEWER if bold else PERSON
            start = line.start + len(line.text) - len(line.text.lstrip())
            end = line.start + len(line.text.rstrip())
            if turns and turns[-1].role == role:
                turns[-1] = replace(turns[-1], end=end)
            else:
                turns.append(Turn("", role, start, end, "", "", start))
        return turns, "bold paragraphs, taken as the interviewer's"
    start = len(text) - len(text.lstrip())
    return [
        Turn("", UNKNOWN, start, max(start, len(text.rstrip())), "", "", start)
    ], "no labels: the whole text is one turn"
