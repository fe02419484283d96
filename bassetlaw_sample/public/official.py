"""What the invented official statistics have in common: areas, yearly figures, limits, and their files.

Every figure is marked as synthetic in the publication's own column of notes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.habits import Habit, noted
from bassetlaw_sample.months import at_hour
from bassetlaw_sample.places import SEEDS
from bassetlaw_sample.world import World
from bassetlaw_sample.write import conform

NOTE = "Synthetic figure"
Row = dict[str, str | None]


@dataclass(frozen=True)
class Figure:
    """A value of one area and year, with its 95 % limits."""

    area: str
    value: float
    lower: float
    upper: float


def years(world: World) -> list[int]:
    """The years of every publication, to what is out a year after the sample's last month."""
    first, last = world.calibration["official"]["years"]
    known = datetime.combine(world.last.plus(12).last, time.max, tzinfo=UTC)
    return [year for year in range(first, last + 1) if released(year) <= known]


def released(year: int) -> datetime:
    """Publications of a year come out at the end of November of the next."""
    return at_hour(date(year + 1, 11, 30))


def figures(world: World, model: Mapping[str, Any], year: int) -> Iterator[Figure]:
    """The value of every area in a year: those stated, and other districts by their ratio to the county."""
    common = world.calibration["official"]
    step = model["yearly"] * (year - model.get("base_year", common["base_year"]))
    stated = {area: value + step for area, value in model["values"].items()}
    county = stated.get("E10000024")
    near = model.get("near", 1.0)
    others = {a: county * (1 + near * (r - 1)) for a, r in common["ratios"].items()} if county else {}
    for area, value in (stated | others).items():
        half = value * model["spread"] * common["precision"].get(area, 1.0)
        yield Figure(area, value, value - half, value + half)


def area_names(world: World) -> dict[str, str]:
    """Names by code, of the areas of publications."""
    seed = pd.read_csv(SEEDS / "geography" / "area.csv").set_index("area_code")["area_name"]
    return seed.to_dict() | world.calibration["official"]["areas"]


def table(rows: Sequence[Row]) -> pa.Table:
    """Rows of text as a table, an absent cell as NULL."""
    return pa.table({name: pa.array([row[name] for row in rows], pa.string()) for name in rows[0]})


def rounded(value: float, places: int = 1) -> str:
    """As publishers write figures."""
    return f"{np.round(value, places):.{places}f}"


def delivery(extract: str, name: str, year: int, rows: Sequence[Row]) -> Delivery:
    """A file of one publication with the headers of its contract."""
    return Delivery(
        partner="public",
        extract=extract,
        name=name,
        received=released(year),
        tables={extract: table(rows)},
        render=_render,
    )


def _render(file: Delivery) -> bytes:
    ((name, rows),) = file.tables.items()
    rows = conform(file.extract, name, rows)
    return text(rows.column_names, rows.to_pylist(), file.footer)


def text(header: Sequence[str], rows: Iterable[Mapping[str, Any]], footer: Sequence[str] = ()) -> bytes:
    """Delimited text, quoted where needed, with lines under the rows."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(name) for name in header] for row in rows)
    return (target.getvalue() + "".join(f"{line}\n" for line in footer)).encode()


def other_header(names: Mapping[str, str]) -> Habit:
    """D21: some columns stand under another name that the contract knows."""

    def habit(rng: np.random.Generator, file: Delivery) -> Delivery:
        return replace(file, render=_renaming(file.render, names), habits=noted(file, "D21", len(names)))

    return habit


def _renaming(render: Callable[[Delivery], bytes], names: Mapping[str, str]) -> Callable[[Delivery], bytes]:
    def renamed(file: Delivery) -> bytes:
        header, rest = render(file).decode().split("\n", 1)
        return (",".join(names.get(h, h) for h in header.split(",")) + "\n" + rest).encode()

    return renamed
