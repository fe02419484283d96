"""Age groups: counts and populations of an age, beside those of everybody."""

from __future__ import annotations

import pytest
from small_warehouse import COUNTY, DISCLOSURE, DISTRICT, LSOA_Q1, LSOA_Q5, ROLL_UP, SmallWarehouse

pytestmark = pytest.mark.slow
ADULTS = "18-39|40-64|65+"


def by_age(warehouse: SmallWarehouse, columns: str, model: str = "fct_indicator_value_all") -> dict:
    """Figures of the district by sex and age."""
    rows = warehouse.all(f"SELECT sex, age_band, {columns} FROM {model} WHERE area_code = '{DISTRICT}'")
    assert len({(sex, age) for sex, age, *_ in rows}) == len(rows)
    return {(sex, age): tuple(rest) for sex, age, *rest in rows}


def counted(rows: list[tuple], **indicator) -> SmallWarehouse:
    """rows: (age band, sex, numerator, denominator) of one LSOA and month."""
    warehouse = SmallWarehouse().indicator(**indicator)
    return warehouse.counts(("2018-05", LSOA_Q1, n, d, None, band, sex) for band, sex, n, d in rows)


def test_bands_go_to_their_group_and_everybody_has_them_all():
    """15-19 holds the youngest counted, 90+ belongs to the open group, an unknown age to none."""
    rows = [
        ("15-19", "male", 1, 10),
        ("35-39", "male", 2, 20),
        ("40-44", "female", 4, 30),
        ("60-64", "female", 8, 40),
        ("65-69", "male", 16, 50),
        ("90+", "female", 32, 60),
        (None, None, 64, 70),
    ]
    warehouse = counted(rows, age_groups=ADULTS, sexes="persons|female").build(ROLL_UP)
    assert by_age(warehouse, "numerator, denominator") == {
        ("persons", "all"): (127, 280),
        ("female", "all"): (44, 130),
        ("persons", "18-39"): (3, 30),
        ("persons", "40-64"): (12, 70),
        ("persons", "65+"): (48, 110),
    }


def test_an_age_without_events_is_zero_and_the_population_is_its_own():
    made = {"method": "crude_rate", "population_basis": "persons", "population_min_age": 16}
    warehouse = counted([("20-24", "male", 9, None)], age_groups="16-39|40-64|65+", **made).build(ROLL_UP)
    found = by_age(warehouse, "numerator, denominator, value_status")
    assert found["persons", "40-64"][::2] == (0, "shown")
    parts = [people for (_, age), (_, people, _) in found.items() if age != "all"]
    assert len(parts) == 3 and min(parts) > 0
    assert sum(parts) == pytest.approx(found["persons", "all"][1], abs=0.01)


def test_a_rate_by_age_leaves_a_standardised_one_as_it_was():
    """Strata of a standardised rate are no figures of their own."""
    made = {"method": "dsr", "population_basis": "person_years", "multiplier": 100000}
    rows = [(f"{age}-{age + 4}", None, 3, None) for age in range(0, 90, 5)]
    found = by_age(counted(rows, **made).build(ROLL_UP), "numerator")
    assert found == {("persons", "all"): (54,)}


def test_a_hidden_age_hides_another():
    """27 people, 2 of them of 65 and over, nothing rounded: 25 others would give the 2 away."""
    rows = [("70-74", None, 2, None), ("30-34", None, 25, None)]
    warehouse = counted(rows, age_groups="0-64|65+", method="count", disclosure_gate="deaths")
    warehouse.build(ROLL_UP, DISCLOSURE)
    assert by_age(warehouse, "value_status", "fct_indicator_value") == {
        ("persons", "all"): ("shown",),
        ("persons", "0-64"): ("suppressed_secondary",),
        ("persons", "65+"): ("suppressed_primary",),
    }


def test_a_part_of_the_place_adds_up_within_its_age_only():
    """Sum groups of quintiles keep to one age: each total has as many parts as there are quintiles."""
    warehouse = counted([("70-74", None, 40, 100)], age_groups="0-64|65+", area_types="district|imd_quintile")
    warehouse.counts([("2018-05", LSOA_Q5, 30, 100, None, "30-34")]).build(ROLL_UP, DISCLOSURE)
    sums = "FROM rst_sum_group WHERE sum_key LIKE 'imd_quintile %' AND sign = 1 GROUP BY sum_key"
    assert set(warehouse.all(f"SELECT count(*) {sums}")) <= {(5,)}


def test_official_counts_have_no_ages():
    warehouse = counted(
        [("70-74", None, 40, 100)],
        age_groups="65+",
        area_types="district|county",
        official_area_types="county",
    )
    warehouse.counts([("2018-05", COUNTY, 400, 1000)]).build(ROLL_UP)
    ages = "SELECT age_band FROM fct_indicator_value_all WHERE area_code = "
    assert warehouse.all(f"{ages}'{COUNTY}'") == [("all",)]
