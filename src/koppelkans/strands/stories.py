"""The change stories: five boxes each, of which the study's text gives some.

`stories` is the table change_stories: story (int), section, theme_nl, theme_en, element, text_nl, text_en, in_source
(yes, caption, no), running_text_nl, running_text_en.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.locale import words
from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, dated, fact, fact_text
from koppelkans.study.origin import carries_origin

ELEMENTS = ("target_group", "approach", "direct_result", "direct_effect", "higher_effect")
STATUS = {"yes": "in_text", "caption": "caption", "no": "not_in_text"}
TEXTS = ["text_nl", "text_en", "running_text_nl", "running_text_en"]


@carries_origin
def chain(stories: pd.DataFrame, story: int) -> pd.DataFrame:
    """Return the five boxes of a story in order, from target group to higher effect.

    Columns: story, theme_nl, theme_en, section, position (1-5), element, status (in_text, caption, not_in_text),
    text_nl, text_en, running_text_nl, running_text_en. A box without a row counts as not in the text; a story that is
    not there gives no rows.
    """
    rows = stories[stories["story"] == story] if not stories.empty else stories
    columns = ["story", "theme_nl", "theme_en", "section", "position", "element", "status", *TEXTS]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    boxes = rows.set_index("element").reindex(list(ELEMENTS)).reset_index(names="element")
    boxes["status"] = boxes["in_source"].map(STATUS).fillna("not_in_text")
    boxes["position"] = range(1, len(ELEMENTS) + 1)
    for column in ("story", "theme_nl", "theme_en", "section"):
        boxes[column] = rows[column].iloc[0]
    boxes[TEXTS] = boxes[TEXTS].fillna("")
    return boxes[columns]


@carries_origin
def completeness(stories: pd.DataFrame) -> pd.DataFrame:
    """Count per story how many of the five boxes can be read: story, in_text, caption, not_in_text, whole (bool)."""
    if stories.empty:
        return pd.DataFrame(columns=["story", *STATUS.values(), "whole"])
    chains = pd.concat([chain(stories, story) for story in sorted(stories["story"].unique())])
    counts = pd.crosstab(chains["story"], chains["status"]).reindex(columns=list(STATUS.values()), fill_value=0)
    counts["whole"] = counts["in_text"] == len(ELEMENTS)
    return counts.reset_index().rename_axis(columns=None)


@carries_origin
def side_by_side(stories: pd.DataFrame, language: str) -> pd.DataFrame:
    """Lay the stories out, one row each: story, and the text of each of its five elements ("" where it has none)."""
    if stories.empty:
        return pd.DataFrame(columns=["story", *ELEMENTS])
    wide = stories.pivot_table(index="story", columns="element", values=f"text_{language}", aggfunc="first")
    return wide.reindex(columns=list(ELEMENTS)).fillna("").rename_axis(columns=None).reset_index()


@carries_origin
def in_columns(stories: pd.DataFrame, language: str) -> pd.DataFrame:
    """Lay the stories out beside each other: a row an element, a column a story, named "Story {number}".

    A cell holds what the box says, with a dagger where only the caption has it; where the box is not in the text, what
    the running text says of it, in square brackets; a dash where neither says anything. Columns: element, and one for
    each story.
    """
    if stories.empty:
        return pd.DataFrame(columns=["element"])
    heading = words(language).gettext("Story {number}")
    boxes = stories[f"text_{language}"] + (stories["in_source"] == "caption").map({True: " †", False: ""})
    running = stories[f"running_text_{language}"].map(lambda text: f"[{text.rstrip('.')}]" if text else "–")
    cells = stories.assign(cell=boxes.where(stories[f"text_{language}"] != "", running))
    wide = cells.pivot(index="element", columns="story", values="cell").reindex(list(ELEMENTS))
    wide.columns = [heading.format(number=number) for number in wide.columns]
    return wide.fillna("–").reset_index()


@carries_origin
def group_effects(stories: pd.DataFrame, language: str) -> pd.DataFrame:
    """Count stories by target group and main effect, every pair of them: target_group, effect, stories.

    The main effect of a story is its theme. Stories without a target group are left out.
    """
    columns = ["target_group", "effect", "stories"]
    rows = stories[stories["element"] == "target_group"] if len(stories) else stories
    if rows.empty:
        return pd.DataFrame(columns=columns)
    named = rows.rename(columns={f"text_{language}": "target_group", f"theme_{language}": "effect"})
    named = named[named["target_group"] != ""]
    counts = pd.crosstab(named["target_group"], named["effect"])
    orders = [list(dict.fromkeys(named[column])) for column in ("target_group", "effect")]
    counts = counts.reindex(index=orders[0], columns=orders[1])
    return counts.reset_index().melt("target_group", var_name="effect", value_name="stories")[columns]


def numbers(
    stories: pd.DataFrame, themes: pd.DataFrame, facts: pd.DataFrame, language: str, strand: str = "change-stories"
) -> dict[str, Number]:
    """Return the numbers of the strand under the keys that the report uses; a dash for what was not published.

    Preconditions are the subcategories of the strand in `themes`.
    """
    read = completeness(stories)
    effects = themes[themes["strand"] == strand] if not themes.empty else pd.DataFrame()

    def count(value: float | None) -> Number:
        return counted(value, language)

    def of_level(level: str) -> int | None:
        return None if effects.empty else int((effects["level"] == level).sum())

    return {
        "stories": count(None if read.empty else len(read)),
        "elements": count(fact(facts, "story_elements")),
        "boxes_in_text": count(None if read.empty else int(read["in_text"].sum())),
        "boxes_total": count(None if read.empty else len(read) * len(ELEMENTS)),
        "themes": count(of_level("theme")),
        "preconditions": count(of_level("subcategory")),
        "session_month": dated(fact_text(facts, "story_session_table"), language),
        "caption_month": dated(fact_text(facts, "story_session_caption"), language),
    }
