"""In what encoding a text stands: by its mark, by being UTF-8, else by weighing what its bytes would be.

No file says in which single-byte encoding it is, and frequencies of bytes tell nothing of a text with three accents. So
each sign that is not ASCII is weighed between its neighbours, as each encoding reads it: a small ë behind a vowel is
likely in Dutch, a capital or a symbol in the middle of a word is not.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

_STRAY = re.compile("[\udc80-\udcff]")  # what Python makes of a byte that is not UTF-8
_OF_WINDOWS = bytes(range(0x100)).decode("cp1252", "replace")
_ALMOST = "UTF-8 with a few other bytes"
_WINDOWS = "Windows-1252"
_CANDIDATES = {  # how it is called: codec, what speaks against it beforehand, and the letters that speak for it
    _WINDOWS: ("cp1252", 0, ""),
    _ALMOST: ("utf-8", 1, ""),
    "Mac Roman": ("mac_roman", 2, ""),
    "DOS 850": ("cp850", 2.5, ""),  # accents stand where they do in DOS 437
    "Windows-1254 (Turkish)": ("cp1254", 2, "[ĞğİıŞş]"),
    "Windows-1253 (Greek)": ("cp1253", 3, "[άέήίόύώΆΈΉΊΌΎΏ]|[Α-Ω]{2}"),
    "ISO-8859-7 (Greek)": ("iso8859_7", 3.5, "[άέήίόύώΆΈΉΊΌΎΏ]|[Α-Ω]{2}"),
    "Windows-1250 (Central European)": ("cp1250", 3, "[Ā-ž]"),
    "ISO-8859-2 (Central European)": ("iso8859_2", 4, "[Ā-ž]"),
}
_LINE_END = r"\r\n?|\n"
_MARGIN = 2.5  # by how much the next best must be worse
_MOST_COST = 9.0  # a sign that costs more than this on average fits no text
_UNREADABLE = 20.0
_MOST_RUNS = 2000
_TIERS = ("éëïöüè", "êçáóàä", "íúâîôûñß", "ışğãšžčćłńśżęąőűřěů", "åæøœ")  # letters, the likeliest first
_VOWELS = tuple("aeiouæøœıéë")
_HIATUS = ("oö", "eü", "oî", "aî")  # the second vowel has the accent
_OPENING, _CLOSING = "‘“„‚«", "”»"
_AFTER_A_NUMBER = "°²³½¼¾µ%"


@dataclass(frozen=True)
class Decoded:
    """A text as it stands in a file, its byte order mark and line ends included.

    encoding: in words. rivals: encodings that fit as well, where the bytes do not tell. strays: places in the text of
    what was read of bytes that are not UTF-8, as the rest is. is_broken: some bytes mean nothing in this encoding.
    """

    text: str
    encoding: str
    rivals: list[str] = field(default_factory=list)
    strays: list[int] = field(default_factory=list)
    is_broken: bool = False

    @property
    def notes(self) -> list[str]:
        """Say in one line what was decided, where the text is not UTF-8."""
        if self.strays:
            return [self.note_on_strays(lambda before: f"line {len(re.findall(_LINE_END, before)) + 1}")]
        if self.encoding.startswith("UTF-8"):
            return []
        if self.encoding.startswith("UTF-16"):
            return [f"the text is not UTF-8: read as {self.encoding}"]
        if self.rivals:
            return [
                f"the text is not UTF-8, and its bytes do not tell what it is ({' or '.join(self.rivals)}?): read as "
                f"{self.encoding}, so look at its accents; if they are wrong, save it as UTF-8"
            ]
        return [f"the text is not UTF-8: read as {self.encoding}, so look at its accents"]

    def note_on_strays(self, place: Callable[[str], str], most: int = 10) -> str:
        """Say what each byte that is not UTF-8 was read as, and where it is; `place` makes words of the text before."""
        shown = ", ".join(f"{self.text[at]!r} in {place(self.text[:at])}" for at in self.strays[:most])
        more = f" and {len(self.strays) - most} more" if len(self.strays) > most else ""
        are = "bytes are" if len(self.strays) > 1 else "byte is"
        return f"{len(self.strays)} {are} not UTF-8, as the rest is: read as {shown}{more}, so look there"


def decoded(content: bytes) -> Decoded:
    """Return the text of a file and its encoding.

    In this order: the byte order mark; UTF-8; UTF-16 without a mark, by its zero bytes; and what costs least of UTF-8
    with a few stray bytes (each read as Windows-1252), Windows, Mac and DOS, Greek, Turkish and Central European. Where
    the bytes do not tell, that is Windows-1252.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf_16(content, "utf-16", "UTF-16")
    start = content[:4096]
    if start.count(0) > len(start) // 4:
        little = start[1::2].count(0) > start[::2].count(0)
        return _utf_16(
            content, "utf-16-le" if little else "utf-16-be", f"UTF-16 ({'little' if little else 'big'} endian)"
        )
    has_mark = content.startswith(codecs.BOM_UTF8)
    try:
        return Decoded(content.decode("utf-8"), "UTF-8 with byte order mark" if has_mark else "UTF-8")
    except UnicodeDecodeError:
        if (of_pairs := _with_pairs(content)) is not None:
            return of_pairs
        encoding, rivals = (_ALMOST, []) if has_mark else _weighed(content)
    codec = _CANDIDATES[encoding][0]
    if encoding == _ALMOST:
        return _repaired(content)
    text = content.decode(codec, "replace")
    return Decoded(text, encoding, rivals, is_broken="\ufffd" in text)


def _with_pairs(content: bytes) -> Decoded | None:
    """Read UTF-8 in which a sign stands as the two halves that it has in UTF-16; None where it is something else."""
    try:
        halves = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    text = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Decoded(text, "UTF-8 with signs in two halves (CESU-8)", is_broken="\ufffd" in text)


def _utf_16(content: bytes, codec: str, encoding: str) -> Decoded:
    mark = "\ufeff" if codec == "utf-16" else ""  # Python takes it off
    try:
        return Decoded(mark + content.decode(codec), encoding)
    except UnicodeDecodeError:
        return Decoded(mark + content.decode(codec, "replace"), encoding, is_broken=True)


def _repaired(content: bytes) -> Decoded:
    """Read UTF-8 with stray bytes, and note where those stand in the text."""
    marked = content.decode("utf-8", "surrogateescape")
    text = _STRAY.sub(lambda stray: _OF_WINDOWS[ord(stray[0]) - 0xDC00], marked)
    return Decoded(text, _ALMOST, strays=[stray.start() for stray in _STRAY.finditer(marked)])


def _weighed(content: bytes) -> tuple[str, list[str]]:
    """Return the encoding that costs least, and those that cost hardly more where its text would be another."""
    runs = set()
    for match in re.finditer(rb"[\x80-\xff]+", content):
        start, end = match.span()
        runs.add(content[max(0, start - 1) : end + 1])
        if len(runs) == _MOST_RUNS:
            break
    costs: dict[str, float] = {}
    texts: dict[str, list[str]] = {}
    for name, (codec, before, own) in _CANDIDATES.items():
        read = [_repaired(run).text if name == _ALMOST else run.decode(codec, "replace") for run in sorted(runs)]
        if read not in texts.values() and re.search(own, "".join(read)):
            texts[name] = read
            costs[name] = before + sum(map(_cost_of_run, read))
    best = min(costs, key=costs.__getitem__)
    if costs[best] > _MOST_COST * sum(not sign.isascii() for run in texts[best] for sign in run):
        return _WINDOWS, [_WINDOWS, "one that is not known"]
    near = [name for name in costs if costs[name] < costs[best] + _MARGIN]
    return (_WINDOWS if _WINDOWS in near else best), near if len(near) > 1 else []


def _cost_of_run(text: str) -> float:
    signs = ["", *text, ""]
    return sum(_cost(*three) for three in zip(signs, signs[1:], signs[2:], strict=False) if not three[1].isascii())


def _cost(before: str, sign: str, after: str) -> float:
    """Return how unlikely a sign is between its neighbours ("" where the text begins or ends)."""
    if sign == "\ufffd" or unicodedata.category(sign) == "Cc":
        return _UNREADABLE
    if unicodedata.category(sign) not in ("Lu", "Ll"):
        return _cost_of_mark(before, sign, after)
    cost = 1.0 + (1 + 8 * before.islower() if sign.isupper() else 5 * after.isupper())
    cost += 5 * (not before.isalpha() and not after.isalpha() and sign != "à") + 3 * before.isdigit()
    lower, previous, following = (one.lower() for one in (sign, before, after))
    if _is_greek(sign):
        is_mixed = any(one.isalpha() and not _is_greek(one) for one in (before, after))
        return cost + 9 * is_mixed + 4 * ((sign == "ς") == after.isalpha() if sign in "ςσ" else False)
    cost += next((1.5 * tier for tier, letters in enumerate(_TIERS) if lower in letters), 9.0)
    cost += 3 * sum(one.isalpha() and not one.isascii() and one != lower for one in (previous, following))
    base = unicodedata.normalize("NFD", lower)[0]
    if base not in _VOWELS:
        return cost + 3 * (previous not in _VOWELS and following not in _VOWELS)
    if lower in "éè" or base == lower:
        return cost
    if lower in "ëï":
        return cost + 3 * (previous not in _VOWELS)
    cost += 3 * (following in _VOWELS and lower not in "öüäí") + 3 * (lower == "à" and after.isalpha())
    return cost + 3 * (previous in _VOWELS and previous + lower not in _HIATUS)


def _is_greek(sign: str) -> bool:
    return "Ά" <= sign <= "ώ"


def _cost_of_mark(before: str, sign: str, after: str) -> float:
    is_within = before.isalpha() and after.isalpha()
    if sign == "’":
        return 5.0 if is_within and after in "aiou" else 1.0 if before.isalpha() or after.isalnum() else 4.0
    if sign in _OPENING:
        return 10.0 if is_within else 1.0 if not before.isalnum() and after.isalnum() else 7.0
    if sign in _CLOSING:
        return 10.0 if is_within else 1.0 if before.strip() and not after.isalnum() else 7.0
    if sign in "–—…•\u00a0":
        cost = 1.5 + 5 * is_within + 4 * (sign in (before, after)) + 4 * (is_within and before.isupper())
        if sign == "…":
            return cost + (2.5 if after.isalpha() else 1.5 * (not before.isalnum()))
        return cost + 3 * (is_within and after.islower() and sign != "\u00a0")
    if sign in "€£":
        return 12.0 if before.isalpha() or after.isalpha() else 1.0
    if sign in _AFTER_A_NUMBER:
        is_placed = before.isdigit() or (before == "m" and not after.isalpha()) or sign + after == "°C"
        return 2.0 if is_placed else 9.0 + 5 * is_within
    if sign in "§©®™×±·":
        return 12.0 if after.isalpha() else 4.0
    return 14.0 if before.isalpha() or after.isalpha() else 9.0
