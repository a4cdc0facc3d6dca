"""The names of the kinds, levels, work packages and verdicts of statements, for figures and pages alike.

Nothing heavy is imported here: the pages of the report need the names, and no figure.
"""

from __future__ import annotations

from koppelkans.locale import N_, words

NAMES = {
    "background": N_("background"),
    "method": N_("method"),
    "finding": N_("finding"),
    "limitation": N_("limitation"),
    "conclusion": N_("conclusion"),
    "advice": N_("advice"),
    "policy": N_("policy"),
    "community": N_("community"),
    "institutional": N_("institutional"),
    "interpersonal": N_("interpersonal"),
    "intrapersonal": N_("intrapersonal"),
    "several": N_("several levels"),
    "not-specific": N_("no level"),
    "overall": N_("Study as a whole"),
    "integrated-collaboration": N_("Integrated collaboration"),
    "effects-EiS": N_("Effects of the EiS project"),
    "resident-connection": N_("Connecting residents"),
    "behaviour-change": N_("Behaviour change"),
    "recomputed": N_("follows from other data"),
    "repeated": N_("stands elsewhere too"),
    "transcription-checked": N_("typed right"),
    "discrepant": N_("does not agree"),
    "bounded": N_("bounds"),
    "transcribed": N_("as printed"),
    "companion": N_("other source"),
    "needs-data": N_("needs field data"),
    "not-empirical": N_("norm or concept"),
    "supported": N_("supported"),
    "contradicted": N_("contradicted"),
    "undecided": N_("undecided"),
    "Voorwoord": N_("Foreword"),
    "Tabel 1": N_("Table 1"),
}
"""How English writes them."""


def name_of(value: str, language: str) -> str:
    """Return how the edition writes a kind, level, work package, status or section of the study."""
    return words(language).gettext(NAMES[value]) if value in NAMES else f"§ {value}"
