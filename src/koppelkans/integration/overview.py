"""Where the strands meet: the levels that work packages address, the study's exhibits, the income arithmetic."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from koppelkans.locale import words
from koppelkans.locale.language import Number
from koppelkans.strands.published import UNKNOWN, counted, dated, fact, fact_text, in_year
from koppelkans.study.origin import carries_origin

BASES = ("stated-design", "stated-results", "stated-closing")
FACT_COUNTS = (
    *("authors", "coders", "evaluation_topics", "koppelkans_partners_min", "onsite_locations", "ownership_forms"),
    *("partners_added", "prestudy_themes", "warming_second"),
)
FACT_DECIMALS = ("warming_per_decade", "warming_first", "warming_limit")
FACT_YEARS = ("warming_since", "warming_first_after", "warming_second_after", "paris_commitment", "gas_free_before")
FACT_MONTHS = ("research_start",)
FACT_TEXTS = ("sia_file_number",)
FACT_OF_STRANDS: dict[str, dict[str, tuple[str, ...]]] = {  # of a study that has these strands
    "tenants": {"counts": ("tenant_topics",), "months": ("tenants_from", "tenants_to")},
    "homeowners": {"counts": (), "months": ("homeowners_from",)},
}


@carries_origin
def levels_by_package(package_levels: pd.DataFrame, levels: pd.DataFrame, packages: pd.DataFrame) -> pd.DataFrame:
    """Cross every level with every work package and say where the study puts them together.

    Takes the tables package_levels (work_package, level, basis, section), levels (level, order, names) and
    work_packages (work_package, order, names). Returns one row a pair, outermost level first: level, level_nl,
    level_en, work_package, package_nl, package_en, design, results, closing (the section that says so, or "").
    """
    columns = [
        "level",
        "level_nl",
        "level_en",
        "work_package",
        "package_nl",
        "package_en",
        "design",
        "results",
        "closing",
    ]
    if levels.empty or packages.empty:
        return pd.DataFrame(columns=columns)
    rows = levels.sort_values("order")[["level", "name_nl", "name_en"]]
    rows = rows.rename(columns={"name_nl": "level_nl", "name_en": "level_en"})
    heads = packages.sort_values("order")[["work_package", "name_nl", "name_en"]]
    heads = heads.rename(columns={"name_nl": "package_nl", "name_en": "package_en"})
    pairs = rows.merge(heads, how="cross")
    for basis in BASES:
        stated = package_levels[package_levels["basis"] == basis] if not package_levels.empty else package_levels
        sections = {} if stated.empty else stated.set_index(["work_package", "level"])["section"].to_dict()
        keys = zip(pairs["work_package"], pairs["level"], strict=True)
        pairs[basis.removeprefix("stated-")] = [sections.get(key, "") for key in keys]
    return pairs[columns]


@carries_origin
def level_disagreements(pairs: pd.DataFrame) -> pd.DataFrame:
    """List the work packages whose levels differ between places in the study.

    `pairs` is what `levels_by_package` gives. Columns: work_package, design, results, closing (levels with "; " between
    them, "" where that place names none). A place that names none does not disagree.
    """
    places = ["design", "results", "closing"]
    rows = []
    for package, rows_of_package in pairs.groupby("work_package", sort=False):
        named = {place: list(rows_of_package.loc[rows_of_package[place] != "", "level"]) for place in places}
        if len({tuple(levels) for levels in named.values() if levels}) > 1:
            rows.append([package, *("; ".join(named[place]) for place in places)])
    return pd.DataFrame(rows, columns=["work_package", *places])


@carries_origin
def income_comparison(facts: pd.DataFrame) -> pd.DataFrame:
    """Compare the two published mean incomes: measure, value, unit; no rows where one of them is not published.

    The study gives neither the year nor whether the mean is per person or per household.
    """
    here, around = fact(facts, "income_smitsveen"), fact(facts, "income_soest")
    if here is None or around is None:
        return pd.DataFrame(columns=["measure", "value", "unit"])
    rows = [("smitsveen", here, "€"), ("soest", around, "€"), ("gap", around - here, "€")]
    rows.append(("gap_share", 100 * (around - here) / around, "%"))
    return pd.DataFrame(rows, columns=["measure", "value", "unit"])


@carries_origin
def exhibits_table(exhibits: pd.DataFrame, language: str) -> pd.DataFrame:
    """Pick the columns of the exhibits in a language: exhibit ("figure 2"), title, reproducible, reason.

    Figures come first, then tables, each by number.
    """
    if exhibits.empty:
        return pd.DataFrame(columns=["exhibit", "title", "reproducible", "reason"])
    families = exhibits["exhibit"].str.partition("-")[0]
    ordered = exhibits.assign(family=families).sort_values(["family", "number"])
    _ = words(language).gettext
    families_in_words = {"figure": _("figure"), "table": _("table")}
    ordered["exhibit"] = ordered["family"].map(families_in_words) + " " + ordered["number"].astype(str)
    texts = {f"title_{language}": "title", f"reason_{language}": "reason"}
    return ordered.rename(columns=texts)[["exhibit", "title", "reproducible", "reason"]].reset_index(drop=True)


def respondents_in_both(documents: pd.DataFrame, answers: pd.DataFrame) -> int:
    """Count the respondents with both an interview and answers (column respondent in both tables)."""
    return len(set(documents["respondent"]) & set(answers["respondent"]))


def numbers(
    facts: pd.DataFrame,
    levels: pd.DataFrame,
    packages: pd.DataFrame,
    package_levels: pd.DataFrame,
    questions: pd.DataFrame,
    exhibits: pd.DataFrame,
    language: str,
    strands: Iterable[str] = tuple(FACT_OF_STRANDS),
) -> dict[str, Number]:
    """Return the numbers of the joint picture under the keys that the report uses; a dash for what is not published.

    levels_stated is what the text says is worked on; levels_analysed counts the levels that the design gives to a
    package; questions leaves the central question out. `strands`: keys of those that the study has.
    """
    designed = (
        package_levels[package_levels["basis"] == "stated-design"] if not package_levels.empty else package_levels
    )
    incomes = income_comparison(facts).set_index("measure")["value"]
    pairs = levels_by_package(package_levels, levels, packages)

    def rows(table: pd.DataFrame, column: str, *values: str) -> Number:
        return counted(None if table.empty else int(table[column].isin(values).sum()), language)

    def stated(key: str) -> Number:
        return counted(fact(facts, key), language)

    def income(measure: str, unit: str, decimals: int = 0) -> Number:
        return counted(incomes.get(measure), language, decimals, unit)

    return {
        "levels": counted(None if levels.empty else len(levels), language),
        "packages": counted(None if packages.empty else len(packages), language),
        "questions": counted(None if questions.empty else int((questions["work_package"] != "").sum()), language),
        "packages_by_students": rows(packages, "by_students", "yes"),
        "levels_analysed": counted(None if designed.empty else designed["level"].nunique(), language),
        "levels_stated": stated("levels_worked_on"),
        "packages_disagreeing": counted(None if package_levels.empty else len(level_disagreements(pairs)), language),
        "exhibits": counted(None if exhibits.empty else len(exhibits), language),
        "exhibits_reproduced": rows(exhibits, "reproducible", "yes"),
        "exhibits_partly": rows(exhibits, "reproducible", "partly"),
        "exhibits_not": rows(exhibits, "reproducible", "no"),
        "income_smitsveen": income("smitsveen", "€"),
        "income_soest": income("soest", "€"),
        "income_gap": income("gap", "€"),
        "income_gap_share": income("gap_share", "%", decimals=1),
        "partners": stated("partners_named"),
        "conclusions": stated("conclusions"),
        "recommendations": stated("recommendations"),
        "recommendation_examples": stated("recommendation_examples"),
        **single_facts(facts, language, strands),
    }


def single_facts(
    facts: pd.DataFrame, language: str, strands: Iterable[str] = tuple(FACT_OF_STRANDS)
) -> dict[str, Number]:
    """Return single facts that the text tells as they stand, under their keys in facts.csv; a dash where not stated."""
    of_strands = [FACT_OF_STRANDS[strand] for strand in FACT_OF_STRANDS if strand in set(strands)]
    counts = (*FACT_COUNTS, *(key for facts_of in of_strands for key in facts_of["counts"]))
    months = (*FACT_MONTHS, *(key for facts_of in of_strands for key in facts_of["months"]))
    codes = {key: fact_text(facts, key) for key in FACT_TEXTS}
    return {
        **{key: counted(fact(facts, key), language) for key in counts},
        **{key: counted(fact(facts, key), language, 1) for key in FACT_DECIMALS},
        **{key: in_year(fact(facts, key)) for key in FACT_YEARS},
        **{key: dated(fact_text(facts, key), language) for key in months},
        **{key: {"value": code, "text": code or UNKNOWN} for key, code in codes.items()},
    }
