"""Short names, in our own words, of the statements that an overview or a figure has to name in a line."""

from __future__ import annotations

from koppelkans.locale import N_, words

HEADINGS = {
    "C-3-04": N_("Trust of residents"),
    "C-3-11": N_("Cooperation gives synergy"),
    "C-3-20": N_("EiS had several effects"),
    "C-3-25": N_("Experiments give lessons"),
    "C-3-31": N_("Self-interest comes first"),
    "C-3-36": N_("Support for ownership"),
    "C-3-48": N_("Place for social domain"),
    "A-4-03": N_("Work together by linking"),
    "A-4-12": N_("Involve everyone"),
    "A-4-24": N_("Work from trust"),
    "A-4-34": N_("Win the trust of residents"),
    "A-4-47": N_("Be careful with money"),
    "A-4-51": N_("Be patient"),
    "A-4-63": N_("Communicate in person"),
    "A-4-79": N_("Clarify expectations"),
    "A-4-83": N_("Learn from each other"),
}
"""The numbered conclusions and recommendations."""


def heading_of(claim: str, language: str) -> str | None:
    """Return the short name of a numbered conclusion or recommendation; None where it has none."""
    return words(language).gettext(HEADINGS[claim]) if claim in HEADINGS else None
