"""Is the gap between deprived and less deprived wards closing: Poisson regression on counts by ward and year.

    log E[O] = log(expected) + ward + year + change * place * time

O are the events of a ward in a year; expected, its events at common rates by age; place runs from -1/2 (least
deprived) to 1/2 (most deprived) along the expected events; time is in years. `change` is the yearly change of
the gap: of the logarithm of the ratio between the most and the least deprived end. Effects of wards take up
what sets a ward apart in all years, effects of years what happens to all wards.

Standard error: the larger of the quasi-Poisson one (Pearson scale, never below 1) and the one clustered by
ward (scatter that lasts in a ward); t distribution with wards - 2 degrees of freedom.
Sources: McCullagh and Nelder, Generalized Linear Models (1989), 4.5 and 6.2; Liang and Zeger, Biometrika 73
(1986) 13-22; Low and Low, J Public Health 26 (2004) 397-402, for the place. docs/statistics.md says how often
it claims what is not so, and what it can find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

FEWEST_YEARS = 4  # two three-year pools
FEWEST_EVENTS_A_WARD = 5  # over all years, on average
FEWEST_WARDS = 5
POOLED_YEARS = 3
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Answer:
    """Gaps and changes are logarithms of ratios; `pools` has the gap of every three years in a row."""

    years: int
    verdict: str
    reason: str | None = None
    gap: float | None = None
    change: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None
    pools: tuple[float, ...] = ()


def gap_closing(observed: np.ndarray, expected: np.ndarray, deprivation: np.ndarray) -> Answer:
    """The answer for counts and expected counts (wards x years), and each ward's deprivation (more is worse).

    verdict: closing, widening, no_clear_change, or cannot_be_told with a reason.
    """
    years = observed.shape[1]
    if problem := _problem(observed, expected, deprivation):
        return Answer(years, "cannot_be_told", problem)
    place = _place(expected.sum(axis=1), deprivation)
    time = np.arange(years) - (years - 1) / 2
    change, error = _change(observed, expected, place, time)
    margin, p_value = _t_test(change, error, int((observed.sum(axis=1) > 0).sum()))
    gap, *ends = _gaps(observed, expected, place, time)
    return Answer(
        years=years,
        verdict=_verdict(change, margin, gap, *ends),
        gap=gap,
        change=change,
        lower=change - margin,
        upper=change + margin,
        p_value=p_value,
        pools=_pools(observed, expected, place),
    )


def answers(wards: pa.Table) -> pa.Table:
    """One row per indicator and period of `rst_ward_year`, as described in _restricted__models.yml."""
    import pyarrow as pa

    frame = wards.to_pandas().sort_values(["indicator_id", "period_id", "year_start", "area_code"])
    rows = []
    for (indicator, period, vintage), group in frame.groupby(["indicator_id", "period_id", "imd_vintage"]):
        counts = {n: group.pivot(index="area_code", columns="year_start", values=n) for n in _COUNTS}
        deprivation = group.groupby("area_code")["deprivation"].first()
        observed, expected = (c.to_numpy(float) for c in counts.values())
        answer = gap_closing(observed, expected, deprivation.to_numpy(float))
        rows.append({"indicator_id": indicator, "period_id": period, "imd_vintage": vintage} | _row(answer))
    return pa.Table.from_pylist(rows, schema=_schema())


_COUNTS = ("observed", "expected")


def _row(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in _NUMBERS} | {
        "years": answer.years,
        "verdict": answer.verdict,
        "reason": answer.reason,
        "pools": list(answer.pools),
    }


_NUMBERS = ("gap", "change", "lower", "upper", "p_value")


def _schema() -> pa.Schema:
    import pyarrow as pa

    text = [(name, pa.string()) for name in ("indicator_id", "period_id")]
    numbers = [(name, pa.float64()) for name in _NUMBERS]
    rest = [("years", pa.int32()), ("verdict", pa.string()), ("reason", pa.string())]
    return pa.schema([*text, ("imd_vintage", pa.int32()), *numbers, *rest, ("pools", pa.list_(pa.float64()))])


def _problem(observed: np.ndarray, expected: np.ndarray, deprivation: np.ndarray) -> str | None:
    wards, years = observed.shape
    if years < FEWEST_YEARS:
        return f"fewer than {FEWEST_YEARS} whole years"
    if not all(np.isfinite(part).all() for part in (observed, expected, deprivation)):
        return "a number of a ward is missing"
    if wards < FEWEST_WARDS or np.ptp(deprivation) == 0:
        return "the wards do not differ in deprivation"
    if (expected <= 0).any():
        return "nothing is expected in a ward"
    if observed.sum() < FEWEST_EVENTS_A_WARD * wards or (observed.sum(axis=1) > 0).sum() < FEWEST_WARDS:
        return "too few events"
    return None


def _place(expected: np.ndarray, deprivation: np.ndarray) -> np.ndarray:
    """Middle of all wards as deprived as each, on the cumulative share of what is expected, less 1/2."""
    below = np.array([expected[deprivation < own].sum() for own in deprivation])
    alike = np.array([expected[deprivation == own].sum() for own in deprivation])
    return (below + alike / 2) / expected.sum() - 0.5


def _change(
    observed: np.ndarray, expected: np.ndarray, place: np.ndarray, time: np.ndarray
) -> tuple[float, float]:
    """The interaction and its standard error; a ward without events says nothing and is left out."""
    some = observed.sum(axis=1) > 0
    observed, expected, place = observed[some], expected[some], place[some]
    wards, years = observed.shape
    ward, year = (axis.ravel() for axis in np.indices(observed.shape))
    design = np.column_stack(
        [place[ward] * time[year], np.eye(wards)[ward], np.eye(years)[year][:, 1:]],
    )
    model = _poisson(observed, expected, design)
    fitted = model.fit()
    quasi = np.sqrt(fitted.cov_params()[0, 0] * _scale(fitted))
    clustered = model.fit(
        cov_type="cluster", cov_kwds={"groups": ward}, start_params=fitted.params, maxiter=2
    )
    return float(fitted.params[0]), float(max(quasi, clustered.bse[0]))


def _gaps(
    observed: np.ndarray, expected: np.ndarray, place: np.ndarray, time: np.ndarray
) -> tuple[float, float, float]:
    """The gap in the middle of the years, and the z value of the gap in the first and in the last year."""
    ward, year = (axis.ravel() for axis in np.indices(observed.shape))
    design = np.column_stack([place[ward], place[ward] * time[year], np.eye(len(time))[year]])
    fitted = _poisson(observed, expected, design).fit()
    covariance = fitted.cov_params()[:2, :2] * _scale(fitted)
    ends = [np.array([1.0, moment]) for moment in (time[0], time[-1])]
    z = [float(end @ fitted.params[:2] / np.sqrt(end @ covariance @ end)) for end in ends]
    return float(fitted.params[0]), z[0], z[1]


def _pools(observed: np.ndarray, expected: np.ndarray, place: np.ndarray) -> tuple[float, ...]:
    """The gap of every three years in a row."""
    gaps = []
    for first in range(observed.shape[1] - POOLED_YEARS + 1):
        own = slice(first, first + POOLED_YEARS)
        design = np.column_stack([place, np.ones(len(place))])
        fitted = _poisson(observed[:, own].sum(axis=1), expected[:, own].sum(axis=1), design).fit()
        gaps.append(float(fitted.params[0]))
    return tuple(gaps)


def _poisson(observed: np.ndarray, expected: np.ndarray, design: np.ndarray):
    # Imported here: it takes more than a second, and only a build that has wards by year needs it.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    return GLM(observed.ravel(), design, family=Poisson(), offset=np.log(expected.ravel()))


def _scale(fitted) -> float:
    """Pearson's estimate of the overdispersion; less scatter than Poisson's is taken for chance."""
    return max(1.0, fitted.pearson_chi2 / fitted.df_resid)


def _t_test(change: float, error: float, wards: int) -> tuple[float, float]:
    """Half the width of the interval, and the two-sided p value."""
    from scipy import stats

    t = stats.t(wards - 2)
    return float(t.ppf((1 + CONFIDENCE) / 2) * error), float(2 * t.sf(abs(change) / error))


def _verdict(change: float, margin: float, gap: float, first: float, last: float) -> str:
    """A change is told only of a gap that is clear: at first where it closes, at last where it widens."""
    clear = 1.96  # standard errors
    if abs(change) <= margin:
        return "no_clear_change"
    if change * gap < 0:
        return "closing" if abs(first) > clear and first * gap > 0 else "no_clear_change"
    return "widening" if abs(last) > clear and last * gap > 0 else "no_clear_change"
