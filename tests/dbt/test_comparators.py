"""Several comparators: every figure beside those of the places it belongs to, at two levels of certainty."""

from __future__ import annotations

import pytest
from small_warehouse import COUNTY, DISTRICT, LSOA_Q1, RP5, SmallWarehouse, months
from sql_models import model_sql

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


SMR = {
    "method": "smr", "standard": "circulatory", "population_basis": "person_years", "population_max_age": 74
}  # fmt: skip
ENGLISH_DEATHS = """
    INSERT INTO stg_public__ons_deaths_england
    SELECT {year}, cause_group, sex, age_band, round(times * rate_per_100000 * 100), 10000000
    FROM mortality_rate_u75_synthetic, (VALUES ('female', {female}), ('male', {male})) AS sexes (sex, times)
"""


def with_english_deaths(warehouse: SmallWarehouse, year: int = 2017, **times: float) -> SmallWarehouse:
    warehouse.con.execute(ENGLISH_DEATHS.format(year=year, **{"female": 1, "male": 1} | times))
    return warehouse


def test_a_standardised_ratio_is_compared_with_100_where_its_reference_is_england():
    found = compared(
        with_english_deaths(yearly(5, **SMR)).build(), DISTRICT, "comparator_period, comparator_value"
    )
    assert found == {ENGLAND: ("CY2017", 100.0)}


def test_invented_reference_rates_are_never_called_england():
    assert compared(yearly(5, **SMR).build(), DISTRICT, "comparator_value") == {}


def expected(warehouse: SmallWarehouse) -> float:
    return warehouse.one(f"SELECT denominator FROM fct_indicator_value_all WHERE area_code = '{DISTRICT}'")[0]


def test_expected_deaths_go_by_the_sex_and_the_year_of_the_reference():
    """Half are women where nobody is on a list; of two years the nearest counts, and none that is too far."""
    alike = expected(with_english_deaths(yearly(5, **SMR)).build())
    assert expected(yearly(5, **SMR).build()) == pytest.approx(
        alike, rel=1e-4
    )  # the same rates, from the seed
    men = expected(with_english_deaths(yearly(5, **SMR), male=3).build())
    assert men == pytest.approx(2 * alike, rel=1e-4)
    listed = with_english_deaths(yearly(5, **SMR), male=3)
    for age in range(75):
        listed.listed("E01027999", "female", [age])
    assert expected(listed.build()) == pytest.approx(alike, rel=1e-4)
    later = with_english_deaths(with_english_deaths(yearly(5, **SMR)), year=2018, female=9, male=9)
    assert expected(later.build()) == pytest.approx(alike, rel=1e-4)
    assert expected(with_english_deaths(yearly(5, **SMR), year=2020).build()) is None


def test_real_data_are_not_compared_with_invented_rates(monkeypatch):
    monkeypatch.setenv("BASSETLAW_ENVIRONMENT", "real")
    model_sql.cache_clear()
    try:
        place = yearly(5, **SMR).build()
    finally:
        model_sql.cache_clear()
    status, reason = place.one(
        f"SELECT value_status, status_reason FROM fct_indicator_value WHERE area_code = '{DISTRICT}'"
    )
    assert status == "not_supplied" and "no reference death rates of England" in reason
