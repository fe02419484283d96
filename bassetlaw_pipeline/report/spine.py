"""The spine of a place: where its figure lies among places of its kind, the worse end on the left.

The grey line goes from the lowest to the highest published figure, the dark part holds the middle half, the
upright line is the district.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bassetlaw_pipeline.report import drawing

WIDTH, HEIGHT = 200, 22


def spine(
    value: float | None, among: Sequence[float], district: float | None, direction: str, against: str
) -> Markup:
    """SVG of one indicator; empty where the place has no figure or too few places have one."""
    if value is None or len(among) < 3:
        return Markup("")
    ends = [*among, value, *([district] if district is not None else [])]
    low, high = (min(ends), max(ends)) if direction == "up" else (max(ends), min(ends))
    x = drawing.linear(low, high, 8, WIDTH - 8)
    ordered = sorted(among)
    quarter = len(ordered) // 4
    inner = x(ordered[quarter]), x(ordered[-1 - quarter])
    parts = [
        drawing.line("range", x(ordered[0]), 11, x(ordered[-1]), 11),
        drawing.line("middle", min(inner), 11, max(inner), 11),
    ]
    if district is not None:
        parts.append(drawing.line("reference", x(district), 1, x(district), HEIGHT - 1))
    parts.append(f'<circle class="bar {against}" cx="{x(value):.1f}" cy="11" r="5.5"/>')
    return Markup(
        f'<svg class="bars" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
    )
