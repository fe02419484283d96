"""Children in out-of-work families worked out again from the accepted rows, in plain pandas."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bassetlaw_sample.places import SEEDS

WARD, DISTRICT = "E05006401", "E07000171"  # Worksop South East, Bassetlaw


@pytest.fixture(scope="module")
def accepted(built):
    """Accepted rows of an extract as they lie on disk."""

    def rows(extract: str) -> pd.DataFrame:
        files = sorted((built.settings.home.accepted / "public" / extract).glob("*/rows.parquet"))
        return pd.concat([pd.read_parquet(f) for f in files], ignore_index=True)

    return rows


def lsoas_of(area: str) -> set[str]:
    """LSOAs of a ward or of the district, from the seed."""
    seed = pd.read_csv(SEEDS / "geography" / "lsoa11.csv")
    return set(seed.loc[(seed["ward17_code"] == area) | (seed["district_code"] == area), "lsoa11_code"])


def children(residents: pd.DataFrame, year: int) -> float:
    """Residents aged 0 to 17 and half of those aged 18 and 19; between delivered mid-years on a line."""
    share = residents["age"].map(lambda age: 1.0 if age < 18 else 0.5 if age < 20 else 0.0)
    by_year = (residents["persons"] * share).groupby(residents["_period_start"].dt.year).sum()
    return float(np.interp(year, by_year.index, by_year.to_numpy()))


@pytest.mark.parametrize("year", [2015, 2016, 2017])
@pytest.mark.parametrize("area", [WARD, DISTRICT])
def test_the_published_share_is_that_of_the_accepted_rows(built, accepted, area, year):
    counted = accepted("dwp_children_oow")
    counted["year"] = pd.to_datetime(counted["snapshot_date"]).dt.year
    population = accepted("ons_population_lsoa")
    population["_period_start"] = pd.to_datetime(population["_period_start"])
    residents = population[population["lsoa11"].isin(lsoas_of(area))]
    (number,) = counted.loc[(counted["year"] == year) & (counted["area_code"] == area), "children"]
    whole = 5 * ((round(children(residents, year)) + 2) // 5)
    query = f"""
        select numerator, denominator, value from outcomes.fct_indicator_value
        where indicator_id = 'children_out_of_work_families'
            and area_code = '{area}' and period_id = 'CY{year}'
    """
    ((numerator, denominator, value),) = built.query(query)
    assert denominator == whole
    if pd.isna(number):  # a mark instead of a number, which the sample puts into one ward a year
        assert numerator is None and value is None
    else:
        assert (numerator, value) == (number, pytest.approx(100 * number / whole, abs=0.05))  # one decimal
