"""Codes and day numbers turned into text columns, quickly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_FIRST_DAY = (date(1900, 1, 1) - date(1970, 1, 1)).days
_LAST_DAY = (date(2025, 12, 31) - date(1970, 1, 1)).days


def pick(
    values: Sequence[str | None] | pa.Array, index: np.ndarray, keep: np.ndarray | None = None
) -> pa.Array:
    """The text at each position of `index`; NULL where the index is negative or `keep` is false."""
    index = np.asarray(index)
    hidden = index < 0 if keep is None else (index < 0) | ~keep
    choices = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return choices.take(pa.array(np.where(hidden, 0, index), mask=hidden))


def dates(days: np.ndarray, layout: str, keep: np.ndarray | None = None) -> pa.Array:
    """Day numbers as text in a strftime layout; NULL outside 1900-2025 or where `keep` is false."""
    days = np.asarray(days)
    known = (days >= _FIRST_DAY) & (days <= _LAST_DAY)
    return pick(_calendar(layout), np.where(known, days - _FIRST_DAY, -1), keep)


def clock(seconds: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    """Seconds after midnight as HH:MM:SS."""
    return pick(_times(), np.asarray(seconds), keep)


def numbers(values: np.ndarray, keep: np.ndarray | None = None) -> pa.Array:
    """Whole numbers as text."""
    mask = None if keep is None else ~keep
    return pa.array(np.asarray(values), mask=mask).cast(pa.string())


def decimals(values: np.ndarray, places: int, keep: np.ndarray | None = None) -> pa.Array:
    """Numbers with a fixed number of decimals, as text; never scientific notation."""
    known = np.ones(len(values), bool) if keep is None else keep
    return pa.array(
        [f"{v:.{places}f}" if k else None for v, k in zip(values, known, strict=True)], pa.string()
    )


def constant(value: str | None, rows: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(value, pa.string()), rows)


def joined(left: pa.Array, right: pa.Array, between: str = " ") -> pa.Array:
    """Two text columns joined; NULL when either is."""
    return pc.binary_join_element_wise(left, right, between)


@lru_cache(maxsize=8)
def _calendar(layout: str) -> pa.Array:
    start = date(1970, 1, 1)
    return pa.array([(start + timedelta(days=d)).strftime(layout) for d in range(_FIRST_DAY, _LAST_DAY + 1)])


@lru_cache(maxsize=1)
def _times() -> pa.Array:
    return pa.array([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(86_400)])
