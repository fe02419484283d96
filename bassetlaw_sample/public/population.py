"""ONS mid-year population by LSOA and single year of age (ons_population_lsoa).

Mid-2017 is as published. For mid-2019 and mid-2020 each five-year band is the published one, split to
single years in the proportions of 2017. Mid-2016, mid-2018 and mid-2021 are invented: the figures of the
nearest year, made to add up to totals that grow as the plan states (population.yml), so that no year of the
sample is carried. Only the district's LSOAs are written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import at_hour
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import SEEDS, residents_by_band
from bassetlaw_sample.world import World, apportion
from bassetlaw_sample.write import csv_bytes

EXTRACT = "ons_population_lsoa"
# Mid-year and day of publication. Mid-2021 came out a year later in truth; here every year is there.
_PUBLISHED = {
    2016: date(2017, 10, 26),
    2017: date(2018, 10, 25),
    2018: date(2019, 10, 25),
    2019: date(2020, 10, 20),
    2020: date(2021, 9, 16),
    2021: date(2021, 9, 16),
}
_NEAREST = {2016: 2017, 2018: 2019, 2021: 2020}  # the year whose ages and areas an invented one takes over


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file for each mid-year for which LSOA estimates are at hand."""
    for year, published in _PUBLISHED.items():
        table = _table(world, year)
        yield Delivery(
            partner="public",
            extract=EXTRACT,
            name=f"ons_mye{year}_lsoa11_single_age_Nottinghamshire.csv",
            received=at_hour(published),
            tables={},
            render=partial(_bytes, table),
            rows=table.num_rows * 91,  # a record is read as one row per year of age
        )


def _table(world: World, year: int) -> pa.Table:
    inside = world.places.lsoas[~world.places.lsoas["outside"]]
    names = pd.read_csv(SEEDS / "geography" / "lsoa11.csv").set_index("lsoa11_code")["lsoa11_name"]
    ages = _ages(world, year)
    columns = {
        "lsoa11_code": inside["code"].tolist(),
        "lsoa11_name": names.loc[inside["code"]].tolist(),
        "total_population": ages.sum(axis=1).astype(str).tolist(),
    }
    columns |= {"90+" if a == 90 else str(a): ages[:, a].astype(str).tolist() for a in range(91)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _ages(world: World, year: int) -> np.ndarray:
    """People of each LSOA (rows) by year of age, 90 and over last."""
    if year == 2017:
        return world.places.ages
    if year not in _NEAREST:
        return _split(world, year)
    like, totals = _ages(world, _NEAREST[year]), world.calibration["population"]["invented_years"][year]
    out = np.zeros_like(like)
    for ages, total in ((slice(0, 65), totals["under_65"]), (slice(65, 91), totals["from_65"])):
        out[:, ages] = apportion(total, like[:, ages].ravel()).reshape(like[:, ages].shape)
    return out


def _split(world: World, year: int) -> np.ndarray:
    """Single years from the published bands of a year, in the proportions of mid-2017."""
    bands = residents_by_band().xs(year, level="mid_year")
    codes = world.places.lsoas["code"].tolist()
    out = np.zeros_like(world.places.ages)
    for band in bands.columns:
        first, last = _limits(band)
        for position, shape in enumerate(world.places.ages[:, first : last + 1]):
            total = int(bands.at[codes[position], band])
            out[position, first : last + 1] = apportion(total, shape + 0.5)
    return out


def _limits(band: str) -> tuple[int, int]:
    """First and last age of a column such as age_0_4, age_15 or age_90_plus."""
    first, *rest = band.removeprefix("age_").split("_")
    last = {"plus": 90}.get(rest[0]) if rest else int(first)
    return int(first), int(rest[0]) if last is None else last


def _bytes(table: pa.Table, _: Delivery) -> bytes:
    return csv_bytes(table)
