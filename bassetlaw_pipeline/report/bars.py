"""Figures of several places beside each other: a small drawing in each row of a table.

The figure stands beside it in the same row, so the table is the chart's own data. A row without a figure has
words and no drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from bassetlaw_pipeline.report import drawing

Row = dict[str, Any]
WIDTH, HEIGHT = 220, 22
_WITHOUT_NOUGHT = ("life_expectancy", "smr", "growth")  # methods in which nought is no natural end of a scale


def with_bars(rows: Sequence[Row], method: str, reference: float | None = None) -> list[Row]:
    """The rows with `bar`, an SVG that repeats value and interval of the row, and `reference` as a line."""
    values = [
        r[n]
        for r in rows
        for n in ("value", "ci95_lower", "ci95_upper")
        if r["value"] is not None and r.get(n) is not None
    ]
    if not values:
        return [r | {"bar": Markup("")} for r in rows]
    from_zero = method not in _WITHOUT_NOUGHT and min(values) >= 0
    ends = [*values, *([0.0] if from_zero else []), *([reference] if reference is not None else [])]
    x = drawing.linear(min(ends), max(ends), 6, WIDTH - 6)
    return [r | {"bar": _bar(r, x, from_zero, reference)} for r in rows]


def _bar(row: Row, x: drawing.Scale, from_zero: bool, reference: float | None) -> Markup:
    if row["value"] is None:
        return Markup("")
    kind = row.get("against") or "not_compared"
    at, parts = x(row["value"]), []
    if from_zero:
        parts.append(f'<rect class="bar {kind}" x="6" y="4" width="{max(at - 6, 0.8):.1f}" height="14"/>')
    if row.get("ci95_lower") is not None and row.get("ci95_upper") is not None:
        parts.append(drawing.line("whisker", x(row["ci95_lower"]), 11, x(row["ci95_upper"]), 11))
    if not from_zero:
        parts.append(f'<circle class="bar {kind}" cx="{at:.1f}" cy="11" r="5"/>')
    if reference is not None:
        parts.append(drawing.line("reference", x(reference), 0, x(reference), HEIGHT))
    # The figure and its limits stand in the cells beside it.
    return Markup(
        f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
    )
