"""The two wards behind an unnamed gap, and their deaths.

The gap is 100 O/E of the highest ward less that of the lowest; its limits come from those of the two by the
method of variance estimates recovery (Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702): gap -
sqrt((value - lower)^2 of the highest + (upper - value)^2 of the lowest), and the other way round. Anybody
can work out E. So every pair of wards and deaths is tried; the others have to lie between them and make up
the district's deaths.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

Interval = tuple[float, float]
State = tuple[int, int]  # ward (its place), deaths
_EXACT_BELOW = 10  # deaths; from there Byar's limits
_Z = 1.959963984540054
_SLACK = 1e-4  # relative: populations are published to a tenth of a person


@dataclass(frozen=True)
class Gap:
    """A published gap: expected events of every ward (n, above 0), and what gap, limits and deaths lie
    between."""

    expected: np.ndarray
    gap: Interval
    lower: Interval
    upper: Interval
    events: Interval = (0, np.inf)


@dataclass(frozen=True)
class Pairs:
    """Wards and deaths that explain a gap: of the highest ward, of the lowest."""

    highest: frozenset[State]
    lowest: frozenset[State]

    def given_away(self, few: int = 2) -> bool:
        """True when one of the two is among so few."""
        return bool(self.highest) and min(len(self.highest), len(self.lowest)) <= few


def pairs(gap: Gap) -> Pairs:
    """Every highest and lowest ward, with its deaths, that the published gap allows for."""
    ward, deaths, value, low, high = _states(gap)
    order = np.argsort(value, kind="stable")
    begin = np.searchsorted(value[order], value - gap.gap[1] * (1 + _SLACK), "left")
    stop = np.searchsorted(value[order], value - gap.gap[0] * (1 - _SLACK), "right")
    h = np.repeat(np.arange(len(value)), stop - begin)
    place = np.arange(len(h)) - np.repeat(np.cumsum(stop - begin) - (stop - begin), stop - begin)
    w = order[place + np.repeat(begin, stop - begin)]  # the lowest ward
    apart = value[h] - value[w]
    less = np.maximum(apart - np.hypot(value[h] - low[h], high[w] - value[w]), 0)
    more = apart + np.hypot(high[h] - value[h], value[w] - low[w])
    holds = (ward[h] != ward[w]) & _within(less, gap.lower) & _within(more, gap.upper)
    h, w = h[holds], w[holds]
    holds = _others_fit(gap, value[w], value[h])
    h, w = h[holds], w[holds]
    return Pairs(*(frozenset(zip(ward[s].tolist(), deaths[s].tolist(), strict=True)) for s in (h, w)))


def _states(gap: Gap) -> tuple[np.ndarray, ...]:
    """Ward, deaths, ratio and its limits, for all deaths that a ward can have."""
    n = len(gap.expected)
    most = int(
        np.ceil(min(gap.events[1], 3 * gap.expected.max() + gap.upper[1] * gap.expected.max() / 100 + 20))
    )
    ward, deaths = (a.ravel() for a in np.mgrid[0:n, 0 : most + 1])
    low, high = poisson_limits(np.arange(most + 1))
    per_event = 100 / gap.expected[ward]
    return ward, deaths, deaths * per_event, low[deaths] * per_event, high[deaths] * per_event


def poisson_limits(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits of Poisson counts: exact below ten (Garwood), Byar's from there."""
    x = np.maximum(count, 1)
    byar = (
        x * (1 - 1 / (9 * x) - _Z / (3 * x**0.5)) ** 3,
        (x + 1) * (1 - 1 / (9 * (x + 1)) + _Z / (3 * (x + 1) ** 0.5)) ** 3,
    )
    exact = np.where(count > 0, chi2.ppf(0.025, 2 * x) / 2, 0), chi2.ppf(0.975, 2 * count + 2) / 2
    few = count < _EXACT_BELOW
    return np.where(few, exact[0], byar[0]), np.where(few, exact[1], byar[1])


def _within(value: np.ndarray, interval: Interval) -> np.ndarray:
    slack = _SLACK * np.abs(value)
    return (value >= interval[0] - slack) & (value <= interval[1] + slack)


def _others_fit(gap: Gap, lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """True where every ward can have a number of deaths between, and all together those of the district."""
    fewest = np.ceil(np.outer(lowest, gap.expected) / 100 - 1e-6)
    most = np.floor(np.outer(highest, gap.expected) / 100 + 1e-6)
    add_up = (fewest.sum(axis=1) <= gap.events[1]) & (most.sum(axis=1) >= gap.events[0])
    return (fewest <= most).all(axis=1) & add_up
