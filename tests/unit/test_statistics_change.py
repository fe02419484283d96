"""Is a figure different from an earlier one: against known answers, and how often it claims too much."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from macro_rendering import render
from scipy import stats

_ROW = (
    "method VARCHAR, value DOUBLE, ci95_lower DOUBLE, ci95_upper DOUBLE, numerator DOUBLE, "
    "denominator DOUBLE, previous_value DOUBLE, previous_lower DOUBLE, previous_upper DOUBLE, "
    "previous_numerator DOUBLE, previous_denominator DOUBLE, rounding DOUBLE, independent_events BOOLEAN"
)
_SQL = "SELECT {{ change_test('r') }}, {{ change_p_value(change_z('r')) }} FROM r"


def p_values(*rows: dict) -> list[tuple]:
    """Test and p-value of each row; what a row leaves out is empty."""
    names = [column.split()[0] for column in _ROW.split(", ")]
    base = {"rounding": 0.0, "independent_events": True, "value": 1.0, "previous_value": 1.0}
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE r ({_ROW})")
        values = [[(base | row).get(name) for name in names] for row in rows]
        con.executemany(f"INSERT INTO r VALUES ({', '.join('?' * len(names))})", values)
        return con.execute(render(_SQL)).fetchall()


def counts(method: str, x: float, x0: float, n: float | None = None, n0: float | None = None, **more) -> dict:
    counted = {"numerator": x, "previous_numerator": x0, "denominator": n, "previous_denominator": n0}
    return {"method": method} | counted | more


def test_overlapping_intervals_are_no_test():
    """455 people after 525: the intervals overlap (414 to 499, 481 to 572), yet chance seldom does this."""
    ((test, p),) = p_values(counts("count", 455, 525, rounding=25 / 12))
    assert test == "rate_ratio" and p == pytest.approx(0.0257, abs=5e-4)


def test_two_proportions_and_rates_as_elsewhere():
    found = p_values(counts("proportion", 80, 60, 100, 100), counts("crude_rate", 40, 60, 1000, 900))
    chi_square = stats.chi2_contingency([[80, 20], [60, 40]], correction=False)
    share = 1000 / 1900
    z = (40 - 100 * share) / np.sqrt(100 * share * (1 - share))
    assert found[0] == ("two_proportions", pytest.approx(chi_square.pvalue))
    assert found[1] == ("rate_ratio", pytest.approx(2 * stats.norm.sf(abs(z))))


def test_limits_give_the_standard_errors():
    limits = {"value": 12.0, "ci95_lower": 10.04, "ci95_upper": 13.96, "previous_value": 9.0}
    ((test, p),) = p_values({"method": "published", "previous_lower": 7.04, "previous_upper": 10.96} | limits)
    assert test == "from_intervals" and p == pytest.approx(2 * stats.norm.sf(3 / np.sqrt(2)), rel=1e-3)


@pytest.mark.parametrize(
    "row",
    [
        counts("count", 6, 27, independent_events=False),
        counts("growth", 100, 90, 90, 80, ci95_lower=1, ci95_upper=2, previous_lower=1, previous_upper=2),
        counts("ratio", 5, 4, 3, 2),
        counts("count", 10, 25),
        counts("proportion", 5, 4, 10, 0),
    ],
)  # fmt: skip
def test_nothing_is_claimed_where_the_counts_allow_no_test(row):
    assert p_values(row)[0][0] == "none"


@pytest.mark.parametrize("mean", [20, 40, 150])
def test_rounded_counts_without_a_change_seldom_claim_one(mean):
    drawn = np.random.default_rng(11).poisson(mean, (4000, 2))
    rounded = 5.0 * np.round(drawn / 5)
    found = p_values(*(counts("count", a, b, rounding=25 / 12) for a, b in rounded))
    assert np.mean([p is not None and p < 0.05 for _, p in found]) <= 0.06
