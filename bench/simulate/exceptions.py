"""Where an interval or test is known to lie outside the limits, how far, and why; and what each section measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.simulate.experiments import Cell

SECTIONS = {
    "Shares": "n people, drawn at random; a `share` of all would say yes (`every`: the mean of 1 to 99%).",
    "Differences between two groups": "Two groups of people, with a share of yes in each.",
    "Exact tests": "Nothing differs: how often is p (or the smallest corrected p) 5% or less?",
    "Joint display": "How often does the rule give a verdict that is wrong? `share` is that behind the interviews "
    "(`worst`: the one at which it does so most often).",
    "Means and ranks": "Answers on a scale, numbers without ends, and rankings of four options.",
    "Ordered answers in two groups": "As many people in each group; how they answer stands in `first` and `second`.",
    "Models of answers": "Groups of people who say yes or no; the odds ratio and the effect of group b against a.",
    "Scales and non-response": (
        "Four items on five steps, behind which there is one trait that they show unequally well; the steps are used "
        "evenly (`even`) or most people agree (`leaning`). And shares of people of whom the old answer three times as "
        "often as the young, raked to the true shares of age and tenure (`differ`: how far young and old are apart)."
    ),
    "Agreement over independent units": (
        "Two coders with a prevalence (`first`, `second`) and kappa; or three who slip at 5% of the units."
    ),
    "Agreement over sentences of documents": (
        "Documents of 30 sentences, which differ in how often a code is in them (beta, intraclass correlation "
        "0.2) and in how often coders slip (`slips`: the mean over sentences). The truth is the agreement over all "
        "documents there are."
    ),
    "Agreement over passages": (
        "Two coders mark some six passages in each document, with edges that slip, a code in seven that "
        "differs, and passages that one of them misses, in some documents more than in others."
    ),
    "Codes that stand together": (
        "Codes that are independent within the part of the guide to which both belong (`run`: over so many sentences "
        "at a time), in interviews of 60 sentences, cut into eight sections."
    ),
    "Saturation": "The number of codes after half of the interviews, in an order that is as random as any.",
    "Voorbeeldwijk": (
        "Is what the generator of the synthetic neighbourhood puts in found again? 200 neighbourhoods, seeds 0 to 199, "
        "from drawing people to the estimate; of several options or terms all intervals are counted."
    ),
}
_KAPPAS = ("Cohen's kappa", "Fleiss' kappa", "Krippendorff's alpha")
_THREE = ("Fleiss' kappa, three coders", "Krippendorff's alpha, three coders")


@dataclass(frozen=True)
class Known:
    """Methods of a section that are outside the limits in settings where `applies`, between `least` and `most`."""

    section: str
    what: str
    methods: tuple[str, ...]
    applies: Callable[[Mapping[str, Any]], bool]
    least: float
    most: float
    reason: str


EXCEPTIONS: tuple[Known, ...] = (
    Known(
        "Shares", "Clopper-Pearson",
        ("Clopper-Pearson", "Clopper-Pearson, finite population"), lambda of: of["n"] <= 100, 0.98, 1.0,
        "Exact: it never holds less often than 95%, and so more often where few counts are possible. Take it where "
        "that is asked for, else Wilson.",
    ),
    Known(
        "Shares", "few people or a rare answer",
        ("Wilson", "Jeffreys", "Wilson, finite population", "Jeffreys, finite population"),
        lambda of: of["n"] <= 30, 0.915, 0.996,
        "A count is a whole number, so that the rate of any interval that is not exact jumps up and down with n and "
        "share. Over all shares it is within the limits (column `every`).",
    ),
    Known(
        "Differences between two groups", "Newcombe, rare answers in both groups",
        ("Newcombe",), lambda of: of["shares"] == (0.05, 0.05), 0.98, 1.0,
        "With one or two people who say yes the interval is wider than it need be; no interval for a difference is "
        "both never too narrow and never too wide there.",
    ),
    Known(
        "Differences between two groups", "odds ratio",
        ("odds ratio, exact",), lambda of: max(of["groups"]) <= 60, 0.98, 1.0,
        "Exact given both totals (as Fisher's test): it never holds less often than 95%, and so more often with few "
        "people.",
    ),
    Known(
        "Means and ranks", "few answers on a scale",
        ("adjusted Wald",), lambda of: of["n"] <= 12, 0.98, 1.0,
        "One answer at either end is added, which weighs much beside five or twelve; so the interval is wider than it "
        "need be, never too narrow.",
    ),
    Known(
        "Means and ranks", "Student's t with skewed numbers",
        ("Student's t",), lambda of: of["numbers"] == "skewed" and of["n"] <= 50, 0.84, 0.92,
        "Amounts such as incomes (here lognormal, skewness 3.7) have a few large values that a small sample misses; "
        "the interval then lies too low. Take a median or shares, or a logarithm, with fewer than 100 people.",
    ),
    Known(
        "Models of answers", "rare answers",
        ("odds ratio, rare answers", "average marginal effect, rare answers"), lambda of: True, 0.98, 1.0,
        "Many of these fits are penalised, and profile intervals of few yesses are wide; wider than they need be, "
        "never too narrow.",
    ),
    Known(
        "Scales and non-response", "thirty people of whom most agree",
        ("omega", "ordinal alpha", "alpha"), lambda of: of["people"] <= 30 and of["answers"] == "leaning", 0.87, 0.92,
        "The few who do not agree carry the coefficient, and how they differ cannot be seen in a handful. With a "
        "hundred people it holds.",
    ),
    Known(
        "Scales and non-response", "mean score of few people",
        ("mean score (adjusted Wald)",), lambda of: of["people"] <= 30, 0.98, 1.0,
        "One answer at either end is added, as for a mean on a scale, and mean scores lie closer together than "
        "answers; so the interval is wider than it need be, never too narrow.",
    ),
    Known(
        "Agreement over independent units", "AC1 where nearly all units agree",
        ("Gwet's AC1",), lambda of: of["kappa"] in (0.6, 0.9), 0.9, 1.0,
        "Gwet's interval is the same to both sides, as other programs give it; with a few units on which coders "
        "differ it rests on these few.",
    ),
    Known(
        "Agreement over independent units", "50 units of which two or three are apart",
        _KAPPAS, lambda of: of["units"] == 50 and of["kappa"] == 0.9, 0.98, 0.99,
        "Few tables are possible, so the rate jumps; here it lies just above the limit.",
    ),
    Known(
        "Agreement over independent units", "three coders and a code in two or three of 50 units",
        _THREE, lambda of: of["units"] == 50 and of["prevalence"] == 0.05, 0.83, 0.92,
        "The variance of Gwet is for many units with the code. Two coders have the profile likelihood, three have "
        "none. Read AC1, which holds, or compare coders two by two.",
    ),
    Known(
        "Agreement over sentences of documents", "three documents",
        (
            "percent agreement", *_KAPPAS, "Gwet's AC1", "percent agreement, three coders", "Gwet's AC1, three coders",
            *_THREE,
        ),
        lambda of: of["documents"] == 3, 0.45, 0.98,
        "How documents differ cannot be seen in three. With fewer than five, units count as independent, and the "
        "method beside each interval says so: it is about these documents, not about others.",
    ),
    Known(
        "Agreement over sentences of documents", "a code in one of twenty sentences, bunched in a few documents",
        _KAPPAS, lambda of: of["documents"] >= 5 and of["prevalence"] == 0.05, 0.86, 0.92,
        "Most documents have the code never or once, so that two or three of them carry kappa, and which these are is "
        "chance. The intervals hold less often than they say; read AC1, which holds.",
    ),
    Known(
        "Agreement over sentences of documents",
        "three coders and a code in one of twenty sentences, bunched in a few documents",
        _THREE, lambda of: of["documents"] >= 5 and of["prevalence"] == 0.05, 0.73, 0.92,
        "As before, and without the profile likelihood that two coders have: with five documents one interval in four "
        "misses. Read AC1, which holds, or compare coders two by two.",
    ),
    Known(
        "Agreement over sentences of documents", "bootstrap of ten documents",
        ("Cohen's kappa, bootstrap of documents",), lambda of: True, 0.81, 0.92,
        "Percentiles of resampled documents are too narrow where documents are few: they have no Student's t. The "
        "interval by likelihood is the default.",
    ),
    Known(
        "Saturation", "band of random orders",
        ("band of random orders",), lambda of: of["interviews"] <= 8, 0.98, 1.0,
        "Few numbers of codes are possible with eight interviews, and the band ends at whole ones.",
    ),
)  # fmt: skip


def exception_of(cell: Cell, slack: float = 0) -> int | None:
    """Return the number of the exception that a cell falls under, from 1; None where there is none."""
    for number, one in enumerate(EXCEPTIONS, 1):
        reach = slack * cell.rate.error + 5e-4
        named = cell.section == one.section and cell.method in one.methods and one.applies(cell.settings)
        if named and one.least - reach <= cell.rate.value <= one.most + reach:
            return number
    return None
