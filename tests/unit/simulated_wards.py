"""Events drawn for the district's 25 wards from known risks; shared by the tests of synthetic truth.

The wards are the real ones (five pooled years of their people under 75, by age, from the seeds); the risks
are invented and known. One generator per seed (PCG64), so that a seed gives the same events everywhere.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

SEEDS = range(200)
TABLES = Path(__file__).parents[2] / "dbt_project" / "seeds"
BANDS = [f"{age}-{age + 4}" for age in range(0, 75, 5)]
GRADIENT = (
    0.0155  # of the logarithm of the risk, per point of IMD 2015: Worksop South East 1.68, the best 0.87
)


def generator(seed: int) -> np.random.Generator:
    """The random numbers of one seed."""
    return np.random.Generator(np.random.PCG64(seed))


def _seed_table(name: str) -> pd.DataFrame:
    return pyarrow.csv.read_csv(TABLES / name).to_pandas()


@cache
def person_years() -> pd.DataFrame:
    """Ward x five-year age band under 75: five times the mid-2017 population."""
    people = _seed_table("population/population_estimate.csv").query("mid_year == 2017")
    people["age_0_4"] = people["age_0"] + people["age_1_4"]
    people["age_15_19"] = people[["age_15", "age_16_17", "age_18_19"]].sum(axis=1)
    ward = _seed_table("geography/lsoa11.csv").set_index("lsoa11_code")["ward17_code"]
    by_ward = people.groupby(people["area_code"].map(ward))
    return 5.0 * by_ward[[f"age_{band.replace('-', '_')}" for band in BANDS]].sum()


@cache
def imd_score() -> np.ndarray:
    """IMD 2015 score by ward, in the order of person_years."""
    return (
        _seed_table("geography/ward.csv")
        .set_index("ward17_code")["imd15_score"][person_years().index]
        .to_numpy()
    )


@cache
def death_rate(cause: str = "circulatory") -> np.ndarray:
    """Deaths per person-year by age band, at the reference rates."""
    table = _seed_table("reference/mortality_rate_u75_synthetic.csv")
    return (
        table[table["cause_group"] == cause].set_index("age_band")["rate_per_100000"][BANDS].to_numpy() / 1e5
    )


@cache
def standard_population() -> np.ndarray:
    """European standard population 2013 by age band under 75."""
    return (
        _seed_table("statistics/esp2013.csv")
        .set_index("age_band")["standard_population"][BANDS]
        .to_numpy(float)
    )


def risk(gradient: float = GRADIENT, level: float = 1.05) -> np.ndarray:
    """True standardised ratio by ward: level at the district's mean deprivation."""
    return level * np.exp(gradient * (imd_score() - 21.8))


def expected_deaths(cause: str = "circulatory") -> np.ndarray:
    """Deaths over five years by ward at the reference rates."""
    return person_years().to_numpy() @ death_rate(cause)


def columns(**arrays: np.ndarray) -> pa.Table:
    """Arrays of any shapes that broadcast together, flattened into the columns of a table."""
    names, full = zip(*arrays.items(), strict=True)
    return pa.table({n: a.ravel() for n, a in zip(names, np.broadcast_arrays(*full), strict=True)})


def count_band(mean: np.ndarray) -> np.ndarray:
    """Label of the true expected count: where an approximation stops holding shows by it."""
    return np.array(["under 10", "10 to 29", "30 to 99", "100 and more"])[np.digitize(mean, [10, 30, 100])]
