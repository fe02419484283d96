"""Deaths by ward and year drawn from gaps that stay, close or widen; shared by the test and the benchmark.

The wards and their expected deaths are the real ones (simulated_wards); the truth is the logarithm of the
ratio between the most and the least deprived end in the first and in the last year, and what else makes wards
differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from simulated_wards import expected_deaths, generator, imd_score

FLAT, STEEP = 0.0, 1.0  # a ratio of 1, and of 2.7
# name -> gap in the first and in the last year; scatter of wards (lasting), of ward-years, of wards' trends
TRUTHS = {
    "alike": (FLAT, FLAT, 0.0, 0.0, 0.0),
    "gap_stays": (STEEP, STEEP, 0.0, 0.0, 0.0),
    "gap_stays_wards_differ": (STEEP, STEEP, 0.3, 0.0, 0.0),
    "gap_stays_years_scatter": (STEEP, STEEP, 0.0, 0.3, 0.0),
    "gap_stays_wards_drift": (STEEP, STEEP, 0.0, 0.0, 0.1),
    "halves": (STEEP, STEEP / 2, 0.0, 0.0, 0.0),
    "vanishes": (STEEP, FLAT, 0.0, 0.0, 0.0),
    "doubles": (STEEP / 2, STEEP, 0.0, 0.0, 0.0),
}


def expected_by_year(years: int, cause: str = "circulatory") -> np.ndarray:
    """Deaths expected in each ward (rows) and year, the same in every year."""
    return np.repeat(expected_deaths(cause)[:, None] / 5, years, axis=1)


def ward_place() -> np.ndarray:
    """Place of each ward along the expected deaths, -1/2 least to 1/2 most deprived."""
    expected, order = expected_deaths(), np.argsort(imd_score(), kind="stable")
    place = np.empty(len(expected))
    place[order] = (np.cumsum(expected[order]) - expected[order] / 2) / expected.sum() - 0.5
    for score in np.unique(imd_score()):  # wards as deprived as each other share their place
        same = imd_score() == score
        place[same] = np.average(place[same], weights=expected[same])
    return place


def draws(
    truth: str, seeds: Iterable[int], times: float = 1.0, years: int = 5, cause: str = "circulatory"
) -> Iterator[np.ndarray]:
    """Events by ward and year of one district per seed; `times` as many as in Bassetlaw."""
    first, last, wards, ward_years, drift = TRUTHS[truth]
    expected = times * expected_by_year(years, cause)
    time = np.arange(years) - (years - 1) / 2
    gap = np.linspace(first, last, years)
    for seed in seeds:
        random = generator(seed)
        scatter = wards * random.standard_normal((25, 1)) + ward_years * random.standard_normal((25, years))
        trend = drift * random.standard_normal((25, 1)) * time
        yield random.poisson(expected * np.exp(ward_place()[:, None] * gap + scatter + trend)).astype(float)
