"""Children in out-of-work benefit households (dwp_children_oow) on 31 May of each year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.places import DISTRICT
from bassetlaw_sample.public import official
from bassetlaw_sample.public.official import NOTE, Row
from bassetlaw_sample.world import World

EXTRACT = "dwp_children_oow"
_AGES = 19  # 0 to 18


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a year, to the last that was published."""
    last = world.calibration["official"]["children_out_of_work"]["last_year"]
    for year in (y for y in official.years(world) if y <= last):
        rows = [*_local(world, year), *_large(world, year)]
        yield official.delivery(EXTRACT, f"dwp_children_oow_{year}.csv", year, rows)


def _local(world: World, year: int) -> Iterator[Row]:
    model = world.calibration["official"]["children_out_of_work"]
    lsoas = world.places.lsoas[~world.places.lsoas["outside"]]
    children = world.places.ages[:, :_AGES].sum(axis=1)
    relative = np.exp(model["by_deprivation"] * (lsoas["imd"].to_numpy() - 21.8))
    share = model["share"] + model["yearly"] * (year - 2017)
    rate = np.clip(share * relative * children.sum() / (relative * children).sum(), *model["limits"])
    counted = pd.DataFrame({
        "lsoa": lsoas["code"].to_numpy(), "ward": lsoas["ward_code"].to_numpy(),
        "name": lsoas["ward_name"].to_numpy(), "children": rate * children,
    })  # fmt: skip
    yield _row(year, DISTRICT, "Bassetlaw", counted["children"].sum())
    for (code, name), number in counted.groupby(["ward", "name"])["children"].sum().items():
        yield _row(year, code, name, number)
    for code, number in zip(counted["lsoa"], counted["children"], strict=True):
        yield _row(year, code, code, number)


def _large(world: World, year: int) -> Iterator[Row]:
    """England, region and county, with their shares."""
    model = world.calibration["official"]["children_out_of_work"]
    names = official.area_names(world)
    for code, percent in model["percent"].items():
        now = percent + 100 * model["yearly"] * (year - 2017)
        yield _row(year, code, names[code], model["children"][code] * now / 100, official.rounded(now))


def _row(year: int, code: str, name: str, children: float, percent: str | None = None) -> Row:
    return {
        "snapshot_date": f"{year}-05-31",
        "area_code": code,
        "area_name": name,
        "children": f"{int(10 * np.floor(children / 10 + 0.5))}",
        "value": percent,
        "note": NOTE,
    }
