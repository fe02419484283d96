"""Reads parameters/, the parameters of the sample: one file per subject.

Every figure is tagged: V published, C computed from published figures, S stated by the Place Plan or by a
partner's report, K own knowledge (a plausible default, not verified).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from bassetlaw_pipeline import yaml_text

PARAMETERS = Path(__file__).parent / "parameters"


@lru_cache(maxsize=1)
def load_calibration() -> dict[str, Any]:
    """All parameters by subject, the name of the file they stand in; to be read, not changed."""
    files = sorted(PARAMETERS.glob("*.yml"))
    return {f.stem: yaml_text.load(f.read_text(encoding="utf-8")) for f in files}


def by_age(steps: Sequence[Any], ages: np.ndarray) -> np.ndarray:
    """The value of the last step `[from_age, value]` at or below each age; 0 below the first."""
    starts = np.array([s[0] for s in steps])
    values = np.array([0.0, *[s[1] for s in steps]])
    return values[np.searchsorted(starts, ages, side="right")]


def nearest_year(values: dict[int, float], year: int) -> float:
    """The value of a year, or of the nearest year given."""
    return values[min(values, key=lambda y: (abs(y - year), y))]
