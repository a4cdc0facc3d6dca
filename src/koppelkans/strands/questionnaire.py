"""The answers of a study with the choices of the researcher, as tables that may be shown.

What `strands.answers_shown` hides is empty in all that is made from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from koppelkans.errors import KoppelkansError
from koppelkans.locale import words
from koppelkans.locale.language import percent
from koppelkans.privacy.linked import HIDDEN, emptied, hidden_numbers, is_small
from koppelkans.statistics.multiple_tests import holm
from koppelkans.statistics.proportions import METHODS, Method
from koppelkans.strands import survey
from koppelkans.strands.answers import NO_ANSWER, Base
from koppelkans.strands.answers_shown import SIZE, Shown, answers_shown
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
    _decided: dict[str, dict[str, Shown]] = field(default_factory=dict, init=False, repr=False)

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

    def shown(self, grouped_by: str = "") -> dict[str, Shown]:
        """Decide which counts may be shown, those by the groups of an attribute included; the same decision always."""
        if grouped_by not in self._decided:
            people = self.people
            groups = dict(zip(people["respondent"], people[grouped_by], strict=True)) if grouped_by else None
            of = (self.answers, self.questions, self.options, self.minimum, self.not_asked)
            self._decided[grouped_by] = answers_shown(*of, groups=groups, weights=self.weights)
        return self._decided[grouped_by]

    def _hidden(self, table: pd.DataFrame, made: Sequence[str]) -> pd.DataFrame:
        """Empty the counts that are hidden, and what was made from them; `option` may hold points taken together."""
        decided = self.shown()
        hidden = []
        for question, strand, option in zip(table["question"], table["strand"], table["option"], strict=True):
            shown = decided[question]
            parts = str(option).split(survey.TAKEN_TOGETHER)
            hidden.append(shown.hides(strand, parts) or (strand, option) in shown.weighted)
        result = emptied(table, hidden, ["respondents", *made])
        return result.assign(n=self._base(result, decided))

    def _base(self, table: pd.DataFrame, decided: dict[str, Shown]) -> pd.Series:
        keys = zip(table["question"], table["strand"], strict=True)
        few = [strand in decided[question].withheld for question, strand in keys]
        return table["n"].astype("Int64").mask(pd.Series(few, table.index, dtype=bool))

    @carries_origin
    def response(self) -> pd.DataFrame:
        """Return who answered and why not, as `survey.response`.

        Where few people give a reason, all who did not answer stand together. Where few answered, or were not asked, no
        number but that of the people is shown.
        """
        table, decided = survey.response(self.answers, self.questions), self.shown()
        silent = table["state"] != survey.ANSWERED
        few = silent & is_small(table["respondents"], self.minimum)
        mixed = few.groupby([table["question"], table["strand"]]).transform("any") & silent
        table["state"] = table["state"].mask(mixed, NO_ANSWER)
        keys = [name for name in table.columns if name != "respondents"]
        table = table.groupby(keys, sort=False, as_index=False, dropna=False).agg({"respondents": "sum"})
        hidden = [
            strand in decided[question].withheld
            for question, strand in zip(table["question"], table["strand"], strict=True)
        ]
        table["people"] = table["people"].astype("Int64").mask(is_small(table["people"], self.minimum))
        return emptied(table, hidden, ["respondents"])

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
        return self._hidden(table, _ESTIMATE)

    @carries_origin
    def rankings(self) -> pd.DataFrame:
        """Return the rankings in three measures, as `survey.rankings`; none of them where a first place is hidden.

        From a mean place and its interval follow the sum of the places and of their squares, and from these how many
        put an option second or last. So mean and strength are hidden where few people gave an option one of its places.
        """
        table = survey.rankings(self.answers, self.questions, self.options, self.method, self.level, self.not_asked)
        result = self._hidden(table, _ESTIMATE)
        few = self._places_of_few()
        keys = [*zip(result["question"], result["strand"], strict=True)]
        hidden = {key for key, mark in zip(keys, result[HIDDEN], strict=True) if mark}
        measures = zip(keys, result["measure"], strict=True)
        apart = [key in hidden or (key in few and measure != "first") for key, measure in measures]
        return emptied(result, apart, ["respondents", *_ESTIMATE])

    def _places_of_few(self) -> set[tuple[str, str]]:
        """Return the questions and strands in which fewer people than the minimum gave an option one of its places."""
        ranked = survey.asked(self.answers, self.not_asked).dropna(subset=["rank"])
        places = ranked.groupby(["question", "strand", "option", "rank"])["respondent"].nunique()
        return {(question, strand) for question, strand, *_ in places.index[is_small(places, self.minimum)]}

    @carries_origin
    def likert(self) -> pd.DataFrame:
        """Return the spread of answers to statements, as `survey.likert`.

        Where parts of a scale are hidden, all statements are shown with its sides taken together (against, middle, in
        favour), which hides less. Where a part is still hidden, so is net: the sum of the parts would help to find it.
        """
        table = survey.likert(self.answers, self.questions, self.options, self.level, self.not_asked)
        scale = self._hidden(table, ["share"])
        if (scale[HIDDEN] != "").any():
            scale = self._hidden(survey.sides_together(table), ["share"])
        hidden = (scale[HIDDEN] != "").groupby([scale["question"], scale["strand"]]).transform("any").astype(bool)
        scale[[*_ESTIMATE]] = scale[[*_ESTIMATE]].astype("Float64").mask(hidden)
        return scale

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
        return _protected_comparison(table, self.shown(attribute))

    @carries_origin
    def modelled(self, outcome: str = "", predictors: Sequence[str] = ()) -> pd.DataFrame:
        """Model an answer, as `survey_groups.modelled`."""
        from koppelkans.strands import survey_groups

        own = (self.answers, self.questions, self.options, self.people)
        hidden = {
            key for key, shown in self.shown(survey_groups.chosen_grouping(self.people)).items() if not shown.whole
        }
        return survey_groups.modelled(*own, outcome, predictors, self.minimum, self.level, hidden)

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
        table, decided = survey.means(self.answers, self.questions, self.level), self.shown()
        keys = zip(table["question"], table["strand"], table["n"], strict=True)
        few = [n > 0 and (n < self.minimum or strand in decided[question].withheld) for question, strand, n in keys]
        return table[~pd.Series(few, table.index, dtype=bool)]


def _protected_comparison(table: pd.DataFrame, decided: dict[str, Shown]) -> pd.DataFrame:
    """Hide a comparison where the count of the group or of the reference is hidden, and sizes that are."""
    sides = {"group": "n", "reference": "n_reference"}
    keys = [
        dict(zip(["question", "option", *sides], row, strict=True))
        for row in table[["question", "option", *sides]].to_numpy()
    ]
    hidden = [any((key[side], key["option"]) in decided[key["question"]].groups for side in sides) for key in keys]
    result = emptied(table, hidden, ["respondents", *_COMPARISON])
    result["p_holm"] = holm(result["p"], int(table["p"].notna().sum()))  # so that no hidden p shows in the others
    for side, n in sides.items():
        unknown = [(key[side], SIZE) in decided[key["question"]].groups for key in keys]
        result[n] = result[n].astype("Int64").mask(pd.Series(unknown, table.index, dtype=bool))
    return result
