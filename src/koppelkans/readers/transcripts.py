"""Transcripts of interviews to the tables of a project without codes, with the turns of their speakers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from koppelkans.errors import KoppelkansError, by_number, why_unreadable
from koppelkans.readers.grids import nearest, normal, read_grids
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, RESPONDENT, Project, counted, turns_table
from koppelkans.readers.row_lengths import even_rows
from koppelkans.readers.transcript_files import ENDINGS, EXPECTED, CodedText, Transcript, doubts, read_file
from koppelkans.readers.turns import Turn, seconds

__all__ = ["EXPECTED", "RESPONDENTS_FILE", "CodedText", "read_transcript", "read_transcripts"]

RESPONDENTS_FILE = "respondents.csv"
_KEY_NAMES = ("respondent", "respondentnummer", "respondent nr", "respondentcode", "code", "nummer", "deelnemer",
              "respondent id", "participant", "id")  # fmt: skip


def read_transcript(path: Path) -> Project:
    """Read a transcript with its turns; what has times above its words is read as subtitles, whatever its ending.

    Of subtitles the text has one line a turn, without numbers and times.
    Attributes of the respondent come from a two-column table at the head of a .docx, and from respondents.csv in the
    same folder (columns respondent or document, and the attributes), which wins. Who wrote the file is not read.
    Raises KoppelkansError, one line, for a file that cannot be read.
    """
    path = Path(path)
    return _project([path], path.parent, path.name)


def read_transcripts(folder: Path) -> Project:
    """Read all transcripts in a folder, by name, as one project; see `read_transcript`.

    Raises KoppelkansError, one line, for a folder without transcripts and for a file that cannot be read.
    """
    folder = Path(folder)
    try:
        within = sorted(folder.iterdir())
        files = [path for path in within if path.is_file()]
    except NotADirectoryError:
        raise KoppelkansError(f"{folder}: found a file, expected a folder with transcripts") from None
    except OSError as error:
        raise KoppelkansError(f"{folder}: {why_unreadable(error)}") from None
    paths = [p for p in files if p.suffix.lower() in ENDINGS and not p.name.startswith(("~$", "."))]
    if not paths:
        raise KoppelkansError(f"{folder}: found no transcript; expected files that end in {', '.join(ENDINGS)}")
    project = _project(paths, folder, folder.name)
    others = [
        p.name for p in files if p not in paths and p.name != RESPONDENTS_FILE and not p.name.startswith((".", "~"))
    ]
    folders = [path.name for path in within if path.is_dir() and not path.name.startswith(".")]
    project.report["left_out"] += [f"{name}: not {EXPECTED}" for name in others]
    project.report["left_out"] += [f"{name}: a folder within this one is not looked into" for name in folders]
    return project


def _project(paths: list[Path], folder: Path, name: str) -> Project:
    documents: list[tuple[Any, ...]] = []
    turns: list[tuple[Any, ...]] = []
    people: dict[str, dict[str, str]] = {}
    files: list[dict[str, Any]] = []
    of_person: dict[str, list[str]] = {}
    described, warnings, nameless = _respondents_file(folder / RESPONDENTS_FILE)
    matched: set[int] = set()
    left: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for number, path in enumerate(paths, start=1):
        read = read_file(path)
        key = f"document-{number}"
        row = _row_about(described, path, _key_of(read.head))
        matched |= {row} if row is not None else set()
        about = {**read.head, **(described[row] if row is not None else {})}
        respondent = (described[row].get(RESPONDENT) if row is not None else "") or _key_of(read.head) or path.stem
        attributes = {k: v for k, v in about.items() if normal(k) not in (*_KEY_NAMES[:4], "document")}
        known = people.setdefault(respondent, attributes)
        differ = [k for k, v in {**read.head, **known}.items() if v and attributes.get(k) and attributes[k] != v]
        if differ:
            warnings.append(
                f"{path.name}: another value of {', '.join(differ)} stands elsewhere for its respondent; what "
                f"{RESPONDENTS_FILE} says counts before a document, and an earlier interview before a later one"
            )
        of_person.setdefault(respondent, []).append(path.name)
        people[respondent] = {**attributes, **{k: v for k, v in known.items() if v}}
        documents.append((key, path.stem, respondent, "text", read.text, True, len(read.text)))
        turns += [_row_of(key, place, turn, read.text) for place, turn in enumerate(read.turns, start=1)]
        files.append(_about(path, read))
        for what, (times, said) in read.left_out.items():
            left[what] += times
            words[what] += said
        warnings += [f"{path.name}: {note}" for note in [*read.notes, *doubts(read)]]
    twice = [stem for stem, times in Counter(path.stem.casefold() for path in paths).items() if times > 1]
    warnings += [
        f"{' and '.join(path.name for path in paths if path.stem.casefold() == stem)}: read as two interviews; if they "
        "are one, take one file out"
        for stem in twice
    ]
    warnings += [
        f"{' and '.join(own)} are taken as talks with one person, since they name the same; if these are several "
        "people, give each a name or number of its own"
        for own in of_person.values()
        if len(own) > 1
    ]
    if len(paths) > 1:
        spare = [row for place, row in enumerate(described) if place not in matched]
        named = [row.get(RESPONDENT) or row.get("document") or "a row without a name" for row in spare]
        warnings += [f"{RESPONDENTS_FILE}: no transcript of {', '.join(named)}"] if spare else []
    frame = turns_table(turns)
    names = list(dict.fromkeys(attribute for known in people.values() for attribute in known))
    respondents = pd.DataFrame(
        [(who, *(known.get(attribute, "") for attribute in names)) for who, known in people.items()],
        columns=[RESPONDENT, *names],
    ).astype("str")
    is_word = any(path.suffix.lower() == ".docx" for path in paths)
    of_word = ["properties of Word documents"] if is_word else []
    n_cues = sum(file.get("cues", 0) for file in files)
    cues = {"cues of subtitles": n_cues} if n_cues else {}
    report = {
        "file": name,
        "program": "transcripts",
        "version": "",
        "recognised_by": f"files that end in {', '.join(ENDINGS)}; subtitles by the times in them",
        "counts": counted(
            {
                "files": len(paths),
                **cues,
                "documents": len(documents),
                "turns": len(frame),
                "turns with a time": int((frame["time"] != "").sum()),
                "respondents": len(respondents),
                "characters": sum(document[-1] for document in documents),
            },
            in_file={"files": len(paths)} | cues,
        ),
        "files": files,
        "left_out": [f"{what}: {times:,} ({by_number(words[what], 'word', 'words')})" for what, times in left.items()]
        + of_word + nameless,
        "warnings": warnings,
    }  # fmt: skip
    return Project(
        pd.DataFrame(documents, columns=list(DOCUMENTS)).astype(
            {column: "str" for column in DOCUMENTS if column not in ("has_text", "n_characters")}
        ),
        pd.DataFrame(columns=list(CODES)).astype("str").astype({"is_codable": "bool"}),
        pd.DataFrame(columns=list(CODINGS)).astype("str").astype({"start": "Int64", "end": "Int64"}),
        respondents,
        pd.DataFrame(columns=["coder", "name"]).astype("str"),
        report,
        turns=frame,
    )


def _row_of(document: str, number: int, turn: Turn, text: str) -> tuple[Any, ...]:
    said = text[turn.start : turn.end]
    times = (turn.time, seconds(turn.time), seconds(turn.until))
    return (document, number, turn.speaker, turn.role, turn.start, turn.end, *times, said)


def _about(path: Path, read: Transcript) -> dict[str, Any]:
    roles = [turn.role for turn in read.turns]
    return {
        "file": path.name,
        **read.about,
        "turns_by": read.how,
        "turns": len(roles),
        "with_time": sum(bool(turn.time) for turn in read.turns),
        "roles": {role: roles.count(role) for role in sorted(set(roles))},
        "left_out": {what: times for what, (times, _) in read.left_out.items()},
    }


def _key_of(head: dict[str, str]) -> str:
    plain = {normal(name): value for name, value in head.items()}
    return next((plain[name] for name in _KEY_NAMES if plain.get(name)), "")


def _respondents_file(path: Path) -> tuple[list[dict[str, str]], list[str], list[str]]:
    """Return the rows of respondents.csv ([] where there is none), notes on how it was read, and what is left out.

    Raises KoppelkansError where it has neither a column respondent nor a column document, or a header or key twice.
    """
    if not path.is_file():
        return [], [], []
    grid = even_rows(read_grids(path)[0], 0)
    header = [{"respondent": RESPONDENT, "document": "document"}.get(normal(cell), cell) for cell in grid.rows[0]]
    if not {RESPONDENT, "document"} & set(header):
        raise KoppelkansError(
            f"{grid.at(0)}: no column respondent or document; {nearest(RESPONDENT, [cell for cell in header if cell])}"
        )
    for name in header:
        if name and header.count(name) > 1:
            raise KoppelkansError(f"{grid.at(0)}: the header {name!r} stands there {header.count(name)} times, "
                                  "expected once; give each column a name of its own")  # fmt: skip
    rows = [{name: cell for name, cell in zip(header, row, strict=True) if name} for row in grid.rows[1:]]
    key = "document" if "document" in header else RESPONDENT
    seen: dict[str, int] = {}
    for place, row in enumerate(rows, start=1):
        if row[key] in seen:
            other = grid.numbers[seen[row[key]]]
            raise KoppelkansError(
                f"{grid.at(place)}: {key} {row[key]!r} stands in row {other} too, expected once; take one of them out"
            )
        if row[key]:
            seen[row[key]] = place
    filled = {place: sum(bool(row[place]) for row in grid.rows[1:]) for place, name in enumerate(header) if not name}
    nameless = [
        f"{path.name}, column {place + 1}: it has no header ({by_number(n, 'cell', 'cells')})"
        for place, n in filled.items()
        if n
    ]
    return rows, [f"{path.name}: {note}" for note in grid.notes], nameless


def _row_about(rows: list[dict[str, str]], path: Path, key: str) -> int | None:
    """Return the place of the row about a transcript: by its file name, else by the respondent."""
    file_names = {path.name.casefold(), path.stem.casefold()}
    people = {key.casefold(), path.stem.casefold()} - {""}
    by_document = [place for place, row in enumerate(rows) if row.get("document", "").casefold() in file_names]
    by_person = [
        place
        for place, row in enumerate(rows)
        if not row.get("document") and row.get(RESPONDENT, "").casefold() in people
    ]
    return next(iter(by_document + by_person), None)
