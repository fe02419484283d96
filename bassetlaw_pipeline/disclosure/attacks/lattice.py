"""Whole numbers behind weighted sums, when there are many cells: by a reduced lattice.

Two answers differ by whole numbers that add up to 0 and hardly change the sums. Those are the short vectors
of a lattice: LLL finds a basis of such (Lenstra, Lenstra and Lovász 1982; here FLINT's). Along that basis
few whole numbers are possible, and the integer programme is easy (Aardal, Hurkens and Lenstra, "Solving a
system of linear Diophantine equations with lower and upper bounds on the variables", Mathematics of
Operations Research 25, 2000). HiGHS solves it: is there another value of a cell?
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from flint import fmpz_mat
from scipy import sparse

from bassetlaw_pipeline.disclosure.attacks.whole_numbers import Answers, Puzzle
from bassetlaw_pipeline.disclosure.solver import GaveUp, NoSolution, solve_whole

_NODES = 20_000
_FINE = 1000  # lattice units per event: rounding the sums to whole numbers must not matter


def resolved(puzzles: Sequence[Puzzle], found: Answers, totals: int) -> Answers:
    """Answers of all puzzles, with those `found` before: enough of them, or all values that are possible."""
    searches = [_Reduced(puzzle) for puzzle in puzzles]
    found.complete = True
    possible = [search for search in searches if _record(found, search)]
    for cell in range(found.cells):
        for search in possible:
            if found.most[cell] > found.least[cell]:
                break
            value = int(found.least[cell])
            if not _record(found, search, cell, at_least=value + 1):
                _record(found, search, cell, at_most=value - 1)
    return found


def _record(
    found: Answers, search: _Reduced, cell: int = 0, at_least: float = 0, at_most: float = np.inf
) -> bool:
    """Look for an answer with one cell between two ends; giving up leaves `found` open."""
    try:
        answer = search.answer(cell, at_least, at_most)
    except GaveUp:
        found.complete = False
        return False
    except NoSolution:
        return False
    found.record(search.puzzle, answer[None])
    return True


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

    def answer(self, cell: int, at_least: float, at_most: float) -> np.ndarray:
        """An answer (k) in which one cell lies between two ends. Raises NoSolution, or GaveUp."""
        n, k = self._basis.shape
        at = (self._start @ self.puzzle.weights.T) * self._scale
        matrix = sparse.csr_array(np.vstack([self._basis.T, self._told.T]))
        least, most = np.zeros(k), np.full(k, self.puzzle.total)
        least[cell], most[cell] = max(at_least, 0), min(at_most, self.puzzle.total)
        if least[cell] > most[cell]:
            raise NoSolution("a count is not below 0 nor above the total")
        low = np.r_[least - self._start, self.puzzle.low * self._scale - at]
        high = np.r_[most - self._start, self.puzzle.high * self._scale - at]
        free = np.full(n, -np.inf), np.full(n, np.inf)
        y = solve_whole(np.zeros(n), matrix, (low, high), free, np.ones(n, bool), _NODES)
        return self._start + np.rint(y).astype(int) @ self._basis
