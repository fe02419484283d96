"""Which files in landing have stopped changing: the memory of the landing sensor.

Belongs here: pure bookkeeping over (size, modification time). Does not belong here: Dagster, hashing,
or deciding whether a file is known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

Stamp = tuple[int, int]  # size in bytes, modification time in nanoseconds
TAKEN = -1
STABLE_TICKS = 2  # seen unchanged this often


class Watch:
    """Files by path with their stamp and how often it was seen; TAKEN once handed out."""

    def __init__(self, cursor: str | None) -> None:
        self._seen: dict[str, list[int]] = json.loads(cursor) if cursor else {}

    def observe(self, listing: Mapping[str, Stamp], most: int) -> list[str]:
        """Note what is there now; returns up to `most` files that are stable and not handed out yet."""
        now: dict[str, list[int]] = {}
        for path, (size, modified) in listing.items():
            before = self._seen.get(path)
            same = before is not None and before[:2] == [size, modified]
            times = 1 if not same else TAKEN if before[2] == TAKEN else before[2] + 1
            now[path] = [size, modified, times]
        self._seen = now
        return sorted(p for p, (_, _, times) in now.items() if times >= STABLE_TICKS)[:most]

    def take(self, path: str) -> None:
        """Do not hand this file out again until it changes."""
        self._seen[path][2] = TAKEN

    @property
    def cursor(self) -> str:
        """To be given back at the next tick."""
        return json.dumps(self._seen, separators=(",", ":"))
