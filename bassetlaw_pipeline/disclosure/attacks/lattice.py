"""Whole numbers behind weighted sums, when there are many cells: by a reduced lattice.

Belongs here: the search where there are too many ways to go through. Does not belong here: few cells
(whole_numbers.py).

Two answers differ by whole numbers that add up to 0 and hardly change the sums. Those are the short vectors
of a lattice: LLL finds a basis of such (Lenstra, Lenstra and Lovász 1982; here FLINT's). Along that basis
few whole numbers are possible, and the integer programme is easy (Aardal, Hurkens and Lenstra, "Solving a
system of linear Diophantine equations with lower and upper bounds on the variables", Mathematics of
Operations Research 25, 2000). HiGHS solves it: the least and the most of every cell.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpz_mat
from scipy import sparse

from bassetlaw_pipeline.disclosure.attacks.whole_numbers import Answers, Puzzle
from bassetlaw_pipeline.disclosure.solver import NoSolution, solve_whole

_NODES = 5_000
_FINE = 1000  # lattice units per event: rounding the sums to whole numbers must not matter


def settled(puzzles: Sequence[Puzzle], found: Answers, totals: int) -> Answers:
    """Answers of all puzzles, with those `found` before: enough of them, or all values that are possible."""
    searches = [_Reduced(puzzle) for puzzle in puzzles]
    feasible = []
    for search in searches:
        first = search.answer(np.zeros(found.cells))
        if first is not None:
            found.take_in(search.puzzle, first[None])
            feasible.append(search)
    for cell in range(found.cells):
        _ask(feasible, found, cell)
    found.complete = True
    return found


def _ask(searches: Sequence[_Reduced], found: Answers, cell: int) -> None:
    """Look for another value of one cell."""
    for search in searches:
        for sign in (1.0, -1.0):
            if found.most[cell] > found.least[cell]:
                return
            objective = np.zeros(found.cells)
            objective[cell] = sign
            another = search.answer(objective)
            if another is not None:
                found.take_in(search.puzzle, another[None])


class _Reduced:
    """A puzzle in the coordinates of a reduced basis: answers are `start` + y @ `basis` for whole y."""

    def __init__(self, puzzle: Puzzle) -> None:
        self.puzzle = puzzle
        k = puzzle.weights.shape[1]
        # One unit of each sum is half its interval, over what a cell typically is.
        width = np.maximum(puzzle.high - puzzle.low, 1e-12 * np.abs(puzzle.high)) / 2
        self._scale = max(puzzle.total / k, 1) / width
        self._basis = self._short_basis(k)
        self._told = (self._basis @ puzzle.weights.T) * self._scale
        self._start = self._near_start(k)

    def _short_basis(self, k: int) -> np.ndarray:
        moves = np.hstack([np.full((k - 1, 1), -1), np.eye(k - 1, dtype=int)])
        told = (moves @ self.puzzle.weights.T) * self._scale
        rows = [
            [int(_FINE * v) for v in move] + [round(_FINE * v) for v in sums]
            for move, sums in zip(moves.tolist(), told.tolist(), strict=True)
        ]
        reduced = fmpz_mat(rows).lll()
        return np.array([[int(reduced[i, j]) // _FINE for j in range(k)] for i in range(k - 1)])

    def _near_start(self, k: int) -> np.ndarray:
        """Whole numbers with the right total and about the right sums (Babai's rounding)."""
        start = np.zeros(k, int)
        start[0] = self.puzzle.total
        middle = (self.puzzle.low + self.puzzle.high) / 2
        wanted = np.r_[np.full(k, self.puzzle.total / k), middle * self._scale]
        now = np.r_[start, (start @ self.puzzle.weights.T) * self._scale]
        full = np.hstack([self._basis, self._told])
        for _ in range(2):
            y = np.rint(np.linalg.lstsq(full.T, wanted - now, rcond=None)[0]).astype(int)
            start = start + y @ self._basis
            now = np.r_[start, (start @ self.puzzle.weights.T) * self._scale]
        return start

    def answer(self, objective: np.ndarray) -> np.ndarray | None:
        """The answer with the smallest objective (k), or None."""
        n = len(self._basis)
        at = (self._start @ self.puzzle.weights.T) * self._scale
        matrix = sparse.csr_array(np.vstack([self._basis.T, self._told.T]))
        low = np.r_[-self._start, self.puzzle.low * self._scale - at]
        high = np.r_[self.puzzle.total - self._start, self.puzzle.high * self._scale - at]
        free = np.full(n, -np.inf), np.full(n, np.inf)
        try:
            y = solve_whole(self._basis @ objective, matrix, (low, high), free, np.ones(n, bool), _NODES)
        except NoSolution:
            return None
        return self._start + np.rint(y).astype(int) @ self._basis
