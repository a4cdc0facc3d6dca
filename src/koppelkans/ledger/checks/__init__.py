"""Checks of published statements: named functions with typed arguments, one family a module."""

from koppelkans.ledger.checks import arithmetic, comparing, counting, dates, lists, people, shares
from koppelkans.ledger.checks.registry import (
    CHECKS,
    Check,
    Read,
    Result,
    WrongArgument,
    check,
    check_problems,
    read_arguments,
    require_sound,
    run_check,
    wrong_check,
)

__all__ = [
    "CHECKS",
    "Check",
    "Read",
    "Result",
    "WrongArgument",
    "arithmetic",
    "check",
    "check_problems",
    "comparing",
    "counting",
    "dates",
    "lists",
    "people",
    "read_arguments",
    "require_sound",
    "run_check",
    "shares",
    "wrong_check",
]
