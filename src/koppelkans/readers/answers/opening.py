"""Open a file of answers: which program wrote it, which sheet holds the answers, and what tells of the questions."""

from __future__ import annotations

from pathlib import Path

from koppelkans.errors import KoppelkansError, by_number
from koppelkans.readers.answers.codebook import BESIDE, SHEET_NAMES, Codebook, codebook_of, describe_columns
from koppelkans.readers.answers.limesurvey import is_limesurvey, read_limesurvey
from koppelkans.readers.answers.limesurvey_structure import Asked, is_structure, read_structure
from koppelkans.readers.answers.model import Source
from koppelkans.readers.answers.other_files import refuse_other_files
from koppelkans.readers.answers.qualtrics import header_of, read_qualtrics, without_administration
from koppelkans.readers.answers.spss import read_spss
from koppelkans.readers.answers.tabular import choose_sheet, header_row, key_among, read_table
from koppelkans.readers.grids import BOOK_ENDINGS, TEXT_ENDINGS, Grid, read_grids, without_examples
from koppelkans.readers.row_lengths import even_rows

_EXPECTED = "answers as .csv, .tsv, .xlsx or .sav"
_STRUCTURES = (".lss", "-structure.lss", "-structure.txt", "-structure.tsv")


def open_answers(
    path: Path, structure: Path | None, sheet: str | None, respondent: str | None, wanted: set[str]
) -> Source:
    """Return what a file holds; columns of a program's own, and of names, are only there where they are `wanted`.

    Labels and options come from the file itself, then from `structure`, a file beside it, or another sheet.
    """
    if path.is_file():  # a pipe would never end
        refuse_other_files(path)
    structure = structure or _structure_beside(path)
    if path.suffix.lower() in (".sav", ".zsav"):
        source, others = without_administration(read_spss(path), wanted), list[Grid]()
        is_survey = False
    else:
        grids = [without_examples(grid) for grid in read_grids(path, _EXPECTED)]
        grid, others = choose_sheet(grids, sheet, respondent, SHEET_NAMES)
        is_survey = structure is not None and header_of(grid) is None and is_structure(structure)
        source = _table(grid, structure if is_survey else None, respondent, wanted)
    if not source.rows:
        raise KoppelkansError(f"{path}: found headers and no answers below them; expected a row a respondent")
    source.filled = {
        name: sum(bool(cell or why) for cell, why in zip(column.cells, column.absent, strict=True))
        for name, column in source.columns.items()
    }
    key = source.respondent or key_among(source.columns)
    named = [name for name in source.columns if name not in (key, respondent)]
    if structure and not is_survey:
        sheets = read_grids(structure)
        source.codebook = _best([codebook_of(even_rows(grid, 0), named) for grid in sheets])
        source.warnings += [f"{structure.name}: {note}" for grid in sheets for note in grid.notes]
        source.structure = structure.name
        if not source.codebook:
            raise KoppelkansError(
                f"{structure}: found no names of columns of {path.name} in it, expected a row for each question with "
                "the name of its column; take it out, or write the names as they stand in the answers"
            )
    books = {grid.sheet: codebook_of(grid, named) for grid in others if not source.codebook}
    if any(books.values()):
        of_questions = max(books, key=lambda name: len(books[name]))
        source.codebook, source.structure = books[of_questions], f"sheet {of_questions}"
    describe_columns(source, source.codebook, source.structure)
    source.warnings += [
        f"sheet {grid.sheet}: not read ({by_number(grid.n_cells, 'cell', 'cells')}); name it with sheet: if it has "
        "answers"
        for grid in others
        if f"sheet {grid.sheet}" != source.structure
    ]
    return source


def _table(grid: Grid, survey: Path | None, respondent: str | None, wanted: set[str]) -> Source:
    header = header_of(grid)
    grid = even_rows(grid, 0 if header or survey or is_limesurvey(grid) else header_row(grid, respondent))
    asked: dict[str, Asked] = {}
    told_by, notes = "", list[str]()
    if survey:
        asked, told_by, notes = read_structure(survey)
    if header:
        source = read_qualtrics(grid, header, wanted)
    elif asked or is_limesurvey(grid):
        source = read_limesurvey(grid, asked, told_by, wanted)
    else:
        source = read_table(grid, respondent, wanted)
    source.structure = told_by
    source.warnings += notes
    body = grid.rows[len(grid.rows) - len(source.rows) - source.previews :]
    source.cells = sum(bool(cell) for row in body for cell in row)
    source.width = sum(any(cells) for cells in zip(*grid.rows, strict=True))
    return source


def _structure_beside(path: Path) -> Path | None:
    """Return the file of questions beside a file of answers: enquete.lss, enquete-vragen.xlsx, ..."""
    tables = (f"{mark}{name}{ending}" for mark in "-_" for name in BESIDE for ending in (*TEXT_ENDINGS, *BOOK_ENDINGS))
    beside = [path.with_name(path.stem + ending) for ending in (*_STRUCTURES, *tables)]
    return next((candidate for candidate in beside if candidate.is_file()), None)


def _best(books: list[Codebook]) -> Codebook:
    return max(books, key=len)
