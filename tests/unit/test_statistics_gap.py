"""Do areas differ, and is the gap closing: against scipy and numpy, and over 200 simulated districts."""

import numpy as np
import pytest
from scipy import stats
from simulated_wards import GRADIENT, SEEDS, columns, expected_deaths, generator, imd_score, risk
from statistics_sql import column, rows

HETEROGENEITY = (
    "SELECT {{ heterogeneity_chi_square('o', 'e', %(binomial)s) }} AS chi_square,"
    " {{ heterogeneity_df('o', 'e', %(binomial)s) }} AS df,"
    " {{ heterogeneity_p_value('o', 'e', %(binomial)s) }} AS p,"
    " {{ heterogeneity_problem('o', 'e', %(binomial)s) }} AS problem FROM t"
)
GAP = "SELECT * FROM ({{ deprivation_gap('t', deprivation='d', observed='o', expected='e', binomial='%s') }})"
ARGUMENTS = "'earlier.gap', 'earlier.gap_se', 'later.gap', 'later.gap_se'"
CHANGES = """
WITH gap AS ({{ deprivation_gap('wards', ['seed', 'period'], deprivation='d', observed='o', expected='e') }})
SELECT seed, {{ gap_change_value(ARGUMENTS) }} AS change, {{ gap_change_verdict(ARGUMENTS) }} AS verdict,
  {{ gap_change_events(gap_change_value(ARGUMENTS), 'later.expected') }} AS events
FROM gap AS earlier JOIN gap AS later USING (seed)
WHERE earlier.period = 0 AND later.period = 1
ORDER BY seed
""".replace("ARGUMENTS", ARGUMENTS)
EVEN = {"d": [1.0, 2, 3, 4, 5], "o": [12, 14, 16, 18, 20], "e": [10.0] * 5}


def heterogeneity(observed: list, expected: list, binomial: str = "false") -> dict:
    return rows(HETEROGENEITY % {"binomial": binomial}, t={"o": observed, "e": expected})[0]


def gap(binomial: str = "false", **changes: list) -> dict:
    return rows(GAP % binomial, t=EVEN | changes)[0]


def verdict(*gaps: float) -> str:
    return column("v", "SELECT {{ gap_change_verdict('a', 's', 'b', 'u') }} AS v FROM t",
                  t={k: [v] for k, v in zip("asbu", gaps, strict=True)})[0]  # fmt: skip


def simulate(first: np.ndarray, second: np.ndarray, size: float = 1.0) -> list[dict]:
    """Verdicts of 200 seeds; the wards' true ratios are `first` in one period and `second` in the next."""
    e = size * expected_deaths()
    drawn = np.stack([generator(seed).poisson(np.stack([first * e, second * e])) for seed in SEEDS])
    table = columns(
        seed=np.array(SEEDS)[:, None, None], period=np.arange(2)[:, None], d=imd_score(), o=drawn, e=e
    )
    return rows(CHANGES, wards=table)


def share(results: list[dict], wanted: str) -> float:
    return np.mean([r["verdict"] == wanted for r in results])


def test_the_tail_of_chi_square_is_exact():
    df, x = (
        a.ravel()
        for a in np.meshgrid([1, 2, 3, 24, 25, 69, 500], [0, 1e-6, 0.5, 5, 24, 26.1, 60, 500, 503, 1300])
    )
    sql = "SELECT {{ chi_square_tail('x', 'df') }} AS p FROM t"
    found = column("p", sql, t={"x": x.astype(float), "df": df.astype(float)})
    np.testing.assert_allclose(found, stats.chi2.sf(x, df), rtol=1e-10)


def test_heterogeneity_is_pearsons_chi_square():
    observed, expected = [8, 21, 30, 11, 19], [10.5, 14.0, 25.2, 16.1, 20.0]
    fitted = np.array(expected) * sum(observed) / sum(expected)
    assert heterogeneity(observed, expected) == pytest.approx(
        dict(zip(("chi_square", "p"), stats.chisquare(observed, fitted), strict=True))
        | {"df": 4, "problem": None}
    )
    people = [40, 60, 80, 50, 90]
    table = np.array([observed, np.subtract(people, observed)])
    exact = stats.chi2_contingency(table, correction=False)
    found = heterogeneity(observed, people, "true")
    assert (found["chi_square"], found["p"]) == pytest.approx((exact.statistic, exact.pvalue))


@pytest.mark.parametrize(
    ("observed", "expected", "problem"),
    [
        ([9], [9.0], "fewer than two areas"),
        ([9, None], [9.0, 9.0], "missing"),
        ([9, -1], [9.0, 9.0], "negative"),
        ([9, 9], [9.0, 0.0], "not above zero"),
        ([0, 0], [9.0, 9.0], "no events"),
        ([4, 5], [9.0, 9.0], "fewer than 5"),
    ],
)
def test_heterogeneity_refuses_what_it_cannot_judge(observed, expected, problem):
    found = heterogeneity(observed, expected)
    assert problem in found["problem"]
    assert (found["chi_square"], found["df"], found["p"]) == (None, None, None)


def test_heterogeneity_is_claimed_in_five_of_a_hundred_equal_districts_and_in_unequal_ones():
    sql = "SELECT {{ heterogeneity_p_value('o', 'e') }} AS p FROM t GROUP BY seed"
    claimed = {}
    for name, truth in {"equal": np.ones(25), "unequal": risk(2 * GRADIENT)}.items():
        mean = truth * expected_deaths()
        drawn = np.stack([generator(seed).poisson(mean) for seed in SEEDS])
        p = column("p", sql, t=columns(seed=np.array(SEEDS)[:, None], o=drawn, e=expected_deaths()))
        claimed[name] = np.mean(np.array(p) < 0.05)
    assert 0.02 <= claimed["equal"] <= 0.08
    assert claimed["unequal"] > 0.9


def test_the_gap_is_the_weighted_line_through_the_areas():
    observed, expected = np.array([30, 9, 14, 8, 25, 0]), np.array([18.0, 9.5, 11.2, 10.1, 20.0, 6.0])
    place = (np.cumsum(expected) - expected / 2) / expected.sum()
    slope, _ = np.polyfit(place, observed / expected, 1, w=np.sqrt(expected))
    found = gap(d=[1.0, 2, 3, 4, 5, 6], o=observed, e=expected)
    assert found["gap"] == pytest.approx(100 * slope)
    assert found["excess_events"] == pytest.approx(slope * expected.sum() / 2)
    assert found["gap_upper"] - found["gap"] == pytest.approx(1.959963984540054 * found["gap_se"])


def test_the_excess_is_what_the_least_deprived_rate_would_have_spared():
    found = gap()  # ratios 1.2, 1.4, ... 2.0 at the places 0.1, 0.3, ... 0.9: a line from 1.1 to 2.1
    assert found["gap"] == pytest.approx(100)
    assert found["excess_events"] == pytest.approx(80 - 1.1 * 50)
    assert gap(d=[5.0, 4, 3, 2, 1])["gap"] == pytest.approx(-100)


def test_equally_deprived_areas_share_their_place_and_row_order_does_not_matter():
    tied = gap(d=[1.0, 2, 2, 4, 5], o=[12, 13, 17, 18, 20])
    assert tied == pytest.approx(gap(d=[2.0, 5, 2, 1, 4], o=[17, 20, 13, 12, 18]))
    assert tied["gap"] == pytest.approx(gap(d=[1.0, 2, 2, 4, 5], o=[12, 15, 15, 18, 20])["gap"])


def test_shares_vary_less_than_rates():
    assert gap("true", e=[100.0] * 5)["gap_se"] < 0.95 * gap("false", e=[100.0] * 5)["gap_se"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"d": [1.0, 2], "o": [9, 9], "e": [9.0, 9.0]}, "fewer than 5"),
        ({"d": [1.0, None, 3, 4, 5]}, "deprivation of an area is missing"),
        ({"o": [1, None, 3, 4, 5]}, "number is missing"),
        ({"o": [1, -2, 3, 4, 5]}, "negative"),
        ({"e": [0.0, 2, 3, 4, 5]}, "not above zero"),
        ({"o": [0] * 5}, "no events"),
        ({"d": [3.0] * 5}, "equally deprived"),
    ],
)
def test_no_gap_without_the_numbers_for_it(changes, problem):
    found = gap(**changes)
    assert problem in found["problem"]
    assert found["gap"] is found["gap_se"] is found["excess_events"] is None


@pytest.mark.parametrize(
    ("gaps", "wanted"),
    [
        ((80.0, 12.0, 30.0, 12.0), "closing"),
        ((-80.0, 12.0, -30.0, 12.0), "closing"),  # more of something good among the well-off
        ((30.0, 12.0, 80.0, 12.0), "widening"),
        ((80.0, 12.0, 70.0, 12.0), "no_clear_change"),
        ((20.0, 12.0, -40.0, 12.0), "widening"),  # turned round and larger
        ((20.0, 12.0, -19.0, 6.0), "no_clear_change"),
        ((23.0, 12.0, -12.0, 0.1), "no_clear_change"),
        ((80.0, None, 30.0, 12.0), None),
    ],
)
def test_verdicts(gaps, wanted):
    assert verdict(*gaps) == wanted


def test_a_change_is_counted_in_people_as_the_excess_is():
    later = gap(o=[12, 13, 14, 15, 16], e=[20.0] * 5)
    events = column("v", "SELECT {{ gap_change_events('a', 'e') }} AS v FROM t",
                    t={"a": [later["gap"]], "e": [later["expected"]]})  # fmt: skip
    assert events == [pytest.approx(later["excess_events"])]


def test_closing_needs_a_gap_to_have_been_there():
    # The change is clear, but the earlier gap (10, se 5.2) was not.
    assert verdict(10.0, 5.2, -2.0, 2.5) == verdict(10.0, 5.2, 0.1, 0.1) == "no_clear_change"


@pytest.mark.parametrize("size", [0.5, 1, 4])
def test_without_true_differences_closing_is_rarely_claimed(size):
    results = simulate(np.ones(25), np.ones(25), size)
    assert share(results, "closing") <= 0.05
    assert share(results, "widening") <= 0.05


def test_a_gap_that_stays_is_not_called_closing():
    unequal = risk(2 * GRADIENT)
    results = simulate(unequal, unequal, 4)
    assert share(results, "closing") <= 0.05
    assert share(results, "widening") <= 0.05


def test_a_strong_gap_that_halves_is_found_and_counted_in_people():
    strong, half = risk(2 * GRADIENT, 1.0), 1 + (risk(2 * GRADIENT, 1.0) - 1) / 2
    found = {size: simulate(strong, half, size) for size in (1, 4)}
    print("\nhalving found:", {size: f"{share(r, 'closing'):.0%}" for size, r in found.items()})
    assert share(found[4], "closing") > 0.9
    assert share(found[4], "widening") == 0
    assert share(found[1], "closing") > 0.3
    assert np.mean([r["events"] for r in found[4]]) == pytest.approx(
        4 * np.mean([r["events"] for r in found[1]]), rel=0.1
    )
