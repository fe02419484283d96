"""What a reader can work out: the range of every hidden count, over all sums together.

Belongs here: the attack. Does not belong here: what to do about it (protect.py), which tables are attacked.

Two linear programmes for each hidden count, the least and the most it can be. Any two ways in which the
published numbers can have come about show that a count keeps the values between, so what one programme
finds settles other counts as well, and none is asked to go farther than is wanted of it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.moves import Moves

TOLERANCE = 1e-5
_WORKERS = 2
T = TypeVar("T")


@dataclass(frozen=True)
class Exposed:
    """A hidden count of which too few candidates are left."""

    position: int
    key: str
    candidates: int


def candidates(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How many whole numbers lie between two ends."""
    return np.floor(high + TOLERANCE) - np.ceil(low - TOLERANCE) + 1


def bounds(counts: Counts, position: int) -> tuple[float, float]:
    """The least and the most a count can be, given everything that is published."""
    settled = counts.settled()
    moves = Moves(settled, settled.exact)
    low, high = (moves.farthest(position, sign)[position] for sign in (-1, 1))
    return float(low), float(high)


def exposed(counts: Counts) -> list[Exposed]:
    """Hidden counts that a reader can narrow down too far, in the order of their positions."""
    found = [
        replace(one, position=int(members[one.position]))
        for members, ones in of_each_part(counts, lambda part: Attack(part).on(part))
        for one in ones
    ]
    return sorted(found, key=lambda e: e.position)


def of_each_part(counts: Counts, work: Callable[[Counts], T]) -> list[tuple[np.ndarray, T]]:
    """What `work` makes of each part that hangs together, with the positions of its counts.

    Parts have nothing to do with each other and the solver lets other threads run, so two go side by side.
    """
    parts = list(counts.parts())
    with ThreadPoolExecutor(_WORKERS) as pool:
        return list(zip(parts, pool.map(lambda p: work(counts.part(p).settled()), parts), strict=True))


class Attack:
    """An attack on counts that hang together, which can be repeated after more of them were hidden.

    It keeps the least and the most each count was in any way found so far: hiding more takes no way back.
    """

    def __init__(self, counts: Counts) -> None:
        self._moves = Moves(counts, counts.exact)
        self._low, self._high = counts.exact.copy(), counts.exact.copy()

    def on(self, counts: Counts) -> list[Exposed]:
        """Hidden counts that a reader can narrow down too far."""
        self._moves.allow(counts)
        hidden = np.flatnonzero(counts.wanted > 0)
        left = {int(p): self._candidates(int(p), int(counts.wanted[p])) for p in hidden}
        return [Exposed(p, str(counts.keys[p]), n) for p, n in left.items() if n < counts.wanted[p]]

    def exposes(self, counts: Counts, position: int) -> bool:
        """True when a reader can narrow down this one too far."""
        self._moves.allow(counts)
        wanted = int(counts.wanted[position])
        return self._candidates(position, wanted) < wanted

    def _candidates(self, position: int, wanted: int) -> int:
        """Candidates found for one count: all of them, or as many as are wanted."""
        for sign in (-1, 1):
            if self._found(position) < wanted:
                other = self._moves.farthest(position, sign, wanted - 1)
                self._low, self._high = np.minimum(self._low, other), np.maximum(self._high, other)
        return self._found(position)

    def _found(self, position: int) -> int:
        return int(candidates(self._low[position], self._high[position]))
