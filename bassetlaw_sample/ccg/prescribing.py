"""Prescribing by practice and presentation (ccg_prescribing): monthly files like NHSBSA's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age, nearest_year
from bassetlaw_sample.ccg.practices import practice_names
from bassetlaw_sample.ccg.prescribing_files import epd_file
from bassetlaw_sample.ccg.presentations import Presentation, presentations
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import Month, age_at, day, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import lists_on
from bassetlaw_sample.world import World, apportion

EXTRACT = "ccg_prescribing"
UNIDENTIFIED = "-"
_REFUND = 0.93  # actual cost as a share of the net ingredient cost, about


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a month, eight weeks later; now and then it lacks a practice and is sent again, complete."""
    every = world.calibration["prescribing"]["revised_every"]
    for index, month in enumerate(world.months):
        rows = items(world, month)
        revised = index % every == every - 2
        yield _file(month, _without_a_practice(world, index, rows) if revised else rows)
        if revised:
            yield _file(month, rows, "_REVISED")


def _without_a_practice(world: World, index: int, rows: pa.Table) -> pa.Table:
    missing = world.places.practices[index % len(world.places.practices)]
    return rows.filter(pa.array([code != missing for code in rows["practice_code"].to_pylist()]))


def _file(month: Month, rows: pa.Table, edition: str = "") -> Delivery:
    received = working_day(month.plus(1), 20)
    return Delivery(
        partner="ccg",
        extract=EXTRACT,
        name=f"EPD_{month.stamp}_02Q{edition}.csv",
        received=received + timedelta(days=9) if edition else received,
        tables={EXTRACT: rows},
        render=epd_file(),
        control_totals=_control_totals,
    )


def _control_totals(rows: pa.Table) -> dict[str, str]:
    """Sums by which the receiver can check the file."""
    items, cost = (rows[c].to_pylist() for c in ("items", "actual_cost"))
    return {"ITEMS": str(sum(map(int, items))), "ACTUAL_COST": str(sum(map(Decimal, cost)))}


def month_cost(world: World, month: Month) -> float:
    """Pounds that practices' prescribing cost in a month: its share of the financial year's, to the penny."""
    model = world.calibration["prescribing"]
    year = nearest_year(model["actual_cost"], month.financial_year) * world.scale
    shape = np.array(model["month_shape"])
    return apportion(round(year * 100), shape)[month.month - 1] / 100


def practice_needs(world: World, month: Month) -> np.ndarray:
    """What each practice's list weighs in prescribing, by age of the people on it."""
    model, start = world.calibration["prescribing"], day(month.first)
    people = world.people.iloc[lists_on(world.people, start)]
    weight = by_age(model["by_age"], age_at(people["born"].to_numpy(), start))
    habits = world.rng(EXTRACT, "practices").normal(1, model["practice_spread"], len(world.places.practices))
    return np.bincount(people["practice"], weight, minlength=len(habits)) * habits


def items(world: World, month: Month) -> pa.Table:
    """Rows of a month, as text in contract field names."""
    rng, model = world.rng(EXTRACT, month.stamp), world.calibration["prescribing"]
    catalogue = list(presentations())
    frequency = np.array([p.frequency for p in catalogue])
    needs = practice_needs(world, month)
    shares = np.append(needs / needs.sum(), model["unidentified"])
    wanted = np.outer(shares, frequency / frequency.sum()) * model["items"] * world.scale
    count = rng.poisson(wanted)
    practice, item = np.nonzero(count)
    number = count[practice, item]
    price = np.array([p.quantity * p.unit_price for p in catalogue])[item] * number
    cost = _costs(rng, world, month, practice, price)
    return _table(world, month, catalogue, practice, item, number, cost)


def _costs(
    rng: np.random.Generator, world: World, month: Month, practice: np.ndarray, price: np.ndarray
) -> np.ndarray:
    """Cost of each row in 1/100,000 of a pound; rows of identified practices add up to the month's cost."""
    varied = price * rng.uniform(0.97, 1.03, len(price))
    known = practice < len(world.places.practices)
    total = month_cost(world, month)
    cost = np.rint(varied * total / varied[known].sum() * 100_000).astype(np.int64)
    largest = np.flatnonzero(known)[np.argmax(cost[known])]
    cost[largest] += round(total * 100_000) - int(cost[known].sum())
    return cost


def _table(
    world: World,
    month: Month,
    catalogue: list[Presentation],
    practice: np.ndarray,
    item: np.ndarray,
    number: np.ndarray,
    cost: np.ndarray,
) -> pa.Table:
    known = practice < len(world.places.practices)
    quantity = np.array([p.quantity for p in catalogue])[item]
    pick = {
        field: [getattr(p, field) for p in catalogue] for field in ("substance_code", "code", "description")
    }
    daily = np.array([p.quantity >= 14 for p in catalogue])[item]
    return pa.table(
        {
            "year_month": text.constant(_stamp(world, month), len(item)),
            "pco_code": text.constant("02Q00", len(item)),
            "practice_name": text.pick([*_names(world), "UNIDENTIFIED DOCTORS"], practice),
            "practice_code": text.pick([*world.places.practices, UNIDENTIFIED], practice),
            "bnf_chemical_substance": text.pick(pick["substance_code"], item),
            "bnf_code": text.pick(pick["code"], item),
            "bnf_description": text.pick(pick["description"], item),
            "quantity": text.numbers(quantity),
            "items": text.numbers(number),
            "total_quantity": text.numbers(quantity * number),
            "adq_usage": text.decimals(quantity * number * daily, 5),
            "net_ingredient_cost": text.decimals(cost / _REFUND / 100_000, 2),
            "actual_cost": pa.array(
                [f"{c // 100_000}.{c % 100_000:05d}" for c in cost.tolist()], pa.string()
            ),
            "unidentified": text.pick(["Y", "N"], known.astype(int)),
        }
    )


def _names(world: World) -> list[str]:
    names = practice_names()
    return [names[code].upper() for code in world.places.practices]


def _stamp(world: World, month: Month) -> str:
    """YYYY_MM in old files, YYYYMM later."""
    old = month <= Month(*world.calibration["prescribing"]["old_stamp_until"])
    return f"{month.year}_{month.month:02d}" if old else month.stamp
