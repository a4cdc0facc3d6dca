"""Short names, in our own words, of the statements that an overview or a figure has to name in a line."""

from __future__ import annotations

HEADINGS: dict[str, dict[str, str]] = {
    "C-3-04": {"nl": "Vertrouwen van bewoners", "en": "Trust of residents"},
    "C-3-11": {"nl": "Samenwerken geeft synergie", "en": "Cooperation gives synergy"},
    "C-3-20": {"nl": "EiS had meer effecten", "en": "EiS had several effects"},
    "C-3-25": {"nl": "Proberen levert lessen op", "en": "Experiments give lessons"},
    "C-3-31": {"nl": "Eigenbelang staat voorop", "en": "Self-interest comes first"},
    "C-3-36": {"nl": "Steun bij eigenaarschap", "en": "Support for ownership"},
    "C-3-48": {"nl": "Plek voor sociaal domein", "en": "Place for social domain"},
    "A-4-03": {"nl": "Werk samen en koppel", "en": "Work together by linking"},
    "A-4-12": {"nl": "Betrek iedereen", "en": "Involve everyone"},
    "A-4-24": {"nl": "Werk vanuit vertrouwen", "en": "Work from trust"},
    "A-4-34": {"nl": "Win vertrouwen van bewoners", "en": "Win the trust of residents"},
    "A-4-47": {"nl": "Wees zorgvuldig met geld", "en": "Be careful with money"},
    "A-4-51": {"nl": "Heb geduld", "en": "Be patient"},
    "A-4-63": {"nl": "Communiceer persoonlijk", "en": "Communicate in person"},
    "A-4-79": {"nl": "Verhelder verwachtingen", "en": "Clarify expectations"},
    "A-4-83": {"nl": "Leer van elkaar", "en": "Learn from each other"},
}
"""The numbered conclusions and recommendations."""
MAIN_FINDINGS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "integrated-collaboration": (
        ("F-2.1.3-02", "F-2.1.3-14", "F-2.1.3-22"),
        {
            "nl": "Partners vinden elkaar makkelijker en werken beter samen; het oordeel over de sessies is over het "
            "algemeen positief.",
            "en": "Partners find each other more easily and cooperate better; the judgement of the sessions is "
            "positive in general.",
        },
    ),
    "effects-EiS": (
        ("F-2.2.1-01", "F-2.2.2-04", "F-2.2.3-02", "F-2.2.4-02"),
        {
            "nl": "Betere samenwerking, meer zicht op wat bewoners bezighoudt, meer nabijheid en een positievere "
            "houding.",
            "en": "Better cooperation, a better view of what matters to residents, more closeness and a more positive "
            "attitude.",
        },
    ),
    "resident-connection": (
        ("F-2.3-04", "F-2.3-05", "F-2.3-06"),
        {
            "nl": "Een deel van de huurders heeft vrij weinig vertrouwen in de corporatie, mede door onduidelijke "
            "communicatie; dat remt meedoen.",
            "en": "Some of the tenants have rather little trust in the corporation, partly through unclear "
            "communication; that holds back taking part.",
        },
    ),
    "behaviour-change": (
        ("F-2.4.1-04", "F-2.4.1-06", "F-2.4.2-02"),
        {
            "nl": "Eigenbelang weegt het zwaarst; eigenaren zijn onzeker en willen onafhankelijk advies.",
            "en": "Self-interest weighs most; owners are uncertain and want independent advice.",
        },
    ),
}
"""What each work package mainly found: the claims that say it, and a line for all of them."""
