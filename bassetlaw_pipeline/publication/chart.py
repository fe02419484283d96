"""A control chart as inline SVG, small enough for a card and readable without colour.

Belongs here: drawing points that are already published. Does not belong here: limits or rules; they
come from fct_indicator_spc.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

WIDTH, HEIGHT, EDGE = 280, 80, 5


def control_chart(points: Sequence[dict[str, Any]], title: str) -> Markup:
    """SVG of the points in order of time; nothing for fewer than two.

    Each point has value, mean, lower_limit, upper_limit, variation and target.
    """
    if len(points) < 2:
        return Markup("")
    y = _scale(points)
    x = [EDGE + i * (WIDTH - 2 * EDGE) / (len(points) - 1) for i in range(len(points))]
    last = points[-1]
    top, bottom = y(last["upper_limit"]), y(last["lower_limit"])
    parts = [
        f'<rect class="limits" x="0" width="{WIDTH}" y="{top:.1f}" height="{max(bottom - top, 0):.1f}"/>',
        _line("mean", y(last["mean"])),
        _line("target", y(last["target"])) if last["target"] is not None else "",
        _path(x, [y(p["value"]) for p in points]),
        *(_mark(px, y(p["value"]), p["variation"]) for px, p in zip(x, points, strict=True)),
    ]
    label = escape(f"Control chart: {title}, {len(points)} points")
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _scale(points: Sequence[dict[str, Any]]) -> Any:
    names = ("value", "lower_limit", "upper_limit", "target")
    values = [p[n] for p in points for n in names if p[n] is not None]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return lambda v: HEIGHT - EDGE - (v - low) / span * (HEIGHT - 2 * EDGE)


def _line(kind: str, y: float) -> str:
    return f'<line class="{kind}" x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _path(x: Sequence[float], y: Sequence[float]) -> str:
    coordinates = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
    return f'<polyline class="series" points="{coordinates}"/>'


def _mark(x: float, y: float, variation: str) -> str:
    kind = next((k for k in ("improvement", "concern") if k in (variation or "")), None)
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' if kind else ""
