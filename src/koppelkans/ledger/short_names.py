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
MAIN_FINDINGS: dict[str, tuple[tuple[str, ...], str]] = {
    "integrated-collaboration": (
        ("F-2.1.3-02", "F-2.1.3-14", "F-2.1.3-22"),
        N_(
            "Partners find each other more easily and cooperate better; the judgement of the sessions is "
            "positive in general."
        ),
    ),
    "effects-EiS": (
        ("F-2.2.1-01", "F-2.2.2-04", "F-2.2.3-02", "F-2.2.4-02"),
        N_(
            "Better cooperation, a better view of what matters to residents, more closeness and a more "
            "positive attitude."
        ),
    ),
    "resident-connection": (
        ("F-2.3-04", "F-2.3-05", "F-2.3-06"),
        N_(
            "Some of the tenants have rather little trust in the corporation, partly through unclear "
            "communication; that holds back taking part."
        ),
    ),
    "behaviour-change": (
        ("F-2.4.1-04", "F-2.4.1-06", "F-2.4.2-02"),
        N_("Self-interest weighs most; owners are uncertain and want independent advice."),
    ),
}
"""What each work package mainly found: the claims that say it, and a line for all of them."""


def heading_of(claim: str, language: str) -> str | None:
    """Return the short name of a numbered conclusion or recommendation; None where it has none."""
    return words(language).gettext(HEADINGS[claim]) if claim in HEADINGS else None
