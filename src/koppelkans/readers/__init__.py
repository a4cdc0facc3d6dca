"""Readers: files to tables. Nothing else in the package opens a raw file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from koppelkans.readers.limits import limited

if TYPE_CHECKING:
    from koppelkans.readers.project import Project

__all__ = ["read_project"]

_SEGMENTS = (".csv", ".tsv", ".xlsx", ".xlsm")
_TRANSCRIPTS = (".docx", ".txt", ".vtt", ".srt")


def read_project(
    path: str | Path,
    columns: Mapping[str, Any] | None = None,
    preset: str | None = None,
    sheet: str | None = None,
) -> Project:
    """Read coded interviews, whatever program they came from, into the tables of a `Project`.

    A coded project: REFI-QDA (.qdpx, .qde, .qdc) or ATLAS.ti (.atlproj), told by its content. A table of coded segments
    (.csv, .tsv, .xlsx), with `columns` (role -> column), `preset` (program) or `sheet` where its headers do not tell. A
    transcript (.docx, .txt) or subtitles (.vtt, .srt), or a folder of them, which have no codes yet. A .docx or .txt in
    which NVivo wrote the text coded with a code is read as coded segments.
    Raises KoppelkansError, one line, for a file that is missing, damaged, too large (`limits`), or none of these.
    """
    with limited(Path(path)):
        return _read(Path(path), columns, preset, sheet)


def _read(path: Path, columns: Mapping[str, Any] | None, preset: str | None, sheet: str | None) -> Project:
    if path.is_dir():
        from koppelkans.readers.transcripts import read_transcripts

        return read_transcripts(path)
    ending = path.suffix.lower()
    if ending in _SEGMENTS or columns or preset or sheet:
        from koppelkans.readers.segments import read_segments

        return read_segments(path, columns, preset, sheet)
    if ending in _TRANSCRIPTS:
        from koppelkans.readers.segments import read_coded_text
        from koppelkans.readers.transcripts import EXPECTED, CodedText, read_transcript

        try:
            return read_transcript(path)
        except CodedText:
            return read_coded_text(path, EXPECTED)
    from koppelkans.readers.kinds import kind_of

    if kind_of(path) == "refi-qda":
        from koppelkans.readers.refi_qda.reading import read_refi_qda

        return read_refi_qda(path)
    from koppelkans.readers.atlas import read_atlas

    return read_atlas(path)
