from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import qda_files
from coded_with_habits import CONVENTIONS, KINDS, Selected, outcome
from qda_files import QC, Coded, Manner

from koppelkans.readers import read_project
from koppelkans.readers.refi_qda.conventions import detect
from koppelkans.readers.refi_qda.edges import of_abutting, of_no_length
from koppelkans.readers.refi_qda.offsets import Text

LINES = "een twee\nA drie\nB vier\nC vijf\n"


def test_lines_coded_with_their_line_end_do_not_end_in_the_first_letter_of_the_next(tmp_path: Path) -> None:
    coded = Coded(LINES, [(0, 9, 0), (9, 16, 1), (16, 23, 2)])
    for manner in (QC, Manner("Onbekend 1")):
        project = read_project(qda_files.write(tmp_path / "a.qdpx", manner, [coded]))
        assert project.codings["text"].tolist() == ["een twee\n", "A drie\n", "B vier\n"]
        assert project.report["offsets"]["end"] == "exclusive"


@pytest.mark.parametrize("n", [5, 20, 200])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_called_clear_is_right(kind: str, n: int) -> None:
    """The 10,000 of which 0 were wrong were run by hand in the same way; here every convention once."""
    found = Counter(outcome(0, kind, n, *way) for way in CONVENTIONS)
    assert found[("clear", False)] == 0, found


def test_two_hundred_words_or_lines_are_enough_to_be_sure() -> None:
    for kind in ("words", "lines, a third with their line end"):
        found = Counter(outcome(1, kind, 200, *way) for way in CONVENTIONS)
        assert found[("clear", True)] >= 9 and found[("clear", False)] == 0


def test_lines_without_their_end_and_lines_with_it_cannot_be_told_apart_by_the_end_convention() -> None:
    """[0, 8) of `een twee` and [0, 8] of `een twee` with its line end are the same numbers."""
    text = Text("een twee drie\nvier vijf zes\nzeven acht\nnegen\n" * 5)
    start = np.array([match for match in range(len(text.tidy)) if match == 0 or text.tidy[match - 1] == "\n"][:-1])
    end = np.array([text.tidy.index("\n", place) for place in start])
    way, report = detect([Selected(np.zeros_like(start), start, end, [""] * len(start))], {0: text}, "unknown")
    assert report["certainty"] == "ambiguous" and "the default is taken" in report["evidence"]
    assert way.end == "exclusive"


def test_selections_that_abut_speak_for_an_excluded_end_and_those_without_length_against_it() -> None:
    zeros = np.zeros(3, dtype=np.int64)
    met, weight = of_abutting(zeros, np.array([0, 9, 16]), np.array([9, 16, 23]))
    assert met == 2 and weight > 2
    apart = of_abutting(zeros, np.array([0, 10, 20]), np.array([8, 18, 28]))
    assert apart == (0, 0.0)
    assert of_no_length(20, 20) > 9 and of_no_length(0, 20) == 0
