"""Which series have which control chart, and how often a chart calls special what is only chance.

In a series that is in control the four rules flag about 8 % of the points: 6.3 % lie in a run of 7 or
more on one side (8 / 2^7), 0.3 % outside the limits, the rest near a limit or in a trend. The limits come
from the points themselves, which flags a little less; values in coarse steps lie unevenly about their
mean, which flags a little more.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from simulated_charts import charted
from small_warehouse import DISCLOSURE, LSOA_Q1, ROLL_UP, VERDICTS, SmallWarehouse, months

SERIES, MONTHS = 150, np.arange(60)
EXPECTED_SHARE, OF_COARSE_STEPS = 0.08, 0.10


def many(draw):
    """Series by name from a seeded generator."""
    random = np.random.default_rng(20180401)
    return {f"area {i}": draw(random) for i in range(SERIES)}


def flagged(con) -> float:
    return con.execute("SELECT avg((special_cause <> 'none')::INTEGER) FROM fct_indicator_spc").fetchone()[0]


def kinds(con) -> dict[str, int]:
    return dict(con.execute("SELECT chart_type, count(*) FROM rst_chart GROUP BY 1").fetchall())


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda r: r.normal(50, 5, 60), EXPECTED_SHARE),
        (lambda r: r.normal(50, 5, 20), EXPECTED_SHARE),
        (lambda r: r.binomial(80, 0.85, 60) / 0.8, EXPECTED_SHARE),
        (lambda r: 5 * np.round(r.poisson(60, 60) / 5), OF_COARSE_STEPS),
    ],
    ids=["months", "quarters", "percentages", "counts rounded to 5"],
)
def test_of_series_in_control_the_expected_share_is_flagged(draw, expected):
    con = charted(many(draw), happened=date(2018, 6, 1), unit="events")
    assert flagged(con) <= expected
    assert kinds(con).get("xmr", 0) >= 0.98 * SERIES
    # Nothing happened to these series: a new level is rare.
    assert con.execute("SELECT count(*) FROM rst_chart_phase").fetchone()[0] <= 0.08 * SERIES


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (lambda r: 50 + 4 * np.sin(MONTHS * np.pi / 6) + r.normal(0, 2, 60), "xmr_seasonal"),
        (lambda r: 30 + 0.5 * MONTHS + r.normal(0, 3, 60), "trend"),
        (lambda r: 30 + 0.5 * MONTHS + 6 * np.sin(MONTHS * np.pi / 6) + r.normal(0, 2, 60), "trend_seasonal"),
        (lambda r: np.where(MONTHS < 26, 60, 40) + r.normal(0, 3, 60), "xmr"),
    ],
    ids=["season", "line", "line and season", "lasting shift"],
)
def test_each_behaviour_has_its_chart_and_is_not_told_as_special(draw, kind):
    con = charted(many(draw), happened=date(2018, 6, 1))
    assert kinds(con)[kind] >= 0.95 * SERIES
    assert flagged(con) <= EXPECTED_SHARE


@pytest.mark.parametrize("happened", [None, date(2017, 4, 1)])
def test_a_lasting_shift_without_a_known_cause_keeps_its_limits_and_is_flagged(happened):
    con = charted(many(lambda r: np.where(MONTHS < 26, 60, 55) + r.normal(0, 2, 60)), happened=happened)
    assert con.execute("SELECT max(phases) FROM rst_chart").fetchone() <= (2,)
    assert flagged(con) > 0.5


def test_what_is_usual_is_usual_since_the_shift():
    values = np.where(MONTHS < 28, 60, 40) + np.resize([0.0, 2, 1, 3, 0, 2, 1], 60)
    con = charted({"a": values}, happened=date(2018, 6, 1))
    found = con.execute("""
        SELECT usual_since, count(*), round(avg(mean)), count(*) FILTER (special_cause <> 'none')
        FROM fct_indicator_spc GROUP BY 1 ORDER BY 1""").fetchall()
    # Two months after what happened.
    assert found == [(date(2016, 4, 1), 28, 61, 0), (date(2018, 8, 1), 32, 41, 0)]


def test_points_that_only_repeat_the_one_before_have_no_chart():
    walk = many(lambda r: 50 + np.cumsum(r.normal(0, 0.4, 60)))
    assert kinds(charted(walk)).get("none", 0) >= 0.9 * SERIES
    assert kinds(charted(walk, aggregation="last")).get("none", 0) >= 0.9 * SERIES


def test_a_shift_at_the_end_is_what_a_chart_is_for():
    late = many(lambda r: np.where(MONTHS < 54, 50, 60) + r.normal(0, 1, 60))
    con = charted(late)
    assert kinds(con).get("none", 0) <= 0.05 * SERIES
    last = "SELECT special_cause FROM fct_indicator_spc WHERE period_start >= '2020-10-01'"
    labels = [label for (label,) in con.execute(last).fetchall()]
    assert labels.count("none") < 0.05 * len(labels)


@pytest.mark.parametrize(
    "values",
    [
        [100.0] * 20,
        [100.0] * 19 + [99.0],
        [0.0] * 11 + [1.0] + [0.0] * 8,
        [7.0] * 9 + [8.0] * 11,
        [20.0, 20, 20, 20, 21, 21, 21, 21, 23, 23, 23, 23, 24, 24, 24, 24],
    ],
    ids=["constant", "nearly constant", "one event", "one step", "once a year"],
)
@pytest.mark.parametrize("method", ["proportion", "count"])
def test_a_series_that_hardly_changes_calls_nothing_special(values, method):
    con = charted({"a": np.array(values)}, method=method)
    assert con.execute("SELECT count(*) FROM fct_indicator_spc WHERE special_cause <> 'none'").fetchone() == (
        0,
    )
    width = "SELECT count(*) FROM fct_indicator_spc WHERE upper_limit = lower_limit"
    assert con.execute(width).fetchone() == (0,)


@pytest.mark.parametrize("happened", [None, date(2017, 4, 1)])
def test_limits_stay_within_what_is_possible(happened):
    series = many(lambda r: r.binomial(30, 0.97, 60) / 0.3) | {
        f"low {k}": v for k, v in many(lambda r: r.binomial(30, 0.05, 60) / 0.3).items()
    }
    con = charted(series, happened=happened)
    lowest, highest = con.execute(
        "SELECT min(lower_limit), max(upper_limit) FROM fct_indicator_spc"
    ).fetchone()
    assert (lowest, highest) == (0, 100)


def test_rare_events_have_a_chart_of_their_own():
    quiet = [1.0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1]
    con = charted(
        {"burst": np.array([*quiet, 6]), "long": np.array([*quiet * 3, *[0] * 30]), "usual": np.array(quiet)},
        method="count", unit="events", better_when="decrease",
    )  # fmt: skip
    assert kinds(con) == {"g": 3}
    found = con.execute("""
        SELECT area_code, special_cause, variation, count(*) FROM fct_indicator_spc
        WHERE special_cause <> 'none' GROUP BY ALL ORDER BY 1""").fetchall()
    assert [row[:3] for row in found] == [
        ("burst", "Above UCL", "concern"),
        ("long", "No Events For Long", "improvement"),
    ]
    assert con.execute("SELECT min(lower_limit) FROM fct_indicator_spc").fetchone() == (0,)


def test_a_period_that_is_not_complete_is_no_point_and_moves_no_limit():
    values = 50 + np.resize([0.0, 3, 1, 2], 30)
    limit = "SELECT any_value(upper_limit), count(*) FROM fct_indicator_spc"
    whole = charted({"a": values}).execute(limit).fetchone()
    assert charted({"a": np.append(values, 10.0)}, complete=30).execute(limit).fetchone() == whole


def pandemic(shares) -> SmallWarehouse:
    """A share of the district by month from April 2018, to the end of 2020."""
    made = SmallWarehouse().indicator(direction="down")
    made.counts((m, LSOA_Q1, s, 1000) for m, s in zip(months("2018-04", len(shares)), shares, strict=True))
    return made.build(ROLL_UP, DISCLOSURE, VERDICTS)


def test_nothing_is_called_better_because_fewer_people_came_in_a_pandemic():
    usual = [300 + i * 7 % 4 * 10 for i in range(24)]
    made = pandemic([*usual, *[100] * 9])
    found = made.all("""
        SELECT DISTINCT variation, special_cause <> 'none' FROM fct_indicator_spc
        WHERE period_start >= '2020-04-01'
        """)
    assert found == [("neutral", True)]
    # The usual range is that of before.
    assert made.one("SELECT min(lower_limit) > 20 FROM fct_indicator_spc") == (True,)


def test_the_last_word_says_whether_the_value_itself_is_unusual():
    usual = [300 + i * 7 % 4 * 10 for i in range(14)]
    outside = pandemic([*usual, 150])
    run = pandemic([*usual, *[(300, 310)[i % 2] for i in range(8)]])
    last = """
        SELECT is_outside_limits, variation, special_cause FROM rst_spc_run ORDER BY period_start DESC LIMIT 1
        """
    assert outside.one(last) == (True, "improvement", "Below LCL")
    assert run.one(last) == (False, "improvement", "7 Points Below CL")


def test_every_series_says_which_chart_it_has_or_why_none():
    made = SmallWarehouse().indicator(period_types="month|quarter|rolling_12m|financial_year")
    made.counts((m, LSOA_Q1, 300 + i * 7 % 4 * 10, 1000) for i, m in enumerate(months("2018-04", 23)))
    made.build(ROLL_UP, DISCLOSURE, VERDICTS)
    assert dict(made.all("SELECT period_type, chart_type || ': ' || chart_reason FROM dim_chart")) == {
        "month": "xmr: neither line nor season",
        "quarter": "none: fewer than 13 points",
        "rolling_12m": "none: periods overlap, so their values do, too",
        "financial_year": "none: yearly figures",
    }
