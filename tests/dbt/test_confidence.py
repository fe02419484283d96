"""The confidence grade: what lowers it, by how much, and that it is read from published figures only."""

from __future__ import annotations

import duckdb
import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, SmallWarehouse, months
from sql_models import model_sql, render

GRADE = "SELECT confidence_grade, confidence_reasons FROM fct_indicator_value"


def graded(counts: list, quarantined: int = 0, **indicator) -> tuple:
    """Grade and reasons of the first month of the district."""
    warehouse = SmallWarehouse().indicator(**indicator)
    warehouse.counts(counts).delivered(*[month for month, *_ in counts], received="2019-02-20")
    warehouse.con.execute("UPDATE pipeline_ledger SET rows_in = 100, quarantined = ?", [quarantined])
    warehouse.build(ROLL_UP, DISCLOSURE)
    return warehouse.one(f"{GRADE} WHERE area_code = '{DISTRICT}' AND period_id = '{counts[0][0]}'")


EXACT = {"disclosure_gate": "open"}  # a percentage of few people is given where its counts are not rounded


def reasons(text: str | None) -> set[str]:
    return {reason.split(":")[0] for reason in (text or "").split("; ")} - {""}


def test_a_large_settled_share_is_grade_a_without_reservation():
    assert graded([("2019-01", LSOA_Q1, 500, 1000)]) == ("A", None)


@pytest.mark.parametrize(
    ("counts", "indicator", "grade", "why"),
    [
        ((20, 40), EXACT, "C", {"a percentage of about 50 people or fewer"}),
        ((40, 1000), {}, "B", {"the interval is wide"}),
        ((10, 1000), {}, "C", {"the interval is very wide"}),
        ((0, 1000), {}, "C", {"the interval is very wide"}),
        ((500, 1000), {"provisional_months": 1}, "B", {"early figures, late rows may still change it"}),
        ((20, 40), {**EXACT, "provisional_months": 1}, "D", {"the interval is wide"}),
    ],
)  # fmt: skip
def test_what_lowers_the_grade(counts, indicator, grade, why):
    found = graded([("2019-01", LSOA_Q1, *counts)], **indicator)
    assert found[0] == grade and why <= reasons(found[1])


def test_faulty_rows_set_aside_lower_the_grade_above_five_per_cent():
    counts = [("2019-01", LSOA_Q1, 500, 1000)]
    assert graded(counts, quarantined=5)[0] == "A"
    grade, why = graded(counts, quarantined=6)
    assert grade == "B" and "set aside as faulty" in why


@pytest.mark.parametrize(
    ("month", "grade"), [("2017-01", "A"), ("2018-01", "B"), ("2016-01", "C"), ("2022-01", "C")]
)
def test_a_population_between_or_outside_the_estimates_lowers_the_grade(month, grade):
    """The seed has estimates for mid-2017, mid-2019 and mid-2020."""
    counts = [(month, LSOA_Q1, 5000)]
    found = graded(counts, method="crude_rate", multiplier=1000, population_basis="person_years")
    assert found[0] == grade and (grade == "A") == (found[1] is None)


def test_a_population_carried_too_far_gives_no_figure():
    warehouse = SmallWarehouse().indicator(
        method="crude_rate",
        multiplier=1000,
        population_basis="person_years",
        period_types="month|rolling_12m",
    )
    warehouse.counts((month, LSOA_Q1, 5000) for month in months("2022-01", 24)).build()
    found = dict(warehouse.all("SELECT period_id, value_status FROM fct_indicator_value"))
    assert found["2022-12"] == found["R12-2022-12"] == "shown"
    assert found["2023-01"] == found["R12-2023-01"] == "not_supplied"  # eleven months are not twelve
    counts = "SELECT count(numerator) FROM fct_indicator_value WHERE value_status = 'not_supplied'"
    assert warehouse.one(counts) == (0,)
    last = (
        "SELECT max(population_year) FROM int_population WHERE list = 'resident' AND population IS NOT NULL"
    )
    assert warehouse.one(last) == (2022,)


def test_reservations_add_up_and_the_gravest_comes_first():
    grade, why = graded([("2019-01", LSOA_Q1, 10, 40)], quarantined=6, provisional_months=1, **EXACT)
    assert grade == "D" and why.startswith("a percentage of about 50 people or fewer; ")


def test_hidden_figures_have_no_grade():
    warehouse = SmallWarehouse().indicator().counts((m, LSOA_Q1, 3, 100) for m in months("2019-01", 2))
    assert set(warehouse.build().all(GRADE)) == {(None, None)}


def test_no_exact_count_is_read():
    """A grade from exact counts would tell 18 and 20, both shown as 20, apart."""
    assert "fct_indicator_value_all" not in model_sql("rst_confidence")
    assert graded([("2019-01", LSOA_Q1, 18, 1000)]) == graded([("2019-01", LSOA_Q1, 22, 1000)])


@pytest.mark.parametrize(
    ("method", "value", "lower", "upper", "width"),
    [
        ("proportion", 40, 30, 50, 0.25),
        ("growth", 1, -9, 11, 10 / 101),
        ("growth", -20, -30, -10, 10 / 80),
        ("count", 0, 0, 3.7, 1),
    ],
)
def test_the_width_beside_the_value(method, value, lower, upper, width):
    sql = render(f"SELECT {{{{ relative_width(\"'{method}'\", '({value})', '({lower})', '({upper})') }}}}")
    assert duckdb.connect().execute(sql).fetchone() == (pytest.approx(width),)
