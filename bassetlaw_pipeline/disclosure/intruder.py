"""What a reader can work out: the range of every hidden count, over all sums together.

Two linear programmes for each hidden count, the least and the most it can be. Any two ways in which the
published numbers can have come about show that a count keeps the values between, so what one programme
finds settles other counts as well, and none is asked to go farther than is wanted of it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.perturbation import PerturbationProgramme
from bassetlaw_pipeline.disclosure.propagation import certain_bounds
from bassetlaw_pipeline.disclosure.solver import NoSolution
from bassetlaw_pipeline.disclosure.witnesses import Witnesses

TOLERANCE = 1e-5
_ADDED_UP = 1e-6  # the solver's own tolerance, with room for adding up
_WORKERS = 2
_PROGRESS = 0.95  # of the counts still open; a further programme has to settle more than the rest
_WORTH_IT = 20  # counts; fewer are as fast one by one
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
    completed = counts.completed()
    moves = PerturbationProgramme(completed, completed.exact)
    low, high = (moves.extreme(position, sign)[position] for sign in (-1, 1))
    return float(low), float(high)


def exposed(counts: Counts, witnesses: Witnesses | None = None) -> list[Exposed]:
    """Hidden counts that a reader can narrow down too far, in the order of their positions.

    `ways` found before are looked at first.
    """
    found = [
        replace(one, position=int(members[one.position]))
        for members, ones in of_each_component(
            counts, lambda component: Attack(component, witnesses).on(component)
        )
        for one in ones
    ]
    return sorted(found, key=lambda e: e.position)


def of_each_component(counts: Counts, work: Callable[[Counts], T]) -> list[tuple[np.ndarray, T]]:
    """What `work` makes of each part that hangs together, with the positions of its counts.

    Parts have nothing to do with each other and the solver lets other threads run, so two go side by side,
    the largest first.
    """
    components = list(counts.components())
    with ThreadPoolExecutor(_WORKERS) as pool:
        done = {
            n: pool.submit(lambda n: work(counts.component(components[n]).completed()), n)
            for n in sorted(range(len(components)), key=lambda n: -len(components[n]))
        }
        return [(component, done[n].result()) for n, component in enumerate(components)]


class Attack:
    """An attack on counts that hang together, which can be repeated after more of them were hidden.

    It keeps the least and the most each count was in any way found so far: hiding more takes no way back.
    """

    def __init__(self, counts: Counts, witnesses: Witnesses | None = None) -> None:
        self._exact, self._low, self._high = counts.exact, counts.exact.copy(), counts.exact.copy()
        self._remembered = witnesses.for_counts(counts.keys) if witnesses else np.zeros((0, len(counts)))
        self._moves: PerturbationProgramme | None = None
        self._allowed: Counts | None = None
        self.found: list[np.ndarray] = []  # further ways: how far each count moves

    def on(self, counts: Counts) -> list[Exposed]:
        """Hidden counts that a reader can narrow down too far."""
        most, lost = self._assess(counts)
        hidden = np.flatnonzero(counts.required > 0)
        left = {int(p): int(most[p]) if lost[p] else self._candidates(counts, int(p)) for p in hidden}
        return [Exposed(p, str(counts.keys[p]), n) for p, n in left.items() if n < counts.required[p]]

    def suspects(self, counts: Counts) -> np.ndarray:
        """Positions of all that `on` would find, and of some that it would not, in far less time."""
        _, lost = self._assess(counts)
        return np.union1d(np.flatnonzero(lost), self._open(counts, ~lost))

    def _assess(self, counts: Counts) -> tuple[np.ndarray, np.ndarray]:
        """The most candidates that every count can have, and whether that is too few; ways for the others."""
        self._recall(counts)
        most = candidates(*certain_bounds(counts))
        lost = most < counts.required
        self._move_together(counts, ~lost)
        return most, lost

    def exposes(self, counts: Counts, position: int) -> bool:
        """True when a reader can narrow down this one too far."""
        return self._candidates(counts, position) < counts.required[position]

    def _recall(self, counts: Counts) -> None:
        """Take in the remembered ways that hold for what is published now."""
        holds = _feasible(counts, self._exact, self._remembered)
        for move in self._remembered[holds]:
            self._widen(move)
        self._remembered = self._remembered[~holds]

    def _move_together(self, counts: Counts, among: np.ndarray) -> None:
        """Move counts that lack candidates in one programme, some up and some down, again and again.

        Sums hold more easily when what some of their parts lose others gain. What this leaves open is asked
        for one by one.
        """
        chance, before = np.random.default_rng(0), np.inf
        while _WORTH_IT < len(open_ := self._open(counts, among)) < before * _PROGRESS:
            before = len(open_)
            signs, most = self._signs(counts, open_, chance), counts.required[open_] - 1.0
            with suppress(NoSolution):
                there = self._programme_of(counts).move_together(open_, signs, most)
                self._record(counts, there - self._exact)

    def _signs(self, counts: Counts, positions: np.ndarray, chance: np.random.Generator) -> np.ndarray:
        """Up where a count cannot fall, down where it cannot rise, else either."""
        either = chance.choice([-1.0, 1.0], len(positions))
        lowest, highest = (end[positions] == self._exact[positions] for end in (counts.low, counts.high))
        return np.select([lowest, highest], [1.0, -1.0], either)

    def _open(self, counts: Counts, among: np.ndarray) -> np.ndarray:
        """Positions of hidden counts for which too few candidates are found so far."""
        hidden = np.flatnonzero((counts.required > 0) & among)
        return hidden[candidates(self._low[hidden], self._high[hidden]) < counts.required[hidden]]

    def _record(self, counts: Counts, move: np.ndarray) -> None:
        """Take a way in, if it adds up."""
        if _feasible(counts, self._exact, move[None, :]).all():
            self._widen(move)
            self.found.append(move)

    def _widen(self, move: np.ndarray) -> None:
        there = self._exact + move
        self._low, self._high = np.minimum(self._low, there), np.maximum(self._high, there)

    def _candidates(self, counts: Counts, position: int) -> int:
        """Candidates found for one count: all of them, or as many as are wanted."""
        required = int(counts.required[position])
        for sign in (-1, 1):
            if self._found(position) < required:
                move = self._programme_of(counts).extreme(position, sign, required - 1) - self._exact
                self._widen(move)
                self.found.append(move)
        return self._found(position)

    def _programme_of(self, counts: Counts) -> PerturbationProgramme:
        if self._moves is None:
            self._moves = PerturbationProgramme(counts, self._exact)
        elif self._allowed is not counts:
            self._moves.allow(counts)
        self._allowed = counts
        return self._moves

    def _found(self, position: int) -> int:
        return int(candidates(self._low[position], self._high[position]))


def _feasible(counts: Counts, point: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """True for the ways (k × n) in which every count and every sum keeps within what is known of it."""
    there = point + moves
    sums = (counts.sums @ there.T).T
    inside = (there >= counts.low - _ADDED_UP) & (there <= counts.high + _ADDED_UP)
    add_up = (sums >= counts.off_low - _ADDED_UP) & (sums <= counts.off_high + _ADDED_UP)
    return inside.all(axis=1) & add_up.all(axis=1)
