"""Deaths and population of England by cause, sex and age (ons_deaths_england)."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import SEEDS
from bassetlaw_sample.public import official
from bassetlaw_sample.public.official import NOTE, Row
from bassetlaw_sample.world import World

DEATHS = "ons_deaths_england"
_ENGLAND, _ESTIMATE, _MIDDLE = "E92000001", 2019, 2018
_MALE_SHARE = 0.495  # K under 75


def deaths(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a year; people of England aged under 75."""
    rates = pd.read_csv(SEEDS / "reference" / "mortality_rate_u75_synthetic.csv")
    people = _people()
    for year in official.years(world):
        trend = 1 + world.calibration["mortality"]["per_year"] * (year - _MIDDLE)
        rows = [
            row
            for cause, band, rate in rates.itertuples(index=False)
            for row in _rows(world, year, cause, band, rate * trend, people[band])
        ]
        yield official.delivery(DEATHS, f"{DEATHS}_{year}.csv", year, rows)


def _rows(world: World, year: int, cause: str, band: str, rate: float, people: float) -> Iterator[Row]:
    male, female = world.calibration["mortality"]["sex_ratio"]["under_75"]
    both = male * _MALE_SHARE + female * (1 - _MALE_SHARE)
    for sex, ratio, share in (("male", male, _MALE_SHARE), ("female", female, 1 - _MALE_SHARE)):
        population = round(people * share)
        yield {
            "year": f"{year}",
            "cause_group": cause,
            "sex": sex,
            "age_band": band,
            "deaths": f"{round(population * rate * ratio / both / 100_000)}",
            "population": f"{population}",
            "note": NOTE,
        }


def _people() -> dict[str, float]:
    """Residents of England by five-year band, at the published estimate; the same for every year."""
    table = pd.read_csv(SEEDS / "population" / "population_estimate.csv")
    row = table[(table["area_code"] == _ENGLAND) & (table["mid_year"] == _ESTIMATE)].iloc[0]
    bands: dict[str, float] = {}
    for name, value in row.drop(["area_code", "mid_year"]).items():
        first = int(str(name).split("_")[1]) // 5 * 5
        bands[f"{first}-{first + 4}"] = bands.get(f"{first}-{first + 4}", 0) + float(value)
    return bands
