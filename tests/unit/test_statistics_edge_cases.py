"""Inputs that lead other tools astray get the right answer, or none and the reason."""

import pytest
from macro_rendering import MacroError, render
from statistics_sql import column, rows

AGES = [0, 1, *range(5, 91, 5)]
DEATHS = [2, 1, 0, 0, 1, 1, 2, 2, 3, 5, 8, 12, 18, 27, 40, 58, 80, 95, 90, 85]
PEOPLE = [900, 3500, *[4500] * 14, 3000, 2000, 1000, 450]
LIFE = "SELECT * FROM ({{ life_expectancy('bands') }}) ORDER BY age_start"
INDEX = "SELECT * FROM ({{ slope_index('rates', value_type='%s', transform=%s, multiplier=%s) }})"
CHART = (
    "SELECT * FROM ({{ spc_xmr('points', date='day', value='y', rebase='starts', screen=%s) }}) ORDER BY day"
)


def life_table(deaths=None, people=None) -> list[dict]:
    return rows(LIFE, bands={"age_start": AGES, "deaths": deaths or DEATHS, "population": people or PEOPLE})


def chart(values: list, screen=True, days=None) -> list[dict]:
    days = days or list(range(len(values)))
    return rows(CHART % screen, points={"y": values, "day": days, "starts": [False] * len(values)})


def test_one_group_is_summed_like_any_other():
    summed = "(SELECT {{ strict_sum('x') }} AS x, sum(n) AS n FROM t)"
    sql = f"SELECT {{{{ crude_rate_value('x', 'n') }}}} AS v FROM {summed}"
    assert column("v", sql, t={"x": [3, 4], "n": [1000, 2000]}) == [pytest.approx(700000 / 3000)]
    assert column("v", sql, t={"x": [3, None], "n": [1000, 2000]}) == [None]


def test_invalid_rates_and_proportions_are_null_with_a_reason():
    t = {"x": [-1, 1, 5], "n": [10, 0, 4]}
    columns = "{{ proportion_value('x', 'n') }} AS v, {{ wilson_upper('x', 'n') }} AS u"
    sql = f"SELECT {columns}, {{{{ proportion_problem('x', 'n') }}}} AS p FROM t"
    assert [(r["v"], r["u"], bool(r["p"])) for r in rows(sql, t=t)] == [(None, None, True)] * 3
    sql = "SELECT {{ crude_rate_lower('x', 'n') }} AS v, {{ crude_rate_problem('x', 'n') }} AS p FROM t"
    assert [bool(r["p"]) for r in rows(sql, t=t)] == [True, True, False]


def test_nothing_expected_gives_no_ratio():
    sql = "SELECT {{ smr_value('o', 'e') }} AS v, {{ smr_upper('o', 'e') }} AS u FROM t"
    assert rows(sql, t={"o": [3.0], "e": [0.0]}) == [{"v": None, "u": None}]


def test_rate_is_not_standardised_below_ten_events():
    sql = "SELECT {{ dsr_value('x', 'n', 'w') }} AS v FROM t GROUP BY g ORDER BY g"
    t = {"g": [1, 1, 2, 2], "x": [5, 4.99, 5, 5], "n": [100] * 4, "w": [1] * 4}
    assert column("v", sql, t=t) == [None, 5000]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"deaths": [None, *DEATHS[1:]]}, "missing"),
        ({"people": [*PEOPLE[:4], None, *PEOPLE[5:]]}, "missing"),
        ({"deaths": [*DEATHS[:-1], 0]}, "nobody died at 90 and over"),
        ({"people": [p / 16 for p in PEOPLE], "deaths": [1] * 20}, "5,000 or less"),
    ],
)
def test_life_table_with_a_fault_is_null_throughout(change, reason):
    table = life_table(**change)
    assert {row["value"] for row in table} == {row["ci95_upper"] for row in table} == {None}
    assert all(reason in row["problem"] for row in table)


def test_no_life_expectancy_at_an_age_nobody_reaches():
    deaths = [*DEATHS[:18], 900, DEATHS[19]]
    last = life_table(deaths)[-1]
    assert (last["value"], last["ci95_lower"]) == (None, None)
    assert last["problem"] == "nobody survives to this age"


def test_quantiles_given_as_text_are_sorted_as_numbers():
    value = [0.050, 0.047, 0.045, 0.043, 0.041, 0.038, 0.035, 0.032, 0.030, 0.028]
    rates = {
        "quantile": [str(q) for q in range(1, 11)], "population": [2000] * 10, "value": value,
        "ci95_lower": [v * 0.9 for v in value], "ci95_upper": [v / 0.9 for v in value],
    }  # fmt: skip
    as_text = rows(INDEX % ("mean", False, 1), rates=rates)
    assert as_text == rows(INDEX % ("mean", False, 1), rates={**rates, "quantile": list(range(1, 11))})
    assert as_text[0]["sii"] == pytest.approx(-0.0249, abs=2e-4)
    halved = rows(INDEX % ("rate", True, 0.5), rates=rates)[0]
    assert halved["sii_ci95_lower"] < halved["sii"] < halved["sii_ci95_upper"] < 0
    assert halved["rii_ci95_lower"] < halved["rii"] < halved["rii_ci95_upper"] < 1


def test_funnel_of_proportions_stays_within_one():
    sql = "SELECT {{ funnel_proportion_upper('0.9', 'n', 0.998) }} AS u FROM t"
    assert column("u", sql, t={"n": [2]}) == [1]


def test_twenty_quantiles_by_whole_numbers():
    sql = "SELECT {{ quantile_assignment('v', 20) }} AS q FROM t ORDER BY v DESC"
    n, rank = 28, 8
    assert column("q", sql, t={"v": list(range(n))})[rank - 1] == 21 - -(-(n + 1 - rank) * 20 // n)


def test_spc_constant_series_has_limits_at_the_mean():
    for row in chart([0.1] * 15):
        assert (row["lower_limit"], row["mean"], row["upper_limit"]) == (0.1, 0.1, 0.1)
        assert (row["side"], row["special_cause"]) == (0, "Common Cause")


def test_spc_missing_value_in_a_rising_run_is_no_signal():
    labels = [row["special_cause"] for row in chart([1, 2, 3, None, 5, 6, 7, 3, 1, 4, 2, 6, 3, 4])]
    assert not any("Trend" in label for label in labels)


def test_spc_date_twice_is_a_problem_not_a_chart():
    chart_rows = chart([1.0, 2.0, 3.0], days=[1, 1, 2])
    assert {row["problem"] for row in chart_rows} == {"a date occurs twice in the series"}
    assert {row["upper_limit"] for row in chart_rows} == {None}


def test_spc_published_example_screened_and_as_in_excel():
    values = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    for screen, expected in ((True, (-0.72, 1.94, 4.60)), (False, (-3.06, 1.94, 6.95))):
        row = chart(values, screen=screen)[0]
        assert (row["lower_limit"], row["mean"], row["upper_limit"]) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("largest", "mean_range"), [(3.684, (20 + 3.684) / 21), (3.685, 1)])
def test_spc_screens_ranges_from_3_267_times_their_mean(largest, mean_range):
    row = chart([float(i % 2) for i in range(21)] + [largest])[0]  # 20 ranges of 1, then the largest
    assert row["upper_limit"] - row["mean"] == pytest.approx(2.66 * mean_range)


def test_spc_baseline_shorter_than_twelve_is_refused():
    with pytest.raises(MacroError, match="at least 12"):
        render("{{ spc_xmr('points', fix_after=11) }}")


def test_spc_no_target_no_assurance():
    sql = "SELECT {{ spc_assurance('t', '1', '3', \"'increase'\") }} AS a FROM d"
    icons = [None, "consistent_pass", "inconsistent", "consistent_fail"]
    assert column("a", sql, d={"t": [None, 0.5, 2.0, 3.5]}) == icons


@pytest.mark.parametrize(
    ("values", "upper"), [([0.0] * 11 + [1.0] + [0.0] * 8, 0.33), ([100.0] * 11 + [101.0], 100.325)]
)
def test_spc_nearly_constant_series_keeps_limits_of_some_width(values, upper):
    """R's limits are the mean; a chart that is shown keeps the ranges that screening would empty."""
    points = {"day": list(range(len(values))), "y": values}
    sql = "SELECT * FROM ({{ spc_xmr('points', date='day', value='y', keep_width=%s) }}) ORDER BY day"
    assert {r["upper_limit"] - r["lower_limit"] for r in rows(sql % "false", points=points)} == {0}
    assert rows(sql % "true", points=points)[0]["upper_limit"] == pytest.approx(upper, abs=0.005)
