"""Sickness, turnover and vacancies worked out again from the accepted returns."""

from __future__ import annotations

import pandas as pd
import pytest
from hospital_rows import newest_rows, values, within

KEY = ["org", "period", "staff_group"]


def groups(built) -> pd.DataFrame:
    """Staff groups by month, leavers without those whose fixed term ended (a hidden cell is unknown)."""
    rows = newest_rows(built.accepted, "dbth_workforce", by=("org",))
    reasons = newest_rows(built.accepted, "dbth_workforce", "rows__leaving_reasons", by=("org",))
    ended = reasons[reasons["leaving_reason"].isin(["06", "07", "08", "09"])]
    ended = ended.groupby(KEY)["people"].sum(min_count=1, numeric_only=True, skipna=False).rename("ended")
    rows = rows.merge(ended, left_on=KEY, right_index=True, how="left")
    return rows.assign(left=rows["leavers"] - rows["ended"])


def ratio(rows: pd.DataFrame, indicator: str) -> float:
    """Per cent, over the rows of one organisation and period for which both figures are known."""
    top, bottom = {
        "staff_sickness_absence": (rows["fte_days_sick"], rows["fte_days_available"]),
        "staff_turnover": (rows["left"], rows["headcount"] / 12),
        "staff_vacancy_rate": (rows["budgeted_fte"] - rows["contracted_fte"], rows["budgeted_fte"]),
    }[indicator]
    known = top.notna() & bottom.notna()
    return 100 * top[known].sum() / bottom[known].sum()


@pytest.mark.parametrize("indicator", ["staff_sickness_absence", "staff_turnover", "staff_vacancy_rate"])
def test_ratios_are_those_of_the_returns(built, indicator):
    rows = groups(built)
    found = values(built, indicator, "rolling_12m")
    assert found["period_id"].nunique() >= 3
    assert set(found["area_code"]) == {"RP5", "RHA", "511", "37UC"}
    for _, value in found.iterrows():
        own = rows[(rows["org"] == value["area_code"]) & within(rows["period"], value)]
        assert value["value"] == pytest.approx(ratio(own, indicator), rel=1e-5), value["period_id"]
