"""The sign behind the name of a study that says where its data come from."""

from __future__ import annotations

import pandas as pd

from koppelkans.integration.neighbourhoods import Names
from koppelkans.locale import N_, words

SIGNS = {"published": "†", "synthetic": "°", "collected": ""}
_SIGN_WORDS = {
    "published": N_("† published: words, no counts"),
    "synthetic": N_("° synthetic: made up by software"),
    "collected": N_("no sign: field data"),
}


def marked_name(key: str, names: Names) -> str:
    """Return the short name of a study with the sign of its origin."""
    name, origin = names.studies[key]
    return f"{name}{SIGNS[origin]}"


def signs_text(table: pd.DataFrame, names: Names, language: str) -> str:
    """Explain the signs of the studies in a table."""
    _ = words(language).gettext
    there = {names.studies[key][1] for key in table["study"]}
    return "; ".join(_(said) for origin, said in _SIGN_WORDS.items() if origin in there)
