"""What each sum by itself tells of its counts, and what follows from that in further sums.

Feasibility-based bound tightening: the most a part can be is the most its total can be, less the least of
all other parts. Done again and again it finds most of what a reader can work out, without a programme.
"""

from __future__ import annotations

import numpy as np

from bassetlaw_pipeline.disclosure.counts import UNBOUNDED, Counts

_ROUNDS = 20
_UNKNOWN = UNBOUNDED / 2
Pair = tuple[np.ndarray, np.ndarray]  # the least and the most
Entries = tuple[np.ndarray, np.ndarray, np.ndarray]  # sum, count and sign of every number in the sums


def certain_bounds(counts: Counts) -> Pair:
    """The least and the most of every count, n each: never narrower than all sums together allow."""
    entries = _entries(counts)
    low, high = counts.low, np.where(counts.high > _UNKNOWN, np.inf, counts.high)
    for _ in range(_ROUNDS):
        below, above = _by_each_sum(counts, entries, low, high)
        narrower = low.copy(), high.copy()
        np.maximum.at(narrower[0], entries[1], below)
        np.minimum.at(narrower[1], entries[1], above)
        if np.array_equal(low, narrower[0]) and np.array_equal(high, narrower[1]):
            break
        low, high = narrower
    return low, high


def tightest_sums(counts: Counts, positions: np.ndarray) -> np.ndarray:
    """Of each of these counts the sum that by itself leaves it the least room."""
    entries = _entries(counts)
    below, above = _by_each_sum(counts, entries, *certain_bounds(counts))
    order = np.lexsort((entries[0], above - below, entries[1]))
    of_count, first = np.unique(entries[1][order], return_index=True)
    return entries[0][order][first[np.searchsorted(of_count, positions)]]


def _entries(counts: Counts) -> Entries:
    entries = counts.sums.tocoo()
    return entries.coords[0], entries.coords[1], entries.data


def _by_each_sum(counts: Counts, entries: Entries, low: np.ndarray, high: np.ndarray) -> Pair:
    """What every sum leaves each of its counts when all others are as low or as high as they can be."""
    row, column, sign = entries
    least = sign * np.where(sign > 0, low[column], high[column])
    most = sign * np.where(sign > 0, high[column], low[column])
    below = (counts.off_low[row] - _of_others(most, row, np.inf)) / sign
    above = (counts.off_high[row] - _of_others(least, row, -np.inf)) / sign
    return np.where(sign > 0, below, above), np.where(sign > 0, above, below)


def _of_others(end: np.ndarray, row: np.ndarray, endless_end: float) -> np.ndarray:
    """For each number in a sum what all others of it come to; without end where one of them is."""
    endless = np.isinf(end)
    known = np.where(endless, 0, end)
    total = np.bincount(row, known)[row] - known
    others = np.bincount(row, endless)[row] - endless > 0
    return np.where(others, endless_end, total)
