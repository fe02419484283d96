"""The recent trend: five points, weighted by their precision, not made by any single one."""

import numpy as np
import pytest
from statistics_sql import rows

TREND = "SELECT * FROM ({{ fingertips_trend('points', date='year') }})"


def trend(values: list, half_width: float = 1.0, years: list | None = None) -> dict:
    years = years or list(range(2010, 2010 + len(values)))
    ends = [[None if v is None else v + sign * half_width for v in values] for sign in (-1, 1)]
    return rows(TREND, points={"year": years, "value": values, "ci95_lower": ends[0], "ci95_upper": ends[1]})[
        0
    ]


def test_slope_and_chi_square_are_those_of_weighted_least_squares():
    values, half = [10.0, 12.0, 11.0, 15.0, 17.0], 1.5
    result = trend(values, half)
    slope, _ = np.polyfit(range(1, 6), values, 1)
    assert result["slope"] == pytest.approx(slope)
    assert result["chi_square"] == pytest.approx((slope / (2 * half / 3.92 / np.sqrt(10))) ** 2)
    assert result["trend"] == "increasing"


def test_only_the_last_five_periods_with_a_value_count():
    result = trend([99.0, 5.0, 4.0, None, 3.0, 2.0, 1.0], years=[2009, 2010, 2011, 2012, 2013, 2014, 2015])
    assert (result["points_used"], result["trend"]) == (5, "decreasing")
    assert result["slope"] == pytest.approx(-1)


def test_threshold_is_the_998_level():
    se_of_slope = 2 * 1.0 / 3.92 / np.sqrt(10)
    for factor, verdict in ((1.0001, "increasing"), (0.9999, "no_significant_change")):
        slope = factor * np.sqrt(9.549535706) * se_of_slope
        assert trend([slope * i for i in range(5)])["trend"] == verdict


def test_one_period_alone_makes_no_trend():
    result = trend([3.0, 2.9, 2.8, 2.7, 9.0])
    assert result["chi_square"] > 9.55
    assert result["trend"] == "no_significant_change"


def test_too_few_periods_or_no_precision_is_said():
    assert trend([1.0, 2.0, 3.0, 4.0])["trend"] == "cannot_be_calculated"
    assert trend([1.0, 2.0, 3.0, 4.0, 5.0], half_width=0.0)["trend"] == "cannot_be_calculated"
