"""The names of the kinds, levels, work packages and verdicts of statements, for figures and pages alike.

Nothing heavy is imported here: the pages of the report need the names, and no figure.
"""

from __future__ import annotations

NAMES: dict[str, dict[str, str]] = {
    "background": {"nl": "achtergrond", "en": "background"},
    "method": {"nl": "methode", "en": "method"},
    "finding": {"nl": "bevinding", "en": "finding"},
    "limitation": {"nl": "beperking", "en": "limitation"},
    "conclusion": {"nl": "conclusie", "en": "conclusion"},
    "advice": {"nl": "advies", "en": "advice"},
    "policy": {"nl": "beleid", "en": "policy"},
    "community": {"nl": "gemeenschap", "en": "community"},
    "institutional": {"nl": "institutioneel", "en": "institutional"},
    "interpersonal": {"nl": "interpersoonlijk", "en": "interpersonal"},
    "intrapersonal": {"nl": "intrapersoonlijk", "en": "intrapersonal"},
    "several": {"nl": "meer niveaus", "en": "several levels"},
    "not-specific": {"nl": "geen niveau", "en": "no level"},
    "overall": {"nl": "Onderzoek als geheel", "en": "Study as a whole"},
    "integrated-collaboration": {"nl": "Integrale samenwerking", "en": "Integrated collaboration"},
    "effects-EiS": {"nl": "Effecten van project EiS", "en": "Effects of the EiS project"},
    "resident-connection": {"nl": "Bewonersverbinding", "en": "Connecting residents"},
    "behaviour-change": {"nl": "Gedragsverandering", "en": "Behaviour change"},
    "recomputed": {"nl": "klopt na rekenen", "en": "agrees, computed"},
    "discrepant": {"nl": "klopt niet na rekenen", "en": "differs, computed"},
    "bounded": {"nl": "grenzen", "en": "bounds"},
    "transcribed": {"nl": "zoals gedrukt", "en": "as printed"},
    "companion": {"nl": "andere bron", "en": "other source"},
    "needs-data": {"nl": "gegevens nodig", "en": "needs field data"},
    "not-empirical": {"nl": "norm of begrip", "en": "norm or concept"},
    "supported": {"nl": "gesteund", "en": "supported"},
    "contradicted": {"nl": "weersproken", "en": "contradicted"},
    "undecided": {"nl": "onbeslist", "en": "undecided"},
    "Voorwoord": {"nl": "Voorwoord", "en": "Foreword"},
    "Tabel 1": {"nl": "Tabel 1", "en": "Table 1"},
}


def name_of(value: str, language: str) -> str:
    """Return how the edition writes a kind, level, work package, status or section of the study."""
    return NAMES[value][language] if value in NAMES else f"§ {value}"
