"""The quantiles that SQL lacks, against scipy: better than 1e-9 wherever a confidence limit needs them."""

import numpy as np
import pytest
from macro_rendering import MacroError, render
from scipy import stats
from statistics_sql import column

LEVELS = (0.9, 0.95, 0.975, 0.99, 0.998, 0.9999)
COUNTS = [0.0, 1e-3, 0.1, 0.5, 1, 2, 3, 4, 5, 6.6, 7, 8, 9, 9.999, 10, 37, 400, 2500]


@pytest.mark.parametrize("level", LEVELS)
def test_normal_and_t(level):
    tail = (1 - level) / 2
    degrees = [1.0, 2, 3, 4.5, 7, 12, 30, 100, 499, 501, 20000]
    assert float(column("z", f"SELECT {{{{ z_value({level}) }}}} AS z")[0]) == pytest.approx(
        stats.norm.isf(tail), rel=1e-13
    )
    t = column("t", f"SELECT {{{{ student_t_quantile('v', {level}) }}}} AS t FROM d", d={"v": degrees})
    np.testing.assert_allclose(t, stats.t.isf(tail, degrees), rtol=1e-10)


@pytest.mark.parametrize("level", LEVELS)
def test_exact_poisson_limits(level):
    tail, x = (1 - level) / 2, np.array(COUNTS)
    sql = "SELECT {{ poisson_exact_%s('x', %s) }} AS m FROM d"
    lower = column("m", sql % ("lower", level), d={"x": COUNTS})
    upper = column("m", sql % ("upper", level), d={"x": COUNTS})
    np.testing.assert_allclose(lower, np.nan_to_num(stats.chi2.ppf(tail, 2 * x) / 2), rtol=1e-10)
    np.testing.assert_allclose(upper, stats.chi2.isf(tail, 2 * x + 2) / 2, rtol=1e-9)


@pytest.mark.parametrize("level", [0.8, 0.5, 1, 100, 101])
def test_other_levels_are_refused(level):
    with pytest.raises(MacroError, match="confidence must lie in"):
        render(f"{{{{ byar_lower('x', {level}) }}}}")
