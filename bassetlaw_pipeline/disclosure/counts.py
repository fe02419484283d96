"""Counts and the sums that tie them together, as arrays a solver takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from bassetlaw_pipeline.disclosure.solver import NoSolution, solve

_STEPS = 5000  # of the simplex method, about what the largest tables need; a few stall
UNBOUNDED = 1e9  # stands for "could be anything": far above any count, small enough for a solver's tolerances

_PER_COUNT = ("keys", "low", "high", "exact", "required", "required_once_hidden", "cost")


@dataclass(frozen=True)
class Counts:
    """n counts and m sums.

    Of each count (n):
      keys                    its name
      low, high               the least and the most that a reader must allow for, so far
      exact                   the count itself; NaN where it was never counted alone (the month of a quarter)
      required                candidates that must remain; 0 for a count that is not suppressed
      required_once_hidden    the same, once it is suppressed
      cost                    of suppressing it; infinite where there is nothing to suppress
      hidden_with             position of the count that must be suppressed with it; -1: none
    Of the sums (m):
      sums                    m x n coefficients: +1 for the parts, -1 for the total
      off_low, off_high       the least and the most value of a sum that a reader must allow for: 0 where the
                              parts make up the total
    """

    keys: np.ndarray
    low: np.ndarray
    high: np.ndarray
    exact: np.ndarray
    required: np.ndarray
    required_once_hidden: np.ndarray
    cost: np.ndarray
    hidden_with: np.ndarray
    sums: sparse.csr_array
    off_low: np.ndarray
    off_high: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    @cached_property
    def unknown(self) -> np.ndarray:
        """True for counts that were never counted by themselves."""
        return np.isnan(self.exact)

    def hiding(self, hidden: np.ndarray) -> Counts:
        """The same with further counts hidden (positions)."""
        low, high, need = self.low.copy(), self.high.copy(), self.required.copy()
        low[hidden], high[hidden], need[hidden] = 0, UNBOUNDED, self.required_once_hidden[hidden]
        cost = self.cost.copy()
        cost[hidden] = np.inf
        return replace(self, low=low, high=high, required=need, cost=cost)

    def components(self) -> Iterator[np.ndarray]:
        """Positions of counts that hang together and have a hidden one among them, in the order of the first.

        A count that is known exactly, and stays so, ties nothing together: it is a number in the sums it
        stands in.
        """
        members = np.flatnonzero((self.high > self.low) | np.isfinite(self.cost))
        label = connected_components(self._graph(members), directed=False)[1][: len(members)]
        order = np.argsort(label, kind="stable")
        for piece in np.split(members[order], np.flatnonzero(np.diff(label[order])) + 1):
            if len(piece) and self.required[piece].any():
                yield piece

    def _graph(self, members: np.ndarray) -> sparse.coo_array:
        """Counts and, after them, sums as nodes; an edge from every count to its sums and to what is hidden
        along.
        """
        n = len(members)
        sums = abs(self.sums[:, members]).tocoo()
        place = np.full(len(self) + 1, -1)
        place[members] = np.arange(n)
        hidden_with = place[self.hidden_with[members]]
        tied = np.flatnonzero((self.hidden_with[members] >= 0) & (hidden_with >= 0))
        rows = np.r_[sums.coords[1], tied]
        columns = np.r_[sums.coords[0] + n, hidden_with[tied]]
        size = n + sums.shape[0]
        return sparse.coo_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))

    def component(self, members: np.ndarray, others: np.ndarray | None = None) -> Counts:
        """Only these counts; the others of their sums become numbers: `others`, or what is known of them."""
        touching = np.flatnonzero(abs(self.sums[:, members]).sum(axis=1))
        rows = self.sums[touching]
        known = np.where(np.isin(np.arange(len(self)), members), 0.0, self.low if others is None else others)
        number = rows @ known
        place = np.full(len(self), -1)
        place[members] = np.arange(len(members))
        hidden_with = self.hidden_with[members]
        return Counts(
            **{name: getattr(self, name)[members] for name in _PER_COUNT},
            hidden_with=np.where(hidden_with >= 0, place[hidden_with], -1),
            sums=sparse.csr_array(rows[:, members]),
            off_low=self.off_low[touching] - number,
            off_high=self.off_high[touching] - number,
        )

    def neighbourhood(self, position: int, reach: int) -> np.ndarray:
        """Positions of the counts that so many sums lie between, or fewer, and what is hidden along with
        them.
        """
        touched = abs(self.sums)
        inside = np.zeros(len(self))
        inside[position] = 1
        for _ in range(reach):
            inside = ((touched.T @ (touched @ inside)) + inside > 0).astype(float)
        found = np.flatnonzero(inside)
        return np.union1d(found, self.hidden_with[found][self.hidden_with[found] >= 0])

    def completed(self) -> Counts:
        """The same with every count that stands between others given a value, and sums that hold.

        Parts may fall short of their total: people without a known ward, say. The reader is taken to know by
        how much, which can only help him. The least such differences are found in one programme; where
        that takes too many steps, what is not known is taken at its least.
        """
        n, m = len(self), self.sums.shape[0]
        if not self.unknown.any() and np.allclose(self._off(self.exact), 0, atol=1e-6):
            return self
        low = np.where(self.unknown, self.low, self.exact)
        high = np.where(self.unknown, self.high, self.exact)
        try:
            found = solve(
                np.r_[np.zeros(n), np.ones(2 * m)],
                sparse.hstack([self.sums, sparse.eye_array(m), -sparse.eye_array(m)], format="csc"),
                (self.off_low, self.off_high),
                (np.r_[low, np.zeros(2 * m)], np.r_[high, np.full(2 * m, np.inf)]),
                steps=_STEPS,
            )[:n]
        except NoSolution:
            found = low
        exact = np.where(self.unknown, found, self.exact)
        off = self._off(exact)
        return replace(
            self,
            exact=exact,
            off_low=self.off_low + np.minimum(off, 0),
            off_high=self.off_high + np.maximum(off, 0),
        )

    def _off(self, exact: np.ndarray) -> np.ndarray:
        """How far every sum lies outside what is allowed for, to the ninth decimal."""
        found = self.sums @ exact
        return np.round(np.minimum(found - self.off_low, 0) + np.maximum(found - self.off_high, 0), 9)
