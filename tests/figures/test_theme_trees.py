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
    level = {name[:1].upper() + name[1:]: level for name, level in zip(tree["name_nl"], tree["level"], strict=True)}
    drawn = [
        text for axes in theme_tree(tree).draw(WIDTH, "nl").axes for text in axes.texts if text.get_text() in level
    ]
    places: dict[str, Counter[float]] = {}
    for text in drawn:
        places.setdefault(level[text.get_text()], Counter())[round(text.get_position()[0], 3)] += 1
    assert [sum(places[name].values()) for name in ("theme", "category", "subcategory")] == [3, 9, 20]
    assert all(len(found) == 2 for found in places.values()), "one place in each of the two columns"
