"""Several comparators: every figure beside those of the places it belongs to, at two levels of certainty."""

from __future__ import annotations

import pytest
from small_warehouse import COUNTY, DISTRICT, LSOA_Q1, RP5, SmallWarehouse, months

pytestmark = pytest.mark.slow
ENGLAND, REGION = "E92000001", "E12000004"
YEARLY = {"period_types": "calendar_year", "area_types": "district|ward", "comparator_area": ENGLAND}


def compared(warehouse: SmallWarehouse, area: str, columns: str) -> dict:
    """comparator area -> the columns."""
    rows = warehouse.all(f"SELECT comparator_area, {columns} FROM fct_comparison WHERE area_code = '{area}'")
    return {comparator: tuple(rest) for comparator, *rest in rows}


def ward_of(warehouse: SmallWarehouse, lsoa: str) -> str:
    return warehouse.one(f"SELECT ward17_code FROM lsoa11 WHERE lsoa11_code = '{lsoa}'")[0]


def yearly(numerator: int = 100, **changes) -> SmallWarehouse:
    """One LSOA with `numerator` of 200 people a month in 2017."""
    warehouse = SmallWarehouse().indicator(**(YEARLY | changes))
    warehouse.counts((m, LSOA_Q1, numerator, 200) for m in months("2017-01", 12))
    return warehouse


def test_a_district_has_the_county_the_region_and_england_a_ward_its_district_too():
    warehouse = yearly().published([(2017, ENGLAND, 40), (2017, REGION, 60), (2017, COUNTY, 50)]).build()
    above = {
        ENGLAND: ("CY2017", 10.0, "worse", "worse"),
        REGION: ("CY2017", -10.0, "better", "better"),
        COUNTY: ("CY2017", 0.0, "similar", "similar"),
    }
    columns = "comparator_period, difference, compared_95, compared_998"
    assert compared(warehouse, DISTRICT, columns) == above
    found = compared(warehouse, ward_of(warehouse, LSOA_Q1), columns)
    assert found == above | {DISTRICT: ("CY2017", 0.0, "similar", "similar")}
    assert set(compared(warehouse, COUNTY, "difference")) == {ENGLAND, REGION}


def test_an_earlier_year_is_no_comparison_however_near():
    """A series that has ended says nothing of the years after."""
    warehouse = yearly().published([(2016, ENGLAND, 40), (2015, REGION, 60)]).build()
    assert compared(warehouse, DISTRICT, "comparator_period") == {}


def test_a_narrow_difference_is_certain_at_95_percent_only_and_higher_may_be_better():
    warehouse = yearly(direction="up").published([(2017, ENGLAND, 47.5)]).build()
    assert compared(warehouse, DISTRICT, "compared_95, compared_998") == {ENGLAND: ("better", "similar")}


def test_a_figure_without_an_interval_is_not_compared():
    warehouse = yearly(method="ratio").published([(2017, ENGLAND, 40)]).build()
    assert compared(warehouse, DISTRICT, "difference, compared_95") == {ENGLAND: (10.0, "not_compared")}


def test_a_hidden_figure_is_not_compared_at_all():
    warehouse = (
        SmallWarehouse().indicator(**YEARLY).counts([(m, LSOA_Q1, 0, 30) for m in months("2017-01", 11)])
    )
    warehouse.counts([("2017-12", LSOA_Q1, 3, 30)]).published([(2017, ENGLAND, 40)]).build()
    assert compared(warehouse, DISTRICT, "difference") == {}


def test_what_measures_something_else_than_the_publication_is_not_set_against_it():
    """A register is compared within the district, the survey of the same subject with England."""
    warehouse = yearly(comparator_area=DISTRICT)
    warehouse.published([(2016, ENGLAND, 40), (2016, DISTRICT, 45)]).build()
    assert compared(warehouse, ward_of(warehouse, LSOA_Q1), "comparator_period") == {DISTRICT: ("CY2017",)}
    assert compared(warehouse, DISTRICT, "comparator_period") == {ENGLAND: ("CY2016",)}  # the survey's year


def test_a_trust_is_compared_with_england_only():
    warehouse = SmallWarehouse().indicator(
        area_types="provider|country|county", official_area_types="country|county", comparator_area=ENGLAND
    )
    warehouse.counts([("2019-01", area, 100, 200) for area in (RP5, ENGLAND, COUNTY)]).build()
    assert set(compared(warehouse, RP5, "difference")) == {ENGLAND}


def test_a_standardised_ratio_is_compared_with_100():
    warehouse = yearly(
        5,
        method="smr",
        standard="circulatory",
        population_basis="person_years",
        population_max_age=74,
    )
    warehouse.build()
    found = compared(warehouse, DISTRICT, "comparator_period, comparator_value")
    assert found == {ENGLAND: ("CY2017", 100.0)}
