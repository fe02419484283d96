"""Tested answers about wards: do they differ, is the gap along deprivation closing, for how many people."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, ROLL_UP, VERDICTS, SmallWarehouse

COUNTS = """
    INSERT INTO int_indicator_counts
        (indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator)
    SELECT 'x', (DATE '2017-04-01' + i * INTERVAL 1 MONTH)::DATE, lsoa11_code, NULL, NULL, NULL,
        {events}, 1000
    FROM lsoa11, range({months}) AS t (i)
"""
ALIKE = "100"
STEEP_THEN_FLAT = "CASE WHEN i < 12 THEN 60 + (6 - imd19_quintile) * 20 ELSE 120 END"
FLAT_THEN_STEEP = "CASE WHEN i >= 12 THEN 60 + (6 - imd19_quintile) * 20 ELSE 120 END"


def two_years(events: str, months: int = 24, **changes) -> SmallWarehouse:
    """Two financial years of a share in every ward, that of the second year compared with the first."""
    warehouse = SmallWarehouse().indicator(
        area_types="district|ward",
        **{"headline": "ward_gap", "multiplier": 1000.0, "period_types": "financial_year",
            "headline_period": "financial_year", **changes},
    )  # fmt: skip
    warehouse.con.execute(COUNTS.format(events=events, months=months))
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


def verdict(warehouse: SmallWarehouse, columns: str) -> tuple:
    return warehouse.one(f"SELECT {columns} FROM fct_inequality WHERE period_id = 'FY2018-19'")


def test_a_gap_that_vanished_is_closing_and_the_sentence_says_for_how_many():
    place = two_years(STEEP_THEN_FLAT)
    trend, earlier, change, upper, events = verdict(
        place, "gap_trend, earlier_period_id, gap_change, gap_change_ci95_upper, gap_change_events"
    )
    assert (trend, earlier) == ("closing", "FY2017-18") and change < upper < 0
    assert events < 0
    said = place.one("SELECT narrative, gap_trend, gap_change_events FROM scorecard")
    assert said[1:] == ("closing", events)
    assert f"is closing: about {-events:,.0f} fewer than if it had stayed" in said[0]


def test_a_gap_that_opened_is_widening():
    trend, change, events = verdict(two_years(FLAT_THEN_STEEP), "gap_trend, gap_change, gap_change_events")
    assert trend == "widening" and change > 0 and events > 0


def test_no_difference_is_neither_a_gap_nor_a_trend():
    place = two_years(ALIKE)
    columns = "gap_trend, deprivation_gap, heterogeneity_df, heterogeneity_p_value, gap_change_events"
    assert verdict(place, columns) == ("no_clear_change", pytest.approx(0), 24, 1, pytest.approx(0))
    assert "It is not clear if the gap is closing." in place.one("SELECT narrative FROM scorecard")[0]


def test_wards_that_differ_are_found_to_differ():
    p_value, gap, lower = verdict(
        two_years(FLAT_THEN_STEEP), "heterogeneity_p_value, deprivation_gap, deprivation_gap_ci95_lower"
    )
    assert p_value < 0.001 and gap > lower > 0


def test_the_first_year_has_nothing_to_compare_with():
    place = two_years(STEEP_THEN_FLAT)
    columns = "gap_trend, gap_change, earlier_period_id"
    first = place.one(f"SELECT {columns} FROM fct_inequality WHERE period_id = 'FY2017-18'")
    assert first == ("no_earlier_period", None, None)


def test_both_years_of_a_comparison_order_the_wards_by_the_index_of_the_later_one():
    """Events that follow the ranks of 2019 and stay: only a change of the index would look like a change."""
    place = two_years("round((33000 - imd19_rank) / 50.0)")
    assert verdict(place, "imd_vintage, round(gap_change)") == (2015, 0)
    place = SmallWarehouse().indicator(
        area_types="district|ward", period_types="financial_year", multiplier=1000.0,
        headline_period="financial_year", headline="ward_gap",
    )  # fmt: skip
    later = COUNTS.replace("2017-04-01", "2018-04-01")
    place.con.execute(later.format(events="round((33000 - imd19_rank) / 50.0)", months=24))
    place.build(ROLL_UP, DISCLOSURE, VERDICTS)
    columns = "imd_vintage, gap_trend, round(gap_change)"
    assert place.one(f"SELECT {columns} FROM fct_inequality WHERE period_id = 'FY2019-20'") == (
        2019, "no_clear_change", 0
    )  # fmt: skip


def test_without_events_there_is_no_test_and_the_reason_is_said():
    place = two_years("0")
    found = verdict(place, "gap_trend, heterogeneity_p_value, heterogeneity_reason, deprivation_gap")
    assert found == ("no_earlier_period", None, "there are no events", None)


DEATHS = """
    INSERT INTO int_indicator_counts
        (indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator)
    SELECT 'x', (DATE '2016-04-01' + i * INTERVAL 1 MONTH)::DATE, lsoa11_code, NULL, NULL, '60-64',
        {events}, NULL
    FROM lsoa11, range({months}) AS t (i)
"""


def years_of_deaths(events: str, months: int = 60) -> SmallWarehouse:
    """A standardised ratio in every ward over five years; the wards themselves are not published."""
    warehouse = SmallWarehouse().indicator(
        area_types="district|ward", period_types="pooled_5y", headline_period="pooled_5y",
        headline="ward_gap", method="smr", standard="circulatory", population_basis="person_years",
        population_max_age=74, restricted_area_types="ward",
    )  # fmt: skip
    warehouse.con.execute(DEATHS.format(events=events, months=months))
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


def test_five_years_of_deaths_answer_whether_the_gap_is_closing():
    """The most deprived fifth has many more at first, and as many in the end; no five years lie before."""
    place = years_of_deaths("2 + (imd15_quintile = 1)::INTEGER * 2 * (4 - i // 12)")
    trend, closing, years, change, lower, upper, p = place.one(
        "SELECT gap_trend, gap_closing, gap_closing_years, gap_change_per_year,"
        " gap_change_per_year_ci95_lower, gap_change_per_year_ci95_upper, gap_change_per_year_p_value"
        " FROM fct_inequality"
    )
    assert (trend, closing, years) == ("no_earlier_period", "closing", 5)
    assert lower < change < upper < 0 and p < 0.05
    (pools,) = place.one("SELECT gap_by_three_years FROM fct_inequality")
    gaps = [int(pool.split(": ")[1]) for pool in pools.split("; ")]
    assert pools.startswith("2016/17 to 2018/19: ") and "2018/19 to 2020/21: " in pools
    assert gaps == sorted(gaps, reverse=True) and all(gap % 5 == 0 for gap in gaps)


def test_a_gap_that_stays_has_no_clear_change():
    place = years_of_deaths("2 + (imd15_quintile = 1)::INTEGER * 4")
    closing, lower, upper = place.one(
        "SELECT gap_closing, gap_change_per_year_ci95_lower, gap_change_per_year_ci95_upper"
        " FROM fct_inequality"
    )
    assert closing == "no_clear_change" and lower < 0 < upper


def test_a_figure_without_counts_by_ward_and_year_cannot_tell():
    place = two_years(STEEP_THEN_FLAT)  # a share: no Poisson counts
    assert verdict(place, "gap_closing, gap_closing_reason, gap_change_per_year") == (
        "cannot_be_told", "no counts by ward and year", None
    )  # fmt: skip


STANDARDISED = {
    "restricted_area_types": "ward", "method": "smr", "standard": "circulatory",
    "population_basis": "person_years", "population_max_age": 74,
    "multiplier": 100.0, "period_types": "financial_year|pooled_3y",
    "headline_period": "pooled_3y",
}  # fmt: skip


def test_unpublished_wards_have_a_gap_of_pooled_years_in_steps_that_name_no_ward():
    """In a single year gap, limits and population name the ward and its deaths: 12 of 15 times they did."""
    place = two_years("(i + imd19_quintile) % 9 // 8", months=36, **STANDARDISED)
    columns = "gap, gap_ci95_lower, gap_ci95_upper, gap_by_chance, deprivation_gap, deprivation_gap_events"
    gaps = place.all(f"SELECT period_id, value_status, {columns} FROM fct_inequality WHERE wards IS NOT NULL")
    single = [row for row in gaps if row[0].startswith("FY")]
    assert single and all(row[1] == "suppressed_primary" and set(row[2:]) == {None} for row in single)
    (pooled,) = [row for row in gaps if not row[0].startswith("FY")]
    assert pooled[1] == "shown"
    assert all(value % 25 == 0 for value in pooled[2:6]) and all(value % 5 == 0 for value in pooled[6:])
