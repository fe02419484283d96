"""Nothing incomplete goes out as complete: unknown outcomes, events that come later, missing sources."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months

YEAR = months("2020-04", 12)
TWO_YEARS = months("2019-04", 24)


def delivered_to_march(counts: list[str] = YEAR, **indicator) -> SmallWarehouse:
    """Monthly counts and files up to March 2021; nothing has come since."""
    warehouse = SmallWarehouse().indicator(**indicator).counts((m, LSOA_Q1, 400, 500) for m in counts)
    return warehouse.delivered(*TWO_YEARS, received="2021-05-12")


def published(warehouse: SmallWarehouse) -> dict[str, tuple]:
    """period -> status, value, whether complete, reason, of the district."""
    found = warehouse.build().all(
        "SELECT period_id, value_status, value, is_complete, status_reason FROM fct_indicator_value "
        f"WHERE area_code = '{DISTRICT}'"
    )
    return {period: tuple(rest) for period, *rest in found}


def test_a_year_with_months_whose_outcome_is_not_known_has_no_figure():
    """Discharges from December on are looked at in April or later; eight months are counted, and known."""
    found = published(
        delivered_to_march(YEAR[:8], follow_up_days=91, lag_days=30, period_types="month|quarter|rolling_12m")
    )
    reason = "can be counted so far: the outcome 91 days after the event is not known"
    assert found["R12-2021-03"] == ("not_supplied", None, False, f"8 of 12 months {reason} for the rest")
    assert found["FY2020-21-Q3"] == ("not_supplied", None, False, f"2 of 3 months {reason} for the rest")
    assert found["2020-12"][::3] == ("not_supplied", f"cannot be counted so far: {reason.split(': ')[1]} yet")
    assert found["2020-11"] == ("shown", 80.0, True, None)
    assert found["FY2020-21-Q2"][2] is True


def test_a_share_of_people_whose_follow_up_is_not_over_is_not_0():
    warehouse = SmallWarehouse().indicator(follow_up_months=9, period_types="quarter")
    warehouse.counts((m, LSOA_Q1, 0 if m > "2020-12" else 100, 300) for m in TWO_YEARS)
    found = published(warehouse.delivered(*TWO_YEARS, received="2021-05-12"))
    assert [p for p, row in found.items() if row[1] is None] == [
        "FY2020-21-Q2",
        "FY2020-21-Q3",
        "FY2020-21-Q4",
    ]


def test_events_that_come_with_later_files_leave_a_figure_incomplete_and_without_a_verdict():
    warehouse = delivered_to_march(
        TWO_YEARS, lag_months=1, period_types="month|rolling_12m", headline_period="rolling_12m"
    )
    found = published(warehouse)
    assert found["2021-03"] == ("shown", 80.0, False, "not complete: some events come with later files")
    assert found["R12-2021-03"][2:] == (
        False,
        "11 of 12 months are complete: some events come with later files",
    )
    assert found["R12-2021-02"][2:] == (True, None)


def test_the_next_file_completes_a_month():
    warehouse = delivered_to_march(TWO_YEARS, lag_months=1).delivered("2021-04", received="2021-06-12")
    found = published(warehouse)
    assert found["2021-03"][2] is True and found["2021-04"][2] is False


def test_a_missing_month_in_between_is_not_covered():
    """The file of February came, that of January did not: who left in January is not known."""
    warehouse = SmallWarehouse().indicator(lag_months=1).counts((m, LSOA_Q1, 400, 500) for m in YEAR)
    warehouse.delivered(*[m for m in YEAR if m != "2021-01"], received="2021-05-12")
    found = published(warehouse)
    assert found["2020-12"][2] is False and found["2020-11"][2] is True
    assert found["2021-01"][0] == "not_supplied"


def test_a_growth_on_an_incomplete_month_is_incomplete():
    found = published(delivered_to_march(TWO_YEARS, method="growth", lag_months=1))
    assert found["2021-03"][2] is False and found["2021-02"][2] is True


@pytest.mark.parametrize("missing", ["spells", "care"])
def test_every_extract_that_is_counted_must_be_there(missing):
    """Events from one partner, their outcome from another: one alone says nothing."""
    warehouse = SmallWarehouse().indicator(
        source_extracts="spells|care|ons_people|lists", reference_extracts="lists"
    )
    warehouse.counts((m, LSOA_Q1, 400, 500) for m in YEAR)
    for extract in ("spells", "care"):
        warehouse.delivered(*[m for m in YEAR if (extract, m) != (missing, "2020-07")], extract=extract)
    found = published(warehouse)
    assert found["2020-07"] == ("not_supplied", None, False, "0 of 1 months supplied")
    assert [row[0] for period, row in found.items() if period != "2020-07"] == ["shown"] * 11


def test_a_snapshot_tells_the_quarter_it_ends():
    warehouse = SmallWarehouse().indicator(
        source_extracts="cases|register", snapshot_extracts="register", period_types="quarter", method="count"
    )
    warehouse.counts((m, LSOA_Q1, 40) for m in YEAR).delivered(*YEAR, extract="cases")
    warehouse.delivered("2020-06", "2020-09", "2021-03", extract="register")
    found = published(warehouse)
    assert [row[0] for row in found.values()] == ["shown", "shown", "not_supplied", "shown"]


def test_what_is_not_complete_is_no_point_of_a_chart_or_trend_and_meets_no_target():
    warehouse = delivered_to_march(
        TWO_YEARS, lag_months=1, period_types="month|financial_year|rolling_12m", target_value=50.0
    )
    # A series that never changes has no control chart.
    warehouse.con.execute("UPDATE int_indicator_counts SET numerator = 380 + month(period_start) * 35 % 60")
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert warehouse.one("SELECT max(period_id) FROM fct_indicator_spc WHERE period_type = 'month'") == (
        "2021-02",
    )
    assert warehouse.one("SELECT points FROM fct_indicator_trend WHERE period_id = 'FY2020-21'") == (0,)
    assert warehouse.one("SELECT points FROM fct_indicator_trend WHERE period_id = 'FY2019-20'") == (1,)
    assert warehouse.one("SELECT max(period_id) FROM fct_target_progress") == ("2021-02",)


def test_the_latest_complete_period_stands_for_the_indicator_and_the_newer_one_is_told():
    warehouse = delivered_to_march(
        TWO_YEARS, lag_months=1, period_types="rolling_12m", headline_period="rolling_12m"
    ).build(ROLL_UP, DISCLOSURE, VERDICTS)
    period, is_complete, newer, reason, sentence = warehouse.one(
        "SELECT period_id, is_complete, incomplete_period_label, incomplete_reason, narrative FROM scorecard"
    )
    assert (period, is_complete, newer) == ("R12-2021-02", True, "12 months to March 2021")
    assert reason == "11 of 12 months are complete: some events come with later files"
    assert "ewer figures are not complete yet" in sentence


def test_eight_months_later_figures_are_no_longer_early():
    found = delivered_to_march(TWO_YEARS, provisional_months=3).build()
    assert found.all("SELECT 1 FROM fct_indicator_value WHERE provisional AND period_id < '2021-02'") == []
    later = delivered_to_march(TWO_YEARS, provisional_months=3)
    later.delivered("2020-12", extract="another", received="2021-11-30").build()
    assert later.all("SELECT 1 FROM fct_indicator_value WHERE provisional") == []
