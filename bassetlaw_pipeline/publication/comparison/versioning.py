"""Semantic versions of the data: how much a reader has to mind about a new release.

The rule follows the Data Package Version recipe (Frictionless Standards, recipes/data-package-version):
major when a saved query or a meaning breaks, minor when data were added, patch when data were put right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Literal, Self

Level = Literal["major", "minor", "patch"]


@total_ordering
@dataclass(frozen=True)
class DataVersion:
    """MAJOR.MINOR.PATCH; `view` (the part after `+`) marks a view of the past and has no rank."""

    major: int
    minor: int
    patch: int
    view: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError when the text is no version."""
        found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)(?:\+(.+))?", text)
        if not found:
            raise ValueError(f"not a data version: {text!r}")
        return cls(int(found[1]), int(found[2]), int(found[3]), found[4] or "")

    def raised(self, level: Level) -> DataVersion:
        """The next version of that level; what follows the raised part becomes 0."""
        if level == "major" or self.major == 0:
            return DataVersion(self.major + 1, 0, 0)
        if level == "minor":
            return DataVersion(self.major, self.minor + 1, 0)
        return DataVersion(self.major, self.minor, self.patch + 1)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"+{self.view}" if self.view else "")

    def __lt__(self, other: DataVersion) -> bool:
        return (self.major, self.minor, self.patch) < (other.major, other.minor, other.patch)


@dataclass(frozen=True)
class Reason:
    """One thing that changed, in words, and how much it weighs."""

    level: Level
    words: str


def weight(reasons: list[Reason]) -> Level:
    """The heaviest of the reasons; patch when there is none."""
    levels = {reason.level for reason in reasons}
    return "major" if "major" in levels else "minor" if "minor" in levels else "patch"
