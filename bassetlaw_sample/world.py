"""The invented world one sample is drawn from: seed, calendar, places and people."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.months import Month, months_between
from bassetlaw_sample.places import Places


def stream(seed: int, *labels: str | int) -> np.random.Generator:
    """An independent random stream for a subject, the same on every machine.

    Labels are hashed with CRC-32 because Python's own `hash()` differs from process to process.
    """
    words = [zlib.crc32(str(label).encode()) for label in labels]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


@dataclass(frozen=True)
class World:
    """Everything an extract needs in order to draw its events.

    `people` has one row per invented person (see population.py); `scale` is the number of residents
    at mid-2017 divided by the true 116,304, and every volume is multiplied by it.
    """

    seed: int
    first: Month
    last: Month
    scale: float
    full: bool
    places: Places
    people: pd.DataFrame
    calibration: dict[str, Any]

    @property
    def months(self) -> list[Month]:
        """All months of the sample, first to last."""
        return months_between(self.first, self.last)

    def rng(self, *labels: str | int) -> np.random.Generator:
        """The random stream of one subject of this world."""
        return stream(self.seed, *labels)

    def scaled(self, volume: float) -> int:
        """A district volume reduced to the size of this world, at least 1."""
        return max(1, round(volume * self.scale))


def apportion(total: int, weights: np.ndarray) -> np.ndarray:
    """Whole numbers proportional to `weights` that sum to `total` exactly (largest remainder)."""
    share = weights / weights.sum() * total
    whole = np.floor(share).astype(int)
    short = total - int(whole.sum())
    whole[np.argsort(whole - share, kind="stable")[:short]] += 1
    return whole


def draw(rng: np.random.Generator, weights: np.ndarray, size: int | tuple[int, ...]) -> np.ndarray:
    """`size` positions with replacement, in proportion to `weights`."""
    cumulative = np.cumsum(weights, dtype=float)
    return np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right")
