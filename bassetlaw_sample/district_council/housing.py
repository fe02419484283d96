"""Homelessness cases (bdc_housing_hclic): assessments, duties and the quarterly files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from bassetlaw_sample import text
from bassetlaw_sample.calibration import by_age
from bassetlaw_sample.delivery import Delivery
from bassetlaw_sample.months import NEVER, Month, age_at, day, quarters, working_day
from bassetlaw_sample.patients import Identity
from bassetlaw_sample.population import alive_on
from bassetlaw_sample.world import World, draw
from bassetlaw_sample.write import csv_file

EXTRACT = "bdc_housing_hclic"
UK = "%d/%m/%Y"
FIRST = date(2018, 4, 1)  # the data set begins with the Homelessness Reduction Act
_FEWEST = 15  # cases a quarter in the smallest sample
_AGE_WEIGHT = [[0, 0], [18, 1.6], [25, 1.8], [35, 1.3], [45, 0.9], [60, 0.3], [75, 0]]
_DUTY = 56  # days a duty lasts at most
_NEEDS = (
    "mental health",
    "mental health;drug",
    "domestic abuse",
    "physical ill health",
    "alcohol",
    "offending",
)
_TEMPORARY = ("B&B", "hostel", "own stock", "private sector leased", "refuge")
_REFERRED = ("hospital", "prison", "probation", "social care", "jobcentre", "none")


def deliveries(world: World, identity: Identity) -> Iterator[Delivery]:
    """One file a quarter: the cases assessed in it, and those still open from before."""
    cases = draw_cases(world)
    rows = _rows(world, identity, cases)
    for quarter in [q for q in quarters(world.months) if q.first >= FIRST]:
        first, last = quarter.first, quarter.plus(2).last
        shown = np.flatnonzero((cases["assessed"] <= day(last)) & (cases["closed"] >= day(first)))
        yield Delivery(
            partner="district_council",
            extract=EXTRACT,
            name=f"BDC_HCLIC_{quarter.year}Q{(quarter.month + 2) // 3}.csv",
            received=working_day(quarter.plus(2), 25, hour=15),
            tables={EXTRACT: _as_known(rows, cases, shown, day(last))},
            render=csv_file(),
        )


def draw_cases(world: World) -> pd.DataFrame:
    """All cases in order of assessment.

    Columns: who, number, outcome (1-4), then as day numbers or NEVER: assessed, prevention_end, relief_start,
    relief_end, closed; prevented (bool), temporary (bool).
    """
    rng, model = world.rng(EXTRACT), world.calibration["housing"]
    low, high = model["cases"]
    parts = []
    for quarter in [q for q in quarters(world.months) if q.first >= FIRST]:
        count = max(_FEWEST, world.scaled(rng.integers(low, high + 1)))
        days = day(quarter.plus(3).first) - day(quarter.first)
        assessed = np.sort(day(quarter.first) + rng.integers(0, days, count))
        parts.append(pd.DataFrame({"who": _applicants(rng, world, quarter, count), "assessed": assessed}))
    if not parts:
        return pd.DataFrame(columns=["who", "assessed", "closed"], dtype=int)
    return _duties(rng, world, pd.concat(parts, ignore_index=True))


def _applicants(rng: np.random.Generator, world: World, quarter: Month, count: int) -> np.ndarray:
    """Adults of the district, more often from deprived places; nobody twice in a quarter."""
    people, start = world.people, day(quarter.first)
    quintile = world.places.lsoas["quintile"].to_numpy()[people["lsoa"]]
    weight = by_age(_AGE_WEIGHT, age_at(people["born"].to_numpy(), start)) / quintile
    weight = weight * alive_on(people, start) * people["resident"]
    keen = np.log(np.maximum(weight.to_numpy(), 1e-12)) + rng.gumbel(size=len(people))
    return rng.permutation(np.argsort(-keen, kind="stable")[:count])


def _duties(rng: np.random.Generator, world: World, cases: pd.DataFrame) -> pd.DataFrame:
    model, count = world.calibration["housing"], len(cases)
    outcome = draw(rng, np.array(list(model["outcomes"].values())), count) + 1
    assessed = cases["assessed"].to_numpy()
    prevention = outcome == 1
    prevented = prevention & (rng.random(count) < model["prevented"])
    homeless = prevention & ~prevented & (rng.random(count) < 0.5)
    prevention_end = np.where(prevention, assessed + rng.integers(10, _DUTY + 20, count), NEVER)
    relief_start = np.where(outcome == 2, assessed, np.where(homeless, prevention_end, NEVER))
    relieved = relief_start < NEVER
    relief_end = np.where(relieved, relief_start + rng.integers(14, _DUTY + 30, count), NEVER)
    ended = np.where(relieved, relief_end, np.where(prevention, prevention_end, assessed))
    return cases.assign(
        number=np.arange(1, count + 1),
        outcome=outcome,
        prevention_end=prevention_end,
        prevented=prevented,
        homeless=homeless,
        relief_start=relief_start,
        relief_end=relief_end,
        temporary=relieved & (rng.random(count) < model["temporary"]),
        closed=ended,
    )


def _rows(world: World, identity: Identity, cases: pd.DataFrame) -> pa.Table | None:
    """What a file says about each case once it is closed, as text in contract field names."""
    if cases.empty:
        return None
    rng, count = world.rng(EXTRACT, "rows"), len(cases)
    who, outcome = cases["who"].to_numpy(), cases["outcome"].to_numpy()
    prevention = outcome == 1
    left = np.where(cases["prevented"], rng.integers(0, 2, count), np.where(cases["homeless"], 2, 3))
    columns = {
        "case_ref": pa.array([f"H{n:06d}" for n in cases["number"]]),
        "dob_or_age": text.numbers(age_at(identity.born[who], cases["assessed"].to_numpy())),
        "postcode_last_settled": text.pick(identity.postcode, who),
        "assessment_date": text.dates(cases["assessed"].to_numpy(), UK),
        "assessment_outcome": text.numbers(outcome),
        "reason_loss": text.numbers(rng.choice([1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8, 12], count)),
        "accommodation_at_application": text.numbers(rng.integers(1, 15, count)),
        "employment_status": text.numbers(rng.integers(1, 10, count)),
        "support_needs": text.pick(_NEEDS, rng.integers(0, len(_NEEDS), count), rng.random(count) < 0.55),
        "prevention_start": text.dates(cases["assessed"].to_numpy(), UK, prevention),
        "prevention_end": text.dates(cases["prevention_end"].to_numpy(), UK),
        "prevention_outcome": text.pick(["1", "2", "3", "4"], left, prevention),
        "relief_start": text.dates(cases["relief_start"].to_numpy(), UK),
        "relief_end": text.dates(cases["relief_end"].to_numpy(), UK),
        "ta_type": text.pick(
            _TEMPORARY, rng.integers(0, len(_TEMPORARY), count), cases["temporary"].to_numpy()
        ),
        "hospital_discharge_flag": text.pick(_REFERRED, draw(rng, np.array([4, 3, 6, 5, 4, 78]), count)),
    }
    return pa.table(columns)


_KNOWN_FROM = {
    "prevention_end": "prevention_end",
    "prevention_outcome": "prevention_end",
    "relief_start": "relief_start",
    "relief_end": "relief_end",
    "ta_type": "relief_start",
}


def _as_known(rows: pa.Table, cases: pd.DataFrame, shown: np.ndarray, when: int) -> pa.Table:
    """The cases as they stood on a day: nothing that happened later."""
    table, frame = rows.take(pa.array(shown)), cases.iloc[shown]
    for name, begins in _KNOWN_FROM.items():
        known = (frame[begins] <= when).to_numpy()
        column = text.pick(table[name].combine_chunks(), np.arange(len(frame)), known)
        table = table.set_column(table.schema.get_field_index(name), name, column)
    return table
