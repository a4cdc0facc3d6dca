"""A text in both languages."""

from __future__ import annotations

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Words:
    """A text in Dutch and in English."""

    nl: str
    en: str
