"""Whether two sides of a theme fit: what people raised in interviews, and what they answered when asked.

The words are those of Fetters, Curry & Creswell (2013): **confirm** (both sides lead to the same reading), **expand**
(they differ because each shows another aspect of the theme, and complement each other), **discord** (they contradict
each other); and **silence** where one side has nothing on a theme (Farmer et al. 2006). Whether two sides are about
different aspects is seen by who reads the passages, so no rule gives "expand": it stands in study.yml, or nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from koppelkans.locale import N_, words
from koppelkans.locale.language import number
from koppelkans.statistics.estimate import Estimate
from koppelkans.study.link_settings import FITS

NO_ANSWERS = N_("the answers say nothing about it")
HIDDEN_FIT = "hidden"
"""In place of a verdict that rests on hidden numbers: it would tell between which bounds they lie."""
__all__ = ["FITS", "HIDDEN_FIT", "FitRules", "Proposal", "convergence", "fit", "together"]


@dataclass(frozen=True)
class FitRules:
    """When the numbers of two sides fit: a rule over their intervals, and no line that one of them has to pass.

    apart: how far two shares may lie apart and still say the same (0.4: 40 percentage points).
    least_cases: fewer people who raise the theme than this count as nothing said.

    discord: the two intervals do not touch. confirm: no two shares within the intervals lie further apart than `apart`.
    silence: fewer than `least_cases` people raise it, or there are no answers. undecided: anything else.

    With 95% intervals and the same share behind both sides, discord comes out in at most 5% of studies; with shares
    that lie `apart` from each other, so does confirm (4 to 40 interviews, 10 to 300 answers; docs/statistics.md).
    """

    apart: float = 0.4
    least_cases: int = 1

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not 0 < self.apart < 1 or self.least_cases < 1:
            values = f"apart is {self.apart}, least_cases is {self.least_cases}"
            raise ValueError(f"{values}; expected a share between 0 and 1, and 1 case or more")


@dataclass(frozen=True)
class Proposal:
    """What the numbers propose: `fit` (one of FITS), `rule` and `follow_up` (messages), `far` (a share in the rule)."""

    fit: str
    rule: str
    follow_up: str = ""
    far: float | None = None

    def text(self, language: str, rules: FitRules) -> str:
        """Say in a language by which rule the proposal was made."""
        said = words(language).gettext(self.rule)
        far = "" if self.far is None else number(100 * self.far, language)["text"]
        return said.format(apart=number(100 * rules.apart, language)["text"], far=far)


_ASK = N_("find out whether the interviews gave room for it, and ask about it in the next ones")
_READ = N_("read the passages again: do they say the same as the answer, and of whom?")


def fit(raised: Estimate, answered: Estimate, cases: int, rules: FitRules) -> Proposal:
    """Hold the share of people who raise a theme against the share that answers so; both with their interval.

    The one rule of the joint display and of triangulation. A mention of one's own accord and an answer to a question
    are not the same quantity, so a difference is a reason to read on, and the verdict a proposal.
    """
    if cases < rules.least_cases or not raised.has_interval:
        return Proposal("silence", N_("the interviews say nothing about it"))
    if not answered.has_interval:
        return Proposal("silence", NO_ANSWERS)
    (_, low, high), (_, from_low, from_high) = raised.numbers(), answered.numbers()
    if low > from_high or from_low > high:
        rule = N_("the intervals do not touch: the shares lie {far} points apart or more")
        return Proposal("discord", rule, _READ if low > from_high else _ASK, max(low - from_high, from_low - high))
    far = max(high - from_low, from_high - low)
    if far <= rules.apart:
        return Proposal("confirm", N_("by their intervals the shares lie at most {far} points apart"), far=far)
    rule = N_("the intervals touch, and leave open a difference of up to {far} points (more than {apart})")
    return Proposal("undecided", rule, far=far)


def together(fits: list[str]) -> str:
    """Put the verdicts of one theme in one strand together, as when it has several questions: one of FITS.

    What is silent or hidden does not count beside what speaks. Verdicts that differ: discord if one is, else expand if
    one is, else undecided.
    """
    speaking = {one for one in fits if one not in ("silence", HIDDEN_FIT)}
    if len(speaking) > 1:
        return next((one for one in ("discord", "expand") if one in speaking), "undecided")
    return next(iter(speaking), HIDDEN_FIT if HIDDEN_FIT in fits else "silence")


def convergence(fits: list[str]) -> str:
    """Say how a theme converges over strands (Farmer et al. 2006).

    dissonance: a strand is in discord. hidden: none is, and of one the verdict is hidden. silence: in no strand do both
    sides speak. one: they do in one strand only, so that there is nothing for it to agree with. agreement: two strands
    or more, and all confirm. partial: anything else. Two strands may differ without discord: they are other people.
    """
    speaking = [one for one in fits if one and one != "silence"]
    if "discord" in speaking:
        return "dissonance"
    if HIDDEN_FIT in speaking:
        return HIDDEN_FIT
    if len(speaking) < 2:
        return "one" if speaking else "silence"
    return "agreement" if set(speaking) == {"confirm"} else "partial"


def counts(fits: list[str]) -> dict[str, Any]:
    """Count verdicts, 0 included, in the order of FITS."""
    return {one: fits.count(one) for one in FITS}
