"""What a published number tells: an interval, half a unit of its precision to each side."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

_DOUBLE = 15  # significant figures a double holds
_FULL = 12  # a column with that many is not rounded
_LAST_DIGIT = 1e-8  # figures are kept to the eighth decimal before they are moved to the rounded count
_UNITS = (25_000, 10_000, 5_000, 1_000, 500, 100, 50, 25, 10, 5, 1, 0.1, 0.01, 0.001)


@dataclass(frozen=True)
class Precision:
    """Numbers are multiples of the larger of two units: 10^-decimals, and one in the last significant figure.

    `unrounded` numbers are known to the eighth decimal.
    """

    decimals: int
    figures: int

    @property
    def unrounded(self) -> bool:
        """True where nothing was rounded away."""
        return self.figures >= _FULL

    def interval(self, value: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most the number behind each value can be."""
        value = np.asarray(value, float)
        if self.unrounded:
            half = _LAST_DIGIT + np.abs(value) * 10.0 ** (1 - _DOUBLE)
        else:
            size = np.floor(np.log10(np.where(value == 0, 1, np.abs(value))))
            unit = np.maximum(
                10.0**-self.decimals, np.where(value == 0, 0, 10.0 ** (size - self.figures + 1))
            )
            half = unit / 2 * (1 + 1e-6)
        return value - half, value + half


def evident(values: np.ndarray) -> Precision:
    """The precision that the numbers of one column show: the most decimals and significant figures of any."""
    digits = [Decimal(repr(float(v))).normalize() for v in np.unique(values[np.isfinite(values)])]
    digits = [d for d in digits if d != 0]
    decimals = max((-int(d.as_tuple().exponent) for d in digits), default=0)
    figures = max((len(d.as_tuple().digits) for d in digits), default=1)
    return Precision(decimals, figures)


def evident_unit(values: np.ndarray) -> float:
    """The largest unit from 25,000 to 0.001 that all numbers are multiples of; 1e-8 when none is."""
    values = values[np.isfinite(values)]
    for unit in _UNITS:
        if np.allclose(values, unit * np.rint(values / unit), rtol=1e-12, atol=1e-9):
            return float(unit)
    return 1e-8
