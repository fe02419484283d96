"""How far one count can move when every published number and every sum still hold.

An attack asks the same programme for one count after the other. So the sums are solved once (elimination.py),
which leaves about a fifth of the numbers, and what is known of a count becomes a limit of a row. That
nothing moves is a corner of this programme: the simplex method starts there each time, and is done as soon as
the count has moved as far as is asked, which most counts do within a few steps.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.elimination import free_numbers
from bassetlaw_pipeline.disclosure.solver import WarmStartProgramme

_NOTHING = 1e-9
_WORK = 2e8  # steps of the simplex method times numbers in the programme, about a second


class PerturbationProgramme:
    """Ways for the published numbers to have come about, seen from one of them (`point`)."""

    def __init__(self, counts: Counts, point: np.ndarray) -> None:
        self._point = point
        least, most = _sum_limits(counts, point)
        loose = np.flatnonzero(most - least > _NOTHING)
        tight = np.flatnonzero(most - least <= _NOTHING)
        self._basis = free_numbers(counts.sums[tight])
        self._sums = least[loose], most[loose]
        every = sparse.vstack([self._basis, counts.sums[loose] @ self._basis], format="csr")
        self._row, first = _distinct_rows(every)
        self._programme = WarmStartProgramme(every[first])
        self.allow(counts)

    def allow(self, counts: Counts) -> None:
        """Let the counts move within what is known of them now: more of them may have been hidden since."""
        least = np.r_[np.minimum(counts.low - self._point, 0), self._sums[0]]
        most = np.r_[np.maximum(counts.high - self._point, 0), self._sums[1]]
        rows = self._programme.rows
        self._least, self._most = np.full(rows, -np.inf), np.full(rows, np.inf)
        moves = self._row >= 0
        np.maximum.at(self._least, self._row[moves], least[moves])
        np.minimum.at(self._most, self._row[moves], most[moves])
        self._programme.limit(self._least, self._most)

    def extreme(self, position: int, sign: int, most: float = np.inf) -> np.ndarray:
        """All counts where one is smallest (sign -1) or largest (1), but not farther than `most` away."""
        row = self._row[position]
        if row < 0:  # it follows from published numbers alone
            return self._point
        limits = max(self._least[row], -most), min(self._most[row], most)
        objective = -sign * self._basis[[position]].toarray().ravel()
        ends = np.array(limits[:1]), np.array(limits[1:])
        return self._point + self._basis @ self._programme.smallest(objective, np.array([row]), ends)

    def move_together(self, positions: np.ndarray, signs: np.ndarray, most: np.ndarray) -> np.ndarray:
        """All counts where many are moved together, none farther than its `most`, within limited work.

        positions, signs (-1 down, 1 up), most: one for each count to be moved. Raises NoSolution.
        """
        row = self._row[positions]
        free = row >= 0
        objective = -(signs[free] @ self._basis[positions[free]])
        rows, first = np.unique(row[free], return_index=True)
        limit = most[free][first]
        ends = np.maximum(self._least[rows], -limit), np.minimum(self._most[rows], limit)
        return self._point + self._basis @ self._programme.smallest(
            objective, rows, ends, int(_WORK / self._basis.nnz)
        )


def _sum_limits(counts: Counts, point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far every sum may move from where it is; nought is always allowed."""
    now = counts.sums @ point
    return np.minimum(counts.off_low - now, 0), np.maximum(counts.off_high - now, 0)


def _distinct_rows(rows: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
    """The number of each row among the different ones (-1: it is empty), and the first row of each number."""
    rows.sum_duplicates()
    number = np.full(rows.shape[0], -1)
    first: list[int] = []
    found: dict[tuple[bytes, bytes], int] = {}
    for i, (start, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
        if start < end:
            key = rows.indices[start:end].tobytes(), rows.data[start:end].tobytes()
            number[i] = found.setdefault(key, len(found))
            if number[i] == len(first):
                first.append(i)
    return number, np.array(first, int)
