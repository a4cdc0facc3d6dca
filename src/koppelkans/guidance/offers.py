"""Files in the folder of a study that study.yml does not name: what they probably are, and the line to add."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from koppelkans.errors import KoppelkansError
from koppelkans.guidance.new_study import templates_folder
from koppelkans.locale import LANGUAGES
from koppelkans.readers.grids import BOOK_ENDINGS, TEXT_ENDINGS, normal
from koppelkans.readers.transcript_files import ENDINGS as TRANSCRIPTS
from koppelkans.study import Study, open_study, parse_yaml, read_text, sealing, write_atomically
from koppelkans.study.study import CONTEXT

_PROJECTS = (".qdpx", ".qde", ".qdc", ".atlproj")
_SURVEYS = (".sav", ".zsav")
_TABLES = tuple(ending for ending in (*TEXT_ENDINGS, *BOOK_ENDINGS) if ending not in TRANSCRIPTS)
_OURS = ("study.yml", CONTEXT, sealing.FILE, "SHA256SUMS", "datapackage.json", "respondents.csv", "truth.yml")
_BESIDE_ANSWERS = re.compile(r".*[-_](vragen|questions|codeboek|codebook|structure)\.\w+|.*\.lss", re.IGNORECASE)
_NO_STRAND = "..."


@dataclass(frozen=True)
class Offer:
    """A file, or a folder of transcripts, that is not named: its `kind` ("" where that is not clear) and `strand`.

    `strand` is "" where several could be meant; `files` says how many files a folder holds.
    """

    file: str
    kind: str
    strand: str
    files: int = 1
    origin: str = "collected"

    @property
    def line(self) -> str:
        """The line for study.yml, with three dots for what only its maker knows."""
        return (
            f"- {{file: {_quoted(self.file)}, kind: {self.kind or _NO_STRAND}, strand: {self.strand or _NO_STRAND}, "
            f"origin: {self.origin}}}"
        )

    @property
    def is_whole(self) -> bool:
        """Tell whether the line can be added as it is."""
        return bool(self.kind and self.strand)


def _quoted(file: str) -> str:
    """Put a name between quotes for YAML, which would read a folder 2024 as a number and one called no as a no."""
    plain = re.fullmatch(r"[^\W\d_][\w -]*[./][\w./ -]*\w", file)
    return file if plain else "'" + file.replace("'", "''") + "'"


def offers(study: Study) -> list[Offer]:
    """Return what lies unnamed in the folder of a study, in order of name.

    Templates, own text and what `left_aside:` names (files, folders) are left alone."""
    named = [entry["file"].strip("/") for entry in (*study.field_data, *study.typed_tables.values())]
    structures = [str(PurePosixPath(e["file"]).parent / e["structure"]) for e in study.field_data if "structure" in e]
    aside = [str(one).strip("/") for one in study.settings.get("left_aside") or []]
    origin = next((entry["origin"] for entry in study.field_data), "collected")
    left_alone = ("text", *(templates_folder(language) for language in LANGUAGES))
    found: list[Offer] = []
    folders: dict[str, int] = {}
    for path in sorted(study.raw.rglob("*")):
        file = path.relative_to(study.raw)
        shown, parts = file.as_posix(), file.parts
        hidden = any(part.startswith((".", "~$")) for part in parts)
        if not path.is_file() or hidden or path.name in _OURS or parts[0] in left_alone or shown in structures:
            continue
        if any(shown == name or name in map(Path.as_posix, file.parents) for name in aside):
            continue
        if any(shown == name or file.parent.as_posix() == name for name in named) or _BESIDE_ANSWERS.fullmatch(
            path.name
        ):
            continue
        kind = _kind_of(file)
        if kind == "interviews" and path.suffix.lower() in TRANSCRIPTS and len(parts) > 1:
            folders[file.parent.as_posix()] = folders.get(file.parent.as_posix(), 0) + 1
        else:
            found.append(Offer(shown, kind, _strand_of(shown, study), origin=origin))
    found += [Offer(folder, "interviews", _strand_of(folder, study), n, origin) for folder, n in folders.items()]
    return sorted(found, key=lambda offer: offer.file)


def _kind_of(file: Path) -> str:
    """Say what a file holds by its ending, of a table by the folder it lies in; "" where that is not clear."""
    ending, within = file.suffix.lower(), file.parts[0] if len(file.parts) > 1 else ""
    if ending in _SURVEYS or (ending in _TABLES and within == "answers"):
        return "answers"
    if ending in (*_PROJECTS, *TRANSCRIPTS) or (ending in _TABLES and within in ("interviews", "transcripts")):
        return "interviews"
    return ""


def _strand_of(file: str, study: Study) -> str:
    """Return the strand that a file is of: the one that its name or folder names, else the only one there is."""
    words = f" {normal(file)} "
    fitting = [
        key
        for key, strand in study.strands.items()
        if any(f" {normal(name)} " in words for name in (key, *strand.names.values()))
    ]
    candidates = fitting or (list(study.strands) if "strands" in study.settings else [])
    return candidates[0] if len(candidates) == 1 else ""


def add(study: Study, offered: list[Offer]) -> list[Offer]:
    """Write the lines of what is offered whole under field_data in study.yml; return what was added.

    All else in the file stays as it is. Raises KoppelkansError where field_data is not a list of lines.
    """
    whole = [offer for offer in offered if offer.is_whole]
    if not whole:
        return []
    path = study.raw / "study.yml"
    text = read_text(path)
    lines = text.rstrip("\n").split("\n")
    start = next((n for n, line in enumerate(lines) if re.match(r"field_data\s*:\s*(#.*)?$", line)), None)
    if start is None and "field_data" in study.settings:
        raise KoppelkansError(f"data/raw/{study.name}/study.yml: field_data is no list of lines; add them yourself")
    if start is None:
        lines, start = [*lines, "", "field_data:"], len(lines) + 1
    after = next((n for n in range(start + 1, len(lines)) if re.match(r"[^\s#-]", lines[n])), len(lines))
    while after > start + 1 and not re.match(r"\s*[^\s#]", lines[after - 1]):
        after -= 1
    indent = next((m[1] for line in lines[start + 1 : after] if (m := re.match(r"(\s*)- ", line))), "  ")
    made = "\n".join([*lines[:after], *(f"{indent}{offer.line}" for offer in whole), *lines[after:]]) + "\n"
    entries = parse_yaml(made, "study.yml").get("field_data") or []
    if len(entries) != len(study.field_data) + len(whole):
        raise KoppelkansError(f"data/raw/{study.name}/study.yml: could not add the lines; add them yourself")
    write_atomically(path, made)
    try:
        open_study(study.name, study.root)
    except KoppelkansError:
        write_atomically(path, text)
        raise
    return whole
