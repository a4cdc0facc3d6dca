"""The truth of a synthetic neighbourhood: what is put in, and what an analysis should find again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from koppelkans.errors import KoppelkansError
from koppelkans.study import parse_yaml, read_text
from koppelkans.synthetic.questionnaire import QUESTIONS
from koppelkans.synthetic.words import Words

RESIDENTS = ("tenants", "homeowners")
PARTNERS = "partners"
DEFAULT = Path(__file__).with_name("truth.yml")
_BANK = Path(__file__).with_name("sentences.yml")
_STRICT = ConfigDict(extra="forbid")

Share = Annotated[float, Field(ge=0, le=1)]
PartOf = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0)]
ByGroup = dict[str, dict[str, Positive]]  # group -> option -> weight


@checked(frozen=True, config=_STRICT)
class People:
    """Who lives there: shares of homeowners, mean years in the neighbourhood, weights of attributes by group."""

    homeowners: PartOf
    interviewed_homeowners: PartOf
    mean_years: dict[str, Positive]
    age_group: ByGroup
    household: ByGroup
    language: ByGroup


@checked(frozen=True, config=_STRICT)
class Theme:
    """A theme in the interviews of a group: brought in by interview `first`, in later ones with chance `share`."""

    first: Annotated[int, Field(ge=1)]
    share: Share


@checked(frozen=True, config=_STRICT)
class Interviews:
    """Interviews with partners for the evaluation, and how many of these the second coder reads too."""

    partners: Annotated[int, Field(ge=0)]
    double_coded_partners: Annotated[int, Field(ge=0)]


@checked(frozen=True, config=_STRICT)
class Coder:
    """How a coder errs: chances by code, with "default" for codes that are not named."""

    jitter: Share
    sensitivity: dict[str, Share]
    false_positive: dict[str, Share]

    def finds(self, code: str) -> float:
        """Return the chance that a passage gets the code that it should."""
        return self.sensitivity.get(code, self.sensitivity["default"])

    def adds(self, code: str) -> float:
        """Return the chance that a sentence gets a code that it should not."""
        return self.false_positive.get(code, self.false_positive["default"])


@checked(frozen=True, config=_STRICT)
class Trust:
    """Logistic model of trust; the reference is a tenant below 65 who has just moved in."""

    share_of_reference: PartOf
    odds_homeowner: Positive
    odds_aged_65: Positive
    odds_ten_years: Positive


@checked(frozen=True, config=_STRICT)
class Attachment:
    """One trait behind statements from 1 to 5: loadings, which are reversed (counted from 1), and thresholds."""

    homeowners_more: float
    loadings: list[Share]
    reversed: list[int]
    thresholds: Annotated[list[float], Field(min_length=4, max_length=4)]


@checked(frozen=True, config=_STRICT)
class Bill:
    """Euros a month."""

    mean: float
    sd: Positive


@checked(frozen=True, config=_STRICT)
class Help:
    """Chance of wanting help: of those in whose interview a theme is (or would be), `raised`, and of the `others`."""

    raised: Share
    others: Share


@checked(frozen=True, config=_STRICT)
class Survey:
    """Answers: shares of options (weights), chances by option, ranking weights, models, and silence.

    `help` depends on `help_theme`, so that interview and answer of one person hang together.
    """

    information: ByGroup
    sources: dict[str, dict[str, Share]]
    priorities: ByGroup
    trust: Trust
    help_theme: str
    help: dict[str, Help]
    help_kind: ByGroup
    attachment: Attachment
    bill: dict[str, Bill]
    remark: Share
    skipped: dict[str, Share]
    do_not_know: Share
    stopped: dict[str, Share]


@checked(frozen=True, config=_STRICT)
class Item(Words):
    """An item of a session and the compendium's grouping of it."""

    category: str = ""


@checked(frozen=True, config=_STRICT)
class Session:
    """A session: when, where, and its items by kind."""

    month: str
    mode: str
    theme: list[Item]
    work_form: list[Item]
    outcome: list[Item]


@checked(frozen=True, config=_STRICT)
class Story:
    """A change story: its theme and its five elements."""

    theme: Words
    target_group: Words
    approach: Words
    direct_result: Words
    direct_effect: Words
    higher_effect: Words


@dataclass(frozen=True)
class Truth:
    """All that is put into a synthetic neighbourhood.

    Attributes: `people`; `themes` (code -> group -> Theme; groups are tenants, homeowners and partners); `interviews`;
    `coders` (name -> Coder, two of them); `survey`; `sessions`; `change_stories`.
    """

    people: People
    themes: dict[str, dict[str, Theme]]
    interviews: Interviews
    coders: Annotated[dict[str, Coder], Field(min_length=2, max_length=2)]
    survey: Survey
    sessions: list[Session]
    change_stories: list[Story]

    __pydantic_config__ = _STRICT

    def codes(self, group: str) -> list[str]:
        """Return the codes that people of a group talk about."""
        return [code for code, groups in self.themes.items() if group in groups]

    def saturation(self, group: str) -> int:
        """Return the interview of a group that brings in the last new theme."""
        return max(self.themes[code][group].first for code in self.codes(group))


def read_truth(path: Path = DEFAULT) -> Truth:
    """Read a truth.

    Raises KoppelkansError, one line for each value that is missing or wrong.
    """
    settings = parse_yaml(read_text(path), str(path))
    try:
        truth: Truth = TypeAdapter(Truth).validate_python(settings)
    except ValidationError as error:
        lines = [f"{path}, {', '.join(map(str, one['loc']))}: {_said(dict(one))}" for one in error.errors()]
        raise KoppelkansError("\n".join(lines)) from None
    problems = _problems(truth)
    if problems:
        raise KoppelkansError("\n".join(f"{path}, {problem}" for problem in problems))
    return truth


def _said(problem: dict[str, Any]) -> str:
    if problem["type"] == "missing":
        return "is missing; add it, as in src/koppelkans/synthetic/truth.yml"
    return f"found {problem['input']!r}; {problem['msg'][:1].lower()}{problem['msg'][1:]}"


def _problems(truth: Truth) -> list[str]:
    """Find what the types alone cannot see: a group without numbers, a code without sentences."""
    survey, people = truth.survey, truth.people
    by_group = {
        **{f"people, {name}": getattr(people, name) for name in ("mean_years", "age_group", "household", "language")},
        **{
            f"survey, {name}": getattr(survey, name)
            for name in ("information", "sources", "priorities", "help", "help_kind", "bill", "skipped", "stopped")
        },
    }
    problems = [
        f"{name}: no {group}; expected numbers for {' and '.join(RESIDENTS)}"
        for name, groups in by_group.items()
        for group in RESIDENTS
        if not groups.get(group)
    ]
    known = bank()["codes"]
    problems += [
        f"survey, {name}: no question has the option {option!r}; expected {', '.join(QUESTIONS[name].options)}"
        for name in ("information", "sources", "priorities", "help_kind")
        for groups in [getattr(survey, name)]
        for option in sorted({option for group in groups.values() for option in group} - set(QUESTIONS[name].options))
    ]
    if survey.help_theme not in truth.themes:
        problems.append(f"survey, help_theme: found {survey.help_theme!r}, expected one of {', '.join(truth.themes)}")
    problems += [
        f"themes, {code}: no sentences for it; expected one of {', '.join(known)}"
        for code in truth.themes
        if code not in known
    ]
    problems += [
        f"themes, {code}: found the group {group!r}, expected one of {', '.join((*RESIDENTS, PARTNERS))}"
        for code, groups in truth.themes.items()
        for group in groups
        if group not in (*RESIDENTS, PARTNERS)
    ]
    problems += [
        f"themes: none for {group}; expected at least one" for group in (*RESIDENTS, PARTNERS) if not truth.codes(group)
    ]
    for name, coder in truth.coders.items():
        for table in ("sensitivity", "false_positive"):
            if "default" not in getattr(coder, table):
                problems.append(f"coders, {name}, {table}: no default; expected one for codes that are not named")
    return problems


@cache
def bank() -> dict[str, Any]:
    """Return the sentences that people say, as sentences.yml has them."""
    return parse_yaml(_BANK.read_text(encoding="utf-8"), _BANK.name)
