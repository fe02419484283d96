"""A total of money at unit prices says no more than the figures that it is made of."""

from __future__ import annotations

import duckdb
import pytest
from sql_models import build

from bassetlaw_pipeline.disclosure.attacks.outsider import PRICED
from bassetlaw_pipeline.indicators.registry import load_registry

TOTAL = "value_for_money"
ADMISSIONS, FIRSTS, COST = (
    "emergency_admissions_low_grade",
    "first_outpatients_total",
    "prescribing_cost_total",
)
THEN, NOW = "FY2016-17-Q3", "FY2017-18-Q3"


@pytest.fixture
def con():
    with duckdb.connect() as con:
        con.execute("create table unit_price (item varchar, unit_price_gbp decimal(10, 2))")
        con.execute(
            "insert into unit_price values "
            "('low_grade_emergency_admission', 2232), ('first_outpatient_attendance', 151)"
        )
        con.execute(
            "create table rst_released (indicator_id varchar, area_code varchar, period_id varchar, "
            "sex varchar, age_band varchar, numerator double, has_value boolean)"
        )
        yield con


def put(con, indicator: str, period: str, shown: float | None) -> None:
    row = [indicator, "U05001", period, shown, shown is not None]
    con.execute("insert into rst_released values (?, ?, ?, 'persons', 'all', ?, ?)", row)


def amounts(con) -> list[tuple]:
    build(con, "rst_priced_total")
    return con.execute("select indicator_id, area_code, period_id, amount from rst_priced_total").fetchall()


def test_it_is_made_of_what_is_shown(con):
    for indicator, then, now in ((ADMISSIONS, 10, 15), (FIRSTS, 130, 125), (COST, 65_468, 62_181)):
        put(con, indicator, THEN, then)
        put(con, indicator, NOW, now)
    assert sorted(amounts(con)) == [
        (TOTAL, "U05001", THEN, 0),
        (TOTAL, "U05001", NOW, -5 * 2232 + 5 * 151 + 3287),
    ]


@pytest.mark.parametrize("hidden", [THEN, NOW])
def test_it_is_not_told_where_one_of_its_figures_is_hidden(con, hidden):
    for indicator in (ADMISSIONS, FIRSTS, COST):
        for period in (THEN, NOW):
            put(con, indicator, period, None if (indicator, period) == (ADMISSIONS, hidden) else 10)
    assert [a for a in amounts(con) if a[2] == NOW] == []


def test_the_outsider_knows_the_formulas_of_the_registry():
    declared = {i.id: i.priced for i in load_registry().values() if i.priced}
    assert {p.total: (p.base, p.counts, p.sums) for p in PRICED} == {
        name: (p.base, p.counts, p.sums) for name, p in declared.items()
    }
