"""Emergency admissions, low-grade admissions and hip fractures counted again from the accepted episodes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hospital_rows import DISTRICT, NEWEST, SEEDS, networks, newest_rows, values, within

ESP2013 = [
    5000,
    5500,
    5500,
    5500,
    6000,
    6000,
    6500,
    7000,
    7000,
    7000,
    7000,
    6500,
    6000,
    5500,
    5000,
    4000,
    2500,
    1500,
]
ESP2013 = np.array([*ESP2013, 1000])


def spells(built) -> pd.DataFrame:
    """First episodes of emergency spells, with network and whether the person lives in the district."""
    rows = newest_rows(built.accepted, "dbth_apc").sort_values([*NEWEST, "_row_number"])
    rows = rows.drop_duplicates(["provider", "spell_key", "episode_number"], keep="last")
    rows = rows[(rows["episode_number"] == 1) & rows["admission_method"].str.startswith("2")].copy()
    lsoas = set(pd.read_csv(SEEDS / "geography" / "lsoa11.csv")["lsoa11_code"])
    rows["resident"], rows["pcn"] = rows["lsoa11"].isin(lsoas), rows["gp_practice"].map(networks())
    rows["admission_date"] = pd.to_datetime(rows["admission_date"])
    return rows.sort_values(["admission_date", "spell_key"])


def low_grade(rows: pd.DataFrame) -> pd.DataFrame:
    """At most one night, and a diagnosis on the list."""
    listed = tuple(
        pd.read_csv(SEEDS / "reference" / "ambulatory_care_sensitive_condition.csv")["icd10_prefix"]
    )
    nights = (pd.to_datetime(rows["discharge_date"]) - rows["admission_date"]).dt.days
    return rows[rows["diag_01"].fillna("").str.startswith(listed) & (nights <= 1)]


def hip_fractures(rows: pd.DataFrame) -> pd.DataFrame:
    """Age 65 and over; of each person not those within 30 days of the one before."""
    rows = rows[
        rows["diag_01"].fillna("").str.startswith(("S720", "S721", "S722")) & (rows["age_on_admission"] >= 65)
    ]
    since = rows.groupby("person_key", dropna=True)["admission_date"].diff().dt.days
    return rows[~(since <= 30)]


def of_area(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    return rows[rows["resident"] if area == DISTRICT else rows["pcn"] == area]


@pytest.mark.parametrize(
    ("indicator", "count"),
    [
        ("emergency_admissions_rate", lambda rows: rows),
        ("emergency_admissions_low_grade", low_grade),
        ("hip_fractures_65plus", hip_fractures),
    ],
)
def test_counts_are_those_of_the_files(built, indicator, count):
    counted = count(spells(built))
    found = values(built, indicator, "rolling_12m")
    found = found[found["area_code"].str.startswith(("E07", "U"))]
    assert found["period_id"].nunique() >= 3 and found["area_code"].nunique() == 4
    for _, value in found.iterrows():
        here = of_area(counted, value["area_code"])
        expected = within(here["admission_date"], value).sum()
        assert (value["numerator"] or 0) == expected, (value["area_code"], value["period_id"])


def test_the_rate_of_the_district_is_standardised(built):
    rows = of_area(spells(built), DISTRICT)
    found = values(built, "emergency_admissions_rate", "financial_year")
    assert len(found)
    for _, value in found[found["area_code"] == DISTRICT].iterrows():
        ages = rows.loc[within(rows["admission_date"], value), "age_on_admission"].dropna().astype(int)
        events = np.bincount(np.clip(ages // 5, 0, 18), minlength=19)
        rate = (ESP2013 * events / person_years(built, value)).sum() / ESP2013.sum() * 100_000
        assert value["value"] == pytest.approx(rate, rel=1e-6)


def person_years(built, value: pd.Series) -> np.ndarray:
    """Residents by five-year band: nine months of the first calendar year and three of the next."""
    query = """
        select population_year, age_from, sum(population) as people from intermediate.int_population
        where area_code = ? and list = 'resident' group by all
    """
    people = built.warehouse.execute(query, [DISTRICT]).df()
    first = value["period_start"].year
    months = people["population_year"].map({first: 9, first + 1: 3}).fillna(0)
    bands = np.clip(people["age_from"] // 5, 0, 18)
    return (people["people"] * months / 12).groupby(bands).sum().to_numpy()
