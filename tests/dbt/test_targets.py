"""Targets, the way towards them, points of a contract, and what was supplied."""

from __future__ import annotations

from datetime import date

import pytest
from small_warehouse import (
    DISCLOSURE,
    DISTRICT,
    LSOA_Q1,
    ROLL_UP,
    VERDICTS,
    SmallWarehouse,
    first_day,
    months,
)
from sql_models import build

PROGRESS = "target_status, trajectory_value, trajectory_status, projected_value, likelihood"


def years(shares: list[int], **changes) -> SmallWarehouse:
    """Financial years from 2014/15, each with a share per mille of 12,000 people; lower is better."""
    warehouse = SmallWarehouse().indicator(
        period_types="financial_year", headline_period="financial_year", **changes
    )
    for i, share in enumerate(shares):
        warehouse.counts((m, LSOA_Q1, share, 1000) for m in months(f"{2014 + i}-04", 12))
    return warehouse


def progress(warehouse: SmallWarehouse) -> list:
    """The district's latest year."""
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    latest = f"area_code = '{DISTRICT}' AND period_id = 'FY2018-19'"
    return list(warehouse.one(f"SELECT {PROGRESS} FROM fct_target_progress WHERE {latest}"))


def test_halfway_along_the_line_and_on_course():
    """30 % in 2014/15, 20 % wanted by March 2023: the line stands at 25 % in March 2019."""
    found = progress(years([300, 280, 270, 260, 250], target_value=20.0, target_date=date(2023, 3, 31)))
    status, line, against_line, projected, likelihood = found
    assert (status, against_line) == ("not_met", "too_close_to_call")
    assert line == pytest.approx(25, abs=0.01)
    assert projected == pytest.approx(25 - 4 * 1.2, abs=0.2)
    assert likelihood == "possible"


def test_a_trend_that_leads_away_makes_a_target_unlikely():
    found = progress(years([200, 220, 240, 260, 280], target_value=15.0, target_date=date(2022, 3, 31)))
    assert (found[0], found[2], found[4]) == ("not_met", "not_met", "unlikely")


def test_a_standing_target_has_no_line_and_no_projection():
    found = progress(years([300, 280, 270, 260, 250], target_value=20.0))
    assert found == ["not_met", None, None, None, "not_known"]


def test_the_chart_decides_where_there_is_one_and_the_sentence_says_so():
    warehouse = SmallWarehouse().indicator(target_value=95.0, direction="up")
    series = months("2017-04", 24)
    warehouse.counts((m, LSOA_Q1, 890 + i * 7 % 4 * 5, 1000) for i, m in enumerate(series))
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    likelihood, sentence = warehouse.one("SELECT target_likelihood, narrative FROM scorecard")
    assert likelihood == "unlikely"
    assert sentence.endswith("It misses the target of 95%, and is unlikely to meet it as things are.")


def test_the_sentence_says_since_when_a_chart_is_out_of_its_range():
    warehouse = SmallWarehouse().indicator()
    shares = [300 + i * 7 % 4 * 5 for i in range(20)] + [200] * 4
    warehouse.counts((m, LSOA_Q1, s, 1000) for m, s in zip(months("2017-04", 24), shares, strict=True))
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    since, sentence = warehouse.one("SELECT variation_since, narrative FROM scorecard")
    assert since == date(2018, 12, 1)
    assert "better than its usual range, as it has been since December 2018" in sentence


@pytest.mark.parametrize(
    ("threshold", "stretch", "earned", "outcome"),
    [
        (30, 20, 2.5, "partly_earned"),
        (20, 30, 2.5, "partly_earned"),
        (40, 25, 5, "stretch_reached"),
        (20, 10, 0, "threshold_not_passed"),
    ],
)
def test_points_run_from_threshold_to_stretch_whichever_is_higher(threshold, stretch, earned, outcome):
    warehouse = years([250])
    rule = ["agreement", "x", threshold, stretch, 5, "board"]
    warehouse.con.execute("INSERT INTO outcome_points VALUES (?, ?, ?, ?, ?, ?)", rule)
    warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert warehouse.one("SELECT points_earned, outcome FROM fct_outcome_points") == (earned, outcome)


def test_no_rule_no_points():
    assert years([250]).build(ROLL_UP, DISCLOSURE, VERDICTS).all("SELECT * FROM fct_outcome_points") == []


def test_a_month_that_was_promised_and_did_not_come_is_missing():
    """January came, of February and March nothing that could be used; nobody promised April."""
    warehouse = SmallWarehouse().delivered("2019-01", "2019-03").delivered("2019-04", extract="other")
    warehouse.con.execute("UPDATE pipeline_ledger SET verdict = 'rejected' WHERE period = '2019-03-01'")
    expected = [("2019-01", "received"), ("2019-02", "late"), ("2019-03", "rejected"), ("2019-04", "not due")]
    warehouse.con.executemany(
        "INSERT INTO pipeline_supply BY NAME SELECT 'ccg' AS partner, 'an_extract' AS extract, "
        "CAST(? AS DATE) AS period, last_day(period) AS period_end, ? AS state",
        [(first_day(month), state) for month, state in expected],
    )
    warehouse.con.execute("INSERT INTO pipeline_supply BY NAME SELECT 'ccg' AS partner, 'weekly' AS extract, "
                          "unnest(['2019-01-28', '2019-02-04', '2019-02-11']::DATE[]) AS period, "
                          "period + 6 AS period_end, 'late' AS state")  # fmt: skip
    build(warehouse.con, "int_delivery_received", "int_delivery", "fct_supply")
    found = "SELECT supply_status, periods_missing FROM fct_supply WHERE extract = ? ORDER BY month_start"
    assert warehouse.con.execute(found, ["an_extract"]).fetchall() == [
        ("received", 0), ("missing", 1), ("rejected_only", 1),
    ]  # fmt: skip
    assert warehouse.con.execute(found, ["weekly"]).fetchall() == [("missing", 1), ("missing", 2)]
