"""Is the gap closing: against an independent likelihood, and over simulated districts of known truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from simulated_gaps import draws, expected_by_year, ward_place
from simulated_wards import imd_score

from bassetlaw_pipeline.statistics.gap_closing import Answer, gap_closing

DISTRICTS = range(100)


def answer(observed: np.ndarray, times: float = 1.0, **changes: np.ndarray) -> Answer:
    years = observed.shape[1]
    given = {"expected": times * expected_by_year(years), "deprivation": imd_score()} | changes
    return gap_closing(observed, **given)


def claims(name: str, times: float = 1.0) -> dict[str, float]:
    """Share of each verdict over the districts of a truth."""
    verdicts = [answer(drawn, times).verdict for drawn in draws(name, DISTRICTS, times)]
    return {verdict: verdicts.count(verdict) / len(verdicts) for verdict in ("closing", "widening")}


@pytest.mark.parametrize("truth", ["alike", "gap_stays_wards_differ", "gap_stays_years_scatter"])
def test_a_gap_that_stays_is_rarely_called_closing_or_widening(truth):
    """At most one in twenty: of 100 districts at most 10 (a share of 5 % exceeds that once in ninety)."""
    assert sum(claims(truth).values()) <= 0.10


def test_a_gap_that_closes_is_found_where_there_are_events_enough():
    assert claims("halves", times=10)["closing"] > 0.7
    assert claims("halves", times=10)["widening"] == 0
    assert claims("doubles", times=10)["widening"] > 0.7


def test_the_change_is_the_maximum_of_the_likelihood_given_each_ward_and_year():
    """By hand: effects of wards and years are those that make their totals come out."""
    drawn = next(draws("halves", [7], 10))
    found = answer(drawn, 10)
    place, time, expected = ward_place(), np.arange(5) - 2.0, 10 * expected_by_year(5)

    def loss(change: float) -> float:
        level = np.zeros(5)
        for _ in range(200):  # ward totals and year totals in turn (iterative proportional fitting)
            rate = expected * np.exp(level + change * place[:, None] * time)
            rate *= (drawn.sum(axis=1) / rate.sum(axis=1))[:, None]
            level += np.log(drawn.sum(axis=0) / rate.sum(axis=0))
        return -(drawn * np.log(rate)).sum() + rate.sum()

    best = minimize_scalar(loss, bounds=(-1, 1), method="bounded", options={"xatol": 1e-7}).x
    assert found.change == pytest.approx(best, abs=1e-4)
    assert found.lower < found.change < found.upper < 0
    assert found.p_value < 0.05 and found.verdict == "closing"
    assert len(found.pools) == 3 and found.pools[0] > found.pools[2]


def test_the_order_of_the_wards_and_the_size_of_a_score_do_not_matter():
    drawn, order = next(draws("halves", [7], 10)), np.random.default_rng(1).permutation(25)
    shuffled = gap_closing(drawn[order], 10 * expected_by_year(5)[order], np.exp(imd_score()[order] / 9))
    assert shuffled.change == pytest.approx(answer(drawn, 10).change)
    assert shuffled.p_value == pytest.approx(answer(drawn, 10).p_value)


@pytest.mark.parametrize(
    ("observed", "changes", "reason"),
    [
        (np.full((25, 3), 9), {}, "whole years"),
        (np.zeros((25, 5)), {}, "too few events"),
        (np.eye(25, 5), {}, "too few events"),
        (np.full((25, 5), np.nan), {}, "missing"),
        (np.full((25, 5), 9), {"deprivation": np.ones(25)}, "do not differ in deprivation"),
        (np.full((25, 5), 9), {"expected": np.zeros((25, 5))}, "nothing is expected"),
    ],
)
def test_it_says_why_it_cannot_tell(observed, changes, reason):
    found = answer(observed.astype(float), **changes)
    assert found.verdict == "cannot_be_told" and reason in found.reason
    assert found.change is None and found.pools == ()


def test_a_ward_without_any_event_does_not_stop_the_answer():
    drawn = next(draws("gap_stays", [3]))
    drawn[4] = 0
    assert answer(drawn).verdict in {"closing", "widening", "no_clear_change"}
