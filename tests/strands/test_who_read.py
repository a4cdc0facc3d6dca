"""Who has read which interview: what the files tell, what study.yml declares, and what follows for the figures."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from koppelkans.errors import InvalidTable
from koppelkans.figures import field
from koppelkans.integration import field_joint, links
from koppelkans.readers.coders import merge_coders
from koppelkans.readers.project import CODES, CODINGS, DOCUMENTS, Project
from koppelkans.readers.who_read import check_declared, with_readers
from koppelkans.statistics.estimate import Reason
from koppelkans.strands import coded, coded_groups, coded_patterns

TEXT = "Het is hier koud. De huur is hoog."


def project(coder: str, documents: list[str], codings: list[tuple[str, int, int]], text: str = TEXT) -> Project:
    """Return what one coder has: documents by name, and codings with the code kou."""
    return Project(
        pd.DataFrame(
            [(n, n, f"r{n}", "text", text, bool(text), len(text)) for n in documents], columns=list(DOCUMENTS)
        ),
        pd.DataFrame([("kou", "Kou", "", "Kou", "", True)], columns=list(CODES)),
        pd.DataFrame(
            [(f"{coder}{i}", d, "kou", coder, a, z, "", text[a:z]) for i, (d, a, z) in enumerate(codings)],
            columns=list(CODINGS),
        ).astype({"start": "Int64", "end": "Int64"}),
        pd.DataFrame({"respondent": [f"r{n}" for n in documents]}),
        pd.DataFrame({"coder": [coder], "name": [coder]}),
    )


def two_coders() -> Project:
    """A has 1, 2, 3 and 4 and codes the first two; B has 1, 2 and 3 and codes the first."""
    mine = project("A", ["1", "2", "3", "4"], [("1", 0, 17), ("2", 0, 17)])
    return merge_coders({"A": mine, "B": project("B", ["1", "2", "3"], [("1", 0, 17)])})[0]


def strand(read: Project, declared: dict[str, list[str] | str] | None = None) -> coded.Coded:
    """Take the project as a study has it in its tables."""
    names = {coder: coder for coder in read.coders["coder"]}
    documents = with_readers(read, declared or {}, names).assign(strand="huurders", origin="collected")
    tables = (read.codes, read.codings)
    codes, codings = (table.assign(origin="collected") for table in tables)
    attributes = pd.DataFrame(columns=["respondent", "attribute", "value", "origin"])
    return coded.of_strand(documents, codes, codings, attributes, "huurders", 1)


def pairs(strand_read: coded.Coded) -> set[tuple[str, str]]:
    return set(strand_read.readers[["document", "coder"]].itertuples(index=False, name=None))


def test_a_coder_has_read_what_somebody_coded_and_the_own_project_holds() -> None:
    assert pairs(strand(two_coders())) == {
        ("document-1", "A"), ("document-1", "B"), ("document-2", "A"), ("document-2", "B"),
    }  # fmt: skip


def test_what_is_declared_stands_above_what_is_assumed() -> None:
    told = strand(two_coders(), {"A": "all", "b": ["1", "3"]})
    assert pairs(told) == {
        *((f"document-{n}", "A") for n in (1, 2, 3, 4)), ("document-1", "B"), ("document-3", "B"),
    }  # fmt: skip
    assert set(told.readers["known"]) == {"declared"}


def test_a_name_that_no_file_has_is_named_with_the_nearest() -> None:
    with pytest.raises(InvalidTable) as refused:
        check_declared([two_coders()], {"A": ["11"], "Z": "all"})
    assert [line.partition(":")[0] for line in refused.value.problems] == [
        "study.yml, readers, A",
        "study.yml, readers",
    ]


def test_agreement_counts_what_one_coder_left_uncoded_and_the_caption_says_how_it_is_known() -> None:
    found = coded_patterns.agreed(strand(two_coders()), "sentence")
    assert isinstance(found, pd.DataFrame)
    percent = found[found["measure"] == "percent"].iloc[0]
    assert (percent["documents"], percent["units"], percent["value"]) == (2, 4, 0.75)
    assert percent["readers"] == "assumed"
    assert "counts as read by all coders who have it" in field.agreement(found).numbers("en")["unit"]
    told = coded_patterns.agreed(strand(two_coders(), {"A": "all", "B": ["1"]}), "sentence")
    assert isinstance(told, pd.DataFrame) and set(told["documents"]) == {1}
    assert "opgegeven" in field.agreement(told).numbers("nl")["unit"]


def test_an_interview_that_nobody_coded_brings_no_saturation() -> None:
    codings = [(str(n), 0, 17) for n in (1, 2)]
    half = strand(project("A", [str(n) for n in range(1, 9)], codings))
    found = coded_patterns.saturated(half, 1, 1, 0.05)
    assert isinstance(found, coded_patterns.Saturated) and (len(found.table), found.left_out) == (2, 6)
    assert "6" in str(field.saturation(found).numbers("nl")["saturation"])
    whole = coded_patterns.saturated(strand(project("A", ["1", "2", "3"], codings), {"A": "all"}), 1, 1, 0.05)
    assert isinstance(whole, coded_patterns.Saturated) and (len(whole.table), whole.left_out) == (3, 0)


def test_an_interview_that_nobody_read_is_in_no_denominator_and_the_captions_count_it() -> None:
    codings = [(str(n), 0, 17) for n in (1, 2)]
    half = strand(project("A", [str(n) for n in range(1, 9)], codings))
    known = pd.DataFrame(
        {"respondent": [f"r{n}" for n in range(1, 9)], "attribute": "block", "value": list("aabbaabb")}
    )
    half = dataclasses.replace(half, attributes=known)
    assert coded.counts(half)["of_cases"].tolist() == [2]
    assert coded_groups.by_attribute(half, "block")["of_cases"].tolist() == [2]
    assert coded.case_matrix(half)["case"].nunique() == 2
    numbers = coded.numbers(half, "en")
    assert (numbers["field_cases"]["text"], numbers["field_unread"]["text"]) == ("2", "6")
    link = links.linked([{"codes": ["Kou"]}], half.codes, pd.DataFrame(), pd.DataFrame())
    joint = field_joint.field_joint(link, {"huurders": half}, *(pd.DataFrame() for _ in range(3)))
    assert joint[["cases", "of_cases"]].to_numpy().tolist() == [[2, 2]]
    told = strand(project("A", [str(n) for n in range(1, 9)], codings), {"A": "all"})
    assert coded.counts(told)["of_cases"].tolist() == [8]


def test_codings_without_positions_are_not_agreed_upon_by_default() -> None:
    read = two_coders()
    bare = read.codings.assign(start=pd.NA, end=pd.NA, text="", place=[f"page {n}" for n in range(3)])
    found = coded_patterns.agreed(
        strand(Project(read.documents, read.codes, bare, read.respondents, read.coders)), "sentence"
    )
    assert isinstance(found, Reason) and "no positions" in found.text("en")
    assert isinstance(coded_patterns.power(found), Reason)
