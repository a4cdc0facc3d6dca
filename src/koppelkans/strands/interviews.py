"""Themes of the interviews, as trees of theme, category and subcategory.

`themes` is the table themes: id, strand, level, parent (id or ""), name_nl, name_en, finding_nl, finding_en,
valence, n_block_quotes, n_inline_quotes, n_quotes. The quotes of a row are counted again in the rows above it.
"""

from __future__ import annotations

import pandas as pd

from koppelkans.locale.language import Number
from koppelkans.strands.published import counted, fact
from koppelkans.study.origin import carries_origin

TREE = [
    "id",
    "depth",
    "level",
    "parent",
    "section",
    "name_nl",
    "name_en",
    "finding_nl",
    "finding_en",
    "valence",
    "n_children",
    "n_quotes",
    "n_own_quotes",
]


@carries_origin
def theme_tree(themes: pd.DataFrame, strand: str) -> pd.DataFrame:
    """Return the themes of a strand depth first: each row is followed by what lies under it, in the table's order.

    Columns: id, depth (0 at the top), level, parent, section, name_nl, name_en, finding_nl, finding_en, valence,
    n_children (rows directly under it), n_quotes (published quotations, those under it included), n_own_quotes (those
    not found further down).
    Raises ValueError where a parent is not in the strand or rows are each other's parent.
    """
    rows = themes[themes["strand"] == strand] if not themes.empty else themes
    if rows.empty:
        return pd.DataFrame(columns=TREE)
    lost = sorted(set(rows["parent"]) - set(rows["id"]) - {""})
    if lost:
        raise ValueError(f"themes, strand {strand!r}: parent {lost[0]!r} is not the id of a row of this strand")
    children = {parent: list(group["id"]) for parent, group in rows.groupby("parent", sort=False)}
    order: list[tuple[str, int]] = []
    waiting = [(top, 0) for top in reversed(children.get("", []))]
    while waiting:
        node, depth = waiting.pop()
        order.append((node, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(node, []))]
    if len(order) < len(rows):
        circle = sorted(set(rows["id"]) - {node for node, _ in order})
        raise ValueError(f"themes, strand {strand!r}: {', '.join(circle)} are each other's parent")
    tree = pd.DataFrame(order, columns=["id", "depth"]).merge(rows, on="id")
    quotes = tree.set_index("id")["n_quotes"]
    below = {node: sum(int(quotes[child]) for child in children.get(node, [])) for node in tree["id"]}
    tree["n_children"] = [len(children.get(node, [])) for node in tree["id"]]
    tree["n_own_quotes"] = [max(int(quotes[node]) - below[node], 0) for node in tree["id"]]
    return tree[TREE]


def tenant_numbers(
    facts: pd.DataFrame, themes: pd.DataFrame, low_trust: range, language: str, strand: str = "tenants"
) -> dict[str, Number]:
    """Return the numbers of the tenant interviews, or of another strand in their place; a dash for none published.

    `low_trust` holds the feasible counts of tenants with low trust.
    """
    own = themes[themes["strand"] == strand] if not themes.empty else themes
    return {
        "interviews": counted(fact(facts, "tenant_interviews"), language),
        "findings": counted(None if own.empty else len(own), language),
        "low_trust_min": counted(min(low_trust, default=None), language),
        "low_trust_max": counted(max(low_trust, default=None), language),
    }


def homeowner_numbers(
    facts: pd.DataFrame, themes: pd.DataFrame, language: str, strand: str = "homeowners"
) -> dict[str, Number]:
    """Return the numbers of the homeowner interviews, or of another strand; a dash for none published."""
    own = themes[themes["strand"] == strand] if not themes.empty else themes
    stated = {"motives": "motives", "barriers": "barriers", "discouraging": "discouraging_factors"}
    return {
        "themes": counted(None if own.empty else int((own["level"] == "theme").sum()), language),
        **{key: counted(fact(facts, name), language) for key, name in stated.items()},
    }
