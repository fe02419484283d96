"""Sums over areas: no part is counted twice in any of them."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, LSOA_Q5, ROLL_UP, SmallWarehouse, months

GATE = DISCLOSURE[: DISCLOSURE.index("rst_sum_group") + 1]
PARTS = f"""
    SELECT
        sum_key, count(*) AS parts,
        list(DISTINCT split_part(split_part(count_key, '|', 2), '_', 1)) AS indices
    FROM rst_sum_group
    WHERE sum_key LIKE 'imd_quintile%|{DISTRICT}|%' AND sign = 1
    GROUP BY sum_key
"""


@pytest.mark.parametrize("method", ["growth", "count"])
def test_the_quintiles_of_two_indices_are_two_sums(method):
    """Twelve months to June 2019 go by the index of 2019, their first months by that of 2015."""
    periods = {"area_types": "district|imd_quintile", "period_types": "month|rolling_12m"}
    warehouse = SmallWarehouse().indicator(method=method, **periods)
    for month in months("2017-07", 30):
        warehouse.counts([(month, LSOA_Q1, 3), (month, LSOA_Q5, 30)])
    warehouse.build(ROLL_UP, GATE)
    sums = warehouse.all(PARTS)
    assert sums
    assert {(len(indices), parts) for _, parts, indices in sums} == {(1, 5)}


def test_periods_of_the_same_days_are_one_part():
    """Twelve months to March are a financial year: people who count once in either are the same people."""
    made = {"aggregation": "people", "period_types": "financial_year|rolling_12m", "method": "count"}
    warehouse = SmallWarehouse().indicator(area_types="district|imd_quintile", **made)
    for period_type in ("financial_year", "rolling_12m"):
        for area, people in ((LSOA_Q1, 3), (LSOA_Q5, 30)):
            warehouse.con.execute(
                "INSERT INTO int_indicator_counts BY NAME SELECT 'x' AS indicator_id, ? AS area_code, "
                "DATE '2016-04-01' AS period_start, ? AS period_type, ? AS numerator",
                [area, period_type, people],
            )
    warehouse.delivered(*months("2015-04", 36))
    warehouse.build(ROLL_UP, GATE)
    assert {parts for _, parts, _ in warehouse.all(PARTS)} == {5}
    same = "count_key LIKE '%R12-2017-03%' AND unit_key LIKE '%FY2016-17%'"
    assert len(warehouse.all(f"SELECT count_key FROM rst_sum_time WHERE {same}")) == 6
