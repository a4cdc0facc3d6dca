"""The answers of a study with the choices of the researcher, as tables that may be shown.

Every table goes through `koppelkans.privacy.shown`; what is hidden there is empty in all that is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.locale import words
from koppelkans.locale.language import percent
from koppelkans.privacy.disclosure import SMALL, Totals
from koppelkans.privacy.shown import HIDDEN, hidden_numbers, protect
from koppelkans.statistics.proportions import METHODS, Method
from koppelkans.strands import survey
from koppelkans.strands.answers import Base
from koppelkans.study.columns import require
from koppelkans.study.origin import carries_origin

if TYPE_CHECKING:
    from koppelkans.strands.comparisons import Test

_COLUMNS = {
    "answers": ("respondent", "strand", "question", "option", "rank", "value", "text", "missing"),
    "questions": ("strand", "question", "kind", "construct", "label_nl", "label_en"),
    "options": ("strand", "question", "option", "order", "label_nl", "label_en"),
    "attributes": ("respondent", "attribute", "value"),
}
_ESTIMATE = ("value", "low", "high", "se")
_COMPARISON = (
    "share",
    "respondents_reference",
    "share_reference",
    "value",
    "low",
    "high",
    "low_all",
    "high_all",
    "p",
    "p_holm",
)


@dataclass(frozen=True)
class Questionnaire:
    """Answers of a study and how they are to be analysed.

    answers, questions, options, attributes: tables of the study; empty where it has none. minimum: the smallest number
    of people that is shown. population: strand -> people in it. weight: attribute with the weight of a respondent.
    method, level, base, test: as `survey.choices` and `survey_groups.compared` take them. not_asked: reasons in
    `missing` that say that the question was not asked. Raises KoppelkansError for an unknown method, an attribute
    without numbers as weight, and a population together with weights.
    """

    answers: pd.DataFrame
    questions: pd.DataFrame
    options: pd.DataFrame
    attributes: pd.DataFrame
    minimum: int = 1
    population: Mapping[str, int] | None = None
    weight: str = ""
    method: Method = "wilson"
    level: float = 0.95
    base: Base = "answered"
    test: Test = "boschloo"
    not_asked: Sequence[str] = field(default=survey.NOT_ASKED)

    def __post_init__(self) -> None:
        """Give tables that the study lacks their columns, and refuse what cannot be."""
        for name, columns in _COLUMNS.items():
            table = getattr(self, name)
            if table.empty:
                object.__setattr__(self, name, pd.DataFrame(columns=list(columns)))
            else:
                require(table, name, columns)
        if self.method not in METHODS:
            raise KoppelkansError(f"parameter interval: {self.method!r} is not one of {', '.join(METHODS)}")
        if self.base not in ("answered", "asked"):
            raise KoppelkansError(f"parameter base: {self.base!r} is not one of answered, asked")
        if self.weight and self.population:
            raise KoppelkansError(
                "parameter weight: study.yml gives a population too; expected one of them, for weights carry it already"
            )

    @property
    def people(self) -> pd.DataFrame:
        """One row a respondent, one column an attribute; a weight is none."""
        from koppelkans.strands import survey_groups

        return survey_groups.people(self.attributes[self.attributes["attribute"] != self.weight])

    @property
    def weights(self) -> dict[str, float] | None:
        """Respondent -> weight; None where answers are not weighted."""
        if not self.weight or self.answers.empty:
            return None
        values = self.attributes[(self.attributes["attribute"] == self.weight) & (self.attributes["value"] != "")]
        numbers = pd.to_numeric(values["value"].str.replace(",", ".", regex=False), errors="coerce")
        if values.empty or numbers.isna().any() or (numbers < 0).any():
            wrong = values.loc[numbers.isna() | (numbers < 0), "value"]
            value = f"{wrong.iloc[0]!r}" if len(wrong) else "no respondent with it"
            raise KoppelkansError(
                f"parameter weight: attribute {self.weight!r}: found {value}, expected a number of 0 or more"
            )
        return dict(zip(values["respondent"], numbers, strict=True))

    @carries_origin
    def response(self) -> pd.DataFrame:
        """Return who answered and why not, as `survey.response`; `people` is empty where a reason is hidden."""
        table = protect(survey.response(self.answers, self.questions), ["question"], "state", "strand", self.minimum)
        hidden = (table[HIDDEN] != "").groupby([table["question"], table["strand"]]).transform("any")
        return table.assign(people=table["people"].astype("Int64").mask(hidden))

    @carries_origin
    def choices(self, kind: str) -> pd.DataFrame:
        """Return the shares of the options of all questions of a kind, as `survey.choices`."""
        table = survey.choices(
            self.answers,
            self.questions,
            self.options,
            kind,
            base=self.base,
            method=self.method,
            level=self.level,
            population=self.population,
            weights=self.weights,
            not_asked=self.not_asked,
        )
        totals: Totals = "both" if kind == "single" else "none"
        return protect(
            table, ["question"], "option", "strand", self.minimum, totals=totals, sizes="n", made_from=_ESTIMATE
        )

    @carries_origin
    def rankings(self) -> pd.DataFrame:
        """Return the rankings in three measures, as `survey.rankings`."""
        table = survey.rankings(self.answers, self.questions, self.options, self.method, self.level, self.not_asked)
        first = table[table["measure"] == "first"].assign(respondents=lambda rows: rows["respondents"].fillna(0))
        first = protect(
            first, ["question"], "option", "strand", self.minimum, totals="both", sizes="n", made_from=_ESTIMATE
        )
        rest = table[table["measure"] != "first"]
        few = ((rest["n"] > 0) & (rest["n"] < self.minimum)).astype(bool)
        rest = rest.assign(**{HIDDEN: few.map({True: SMALL, False: ""})})
        rest[[*_ESTIMATE]] = rest[[*_ESTIMATE]].mask(few)
        rest["n"] = rest["n"].mask(few)
        return pd.concat([first, rest]).sort_index()

    @carries_origin
    def likert(self) -> pd.DataFrame:
        """Return the spread of answers to statements, as `survey.likert`.

        Where parts of a scale are hidden, all statements are shown with its sides taken together (against, middle, in
        favour), which hides less. Where a part is still hidden, so is net: the sum of the parts would help to find it.
        """
        table = survey.likert(self.answers, self.questions, self.options, self.level, self.not_asked)
        scale = self._protected_scale(table)
        if (scale[HIDDEN] != "").any():
            scale = self._protected_scale(survey.sides_together(table))
        hidden = (scale[HIDDEN] != "").groupby([scale["question"], scale["strand"]]).transform("any").astype(bool)
        scale[[*_ESTIMATE]] = scale[[*_ESTIMATE]].astype("Float64").mask(hidden)
        return scale

    def _protected_scale(self, table: pd.DataFrame) -> pd.DataFrame:
        return protect(
            table, ["question"], "option", "strand", self.minimum, totals="both", sizes="n", made_from=["share"]
        )

    @carries_origin
    def compared(self, group_by: str = "") -> pd.DataFrame:
        """Compare groups, as `survey_groups.compared`; by the first attribute that makes groups where none is named."""
        from koppelkans.strands import survey_groups

        wide = self.people
        attribute = survey_groups.chosen_grouping(wide, group_by)
        table = survey_groups.compared(
            self.answers,
            self.questions,
            self.options,
            wide,
            attribute,
            test=self.test,
            method=self.method,
            level=self.level,
            not_asked=self.not_asked,
        ).assign(attribute=attribute)
        return _protected_comparison(table, self.minimum)

    @carries_origin
    def modelled(self, outcome: str = "", predictors: Sequence[str] = ()) -> pd.DataFrame:
        """Model an answer, as `survey_groups.modelled`."""
        from koppelkans.strands import survey_groups

        own = (self.answers, self.questions, self.options, self.people)
        return survey_groups.modelled(*own, outcome, predictors, self.minimum, self.level)

    def caption_numbers(self, table: pd.DataFrame, language: str) -> dict[str, Any]:
        """Return what a caption names of a table of these answers: interval, level, weight, population, hidden."""
        return {
            "interval": self.method.capitalize(),
            "level": percent(self.level, language),
            "weight": self.weight or None,
            "unweighted": self._unweighted(language),
            "population": ", ".join(map(str, (self.population or {}).values())) or None,
            "attribute": " ".join(table["attribute"].unique()) if "attribute" in table else None,
            "test": self.test.capitalize(),
            "tests": int(table["tests"].iloc[0]) if "tests" in table and len(table) else None,
            **hidden_numbers(self.minimum, table),
        }

    def _unweighted(self, language: str) -> str | None:
        """Say how many people have no weight, or 0, and so are in no weighted share; None where all have one."""
        weights = self.weights
        if weights is None:
            return None
        without = sum(weights.get(person, 0) <= 0 for person in self.answers["respondent"].unique())
        if without and without < self.minimum:
            return words(language).gettext("fewer than {minimum}").format(minimum=self.minimum)
        return str(without) if without else None

    @carries_origin
    def means(self) -> pd.DataFrame:
        """Return the means of questions that ask a number, as `survey.means`; those of too few people left out."""
        table = survey.means(self.answers, self.questions, self.level)
        return table[(table["n"] == 0) | (table["n"] >= self.minimum)]


def _protected_comparison(table: pd.DataFrame, minimum: int) -> pd.DataFrame:
    """Hide a comparison where the count of the group or of the reference is hidden."""
    other = {"respondents_reference": "respondents", "n_reference": "n", "reference": "group"}
    own = table[["question", "kind", "option", "group", "respondents", "n"]]
    reference = table[["question", "kind", "option", *other]].rename(columns=other)
    counts = pd.concat([own, reference]).drop_duplicates(ignore_index=True)
    whole = counts.groupby("question")["option"].transform("nunique") > 1
    crossed = (counts["kind"] == "single") & whole
    kinds: tuple[tuple[pd.Series, Totals], ...] = ((crossed, "both"), (~crossed, "none"))
    parts = [
        protect(counts[which], ["question"], "option", "group", minimum, totals=totals, sizes="n")
        for which, totals in kinds
    ]
    hidden = pd.concat(parts)
    keys = set(map(tuple, hidden.loc[hidden[HIDDEN] != "", ["question", "option", "group"]].to_numpy()))
    own_key = list(zip(table["question"], table["option"], table["group"], strict=True))
    reference_key = list(zip(table["question"], table["option"], table["reference"], strict=True))
    marks = [SMALL if {a, b} & keys else "" for a, b in zip(own_key, reference_key, strict=True)]
    result = table.assign(**{HIDDEN: marks})
    emptied = ["respondents", *_COMPARISON]
    result[emptied] = result[emptied].astype("Float64").mask(result[HIDDEN] != "")
    return result
