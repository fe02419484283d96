"""Exact counts behind shares, simple rates and ratios that stand beside rounded counts.

A value made from the counts as shown says no more than they do. When some value of an indicator cannot have
come from the counts as shown, its values were made from the exact ones. Then all counts that round to those
shown are tried: 33.3 % beside 5 of 15 leaves few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bassetlaw_pipeline.disclosure.attacks.ward_gap import poisson_limits

_Z = 1.959963984540054


@dataclass(frozen=True)
class Figures:
    """n figures of one indicator.

    numerator, denominator      n, as shown
    least, most                 n, whole numbers that are shown like this numerator
    denominator_least, _most    n, the same of the denominator; both as shown where that is exact
    denominator_off             n, how far a denominator that is no count may be off: half its unit
    low, high                   n × 3, what value and 95 % limits lie between; NaN where not published
    multiplier                  value per unit
    method                      'proportion', 'growth', or anything else for numerator over denominator
    """

    method: str
    multiplier: float
    numerator: np.ndarray
    denominator: np.ndarray
    least: np.ndarray
    most: np.ndarray
    denominator_least: np.ndarray
    denominator_most: np.ndarray
    denominator_off: np.ndarray
    low: np.ndarray
    high: np.ndarray


def candidates(figures: Figures) -> tuple[np.ndarray, np.ndarray]:
    """How many numerators and how many denominators each figure leaves; -1 where it follows from what is
    shown."""
    n = len(figures.numerator)
    follows = _explained(figures, figures.numerator, figures.denominator)
    if follows.all():
        return np.full(n, -1), np.full(n, -1)
    above = _steps(figures.numerator, figures.least, figures.most)
    below = _steps(figures.denominator, figures.denominator_least, figures.denominator_most)
    possible = np.array([[_possible(figures, a, b) for b in below] for a in above])
    return possible.any(axis=1).sum(axis=0), possible.any(axis=0).sum(axis=0)


def _steps(shown: np.ndarray, least: np.ndarray, most: np.ndarray) -> range:
    """From as far below as any count may be to as far above."""
    return range(int(np.min(least - shown, initial=0)), int(np.max(most - shown, initial=0)) + 1)


def _possible(figures: Figures, above: int, below: int) -> np.ndarray:
    """True where the counts may be so far from those shown."""
    numerator, denominator = figures.numerator + above, figures.denominator + below
    possible = (numerator >= figures.least) & (numerator <= figures.most) & (denominator > 0)
    possible &= (denominator >= figures.denominator_least) & (denominator <= figures.denominator_most)
    if figures.method == "proportion":
        possible &= numerator <= denominator
    return possible & _explained(figures, numerator, denominator)


def _explained(figures: Figures, numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    ends = [
        _made(figures.method, figures.multiplier, numerator, denominator + sign * figures.denominator_off)
        for sign in (-1, 1)
    ]
    outside = (np.maximum(*ends) < figures.low) | (
        np.minimum(*ends) > figures.high
    )  # NaN is outside of nothing
    return ~outside.any(axis=1)


def _made(method: str, multiplier: float, numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Value and 95 % limits, n × 3; NaN where this method is not known to give them, or nobody is left."""
    denominator = np.where(denominator > 0, denominator, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = numerator / denominator
        if method == "growth":
            value = value - 1
        limits = np.full((2, len(value)), np.nan)
        if method == "proportion":
            limits = _wilson(numerator, denominator)
        elif method in ("crude_rate", "smr"):
            limits = np.array(poisson_limits(numerator)) / denominator
    return multiplier * np.column_stack([value, *limits])


def _wilson(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    p = numerator / denominator
    half = _Z * np.sqrt(_Z**2 + 4 * numerator * np.maximum(1 - p, 0))
    return np.array([(2 * numerator + _Z**2 + sign * half) / (2 * (denominator + _Z**2)) for sign in (-1, 1)])
