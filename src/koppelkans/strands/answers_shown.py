"""Which counts of answers may be shown: one decision for all tables of a study, in both languages.

How many people there are, and how many of them answered a question, is shown: that somebody gave no answer is no trait.
Why they did not is shown where each reason has people enough. Counts by strand are decided on first, the same wherever
they stand; counts by group are then hidden so that nothing of all this can be worked out (`privacy.linked`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from koppelkans.privacy.linked import ALWAYS, Published, is_small
from koppelkans.strands.survey import NONE_CHOSEN, NOT_ASKED, asked, with_none_chosen

SIZE = ""
"""In place of an option: how many people a group has."""


@dataclass
class Shown:
    """What may be shown of the answers to one question.

    parts: strand -> groups of options that are counted as one (points of a scale that are taken together), and whether
    their count is hidden. groups: (group, option) that are hidden; (group, SIZE) where its size is.
    withheld: strands of which nothing but the number of people is shown.
    """

    several: bool = False
    parts: dict[str, dict[frozenset[str], bool]] = field(default_factory=dict)
    weighted: set[tuple[str, str]] = field(default_factory=set)
    groups: set[tuple[str, str]] = field(default_factory=set)
    withheld: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        """Whether nothing of the question is hidden anywhere."""
        return not (self.withheld or self.groups or any(any(parts.values()) for parts in self.parts.values()))

    def hides(self, strand: str, options: Sequence[str]) -> bool:
        """Tell whether the count of people of a strand with one of some options has to be hidden.

        It may be shown where it follows from what is shown: all counts it is a sum of, or all others, are shown.
        """
        parts = self.parts.get(strand, {})
        if strand in self.withheld:
            return True
        chosen = [(part, hidden) for part, hidden in parts.items() if part & set(options)]
        if any(part - set(options) for part, _ in chosen):
            return True
        others = [] if self.several else [hidden for part, hidden in parts.items() if not part & set(options)]
        return any(hidden for _, hidden in chosen) and (self.several or any(others))


def answers_shown(
    answers: pd.DataFrame,
    questions: pd.DataFrame,
    options: pd.DataFrame,
    minimum: int,
    not_asked: Sequence[str] = NOT_ASKED,
    *,
    groups: Mapping[str, str] | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Shown]:
    """Decide what is hidden of each question: question -> Shown.

    `answers`, `questions`, `options`: tables of the study. `groups`: respondent -> group, where groups are compared;
    `weights`: respondent -> weight, where shares are weighted. What is hidden by strand does not depend on either. The
    points of all scales are taken together on either side of the middle where one of them would be hidden.
    """
    kinds = dict(zip(questions["question"], questions["kind"], strict=True)) if len(questions) else {}
    if minimum < 2 or answers.empty:
        return {key: Shown(kind == "multiple") for key, kind in kinds.items()}
    given = asked(with_none_chosen(answers, questions), not_asked)
    given = given[given["missing"].fillna("") == ""]
    given = given[(given["question"].map(kinds) != "ranking") | (given["rank"] == 1)]
    people = given.assign(
        option=given["option"].fillna(""),
        group=given["respondent"].map(groups or {}).fillna(""),
        weighed=given["respondent"].map(weights or {}).fillna(0) > 0,
    ).drop_duplicates(["question", "strand", "respondent", "option"])

    def of_all(kinds_of: Collection[str], scale: Callable[[str], dict[str, frozenset[str]]]) -> dict[str, Shown]:
        decided = {}
        for key in [key for key, kind in kinds.items() if kind in kinds_of]:
            shown = Shown(kinds[key] == "multiple")
            shown.withheld = _withheld(answers[answers["question"] == key], minimum)
            shown.withheld |= {strand for one, strand, n, *_ in routes if one == key and n < minimum}
            own, parts = people[people["question"] == key], scale(key)
            own = own.assign(part=own["option"].map(lambda option, parts=parts: parts.get(option, frozenset([option]))))
            if kinds[key] == "likert":
                own = own[own["option"].isin(parts)]
            grouped = groups is not None and kinds[key] in ("single", "multiple")
            skipped = [(strand, chosen) for _, strand, n, of, chosen in routes if of == key and n >= minimum]
            # decided without groups and weights, so that each table of the study has the same
            _Question(shown, own.assign(group="", weighed=False), minimum, skipped).decide()
            if grouped or weights is not None:
                _Question(shown, own, minimum, skipped).decide_more(grouped, weights is not None)
            decided[key] = shown
        return decided

    routes = _routes(answers, people, kinds, not_asked)
    result = of_all(("single", "multiple", "ranking", "open", "number"), lambda key: {})
    points = of_all(("likert",), lambda key: _scale(options, key, together=False))
    if not all(shown.whole for shown in points.values()):
        points = of_all(("likert",), lambda key: _scale(options, key, together=True))
    return result | points


def _scale(options: pd.DataFrame, question: str, together: bool) -> dict[str, frozenset[str]]:
    """Say with which others a point of a scale is counted: with those on its side of the middle, or with none."""
    own = options[options["question"] == question].drop_duplicates("option").sort_values("order")["option"]
    scale = [str(option) for option in own]
    half = len(scale) // 2
    sides = (scale[:half], scale[half : len(scale) - half], scale[len(scale) - half :])
    return {option: frozenset(side if together else [option]) for side in sides for option in side}


def _withheld(answers: pd.DataFrame, minimum: int) -> set[str]:
    """Name the strands in which so few were asked or answered a question that this number is told nowhere."""
    answered = answers["missing"].fillna("") == ""
    counts = [answers[of].groupby("strand")["respondent"].nunique() for of in (answered, answered.notna())]
    return {str(strand) for people in counts for strand in people.index[is_small(people, minimum)]}


def _routes(
    answers: pd.DataFrame, people: pd.DataFrame, kinds: Mapping[str, str], not_asked: Sequence[str]
) -> list[tuple[str, str, int, str, set[str]]]:
    """Find the questions that were not asked of who gave some answers to another one: how many are so is told by n.

    Returns question, strand, how many people, the other question, and those answers to it.
    """
    routes = []
    words = [*map(str.casefold, not_asked)]
    skipped = answers[answers["missing"].fillna("").str.casefold().isin(words)]
    for (question, strand), own in skipped.groupby(["question", "strand"]):
        who = set(own["respondent"])
        for key in [key for key, kind in kinds.items() if kind == "single" and key != question]:
            of_key = people[(people["question"] == key) & (people["strand"] == strand)]
            chosen = set(of_key.loc[of_key["respondent"].isin(who), "option"])
            if chosen and set(of_key.loc[of_key["option"].isin(chosen), "respondent"]) == who:
                routes.append((str(question), str(strand), len(who), key, chosen))
    return routes


class _Question:
    """The counts of one question, by strand, weight and group, as sums of people who are alike in all three."""

    def __init__(self, shown: Shown, own: pd.DataFrame, minimum: int, routes: list[tuple[str, set[str]]]) -> None:
        """Count. `own`: respondent, strand, group, weighed, part (frozenset of options), one row a person and part."""
        self.shown, self.routes = shown, routes
        self.published = Published(minimum)
        self.own = own[~own["strand"].isin(shown.withheld)]
        self.parts = list(dict.fromkeys(own["part"]))
        self.groups = [group for group in dict.fromkeys(own["group"]) if group]
        classes = self.own.groupby(["strand", "weighed", "group"])
        self.people = {kind: self.published.number(who["respondent"].nunique()) for kind, who in classes}
        self.atoms: dict[tuple[Any, frozenset[str]], int] = {}
        for kind, who in classes:
            counts = who.groupby("part")["respondent"].nunique()
            atoms = [self.published.number(counts.get(part, 0)) for part in self.parts]
            self.atoms |= {(kind, part): atom for part, atom in zip(self.parts, atoms, strict=True)}
            self._hang_together(self.people[kind], atoms)

    def _hang_together(self, people: int, atoms: list[int]) -> None:
        """Say how the answers of people who are alike add up to them: one each, or as many as they like."""
        if not self.shown.several:
            self.published.adds_up([people], atoms)
            return
        none = [atom for part, atom in zip(self.parts, atoms, strict=True) if part == frozenset([NONE_CHOSEN])]
        self.published.at_most([people], atoms)
        for atom in set(atoms) - set(none):
            self.published.at_most([atom, *none], [people])

    def decide(self) -> None:
        """Write into `shown` what is hidden by strand."""
        cells = self._by_strand()
        hidden = self.published.hidden()
        for _, strand, part in cells:
            self.shown.parts.setdefault(strand, {})[part] = ("strand", strand, part) in hidden

    def decide_more(self, grouped: bool, weighted: bool) -> None:
        """Write into `shown` what is hidden of weighted people and by group, after what was decided by strand."""
        decided = self._by_strand()
        hidden = {("strand", strand, part) for _, strand, part in decided if self.shown.parts[strand][part]}
        if weighted:
            more: set[Any] = set()
            for strand in dict.fromkeys(self.own.loc[self.own["weighed"], "strand"]):
                more |= self._table("weighted", strand, 0, ALWAYS)
            hidden = self.published.hidden(kept=decided, before=hidden)
            decided |= more
        self.shown.weighted = {(of, option) for what, of, part in hidden for option in part if what == "weighted"}
        if grouped and self.shown.withheld:  # what the groups tell of all strands would tell of this one
            self.shown.groups = {(group, option) for group in self.groups for part in self.parts for option in part}
            self.shown.groups |= {(group, SIZE) for group in self.groups}
            return
        for group in self.groups if grouped else []:
            self._table("group", group, 2, ("group", group, frozenset()))
        before: set[Any] | None = None
        while hidden != before:
            before = hidden
            without_size = {of for what, of, part in hidden if what == "group" and not part}
            no_shares = {("group", of, part) for of in without_size for part in self.parts}
            hidden = self.published.hidden(kept=decided, before=hidden | no_shares)
        self.shown.groups = {(of, option) for what, of, part in hidden for option in part or [SIZE] if what == "group"}

    def _by_strand(self) -> set[Any]:
        cells: set[Any] = set()
        for strand in dict.fromkeys(self.own["strand"]):
            cells |= self._table("strand", strand, 0, ALWAYS)
        for strand, chosen in self.routes:
            routed = [self.atoms[one] for one in self.atoms if one[0][0] == strand and one[1] & chosen]
            if routed:
                self.published.adds_up([self.published.number(0, ALWAYS)], routed)
        return cells

    def _table(self, what: str, of: str, place: int, size: Any) -> set[Any]:
        """Add the counts that a table shows of one strand or group; return their cells."""
        kinds = [kind for kind in self.people if kind[place] == of and (what != "weighted" or kind[1])]
        n = sum(self.published.value(self.people[kind]) for kind in kinds)
        everybody = self.published.number(n, size, cost=1.0 + len(self.parts))
        self.published.adds_up([everybody], [self.people[kind] for kind in kinds])
        self.published.secret(everybody)
        cells = {size} - {ALWAYS}
        for part in self.parts:
            atoms = [self.atoms[kind, part] for kind in kinds]
            cells.add(cell := (what, of, part))
            with_it = sum(self.published.value(atom) for atom in atoms)
            counted, rest = self.published.number(with_it, cell), self.published.number(n - with_it, cell)
            self.published.adds_up([counted], atoms)
            self.published.adds_up([everybody], [counted, rest])
            for one in (counted, rest):
                self.published.secret(one)
        return cells
