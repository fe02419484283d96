"""Events of the same person: how much their counts scatter, and intervals that know it."""

from __future__ import annotations

import duckdb
import pytest
from small_warehouse import DISTRICT, LSOA_Q1, SmallWarehouse, months
from sql_models import build, render

LIMITS = "value, ci95_lower, ci95_upper, ci998_lower, ci998_upper"
MEASURES = {
    "dsr": {"method": "dsr", "multiplier": 100000, "population_basis": "person_years"},
    "crude_rate": {"method": "crude_rate", "multiplier": 100000, "population_basis": "person_years"},
    "count": {"method": "count"},
    "growth": {"method": "growth"},
}


def figure(dispersion: float | None, table: str = "fct_indicator_value_all", **measure) -> tuple[float, ...]:
    """Value and limits of a year with 40 events a month, exact unless a published table is named."""
    warehouse = SmallWarehouse().indicator(period_types="financial_year", **measure)
    if dispersion:
        warehouse.con.execute(
            "INSERT INTO int_event_dispersion VALUES ('x', 12, ?), ('x', 1, 9)", [dispersion]
        )
    warehouse.counts((m, LSOA_Q1, 40, None, None, "70-74") for m in months("2018-04", 24)).build()
    return warehouse.one(
        f"SELECT {LIMITS} FROM {table} WHERE area_code = '{DISTRICT}' AND period_id = 'FY2019-20'"
    )


@pytest.mark.parametrize("name", MEASURES)
def test_limits_of_repeated_events_are_further_from_the_value_by_the_root_of_the_dispersion(name):
    value, *independent = figure(None, **MEASURES[name])
    same, *repeated = figure(1.44, **MEASURES[name])
    assert same == value
    assert repeated == pytest.approx([value + 1.2 * (limit - value) for limit in independent], rel=1e-6)


@pytest.mark.parametrize("name", MEASURES)
def test_published_limits_know_it_too(name):
    value, lower, upper, *_ = figure(None, "fct_indicator_value", **MEASURES[name])
    same, wider_lower, wider_upper, *_ = figure(1.44, "fct_indicator_value", **MEASURES[name])
    assert same == value and wider_lower < lower and wider_upper > upper


def test_one_factor_gives_the_limits_that_people_by_number_of_events_give():
    """The same mix of people with one and with two events at each age: both ways are one."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE t AS SELECT * FROM (VALUES (1, 1, 60, 900, 2000), (1, 2, 20, 900, 2000),"
        " (2, 1, 30, 500, 1000), (2, 2, 10, 500, 1000)) AS t (age, f, people, population, weight)"
    )
    by_people = render("{{ dsr_upper('people', 'population', 'weight', frequency='f') }}")
    factor = (60 + 4 * 20) / (60 + 2 * 20)
    by_factor = render(f"{{{{ dsr_upper('events', 'population', 'weight', dispersion='{factor}') }}}}")
    (wanted,) = con.execute(f"SELECT {by_people} FROM t").fetchone()
    events = "SELECT sum(f * people) AS events, population, weight"
    (found,) = con.execute(
        f"SELECT {by_factor} FROM ({events} FROM t GROUP BY age, population, weight)"
    ).fetchone()
    assert found == pytest.approx(wanted)


def test_the_dispersion_is_that_of_people_by_number_of_events():
    """Two people, with one and with three admissions in a year; somebody unknown counts by each event."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE int_value_spine AS "
        "SELECT 'emergency_admissions_rate' AS indicator_id, unnest([1, 12]) AS months"
    )
    con.execute("""
        CREATE TABLE int_admission_spell AS
        SELECT
            person_key, make_date(2019, month, 1) AS month_start, 'E01028001' AS lsoa11,
            NULL::VARCHAR AS pcn_code,
            TRUE AS is_emergency, FALSE AS is_low_grade, FALSE AS is_regular_attender, FALSE AS is_injury,
            FALSE AS is_fall, 70 AS age
        FROM (VALUES ('a', 1), ('b', 1), ('b', 6), ('b', 6), (NULL, 12), (NULL, 12)) AS t (person_key, month)
    """)
    con.execute("""
        CREATE TABLE int_ed_attendance AS
        SELECT NULL::VARCHAR AS person_key, NULL::DATE AS month_start, NULL::VARCHAR AS lsoa11,
            NULL::VARCHAR AS pcn_code, TRUE AS is_emergency_department, TRUE AS is_unplanned_first
    """)
    build(con, "int_event_dispersion")
    found = dict(con.execute(
        "SELECT months, dispersion FROM int_event_dispersion WHERE indicator_id = 'emergency_admissions_rate'"
    ).fetchall())  # fmt: skip
    assert found == {12: pytest.approx((1 + 9 + 1 + 1) / 6), 1: pytest.approx((1 + 1 + 4 + 1 + 1) / 6)}


def test_a_limit_of_a_count_is_never_below_nothing():
    sql = render("""SELECT {{ widened("'count'", 2, 0.2, 9) }}""")
    assert duckdb.connect().execute(sql).fetchone() == (0,)
