"""What came out of a reproduction: the verdict on every file, in groups, with what explains the differences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from koppelkans.review.comparison import DIFFERS, MISSING, NEW, SAME, Verdict
from koppelkans.review.manifest import MANIFEST

SHORT = 10
"""How many characters of a SHA-256 are shown."""


@dataclass(frozen=True)
class Reproduction:
    """What came out of a reproduction.

    Attributes: `study` (name), `commit` ("" without git), `verdicts`, `notes` (what was built, and where the build
    stopped), `inputs` (raw files that are not those of the manifest), `versions` (libraries that are not those of
    requirements.lock), `environment` (Python, system, libraries), `seconds`.
    """

    study: str
    commit: str
    verdicts: list[Verdict]
    notes: list[str]
    inputs: list[str]
    versions: list[str]
    environment: str
    seconds: float

    @property
    def wrong(self) -> list[Verdict]:
        """What differs or is missing."""
        return [verdict for verdict in self.verdicts if verdict.verdict in (DIFFERS, MISSING)]

    @property
    def holds(self) -> bool:
        """Tell whether everything that the manifest names was made, and is the same."""
        return not self.wrong

    @property
    def verdict(self) -> str:
        """The verdict in one line."""
        counts, total = Counter(verdict.verdict for verdict in self.verdicts), len(self.verdicts)
        beyond = f"; {counts[NEW]} new, not in {MANIFEST}" if counts[NEW] else ""
        expected = total - counts[NEW]
        if self.holds:
            return f"Reproduced: all {expected} files of {self.study} are the same as in {MANIFEST}{beyond}"
        drawn = sum(verdict.is_drawing for verdict in self.wrong)
        parts = [f"{counts[DIFFERS]} of {expected} files of {self.study} differ"]
        if drawn == len(self.wrong):
            parts.append("in the drawing or layout only; every number and all data are the same")
        elif drawn:
            parts.append(f"{drawn} of them in the drawing or layout only")
        missing = f"; {counts[MISSING]} missing" if counts[MISSING] else ""
        return f"Not reproduced: {', '.join(parts)}{missing}{beyond}"

    @property
    def groups(self) -> list[list[Verdict]]:
        """What is not the same, together where the same is said of several files; what is only drawn comes last."""
        groups: dict[tuple[str, str], list[Verdict]] = {}
        for verdict in sorted(self.verdicts, key=lambda verdict: verdict.is_drawing):
            if verdict.verdict != SAME:
                groups.setdefault((verdict.verdict, verdict.detail), []).append(verdict)
        return list(groups.values())

    @property
    def causes(self) -> list[str]:
        """What probably explains the differences; empty where there are none."""
        if self.holds:
            return []
        causes = [f"{path} is not the file that {MANIFEST} was made from" for path in self.inputs]
        if self.versions:
            causes.append(f"other library versions are installed: {'; '.join(self.versions)}")
        return causes
