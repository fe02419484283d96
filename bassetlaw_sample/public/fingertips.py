"""Fingertips exports (ohid_fingertips): one a year, with every indicator the warehouse compares itself by.

Until 2018 in the form with 26 columns, from then on with 27. England also by deprivation deciles, without
values, as genuine exports have them; a figure the publisher hid is empty and its note says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.public import official
from bassetlaw_sample.public.official import NOTE, Figure, Row
from bassetlaw_sample.world import World
from bassetlaw_sample.write import headers

EXTRACT = "ohid_fingertips"
HIDDEN = "Synthetic figure: value suppressed for disclosure control due to small count"
_NEWER_FORM_FROM = 2019
_COMPARED = ("Recent Trend", "Compared to England value or percentiles")
_REGION = "Compared to Region value or percentiles"
_TYPES = {"E92": "England", "E12": "Region", "E10": "County", "E07": "District & UA"}
_PARENTS = {
    "E12": ("E92000001", "England"),
    "E10": ("E12000004", "East Midlands region"),
    "E07": ("E10000024", "Nottinghamshire"),
}
_DECILES = ("Most deprived decile (IMD2015)", "Least deprived decile (IMD2015)")
_LENGTHS = {"pooled_3y": 3, "pooled_5y": 5}
# Rushcliffe had few suicides in the three years to 2016.
_SMALL = ("41001", "E07000176", 2016)


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One export a year."""
    for year in official.years(world):
        file = official.delivery(EXTRACT, f"fingertips_{year}.csv", year, list(_rows(world, year)))
        yield replace(file, render=_newer if year >= _NEWER_FORM_FROM else _older)


def _rows(world: World, year: int) -> Iterator[Row]:
    names = official.area_names(world)
    for number, model in world.calibration["official"]["fingertips"].items():
        for sex, values in (model.get("sexes") or {"Persons": model["values"]}).items():
            one = _series(number, model, sex, year)
            for figure in official.figures(world, {**model, "values": values}, year):
                hidden = (number, figure.area, year) == _SMALL
                yield one | _area(figure.area, names) | (_hidden() if hidden else _value(figure))
            if number == "22401":
                yield from (one | _area("E92000001", names) | _decile(decile) for decile in _DECILES)


def _series(number: str, model: Mapping[str, Any], sex: str, year: int) -> Row:
    length = _LENGTHS.get(model["period"], 1)
    return {
        "indicator_id": number,
        "indicator_name": model["name"],
        "sex": sex,
        "age": model["age"],
        "time_period": _label(model["period"], year),
        "time_period_sortable": f"{year - length + 1 - (model['period'] == 'survey')}0000",
        "time_period_range": f"{length}y",
        "category_type": None,
        "category": None,
        "count": None,
        "denominator": None,
        "ci998_lower": None,
        "ci998_upper": None,
        "compared_to_goal": None,
    }


def _label(period: str, year: int) -> str:
    if period == "calendar":
        return f"{year}"
    if period in _LENGTHS:
        return f"{year - _LENGTHS[period] + 1} - {year % 100:02d}"
    first = year - (period == "survey")  # a survey year ends in November of the year it is published for
    return f"{first}/{(first + 1) % 100:02d}"


def _area(code: str, names: Mapping[str, str]) -> Row:
    parent = _PARENTS.get(code[:3], (None, None))
    return {
        "parent_code": parent[0],
        "parent_name": parent[1],
        "area_code": code,
        "area_name": names[code],
        "area_type": _TYPES[code[:3]],
    }


def _value(figure: Figure) -> Row:
    limits = {"ci95_lower": figure.lower, "ci95_upper": figure.upper}
    return {
        "value": official.rounded(figure.value, 6),
        **{name: official.rounded(limit, 6) for name, limit in limits.items()},
        "value_note": NOTE,
    }


def _hidden() -> Row:
    return {"value": None, "ci95_lower": None, "ci95_upper": None, "value_note": HIDDEN}


def _decile(name: str) -> Row:
    kind = "County & UA deprivation deciles in England (IMD2015)"
    return _hidden() | {"category_type": kind, "category": name, "value_note": NOTE}


def _older(file: Delivery) -> bytes:
    return _render(file, (*_COMPARED, _REGION), ())


def _newer(file: Delivery) -> bytes:
    return _render(file, (*_COMPARED, "Compared to percentiles"), ("time_period_range",))


def _render(file: Delivery, compared: tuple[str, ...], last: tuple[str, ...]) -> bytes:
    """The columns of the site in its order, those that only compare left at Not compared."""
    names = headers(EXTRACT, EXTRACT)
    own = [n for n in names if n not in ("time_period_sortable", "compared_to_goal", "time_period_range")]
    header = [names[n] for n in own] + [*compared, names["time_period_sortable"], "New data"]
    header += [names[n] for n in ("compared_to_goal", *last)]
    rows = file.tables[EXTRACT].to_pylist()
    filled = ({names[n]: v for n, v in row.items()} | dict.fromkeys(compared, "Not compared") for row in rows)
    return official.text(header, filled, file.footer)
