"""Rounded counts behind a total that is made of them at fixed prices.

A total T = sum(price × count), known to the penny, has one solution where the prices share no small
multiple: no rounding of the counts themselves helps. A total made from the counts as shown says no more
than they do.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np


@dataclass(frozen=True)
class Formula:
    """n published totals: sum over m terms of price × count.

    prices    m
    shown     n × m, the counts (or differences of counts) as shown
    slack     n × m, how far each may lie from that
    low, high n, what the total lies between, once all that is known is taken away
    """

    prices: np.ndarray
    shown: np.ndarray
    slack: np.ndarray
    low: np.ndarray
    high: np.ndarray


def candidates(formula: Formula) -> np.ndarray:
    """How many values each count keeps, n × m; -1 where all totals follow from what is shown."""
    n, m = formula.shown.shape
    if _holds(formula, formula.shown).all():
        return np.full((n, m), -1)
    kept: list[list[set[int]]] = [[set() for _ in range(m)] for _ in range(n)]
    reach = formula.slack.max(axis=0, initial=0).astype(int)
    for step in product(*(range(-r, r + 1) for r in reach)):
        holds = _holds(formula, formula.shown + np.array(step)) & (np.abs(step) <= formula.slack).all(axis=1)
        for row in np.flatnonzero(holds):
            for term in range(m):
                kept[row][term].add(step[term])
    return np.array([[len(values) for values in row] for row in kept]).reshape(n, m)


def _holds(formula: Formula, counts: np.ndarray) -> np.ndarray:
    total = counts @ formula.prices
    return (total >= formula.low) & (total <= formula.high)
