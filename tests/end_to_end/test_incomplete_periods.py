"""What has not all come is not published as if it had: the built sample ends in March 2019."""

from __future__ import annotations

import pytest

from bassetlaw_pipeline.indicators.registry import load_registry

DISTRICT = "E07000171"
WAITING = [i for i in load_registry().values() if i.follow_up or i.lag]


def figure(built, indicator: str, period: str) -> tuple:
    (row,) = built.query(
        "SELECT value_status, value, is_complete, compared, status_reason FROM outcomes.fct_indicator_value "
        f"WHERE indicator_id = '{indicator}' AND area_code = '{DISTRICT}' AND period_id = '{period}' "
        "AND sex = 'persons' AND age_band = 'all'"
    )
    return row


@pytest.mark.parametrize(
    ("indicator", "period", "counted"),
    [
        ("reablement_at_home_91_days", "R12-2019-03", "8 of 12"),
        ("reablement_at_home_91_days", "FY2018-19-Q3", "2 of 3"),
        ("reablement_no_ongoing_support", "R12-2019-03", "11 of 12"),
        ("reablement_two_day", "FY2018-19-Q4", "2 of 3"),
        ("ltc_supported_into_work_share", "FY2018-19", "3 of 12"),
        ("ltc_supported_into_work_share", "FY2018-19-Q4", "0 of 3"),
    ],
)
def test_outcomes_that_are_not_known_yet_make_no_figure(built, indicator, period, counted):
    status, value, is_complete, compared, reason = figure(built, indicator, period)
    assert (status, value, is_complete, compared) == ("not_supplied", None, False, "not_compared")
    assert reason.startswith(f"{counted} months can be counted so far: the outcome")


@pytest.mark.parametrize(
    ("indicator", "period"),
    [
        ("emergency_admissions_rate", "R12-2019-03"),
        ("emergency_admissions_low_grade", "2019-03"),
        ("falls_admissions_65plus", "FY2018-19"),
        ("hip_fractures_65plus", "R12-2019-03"),
        ("pam_people_measured", "FY2018-19-Q4"),
        ("pam_improved", "R12-2019-03"),
        ("value_for_money", "FY2018-19"),
    ],
)
def test_events_that_come_with_later_files_leave_the_period_incomplete(built, indicator, period):
    _, _, is_complete, compared, reason = figure(built, indicator, period)
    assert (is_complete, compared) == (False, "not_compared")
    assert reason


def test_the_share_that_has_come_is_that_of_the_spells_that_are_counted(built):
    """One emergency spell in nine or so is of somebody who leaves hospital in the month after."""
    (shares,) = built.query(
        "SELECT list(completeness) FROM outcomes.fct_late_arrival "
        "WHERE extract = 'dbth_apc' AND part = 'emergency admissions' AND later_months = 0 "
        "AND delay_months >= 1"
    )[0]
    assert shares and all(0.85 < share < 0.93 for share in shares)


def test_nothing_incomplete_is_judged(built):
    incomplete = (
        "(SELECT indicator_id, area_code, period_id FROM outcomes.fct_indicator_value "
        "WHERE NOT is_complete AND sex = 'persons' AND age_band = 'all')"
    )
    for table in ("fct_indicator_spc", "fct_target_progress", "fct_comparison"):
        judged = f"FROM outcomes.{table} SEMI JOIN {incomplete} USING (indicator_id, area_code, period_id)"
        assert built.query(judged) == [], table
    assert built.query("FROM outcomes.scorecard WHERE value IS NOT NULL AND NOT is_complete") == []
    newer = built.query(
        "SELECT indicator_id FROM outcomes.scorecard WHERE incomplete_period_label IS NOT NULL"
    )
    assert {i.id for i in WAITING} & {row[0] for row in newer}


def test_few_figures_are_early(built):
    """Late rows are told of what is likely to change, and not of every recent period."""
    early, all_of_them = built.query(
        "SELECT count(*) FILTER (provisional), count(*) FROM outcomes.scorecard"
    )[0]
    assert early * 10 < all_of_them


def test_no_fall_is_found_where_no_rows_were_lost(built):
    assert built.query("FROM outcomes.fct_unexplained_fall WHERE is_unexplained") == []
