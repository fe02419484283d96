"""Whole numbers behind weighted sums: which cells can stand behind a published rate and its limits.

Every way to spread events over half of the cells is set against every way for the other half, sorted by the
weighted sum (Horowitz and Sahni, "Computing partitions with applications to the knapsack problem", JACM 21,
1974). With too many ways for that, a fixed sample of them is taken, which can find answers but not rule any
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import comb

import numpy as np
from scipy.optimize import minimize

_MOST_WAYS = 100_000  # over half of the cells; more are sampled
_SAMPLE = 5_000
_BLOCKS = (30, 300, 3_000)  # ways of one half looked at before the next look at what was found
_MOST_PAIRS = 1_000_000  # looked at for one remainder of a block
_SAMPLED_PAIRS = 4_000


@dataclass(frozen=True)
class Puzzle:
    """k whole numbers of at least 0 that add up to `total`, and what m weighted sums of them lie between.

    weights m × k, not negative; low, high m.
    """

    weights: np.ndarray
    low: np.ndarray
    high: np.ndarray
    total: int


@dataclass
class Answers:
    """What was found so far: totals that are possible, the least and the most of every cell.

    `complete` is True when nothing else is possible.
    """

    cells: int
    totals: set[int] = field(default_factory=set)
    complete: bool = True

    def __post_init__(self) -> None:
        self.least, self.most = np.full(self.cells, np.inf), np.full(self.cells, -np.inf)

    def record(self, puzzle: Puzzle, found: np.ndarray) -> None:
        """Add answers (n × k) of one puzzle."""
        if len(found):
            self.totals.add(puzzle.total)
            self.least = np.minimum(self.least, found.min(axis=0))
            self.most = np.maximum(self.most, found.max(axis=0))

    def enough(self, totals: int) -> bool:
        """True when so many totals are possible and every cell has two values."""
        return len(self.totals) >= totals and bool((self.most > self.least).all())

    def unique(self) -> np.ndarray:
        """True for cells with one value only, which is not 0."""
        return (self.most == self.least) & (self.least > 0)


def answers(puzzles: Sequence[Puzzle], totals: int) -> Answers:
    """Answers to puzzles that differ in their total, until so many are possible and no cell is certain."""
    found = Answers(puzzles[0].weights.shape[1])
    searches = [_Search(puzzle) for puzzle in puzzles]
    for start, end in _blocks(max(search.size for search in searches)):
        for search in searches:
            found.record(search.puzzle, search.between(start, end))
        if found.enough(totals):
            break
    found.complete = not any(search.is_partial for search in searches)
    return found


def _blocks(size: int) -> Iterator[tuple[int, int]]:
    start = 0
    for end in (*_BLOCKS, size):
        if start < size:
            yield start, min(end, size)
        start = end


class _Search:
    """Two halves of the cells, the second sorted, so that what completes a way of the first is found at once.

    `is_partial` is True when some answers may have been passed over.
    """

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        k = puzzle.weights.shape[1]
        self._half = k // 2
        ways = comb(puzzle.total + k - self._half, k - self._half)
        self._sampled = self.is_partial = ways > _MOST_WAYS
        if self._sampled:
            drawn = _drawn(puzzle)
            first, second = drawn[:, : self._half], drawn[:, self._half :]
        else:
            first, second = (_combinations_up_to(n, puzzle.total) for n in (self._half, k - self._half))
        order = np.random.default_rng(0).permutation(len(first))
        self._first, self.size = first[order], len(first)
        sums = second @ puzzle.weights[0, self._half :]
        order = np.lexsort((sums, second.sum(axis=1)))
        self._second, self._sums = second[order], sums[order]
        self._from = np.searchsorted(self._second.sum(axis=1), np.arange(puzzle.total + 2))

    def between(self, start: int, end: int) -> np.ndarray:
        """Answers (n × k) that begin with the ways from start to end of the first half."""
        first = self._first[start:end]
        left = self.puzzle.total - first.sum(axis=1)
        fixed = first @ self.puzzle.weights[0, : self._half]
        parts = [self._completed(first[left == t], fixed[left == t], t) for t in np.unique(left)]
        return np.concatenate(parts) if parts else np.zeros((0, self.puzzle.weights.shape[1]), int)

    def _completed(self, first: np.ndarray, fixed: np.ndarray, total: int) -> np.ndarray:
        begin, stop = self._from[total], self._from[total + 1]
        sums = self._sums[begin:stop]
        lo = np.searchsorted(sums, self.puzzle.low[0] - fixed, "left")
        number = np.searchsorted(sums, self.puzzle.high[0] - fixed, "right") - lo
        most = _SAMPLED_PAIRS if self._sampled else _MOST_PAIRS
        self.is_partial |= bool(number.sum() > most)
        number = np.minimum(number, np.maximum(most - np.cumsum(number) + number, 0))
        row = np.repeat(np.arange(len(first)), number)
        place = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + lo[row] + begin
        pairs = np.hstack([first[row], self._second[place]])
        other = pairs @ self.puzzle.weights[1:].T
        holds = (other >= self.puzzle.low[1:]) & (other <= self.puzzle.high[1:])
        return pairs[holds.all(axis=1)]


def _combinations_up_to(cells: int, most: int) -> np.ndarray:
    """All ways to spread at most so many events over some cells, n × cells."""
    rounded_up = -(-most // 16) * 16
    ways = _combinations(cells, rounded_up)
    return ways[ways.sum(axis=1) <= most]


@lru_cache(maxsize=512)
def _combinations(cells: int, most: int) -> np.ndarray:
    """All ways to spread at most so many events over some cells, n × cells."""
    if cells == 0:
        return np.zeros((1, 0), int)
    parts = []
    for n in range(most + 1):
        rest = _combinations(cells - 1, most - n)
        parts.append(np.hstack([np.full((len(rest), 1), n), rest]))
    return np.concatenate(parts)


def _drawn(puzzle: Puzzle) -> np.ndarray:
    """Ways drawn at random, always the same, from the flattest distribution that has the sums on average."""
    if not puzzle.total:
        return np.zeros((1, puzzle.weights.shape[1]), int)
    middle = (puzzle.low + puzzle.high) / 2 / puzzle.total
    scale = puzzle.weights.max(axis=1)
    weights, middle = puzzle.weights / scale[:, None], middle / scale

    def dual(t: np.ndarray) -> float:
        z = t @ weights
        return float(np.log(np.exp(z - z.max()).sum()) + z.max() - t @ middle)

    z = minimize(dual, np.zeros(len(middle)), method="Nelder-Mead", options={"maxiter": 200}).x @ weights
    share = np.exp(z - z.max())
    return np.random.default_rng(0).multinomial(puzzle.total, share / share.sum(), size=_SAMPLE)
