"""Which figures an annotation touches, and whose verdict it suspends."""

from __future__ import annotations

import pytest
from small_warehouse import DISTRICT, LSOA_Q1, ROLL_UP, SmallWarehouse, months


def warehouse(**changes) -> SmallWarehouse:
    """Five years of a share: an indicator the pandemic suspends, and one that it does not."""
    made = SmallWarehouse()
    periods = "month|quarter|financial_year|rolling_12m"
    made.indicator("x", period_types=periods, **changes)
    made.indicator("suicide_rate", period_types=periods)
    rows = [(m, LSOA_Q1, 40, 100) for m in months("2016-04", 60)]
    made.counts(rows, "x").counts(rows, "suicide_rate").delivered(*months("2016-04", 60))
    return made.build(ROLL_UP)


def suspended(made: SmallWarehouse, indicator: str = "x") -> set[str]:
    return {
        row[0]
        for row in made.all(f"SELECT period_id FROM rst_suspended_verdict WHERE indicator_id = '{indicator}'")
    }


def test_no_verdict_in_a_period_that_the_pandemic_touches():
    made = warehouse()
    found = suspended(made)
    assert {"2020-03", "FY2019-20-Q4", "FY2019-20", "R12-2020-03", "2021-03", "R12-2021-03"} <= found
    assert not {"2020-02", "FY2019-20-Q3", "R12-2020-02", "FY2018-19"} & found
    assert suspended(made, "suicide_rate") == set()
    (words,) = made.one("SELECT words FROM rst_suspended_verdict WHERE period_id = '2020-03'")
    assert "pandemic" in words


def test_growth_is_touched_by_the_year_it_is_compared_with():
    made = warehouse(method="growth")
    made.con.execute("UPDATE annotation SET starts_on = '2018-02-01', ends_on = '2018-02-28'")
    made.build(
        ("int_annotation", "int_annotation_indicator", "int_annotation_period", "rst_suspended_verdict")
    )
    assert {"2018-02", "2019-02"} <= suspended(made)
    assert not {"2018-03", "2019-01", "2019-03", "2020-02"} & suspended(made)


@pytest.mark.parametrize(("areas", "periods"), [(DISTRICT, 1), ("U05001", 0), ("E05006377|E07000171", 1)])
def test_an_annotation_of_a_place_says_nothing_of_others(areas, periods):
    made = warehouse()
    made.con.execute(f"UPDATE annotation SET areas = '{areas}' WHERE annotation_id = 'covid_19'")
    made.build(
        ("int_annotation", "int_annotation_indicator", "int_annotation_period", "rst_suspended_verdict")
    )
    assert len(suspended(made) & {"2020-03"}) == periods


def test_what_befell_a_place_is_an_annotation_of_that_place():
    made = warehouse(area_types="district|pcn|practice")
    places = made.all(
        "SELECT DISTINCT area_code, rebase FROM int_annotation_indicator WHERE area_code IS NOT NULL"
        " AND indicator_id = 'x' ORDER BY 1"
    )
    assert ("C84013", True) in places and ("U05001", False) in places
    assert "E05006379" not in {area for area, _ in places}  # a ward, of which the indicator has no figure
