"""Checks on conclusions: do they say as much as the results behind them, of the same people, from the same source?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from koppelkans.ledger.discrepancy_evidence import (
    RESULTS,
    CannotRun,
    Evidence,
    Result,
    Values,
    check,
    joined,
    named,
    saying,
    texts,
    within,
)
from koppelkans.ledger.traces import reached_from
from koppelkans.locale import N_

GROUP_WIDTH = {
    "evaluation-interviews": 1,
    "tenant-interviews": 1,
    "homeowner-interviews": 1,
    "session-participants": 1,
    "homeowners": 2,
    "residents": 3,
    "neighbourhood": 4,
}
"""Groups of people that quantifiers speak of, the narrower first; equal numbers are not within each other."""
INSTITUTIONS = ((r"institution|instanties|instellingen", 2), (r"corporation|corporatie", 1))


def _group_of(claim: Any, quantifiers: pd.DataFrame) -> str:
    """Return the group of people that the quantifier at the claim's anchor speaks of, or ""."""
    groups = quantifiers.loc[quantifiers["anchor"] == claim.anchor, "group"]
    return "" if groups.empty else str(groups.iloc[0])


def _institution_width(text: str) -> int:
    """Say which institutions a statement speaks of: 2 in general, 1 the housing corporation, 0 none."""
    statement = pd.Series([text])
    return next((width for words, width in INSTITUTIONS if statement.str.contains(words, case=False)[0]), 0)


@check(
    N_(
        "The result ({result}) is on {group}. Later statements on a wider group: {people}; on institutions "
        "instead of the corporation: {institutions}."
    )
)
def scope_of_distrust(evidence: Evidence) -> Result:
    """Follow the result along the traces and compare the people and the institutions that later statements name."""
    claims, words = evidence.table("claims"), evidence.table("quantifiers")
    own = evidence.own()
    start = within(own, RESULTS)
    if start.empty:
        raise CannotRun("a result among the claims")
    first = next(start.itertuples())
    group, institution = _group_of(first, words), _institution_width(texts(start.head(1)).iloc[0])
    reached = reached_from(evidence.table("traces"), list(start["id"]))
    later = claims[(claims["id"].isin(reached) | claims["id"].isin(own["id"])) & claims["section"].str.match("[345]")]
    people, institutions = [], []
    for claim, text in zip(later.itertuples(), texts(later), strict=True):
        if GROUP_WIDTH.get(_group_of(claim, words), 0) > GROUP_WIDTH.get(group, 0):
            people.append(claim.id)
        if _institution_width(text) > institution:
            institutions.append(claim.id)
    values: Values = {"group": group or "–", "result": first.id}
    return bool(people or institutions), {**values, "people": people, "institutions": institutions}


@check(N_("One statement is on {first}, the other on {second}."))
def statements_on_the_same_people(evidence: Evidence) -> Result:
    """Compare the groups of people that the quantifiers of these claims speak of."""
    words = evidence.table("quantifiers")
    groups = list(dict.fromkeys(filter(None, (_group_of(claim, words) for claim in evidence.own().itertuples()))))
    if not groups:
        raise CannotRun("quantifiers of these claims")
    return len(groups) > 1, {"first": groups[0], "second": joined(groups[1:])}


@check(N_("The result names {first}, the later statement {later}."))
def media_that_go_unread(evidence: Evidence) -> Result:
    """Compare the written media that the result names with those of the later statement."""
    media = {
        N_("flyers"): "flyer",
        N_("websites"): "website",
        N_("letters"): "letter|brieven",
    }
    own = evidence.own()
    results = own["section"].str.match(RESULTS)
    first, later = ([n for n, w in media.items() if len(saying(rows, w))] for rows in (own[results], own[~results]))
    if not first or not later:
        raise CannotRun("media in these claims")
    return set(first) < set(later), {**named("first", first), **named("later", later)}


@check(
    N_(
        "Conclusions with a biggest motive: {ranked}, in {ways} ways. Findings behind them: {findings}; of "
        "these {ranking} give cost a rank."
    )
)
def rank_of_motives(evidence: Evidence) -> Result:
    """Look whether the findings behind "the biggest motive" rank cost among the motives."""
    conclusions = saying(evidence.own("conclusion"), "biggest|grootste")
    links, claims = evidence.table("traces"), evidence.table("claims")
    behind = claims[claims["id"].isin(links.loc[links["to_claim"].isin(conclusions["id"]), "from_claim"])]
    ranking = saying(saying(behind, "cost|saving|besparing"), "biggest|grootste|most important|belangrijkste")
    alone = saying(conclusions, "expressed as|in de vorm van|vertaald")
    ways = (len(alone) > 0) + (len(alone) < len(conclusions))
    values: Values = {"ranked": len(conclusions), "ways": ways, "findings": len(behind), "ranking": len(ranking)}
    return bool(len(conclusions) and ranking.empty), values


@check(N_("Judged positively: {positive}. Negatively: {negative}."))
def themes_of_opposite_tone(evidence: Evidence) -> Result:
    """Look for themes of opposite tone at the places of these claims."""
    themes = evidence.table("themes")
    own = themes[themes["anchor"].isin(evidence.own()["anchor"])]
    values: Values = {
        f"{tone}_{language}": joined(own.loc[own["valence"] == tone, f"name_{language}"].str.lower())
        for tone in ("positive", "negative")
        for language in ("nl", "en")
    }
    return {"positive", "negative"} <= set(own["valence"]), values


@check(N_("Themes on money among the motives: {positive}; among what hinders: {negative}."))
def money_works_both_ways(evidence: Evidence) -> Result:
    """Count the homeowners' themes on money by tone."""
    themes = evidence.table("themes")
    own = themes[(themes["strand"] == "homeowners") & (themes["level"] == "subcategory")]
    words = "subsid|saving|financial|invest|loan"
    money = own[own[["name_en", "finding_en"]].agg(" ".join, axis=1).str.contains(words, case=False)]
    positive, negative = (int((money["valence"] == tone).sum()) for tone in ("positive", "negative"))
    return bool(positive and negative), {"positive": positive, "negative": negative}


@check(
    N_("Findings behind the conclusions on residents: {linked}; of these from interviews with residents: {residents}.")
)
def effects_told_by_residents(evidence: Evidence) -> Result:
    """Count the findings behind the effects on residents that come from the interviews with residents."""
    conclusions, links = evidence.own("conclusion"), evidence.table("traces")
    behind = set(links.loc[links["to_claim"].isin(conclusions["id"]), "from_claim"])
    claims = evidence.table("claims")
    findings = claims[claims["id"].isin(behind)]
    residents = within(findings, r"2\.[34]")
    values: Values = {"linked": len(findings), "residents": len(residents)}
    return bool(len(findings) and residents.empty), values


@check(
    N_(
        "Effects in the results: {effects}; back in section 3: {chapter_3}; back in section 5: {chapter_5}. "
        "Missing there: {missing}."
    )
)
def effects_come_back(evidence: Evidence) -> Result:
    """Follow each theme of effects along the traces to the conclusions of section 3 and of section 5."""
    themes, claims = evidence.table("themes"), evidence.table("claims")
    effects = themes[(themes["strand"] == "change-stories") & (themes["level"] == "theme")]
    section_of = dict(zip(claims["id"], claims["section"], strict=True))
    links = evidence.table("traces")[["from_claim", "to_claim"]].itertuples(index=False)
    back = {(section_of.get(start, ""), section_of.get(end, "")) for start, end in links}
    third, fifth = ([section for section in effects["section"] if (section, chapter) in back] for chapter in "35")
    missing = effects[~effects["section"].isin(fifth)]
    values: Values = {"effects": len(effects), "chapter_3": len(third), "chapter_5": len(fifth)}
    values |= {f"missing_{language}": joined(missing[f"name_{language}"]) for language in ("nl", "en")}
    return len(third) != len(fifth), values


@check(N_("The box says “{box}”; the running text has: “{text}”"))
def box_against_running_text(evidence: Evidence) -> Result:
    """Compare a story box on groups that can be reached with what the running text says of them."""
    boxes = evidence.table("change_stories")
    box = boxes[boxes["text_en"].str.contains("reachable") & (boxes["running_text_en"] != "")]
    if box.empty:
        raise CannotRun("a box on reachable groups with running text")
    row = box.iloc[0]
    hard = "hard to reach"
    values: Values = {f"{key}_{lang}": row[f"{column}_{lang}"] for key, column in _BOX for lang in ("nl", "en")}
    return (hard in row["text_en"].lower()) != (hard in row["running_text_en"].lower()), values


_BOX = (("box", "text"), ("text", "running_text"))


@check(
    N_("What the conclusions say is reduced: {objects}. Findings behind them: {findings}; with an effect: {effects}.")
)
def effect_of_information(evidence: Evidence) -> Result:
    """Compare what the conclusions say is reduced, and look for an effect in the findings behind them."""
    conclusions = evidence.own("conclusion")
    objects = [word for word in _REDUCED if len(saying(conclusions, word))]
    links, claims = evidence.table("traces"), evidence.table("claims")
    behind = claims[claims["id"].isin(links.loc[links["to_claim"].isin(conclusions["id"]), "from_claim"])]
    effects = saying(behind, "reduc|lower|verminder|verklein|wegneem")
    values: Values = {**named("objects", objects), "findings": len(behind), "effects": len(effects)}
    return len(objects) > 1 or effects.empty, values


_REDUCED = (N_("uncertainty"), N_("distrust"))
