"""Checks on counts, dates, levels and goals: does the programme agree with the text, and one place with another?"""

from __future__ import annotations

import pandas as pd

from koppelkans.integration import level_disagreements, levels_by_package
from koppelkans.ledger.discrepancy_evidence import (
    CannotRun,
    Evidence,
    Result,
    Values,
    check,
    joined,
    named,
    saying,
    texts,
)
from koppelkans.ledger.traces import PARTLY
from koppelkans.locale import N_
from koppelkans.strands.quantifiers import RULES

# Counts, dates and the programme


@check(
    N_(
        "The text states {stated} sessions until {until}. The table has {through} up to and including that "
        "month, {before} before it and {all} in all."
    )
)
def sessions_in_stated_period(evidence: Evidence) -> Result:
    """Count the sessions in the stated period in both readings of its end; neither may give the stated number."""
    months = evidence.table("sessions").drop_duplicates("session")["month"]
    first, last = evidence.fact("sessions_from"), evidence.fact("sessions_to")
    stated = int(evidence.fact("sessions_stated"))
    through, before = int(months.between(first, last).sum()), int(((months >= first) & (months < last)).sum())
    values: Values = {"stated": stated, "until": last, "through": through, "before": before, "all": len(months)}
    return stated not in (through, before), values


@check(N_("The table puts the session in {table}, the caption in {caption}; sessions in that last month: {rows}."))
def month_of_change_stories(evidence: Evidence) -> Result:
    """Compare the month of the session that used the change-story tool with that of the caption."""
    with_stories = saying(evidence.items("work_form"), "change-story|veranderverhaal")
    if with_stories.empty:
        raise CannotRun("a session with change stories")
    month, caption = str(with_stories["month"].iloc[0]), evidence.fact("story_session_caption")
    sessions = evidence.table("sessions").drop_duplicates("session")["month"]
    return month != caption, {"table": month, "caption": caption, "rows": int((sessions == caption).sum())}


@check(N_("{packages} work packages have {questions} sub-questions together: {sum}."))
def one_question_per_package(evidence: Evidence) -> Result:
    """Count the questions of every work package; each should have one."""
    packages = evidence.table("work_packages").sort_values("order")["work_package"]
    asked = evidence.table("research_questions")["work_package"].value_counts()
    counts = [int(asked.get(package, 0)) for package in packages]
    values: Values = {"packages": len(counts), "questions": sum(counts), "sum": " + ".join(map(str, counts))}
    return any(count != 1 for count in counts), values


@check(N_("Of {n} people one wording allows {first} and another {second}; counts that fit both: {common}."))
def words_without_common_count(evidence: Evidence) -> Result:
    """Intersect the counts that the quantifiers of these claims allow for one group of known size."""
    quantifiers = evidence.table("quantifiers")
    own = quantifiers[quantifiers["anchor"].isin(evidence.own()["anchor"])]
    counted = own[own["n"].notna() & (own["rule"] != "no-count")]
    if len(counted) < 2:
        raise CannotRun("two quantifiers about one group")
    n = int(counted["n"].iloc[0])
    ranges = [RULES[rule](n) for rule in counted["rule"]]
    common = set.intersection(*map(set, ranges))
    first, second = (f"{r[0]}–{r[-1]}" if len(r) > 1 else joined(r) for r in ranges[:2])
    return not common, {"n": n, "first": first, "second": second, "common": len(common)}


@check(
    N_("Named are {levels} levels, {used} have a work package; without one: {without}. With more than one: {shared}.")
)
def levels_without_package(evidence: Evidence) -> Result:
    """List the levels of the model that the design gives to no work package."""
    levels, placed = evidence.table("levels").sort_values("order"), evidence.table("package_levels")
    packages = placed[placed["basis"] == "stated-design"].groupby("level")["work_package"].nunique()
    counts = levels["level"].map(packages).fillna(0)
    values: Values = {"levels": len(levels), "used": int((counts > 0).sum())}
    for language in ("nl", "en"):
        names = levels[f"name_{language}"].str.lower()
        values |= {f"without_{language}": joined(names[counts == 0]), f"shared_{language}": joined(names[counts > 1])}
    return bool((counts == 0).any()), values


@check(N_("Of {forms} work forms, appreciative inquiry is named by {inquiry} and ABCD by {abcd}."))
def named_methods_are_frequent(evidence: Evidence) -> Result:
    """Count the work forms that name appreciative inquiry or ABCD; "often" should be more than half of them."""
    forms = evidence.items("work_form")
    inquiry, abcd = saying(forms, "appreciative inquiry|waarderend"), saying(forms, "ABCD")
    named = len(set(inquiry.index) | set(abcd.index))
    return 2 * named <= len(forms), {"forms": len(forms), "inquiry": len(inquiry), "abcd": len(abcd)}


@check(
    N_(
        "Printed are {themes} themes, {forms} work forms and {outcomes} outcomes. More themes than outcomes: "
        "{months}. Counting alone does not see a theme without an outcome in a session with outcomes enough."
    )
)
def outcome_for_every_theme(evidence: Evidence) -> Result:
    """List the months of the sessions that have more themes than outcomes."""
    items = evidence.table("sessions")
    counts = pd.crosstab(items["month"], items["kind"]).reindex(columns=["theme", "work_form", "outcome"], fill_value=0)
    short = counts.index[counts["theme"] > counts["outcome"]]
    total = counts.sum()
    values: Values = {"themes": total["theme"], "forms": total["work_form"], "outcomes": total["outcome"]}
    return len(short) > 0, {**{key: int(value) for key, value in values.items()}, "months": list(short)}


@check(N_("The table has {columns} kinds of entry; its caption names {named}."))
def caption_names_all_columns(evidence: Evidence) -> Result:
    """Compare the kinds of item in the programme with those that the claim on its caption names."""
    words = {"theme": "theme", "work_form": "work form", "outcome": "outcome"}
    caption = " ".join(evidence.own()["statement_en"]).lower()
    kinds = sorted(set(evidence.table("sessions")["kind"]))
    named = [kind for kind in kinds if words[kind] in caption]
    return named != kinds, {"columns": len(kinds), "named": len(named)}


@check(N_("The statements use {names} names for these interviews."))
def names_of_the_interviews(evidence: Evidence) -> Result:
    """Count the names that the claims give to the same interviews."""
    text = " ".join(texts(evidence.own())).lower()
    names = [name for name in ("in-depth", "semi-structured", "open interview") if name in text]
    return len(names) > 1, {"names": len(names)}


@check(N_("For {assumed} statements on tenants n = {interviews} holds only if all interviewees are tenants."))
def size_rests_on_an_assumption(evidence: Evidence) -> Result:
    """Count the quantifiers on tenants whose group size rests on an assumption."""
    words = evidence.table("quantifiers")
    assumed = words[(words["group"] == "tenant-interviews") & (words["n_basis"] == "if-all-tenants")]
    return len(assumed) > 0, {"assumed": len(assumed), "interviews": int(evidence.fact("tenant_interviews"))}


# Levels, goals and ownership


@check(N_("Level in the design: {design}; in the results: {results}; in the closing chapter: {closing}."))
def levels_of_the_package(evidence: Evidence) -> Result:
    """Compare the levels that three places of the study give to the work package of these claims."""
    package = evidence.own()["work_package"].mode().iloc[0]
    levels, packages = evidence.table("levels"), evidence.table("work_packages")
    pairs = levels_by_package(evidence.table("package_levels"), levels, packages)
    values: Values = {}
    for place in ("design", "results", "closing"):
        named = pairs[(pairs["work_package"] == package) & (pairs[place] != "")]
        for language in ("nl", "en"):
            values[f"{place}_{language}"] = joined(named[f"level_{language}"].str.lower())
    return package in set(level_disagreements(pairs)["work_package"]), values


@check(N_("Of {topics} topics announced {reported} come back in the results; not: {absent}."))
def announced_topics_are_reported(evidence: Evidence) -> Result:
    """Look for each topic of the tenant interviews among the themes of that strand."""
    topics = {
        N_("sustainability"): "sustainab|verduurza",
        N_("participation"): "particip|taking part|meedoen",
        N_("the relation with Portaal"): "Portaal|corporati",
        N_("trust in institutions"): "institution|instantie|government|overheid",
        N_("the physical surroundings"): "surroundings|environment|omgeving",
    }
    themes = evidence.table("themes")
    themes = themes[themes["strand"] == "tenants"]
    if themes.empty:
        raise CannotRun("themes of tenants")
    text = " ".join(themes[["name_nl", "name_en", "finding_nl", "finding_en"]].agg(" ".join, axis=1))
    absent = [name for name, words in topics.items() if not pd.Series([text]).str.contains(words, case=False)[0]]
    stated = int(evidence.fact("tenant_topics"))
    values: Values = {"topics": stated, "reported": stated - len(absent)}
    return bool(absent), {**values, **named("absent", absent)}


@check(N_("Sessions with ownership as a theme: {sessions}; of these with an agreement as outcome: {agreed}."))
def agreement_on_ownership(evidence: Evidence) -> Result:
    """Look for sessions on ownership that ended in an agreement, beside the claim that none was found."""
    not_found = evidence.own("finding")["quantity"].str.contains(r"\b0 found").any()
    on_ownership = set(saying(evidence.items("theme"), "ownership|eigenaarschap")["session"])
    outcomes = evidence.items("outcome")
    agreed = set(outcomes.loc[outcomes["category"] == "agreement", "session"]) & on_ownership
    return bool(not_found and agreed), {"sessions": len(on_ownership), "agreed": len(agreed)}


@check(N_("Restart: {restart}; closing: {closing}."))
def closed_after_a_restart(evidence: Evidence) -> Result:
    """Compare the months of the outcomes that speak of a restart with those of the closing."""
    outcomes = evidence.items("outcome")
    restart = sorted(saying(outcomes, "restart|doorstart")["month"])
    closing = sorted(outcomes.loc[outcomes["category"] == "closing", "month"])
    return bool(restart and closing and restart[0] <= closing[-1]), {"restart": restart, "closing": closing}


@check(
    N_(
        "Conclusions on joint actions: {conclusions}; supported in full by a finding: {full}; links that "
        "support only in part: {partly}."
    )
)
def joint_actions_have_a_result(evidence: Evidence) -> Result:
    """Count the conclusions of the discrepancy that a link supports in full."""
    conclusions = evidence.own("conclusion")
    links = evidence.table("traces")
    links = links[links["to_claim"].isin(conclusions["id"])]
    full = links.loc[links["relation"] == "supports", "to_claim"].nunique()
    partly = int(links["relation"].isin(PARTLY).sum())
    return full == 0, {"conclusions": len(conclusions), "full": int(full), "partly": partly}


@check(N_("Validity is in: {validity}. Reliability is in: {reliability}."))
def purposes_of_reflection(evidence: Evidence) -> Result:
    """Compare the purposes, validity and reliability, that the sections name for the reflection sessions."""
    own = evidence.own()
    validity, reliability = (sorted(set(saying(own, word)["section"])) for word in ("validity", "reliab"))
    return bool(reliability) and validity != reliability, {
        "validity": joined(validity),
        "reliability": joined(reliability),
    }


@check(
    N_(
        "Sessions after the change stories: {after}; in which something was validated: {validating}; the "
        "effects: {effects}."
    )
)
def session_that_validates_effects(evidence: Evidence) -> Result:
    """Look for a session after the change stories whose outcome is that the effects were validated."""
    stories = saying(evidence.items("work_form"), "change-story|veranderverhaal")
    if stories.empty:
        raise CannotRun("a session with change stories")
    items = evidence.table("sessions")
    after = items[items["session"] > stories["session"].iloc[0]]
    validating = saying(after[after["kind"] == "outcome"], "validat|gevalideerd")
    effects = saying(validating, "effect")
    values: Values = {"after": after["session"].nunique(), "validating": len(validating), "effects": len(effects)}
    return effects.empty, values
