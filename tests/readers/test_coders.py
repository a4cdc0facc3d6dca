from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koppelkans.errors import KoppelkansError
from koppelkans.readers.coders import merge_coders
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, Project

GUID = "AB12CD34-0000-4000-8000-{:012d}"


def project(
    documents: list[tuple[str, str, str]],
    codes: list[tuple[str, str]],
    codings: list[tuple[str, str, int | None, int | None]],
    coder: str | list[str] = "",
    respondents: dict[str, str] | None = None,
) -> Project:
    """Make a project of documents (key, name, text), codes (key, path), codings (document, code, start, end)."""
    texts = {key: text for key, _, text in documents}
    keys = {path: key for key, path in codes}
    coders = [coder] * len(codings) if isinstance(coder, str) else coder
    rows = [
        (f"c{n}", document, code, who, start, end, "", texts[document][start:end])
        for n, ((document, code, start, end), who) in enumerate(zip(codings, coders, strict=True))
    ]
    return Project(
        pd.DataFrame([(k, n, "", "text", t, bool(t), len(t)) for k, n, t in documents], columns=list(DOCUMENTS)),
        pd.DataFrame(
            [(k, p.split(" > ")[-1], keys.get(" > ".join(p.split(" > ")[:-1]), ""), p, "", True) for k, p in codes],
            columns=list(CODES),
        ),
        pd.DataFrame(rows, columns=list(CODINGS)).astype({"start": "Int64", "end": "Int64"}),
pd.DataFrame(list((respondents or {}).items()), columns=["respondent", "woning"]),
        pd.DataFrame({"coder": sorted(set(coders)), "name": ""}),
        {"program": "test"},
    )  # fmt: skip


TEXT = "Het is te duur. Ik weet niets."


def test_documents_and_codes_match_by_guid_in_any_spelling_and_else_by_name_and_path() -> None:
    a = project(
        [(GUID.format(1), "Interview 1", TEXT), ("x2", "Interview 2", "Anders")],
        [(GUID.format(9), "Kosten"), ("k", "Kosten > Hoog")],
        [(GUID.format(1), "k", 0, 15)],
    )
    b = project(
        [("y2", "interview  2", "Anders"), ("{" + GUID.format(1).lower() + "}", "Hernoemd", TEXT)],
        [(GUID.format(9).lower(), "Geld"), ("q", "kosten > hoog")],
        [("{" + GUID.format(1).lower() + "}", "q", 0, 15)],
    )
    merged, report = merge_coders({"Anne": a, "Bas": b})
    assert report["documents"]["matched_by"] == {"guid": 1, "name and text": 1}
    assert report["codes"]["matched_by"] == {"guid": 1, "path": 1}
    assert report["codes"]["other_path"] == [{"path": "Kosten", "elsewhere": "Geld", "coder": "Bas"}]
    assert list(merged.documents["name"]) == ["Interview 1", "Interview 2"]
    assert list(merged.codings["coder"]) == ["Anne", "Bas"]
    assert merged.codings[["document", "code", "start", "end"]].drop_duplicates().shape[0] == 1
    json.dumps(report)


def test_keys_that_are_no_guids_mean_nothing_in_another_project() -> None:
    a = project(
        [("document-1", "R1", TEXT), ("document-2", "R2", "Twee")], [("code-1", "a")], [("document-1", "code-1", 0, 3)]
    )
    b = project(
        [("document-1", "R2", "Twee"), ("document-2", "R1", TEXT)], [("code-1", "b")], [("document-1", "code-1", 0, 4)]
    )
    merged, report = merge_coders([a, b])
    assert report["codes"]["only"] == {"A": ["a"], "B": ["b"]}
    texts = dict(zip(merged.documents["document"], merged.documents["text"], strict=True))
    for row in merged.codings.itertuples():
        assert texts[row.document][row.start : row.end] == row.text


def test_the_same_name_with_another_text_stays_apart_and_is_told() -> None:
    a = project([("d", "R1", TEXT), ("e", "R2", "Twee")], [("k", "a")], [("d", "k", 0, 15)])
    b = project([("d", "R1", "\n" + TEXT), ("e", "R2", "Twee")], [("k", "a")], [("d", "k", 1, 16)])
    merged, report = merge_coders({"A": a, "B": b})
    assert report["documents"]["other_text"] == [{"name": "R1", "coders": ["A", "B"]}]
    assert list(merged.documents["name"]) == ["R1", "R2", "R1 (B)"]
    assert merged.codings["document"].nunique() == 2
    assert any("another text" in line for line in report["warnings"])


def test_what_only_one_coder_has_is_listed() -> None:
    a = project([("d", "R1", TEXT), ("e", "R2", "Twee")], [("k", "a"), ("m", "a > b")], [("d", "m", 0, 3)])
    b = project([("d", "R1", TEXT)], [("k", "a"), ("z", "zorg")], [("d", "z", 0, 3)])
    merged, report = merge_coders({"A": a, "B": b})
    assert report["documents"]["only"] == {"A": ["R2"], "B": []}
    assert report["codes"]["only"] == {"A": ["a > b"], "B": ["zorg"]}
    parents = dict(zip(merged.codes["path"], merged.codes["parent"], strict=True))
    keys = dict(zip(merged.codes["path"], merged.codes["code"], strict=True))
    assert parents == {"a": "", "a > b": keys["a"], "zorg": ""}


def test_a_project_of_several_coders_keeps_them_apart() -> None:
    a = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3), ("d", "k", 0, 3)], coder=["u1", "u2"])
    b = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)], coder="u1")
    merged, report = merge_coders({"team": a, "check": b})
    assert list(merged.coders["coder"]) == ["team/u1", "team/u2", "check"]
    assert report["codings"] == {"team/u1": 1, "team/u2": 1, "check": 1}


def test_codes_of_one_name_within_a_project_stay_two() -> None:
    a = project([("d", "R1", TEXT)], [(GUID.format(1), "a"), (GUID.format(2), "a")], [("d", GUID.format(2), 0, 3)])
    b = project([("d", "R1", TEXT)], [(GUID.format(1), "a"), (GUID.format(2), "a")], [("d", GUID.format(2), 0, 3)])
    merged, report = merge_coders([a, b])
    assert len(merged.codes) == 2
    assert report["codes"]["matched_by"] == {"guid": 2}
    assert merged.codings["code"].nunique() == 1


def test_a_text_that_one_project_lacks_comes_from_the_other() -> None:
    a = project([("d", "R1", "")], [("k", "a")], [("d", "k", None, None)])
    b = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)])
    merged, report = merge_coders([a, b])
    assert report["documents"]["matched_by"] == {"name": 1}
    assert merged.documents["text"].item() == TEXT


def test_positions_without_a_text_are_not_laid_upon_the_text_of_another() -> None:
    a = project([("d", "R1", "")], [("k", "a")], [("d", "k", 4, 9)])
    b = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)])
    merged, report = merge_coders([a, b])
    first = merged.codings.iloc[0]
    assert (first["coder"], first["place"]) == ("A", "4-9")
    assert pd.isna(first["start"])
    assert any("no text to hold them against" in line for line in report["warnings"])


def test_a_guid_wins_over_a_path_whatever_the_order() -> None:
    a = project([("d", "R1", TEXT)], [(GUID.format(1), "a")], [("d", GUID.format(1), 0, 3)])
    b = project([("d", "R1", TEXT)], [(GUID.format(2), "a"), (GUID.format(1), "a")], [("d", GUID.format(1), 0, 3)])
    merged, report = merge_coders([a, b])
    assert report["codes"]["matched_by"] == {"guid": 1}
    assert merged.codings["code"].nunique() == 1


def test_attributes_of_respondents_fill_each_other() -> None:
    a = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)], respondents={"R1": "", "R2": "huur"})
    b = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)], respondents={"R1": "koop", "R2": "koop"})
    merged, _ = merge_coders([a, b])
    assert dict(zip(merged.respondents["respondent"], merged.respondents["woning"], strict=True)) == {
        "R1": "koop",
        "R2": "huur",
    }


def test_projects_that_share_nothing_are_refused() -> None:
    a = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", 0, 3)])
    b = project([("d", "R9", "Iets")], [("k", "a")], [("d", "k", 0, 3)])
    with pytest.raises(KoppelkansError, match="share no document"):
        merge_coders({"A": a, "B": b})
    with pytest.raises(KoppelkansError, match="expected two or more"):
        merge_coders([a])


_SPANS = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(sorted), min_size=1, max_size=6, unique_by=tuple
)


@settings(deadline=None, max_examples=30)
@given(_SPANS, _SPANS)
def test_no_coding_is_lost_and_none_is_shifted(first: list[list[int]], second: list[list[int]]) -> None:
    a = project([("d", "R1", TEXT)], [("k", "a")], [("d", "k", *span) for span in first])
    b = project([("e", "R1", TEXT)], [("q", "a")], [("e", "q", *span) for span in second])
    merged, _ = merge_coders({"A": a, "B": b})
    for coder, spans in (("A", first), ("B", second)):
        own = merged.codings[merged.codings["coder"] == coder]
        assert sorted(map(list, zip(own["start"], own["end"], strict=True))) == sorted(spans)
    assert all(TEXT[row.start : row.end] == row.text for row in merged.codings.itertuples())
