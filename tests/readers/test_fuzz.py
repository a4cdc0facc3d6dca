"""Broken files are read or refused, and nothing else: a part of what `make fuzz` tries.

What it found before stands as a test of its own in `test_hostile_files`, `test_hostile_projects` and `test_limits`.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz import attempts
from bench.fuzz.mutations import NASTY
from bench.fuzz.run import MOST_SECONDS, attempt
from bench.fuzz.seeds import seeds

pytestmark = pytest.mark.slow

SEEDS = seeds()
EACH_TIME = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = st.sampled_from([token.decode("utf-8", "replace")[:300] for token in NASTY] + ["kou", "g1", "R1", "ja", "3"])
CELLS = st.lists(PIECES, min_size=1, max_size=3).map("".join)
HEADERS = st.sampled_from(
    [*"id document code tekst Code1 start end coder respondent q1 q2 q1[a] Q1_1 ResponseId submitdate".split(), ""]  # noqa: SIM905
)


@pytest.mark.parametrize("first", range(20_000_000, 20_000_600, 100))
def test_a_broken_file_is_read_or_refused(tmp_path: Path, first: int) -> None:
    for number in range(first, first + 100):
        began = time.monotonic()
        attempt(number, SEEDS, tmp_path / "input")  # raises anything that is not ours
        assert time.monotonic() - began < MOST_SECONDS, number


@EACH_TIME
@given(
    st.lists(HEADERS, min_size=1, max_size=7),
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
    st.sampled_from(";,\t"),
)
def test_any_table_is_read_or_refused(header: list[str], rows: list[list[str]], separator: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows([header, *rows])
    _hold("t.csv", written.getvalue(), attempts.answers, attempts.interviews)


SPEECH = st.lists(
    st.sampled_from(["I: ", "R1: ", "WEBVTT", "\n", "\n\n", "00:00:01.000 --> 00:00:02.000", "<v Anna>", "</v>",
                     "1", "NOTE x", "[0:01]", "Spreker 1  0:03", "<Files\\\\g1> - § 1 reference coded [1.00% Coverage]",
                     "Reference 1 - 1.00% Coverage"]) | CELLS, max_size=14
).map("".join)  # fmt: skip


@EACH_TIME
@given(SPEECH, st.sampled_from([".txt", ".vtt", ".srt"]))
def test_any_transcript_is_read_or_refused(text: str, ending: str) -> None:
    _hold(f"g{ending}", text, attempts.interviews)


NUMBERS = st.sampled_from(["0", "3", "12", "-1", "1e9", "NaN", "10" * 15, "", "9" * 5_000]) | st.integers().map(str)
CODINGS = st.lists(
    st.builds(
        '<PlainTextSelection guid="{}" startPosition="{}" endPosition="{}"><Coding><CodeRef targetGUID="{}"/></Coding>'
        "</PlainTextSelection>".format,
        st.sampled_from(["p", "", "{P}"]), NUMBERS, NUMBERS, st.sampled_from(["a", "b", "", "A", "{a}"]),
    ), max_size=4,
).map("".join)  # fmt: skip
NODES = st.recursive(
    st.just(""),
    lambda inner: st.lists(
        st.builds('<Code guid="{}" name="{}" parentGUID="{}">{}</Code>'.format,
                  st.sampled_from("ab c"), st.sampled_from(["kou", "a::b", "", "::"]), st.sampled_from("ab"), inner),
        max_size=3,
    ).map("".join),
    max_leaves=5,
)  # fmt: skip


@EACH_TIME
@given(NODES, CODINGS, CODINGS, st.sampled_from(["NVivo", "ATLAS.ti", ""]), st.text("a😀\n é", max_size=20))
def test_any_coded_project_is_read_or_refused(nodes: str, inside: str, beside: str, origin: str, text: str) -> None:
    xml = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" origin="{origin}"><CodeBook><Codes>{nodes}</Codes></CodeBook><X>'
        f'{nodes}{beside}</X><Sources><TextSource guid="s" name="g"><PlainTextContent>{text}</PlainTextContent>{inside}'
        "</TextSource></Sources></Project>"
    )
    _hold("a.qde", xml, attempts.interviews)


def _hold(name: str, content: str, *ways: Callable[[Path], object]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / name).write_bytes(content.encode("utf-8", "surrogatepass"))
        for way in ways:
            attempts.outcome(way, folder / name)
    finally:
        shutil.rmtree(folder)
