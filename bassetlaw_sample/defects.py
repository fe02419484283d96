"""What a rule about defects is made of: which rows of a table go wrong, how, and how often.

A rule names the defect of the catalogue that the pipeline must report (`expectations/reasons.yml` says which
reason codes stand for it). A row gets one defect at most, so that counts can be compared exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bassetlaw_sample.damage import BAD_NHS_NUMBER, Damage, fixed

Eligible = Callable[[pa.Table], np.ndarray]
_MOST = 12  # at most one row in so many gets a defect of one kind

# Practices that have closed, and the last day on which their code was right.
CLOSED_PRACTICES = {
    "C84143": date(2016, 12, 31),
    "C84700": date(2016, 12, 31),
    "Y02833": date(2017, 4, 30),
    "C84052": date(2019, 4, 30),
}


@dataclass(frozen=True)
class Rule:
    """One way in which rows of a table go wrong.

    share     of the eligible rows
    eligible  which rows may be chosen; None is any row
    since     the rule applies to files that arrive after this day
    """

    id: str
    column: str
    damage: Damage
    share: float
    eligible: Eligible | None = None
    since: date | None = None


@dataclass(frozen=True)
class Orphans:
    """Rows that are taken away so that others point at nothing (D20).

    column  the key that ties the rows of `table` together
    take    returns the table without some rows, and the keys whose other rows are now orphans (or None)
    """

    table: str
    column: str
    take: Callable[[np.random.Generator, pa.Table], tuple[pa.Table, pa.Array | None]]


def how_many(rng: np.random.Generator, share: float, eligible: int, rows: int) -> int:
    """A whole number whose mean is share * eligible, never a large part of a small table."""
    return min(int(share * eligible + rng.random()), eligible, rows // _MOST)


def filled(*columns: str) -> Eligible:
    """Rows with a value in every column."""
    return lambda table: _all([pc.is_valid(table[c]) for c in columns])


def empty(column: str) -> Eligible:
    """Rows without a value."""
    return lambda table: _numpy(pc.is_null(table[column]))


def equals(column: str, *values: str) -> Eligible:
    """Rows with one of some values."""
    return lambda table: _numpy(pc.is_in(table[column], pa.array(values)))


def both(*conditions: Eligible) -> Eligible:
    """Rows that meet every condition."""
    return lambda table: np.logical_and.reduce([c(table) for c in conditions])


def _all(masks: list[pa.ChunkedArray]) -> np.ndarray:
    return np.logical_and.reduce([_numpy(m) for m in masks])


def _numpy(mask: pa.ChunkedArray) -> np.ndarray:
    return pc.fill_null(mask, False).to_numpy().astype(bool)


def days_later(days: int, layout: str) -> Callable[[str], str]:
    """An edit that moves a date by some days."""
    return lambda text: (datetime.strptime(text, layout) + timedelta(days=days)).strftime(layout)


def closed_practices(share: float) -> list[Rule]:
    """D08: the code of a practice after it has closed."""
    return [
        Rule("D08", "gp_practice", fixed(code), share, filled("gp_practice"), since=last)
        for code, last in CLOSED_PRACTICES.items()
    ]


_PERSON = {"bad": ("nhs_number", BAD_NHS_NUMBER), "none": ("nhs_number", fixed(None))}


def nhs_numbers(bad: float, missing: float) -> list[Rule]:
    """D01 and D02: shares of NHS numbers that are wrong and that are not there."""
    return [
        Rule("D01", *_PERSON["bad"], bad, filled("nhs_number")),
        Rule("D02", *_PERSON["none"], missing, filled("nhs_number")),
    ]
