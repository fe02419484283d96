"""What an outsider recovers from derived figures: from full numbers everything, from rounded ones nothing
certain."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bassetlaw_pipeline.disclosure.attacks import counts_behind, relations, standardised, ward_gap
from bassetlaw_pipeline.disclosure.attacks.precision import Precision, evident
from bassetlaw_pipeline.disclosure.attacks.whole_numbers import Puzzle, answers

OLD_PEOPLE = np.array([460.0, 544, 356, 257, 128, 87]) / 4  # person-years of a quarter
OLD_WEIGHTS = np.array([5500.0, 5000, 4000, 2500, 1500, 1000])
FALLS = np.array([0, 1, 1, 1, 7, 1])
EVERYBODY = np.array(
    [6500.0, 6000, 5500, 6100, 6900, 6700, 6300, 7400, 8600, 9200, 8400, 7600, 7900, 6400, 4300, 2500, 1200]
)
EVERYBODY_WEIGHTS = np.array(
    [5500.0, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000]
)
DEATHS = np.array([0, 2, 2, 3, 1, 4, 7, 4, 7, 3, 3, 3, 1, 2, 1, 0, 0])
FULL = Precision(decimals=17, figures=17)
THREE_FIGURES = Precision(decimals=1, figures=3)
TWO_FIGURES = Precision(decimals=1, figures=2)  # of rates on fewer than 100 events
NUMBERS = {
    "value": None,
    "ci95_lower": (1.959963984540054, "lower"),
    "ci95_upper": (1.959963984540054, "upper"),
}


def rounded(value: float, precision: Precision) -> float:
    if precision.unrounded or value == 0:
        return round(value, 8)
    unit = max(10.0**-precision.decimals, 10.0 ** (np.floor(np.log10(abs(value))) - precision.figures + 1))
    return float(round(value / unit) * unit)


def byar(count: float, z: float, side: str) -> float:
    at, sign = (count, -1) if side == "lower" else (count + 1, 1)
    return at * (1 - 1 / (9 * at) + sign * z / (3 * at**0.5)) ** 3


def published(
    events: np.ndarray,
    people: np.ndarray,
    weights: np.ndarray,
    precision: Precision,
    shown: int | None = None,
):
    """A rate as the product publishes it: that of the rounded count, with the exact one's age pattern."""
    exact = int(events.sum())
    shown = 5 * ((exact + 2) // 5) if shown is None else shown
    u = 100_000 * weights / weights.sum() / people
    value = (u @ events) * shown / exact
    spread = np.sqrt((u**2 @ events) / exact)
    numbers = {}
    of_count = shown < standardised.LIMITS_OF_COUNT and not precision.unrounded
    scale = value / shown if of_count else spread
    for name, limit in NUMBERS.items():
        number = value + (scale * (byar(shown, *limit) - shown) if limit else 0)
        low, high = precision.interval(rounded(number, precision))
        numbers[name] = (float(low), float(high))
    counts = range(max(8, shown - 2), shown + 3) if shown % 5 == 0 else range(shown, shown + 1)
    return standardised.Rate(u, shown, counts, numbers)


def test_full_digits_of_a_quarters_falls_give_the_count_and_every_age():
    """Shown 10, in truth 11."""
    found = standardised.bands(published(FALLS, OLD_PEOPLE, OLD_WEIGHTS, FULL), 3)
    assert found.complete and found.totals == {11}
    assert found.least.tolist() == found.most.tolist() == FALLS.tolist()


def test_three_figures_of_the_same_rate_give_neither():
    found = standardised.bands(published(FALLS, OLD_PEOPLE, OLD_WEIGHTS, THREE_FIGURES), 3)
    assert len(found.totals) >= 3 and not found.unique().any()


def test_full_digits_of_three_years_deaths_give_all_seventeen_ages():
    """The number of deaths is published; those of an age are not."""
    deaths = published(DEATHS, 3 * EVERYBODY, EVERYBODY_WEIGHTS, FULL, shown=int(DEATHS.sum()))
    found = standardised.bands(deaths, 1)
    assert found.complete
    assert found.least.tolist() == found.most.tolist() == DEATHS.tolist()


def test_one_decimal_of_the_same_rate_leaves_every_age_open():
    deaths = published(DEATHS, 3 * EVERYBODY, EVERYBODY_WEIGHTS, THREE_FIGURES, shown=int(DEATHS.sum()))
    assert not standardised.bands(deaths, 1).unique().any()


def test_limits_by_another_formula_do_not_save_the_rate():
    """Limits of repeated events are wider: then the rate alone is turned round, which says less."""
    rate = published(FALLS, OLD_PEOPLE, OLD_WEIGHTS, FULL)
    wider = {
        name: ends if name == "value" else (ends[0] * 1.07, ends[1] * 1.07)
        for name, ends in rate.numbers.items()
    }
    found = standardised.bands(standardised.Rate(rate.weights, rate.shown, rate.counts, wider), 3)
    assert found.totals and (found.least <= FALLS).all() and (found.most >= FALLS).all()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_search_finds_exactly_what_trying_everything_finds(data):
    k, total = data.draw(st.integers(2, 4)), data.draw(st.integers(1, 9))
    weights = np.array(
        data.draw(st.lists(st.lists(st.floats(0.1, 9), min_size=k, max_size=k), min_size=2, max_size=2))
    )
    width = data.draw(st.sampled_from([0.001, 0.5, 3]))
    truth = np.bincount(
        data.draw(st.lists(st.integers(0, k - 1), min_size=total, max_size=total)), minlength=k
    )
    low, high = weights @ truth - width, weights @ truth + width
    found = answers([Puzzle(weights, low, high, total)], totals=99)
    every = np.array([w for w in product(range(total + 1), repeat=k) if sum(w) == total])
    holds = ((every @ weights.T >= low) & (every @ weights.T <= high)).all(axis=1)
    assert found.least.tolist() == every[holds].min(axis=0).tolist()
    assert found.most.tolist() == every[holds].max(axis=0).tolist()


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_truth_is_always_among_the_answers(data):
    people = np.array(data.draw(st.lists(st.integers(30, 900), min_size=6, max_size=6)), float)
    events = np.array(data.draw(st.lists(st.integers(0, 7), min_size=6, max_size=6)))
    precision = data.draw(st.sampled_from([FULL, THREE_FIGURES, Precision(0, 2)]))
    if events.sum() >= 10:
        found = standardised.bands(published(events, people, OLD_WEIGHTS, precision), 99)
        assert int(events.sum()) in found.totals
        assert (found.least <= events).all() and (events <= found.most).all()


def every_way(rate: standardised.Rate) -> list[np.ndarray]:
    """All age patterns of each possible count that give the published rate and limits, tried one by one."""
    low, high = rate.numbers["value"]
    least, most = min(rate.counts), max(rate.counts)
    patterns = np.array([w for w in product(range(most + 1), repeat=4) if least <= sum(w) <= most])
    value = (patterns @ rate.weights) * rate.shown / patterns.sum(axis=1)
    return list(patterns[(value >= low) & (value <= high)])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_planted_small_cell_that_is_certain_gets_past_the_attack(data):
    """Any place, any few events by age, by the rules of the product: what is let through has other ways."""
    people = np.array(data.draw(st.lists(st.integers(20, 900), min_size=4, max_size=4)), float)
    events = np.array(data.draw(st.lists(st.integers(0, 7), min_size=4, max_size=4)))
    if 10 <= events.sum() <= 12:
        rate = published(events, people, OLD_WEIGHTS[:4], TWO_FIGURES)
        found, ways = standardised.bands(rate, 3), np.array(every_way(rate))
        certain = (ways.min(axis=0) == ways.max(axis=0)) & (ways.min(axis=0) > 0)
        assert found.unique().tolist() == certain.tolist()
        assert (len(found.totals) < 3) == (len(set(ways.sum(axis=1).tolist())) < 3)


WARDS = np.array([4.1, 1.2, 0.9, 2.6, 1.7, 3.3, 2.2, 1.4, 5.0, 0.8])
DIED = np.array([4, 1, 2, 0, 1, 5, 1, 2, 4, 0])


def gap_of(died: np.ndarray, expected: np.ndarray, unit: float, limits: float) -> ward_gap.Gap:
    low, high = ward_gap.poisson_limits(died)
    value, low, high = (100 * x / expected for x in (died, low, high))
    top, bottom = np.argmax(value), min(np.flatnonzero(value == value.min()), key=lambda w: high[w])
    gap = value[top] - value[bottom]
    less = max(gap - np.hypot(value[top] - low[top], high[bottom] - value[bottom]), 0)
    more = gap + np.hypot(high[top] - value[top], value[bottom] - low[bottom])
    ends = [
        (u * round(x / u) - u / 2, u * round(x / u) + u / 2)
        for x, u in ((gap, unit), (less, limits), (more, limits))
    ]
    return ward_gap.Gap(expected, *ends, events=(float(died.sum()) - 2, float(died.sum()) + 2))


def test_a_gap_of_one_year_in_whole_points_names_the_ward_and_its_two_deaths():
    found = ward_gap.pairs(gap_of(DIED, WARDS, 1, 1))
    assert found.highest == {(2, 2)} and found.given_away()


def test_a_gap_of_five_years_with_limits_to_25_names_nobody():
    found = ward_gap.pairs(gap_of(np.array([31, 14, 13, 20, 16, 29, 21, 13, 38, 9]), 8 * WARDS, 1, 25))
    assert not found.given_away() and len(found.highest) > 2


def shares(numerators, denominators, values, precision: Precision) -> counts_behind.Figures:
    n, d = np.array(numerators, float), np.array(denominators, float)
    low, high = precision.interval(np.column_stack([values, np.full((len(n), 2), np.nan)]))
    return counts_behind.Figures("proportion", 100, n, d, n - 2, n + 2, d - 2, d + 2, 0 * d, low, high)


def test_a_share_of_exact_counts_beside_rounded_ones_gives_them():
    """Shown 10 of 30; 11 of 29 is 37.93 %."""
    above, below = counts_behind.candidates(shares([10, 20], [30, 60], [100 * 11 / 29, 100 * 19 / 61], FULL))
    assert above.tolist() == [1, 1] and below.tolist() == [1, 1]


def test_a_share_of_rounded_counts_says_no_more_than_they_do():
    above, _ = counts_behind.candidates(shares([10, 20], [30, 60], [100 / 3, 100 / 3], FULL))
    assert (above == -1).all()
    above, _ = counts_behind.candidates(shares([10, 20], [30, 60], [33.3, 33.3], THREE_FIGURES))
    assert (above == -1).all()


def formula(exact: np.ndarray, shown: np.ndarray, from_shown: bool, half: float) -> relations.Formula:
    prices = np.array([2232.0, 151.0])
    total = (shown if from_shown else exact) @ prices
    return relations.Formula(prices, shown, np.full(shown.shape, 4.0), total - half, total + half)


@pytest.mark.parametrize("half, certain", [(0.25, True), (2500.0, False)])
def test_a_total_at_fixed_prices_to_the_penny_gives_the_counts(half, certain):
    exact, shown = np.array([[38, 109], [12, -41]]), np.array([[35, 110], [10, -40]])
    kept = relations.candidates(formula(exact, shown, from_shown=False, half=half))
    assert (kept == 1).all() if certain else (kept >= 3).all()


def test_a_total_of_rounded_counts_gives_nothing_away():
    shown = np.array([[35, 110], [10, -40]])
    assert (relations.candidates(formula(shown, shown, from_shown=True, half=0.25)) == -1).all()


def test_the_precision_of_a_column_is_seen_in_its_numbers():
    assert evident(np.array([12.3, 1230, 4.0, 0.7])) == THREE_FIGURES
    assert evident(np.array([100 / 3])).unrounded
    assert THREE_FIGURES.interval(1230.0) == pytest.approx((1225, 1235), abs=0.01)
    assert THREE_FIGURES.interval(4.0) == pytest.approx((3.95, 4.05), abs=0.01)
