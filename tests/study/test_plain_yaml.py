"""study.yml means what is written in it, and asks no more of the computer than a page of settings does."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError
from koppelkans.study import parse_yaml


@pytest.mark.parametrize(
    ("written", "read"),
    [
        *[
            (word, word)
            for word in ("1:30", "010", "0x1f", "1_000", "2021-13-01", "2021-01-01", "0o7", ".inf", "y", "1e3")
        ],
        *[("90", 90), ("-3", -3), ("0", 0), ("0.05", 0.05), ("1.5e3", 1500.0), ("9" * 30, "9" * 30)],
        *[("yes", True), ("no", False), ("on", True), ("true", True), ("~", None), ("", None), ("'90'", "90")],
    ],
)
def test_what_is_written_is_what_is_read(written: str, read: Any) -> None:
    found = parse_yaml(f"n_max: {written}\n", "study.yml")["n_max"]
    assert found == read and type(found) is type(read)


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n" for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "references"),
        ("a: &a {b: *a}", "references"),
        ("a: " + "[" * 50_000 + "]" * 50_000, "within one another"),
        ("- " * 50_000, "within one another"),
        (f"a: !!int 0x{'f' * 5_000}", "not valid YAML"),
        ("a: !!python/object/apply:os.system [id]", "not valid YAML"),
        ("a: !!timestamp 2021-13-01", "not valid YAML"),
        ("quotes: no\nquotes: yes", "a second time"),
        ("a: 1\n" * 2, "a second time"),
        ("x" * 6_000_000, "expected at most"),
        ("a: \x01", "not valid YAML"),
        ("a: \ud800", "not valid YAML"),
    ],
)
def test_what_is_no_page_of_settings_is_refused_soon_in_one_line(text: str, says: str) -> None:
    began = time.process_time()
    with pytest.raises(KoppelkansError, match=says) as refused:
        parse_yaml(text, "study.yml")
    assert str(refused.value).startswith("study.yml") and "\n" not in str(refused.value)
    assert time.process_time() - began < 5


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("ab:- \n'\"[]{}&*!|>%#,?0x1._~\t\x85\u2028\ufeff\ud800=<"), max_size=60))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        parse_yaml(text, "study.yml")
    except KoppelkansError as error:
        assert "\n" not in str(error) and str(error).startswith("study.yml")
