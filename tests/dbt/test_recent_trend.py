"""The recent trend of yearly figures: five periods in a row, and whether that is better or worse."""

from __future__ import annotations

import pytest
from small_warehouse import DISCLOSURE, DISTRICT, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months

LAST = "SELECT trend, trend_verdict, points FROM fct_indicator_trend WHERE period_id = '{period}'"


def years(shares: list[int], period_type: str = "financial_year", **changes) -> SmallWarehouse:
    """Financial years from 2014/15, each with a share per mille of 12,000 people; None: nothing counted."""
    warehouse = SmallWarehouse().indicator(period_types=period_type, headline_period=period_type, **changes)
    for i, share in enumerate(shares):
        year = months(f"{2014 + i}-04", 12)
        warehouse.counts((month, LSOA_Q1, share, 1000) for month in year if share)
    return warehouse.build(ROLL_UP, DISCLOSURE, VERDICTS)


@pytest.mark.parametrize(
    ("direction", "shares", "found"),
    [
        ("up", [100, 150, 200, 250, 300], ("increasing", "better", 5)),
        ("down", [100, 150, 200, 250, 300], ("increasing", "worse", 5)),
        ("down", [300, 250, 200, 150, 100], ("decreasing", "better", 5)),
        ("up", [200, 200, 201, 200, 200], ("no_significant_change", "no_clear_change", 5)),
        ("up", [200, 200, 400, 200, 200], ("no_significant_change", "no_clear_change", 5)),
        ("up", [100, 150, 0, 250, 300], ("cannot_be_calculated", "not_known", 4)),
    ],
)
def test_the_trend_over_five_years(direction, shares, found):
    warehouse = years(shares, direction=direction)
    assert warehouse.one(LAST.format(period="FY2018-19")) == found
    assert warehouse.one("SELECT trend_verdict FROM scorecard") == (found[1],)


def test_four_years_have_no_trend():
    warehouse = years([100, 150, 200, 250, 300])
    assert warehouse.one(LAST.format(period="FY2017-18")) == ("cannot_be_calculated", "not_known", 4)


def test_rolling_years_use_the_same_month_of_five_years():
    """Sixty months hold 49 rolling years, but only one set of five that share no month."""
    warehouse = years([100, 150, 200, 250, 300], "rolling_12m")
    claimed = "SELECT area_code, period_id FROM fct_indicator_trend WHERE trend = 'increasing'"
    assert warehouse.all(claimed) == [(DISTRICT, "R12-2019-03")]
