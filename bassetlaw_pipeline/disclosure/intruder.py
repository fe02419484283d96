"""What a reader can work out: the range of every hidden count, over all sums together.

Belongs here: the attack. Does not belong here: what to do about it (protect.py), which tables are attacked.

Two linear programmes for each hidden count would do and would take minutes. Most counts are seen to be safe
much sooner: any two ways in which the published numbers can have come about show that a count keeps the
values between. So a few programmes move all doubtful counts at once, up or down at random, and only what
they leave in doubt is bounded on its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.solver import solve

TOLERANCE = 1e-5
_JOINT_MOVES = 16
_FEW = 3  # counts in doubt that are sooner bounded on their own
_FAR = 10.0


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
    """The least and the most a count can be, given everything that is published. Two linear programmes."""
    settled = counts.settled()
    low, high = _ends(settled, settled.exact, position)
    return low[position], high[position]


def exposed(counts: Counts) -> list[Exposed]:
    """Hidden counts that a reader can narrow down too far, in the order of their positions."""
    found = []
    for members in counts.parts():
        part = counts.part(members).settled()
        found += [replace(one, position=int(members[one.position])) for one in Attack(part.exact).on(part)]
    return sorted(found, key=lambda e: e.position)


class Attack:
    """An attack on counts that hang together, which can be repeated after more of them were hidden.

    It keeps the least and the most each count was in any way found so far: hiding more takes no way back.
    """

    def __init__(self, point: np.ndarray) -> None:
        self._point = point
        self._low, self._high = point.copy(), point.copy()

    def on(self, counts: Counts) -> list[Exposed]:
        """Hidden counts that a reader can narrow down too far."""
        for move in range(_JOINT_MOVES):
            doubtful = self._doubtful(counts)
            if len(doubtful) <= _FEW:
                break
            self._add(_joint_move(counts, self._point, doubtful, move))
        found = ((int(p), self._candidates(counts, int(p))) for p in self._doubtful(counts))
        return [Exposed(p, str(counts.keys[p]), left) for p, left in found if left < counts.wanted[p]]

    def _doubtful(self, counts: Counts) -> np.ndarray:
        return np.flatnonzero(candidates(self._low, self._high) < counts.wanted)

    def _add(self, point: np.ndarray, members: np.ndarray | slice = slice(None)) -> None:
        self._low[members] = np.minimum(self._low[members], point)
        self._high[members] = np.maximum(self._high[members], point)

    def _candidates(self, counts: Counts, position: int) -> int:
        """Candidates found for one count: all of them, or as many as are wanted.

        With all but its neighbours standing still it may be seen to be safe, by the sums of its neighbours
        alone it may be seen to be exposed: both are small programmes. All sums together decide only what is
        left.
        """
        near = counts.near(position, 2)
        here = int(np.searchsorted(near, position))
        for end in _ends(counts.part(near, self._point), self._point[near], here):
            self._add(end, near)
        if not self._safe(counts, position):
            least, most = _ends(counts.sums_within(near), self._point[near], here)
            left = int(candidates(least[here], most[here]))
            if left < counts.wanted[position]:
                return left
            for end in _ends(counts, self._point, position):
                self._add(end)
        return int(candidates(self._low[position], self._high[position]))

    def _safe(self, counts: Counts, position: int) -> bool:
        return candidates(self._low[position], self._high[position]) >= counts.wanted[position]


def _ends(counts: Counts, point: np.ndarray, position: int) -> list[np.ndarray]:
    """Where a count is least and where it is most."""
    unit = np.zeros(len(counts))
    unit[position] = 1
    return [_moved(counts, point, sign * unit, np.full(len(counts), np.inf)) for sign in (1.0, -1.0)]


def _joint_move(counts: Counts, point: np.ndarray, doubtful: np.ndarray, move: int) -> np.ndarray:
    """A way in which many of the doubtful counts lie away from `point`, far enough and no farther."""
    up = np.random.default_rng(move).random(len(doubtful)) < 0.5
    up |= point[doubtful] <= counts.low[doubtful] + TOLERANCE
    up &= point[doubtful] < counts.high[doubtful] - TOLERANCE
    objective = np.zeros(len(counts))
    objective[doubtful] = np.where(up, -1.0, 1.0)
    far = np.full(len(counts), _FAR)
    far[doubtful] = counts.wanted[doubtful] - 1
    return _moved(counts, point, objective, far)


def _moved(counts: Counts, point: np.ndarray, objective: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Where the objective is smallest, no count farther than `far` from `point`."""
    now = counts.sums @ point
    moved = solve(
        objective,
        counts.sums,
        (np.minimum(counts.off_low - now, 0), np.maximum(counts.off_high - now, 0)),
        (
            np.maximum(np.minimum(counts.low - point, 0), -far),
            np.minimum(np.maximum(counts.high - point, 0), far),
        ),
    )
    return point + moved
