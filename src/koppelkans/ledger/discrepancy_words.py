"""Checks on words: subjects that one part of the study speaks of and another part, where they should be, does not."""

from __future__ import annotations

from koppelkans.ledger.discrepancy_evidence import (
    CHECKS,
    RESULTS,
    CannotRun,
    Check,
    Evidence,
    Result,
    Values,
    joined,
    named,
    saying,
    within,
)
from koppelkans.locale import N_


def _words_absent(name: str, absent_in: str, present_in: str, terms: dict[str, str], text: str) -> None:
    """Register a check that looks for words that some sections have and others lack.

    `absent_in` and `present_in` are patterns of sections; `terms` maps a name to the words that stand
    for it; `text` says where they are absent. It is there where at least one term is.
    """

    def run(evidence: Evidence) -> Result:
        claims = evidence.table("claims")
        if within(claims, absent_in).empty:
            raise CannotRun("statements of these sections")
        there = {term: saying(within(claims, present_in), words) for term, words in terms.items()}
        absent = [
            term for term, words in terms.items() if len(there[term]) and saying(within(claims, absent_in), words).empty
        ]
        sections = dict.fromkeys(section for term in absent for section in there[term]["section"])
        values: Values = {"absent": len(absent), "sections": joined(sections), **named("words", absent)}
        return bool(absent), values

    CHECKS[name] = Check(name, run, text)


_IN_RESULTS = N_("Not in section 2: {words}. Present in: {sections}.")
_words_absent("ownership_in_results", RESULTS, r"[1345]", {N_("ownership"): "ownership|eigenaar"}, _IN_RESULTS)
_words_absent("heat_pump_in_results", RESULTS, r"[1345]", {N_("heat pump"): "heat pump|warmtepomp"}, _IN_RESULTS)
_words_absent("vendors_in_results", RESULTS, r"[1345]", {N_("vendors"): "vendor|leverancier"}, _IN_RESULTS)
_words_absent("reluctance_in_results", RESULTS, r"[1345]", {N_("reluctance"): "reluctan|schroom"}, _IN_RESULTS)
_words_absent(
    "second_aim_in_evaluation",
    r"2\.1",
    r"1\.3",
    {N_("integral nature"): "integral nature|samenhang van het vraagstuk|integraliteit"},
    N_("Not in section 2.1: {words}. Present in: {sections}."),
)
_words_absent(
    "lessons_in_results",
    r"2\.2",
    r"1\.2|3|4",
    {N_("lessons"): r"\blessons?\b|\blessen\b"},
    N_("Not in section 2.2: {words}. Present in: {sections}."),
)
_words_absent(
    "methods_in_results",
    r"2\.4",
    r"1\.3\.4",
    {
        N_("desk research"): "desk research|bureauonderzoek",
        N_("observations"): "observation|observatie",
        N_("behaviour lenses"): r"\blens",
    },
    N_("Not in section 2.4: {words}. Present in: {sections}."),
)
_words_absent(
    "advice_returns_in_recommendations",
    r"4$",
    r"3$",
    {
        N_("project supporter"): "project ?supporter|projectondersteuner",
        N_("supporting group"): "supporting group|steungroep",
        N_("title"): r"\btitle\b|\btitel\b",
    },
    N_("Not in section 4: {words}. Present in: {sections}."),
)
_words_absent(
    "subjects_in_results",
    RESULTS,
    r"4|5",
    {
        N_("Balans"): "Balans",
        N_("EiS as an energy company"): "energy company|energiebedrijf",
        N_("the image of Portaal"): r"\bimage\b|\bimago\b",
        N_("information evenings"): "information evening|voorlichtingsavond",
        N_("varied approaches"): "variety of approaches|veel verschillende manieren",
        N_("money"): r"\bmoney\b|\bgeld\b|\bgelden\b",
        N_("the empty chair"): "empty chair|lege stoel",
    },
    _IN_RESULTS,
)
