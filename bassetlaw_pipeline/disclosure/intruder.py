"""What a reader can work out: the range of every hidden count, over all sums together.

Belongs here: the attack. Does not belong here: what to do about it (protect.py), which tables are attacked.

Two linear programmes for each hidden count would do and would take minutes. Most counts are seen to be safe much
sooner: any two ways in which the published numbers can have come about show that a count keeps the values between.
So a few programmes move all doubtful counts at once, up or down at random, and only what they leave in doubt is
bounded on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.solver import solve

TOLERANCE = 1e-5
_JOINT_MOVES = 12
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
    point, far = feasible_point(counts), np.full(len(counts), np.inf)
    unit = _unit(len(counts), position)
    low, high = (_moved(counts, point, sign * unit, far)[position] for sign in (1.0, -1.0))
    return low, high


def exposed(counts: Counts) -> list[Exposed]:
    """Hidden counts that a reader can narrow down too far, in the order of their positions."""
    found = []
    for members in counts.parts():
        part = counts.part(members)
        for one in exposed_of_part(part, feasible_point(part)):
            found.append(Exposed(int(members[one.position]), one.key, one.candidates))
    return sorted(found, key=lambda e: e.position)


def feasible_point(counts: Counts) -> np.ndarray:
    """The counts themselves where they are known, otherwise any that can have been published like this."""
    if not counts.unknown.any():
        return counts.exact
    nothing = np.zeros(len(counts))
    return solve(nothing, counts.sums, (counts.off_low, counts.off_high), (counts.low, counts.high))


def exposed_of_part(counts: Counts, point: np.ndarray) -> list[Exposed]:
    """As `exposed`, for counts that hang together; `point` is one way they can have come about."""
    seen = _Seen(counts, point)
    for move in range(_JOINT_MOVES):
        doubtful = seen.doubtful()
        if len(doubtful) <= _FEW:
            break
        seen.add(_joint_move(counts, point, doubtful, move))
    return list(_one_by_one(counts, point, seen))


class _Seen:
    """The least and the most each count was in any way found so far."""

    def __init__(self, counts: Counts, point: np.ndarray) -> None:
        self._hidden = np.flatnonzero(counts.wanted)
        self._wanted = counts.wanted[self._hidden]
        self._low, self._high = point[self._hidden].copy(), point[self._hidden].copy()

    def add(self, point: np.ndarray) -> None:
        np.minimum(self._low, point[self._hidden], out=self._low)
        np.maximum(self._high, point[self._hidden], out=self._high)

    def doubtful(self) -> np.ndarray:
        return self._hidden[candidates(self._low, self._high) < self._wanted]


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


def _one_by_one(counts: Counts, point: np.ndarray, seen: _Seen) -> Iterator[Exposed]:
    """Bounds each count still in doubt on its own: first moving little, and without limit if that shows nothing."""
    for position in seen.doubtful():
        for far in (_FAR, np.inf):
            if position in seen.doubtful():
                unit = _unit(len(counts), position)
                ends = [_moved(counts, point, sign * unit, np.full(len(counts), far)) for sign in (1.0, -1.0)]
                seen.add(ends[0])
                seen.add(ends[1])
        if position in seen.doubtful():
            left = int(candidates(ends[0][position], ends[1][position]))
            yield Exposed(int(position), str(counts.keys[position]), left)


def _moved(counts: Counts, point: np.ndarray, objective: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Where the objective is smallest, no count farther than `far` from `point`."""
    now = counts.sums @ point
    moved = solve(
        objective,
        counts.sums,
        (np.minimum(counts.off_low - now, 0), np.maximum(counts.off_high - now, 0)),
        (np.maximum(np.minimum(counts.low - point, 0), -far), np.minimum(np.maximum(counts.high - point, 0), far)),
    )
    return point + moved


def _unit(n: int, position: int) -> np.ndarray:
    unit = np.zeros(n)
    unit[position] = 1
    return unit
