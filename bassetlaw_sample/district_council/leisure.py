"""Leisure centre visits (bdc_leisure): members, casual visitors and the monthly files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "bdc_leisure"
EXCEL_EPOCH = 25_569  # serial number of 1970-01-01 in Excel's 1900 system
_ABBREVIATION = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SEX = ("M", "F")
_AGE_WEIGHT = (16, 90)


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a month, exported through Excel: serial dates, member numbers without leading zeros."""
    taste = world.rng(EXTRACT, "taste").lognormal(0, 1.1, len(world.people))
    for month in world.months:
        yield Delivery(
            partner="district_council",
            extract=EXTRACT,
            name=f"Leisure_Visits_{_ABBREVIATION[month.month - 1]}{month.year}.csv",
            received=working_day(month, 4, hour=14),
            tables={EXTRACT: visits(world, identity, month, taste)},
            render=csv_file(line_end="\r\n"),
        )


def visits(world: World, identity: Identity, month: Month, taste: np.ndarray) -> pa.Table:
    """All visits of a month in order of time, as text in contract field names."""
    rng, model = world.rng(EXTRACT, month.stamp), world.calibration["leisure"]
    level = model["month_shape"][month.month - 1] * (1 + model["growth"]) ** (
        month.year + month.month / 12 - 2018.5
    )
    members = _active(rng, world, month, taste, model["active_members"] * level)
    total = world.scaled(model["visits"] * level)
    casual = round(total * model["casual"])
    extra = draw(rng, rng.exponential(1, len(members)), max(0, total - casual - len(members)))
    who = np.concatenate([members, members[extra], np.full(casual, -1)])
    who = who[rng.permutation(len(who))]
    return _table(rng, world, identity, month, who)


def _active(
    rng: np.random.Generator, world: World, month: Month, taste: np.ndarray, residents: float
) -> np.ndarray:
    """Members with a visit in the month: the wanted number of residents, and some from elsewhere."""
    people, start = world.people, day(month.first)
    age = age_at(people["born"].to_numpy(), start)
    able = alive_on(people, start) & (age >= _AGE_WEIGHT[0]) & (age < _AGE_WEIGHT[1])
    keen = np.log(taste) - 0.02 * np.abs(age - 38) + rng.gumbel(size=len(people))
    resident = people["resident"].to_numpy()
    local, outside = able & resident, able & ~resident
    share = world.calibration["leisure"]["outside"]
    return np.concatenate(
        [
            _keenest(keen, local, world.scaled(residents)),
            _keenest(keen, outside, world.scaled(residents * share)),
        ]
    )


def _keenest(keen: np.ndarray, able: np.ndarray, count: int) -> np.ndarray:
    positions = np.flatnonzero(able)
    return positions[np.argsort(-keen[positions], kind="stable")[:count]]


def _table(
    rng: np.random.Generator, world: World, identity: Identity, month: Month, who: np.ndarray
) -> pa.Table:
    model, rows, people = world.calibration["leisure"], len(who), world.people
    quarter = np.sort(rng.integers(0, month.days, rows) * 96 + rng.integers(26, 88, rows))
    member, sites, activities = who >= 0, model["sites"], model["activities"]
    seen = np.maximum(who, 0)
    born = identity.born[seen].astype("datetime64[D]").astype("datetime64[Y]").astype(int) + 1970
    traits = people["nhs"].to_numpy()[seen] // 10
    activity = draw(rng, np.array(list(activities.values())), rows)
    referral = list(activities).index("exercise referral")
    first_id = (month.year * 12 + month.month - 24_180) * 60_000
    columns = {
        "visit_id": text.numbers(first_id + np.arange(1, rows + 1)),
        "member_ref": text.pick(_member_refs(len(people)), who),
        "site": text.pick(list(sites), draw(rng, np.array(list(sites.values())), rows)),
        "activity": text.pick(list(activities), activity),
        "visit_datetime": text.pick(_serials(month), quarter),
        "postcode": text.pick(identity.postcode, who),
        "birth_year": text.numbers(born, member),
        "sex": text.pick(_SEX, people["sex"].to_numpy()[seen] - 1, member),
        "concession": text.pick(["N", "Y"], (traits % 5 == 0).astype(int), member),
        "exercise_referral": text.pick(["N", "Y"], (activity == referral).astype(int), member),
    }
    return pa.table(columns)


@lru_cache(maxsize=1)
def _member_refs(people: int) -> pa.Array:
    """Eight-digit member numbers as Excel leaves them: without their leading zeros."""
    return pa.array([str(31_000 + i * 7) for i in range(people)])


def _serials(month: Month) -> pa.Array:
    """Excel serial numbers of every quarter of an hour of a month."""
    start = day(month.first) + EXCEL_EPOCH
    return pa.array([f"{start + q / 96:.5f}".rstrip("0").rstrip(".") for q in range(month.days * 96)])
