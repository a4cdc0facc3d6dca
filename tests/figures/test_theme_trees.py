"""Theme trees: a reader can count the themes, categories and subcategories by their indentation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from koppelkans.figures.diagrams import theme_tree
from koppelkans.figures.style import WIDTH
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.strands import interviews
from koppelkans.study.tables import validate

RAW = Path(__file__).resolve().parents[2] / "data" / "raw" / "smitsveen"


def test_levels_of_the_evaluation_themes_can_be_counted_by_their_indentation() -> None:
    themes = validate(read_csv_table(RAW / "themes.csv"), "themes").reset_index(drop=True)
    tree = interviews.theme_tree(themes, "evaluation")
    says = tree["finding_nl"].where((tree["n_children"] == 0) & (tree["finding_nl"] != ""), tree["name_nl"])
    begins = {text[:1].upper() + text[1:12]: level for text, level in zip(says, tree["level"], strict=True)}
    assert len(begins) == len(tree), "a beginning names one row"
    drawn = [
        text
        for axes in theme_tree(tree).draw(WIDTH, "nl").axes
        for text in axes.texts
        if text.get_text()[:12] in begins
    ]
    places: dict[str, Counter[float]] = {}
    for text in drawn:
        places.setdefault(begins[text.get_text()[:12]], Counter())[round(text.get_position()[0], 3)] += 1
    assert [sum(places[name].values()) for name in ("theme", "category", "subcategory")] == [3, 9, 20]
    assert all(len(found) == 2 for found in places.values()), "one place in each of the two columns"


def test_a_theme_figure_says_what_was_found() -> None:
    themes = validate(read_csv_table(RAW / "themes.csv"), "themes").reset_index(drop=True)
    for strand in ("evaluation", "change-stories", "tenants", "homeowners"):
        tree = interviews.theme_tree(themes, strand)
        assert (tree.loc[tree["n_children"] == 0, ["finding_nl", "finding_en"]] != "").all(axis=None)
        lines = theme_tree(tree).describe("nl")
        for row, line in zip(tree.itertuples(), lines, strict=True):
            assert row.finding_nl in line
