"""Scales, ticks and paths of charts drawn as SVG.

Coordinates have one decimal, so that equal figures give equal bytes everywhere.

Why no charting library: Vega-Altair with vl-convert was measured at 0.13 s and 32 kB a chart (84 MB to
install); the report has some six hundred, which take a second here, follow the page's style sheet in print
and greyscale, and carry no number but those given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

Scale = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Maps low..high to start..end; one value alone lies in the middle."""
    if high == low:
        return lambda _: (start + end) / 2
    return lambda v: start + (v - low) / (high - low) * (end - start)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers that enclose low..high, steps of 1, 2 or 5 times a power of ten."""
    span = (high - low) or abs(high) or 1.0
    raw = span / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    last = max(last, first + 1)
    return [round(n * step, 10) for n in range(first, last + 1)]


def polyline(kind: str, points: Iterable[tuple[float, float]]) -> str:
    """A line through points, with a class."""
    return f'<polyline class="{kind}" points="{coordinates(points)}"/>'


def polygon(kind: str, upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]]) -> str:
    """The area between two lines."""
    return f'<polygon class="{kind}" points="{coordinates([*upper, *reversed(lower)])}"/>'


def coordinates(points: Iterable[tuple[float, float]]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line, with a class."""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def mark(kind: str, x: float, y: float, title: str = "") -> str:
    """A point: circle, diamond for concern, triangle for neutral, so that colour is not all that tells."""
    told = f"<title>{title}</title>" if title else ""
    if kind == "concern":
        return f'<path class="{kind}" d="M{x:.1f} {y - 5.5:.1f}l5.5 5.5-5.5 5.5-5.5-5.5z">{told}</path>'
    if kind == "neutral":
        return f'<path class="{kind}" d="M{x:.1f} {y - 5:.1f}l5 9h-10z">{told}</path>'
    radius = 4 if kind == "improvement" else 2.6
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}">{told}</circle>'
