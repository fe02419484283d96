"""Age bands behind a directly standardised rate and its limits.

With weights u = w/n of the bands (standard population over people), a rate is sum(u O) and its limits are
sum(u O) + sqrt(sum(u^2 O) / X) (Byar(X) - X), for X = sum(O) events (Dobson, Kuulasmaa, Eberle and Scherer,
Statistics in Medicine 10, 1991, 457-462). What is published is the rate that the count as shown would give
with the same age pattern (dbt, macros/disclosure/standardised.sql). So for each count that rounds to the
one shown the rate tells one weighted sum of the bands, and the widths of the intervals another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bassetlaw_pipeline.disclosure.attacks.lattice import resolved
from bassetlaw_pipeline.disclosure.attacks.whole_numbers import Answers, Puzzle, answers

LIMITS_OF_COUNT = 100  # events; below, limits are published that are those of the count alone
MOST_EVENTS = 60  # above, a cell has far more answers than a search would look at
_Z = {"ci95": 1.959963984540054, "ci998": 3.090232306167813}
Interval = tuple[float, float]


@dataclass(frozen=True)
class Rate:
    """A published rate: the intervals of its numbers (`value`, `ci95_lower`, …) and the counts it may have.

    weights   k, multiplier × standard population / its sum / people, of every age band
    shown     the count as shown, above 0
    counts    whole numbers that are shown like this
    """

    weights: np.ndarray
    shown: float
    counts: range
    numbers: Mapping[str, Interval]
    slack: float = 0.0  # how far off the weights may be, as a share
    dispersion: Interval = (1.0, 1.0)  # by what repeated events of one person widen the variance


def bands(rate: Rate, totals: int) -> Answers:
    """The counts and bands that explain a rate, until `totals` counts are possible and no band is certain.

    A rate whose limits follow another formula has no answer; then it is attacked without its limits.
    """
    puzzles = [] if _of_count(rate) else _puzzles(rate, with_limits=True)
    found = _answers(puzzles, totals) if puzzles else None
    return found if found and found.totals else _answers(_puzzles(rate, with_limits=False), totals)


def _of_count(rate: Rate) -> bool:
    """True where the limits follow from rate and count: then they say nothing of the bands."""
    low, high = rate.numbers["value"]
    follow = [
        low * share <= rate.numbers[name][1] and high * share >= rate.numbers[name][0]
        for name, share in ((n, (rate.shown + away) / rate.shown) for n, away in _away(rate.shown).items())
        if name in rate.numbers
    ]
    return rate.shown < LIMITS_OF_COUNT and all(follow)


def _answers(puzzles: list[Puzzle], totals: int) -> Answers:
    found = answers(puzzles, totals)
    return found if found.complete or found.enough(totals) else resolved(puzzles, found, totals)


def _puzzles(rate: Rate, with_limits: bool) -> list[Puzzle]:
    low, high = rate.numbers["value"]
    low, high = low * (1 - rate.slack), high * (1 + rate.slack)
    spread = _spread(rate) if with_limits else None
    if with_limits and (spread is None or spread[0] > spread[1]):
        return []
    made = []
    for total in rate.counts:
        less, more = [low * total / rate.shown], [high * total / rate.shown]
        weights = [rate.weights]
        if spread:
            weights.append(rate.weights**2)
            least, most = spread[0] ** 2 / rate.dispersion[1], spread[1] ** 2 / rate.dispersion[0]
            less, more = [*less, least * total], [*more, most * total]
        made.append(Puzzle(np.array(weights), np.array(less), np.array(more), total))
    return made


def _spread(rate: Rate) -> Interval | None:
    """sqrt(sum(u^2 O) / X), from the distance between any two of the rate and its limits."""
    away = _away(rate.shown)
    there = [name for name in away if name in rate.numbers]
    if len(there) < 2:
        return None
    told = []
    for one, other in combinations(sorted(there, key=lambda name: away[name]), 2):
        (a, b), (c, d), apart = rate.numbers[one], rate.numbers[other], away[other] - away[one]
        told.append(((c - b) / apart, (d - a) / apart))
    low, high = max(0.0, *(low for low, _ in told)), min(high for _, high in told)
    return low * (1 - rate.slack), high * (1 + rate.slack)


def _away(count: float) -> dict[str, float]:
    """How far from the count each published number lies on the scale of the count."""
    limits = {
        f"{name}_{side}": _byar(count, z, side) - count
        for name, z in _Z.items()
        for side in ("lower", "upper")
    }
    return {"value": 0.0} | limits


def _byar(count: float, z: float, side: str) -> float:
    """Byar's limit of a Poisson count of at least 1."""
    at, sign = (count, -1) if side == "lower" else (count + 1, 1)
    return at * (1 - 1 / (9 * at) + sign * z / (3 * at**0.5)) ** 3
