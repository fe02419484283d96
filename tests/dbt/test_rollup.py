"""From counts to figures: areas, periods, what counts as supplied, denominators, methods, verdicts."""

from __future__ import annotations

from itertools import product

import duckdb
import pytest
from small_warehouse import (
    COUNTY,
    DISCLOSURE,
    DISTRICT,
    LSOA_Q1,
    LSOA_Q5,
    ROLL_UP,
    RP5,
    VERDICTS,
    SmallWarehouse,
    months,
)
from sql_models import render

WARD_Q1, WARD_Q5 = "E05006379", "E05006382"
MOVED = "E01028036"  # in another fifth in the index of 2019 than in that of 2015
YEAR = months("2018-04", 12)


def figures(warehouse: SmallWarehouse, columns: str = "numerator", where: str = "true") -> dict:
    """(area, period) -> the columns, from the exact figures."""
    rows = warehouse.all(f"SELECT area_code, period_id, {columns} FROM fct_indicator_value_all WHERE {where}")
    return {(area, period): values if len(values) > 1 else values[0] for area, period, *values in rows}


def test_lsoas_add_up_to_wards_quintiles_and_the_district_and_practices_to_pcns():
    warehouse = SmallWarehouse().indicator(area_types="district|ward|imd_quintile|pcn")
    warehouse.counts([
        ("2019-01", LSOA_Q1, 10, 20, "U05001"),
        ("2019-01", LSOA_Q5, 30, 40, "U10748"),
        ("2019-01", None, 5, 5, "U10748"),  # lives elsewhere, registered here
    ]).build(ROLL_UP)  # fmt: skip
    found = {area: n for (area, _), n in figures(warehouse).items() if n}
    assert found == {
        DISTRICT: 40, WARD_Q1: 10, WARD_Q5: 30, "IMD19_Q1": 10, "IMD19_Q5": 30, "U05001": 10, "U10748": 35
    }  # fmt: skip


def test_the_quintiles_of_a_period_are_those_of_the_index_that_holds_for_it():
    """Sutton's LSOA is in the third fifth of 2015 and the second of 2019: the middle of a period decides."""
    warehouse = SmallWarehouse().indicator(area_types="imd_quintile", period_types="month|financial_year")
    warehouse.counts((month, MOVED, 1, 2) for month in months("2018-04", 24)).build(ROLL_UP)
    found = figures(warehouse, where="numerator > 0")
    assert {period: area for area, period in found if period.startswith("FY")} == {
        "FY2018-19": "IMD15_Q3", "FY2019-20": "IMD19_Q2"
    }  # fmt: skip
    assert found["IMD15_Q3", "2018-12"] == found["IMD19_Q2", "2019-01"] == 1
    assert len({period for _, period in found}) == len(found)  # one index for a period


def test_a_slope_is_weighted_by_the_denominator_of_the_indicator():
    """Of a rate from 65 on, by the people from 65 on: not by everybody who lives in the quintile."""
    warehouse = SmallWarehouse().indicator(
        area_types="district|imd_quintile", period_types="financial_year", method="dsr", multiplier=100000,
        population_basis="person_years", population_min_age=65,
    )  # fmt: skip
    lsoas = [(lsoa, 2 * q) for lsoa, q in warehouse.all("SELECT lsoa11_code, 6 - imd19_quintile FROM lsoa11")]
    for month in months("2019-04", 12):
        warehouse.counts((month, lsoa, n, None, None, "70-74") for lsoa, n in lsoas)
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    weights = warehouse.all("SELECT quintile, population FROM rst_quintile_value ORDER BY 1")
    aged = warehouse.all("""
        SELECT right(area_code, 1)::INTEGER, sum(population * if(population_year = 2019, 0.75, 0.25))
        FROM int_population
        WHERE area_code LIKE 'IMD19%' AND age_from >= 65 AND population_year IN (2019, 2020)
        GROUP BY 1 ORDER BY 1
    """)
    assert weights == [(quintile, pytest.approx(people)) for quintile, people in aged]
    assert warehouse.one("SELECT imd_vintage, sii > 0 FROM fct_inequality") == (2019, True)


def test_a_period_needs_all_its_months_and_a_place_without_events_has_zero():
    warehouse = SmallWarehouse()
    warehouse.indicator(area_types="district|ward", period_types="month|quarter|financial_year")
    warehouse.counts((month, LSOA_Q1, 1, 2) for month in YEAR if month != "2018-06").build(ROLL_UP)
    found = figures(warehouse, "value_status, status_reason, numerator")
    assert found[DISTRICT, "FY2018-19"] == ["not_supplied", "11 of 12 months supplied", None]
    assert found[DISTRICT, "FY2018-19-Q1"] == ["not_supplied", "2 of 3 months supplied", None]
    assert found[DISTRICT, "FY2018-19-Q2"] == ["shown", None, 3]
    assert found[DISTRICT, "2018-06"] == ["not_supplied", "0 of 1 months supplied", None]
    assert found[WARD_Q5, "2018-07"] == ["not_applicable", "nobody in the denominator", 0]


def test_a_delivered_month_without_events_is_zero_and_an_undelivered_one_is_missing():
    warehouse = SmallWarehouse().indicator(method="count").counts([("2019-01", LSOA_Q1, 9)])
    warehouse.counts([("2019-04", LSOA_Q1, 9)]).delivered("2019-01", "2019-02", "2019-04").build(ROLL_UP)
    assert figures(warehouse, "value_status, numerator") == {
        (DISTRICT, "2019-01"): ["shown", 9],
        (DISTRICT, "2019-02"): ["shown", 0],
        (DISTRICT, "2019-03"): ["not_supplied", None],
        (DISTRICT, "2019-04"): ["shown", 9],
    }


def test_a_figure_worked_out_from_several_extracts_is_supplied_where_there_are_counts():
    warehouse = SmallWarehouse().indicator(method="total", supply="counts", period_types="month|quarter")
    warehouse.counts([("2019-01", LSOA_Q1, 9), ("2019-03", LSOA_Q1, 9)])
    warehouse.delivered("2019-01", "2019-02", "2019-03").build(ROLL_UP)
    assert figures(warehouse, "value_status") == {
        (DISTRICT, "2019-01"): "shown",
        (DISTRICT, "2019-02"): "not_supplied",
        (DISTRICT, "2019-03"): "shown",
        (DISTRICT, "FY2018-19-Q4"): "not_supplied",
    }


def test_a_count_the_sender_has_hidden_is_never_taken_for_zero():
    """Not in the place itself, nor in any sum it is part of; the neighbour stays as it is."""
    warehouse = SmallWarehouse().indicator(area_types="district|ward", period_types="month|quarter")
    warehouse.counts((month, LSOA_Q5, 30, 40) for month in months("2019-01", 3))
    warehouse.counts(
        [("2019-01", LSOA_Q1, None, 40), ("2019-02", LSOA_Q1, 9, 40), ("2019-03", LSOA_Q1, 9, 40)]
    )
    warehouse.build(ROLL_UP)
    found = figures(warehouse, "value_status, status_reason, numerator")
    hidden = ["not_supplied", "part of the count is hidden by the sender", None]
    for area, period in product((WARD_Q1, DISTRICT), ("2019-01", "FY2018-19-Q4")):
        assert found[area, period] == hidden
    assert found[DISTRICT, "2019-02"] == ["shown", None, 39]
    assert found[WARD_Q5, "FY2018-19-Q4"] == ["shown", None, 90]


def test_a_rejected_delivery_supplies_nothing():
    warehouse = SmallWarehouse().indicator(method="count").counts([("2019-01", LSOA_Q1, 9)])
    warehouse.delivered("2019-01", "2019-02", "2019-03")
    warehouse.con.execute("UPDATE pipeline_ledger SET verdict = 'rejected' WHERE period = '2019-02-01'")
    warehouse.build(ROLL_UP)
    assert figures(warehouse, "value_status")[DISTRICT, "2019-02"] == "not_supplied"


def test_a_snapshot_counts_once_and_the_last_one_stands_for_the_period():
    warehouse = SmallWarehouse().indicator(aggregation="last", period_types="quarter|financial_year")
    snapshots = {"2018-04": 50, "2018-10": 40, "2019-01": 30, "2019-03": 20}
    warehouse.counts((month, LSOA_Q1, n, 100) for month, n in snapshots.items()).build(ROLL_UP)
    assert figures(warehouse, "value_status, numerator, denominator") == {
        (DISTRICT, "FY2018-19-Q1"): ["shown", 50, 100],
        (DISTRICT, "FY2018-19-Q2"): ["not_supplied", None, None],
        (DISTRICT, "FY2018-19-Q3"): ["shown", 40, 100],
        (DISTRICT, "FY2018-19-Q4"): ["shown", 20, 100],
        (DISTRICT, "FY2018-19"): ["shown", 20, 100],
    }


def test_growth_sets_a_year_against_the_year_before():
    warehouse = SmallWarehouse().indicator(method="growth", period_types="rolling_12m")
    warehouse.counts((m, LSOA_Q1, 100 if i < 12 else 107) for i, m in enumerate(months("2017-04", 24)))
    warehouse.build(ROLL_UP)
    columns = "value_status, status_reason, numerator, denominator, value, ci95_lower, ci95_upper"
    found = figures(warehouse, columns)
    status, _, now, before, value, lower, upper = found[DISTRICT, "R12-2019-03"]
    assert (status, now, before, value) == ("shown", 1284, 1200, pytest.approx(7))
    assert lower < 0 < 7 < upper < 16  # exp(ln 1.07 ± 1.96 √(1/1284 + 1/1200)) is -1.1 to 15.7
    assert found[DISTRICT, "R12-2018-03"][:2] == ["not_supplied", "12 of 24 months supplied"]


@pytest.mark.parametrize(
    ("basis", "period_type", "period", "factor"),
    [
        ("person_days", "month", "2017-05", 31),
        ("person_years", "calendar_year", "CY2017", 1),
        ("person_years", "month", "2017-05", 1 / 12),
        ("persons", "quarter", "FY2017-18-Q1", 1),
    ],
)
def test_the_population_at_risk(basis, period_type, period, factor):
    """Mid-2017: 116,304 residents of the district, 93,149 of them 18 and over."""
    warehouse = SmallWarehouse().indicator(
        method="crude_rate", multiplier=1000, period_types=period_type,
        population_basis=basis, population_min_age=18,
    )  # fmt: skip
    warehouse.counts((m, LSOA_Q1, 1000) for m in months("2017-01", 12)).build(ROLL_UP)
    people, value = figures(warehouse, "denominator, value")[DISTRICT, period]
    events = {"month": 1000, "quarter": 3000, "calendar_year": 12000}[period_type]
    assert people == pytest.approx(93149 * factor)
    assert value == pytest.approx(events / people * 1000)


def test_a_pcn_has_the_people_on_its_lists_and_none_without_a_register():
    warehouse = SmallWarehouse().indicator(method="crude_rate", population_basis="persons", area_types="pcn")
    warehouse.counts([("2018-05", LSOA_Q1, 10, None, "U05001")]).registered("U05001", 100).build(ROLL_UP)
    found = figures(warehouse, "value_status, status_reason, denominator")
    assert found["U05001", "2018-05"] == ["shown", None, 2200]
    assert found["U10748", "2018-05"] == ["not_supplied", "no population for this area and time", None]


def test_a_standardised_ratio_of_what_is_expected_is_100():
    warehouse = SmallWarehouse().indicator(
        method="smr", standard="circulatory", population_basis="person_years", population_max_age=74,
        period_types="pooled_5y",
    )  # fmt: skip
    warehouse.counts((m, LSOA_Q1, 7, None, None, "60-64") for m in months("2016-04", 60)).build(ROLL_UP)
    found = figures(warehouse, "numerator, denominator, value")
    events, expected, value = found[DISTRICT, "P5-FY2016-17-FY2020-21"]
    assert events == 420
    assert 380 < expected < 480  # about 85 a year in Bassetlaw at these rates
    assert value == pytest.approx(events / expected * 100)


def test_a_standardised_rate_of_equal_rates_is_that_rate():
    warehouse = SmallWarehouse().indicator(
        method="dsr", multiplier=100000, population_basis="persons", area_types="pcn"
    )
    bands = warehouse.all("SELECT age_band FROM esp2013")
    warehouse.registered("U05001", 100)  # 0-4 is two age groups and 15-19 three: 200 and 300 people
    warehouse.counts(
        ("2018-05", LSOA_Q1, {"15-19": 6, "0-4": 4}.get(b, 2), None, "U05001", b) for (b,) in bands
    )
    warehouse.build(ROLL_UP)
    assert figures(warehouse, "value")["U05001", "2018-05"] == pytest.approx(2000)


def test_official_figures_and_sites():
    warehouse = SmallWarehouse()
    warehouse.indicator(area_types="district|site|provider", official_area_types="provider")
    warehouse.counts([("2019-01", RP5, 90, 100), ("2019-01", "RP5BA", 40, 50)]).build(ROLL_UP)
    found = figures(warehouse, "value_status")
    assert found[RP5, "2019-01"] == "official"
    assert found["RFR", "2019-01"] == "not_supplied"  # another trust, which no file mentions
    assert found["RP5BA", "2019-01"] == "shown"
    assert found["RP5DR", "2019-01"] == "not_supplied"


def test_recent_months_are_provisional():
    warehouse = SmallWarehouse().indicator(provisional_months=2)
    warehouse.counts((m, LSOA_Q1, 10, 20) for m in months("2019-01", 4)).build(ROLL_UP)
    assert list(figures(warehouse, "provisional").values()).count(True) == 2
    assert figures(warehouse, "provisional")[DISTRICT, "2019-03"] is True


@pytest.mark.parametrize(
    ("kind", "start", "end", "period_id", "label"),
    [
        ("month", "2019-04-01", "2019-04-30", "2019-04", "April 2019"),
        ("quarter", "2019-04-01", "2019-06-30", "FY2019-20-Q1", "April to June 2019"),
        ("quarter", "2020-01-01", "2020-03-31", "FY2019-20-Q4", "January to March 2020"),
        ("financial_year", "1999-04-01", "2000-03-31", "FY1999-00", "1999/00"),
        ("calendar_year", "2019-01-01", "2019-12-31", "CY2019", "2019"),
        ("rolling_12m", "2019-04-01", "2020-03-31", "R12-2020-03", "12 months to March 2020"),
        ("pooled_3y", "2016-01-01", "2018-12-31", "P3-2016-2018", "2016 to 2018"),
        ("pooled_5y", "2016-04-01", "2021-03-31", "P5-FY2016-17-FY2020-21", "2016/17 to 2020/21"),
    ],
)
def test_names_of_periods(kind, start, end, period_id, label):
    row = f"(SELECT '{kind}' AS k, DATE '{start}' AS s, DATE '{end}' AS e)"
    sql = render("SELECT {{ period_id('k', 's', 'e') }}, {{ period_label('k', 's', 'e') }} FROM " + row)
    assert duckdb.connect().execute(sql).fetchone() == (period_id, label)


def test_periods_lie_inside_the_data():
    warehouse = SmallWarehouse().indicator().counts([("2019-02", LSOA_Q1, 1, 1), ("2020-05", LSOA_Q1, 1, 1)])
    warehouse.build(ROLL_UP)
    kinds = dict(warehouse.all("SELECT period_type, count(*) FROM int_period GROUP BY ALL"))
    assert kinds == {"month": 16, "quarter": 4, "financial_year": 1, "rolling_12m": 5}


@pytest.mark.parametrize(
    ("lower", "upper", "direction", "verdict"),
    [(11, 12, "up", "better"), (11, 12, "down", "worse"), (8, 9, "up", "worse"), (8, 9, "down", "better"),
     (9, 11, "up", "similar"), (10, 11, "up", "similar"), ("NULL", 11, "up", "not_compared")],
)  # fmt: skip
def test_comparison_by_the_interval(lower, upper, direction, verdict):
    row = f"(SELECT {lower} AS l, {upper} AS u, '{direction}' AS d)"
    sql = render("SELECT {{ compared('l', 'u', '10', 'd') }} FROM " + row)
    assert duckdb.connect().execute(sql).fetchone() == (verdict,)


@pytest.fixture(scope="module")
def place():
    """Three years of a share that gets better in the end, beside a county that stays; one without data."""
    warehouse = SmallWarehouse()
    warehouse.indicator(
        area_types="district|county|imd_quintile|ward", official_area_types="county", comparator_area=COUNTY,
        title="Falls", target_value=50.0,
    )  # fmt: skip
    for i, month in enumerate(months("2016-04", 36)):
        warehouse.counts([(month, COUNTY, 300, 500)])
        warehouse.con.execute(
            "INSERT INTO int_indicator_counts "
            "(indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator) "
            "SELECT 'x', ?, lsoa11_code, NULL, NULL, NULL, ?, 100 FROM lsoa11",
            [f"{month}-01", (46 if i < 30 else 38) + (i * i * 3 + i) % 7 % 4],
        )
    warehouse.indicator("nothing_yet", title="Later", objective="reduce_inequalities")
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


def test_the_scorecard_says_it_in_one_sentence(place):
    found = dict(place.all("SELECT indicator_id, narrative FROM scorecard"))
    assert found["nothing_yet"] == "Later: we do not have the data yet."
    assert found["x"] == (
        "Falls: 38.0% in March 2019, down from 46.0% a year earlier. "
        "The last month is better than its usual range, as it has been since October 2018. "
        "It is better than Nottinghamshire (60.0%). It meets the target of 50%."
    )


def test_a_hidden_figure_stays_the_latest():
    warehouse = SmallWarehouse().indicator(method="count", title="Delays")
    warehouse.counts([("2019-01", LSOA_Q1, 40), ("2019-02", LSOA_Q1, 3)]).build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert warehouse.one("SELECT value_status, narrative FROM scorecard") == (
        "suppressed_primary",
        "Delays: too few in February 2019 to show the number (fewer than 8).",
    )


def test_the_scorecard_row_has_its_parts(place):
    row = place.one("""
        SELECT area_code, period_id, direction_of_change, variation, assurance, compared, change
        FROM scorecard WHERE indicator_id = 'x'
    """)
    assert row == (DISTRICT, "2019-03", "better", "improvement", "pass", "better", pytest.approx(-8))


def test_control_charts_need_thirteen_points(place):
    charts = place.all("SELECT DISTINCT period_type, points FROM fct_indicator_spc")
    # The quintiles of the index of 2015 serve to the end of 2018; those of 2019 have three points.
    assert sorted(charts) == [("month", 33), ("month", 36)]


def test_no_difference_between_quintiles_has_no_slope(place):
    slope, ratio, lower, upper = place.one("""
        SELECT sii, rii, sii_ci95_lower, sii_ci95_upper FROM fct_inequality
        WHERE indicator_id = 'x' AND period_id = '2019-03'
    """)
    assert (slope, ratio) == (pytest.approx(0, abs=1), pytest.approx(1, rel=0.02))  # but for rounding
    assert lower < 0 < upper


def test_the_gap_that_chance_alone_gives_between_25_wards():
    """Five years of circulatory deaths under 75 at the reference rates: a median gap of about 106 points."""
    warehouse = SmallWarehouse().indicator(
        method="smr", standard="circulatory", population_basis="person_years", population_max_age=74,
        area_types="district|ward", period_types="pooled_5y", headline_period="pooled_5y",
        headline="ward_gap", restricted_area_types="ward",
    )  # fmt: skip
    warehouse.con.execute("""
        INSERT INTO int_indicator_counts
            (indicator_id, period_start, area_code, pcn_code, sex, age_band, numerator, denominator)
        SELECT 'x', (DATE '2016-04-01' + i * INTERVAL 1 MONTH)::DATE, lsoa11_code, NULL, NULL, '60-64',
            (hash(lsoa11_code, i) % 10 = 0)::INTEGER, NULL
        FROM lsoa11, range(60) AS t (i)
    """)
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    middle, lower, upper = warehouse.one("""
        SELECT gap_by_chance, gap_by_chance_lower, gap_by_chance_upper
        FROM fct_inequality WHERE gap IS NOT NULL
    """)
    assert 95 <= middle <= 118 and 60 <= lower <= 80 and 140 <= upper <= 180
    again = SmallWarehouse()
    again.build(("int_area_member", "int_area", "rst_chance_draw"))
    query = "SELECT sum(uniform), sum(normal) FROM rst_chance_draw"
    assert again.one(query) == pytest.approx(warehouse.one(query))


def test_without_any_delivery_every_indicator_says_so():
    warehouse = SmallWarehouse().indicator().build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert warehouse.one("SELECT count(*) FROM fct_indicator_value") == (0,)
    assert warehouse.all("SELECT indicator_id, value_status FROM scorecard") == [("x", "not_supplied")]


def people_once() -> SmallWarehouse:
    """Nine people in each of four quarters, twelve of them different: 12 in the year, 36 person-quarters."""
    warehouse = SmallWarehouse().indicator(
        aggregation="people", period_types="quarter|financial_year", headline_period="financial_year"
    )
    warehouse.delivered(*months("2018-04", 12))
    for kind, start, numerator, people in [
        *(("month", f"{m}-01", 4, 9) for m in months("2018-04", 12)),
        *(("quarter", f"{m}-01", 4, 9) for m in ("2018-04", "2018-07", "2018-10", "2019-01")),
        ("financial_year", "2018-04-01", 5, 12),
        ("rolling_12m", "2018-04-01", 5, 12),
    ]:
        warehouse.con.execute(
            "INSERT INTO int_indicator_counts VALUES ('x', ?, ?, NULL, NULL, NULL, ?, ?, ?)",
            [start, LSOA_Q1, numerator, people, kind],
        )
    return warehouse


def test_people_count_once_in_a_period_and_quarters_do_not_add_up():
    warehouse = people_once().build(ROLL_UP)
    query = "SELECT period_id, numerator, denominator FROM fct_indicator_value_all ORDER BY period_id"
    quarters = [(f"FY2018-19-Q{q}", 4.0, 9.0) for q in (1, 2, 3, 4)]
    assert warehouse.all(query) == [("FY2018-19", 5.0, 12.0), *quarters]


def test_the_gate_takes_no_quarter_of_people_for_its_year():
    """A snapshot at the end of March is that of the year, too; people of a quarter are not the year's."""
    warehouse = people_once().build(ROLL_UP, DISCLOSURE)
    assert warehouse.all("SELECT * FROM rst_sum_time WHERE count_key LIKE 'x|%'") == []
