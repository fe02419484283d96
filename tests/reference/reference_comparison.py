"""Compares what a macro returned with what R returned, cell by cell.

Knows tolerances and how rows are matched; knows nothing of any method.
"""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from reference_cases import Case, Row

LABELS = {"confidence", "statistic", "method", "nquantiles", "groupvars", "qinverted"}


@dataclass
class Result:
    """Outcome of one case: cells that differ, and the worst relative error among those that agree."""

    case: Case
    rows: int = 0
    worst: float = 0.0
    failures: list[str] = field(default_factory=list)

    def absorb(self, other: "Result") -> None:
        """Adds the differences of a second table of the same case."""
        self.worst = max(self.worst, other.worst)
        self.failures += other.failures


@dataclass(frozen=True)
class Tolerance:
    """Largest relative difference that counts as equal; absolute where the expected value is near zero."""

    relative: float = 1e-9
    absolute: float = 1e-9


def compare(case: Case, actual: list[dict], expected: list[Row], keys: list[str], tolerances=None) -> Result:
    """Rows are matched by `keys` (repeats in order); without keys by position."""
    result = Result(case, rows=len(expected))
    if len(actual) != len(expected):
        result.failures.append(f"{case.name}: {len(actual)} rows, expected {len(expected)}")
    queues = defaultdict(list)
    for row in actual:
        queues[_key(row, keys)].append(row)
    for position, row in enumerate(expected):
        queue = queues[_key(row, keys)]
        if not queue:
            result.failures.append(f"{case.name} row {position + 1}: no such row came back")
            continue
        _compare_row(result, position, queue.pop(0), row, keys, tolerances or {})
    return result


def _key(row: dict, keys: list[str]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in keys)


def _compare_row(
    result: Result, position: int, actual: dict, expected: Row, keys: list[str], tolerances
) -> None:
    for column, cell in expected.items():
        if column in keys or (column in LABELS and column not in actual):
            continue
        if column not in actual:
            result.failures.append(f"{result.case.name}: column {column} is missing")
            continue
        error = difference(actual[column], cell, tolerances.get(column, Tolerance()))
        if error is None:
            result.failures.append(
                f"{result.case.name} row {position + 1} {column}: {actual[column]!r}, expected {cell}"
            )
        else:
            result.worst = max(result.worst, error)


def difference(actual: object, cell: str | None, tolerance: Tolerance) -> float | None:
    """Relative difference (0 for equal text or near zero), or None where the two are not the same."""
    if cell in (None, "NaN", "Inf", "-Inf") or actual is None:  # METHODS 14: no infinity is ever published
        return 0.0 if _missing(actual) and cell in (None, "NaN", "Inf", "-Inf") else None
    if str(actual).lower() == cell.lower():
        return 0.0
    try:
        return _numeric(float(actual), float(cell), tolerance)
    except (TypeError, ValueError):
        return None


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _numeric(actual: float, wanted: float, tolerance: Tolerance) -> float | None:
    gap = abs(actual - wanted)
    if abs(wanted) <= tolerance.absolute:
        return 0.0 if gap <= tolerance.absolute else None
    return gap / abs(wanted) if gap <= tolerance.relative * abs(wanted) else None
