"""The text of the report that sets several studies side by side: what its notebook shows, section by section."""

from __future__ import annotations

from collections.abc import Sequence

from koppelkans.locale import N_, words
from koppelkans.report.neighbourhood import About, Shown, chapter, embed, head

_SECTIONS = (
    ("studies", N_("What was compared"), ("tbl-compared-studies",)),
    ("themes", N_("Themes"), ("fig-compared-themes",)),
    ("motives", N_("Motives and barriers"), ("fig-compared-motives",)),
    ("answers", N_("What people answered"), ("fig-compared-answers", "fig-compared-leading")),
    ("agreement", N_("How far coders agree"), ("fig-compared-agreement",)),
    ("programme", N_("Sessions and change stories"), ("tbl-compared-programme",)),
    ("not", N_("What is not comparable"), ("tbl-not-comparable",)),
)
_INTRO = {
    "studies": N_(
        "Each study gives what it shows in its own publication: what it hides of small groups is hidden here too. "
        "Published, collected and synthetic data each have a sign, and are never put together in one number."
    ),
    "themes": N_(
        "Only a zero says that a theme was looked for and that nobody raised it. An empty cell says that nobody looked "
        "for it under this name, which is no absence; of a published study only what it named is known."
    ),
    "motives": N_(
        "Interviewees are few and chosen: an interval says how little so few can tell. Where shares are put together, "
        "a neighbourhood with few people is drawn towards the others, one with many hardly."
    ),
    "answers": N_(
        "Only the same question is compared: the same words, with the same answers to choose from, asked of the same "
        "people. Neighbourhoods whose intervals overlap cannot be put in an order."
    ),
    "agreement": N_(
        "Where coders agree little, the shares of themes are less sure. It says nothing of a neighbourhood."
    ),
    "programme": N_("What was done with partners and residents, and how far the change stories are filled in."),
    "not": N_(
        "What is left out above, and why. A next study with the same names of codes and the same questions makes this "
        "table shorter."
    ),
}


def report(about: About, shown: Sequence[Shown], language: str) -> str:
    """Return the text: a section for each part that holds data, and a line for each that does not."""
    _ = words(language).gettext
    by_label = {one.label: one for one in shown}
    parts = [head(about.title, _("Neighbourhoods side by side"), about, language)]
    for key, title, labels in _SECTIONS:
        own = [by_label[label] for label in labels if label in by_label]
        parts.append(chapter(_(title), f"#sec-{key}"))
        held = [one for one in own if one.holds_data]
        parts += (
            [f"{_(_INTRO[key])}\n"] if held else [f"{one.reason[:1].upper()}{one.reason[1:]}.\n" for one in own[:1]]
        )
        parts += [embed(one, language) for one in held]
    return "\n".join(parts)
