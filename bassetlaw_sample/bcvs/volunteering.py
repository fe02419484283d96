"""Volunteering, befriending and community transport (bcvs_volunteering_transport): quarterly workbooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, day, quarters, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.workbooks import plain_workbook
from bassetlaw_sample.world import World, draw

EXTRACT = "bcvs_volunteering_transport"
ISO = "%Y-%m-%d"
SHEETS = {"volunteers": "Volunteers", "befriending": "Befriending", "trips": "Trips"}
TITLES = ("Bassetlaw Community and Voluntary Service", "Volunteering, befriending and community transport")
_FEWEST_VOLUNTEERS, _FEWEST_TRIPS = 24, 24
_AGE_WEIGHT = [[0, 0], [16, 0.5], [35, 0.7], [55, 1.5], [65, 2.4], [80, 0.6]]
_BANDS = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
# K trips from each place: few buses count for more than many people.
_VILLAGES = {
    "Worksop": 14, "Retford": 12, "Harworth": 9, "Misterton": 7, "Tuxford": 8, "Carlton-in-Lindrick": 6,
    "Langold": 5, "Sturton-le-Steeple": 4, "North Leverton": 4, "Everton": 4, "Gringley-on-the-Hill": 4,
    "Rampton": 3, "Dunham-on-Trent": 3, "East Markham": 3, "Ranskill": 3, "Beckingham": 3, "Blyth": 3,
    "Elkesley": 2, "Cuckney": 2, "Walkeringham": 2,
}  # fmt: skip
# Where a trip with each purpose goes, and how often.
_PLACES = {
    "GP": {"GP surgery": 0.7, "Retford PCC": 0.3},
    "hospital": {"Bassetlaw Hospital": 0.85, "Retford PCC": 0.15},
    "social": {"day centre": 0.6, "other": 0.4},
    "shopping": {"shops": 1.0},
}


@dataclass(frozen=True)
class Volunteers:
    """Everybody who volunteers at some time, by position: who (in people), role, and loneliness, before and
    after, of the person a befriender visits."""

    who: np.ndarray
    role: np.ndarray
    ucla_start: np.ndarray
    ucla_end: np.ndarray
    finished: np.ndarray


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One workbook a quarter with three sheets."""
    volunteers = draw_volunteers(world)
    for quarter in quarters(world.months):
        months = [quarter.plus(i) for i in range(3)]
        active = pd.concat([_active(world, volunteers, m) for m in months], ignore_index=True)
        year = quarter.financial_year
        yield Delivery(
            partner="bcvs",
            extract=EXTRACT,
            name=f"BCVS_Vol_Transport_Q{(quarter.month + 8) // 3 % 4 + 1}_{year}-{(year + 1) % 100:02d}.xlsx",
            received=working_day(months[-1], 12, hour=17),
            tables={
                "volunteers": _volunteers_table(world, identity, volunteers, active, day(quarter.first)),
                "befriending": _befriending_table(volunteers, active),
                "trips": _trips_table(world, months),
            },
            render=volunteering_return,
            first_row=len(TITLES) + 2,
            non_data=1 + len(_VILLAGES) + 1,
        )


def volunteering_return(delivery: Delivery, other: dict[str, str] | None = None) -> bytes:
    """The workbook; `other` gives headers that this file writes in another way."""
    return plain_workbook(delivery, SHEETS, TITLES, other)


def draw_volunteers(world: World) -> Volunteers:
    """The pool that each month's volunteers come from."""
    rng, model = world.rng(EXTRACT), world.calibration["volunteering"]
    people, start = world.people, day(world.first.first)
    weight = by_age(_AGE_WEIGHT, age_at(people["born"].to_numpy(), start)) * alive_on(people, start)
    keen = np.log(np.maximum(weight * people["resident"], 1e-12)) + rng.gumbel(size=len(people))
    count = max(_FEWEST_VOLUNTEERS, world.scaled(model["pool"]))
    ucla, roles = model["ucla"], model["roles"]
    before = np.clip(np.rint(rng.normal(ucla["start"], 1.5, count)), 3, 9).astype(int)
    after = np.clip(before + np.rint(rng.normal(ucla["change"], 1.0, count)), 3, 9).astype(int)
    return Volunteers(
        who=np.argsort(-keen.to_numpy(), kind="stable")[:count],
        role=draw(rng, np.array(list(roles.values())), count),
        ucla_start=before,
        ucla_end=after,
        finished=rng.random(count) < ucla["finished"],
    )


def _active(world: World, volunteers: Volunteers, month: Month) -> pd.DataFrame:
    """Who gives hours in a month: position in the pool, month, hours in steps of a half."""
    rng, model = world.rng(EXTRACT, month.stamp), world.calibration["volunteering"]
    living = alive_on(world.people, day(month.first))[volunteers.who]
    here = living & (rng.random(len(living)) < model["volunteers"] / model["pool"])
    position = np.flatnonzero(here)
    hours = np.maximum(1, np.rint(rng.gamma(2, model["hours"], len(position)))) / 2
    return pd.DataFrame({"position": position, "month": f"{month.first:%b-%y}", "hours": hours})


def _volunteers_table(
    world: World, identity: Identity, volunteers: Volunteers, active: pd.DataFrame, when: int
) -> pa.Table:
    """Volunteers by month, and a row with the sum of their hours."""
    position = active["position"].to_numpy()
    who = volunteers.who[position]
    band = np.searchsorted([25, 35, 45, 55, 65, 75], age_at(identity.born[who], when), side="right")
    roles = list(world.calibration["volunteering"]["roles"])
    table = pa.table(
        {
            "volunteer_ref": refs(position),
            "month": pa.array(active["month"].tolist()),
            "hours": text.decimals(active["hours"].to_numpy(), 1),
            "role": text.pick(roles, volunteers.role[position]),
            "home_postcode": text.pick(identity.postcode, who),
            "age_band": text.pick(_BANDS, band),
        }
    )
    total = sum(Decimal(h) for h in table["hours"].to_pylist())
    return pa.concat_tables([table, total_row(table, "volunteer_ref", "Total", "hours", f"{total:.1f}")])


def refs(position: np.ndarray) -> pa.Array:
    """References of volunteers."""
    return pa.array([f"V{n + 1:04d}" for n in position], pa.string())


def _befriending_table(volunteers: Volunteers, active: pd.DataFrame) -> pa.Table:
    """The one person each befriender visits, by month; a second score is there from the end of the visits."""
    position = active["position"].to_numpy()
    frame = active[volunteers.role[position] == 0]
    position = frame["position"].to_numpy()
    return pa.table(
        {
            "volunteer_ref": refs(position),
            "month": pa.array(frame["month"].tolist(), pa.string()),
            "befriendee_ucla_start": text.numbers(volunteers.ucla_start[position]),
            "befriendee_ucla_end": text.numbers(volunteers.ucla_end[position], volunteers.finished[position]),
        }
    )


def _trips_table(world: World, months: list[Month]) -> pa.Table:
    """Trips by village, each village with its sub-total, and the sum of all at the end."""
    trips = pd.concat([trips_of(world, m) for m in months], ignore_index=True)
    trips["trip_id"] = [f"T{months[0].stamp}-{n:05d}" for n in range(1, len(trips) + 1)]
    parts, columns = [], ["trip_id", "trip_date", "from_village", "to_place", "purpose", "passengers"]
    for village in _VILLAGES:
        own = trips[trips["from_village"] == village].sort_values(["trip_date", "trip_id"])
        table = pa.table({c: pa.array(own[c].astype(str).tolist(), pa.string()) for c in columns})
        parts += [
            table,
            total_row(table, "trip_id", f"{village} Total", "passengers", own["passengers"].sum()),
        ]
    whole = trips["passengers"].sum()
    return pa.concat_tables([*parts, total_row(parts[0], "trip_id", "Grand Total", "passengers", whole)])


def trips_of(world: World, month: Month) -> pd.DataFrame:
    """The trips of a month: columns of the sheet but for their numbers."""
    rng, model = world.rng(EXTRACT, "trips", month.stamp), world.calibration["volunteering"]
    closed = model["lockdown"]
    indoors = Month.parse(closed["from"]) <= month <= Month.parse(closed["to"])
    wanted = model["trips"] * (closed["share"] if indoors else 1.0) * rng.uniform(0.95, 1.05)
    count = max(_FEWEST_TRIPS, world.scaled(wanted))
    working = [d for d in range(day(month.first), day(month.last) + 1) if (d + 3) % 7 < 5]
    purposes, villages = model["purposes"], np.array(list(_VILLAGES.values()))
    purpose = np.array(list(purposes))[draw(rng, np.array(list(purposes.values())), count)]
    chance = rng.random(count)
    return pd.DataFrame(
        {
            "trip_date": text.dates(rng.choice(working, count), ISO).to_pylist(),
            "from_village": np.array(list(_VILLAGES))[draw(rng, villages, count)],
            "to_place": [_place(p, c) for p, c in zip(purpose, chance, strict=True)],
            "purpose": purpose,
            "passengers": np.minimum(16, 1 + rng.geometric(0.3, count)),
        }
    )


def _place(purpose: str, chance: float) -> str:
    """Where a trip with a purpose goes, by a number from 0 to 1."""
    places = _PLACES[purpose]
    at = np.searchsorted(np.cumsum(list(places.values())), chance)
    return list(places)[min(at, len(places) - 1)]


def total_row(table: pa.Table, label: str, words: str, column: str, total: object) -> pa.Table:
    """A row that is no data: some words, and the sum of one column."""
    values = {label: words, column: str(total)}
    return pa.table({c: pa.array([values.get(c)], pa.string()) for c in table.column_names})
