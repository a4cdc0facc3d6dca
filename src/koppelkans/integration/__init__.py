"""Where the strands meet: the published overview, joint displays and triangulation."""

from koppelkans.integration.overview import (
    BASES,
    exhibits_table,
    income_comparison,
    level_disagreements,
    levels_by_package,
    numbers,
    respondents_in_both,
    single_facts,
)

__all__ = [
    "BASES",
    "exhibits_table",
    "income_comparison",
    "level_disagreements",
    "levels_by_package",
    "numbers",
    "respondents_in_both",
    "single_facts",
]
