"""Charts over time: a control chart, a series with its intervals, and a sparkline.

A point stands at the end of its period. A hidden figure is a hatched stripe, never a gap; no data is a grey
tick below the axis, and the line breaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from bassetlaw_pipeline.report import drawing
from bassetlaw_pipeline.report.drawing import Scale
from bassetlaw_pipeline.report.words import HIDDEN, month_text, number_text

Row = dict[str, Any]
WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 26, 262
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Series:
    """What a chart over time shows.

    Each point has period_end, label, value (None without a figure), value_status and value_text; with limits
    also mean, lower_limit, upper_limit, usual_since and variation; with intervals ci95_lower, ci95_upper.
    `events` have title, starts_on and ends_on. `beside` is another area: its name and points.
    """

    finding: str
    unit: str
    points: Sequence[Row]
    target: float | None = None
    events: Sequence[Row] = ()
    beside: tuple[str, Sequence[Row]] | None = None
    _shown: list[Row] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_shown", [p for p in self.points if p["value"] is not None])

    @property
    def is_drawn(self) -> bool:
        """Fewer than two figures are no chart."""
        return len(self._shown) > 1

    @property
    def others(self) -> list[Row]:
        """Figures of the area beside, of the same time."""
        first = self.points[0]["period_end"]
        points = self.beside[1] if self.beside else ()
        return [p for p in points if p["value"] is not None and p["period_end"] >= first]

    @property
    def in_sight(self) -> list[Row]:
        """Events within the time shown, in the order of time."""
        first, last = self.points[0]["period_end"], self.points[-1]["period_end"]
        return [e for e in self.events if first < e["starts_on"] <= last]


def time_chart(series: Series) -> Markup:
    """The chart as SVG; empty for fewer than two figures."""
    if not series.is_drawn:
        return Markup("")
    points = series.points
    x = _across(points)
    marks = drawing.ticks(*_range(series))
    y = drawing.linear(marks[0], marks[-1], BOTTOM, TOP)
    parts = [
        *_axes(points, marks, x, y, series.unit),
        *_bands(series, x, y),
        *(_missing(p, x) for p in points if p["value"] is None),
        *_events(series, x),
        *_target(series, y),
        *_beside(series, x, y),
        *(drawing.polyline("series", ((_x(p, x), y(p["value"])) for p in run)) for run in _runs(points)),
        *(_point(p, x, y) for p in points if p["value"] is not None),
        *_names(series, x, y),
    ]
    return Markup(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(series.finding)}">'
        f"{''.join(parts)}</svg>"
    )


def sparkline(points: Sequence[Row], title: str) -> Markup:
    """The figures of a series without axes; empty for fewer than two."""
    shown = [p for p in points if p["value"] is not None]
    if len(shown) < 2:
        return Markup("")
    values = [p["value"] for p in shown]
    x = drawing.linear(_day(points[0]), _day(points[-1]), 4, 126)
    y = drawing.linear(min(values), max(values), 26, 6)
    runs = "".join(
        drawing.polyline("series", ((x(_day(p)), y(p["value"])) for p in run)) for run in _runs(points)
    )
    last = drawing.mark("last", x(_day(shown[-1])), y(values[-1]))
    first, end = (f"{p['label']}: {p['value_text']}" for p in (shown[0], shown[-1]))
    label = escape(f"{title}. {first}; {end}.")
    return Markup(
        f'<svg class="spark" viewBox="0 0 130 32" role="img" aria-label="{label}">{runs}{last}</svg>'
    )


def _day(point: Row) -> float:
    return float(point["period_end"].toordinal())


def _x(point: Row, x: Scale) -> float:
    return x(_day(point))


def _across(points: Sequence[Row]) -> Scale:
    return drawing.linear(_day(points[0]), _day(points[-1]), LEFT + 8, WIDTH - RIGHT - 8)


def _range(series: Series) -> tuple[float, float]:
    names = ("value", "lower_limit", "upper_limit", "ci95_lower", "ci95_upper")
    values = [p[n] for p in series.points for n in names if p.get(n) is not None]
    values += [p["value"] for p in series.others]
    values += [series.target] if series.target is not None else []
    return min(values), max(values)


def _runs(points: Sequence[Row]) -> Iterator[list[Row]]:
    """Figures that follow each other without one missing."""
    for there, run in groupby(points, lambda p: p["value"] is not None):
        if there:
            yield list(run)


def _axes(points: Sequence[Row], marks: Sequence[float], x: Scale, y: Scale, unit: str) -> Iterator[str]:
    for value in marks:
        yield drawing.line("grid", LEFT, y(value), WIDTH - RIGHT, y(value))
        yield _text("end", LEFT - 8, y(value) + 4.5, _tick(value, marks, unit))
    yield drawing.line("axis", LEFT, BOTTOM, WIDTH - RIGHT, BOTTOM)
    first, last = points[0]["period_end"], points[-1]["period_end"]
    years = [year for year in range(first.year, last.year + 2) if first <= date(year, 1, 1) <= last]
    if len(years) < 2:
        yield _text("start", LEFT, BOTTOM + 24, points[0]["label"])
        yield _text("end", WIDTH - RIGHT, BOTTOM + 24, points[-1]["label"])
        return
    for year in years[:: 1 + len(years) // 12]:
        at = x(date(year, 1, 1).toordinal())
        yield drawing.line("axis", at, BOTTOM, at, BOTTOM + 6)
        yield _text("middle", at, BOTTOM + 24, f"Jan {year}")


def _tick(value: float, marks: Sequence[float], unit: str) -> str:
    """A round number of the axis, with the decimals of its step."""
    step = marks[1] - marks[0]
    if unit == "GBP":
        return number_text(value, unit)
    decimals = 0 if step >= 1 else 1 if step >= 0.1 else 2
    sign = "£" if unit.startswith("GBP") else ""
    return f"{sign}{value + 0.0:,.{decimals}f}{'%' if unit.startswith('%') else ''}".replace("-0%", "0%")


def _text(anchor: str, x: float, y: float, text: str, kind: str = "label") -> str:
    return f'<text class="{kind}" text-anchor="{anchor}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _missing(point: Row, x: Scale) -> str:
    """A hidden figure fills its place; one that is not there has a tick under the axis."""
    at = _x(point, x)
    title = f"<title>{escape(point['label'])}: {escape(point['told'])}</title>"
    if point["value_status"] in HIDDEN:
        edges = "".join(drawing.line("hidden", at + d, TOP, at + d, BOTTOM) for d in (-2, 0, 2))
        return f"<g>{title}{edges}</g>"
    return f"<g>{title}{drawing.line('nothing', at, BOTTOM + 1, at, BOTTOM + 8)}</g>"


def _events(series: Series, x: Scale) -> Iterator[str]:
    last = series.points[-1]["period_end"]
    for letter, event in zip(LETTERS, series.in_sight, strict=False):
        start = x(event["starts_on"].toordinal())
        end = x(min(event["ends_on"] or last, last).toordinal())
        title = f"<title>{escape(event['title'])} ({month_text(event['starts_on'])})</title>"
        wide = f'x="{start:.1f}" width="{max(end - start, 0):.1f}"'
        shade = f'<rect class="event" {wide} y="{TOP}" height="{BOTTOM - TOP}"/>'
        edge = drawing.line("event", start, TOP, start, BOTTOM)
        yield f"<g>{title}{shade}{edge}{_text('middle', start, TOP - 8, letter)}</g>"


def _bands(series: Series, x: Scale, y: Scale) -> Iterator[str]:
    """The usual range of each level and its middle, or the interval of each figure."""
    limits = [p for p in series.points if p.get("lower_limit") is not None]
    for _, group in groupby(limits, lambda p: p["usual_since"]):
        level = list(group)
        upper, lower = ([(_x(p, x), y(p[n])) for p in level] for n in ("upper_limit", "lower_limit"))
        yield drawing.polygon("limits", upper, lower)
        yield drawing.polyline("mean", ((_x(p, x), y(p["mean"])) for p in level))
    if limits:
        return
    for p in series.points:
        if p["value"] is not None and p.get("ci95_lower") is not None:
            yield drawing.line("interval", _x(p, x), y(p["ci95_lower"]), _x(p, x), y(p["ci95_upper"]))


def _target(series: Series, y: Scale) -> Iterator[str]:
    if series.target is not None:
        yield drawing.line("target", LEFT, y(series.target), WIDTH - RIGHT, y(series.target))


def _beside(series: Series, x: Scale, y: Scale) -> Iterator[str]:
    others = series.others
    if series.beside and len(others) > 1:
        yield drawing.polyline("beside", ((_x(p, x), y(p["value"])) for p in others))


def _names(series: Series, x: Scale, y: Scale) -> Iterator[str]:
    """What the lines of target and comparator are, above everything else."""
    if series.target is not None:
        words = f"Target {number_text(series.target, series.unit, exact=True)}"
        yield _text("start", LEFT + 4, y(series.target) - 6, words, "target-label")
    others = series.others
    if series.beside and len(others) > 1:
        end = others[-1]
        yield _text("end", _x(end, x) - 4, y(end["value"]) - 7, series.beside[0], "beside-label")


def _point(point: Row, x: Scale, y: Scale) -> str:
    kind = point.get("variation") or "point"
    if kind == "common_cause":
        kind = "point"
    if point.get("provisional") or point.get("is_complete") is False:
        kind = "early" if kind == "point" else kind
    return drawing.mark(
        kind, _x(point, x), y(point["value"]), escape(f"{point['label']}: {point['value_text']}")
    )
