"""Answers to a questionnaire with a question of each kind, as several tests use them."""

from __future__ import annotations

from typing import Any

import pandas as pd

KINDS = {
    "letter": "single",
    "heard": "multiple",
    "order": "ranking",
    "home": "likert",
    "bill": "number",
    "note": "open",
}
OPTIONS = {"letter": ["yes", "no"], "heard": ["flyer", "site"], "order": ["a", "b"], "home": ["1", "2", "3"]}
QUESTIONS = pd.DataFrame(
    [("tenants", key, kind, "", f"{key} nl", f"{key} en") for key, kind in KINDS.items()],
    columns=["strand", "question", "kind", "construct", "label_nl", "label_en"],
)
ALL_OPTIONS = pd.DataFrame(
    [
        ("tenants", key, option, order, option, option)
        for key, codes in OPTIONS.items()
        for order, option in enumerate(codes, start=1)
    ],
    columns=["strand", "question", "option", "order", "label_nl", "label_en"],
)


def answer(who: int, question: str, option: str = "", **cells: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"rank": pd.NA, "value": pd.NA, "text": "", "missing": ""}
    return {"respondent": f"R{who:03}", "strand": "tenants", "question": question, "option": option, **empty, **cells}


def filled_in(people: int, missing: str = "") -> pd.DataFrame:
    """Return the answers of some people to every question; all missing for a reason where one is given."""
    rows = []
    for who in range(people):
        if missing:
            rows += [answer(who, key, missing=missing) for key in KINDS]
            continue
        rows += [answer(who, "letter", "yes" if who % 3 else "no"), answer(who, "heard", "flyer" if who % 2 else "")]
        first, second = ("a", "b") if who % 3 else ("b", "a")
        rows += [answer(who, "order", first, rank=1), answer(who, "order", second, rank=2)]
        rows += [answer(who, "home", str(who % 3 + 1)), answer(who, "bill", value=100.0 + who)]
        rows += [answer(who, "note", text="x")]
    columns = ["respondent", "strand", "question", "option", "rank", "value", "text", "missing"]
    return pd.DataFrame(rows, columns=columns).astype({"rank": "Int64", "value": "Float64"})
