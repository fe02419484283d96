"""A control chart as inline SVG, small enough for a card and readable without colour.

Belongs here: drawing points that are already published. Does not belong here: limits, rules or what
happened; they come from fct_indicator_spc and dim_annotation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

WIDTH, HEIGHT, EDGE = 280, 80, 5
Row = dict[str, Any]
Scale = Callable[[float], float]


def control_chart(points: Sequence[Row], title: str, happened: Sequence[Row] = ()) -> Markup:
    """SVG of the points in order of time; nothing for fewer than two.

    Each point has period_start, value, mean, lower_limit, upper_limit, usual_since, variation and target.
    The band and its middle follow season or line, and break where a new level begins. Each thing that
    `happened` has title, starts_on and ends_on: a line at its first day, shaded as far as it lasts.
    """
    if len(points) < 2:
        return Markup("")
    x, y = _across(points), _up(points)
    target = points[-1]["target"]
    shown = [event for event in happened if _is_in_sight(event, points)]
    parts = [
        *(_level(list(group), x, y) for _, group in groupby(points, lambda p: p["usual_since"])),
        *(_event(event, points, x) for event in shown),
        f'<line class="target" x1="0" x2="{WIDTH}" y1="{y(target):.1f}" y2="{y(target):.1f}"/>'
        if target is not None
        else "",
        _path("series", points, "value", x, y),
        *(_mark(x(_day(p)), y(p["value"]), p["variation"]) for p in points),
    ]
    told = "".join(f"; {event['title']} ({event['starts_on']:%B %Y})" for event in shown)
    label = escape(f"Control chart: {title}, {len(points)} points{told}")
    return Markup(
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(parts)}</svg>"
    )


def _day(point: Row) -> float:
    return float(point["period_start"].toordinal())


def _across(points: Sequence[Row]) -> Scale:
    first, last = _day(points[0]), _day(points[-1])
    return lambda day: EDGE + (day - first) / (last - first) * (WIDTH - 2 * EDGE)


def _up(points: Sequence[Row]) -> Scale:
    names = ("value", "lower_limit", "upper_limit", "target")
    values = [p[n] for p in points for n in names if p[n] is not None]
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    return lambda v: HEIGHT - EDGE - (v - low) / span * (HEIGHT - 2 * EDGE)


def _level(points: Sequence[Row], x: Scale, y: Scale) -> str:
    """The band of one level, and its middle."""
    upper = [(x(_day(p)), y(p["upper_limit"])) for p in points]
    lower = [(x(_day(p)), y(p["lower_limit"])) for p in reversed(points)]
    return f'<polygon class="limits" points="{_text(upper + lower)}"/>{_path("mean", points, "mean", x, y)}'


def _path(kind: str, points: Sequence[Row], name: str, x: Scale, y: Scale) -> str:
    return f'<polyline class="{kind}" points="{_text([(x(_day(p)), y(p[name])) for p in points])}"/>'


def _text(coordinates: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in coordinates)


def _is_in_sight(event: Row, points: Sequence[Row]) -> bool:
    return bool(points[0]["period_start"] < event["starts_on"] <= points[-1]["period_start"])


def _event(event: Row, points: Sequence[Row], x: Scale) -> str:
    start = x(event["starts_on"].toordinal())
    last = points[-1]["period_start"]
    end = x(min(event["ends_on"] or last, last).toordinal())
    title = f"<title>{escape(event['title'])}</title>"
    shade = f'<rect class="event" x="{start:.1f}" width="{max(end - start, 0):.1f}" y="0" height="{HEIGHT}"/>'
    line = f'<line class="event" x1="{start:.1f}" x2="{start:.1f}" y1="0" y2="{HEIGHT}"/>'
    return f"<g>{title}{shade}{line}</g>"


def _mark(x: float, y: float, variation: str) -> str:
    marked = ("improvement", "concern", "neutral")
    return f'<circle class="{variation}" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>' if variation in marked else ""
