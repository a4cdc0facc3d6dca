"""Several studies side by side: what is absent and what was not looked for, what is the same, what stays hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from koppelkans.errors import KoppelkansError
from koppelkans.figures import neighbourhoods as charts
from koppelkans.figures.exhibit import SYNTHETIC_MARK
from koppelkans.figures.showing import exhibits
from koppelkans.integration import compared_answers, neighbourhoods
from koppelkans.integration.compared_themes import motives_and_barriers, side_by_side
from koppelkans.integration.neighbourhoods import THEMES, Neighbourhood, published_shares
from koppelkans.integration.not_comparable import not_comparable
from koppelkans.readers.csv_tables import read_csv_table
from koppelkans.study import open_study
from koppelkans.study.comparison import Comparison, names_compared, open_comparison
from koppelkans.study.tables import empty_table, validate
from koppelkans.synthetic.truth import DEFAULT
from koppelkans.synthetic.write import Sizes, write_study
from koppelkans.workflow.tidy import write_tables

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
NO_BOUNDS = pd.DataFrame(columns=["study", "origin", "strand", "question", "option", "low", "high"])
CHOICES = [
    *("study", "origin", "strand", "question", "kind", "label_nl", "label_en", "option", "option_nl", "option_en"),
    *("order", "respondents", "n", "value", "low", "high", "hidden"),
]


def themes_of(study: str, origin: str, *rows: tuple[str, str, str, int | None, int | None]) -> pd.DataFrame:
    """Themes as (strand, name, state, cases, of_cases)."""
    table = [
        (
            study,
            origin,
            strand,
            name.casefold(),
            name,
            1,
            "barrier",
            state,
            cases,
            of,
            (cases or 0) / of if of else None,
        )
        for strand, name, state, cases, of in rows
    ]
    return pd.DataFrame(table, columns=THEMES[:11]).reindex(columns=THEMES)


def choices_of(study: str, origin: str, yes: int | None, n: int, words: str = "Help?", no: str = "nee") -> pd.DataFrame:
    counts = {"ja": yes, no: None if yes is None else n - yes}
    rows = [
        (study, origin, "tenants", "help", "single", words, words, option, option, option, order, count, n,
         None if count is None else count / n, 0.1, 0.9, "small" if count is None else "")
        for order, (option, count) in enumerate(counts.items())
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=CHOICES)


def neighbourhood(key: str, origin: str = "collected", **parts: Any) -> Neighbourhood:
    strands = {"tenants": {"nl": "huurders", "en": "tenants"}, "pupils": {"en": "pupils"}}
    empty = {"themes": pd.DataFrame(columns=THEMES), "choices": pd.DataFrame(columns=CHOICES)}
    frame = pd.DataFrame()
    given: dict[str, Any] = {
        **{"titles": {}, "origin": origin, "minimum": 5, "settings": {}, "strand_names": strands, "interviewed": {}},
        **{"answered": frame, "agreement": frame, "why_no_agreement": {}, "programme": frame, **empty, **parts},
    }
    return Neighbourhood(key=key, **given)


def test_only_a_theme_that_was_looked_for_can_be_absent() -> None:
    one = themes_of("a", "collected", ("tenants", "Kou", "present", 6, 12), ("tenants", "Geld", "absent", 0, 12))
    other = themes_of("b", "collected", ("tenants", "kou", "hidden", None, 8), ("pupils", "School", "present", 5, 9))
    printed = themes_of("p", "published", ("tenants", "Huur", "named", None, None))
    studies = [neighbourhood("p", "published", themes=printed)]
    studies += [neighbourhood(key, themes=table) for key, table in (("a", one), ("b", other))]
    table = side_by_side(studies)
    states = table.set_index(["strand", "theme", "study"])["state"].to_dict()
    assert states["tenants", "kou", "a"] == "present"
    assert states["tenants", "kou", "b"] == "hidden"
    assert states["tenants", "geld", "a"] == "absent"
    assert states["tenants", "geld", "b"] == states["tenants", "geld", "p"] == "not-looked-for"
    assert states["tenants", "huur", "p"] == "named"
    assert states["pupils", "school", "a"] == "no-data"
    assert table.iloc[0]["theme"] == "kou"  # seen in most studies
    same = side_by_side(studies, [["Kou", "Huur"]])
    assert set(same.loc[same["theme"] == "kou", "study"]) == {"a", "b", "p"}
    assert "huur" not in set(same["theme"])
    with pytest.raises(KoppelkansError, match="same_themes: a has more than one theme"):
        side_by_side(studies, [["Kou", "Geld"]])
    why = not_comparable(studies, table, compared_answers.asked(studies, NO_BOUNDS))
    assert {("strand:pupils", "own-strand"), ("themes:tenants", "one-study"), ("study", "published"),
            ("pooling", "hidden"), ("pooling", "few")} <= set(zip(why["what"], why["why"], strict=True))  # fmt: skip


def test_shares_are_pooled_within_an_origin_and_not_where_some_are_hidden() -> None:
    def study(key: str, origin: str, people: int | None) -> Neighbourhood:
        state = "hidden" if people is None else "present"
        return neighbourhood(key, origin, themes=themes_of(key, origin, ("tenants", "Kou", state, people, 12)))

    real = [study(key, "collected", people) for key, people in zip("abc", (6, 7, 8), strict=True)]
    made_up = [study(key, "synthetic", 0 if key < "z" else 1) for key in "xyz"]
    shares, means = motives_and_barriers(side_by_side([*real, *made_up]))
    alone = motives_and_barriers(side_by_side(real))[1]
    assert means.set_index("origin").loc["collected", "mean"] == pytest.approx(alone["mean"].iloc[0])
    assert means.set_index("origin").loc["synthetic", "mean"] < 0.2
    assert shares.set_index("study")["shrunk"].between(0, 1).all()
    hiding = motives_and_barriers(side_by_side([*real, study("d", "collected", None)]))[1].iloc[0]
    assert pd.isna(hiding["mean"])
    assert "hidden" in hiding["reason_en"]


def test_a_question_is_the_same_only_with_the_same_words_and_options() -> None:
    def asked(*tables: pd.DataFrame) -> list[tuple[str, str, int]]:
        studies = [neighbourhood(table["study"].iloc[0], choices=table) for table in tables]
        questions = compared_answers.asked(studies, NO_BOUNDS)
        return list(zip(questions["study"], questions["same"], questions["studies"], strict=True))

    a, b = choices_of("a", "collected", 9, 20), choices_of("b", "collected", 8, 20, words="help ")
    assert asked(a, b) == [("a", "", 2), ("b", "", 2)]
    assert ("c", "wording", 1) in asked(a, b, choices_of("c", "collected", 8, 20, words="Do you need help?"))
    assert ("c", "options", 1) in asked(a, b, choices_of("c", "collected", 8, 20, no="liever niet"))
    assert [row[2] for row in asked(a)] == [1]


def test_published_words_give_a_range_and_no_point() -> None:
    words = validate(read_csv_table(ROOT / "data" / "raw" / "smitsveen" / "quantifiers.csv"), "quantifiers")

    class Printed:
        name = "smitsveen"

        def table(self, name: str) -> pd.DataFrame:
            return words if name == "quantifiers" else empty_table(name)

    bounds = published_shares(Printed(), [["homeowners", "information", "post", "Q-52"]], 20)  # type: ignore[arg-type]
    assert bounds["origin"].tolist() == ["bounds"]
    assert "value" not in bounds
    assert bounds["low"].iloc[0] == pytest.approx(10 / 19)  # the smallest majority of up to twenty people
    assert bounds["high"].iloc[0] == pytest.approx(19 / 20)  # a majority that is not all


@pytest.fixture(scope="module")
def compendium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two small studies: a synthetic one, and one whose data pass for collected, so that it hides small groups."""
    root = tmp_path_factory.mktemp("wijken")
    (root / "notebooks").mkdir()
    for name, seed in (("berg", 1), ("dal", 2)):
        write_study(DEFAULT, Sizes(30, 6, seed), root / "data" / "raw" / name)
    settings = root / "data" / "raw" / "dal" / "study.yml"
    settings.write_text(settings.read_text("utf-8").replace("origin: synthetic", "origin: collected"), "utf-8")
    for name in ("berg", "dal"):
        write_tables(open_study(name, root))
    return root


def test_what_a_study_hides_is_hidden_in_the_comparison(compendium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    across = open_comparison(["berg", "dal"], compendium)
    assert [one.name for one in across.studies] == ["dal", "berg"]  # collected before synthetic
    assert across.origins == "collected + synthetic"
    compared = [neighbourhoods.of_study(one) for one in across.studies]
    themes = side_by_side(compared)
    own = themes[themes["study"] == "dal"]
    assert (own["state"] == "hidden").any()
    assert own.loc[own["state"] == "hidden", ["cases", "share", "low", "high"]].isna().all(axis=None)
    assert own.loc[own["state"] == "present", "cases"].min() >= 5
    answers, means = compared_answers.compared(compared, compared_answers.asked(compared, NO_BOUNDS))
    few = answers[(answers["study"] == "dal") & answers["is_hidden"]]
    assert len(few)
    assert few[["respondents", "value", "low", "high", "shrunk"]].isna().all(axis=None)
    assert means["mean"].isna().all()  # one study of each origin
    shown = exhibits(across)("fig-compared-themes", charts.themes(themes, neighbourhoods.names_of(compared)))
    assert shown is not None
    assert "collected" not in shown.caption.partition("Origin")[0]
    assert shown.caption.endswith("Origin: field data, synthetic data.")
    assert SYNTHETIC_MARK in shown.svg
    assert SYNTHETIC_MARK in shown.svg_narrow
    assert {"collected", "synthetic"} <= set(pd.read_csv(pd.io.common.StringIO(shown.data))["origin"])
    monkeypatch.setenv("VIEW", "working")
    working = open_comparison(["berg", "dal"], compendium)
    assert working.build == compendium / "build" / "comparison" / "working"
    one = next(neighbourhoods.of_study(study) for study in working.studies if study.name == "dal")
    assert set(one.themes["state"]) <= {"present", "absent"}


def test_two_studies_at_least_are_named(compendium: Path) -> None:
    assert names_compared([], compendium) == ["berg", "dal"]
    with pytest.raises(KoppelkansError, match="found 1, expected two or more studies"):
        names_compared(["berg"], compendium)
    with pytest.raises(KoppelkansError, match="STUDY=brg: unknown study"):
        names_compared(["berg", "brg"], compendium)
    assert isinstance(open_comparison(["berg", "dal"], compendium), Comparison)
