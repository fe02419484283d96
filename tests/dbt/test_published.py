"""Published figures: taken as given, of any time, beside what is counted here, and as comparators."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from small_warehouse import COUNTY, DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months
from sql_models import render

ENGLAND = "E92000001"
SURVEY = {
    "method": "published", "area_types": "district|country", "period_types": "calendar_year",
    "headline_period": "calendar_year", "source_extracts": "a_survey", "official_extracts": "a_survey",
    "comparator_area": ENGLAND, "disclosure_policy": "survey", "disclosure_gate": "survey",
}  # fmt: skip
COUNTED = {"period_types": "financial_year|calendar_year", "comparator_area": ENGLAND}


def shown(warehouse: SmallWarehouse, columns: str = "value", indicator_id: str = "x") -> dict:
    """(area, period) -> the columns, from the published fact."""
    where = f"indicator_id = '{indicator_id}'"
    rows = warehouse.all(f"SELECT area_code, period_id, {columns} FROM fct_indicator_value WHERE {where}")
    found = {(area, period): tuple(rest) for area, period, *rest in rows}
    assert len(found) == len(rows)
    return found


def test_value_and_limits_are_those_of_the_publisher_without_any_local_data():
    warehouse = SmallWarehouse().indicator(**SURVEY)
    warehouse.published([(2017, DISTRICT, 19.63, 15.61, 23.59), (2017, ENGLAND, 14.9)]).build()
    found = shown(warehouse, "value_status, value, ci95_lower, ci95_upper, numerator, policy, method")
    assert found == {
        (DISTRICT, "CY2017"): ("official", 19.63, 15.61, 23.59, None, "official", "published"),
        (ENGLAND, "CY2017"): ("official", 14.9, None, None, None, "official", "published"),
    }


def test_a_hidden_figure_says_what_the_publisher_says_of_it():
    warehouse = SmallWarehouse().indicator(**SURVEY)
    warehouse.published([(2017, DISTRICT, None)], note="Too few respondents").published(
        [(2017, ENGLAND, 14.9)]
    )
    found = shown(warehouse.build(), "value_status, status_reason, value, comparator_value, compared")
    assert found[DISTRICT, "CY2017"] == ("not_supplied", "Too few respondents", None, 14.9, "not_compared")


def test_an_area_left_out_of_a_published_year_is_missed():
    warehouse = SmallWarehouse().indicator(**SURVEY).published([(2016, ENGLAND, 15.5)]).build()
    found = shown(warehouse, "value_status, status_reason")
    assert found[DISTRICT, "CY2016"] == ("not_supplied", "not given in the publication")


def test_what_is_counted_here_is_not_replaced_and_other_areas_and_years_stand_beside_it():
    warehouse = SmallWarehouse().indicator(**COUNTED)
    warehouse.counts((m, LSOA_Q1, 100, 200) for m in months("2017-01", 12))
    rows = [(year, area, 40.0) for year in (2010, 2017, 2030) for area in (DISTRICT, COUNTY, ENGLAND)]
    found = shown(warehouse.published(rows).build(), "value_status, method, value")
    assert found[DISTRICT, "CY2017"] == ("shown", "proportion", 50.0)
    assert {key for key, row in found.items() if row == ("official", "published", 40.0)} == {
        (area, f"CY{year}") for year, area, _ in rows
    } - {(DISTRICT, "CY2017")}


@pytest.mark.parametrize(
    ("years", "expected"),
    [
        ((2017, 2018), ("CY2017", 40.0, "worse")),  # its own year
        ((2015, 2016), (None, None, "not_compared")),  # a series that stopped the year before
        ((2018, 2019), (None, None, "not_compared")),  # nothing yet then
    ],
)
def test_a_comparator_is_of_the_same_period(years, expected):
    warehouse = SmallWarehouse().indicator(**COUNTED)
    warehouse.counts((m, LSOA_Q1, 100, 200) for m in months("2017-01", 12))
    warehouse.published((year, ENGLAND, 40.0) for year in years).build()
    found = shown(warehouse, "comparator_period, comparator_value, compared")
    assert found[DISTRICT, "CY2017"] == expected


def test_a_comparator_covers_the_same_days_whatever_its_kind_of_period():
    """Twelve months to December are the calendar year; a year that began in April is another."""
    kinds = {"period_types": "rolling_12m|financial_year", "comparator_area": ENGLAND}
    warehouse = SmallWarehouse().indicator(**kinds, pooled_years="financial")
    warehouse.counts((m, LSOA_Q1, 100, 200) for m in months("2017-01", 15))
    found = shown(warehouse.published([(2017, ENGLAND, 40.0)]).build(), "comparator_period, comparator_value")
    assert found[DISTRICT, "R12-2017-12"] == ("CY2017", 40.0)
    assert found[DISTRICT, "FY2017-18"] == found[DISTRICT, "R12-2018-01"] == (None, None)


def test_counts_whose_numerator_the_sender_hid_are_not_zero():
    warehouse = SmallWarehouse().indicator().counts([("2019-01", LSOA_Q1, None, 500)]).build(ROLL_UP)
    status = warehouse.one(
        "SELECT value_status, status_reason, numerator, value FROM fct_indicator_value_all"
    )
    assert status == ("not_supplied", "part of the count is hidden by the sender", None, None)


def test_a_yearly_snapshot_stands_for_its_year_and_widens_no_other_indicator():
    yearly = {"aggregation": "last", "time_grain": "calendar_year", "period_types": "calendar_year"}
    warehouse = SmallWarehouse().indicator("yearly", **yearly).indicator()
    warehouse.counts([("2013-05", LSOA_Q1, 30, 100), ("2014-05", LSOA_Q1, 20, 100)], "yearly")
    warehouse.counts([("2019-01", LSOA_Q1, 10, 20)]).build()
    assert shown(warehouse, indicator_id="yearly") == {
        (DISTRICT, "CY2013"): (30.0,),
        (DISTRICT, "CY2014"): (20.0,),
    }
    assert set(shown(warehouse)) == {(DISTRICT, "2019-01")}


@pytest.mark.parametrize(
    ("wording", "kind", "start", "length"),
    [
        ("2017", "calendar_year", "2017-01-01", 12),
        ("2017/18", "financial_year", "2017-04-01", 12),
        ("1999/00", "financial_year", "1999-04-01", 12),
        ("2015 - 17", "pooled_3y", "2015-01-01", 36),
        ("2013 – 2017", "pooled_5y", "2013-01-01", 60),
        ("1998 - 00", "pooled_3y", "1998-01-01", 36),
        ("2016 - 17", "other", "2016-01-01", 24),
        ("2015/16 - 17/18", "pooled_3y", "2015-04-01", 36),
        ("2018 Q1", "quarter", "2018-01-01", 3),
        ("2018/19 Q4", "quarter", "2019-01-01", 3),
        ("May 2018", "month", "2018-05-01", 1),
        ("31 May 2018", "month", "2018-05-01", 1),
        ("Nov 2017 - Nov 2018", "rolling_12m", "2017-12-01", 12),
        ("November 17-18", "rolling_12m", "2017-12-01", 12),
        ("Aug 2018 - Jul 2019", "rolling_12m", "2018-08-01", 12),
    ],
)
def test_every_wording_of_a_period(wording, kind, start, length):
    with duckdb.connect() as con:
        sql = render("select {{ published_period('wording') }} as period from (select $1 as wording)")
        ((period,),) = con.execute(sql, [wording]).fetchall()
    assert (period["type"], str(period["start"]), period["months"]) == (kind, start, length)


@pytest.mark.parametrize(("respondents", "grade"), [(100, "A"), (99, "C")])
def test_few_respondents_lower_the_confidence(respondents, grade):
    warehouse = SmallWarehouse().indicator(**SURVEY).published([(2017, DISTRICT, 20.0, 18.0, 22.0)])
    warehouse.con.execute("UPDATE int_official_value SET denominator = ?", [respondents])
    assert shown(warehouse.build(), "confidence_grade")[DISTRICT, "CY2017"] == (grade,)


def test_the_scorecard_compares_with_the_same_months_only():
    warehouse = SmallWarehouse().indicator(**SURVEY | {"title": "Smokers", "unit": "%"})
    warehouse.published([(2016, ENGLAND, 15.0), (2017, DISTRICT, 19.6, 15.6, 23.6)])
    (sentence,) = warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS).one("SELECT narrative FROM scorecard")
    reason = "There is no earlier figure to tell if it is changing."
    assert sentence == f"Smokers: 19.6% in 2017. {reason}"
    warehouse = SmallWarehouse().indicator(**SURVEY | {"title": "Smokers", "unit": "%"})
    warehouse.published([(2017, ENGLAND, 15.0), (2017, DISTRICT, 19.6, 15.6, 23.6)])
    (sentence,) = warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS).one("SELECT narrative FROM scorecard")
    assert sentence == f"Smokers: 19.6% in 2017. {reason} It is worse than England (15.0%)."


def test_nothing_is_expected_or_shown_after_a_series_has_ended():
    """A file of a later year, by mistake or of another measure, does not bring the series back."""
    yearly = {"period_types": "calendar_year", "ends": date(2017, 5, 31), "comparator_area": ENGLAND}
    warehouse = SmallWarehouse().indicator(**yearly)
    warehouse.counts((m, LSOA_Q1, 10, 20) for m in months("2017-01", 24))
    warehouse.published([(2017, ENGLAND, 40), (2018, ENGLAND, 39)]).build()
    assert set(shown(warehouse)) == {(DISTRICT, "CY2017"), (ENGLAND, "CY2017")}


def test_a_series_under_a_wrong_name_is_told_with_its_indicator():
    warehouse = SmallWarehouse().indicator(**SURVEY).published([(2017, DISTRICT, 20.0)])
    warehouse.con.execute(
        "INSERT INTO int_misnamed_series VALUES ('x', 'ohid_fingertips', '93015', 'Inactive')"
    )
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert warehouse.one("SELECT misnamed_series FROM dim_indicator") == ("ohid_fingertips 93015: Inactive",)
