from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from koppelkans.coding import agreement, codebook, framework, frequencies, tree, units
from koppelkans.coding.agreement_by_code import by_code
from koppelkans.coding.codebook_history import history
from koppelkans.coding.sentences import sentences
from koppelkans.errors import KoppelkansError

TEXT = "Het tocht hier. Mijn huis is koud.\nIk vertrouw ze niet, bijv. de gemeente. Klaar."
DOCUMENTS = pd.DataFrame(
    [("d1", "r1", TEXT), ("d2", "r2", TEXT), ("d3", "", "Niets gezegd.")], columns=["document", "respondent", "text"]
)
CODES = pd.DataFrame(
    [("home", "Home", ""), ("cold", "Cold", "home"), ("draught", "Draught", "home"), ("trust", "Trust", "")],
    columns=["code", "name", "parent"],
).assign(path=["Home", "Home > Cold", "Home > Draught", "Trust"])
CODINGS = pd.DataFrame(
    [
        ("1", "d1", "cold", "ann", 0, 15),
        ("2", "d1", "cold", "ann", 10, 34),  # overlaps the first
        ("3", "d1", "draught", "ann", 0, 15),
        ("4", "d1", "cold", "bob", 16, 34),
        ("5", "d1", "trust", "bob", 35, 74),
        ("6", "d2", "cold", "ann", 0, 15),
        ("7", "d2", "trust", "bob", pd.NA, pd.NA),  # a picture
    ],
    columns=["coding", "document", "code", "coder", "start", "end"],
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dat is zo. En dit ook! Echt? Ja…  Goed", ["Dat is zo.", "En dit ook!", "Echt?", "Ja…", "Goed"]),
        ("Dhr. J. Jansen zei, d.w.z. bijv. gisteren, niets.", ["Dhr. J. Jansen zei, d.w.z. bijv. gisteren, niets."]),
        ("Het kost € 3.500. 's Avonds niet.", ["Het kost € 3.500.", "'s Avonds niet."]),
        ("“Kom je?” vroeg ze. “Nee.” Hij ging.", ["“Kom je?” vroeg ze.", "“Nee.”", "Hij ging."]),
        ("I: Hoe gaat het\nR: goed\n\n1. eerste punt", ["I: Hoe gaat het", "R: goed", "1. eerste punt"]),
        ("Wij doen dat enz. Verder niets 👍. Ok", ["Wij doen dat enz.", "Verder niets 👍.", "Ok"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_dutch_text_falls_into_the_sentences_that_a_reader_sees(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_a_tree_has_selective_axial_and_open_codes_by_depth_unless_the_researcher_says_otherwise() -> None:
    deep = pd.DataFrame([("a", ""), ("b", "a"), ("c", "b"), ("d", "c")], columns=["code", "parent"])
    assert list(tree.levels(deep)["level"]) == ["selective", "axial", "open", "open"]
    assert list(tree.levels(CODES)["level"]) == ["axial", "open", "open", "axial"]
    assert set(tree.levels(CODES.assign(parent=""))["level"]) == {"open"}
    stated = tree.levels(CODES, {"home": "selective"}).set_index("code")
    assert stated.loc["home", ["level", "level_basis"]].tolist() == ["selective", "stated"]
    assert tree.levels(CODES.iloc[:0]).empty


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "b"), ("b", "a")], "lies below itself"),
        ([("a", "x")], "parent 'x' is not in the table"),
        ([("a", ""), ("a", "")], "there twice"),
    ],
)
def test_a_tree_that_cannot_be_is_refused_with_the_code_named(rows: list[tuple[str, str]], expected: str) -> None:
    with pytest.raises(KoppelkansError, match=expected):
        tree.depths(pd.DataFrame(rows, columns=["code", "parent"]))


def test_rolling_up_keeps_every_coding_and_remembers_its_own_code() -> None:
    rolled = tree.roll_up(CODINGS, CODES, 1)
    assert len(rolled) == len(CODINGS) and set(rolled["code"]) == {"home", "trust"}
    assert list(rolled["own_code"]) == list(CODINGS["code"])
    pd.testing.assert_frame_equal(rolled, tree.roll_up(CODINGS, CODES, "axial"))
    assert list(tree.descendants(CODES).query("ancestor == 'home'")["code"]) == ["home", "cold", "draught"]


def test_codings_documents_cases_and_characters_are_counted_apart() -> None:
    table = frequencies.frequencies(CODINGS, DOCUMENTS, codes=CODES).set_index("code")
    assert table.loc["cold"].tolist() == [4, 2, 2, 2, 34 + 15, 0]
    assert table.loc["trust"].tolist() == [2, 2, 2, 1, 39, 1]
    assert table.loc["home"].tolist() == [0] * 6


def test_characters_under_two_codings_of_one_coder_count_once_and_again_for_another_coder() -> None:
    table = frequencies.frequencies(CODINGS, DOCUMENTS, ["code", "coder"]).set_index(["code", "coder"])
    assert table.loc[("cold", "ann"), "characters"] == 34 + 15
    assert table.loc[("cold", "bob"), "characters"] == 18
    rolled = frequencies.frequencies(tree.roll_up(CODINGS, CODES, 1), DOCUMENTS).set_index("code")
    assert rolled.loc["home", ["codings", "characters"]].tolist() == [5, 34 + 15]


def test_frequencies_of_nothing_are_an_empty_table_or_zeros() -> None:
    assert frequencies.frequencies(CODINGS.iloc[:0], DOCUMENTS).empty
    zeros = frequencies.frequencies(CODINGS.iloc[:0], DOCUMENTS, codes=CODES)
    assert len(zeros) == 4 and zeros.drop(columns="code").to_numpy().sum() == 0


def test_people_of_each_group_are_counted_with_the_size_of_the_group() -> None:
    people = pd.DataFrame({"respondent": ["r1", "r2"], "tenure": ["rent", "own"]})
    table = frequencies.attribute_frequencies(CODINGS, DOCUMENTS, people, "tenure").set_index(["code", "tenure"])
    assert table.loc[("draught", "rent")].tolist() == [1, 1] and table.loc[("draught", "own")].tolist() == [0, 1]


def test_the_framework_has_every_case_and_theme_and_leads_back_to_the_segments() -> None:
    table = framework.framework(tree.roll_up(CODINGS, CODES, 1), DOCUMENTS, ["home", "trust"])
    assert list(table["case"].unique()) == ["r1", "r2", "d3"] and len(table) == 6
    wide = framework.matrix(table)
    assert wide.to_numpy().tolist() == [[4, 1], [1, 1], [0, 0]] and wide.to_numpy().sum() == len(CODINGS)
    assert list(framework.segments(table, CODINGS, "r1", "home")["coding"]) == ["1", "3", "2", "4"]
    assert framework.segments(table, CODINGS, "d3", "home").empty
    with pytest.raises(ValueError, match="no cell"):
        framework.segments(table, CODINGS, "r9", "home")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"end": 0}, "expected an end behind the start"),
        ({"document": "d9"}, "document 'd9' is not in the table documents"),
    ],
)
def test_codings_that_cannot_be_are_refused_and_named(change: dict[str, object], expected: str) -> None:
    broken = CODINGS.copy()
    broken.loc[0, list(change)] = list(change.values())  # type: ignore[call-overload]
    with pytest.raises(KoppelkansError, match=expected):
        framework.framework(broken, DOCUMENTS, ["cold"])
    with pytest.raises(KoppelkansError, match="no column 'coder'"):
        framework.framework(CODINGS.drop(columns="coder"), DOCUMENTS, ["cold"])


def test_the_codebook_lists_every_code_with_an_example() -> None:
    table = codebook.codebook(CODES, CODINGS, DOCUMENTS).set_index("code")
    assert list(table.index) == list(CODES["code"])
    assert table.loc["cold", ["depth", "level", "codings", "example"]].tolist() == [2, "open", 4, "1"]
    assert table.loc["home", "example"] == ""


# --- the unit of analysis


def test_the_same_codings_give_other_ratings_for_another_unit() -> None:
    shapes = {by: units.ratings(DOCUMENTS, CODINGS, "cold", by) for by in units.UNITS}
    assert {by: len(rated) for by, rated in shapes.items()} == {
        "document": 2,
        "segment": 5 + 2,
        "sentence": 4 + 4,
        "character": 2 * len(TEXT),
    }
    assert shapes["document"].to_numpy().tolist() == [[1, 1], [1, 0]]
    assert shapes["sentence"].loc["d1"].to_numpy().tolist() == [[1, 0], [1, 1], [0, 0], [0, 0]]
    assert shapes["character"].sum().to_dict() == {"ann": 49, "bob": 18}


def test_leaving_uncoded_text_out_takes_away_the_agreement_on_nothing() -> None:
    everything = units.ratings(DOCUMENTS, CODINGS, "cold", "character")
    coded = units.ratings(DOCUMENTS, CODINGS, "cold", "character", "out")
    assert len(coded) == 34 + 39 + 15 < len(everything)
    assert agreement.percent_agreement(everything).value > agreement.percent_agreement(coded).value
    assert coded.sum().equals(everything.sum())


def test_a_document_that_one_coder_read_is_no_evidence_of_agreement_unless_readers_say_so() -> None:
    assert set(units.ratings(DOCUMENTS, CODINGS, "cold", "document").index.get_level_values("document")) == {"d1", "d2"}
    readers = pd.DataFrame([("d3", "ann"), ("d3", "bob"), ("d3", "cas")], columns=["document", "coder"])
    rated = units.ratings(DOCUMENTS, CODINGS, "cold", "sentence", readers=readers)
    assert rated.shape == (1, 3) and rated.to_numpy().sum() == 0
    assert units.ratings(DOCUMENTS, CODINGS[CODINGS["coder"] == "ann"], "cold", "sentence").empty


def test_a_sentence_counts_as_coded_from_half_of_it_and_a_short_coding_in_the_one_that_holds_most() -> None:
    half = units.ratings(DOCUMENTS, CODINGS, "cold", "sentence")["ann"]
    graze = pd.DataFrame([("9", "d1", "cold", "ann", 16, 40)], columns=CODINGS.columns)
    grazed = pd.concat([CODINGS, graze], ignore_index=True)
    assert units.ratings(DOCUMENTS, grazed, "cold", "sentence", least=0)["ann"].sum() == half.sum() + 1
    assert units.ratings(DOCUMENTS, grazed, "cold", "sentence")["ann"].equals(half)
    words = pd.concat([CODINGS, graze.assign(start=38, end=44)], ignore_index=True)
    assert units.ratings(DOCUMENTS, words, "cold", "sentence")["ann"].loc[("d1", 2)] == 1


def test_who_read_what_is_taken_from_the_documents_where_they_tell_it() -> None:
    told = DOCUMENTS.assign(readers=["ann; bob", "ann", "ann; bob"], readers_known="declared")
    assert set(units.ratings(told, CODINGS[CODINGS["document"] != "d2"], "cold").reset_index()["document"]) == {
        "d1",
        "d3",
    }


def test_a_code_that_is_the_only_one_is_not_judged_without_the_uncoded_units() -> None:
    only = CODINGS[CODINGS["code"] == "cold"]
    refused = by_code(DOCUMENTS, only, CODES.iloc[[1]], uncoded="out")
    assert refused["value"].isna().all() and refused["reason_en"].str.contains("no other code was used").all()
    assert by_code(DOCUMENTS, only, CODES.iloc[[1]]).set_index("measure").loc["percent", "value"] is not None
    assert by_code(DOCUMENTS, CODINGS, CODES.iloc[[1]], uncoded="out")["value"].notna().any()


def test_a_long_uncoded_stretch_counts_once_by_segment_and_by_sentence_as_often_as_it_has_sentences() -> None:
    """Of 22 sentences 18 are the same to both coders, most of them uncoded."""
    text = "Dit is een zin. " * 22
    where = sentences(text)
    chosen = {"ann": range(10), "bob": range(2, 12)}
    rows = [(f"{who}{n}", "d", "cold", who, *where[n]) for who, places in chosen.items() for n in places]
    codings = pd.DataFrame(rows, columns=CODINGS.columns)
    documents = pd.DataFrame({"document": ["d"], "text": [text]})
    rated = {by: units.ratings(documents, codings, "cold", by) for by in ("sentence", "segment")}
    assert (rated["sentence"]["ann"] == rated["sentence"]["bob"]).sum() == 18
    assert agreement.cohen_kappa(rated["sentence"]).value > 0.6 > 0.2 > agreement.cohen_kappa(rated["segment"]).value


def test_all_codes_together_make_one_nominal_rating() -> None:
    rated = units.category_ratings(DOCUMENTS, CODINGS, ["cold", "draught", "trust"], "sentence")
    expected = [["cold + draught", "-"], ["cold", "cold"], ["-", "trust"], ["-", "-"]]
    assert rated.loc["d1"].to_numpy().tolist() == expected


def test_sentences_of_a_document_without_text_are_refused_with_what_to_do() -> None:
    silent = DOCUMENTS.assign(text="", n_characters=200)
    assert len(units.ratings(silent, CODINGS, "cold", "character")) == 400
    with pytest.raises(KoppelkansError, match="take document, segment or character"):
        units.ratings(silent, CODINGS, "cold", "sentence")


def test_agreement_code_by_code_gives_prevalence_and_a_reason_where_there_is_no_value() -> None:
    table = by_code(DOCUMENTS, CODINGS, CODES, with_below=True).set_index(["code", "measure"])
    assert len(table) == 4 * 4
    assert table.loc[("cold", "kappa"), ["units", "prevalence"]].tolist() == [8, 0.25]
    assert table["value"].isna().sum() == ((table["reason_en"] != "") & table["reason_en"].str.startswith("not")).sum()
    home = table.loc[("home", "percent"), "prevalence"]
    assert home == table.loc[("cold", "percent"), "prevalence"]
    one = by_code(DOCUMENTS, CODINGS[CODINGS["coder"] == "ann"], CODES)
    assert one["value"].isna().all() and one["reason_nl"].str.startswith("niet bepaald").all()


def test_characters_beyond_the_bmp_count_as_one() -> None:
    emoji = pd.DataFrame([("d1", "r1", "👍👍 Ja. Nee.")], columns=["document", "respondent", "text"])
    codings = pd.DataFrame(
        [("1", "d1", "a", "x", 0, 6), ("2", "d1", "a", "y", 7, 11)],
        columns=["coding", "document", "code", "coder", "start", "end"],
    )
    assert units.ratings(emoji, codings, "a", "sentence").to_numpy().tolist() == [[1, 0], [0, 1]]


# --- the history of a codebook


Version = tuple[pd.DataFrame, pd.DataFrame]


def version(rows: list[tuple[str, str, str]], passages: dict[str, list[int]]) -> Version:
    codes = pd.DataFrame(rows, columns=["code", "name", "parent"])
    codes["path"] = codes["name"]
    codings = [("d", code, start, start + 1) for code, starts in passages.items() for start in starts]
    return codes, pd.DataFrame(codings, columns=["document", "code", "start", "end"])


def changes(before: Version, after: Version) -> set[tuple[str, ...]]:
    table = history(before[0], after[0], before[1], after[1])
    return set(table[["change", "old_code", "new_code", "basis"]].itertuples(index=False, name=None))


def test_codes_that_were_renamed_moved_merged_split_added_and_removed_are_recognised() -> None:
    kept = [("2", "A", "1")]
    before = version(
        [("1", "T", ""), *kept, ("3", "B", "1"), ("4", "C", "1"), ("5", "D", ""), ("6", "E", ""), ("7", "F", "")],
        {"2": [1, 2], "3": [3, 4], "4": [5, 6], "6": [7, 8, 9, 10], "7": [11, 12]},
    )
    new = [("9", "BC", "1"), ("10", "E1", ""), ("11", "E2", ""), ("12", "F2", ""), ("13", "N", "")]
    after = version(
        [("1", "T2", ""), *kept, ("5", "D", "1"), *new],
        {"2": [1, 2], "9": [3, 4, 5, 6], "10": [7, 8], "11": [9, 10], "12": [11, 12], "13": [20]},
    )
    assert changes(before, after) == {
        ("renamed", "1", "1", "key"),
        ("unchanged", "2", "2", "key"),  # the code above it was renamed; it did not move
        ("merged", "3", "9", "passages"),
        ("merged", "4", "9", "passages"),
        ("moved", "5", "5", "key"),
        ("split", "6", "10", "passages"),
        ("split", "6", "11", "passages"),
        ("renamed", "7", "12", "passages"),
        ("added", "", "13", ""),
    }


def test_a_code_that_takes_another_in_or_gives_part_away_goes_on() -> None:
    before = version([("a", "A", ""), ("b", "B", "")], {"a": [1, 2, 3, 4], "b": [5]})
    joined = version([("a", "A", "")], {"a": [1, 2, 3, 4, 5]})
    assert changes(before, joined) == {("unchanged", "a", "a", "key"), ("merged", "b", "a", "passages")}
    parted = version([("a", "A", ""), ("b", "B", ""), ("c", "C", "")], {"a": [1, 2], "b": [5], "c": [3, 4]})
    assert ("split", "a", "c", "passages") in changes(before, parted)
    assert changes(before, version([], {})) == {("removed", "a", "", ""), ("removed", "b", "", "")}


def test_codes_with_new_keys_are_known_by_their_path() -> None:
    before = version([("x", "A", ""), ("y", "B", "")], {})
    assert changes(before, version([("p", "A", ""), ("q", "B", "")], {})) == {
        ("unchanged", "x", "p", "path"),
        ("unchanged", "y", "q", "path"),
    }


def test_nothing_that_was_given_is_changed() -> None:
    before = [frame.copy() for frame in (DOCUMENTS, CODINGS, CODES)]
    by_code(DOCUMENTS, CODINGS, CODES)
    codebook.codebook(CODES, CODINGS, DOCUMENTS)
    framework.framework(CODINGS, DOCUMENTS, ["cold"])
    for frame, same in zip((DOCUMENTS, CODINGS, CODES), before, strict=True):
        pd.testing.assert_frame_equal(frame, same)
    assert np.isfinite(units.ratings(DOCUMENTS, CODINGS, "cold", "sentence").to_numpy()).all()
