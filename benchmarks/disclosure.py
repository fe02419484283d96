"""Times secondary suppression and the attack on 100,000 invented counts, and a naive loop on a part of them.

Every indicator has 21 areas (district and 20 wards) and 24 months, with quarters, years and twelve rolling
months: 945 counts that hang together, about one in twenty of them hidden. The naive way bounds every hidden
count by two linear programmes over the whole table; it is timed on a few counts of a tenth of the table.

    python -m benchmarks.disclosure [--indicators 102]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from scipy import sparse

from bassetlaw_pipeline.disclosure.counts import Counts
from bassetlaw_pipeline.disclosure.intruder import exposed
from bassetlaw_pipeline.disclosure.protect import protect
from bassetlaw_pipeline.disclosure.solver import solve

WARDS, MONTHS = 20, 24
PERIODS = [
    *((m, m + 1) for m in range(MONTHS)),
    *((q, q + 3) for q in range(0, MONTHS, 3)),
    *((y, y + 12) for y in range(0, MONTHS, 12)),
    *((r, r + 12) for r in range(1, MONTHS - 12)),
]


def sums_of_one() -> sparse.csr_array:
    """Parts minus total for one indicator: wards to district by month, months to longer periods by area."""
    areas, periods = WARDS + 1, len(PERIODS)
    rows = []
    for month in range(MONTHS):
        row = np.zeros((areas, periods))
        row[:, month] = [*[1] * WARDS, -1]
        rows.append(row.ravel())
    for area in range(areas):
        for number, (first, last) in enumerate(PERIODS[MONTHS:], MONTHS):
            row = np.zeros((areas, periods))
            row[area, first:last], row[area, number] = 1, -1
            rows.append(row.ravel())
    return sparse.csr_array(np.array(rows))


def invented(indicators: int) -> Counts:
    """A table of so many indicators; wards have 3 to 40 events a month."""
    random = np.random.default_rng(7)
    every = []
    for _ in range(indicators):
        wards = random.poisson(random.uniform(3, 40, (WARDS, 1)), (WARDS, MONTHS))
        months = np.vstack([wards, wards.sum(axis=0)])
        every.append(np.column_stack([months[:, a:b].sum(axis=1) for a, b in PERIODS]).ravel())
    exact = np.concatenate(every).astype(float)
    sums = sparse.block_diag([sums_of_one()] * indicators, format="csr")
    hidden, shown = (exact > 0) & (exact < 8), 5 * np.floor((exact + 2) / 5)
    off = np.zeros(sums.shape[0])
    return Counts(
        keys=np.arange(len(exact)).astype(str),
        low=np.select([exact == 0, hidden], [0, 1], np.maximum(shown - 2, 8)),
        high=np.select([exact == 0, hidden], [0, 7], shown + 2),
        exact=exact,
        required=np.where(hidden, 3, 0),
        required_once_hidden=np.full(len(exact), 3),
        cost=np.select([hidden, exact == 0], [20, 1000], 1 + np.sqrt(exact)),
        hidden_with=np.full(len(exact), -1),
        sums=sparse.csr_array(sums),
        off_low=off,
        off_high=off,
    )


def naive(counts: Counts, position: int) -> tuple[float, float]:
    """The least and the most of one count: two programmes over the whole table."""
    objective = np.zeros(len(counts))
    objective[position] = 1
    rows, columns = (counts.off_low, counts.off_high), (counts.low, counts.high)
    low, high = (solve(sign * objective, counts.sums, rows, columns)[position] for sign in (1, -1))
    return low, high


def timed(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    """What a call gives, and the seconds it takes."""
    started = time.perf_counter()
    return work(*arguments), time.perf_counter() - started


def rows(indicators: int) -> Iterator[str]:
    """Lines of the table."""
    counts = invented(indicators)
    found, seconds = timed(protect, counts)
    yield f"| choose what to hide | {len(counts):,} | {(counts.required > 0).sum():,} | {seconds:.1f} s |"
    protected = counts.hiding(np.array(found.hide, int))
    left, seconds = timed(exposed, protected)
    yield f"| attack the result | {len(counts):,} | {(protected.required > 0).sum():,} | {seconds:.1f} s |"
    assert not left and not found.unprotected
    part = invented(max(indicators // 10, 1))
    hidden = np.flatnonzero(part.required)
    _, seconds = timed(lambda: [naive(part, int(p)) for p in hidden[:5]])
    all_of_it = seconds / 5 * len(hidden)
    yield f"| naive attack on a tenth, from 5 | {len(part):,} | {len(hidden):,} | {all_of_it:,.0f} s |"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=102)
    print("| step | counts | hidden | clock |\n|---|--:|--:|--:|")
    for line in rows(parser.parse_args().indicators):
        print(line, flush=True)
