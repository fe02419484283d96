"""Who dies when: hazards by age, sex and ward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bassetlaw_sample.months import NEVER, age_at
from bassetlaw_sample.places import Places

_MID_2018 = 17_713
_STEP = 91  # days; hazards are taken as constant for this long


def death_days(
    streams: Callable[..., np.random.Generator],
    people: pd.DataFrame,
    places: Places,
    calibration: dict[str, Any],
    start: int,
    stop: int,
    age_on: int | None = None,
) -> np.ndarray:
    """Day of death of each person in [start, stop), NEVER when they live on; earlier deaths are kept.

    Ages are those of the time, or of the fixed day `age_on`. `streams` gives each stretch of time a random
    stream of its own, drawn from for everybody, so that one death more leaves the others as they are.
    """
    died = people["died"].to_numpy().copy()
    born, since = people["born"].to_numpy(), people["since"].to_numpy()
    level = _person_level(people, places, calibration)
    for begin in range(start, stop, _STEP):
        length = min(_STEP, stop - begin)
        season = 1 + calibration["mortality"]["winter"] * np.cos(
            (begin + length / 2 - 14) / 365.25 * 2 * np.pi
        )
        trend = 1 + calibration["mortality"]["per_year"] * (begin - _MID_2018) / 365.25
        age = age_at(born, begin if age_on is None else age_on)
        hazard = band_rates(calibration, age) * level * season * trend * length / 365.25 / 100_000
        rng = streams(begin)
        when = begin + rng.integers(0, length, len(people))
        dies = (
            (rng.random(len(people)) < 1 - np.exp(-hazard)) & (when > born) & (when > since) & (died == NEVER)
        )
        died = np.where(dies, when, died)
    return died


def band_rates(calibration: dict[str, Any], age: np.ndarray) -> np.ndarray:
    """England deaths per 100,000 at each age."""
    rates = np.array(calibration["mortality"]["england"], float)
    return rates[np.clip(age // 5, 0, len(rates) - 1)]


def _person_level(people: pd.DataFrame, places: Places, calibration: dict[str, Any]) -> np.ndarray:
    """Multiplier on England's rate for each person's sex and ward."""
    model = calibration["mortality"]
    female = (people["sex"] == 2).to_numpy()
    age = age_at(people["born"].to_numpy(), people["since"].clip(lower=17_000).to_numpy())
    ratio = np.where(
        age < 75,
        np.where(female, model["sex_ratio"]["under_75"][1], model["sex_ratio"]["under_75"][0]),
        np.where(female, model["sex_ratio"]["from_75"][1], model["sex_ratio"]["from_75"][0]),
    )
    ward = ward_level(places, calibration)[people["lsoa"], female.astype(int)]
    return ratio * ward * model["level"]


def ward_level(places: Places, calibration: dict[str, Any]) -> np.ndarray:
    """Multipliers by LSOA (rows) and sex (columns male, female)."""
    model = calibration["mortality"]
    wards = places.lsoas.groupby("ward_name")["imd"].transform("mean").to_numpy()
    slope = np.exp(model["per_imd_point"] * (wards - model["under_75"]["centre"]))
    level = slope[:, None] * np.array(model["district"])
    for name, value in model["female_wards"].items():
        level[(places.lsoas["ward_name"] == name).to_numpy(), 1] = value
    return level
