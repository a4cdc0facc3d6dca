"""Which codes of the synthetic interviews and which answers say the same, as study.yml lists it under `links`.

One link carries what a researcher would write: a verdict and the inference from both sides.
"""

from __future__ import annotations

from typing import Any

from koppelkans.synthetic.truth import Truth, bank

_LINKS: list[tuple[tuple[str, ...], str, dict[str, Any]]] = [
    (("rekening",), "intrapersonal", {"question": "priorities", "answer": ["cost"]}),
    (("subsidie",), "policy", {"question": "help_kind", "answer": ["apply"]}),
    (("uitleg",), "interpersonal", {"question": "information", "answer": ["door", "meeting", "phone"]}),
    (("twijfel",), "institutional", {"question": "trust", "answer": ["no"]}),
    (("geloof",), "institutional", {"question": "trust", "answer": ["yes"]}),
    (
        ("buren", "ontmoeting"),
        "community",
        {
            "question": "attachment_2",
            "name": {"nl": "elkaar kennen en helpen", "en": "knowing and helping one another"},
        },
    ),
    (("klein",), "intrapersonal", {"question": "help_kind", "answer": ["oddjobs"]}),
    (
        ("klein",),
        "intrapersonal",
        {
            "question": "help",
            "answer": ["yes"],
            "name": {"nl": "hulp bij kleine maatregelen", "en": "help with small measures"},
            "fit": "expand",
            "inference": {
                "nl": "Het gesprek laat zien welke klussen mensen bedoelen, het antwoord hoeveel mensen hulp willen.",
                "en": "The interview shows which jobs people mean, the answer how many people want help.",
            },
        },
    ),
    (
        ("wachten",),
        "interpersonal",
        {"follow_up": {"nl": "Vraag ernaar in de enquête.", "en": "Ask it in the survey."}},
    ),
]


def links(truth: Truth) -> list[dict[str, Any]]:
    """Return the links of a study made from this truth; codes that nobody talks about are left out."""
    words = bank()["codes"]
    listed = []
    for themes, level, answers in _LINKS:
        own = [theme for theme in themes if theme in truth.themes]
        if own:
            name = {"name": {one: words[own[0]][one] for one in ("nl", "en")}} if len(themes) == 1 else {}
            listed.append({"codes": [words[theme]["nl"] for theme in own], **name, **answers, "level": level})
    return listed
